"""All items of a task on a worker: look how they stand, start those that there is room for.

Whoever dies at any point of this has lost nothing: the next one looks again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from airflow_provider_ee.client.bulk.cancelling import cancel
from airflow_provider_ee.client.bulk.census import Census, epoch_of, take_census
from airflow_provider_ee.client.bulk.items import Item
from airflow_provider_ee.client.bulk.memory import MOST_REFUSALS, Memory
from airflow_provider_ee.client.bulk.standings import Rules, Standing, judged, kept_from_before
from airflow_provider_ee.client.bulk.tally import Tally
from airflow_provider_ee.client.bulk.watch import Left
from airflow_provider_ee.client.errors import (
    AlreadyExists,
    EarthEngineError,
    InvalidArgument,
    InvalidRequest,
    NotFound,
    QueueFull,
    TimedOut,
)
from airflow_provider_ee.client.http.clients import Client
from airflow_provider_ee.client.http.concurrency import together
from airflow_provider_ee.client.operations.checkpoints import step
from airflow_provider_ee.client.operations.markers import Ticket
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.operations.submission import marked
from airflow_provider_ee.client.rest.flows import Flow, Pause
from airflow_provider_ee.client.rest.request import Request

__all__ = ["Course"]

_LOG = logging.getLogger(__name__)

#: The list of operations may lag behind: how often and after how long to look again.
_LOOKS, _SECONDS_BETWEEN_LOOKS = 12, 10.0
#: Less room than this share of the queue is not worth a look at all items.
_WORTHWHILE = 0.1


@dataclass
class Course:
    """How the items of a task get on.

    Attributes:
        client: With which to look and submit.
        project: `projects/my-project`.
        items: All of them, in the order in which they are to be started.
        memory: What is known from earlier visits. It is changed in place.
        rules: When something is started.
        max_pending: How many operations may wait in the project's queue, whoever started them.
        at_once: How many requests are under way at the same time.
        stop_after: How many items may be given up before nothing more is started; None for any number.
        remember: Told when the memory has changed.
        tell: Told what a log should say.
        stopped: Whether nothing is to be started any more.
        standings: How each item stands, by its digest.
    """

    client: Client
    project: str
    items: Sequence[Item]
    memory: Memory
    rules: Rules
    max_pending: int
    at_once: int = 32
    stop_after: int | None = None
    remember: Callable[[Memory], object] = lambda _: None
    tell: Callable[[str], object] = _LOG.info
    stopped: bool = field(default=False, init=False)
    standings: dict[str, Standing] = field(default_factory=dict, init=False)
    _census: Census = field(default_factory=Census, init=False)
    _kept: Mapping[str, Operation] = field(default_factory=dict, init=False)
    _started: int = field(default=0, init=False)
    _trouble: EarthEngineError | None = field(default=None, init=False)
    _closed: bool = field(default=False, init=False)

    def look(self) -> None:
        """See how all items stand."""
        self._census = self.client.run(take_census(self.project, self.memory.ticket))
        if not self.rules.resume and (stale := self._stale()):
            self.tell(f"{len(stale)} operations still run from before the task was cleared: cancelling them first.")
            cancel(self.client, stale, at_once=self.at_once, tell=self.tell)
            self._census = self.client.run(self._until_nothing_is_stale())
        self._kept = self._kept_from_before()
        self.standings = {item.digest: self._judge(item) for item in self.items}
        self.memory.keep_turned_away({digest for digest, standing in self.standings.items() if standing.wanted})
        self._started = 0

    def submit(self) -> bool:
        """Start what there is room for, and say whether it is worth to look at once whether there is more.

        Raises:
            EarthEngineError: Earth Engine refused one in a way in which it would refuse all. The others are started.
        """
        wanted = [item for item in self.items if self.standings[item.digest].wanted]
        room = self.places - self._census.pending
        if not wanted or room <= 0 or self.spoiled or self.stopped:
            return False
        unanswered: list[tuple[Item, AlreadyExists]] = []
        self._closed = False
        with closing(together(self.client, self._starts(wanted, room), self.at_once)) as outcomes:
            for item, outcome in outcomes:
                self._take(item, outcome, unanswered)
        if unanswered:
            self._find(unanswered)
        full = self._closed and self._trouble is None
        self.memory.fruitless = self.memory.fruitless + 1 if full and not self._started else 0
        self.remember(self.memory)
        if self._trouble:
            raise self._trouble
        open_still = not self._closed and not self.stopped
        return open_still and any(standing.wanted for standing in self.standings.values())

    def stop(self) -> None:
        """Start nothing more. May be called at any time."""
        self.stopped = True

    @property
    def places(self) -> int:
        """How many operations may wait in the queue, as far as one knows."""
        return min(self.max_pending, self.memory.places or self.max_pending)

    @property
    def worthwhile(self) -> int:
        """For how much room it is worth to come back."""
        return max(1, min(self.tally.to_submit, int(self.places * _WORTHWHILE)))

    @property
    def tally(self) -> Tally:
        """How many items stand how."""
        used = {operation.name: operation.eecu_seconds or 0.0 for operation in self._operations()}
        return Tally.of(self.standings.values(), sum(used.values()), len(self._kept))

    @property
    def spoiled(self) -> bool:
        """Whether more items are given up than may be, so that nothing more is to be started."""
        return self.stop_after is not None and self.tally.failed > self.stop_after

    @property
    def over(self) -> bool:
        """Whether there is nothing left to start, and nothing to wait for."""
        return not any(standing.wanted or standing.active for standing in self.standings.values())

    def active(self) -> list[Operation]:
        """Return the operations that are at work, or wait, for items."""
        return [standing.operation for standing in self.standings.values() if standing.operation and standing.active]

    def left(self) -> Left:
        """Return what the next visit will have to do, in numbers."""
        wanted = [standing for standing in self.standings.values() if standing.wanted]
        started = {operation.name for operation in self._operations() if epoch_of(operation) == self.rules.epoch}
        return Left(
            to_submit=len(wanted),
            again=sum(standing.ended > 0 for standing in wanted),
            refused=sum(standing.failed and not standing.operation for standing in self.standings.values()),
            kept=len(self._kept),
            started=len(started),
        )

    def _operations(self) -> Iterator[Operation]:
        for item in self.items:
            standing = self.standings[item.digest]
            if standing.operation:
                yield standing.operation
            for operation in self._census.operations.get(item.digest, ()):
                if epoch_of(operation) == self.rules.epoch:
                    yield operation

    def _kept_from_before(self) -> Mapping[str, Operation]:
        kept = kept_from_before(self._census, {item.digest for item in self.items}, self.rules)
        if self.memory.anew is None:
            self.memory.anew = len(kept) == len(self.items)
            self.remember(self.memory)
        return {} if self.memory.anew else kept

    def _judge(self, item: Item) -> Standing:
        digest = item.digest
        history, refusal = self._census.operations.get(digest, ()), self.memory.refused.get(digest)
        return judged(history, self.rules, kept=self._kept.get(digest), refusal=refusal)

    def _stale(self) -> list[Operation]:
        return [operation for operation in self._census.active() if epoch_of(operation) != self.rules.epoch]

    def _until_nothing_is_stale(self) -> Flow[Census]:
        for _ in range(_LOOKS):
            census = yield from take_census(self.project, self.memory.ticket)
            if not any(epoch_of(operation) != self.rules.epoch for operation in census.active()):
                return census
            yield Pause(_SECONDS_BETWEEN_LOOKS)
        raise TimedOut("Operations from before the task was cleared were cancelled but are not over.")

    def _starts(self, wanted: Sequence[Item], room: int) -> Iterator[tuple[Item, Flow[Operation]]]:
        for item in wanted:
            if self._closed or self.stopped or room <= 0:
                return
            try:
                request = item.request(self.project)
            except InvalidArgument as error:
                self._refuse(item, error)
                continue
            room -= 1
            request_id = self.memory.request_id(item.ticket, self.standings[item.digest].ended)
            yield item, _start(request, request_id, item.ticket)

    def _take(
        self, item: Item, outcome: Operation | EarthEngineError, unanswered: list[tuple[Item, AlreadyExists]]
    ) -> None:
        match outcome:
            case Operation():
                self._started += 1
                self._attach(item, outcome)
            case QueueFull():
                self._closed = True
                self.memory.turn_away(item.digest, outcome.places)
                self.remember(self.memory)  # at once: who comes after a kill would use the same id again
            case AlreadyExists():
                unanswered.append((item, outcome))
            case InvalidRequest() | NotFound():
                self._refuse(item, outcome)
            case _:
                self._closed = True
                self._trouble = self._trouble or outcome

    def _attach(self, item: Item, operation: Operation) -> None:
        self.standings[item.digest] = replace(self.standings[item.digest], wanted=False, operation=operation)

    def _refuse(self, item: Item, error: EarthEngineError) -> None:
        self.tell(f"{item.key} is given up: {error}")
        self.memory.refuse(item.digest, str(error))
        self.standings[item.digest] = self._judge(item)
        if len(self.memory.refused) > MOST_REFUSALS:
            self._closed = True
            error.hint = f"More than {MOST_REFUSALS} items were refused like this one. {error.hint or ''}".strip()
            self._trouble = self._trouble or error
        elif self.spoiled:
            self._closed = True

    def _find(self, unanswered: Sequence[tuple[Item, AlreadyExists]]) -> None:
        """Find what was started for items before, by one listing for all; it may lag."""
        self.tell(f"{len(unanswered)} were started before: looking for their operations.")
        left = list(unanswered)
        for _ in range(_LOOKS):
            self._census = self.client.run(take_census(self.project, self.memory.ticket))
            left = [(item, error) for item, error in left if not self._found(item)]
            if not left:
                return
            self.client.run(_pause(_SECONDS_BETWEEN_LOOKS))
        for item, error in left:
            error.hint = "No such operation is listed; clear the task to start it anew."
            self._refuse(item, error)

    def _found(self, item: Item) -> bool:
        """Whether what was started for an item is listed; it may have ended since, and want a new one."""
        found = self._judge(item)
        if found.wanted and found.ended == self.standings[item.digest].ended:
            return False
        self._started += 1
        self.standings[item.digest] = found
        return True


def _start(request: Request, request_id: str, ticket: Ticket) -> Flow[Operation]:
    step("submitting", request_id)
    operation = Operation.from_answer((yield marked(request, request_id, ticket)))
    step("submitted", operation.name)
    return operation


def _pause(seconds: float) -> Flow[None]:
    yield Pause(seconds)
