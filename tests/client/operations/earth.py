"""An Earth Engine of a few lines and a clock of its own, independent of the emulator: what is started, listed and lost.

And Airflow's side: a task instance that is tried again, dies, is cleared, and forgets.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from airflow_provider_ee.client.arguments.names import request_id as check_request_id
from airflow_provider_ee.client.errors import (
    AlreadyExists,
    EarthEngineError,
    InvalidRequest,
    NotFound,
    QueueFull,
    TimedOut,
    Transient,
)
from airflow_provider_ee.client.operations.markers import Note, Ticket
from airflow_provider_ee.client.operations.submission import NoRoom, Started, Submission, submit, submit_or_find
from airflow_provider_ee.client.rest.flows import Pause
from airflow_provider_ee.client.rest.request import Request

ATTEMPTS = 3  # of the driver, for each request
NEVER = float("inf")


@dataclass
class Work:
    """One operation."""

    name: str
    description: str
    created: float
    destination: object
    state: str = "RUNNING"

    @property
    def active(self) -> bool:
        return self.state in {"RUNNING", "CANCELLING"}


@dataclass
class Earth:
    """What Earth Engine does.

    Attributes:
        duplicate: How it answers a request id that it knows.
        list_lag: After how many seconds an operation is listed.
        get_lag: After how many seconds it can be asked for.
        full_for: How many submissions find its queue full.
        burns: Whether these use their request ids up.
        full_after: How many operations it starts before its queue is full.
        full_first: Whether it looks at the queue before it looks at the request id.
        losses: What happens to the submissions, one after the other.
    """

    duplicate: str = "already-exists"
    list_lag: float = 0.0
    get_lag: float = 0.0
    full_for: int = 0
    burns: bool = False
    full_first: bool = False
    full_after: int = 0
    losses: Iterator[str] = field(default_factory=lambda: iter(()))
    now: float = 1e9
    operations: list[Work] = field(default_factory=list)
    ids: dict[str, Work | None] = field(default_factory=dict)

    def answer(self, request: Request) -> Any:
        """Answer as the client's driver does: trouble that passes is met again a few times."""
        lost = False
        for attempt in range(ATTEMPTS):
            try:
                return self._answer(request)
            except Transient as error:
                error.after_lost_answer = lost
                lost = lost or error.may_have_started
                if attempt == ATTEMPTS - 1:
                    raise
            except EarthEngineError as error:
                error.after_lost_answer = lost
                raise
        raise AssertionError

    def _answer(self, request: Request) -> Any:
        match request.method.id:
            case "projects.operations.list":
                listed = [
                    self._json(one) for one in reversed(self.operations) if one.created + self.list_lag <= self.now
                ]
                return {"operations": listed}
            case "projects.operations.get":
                return self._json(self._of(request.path))
            case "projects.operations.cancel":
                work = self._of(request.path.removesuffix(":cancel"))
                work.state = "CANCELLED" if work.active else work.state
                return {}
        loss = next(self.losses, "none")
        if loss == "before":
            raise Transient("reset")
        if loss == "empty without work":
            return {}
        answer = self._submitted(request)
        if loss in {"after", "all"}:
            raise Transient("reset")
        return {"empty": {}, "nameless": {**answer, "name": ""}}.get(loss, answer)

    def _submitted(self, request: Request) -> dict[str, Any]:
        body = request.body or {}
        request_id = check_request_id(body["requestId"])
        if self.full_first:
            self._turn_away(request_id)
        if request_id in self.ids:
            known = self.ids[request_id]
            if self.duplicate == "same-operation" and known:
                return self._json(known)
            raise (InvalidRequest if self.duplicate == "strange words" else AlreadyExists)("It was seen before.")
        self._turn_away(request_id)
        name = f"projects/p/operations/{len(self.operations)}"
        work = Work(name, str(body.get("description")), self.now, body.get("destination"))
        self.operations.append(work)
        self.ids[request_id] = work
        return self._json(work)

    def _turn_away(self, request_id: str) -> None:
        if self.full_for and len(self.operations) >= self.full_after:
            self.full_for -= 1
            if self.burns:
                self.ids.setdefault(request_id, None)
            raise QueueFull("Too many tasks already in the queue (3000).")

    def _of(self, path: str) -> Work:
        for one in self.operations:
            if path.endswith(one.name) and one.created + self.get_lag <= self.now:
                return one
        raise NotFound("no such operation")

    def _json(self, work: Work) -> dict[str, Any]:
        error = (
            {"error": {"code": 1 if work.state == "CANCELLED" else 13}} if work.state in {"FAILED", "CANCELLED"} else {}
        )
        return {
            "name": work.name,
            "done": not work.active,
            "metadata": {
                "state": work.state,
                "description": work.description,
                "createTime": datetime.fromtimestamp(work.created, UTC).isoformat(),
            },
            **error,
        }


class Died(Exception):
    """The worker was killed."""


@dataclass
class Task:
    """A task instance of Airflow.

    Attributes:
        earth: Where it works.
        keeps_notes: Whether its Airflow does.
        deferrable: Whether it lets go of the worker while the queue is full.
        marked: Whether it marks descriptions.
        demand: How often a person has cleared it.
        run: Which of the runs of its name it belongs to.
        asks: What it asks for; its destination.
        note: What it wrote down.
        death: At which step the worker is killed, counted from the first one of the next try.
    """

    earth: Earth
    keeps_notes: bool = True
    deferrable: bool = False
    marked: bool = True
    demand: int = 0
    run: int = 0
    asks: str = "a"
    note: Any = None
    death: int | None = None
    try_number: int = 0
    tries: int = 0
    permanent: EarthEngineError | None = None
    started: Started | None = None

    @property
    def ticket(self) -> Ticket:
        identity = {"dag_id": "d", "run_id": "r", "task_id": "t", "map_index": -1}
        return Ticket.of("here", **identity, run_start=str(self.run), demand=str(self.demand))

    def attempt(self) -> str:
        """Let Airflow try it once: `started`, `failed` with an error to be retried, for good, or `died`."""
        self.try_number, self.tries, self.started = self.try_number + 1, self.tries + 1, None
        steps = itertools.count()

        def live() -> None:
            if self.death is not None and next(steps) >= self.death:
                raise Died

        def remember(note: Note) -> None:
            live()
            if self.keeps_notes:
                self.note = note.kept()
            live()

        submission = Submission(
            Request(_EXPORT, "p", {}, {"description": "d", "destination": self.asks}),
            "projects/p",
            self.ticket,
            remember,
            destination={"place": self.asks},
            try_number=self.try_number,
            tries=self.tries,
            note=Note.read(self.note),
            marked=self.marked,
            queue_interval=None if self.deferrable else 30.0,
            report=lambda _: None,
        )
        try:
            outcome = self._run(submit_or_find(submission), live)
            while isinstance(outcome, NoRoom):
                self.earth.now += 60.0
                note = Note.read(outcome.note.kept())
                assert note
                resumed = replace(submission, note=Note.read(self.note))
                outcome = self._run(submit(resumed, note), live)
        except Died:
            return "died"
        except (Transient, TimedOut, QueueFull):
            return "failed"
        except EarthEngineError as error:
            self.permanent = error
            return "failed for good"
        finally:
            self.death = None
            self.earth.now += 300.0  # Airflow's retry_delay
        self.started = outcome
        return "started"

    def _run(self, flow: Any, live: Any) -> Any:
        reply: Any = None
        for _ in range(2000):
            try:
                wanted = flow.throw(reply) if isinstance(reply, Exception) else flow.send(reply)
            except StopIteration as end:
                return end.value
            if isinstance(wanted, Pause):
                self.earth.now += wanted.seconds
                reply = None
                continue
            live()
            try:
                reply = self.earth.answer(wanted)
            except EarthEngineError as error:
                reply = error
            live()
        raise AssertionError("It never ends.")

    def clear(self) -> None:
        """Let a person clear it."""
        self.demand, self.tries, self.permanent = self.demand + 1, 0, None

    def delete_and_make_again(self) -> None:
        """Let a person delete its run and make another one of the same name: Airflow deletes the notes with it."""
        self.run, self.note, self.permanent = self.run + 1, None, None
        self.demand = self.tries = self.try_number = 0

    def own(self) -> list[Work]:
        """Return the operations that were started for what it is to do now."""
        return [one for one in self.earth.operations if Ticket.read(one.description) == self.ticket]


def _method() -> Any:
    from airflow_provider_ee.client.rest import methods

    return methods.image_export


_EXPORT = _method()
