"""All long-running operations: submitting, advancing, listing, cancelling. No HTTP."""

import logging
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, wait
from itertools import islice

from airflow_provider_ee.emulator.compute.interruption import Interrupted, interruptible
from airflow_provider_ee.emulator.envelope import ApiError, name_of_status
from airflow_provider_ee.emulator.state.clocks import Clock
from airflow_provider_ee.emulator.state.operation import Operation, Outcome, State, Submission, Work
from airflow_provider_ee.emulator.state.request_ids import RequestIds
from airflow_provider_ee.emulator.state.settings import Settings
from airflow_provider_ee.emulator.state.switches import Cancelling

__all__ = ["MAX_PAGE", "Operations"]

log = logging.getLogger(__name__)

MAX_PAGE = 500

_DAY = 86_400


class Operations:
    """The operations of all projects.

    Every method may be called from any thread.

    Args:
        settings: Gives the settings of this moment.
        clock: Seconds since 1970.
        new_id: Gives the last part of an operation's name.
        workers: Where the work is done.
    """

    def __init__(
        self, settings: Callable[[], Settings], clock: Clock, new_id: Callable[[], str], workers: Executor
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._new_id = new_id
        self._workers = workers
        self._lock = threading.RLock()
        self._all: dict[str, Operation] = {}
        self._active: dict[str, Operation] = {}
        # By project, and there by number: a list of one project does not touch the others.
        self._projects: defaultdict[str, dict[int, Operation]] = defaultdict(dict)
        self._listings: Counter[str] = Counter()
        self._ended: deque[Operation] = deque()
        self._request_ids = RequestIds()
        self._planned: deque[Outcome] = deque()
        self._made = 0
        self._closing = False

    def close(self, patience: float) -> None:
        """Interrupt the work that has begun, and wait a little for it to end."""
        self._closing = True
        with self._lock:
            begun = [operation.working for operation in self._active.values() if operation.working]
        wait(begun, timeout=patience)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            for kept in (self._all, self._active, self._projects, self._listings, self._ended, self._planned):
                kept.clear()
            self._request_ids.clear()

    def plan(self, outcome: Outcome, times: int = 1) -> None:
        """Decide how the next operations will end."""
        with self._lock:
            self._planned.extend([outcome] * times)

    def submit(self, asked: Submission) -> Operation:
        """Start an operation, or answer as a duplicate or a full queue is answered.

        Raises:
            ApiError: The requestId is taken, or the queue is full.
        """
        with self._lock:
            earlier = self.earlier(asked.user, asked.request_id, asked.fingerprint)
            if earlier is not None:
                return earlier
            self._check_queue(asked)
            operation = self._make(asked)
            self._request_ids.take(asked, operation)
            return operation

    def earlier(self, user: str, request_id: str, fingerprint: str) -> Operation | None:
        """Return the operation that answers for a repeated request; None where the request is a new one.

        Raises:
            ApiError: The requestId is taken.
        """
        with self._lock:
            self._forget_old()
            return self._request_ids.earlier(user, request_id, fingerprint, self._settings().duplicate_request_id)

    def seed(self, asked: Submission, count: int = 1) -> list[Operation]:
        """Make operations up: they take their time and succeed, and no work is done."""
        with self._lock:
            return [self._make(asked) for _ in range(count)]

    def get(self, name: str) -> Operation:
        """Look at one operation.

        Raises:
            ApiError: There is none of this name, or it cannot be seen yet.
        """
        with self._lock:
            operation = self.find(name)
            operation.gets += 1
            if self._settings().get_lag.passed(operation.gets, self._clock() - operation.created) < 1:
                raise _unknown(name)
            self._look([operation])
            return operation

    def page(self, project: str, size: int, before: int | None) -> tuple[list[Operation], int | None]:
        """Look at the operations of a project, newest first.

        Args:
            project: The id of the project.
            size: How many to give.
            before: The number from which on they are left out; None for the newest.

        Returns:
            The operations, and what `before` has to be for the next page; None after the last one.
        """
        with self._lock:
            self._forget_old()
            if before is None:
                self._listings[project] += 1
                self._look([operation for operation in self._active.values() if operation.asked.project == project])
            page = list(islice(self._visible(project, before), size + 1))
            return page[:size], page[size - 1].number if len(page) > size else None

    def cancel(self, name: str) -> None:
        """Ask an operation to end. One that has ended already stays as it is.

        Raises:
            ApiError: It has ended, and the settings say that this is refused.
        """
        with self._lock:
            operation, status = self.find(name), self._settings().cancel_finished_status
            if not operation.state.terminal:
                operation.state = State.CANCELLING
                operation.updated = self._clock()
            elif status >= 400:
                raise ApiError("FAILED_PRECONDITION", f"Operation '{name}' has ended already.", status=status)

    def delete(self, name: str) -> None:
        """Forget an operation's record, without cancelling it."""
        with self._lock:
            self._remove(self.find(name))

    def end(self, name: str, outcome: Outcome | None = None) -> None:
        """Bring an operation to its end now, with another outcome if one is given."""
        with self._lock:
            operation = self.find(name)
            operation.outcome = outcome or operation.outcome
            operation.hurried = True
            operation.granted = self._clock() if operation.granted is None else operation.granted
            self._step(operation)

    def find(self, name: str) -> Operation:
        """Return an operation without looking at it: nothing advances.

        Raises:
            ApiError: There is none of this name.
        """
        with self._lock:
            self._forget_old()
            if name not in self._all:
                raise _unknown(name)
            return self._all[name]

    def any_of(self, project: str) -> bool:
        """Return whether a project has operations."""
        with self._lock:
            return bool(self._projects.get(project))

    def everything(self) -> list[Operation]:
        """Return all operations, oldest first, without looking at them."""
        with self._lock:
            return list(self._all.values())

    def advance(self) -> None:
        """Move every operation as far as the time of this moment allows, without looking at it."""
        with self._lock:
            if not self._settings().time.looks:
                for operation in list(self._active.values()):
                    self._step(operation)

    def grant(self) -> None:
        """Give places to those that wait, as far as the settings of this moment allow."""
        with self._lock:
            for project in {operation.asked.project for operation in self._active.values()}:
                self._grant(project)

    def unfinished_work(self, operations: Iterable[Operation]) -> "list[Future[None]]":
        """Return the work that a look should wait for, so that it finds the end when the end is due.

        Where seconds count, the work takes its own.
        """
        with self._lock:
            if self._settings().time.seconds:
                return []
            return [found.working for found in operations if found.working and not found.working.done()]

    def _visible(self, project: str, before: int | None) -> Iterator[Operation]:
        """Give the operations of a project that its list shows, newest first."""
        lag, now, listings = self._settings().list_lag, self._clock(), self._listings[project]
        for number, operation in reversed(self._projects.get(project, {}).items()):
            if before is not None and number >= before:
                continue
            if lag.passed(listings - operation.listings, now - operation.created) == 1:
                yield operation

    def _forget_old(self) -> None:
        """Forget what ended too long ago."""
        days = self._settings().retention_days
        while days and self._ended and (self._ended[0].ended or 0.0) < self._clock() - days * _DAY:
            operation = self._ended.popleft()
            if operation.name in self._all:
                self._remove(operation)
            self._request_ids.forget(operation)

    def _remove(self, operation: Operation) -> None:
        del self._all[operation.name]
        del self._projects[operation.asked.project][operation.number]

    def _check_queue(self, asked: Submission) -> None:
        settings = self._settings()
        if len(self._active) < settings.max_queue:
            return  # counting them all is slow, and here it cannot matter
        waiting = sum(
            operation.state is State.PENDING and operation.asked.project == asked.project
            for operation in self._active.values()
        )
        if waiting < settings.max_queue:
            return
        if settings.queue_full_burns_request_id:
            self._request_ids.take(asked, None)
        raise ApiError(
            name_of_status(settings.queue_full_status),
            f"Too many tasks already in the queue ({settings.max_queue}). Please wait for some of them to complete.",
            status=settings.queue_full_status,
        )

    def _make(self, asked: Submission) -> Operation:
        now = self._clock()
        self._made += 1
        operation = Operation(
            name=f"projects/{asked.project}/operations/{self._new_id()}",
            number=self._made,
            asked=asked,
            created=now,
            updated=now,
            outcome=self._planned.popleft() if self._planned else Outcome(),
            listings=self._listings[asked.project],
        )
        self._projects[asked.project][operation.number] = operation
        self._all[operation.name] = self._active[operation.name] = operation
        if self._settings().max_running:
            self._grant(asked.project)
        else:
            operation.granted = now
        return operation

    def _grant(self, project: str) -> None:
        """Give the free places of a project to those that wait: the highest priority first, then the oldest."""
        active = [operation for operation in self._active.values() if operation.asked.project == project]
        waiting = [operation for operation in active if operation.granted is None]
        limit = self._settings().max_running or len(active)
        free = limit - (len(active) - len(waiting))
        for operation in sorted(waiting, key=lambda waiter: (-waiter.asked.priority, waiter.number))[: max(0, free)]:
            operation.granted = self._clock()

    def _look(self, operations: Iterable[Operation]) -> None:
        for operation in operations:
            operation.looks += operation.granted is not None
            self._step(operation)

    def _step(self, operation: Operation) -> None:
        now, settings = self._clock(), self._settings()
        if operation.state.terminal:
            return
        if operation.state is State.CANCELLING and settings.cancelling is not Cancelling.TOO_LATE:
            if settings.cancelling is Cancelling.PROMPT:
                self._end(operation, State.CANCELLED, "CANCELLED", "Cancelled.")
            return
        if operation.granted is None:
            return
        late = operation.hurried or operation.state is State.CANCELLING
        passed = 1.0 if late else settings.time.passed(operation.looks, now - operation.granted)
        if not passed:
            return
        if operation.state is State.PENDING:
            operation.state, operation.started = State.RUNNING, now
        operation.move(passed, settings.eecu_seconds, now)
        if passed == 1:
            self._finish(operation)

    def _finish(self, operation: Operation) -> None:
        outcome = operation.outcome
        if outcome.code is not None:
            self._end(operation, State.FAILED, outcome.code, outcome.message)
        elif operation.asked.work is None:
            self._end(operation, State.SUCCEEDED)
        elif operation.working is None:
            operation.working = self._workers.submit(self._do, operation, operation.asked.work)

    def _do(self, operation: Operation, work: Work) -> None:
        """Do the work of an operation, in a worker's thread, and close the operation."""
        code = message = ""
        try:
            with interruptible(lambda: self._closing or operation.state.terminal):
                work()
        except Interrupted:
            return  # cancelled, or the emulator stops
        except ApiError as fault:
            code, message = fault.code, fault.message
        except Exception:
            log.exception("The work of %s broke.", operation.name)
            code, message = "INTERNAL", "An internal error has occurred."
        with self._lock:
            if not operation.state.terminal:
                self._end(operation, State.FAILED if code else State.SUCCEEDED, code, message)

    def _end(self, operation: Operation, state: State, code: str = "", message: str = "") -> None:
        operation.end(state, self._clock(), code=code, message=message)
        self._active.pop(operation.name, None)
        self._ended.append(operation)
        if self._settings().max_running:
            self._grant(operation.asked.project)


def _unknown(name: str) -> ApiError:
    return ApiError("NOT_FOUND", f"Operation '{name}' not found.")
