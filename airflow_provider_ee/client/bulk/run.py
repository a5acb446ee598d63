"""All items of a task on a worker: look at their states, start what there is room for.

A worker that dies at any point of this has lost nothing: the next one looks again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from airflow_provider_ee.client.bulk.cancel import cancel_operations
from airflow_provider_ee.client.bulk.counts import Counts
from airflow_provider_ee.client.bulk.item_states import ItemState, StartRules, find_kept, judge_item
from airflow_provider_ee.client.bulk.items import Item
from airflow_provider_ee.client.bulk.saved_state import MAX_REFUSALS, SavedState
from airflow_provider_ee.client.bulk.snapshot import OperationsSnapshot, read_epoch, take_snapshot
from airflow_provider_ee.client.bulk.tracker import Remaining
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
from airflow_provider_ee.client.http.concurrency import run_concurrently
from airflow_provider_ee.client.operations.checkpoints import step
from airflow_provider_ee.client.operations.markers import Ticket
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.operations.submission import marked
from airflow_provider_ee.client.rest.flows import Flow, Pause
from airflow_provider_ee.client.rest.request import Request

__all__ = ["BulkRun"]

_LOG = logging.getLogger(__name__)

#: The list of operations may lag behind: how often and after how long to look again.
_LOOKS, _SECONDS_BETWEEN_LOOKS = 12, 10.0
#: Less room than this share of the queue is not worth a look at all items.
_WORTHWHILE_SHARE = 0.1


@dataclass
class BulkRun:
    """Start the items of a task and follow their states.

    Attributes:
        client: The client that sends the requests.
        project: `projects/my-project`.
        items: All items, in the order in which they are to be started.
        saved_state: What is known from earlier visits. It is changed in place.
        rules: When a new operation is started.
        max_pending: How many operations may wait in the project's queue, whoever started them.
        concurrency: How many requests are sent at the same time.
        stop_after: How many items may be given up before nothing more is started; None for any number.
        save: Called when the saved state has changed.
        log: Called with each line for the log.
        stopped: Whether nothing is to be started any more.
        item_states: The state of each item, by its digest.
    """

    client: Client
    project: str
    items: Sequence[Item]
    saved_state: SavedState
    rules: StartRules
    max_pending: int
    concurrency: int = 32
    stop_after: int | None = None
    save: Callable[[SavedState], object] = lambda _: None
    log: Callable[[str], object] = _LOG.info
    stopped: bool = field(default=False, init=False)
    item_states: dict[str, ItemState] = field(default_factory=dict, init=False)
    _snapshot: OperationsSnapshot = field(default_factory=OperationsSnapshot, init=False)
    _kept: Mapping[str, Operation] = field(default_factory=dict, init=False)
    _started: int = field(default=0, init=False)
    _trouble: EarthEngineError | None = field(default=None, init=False)
    _closed: bool = field(default=False, init=False)

    def look(self) -> None:
        """List the operations and judge every item."""
        self._snapshot = self.client.run(take_snapshot(self.project, self.saved_state.ticket))
        if not self.rules.resume and (stale := self._find_stale()):
            self.log(f"{len(stale)} operations still run from before the task was cleared: cancelling them first.")
            cancel_operations(self.client, stale, concurrency=self.concurrency, log=self.log)
            self._snapshot = self.client.run(self._wait_until_nothing_is_stale())
        self._kept = self._find_kept()
        self.item_states = {item.digest: self._judge(item) for item in self.items}
        wanted = {digest for digest, state in self.item_states.items() if state.wanted}
        self.saved_state.forget_queue_refusals_except(wanted)
        self._started = 0

    def submit(self) -> bool:
        """Start what there is room for, and return whether to look at once whether there is more.

        Raises:
            EarthEngineError: Earth Engine refused one in a way in which it would refuse all. The others are started.
        """
        wanted = [item for item in self.items if self.item_states[item.digest].wanted]
        room = self.queue_capacity - self._snapshot.pending
        if not wanted or room <= 0 or self.has_failed_too_often or self.stopped:
            return False
        unanswered: list[tuple[Item, AlreadyExists]] = []
        self._closed = False
        with closing(run_concurrently(self.client, self._make_starts(wanted, room), self.concurrency)) as outcomes:
            for item, outcome in outcomes:
                self._take(item, outcome, unanswered)
        if unanswered:
            self._find(unanswered)
        full = self._closed and self._trouble is None
        self.saved_state.fruitless_visits = self.saved_state.fruitless_visits + 1 if full and not self._started else 0
        self.save(self.saved_state)
        if self._trouble:
            raise self._trouble
        open_still = not self._closed and not self.stopped
        return open_still and any(state.wanted for state in self.item_states.values())

    def stop(self) -> None:
        """Start nothing more. May be called at any time."""
        self.stopped = True

    @property
    def queue_capacity(self) -> int:
        """How many operations may wait in the queue, as far as is known."""
        return min(self.max_pending, self.saved_state.queue_capacity or self.max_pending)

    @property
    def worthwhile_slots(self) -> int:
        """Free queue slots needed before resuming is worthwhile."""
        return max(1, min(self.counts.to_submit, int(self.queue_capacity * _WORTHWHILE_SHARE)))

    @property
    def counts(self) -> Counts:
        """How many items are in which state."""
        used = {operation.name: operation.eecu_seconds or 0.0 for operation in self._operations()}
        return Counts.of(self.item_states.values(), sum(used.values()), len(self._kept))

    @property
    def has_failed_too_often(self) -> bool:
        """Whether more items are given up than may be, so that nothing more is to be started."""
        return self.stop_after is not None and self.counts.failed > self.stop_after

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to start, and nothing to wait for."""
        return not any(state.wanted or state.active for state in self.item_states.values())

    def active(self) -> list[Operation]:
        """Return the operations that are pending or running for items."""
        return [state.operation for state in self.item_states.values() if state.operation and state.active]

    def remaining(self) -> Remaining:
        """Return what the next visit will have to do, in numbers."""
        wanted = [state for state in self.item_states.values() if state.wanted]
        started = {operation.name for operation in self._operations() if read_epoch(operation) == self.rules.epoch}
        return Remaining(
            to_submit=len(wanted),
            again=sum(state.ended > 0 for state in wanted),
            refused=sum(state.failed and not state.operation for state in self.item_states.values()),
            kept=len(self._kept),
            started=len(started),
        )

    def _operations(self) -> Iterator[Operation]:
        for item in self.items:
            state = self.item_states[item.digest]
            if state.operation:
                yield state.operation
            for operation in self._snapshot.operations.get(item.digest, ()):
                if read_epoch(operation) == self.rules.epoch:
                    yield operation

    def _find_kept(self) -> Mapping[str, Operation]:
        kept = find_kept(self._snapshot, {item.digest for item in self.items}, self.rules)
        if self.saved_state.start_over is None:
            self.saved_state.start_over = len(kept) == len(self.items)
            self.save(self.saved_state)
        return {} if self.saved_state.start_over else kept

    def _judge(self, item: Item) -> ItemState:
        digest = item.digest
        history, refusal = self._snapshot.operations.get(digest, ()), self.saved_state.refused.get(digest)
        return judge_item(history, self.rules, kept=self._kept.get(digest), refusal=refusal)

    def _find_stale(self) -> list[Operation]:
        return [operation for operation in self._snapshot.active() if read_epoch(operation) != self.rules.epoch]

    def _wait_until_nothing_is_stale(self) -> Flow[OperationsSnapshot]:
        for _ in range(_LOOKS):
            snapshot = yield from take_snapshot(self.project, self.saved_state.ticket)
            if not any(read_epoch(operation) != self.rules.epoch for operation in snapshot.active()):
                return snapshot
            yield Pause(_SECONDS_BETWEEN_LOOKS)
        raise TimedOut("Operations from before the task was cleared were cancelled but are not over.")

    def _make_starts(self, wanted: Sequence[Item], room: int) -> Iterator[tuple[Item, Flow[Operation]]]:
        for item in wanted:
            if self._closed or self.stopped or room <= 0:
                return
            try:
                request = item.request(self.project)
            except InvalidArgument as error:
                self._refuse(item, error)
                continue
            room -= 1
            request_id = self.saved_state.request_id(item.ticket, self.item_states[item.digest].ended)
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
                self.saved_state.count_queue_refusal(item.digest, outcome.places)
                self.save(self.saved_state)  # at once: a worker that comes after a kill would use the same id again
            case AlreadyExists():
                unanswered.append((item, outcome))
            case InvalidRequest() | NotFound():
                self._refuse(item, outcome)
            case _:
                self._closed = True
                self._trouble = self._trouble or outcome

    def _attach(self, item: Item, operation: Operation) -> None:
        self.item_states[item.digest] = replace(self.item_states[item.digest], wanted=False, operation=operation)

    def _refuse(self, item: Item, error: EarthEngineError) -> None:
        self.log(f"{item.key} is given up: {error}")
        self.saved_state.refuse(item.digest, str(error))
        self.item_states[item.digest] = self._judge(item)
        if len(self.saved_state.refused) > MAX_REFUSALS:
            self._closed = True
            error.hint = f"More than {MAX_REFUSALS} items were refused like this one. {error.hint or ''}".strip()
            self._trouble = self._trouble or error
        elif self.has_failed_too_often:
            self._closed = True

    def _find(self, unanswered: Sequence[tuple[Item, AlreadyExists]]) -> None:
        """Find what was started for items before, by one listing for all; it may lag."""
        self.log(f"{len(unanswered)} were started before: looking for their operations.")
        left = list(unanswered)
        for _ in range(_LOOKS):
            self._snapshot = self.client.run(take_snapshot(self.project, self.saved_state.ticket))
            left = [(item, error) for item, error in left if not self._is_found(item)]
            if not left:
                return
            self.client.run(_pause(_SECONDS_BETWEEN_LOOKS))
        for item, error in left:
            error.hint = "No such operation is listed; clear the task to start it anew."
            self._refuse(item, error)

    def _is_found(self, item: Item) -> bool:
        """Whether what was started for an item is listed; it may have ended since, and want a new one."""
        found = self._judge(item)
        if found.wanted and found.ended == self.item_states[item.digest].ended:
            return False
        self._started += 1
        self.item_states[item.digest] = found
        return True


def _start(request: Request, request_id: str, ticket: Ticket) -> Flow[Operation]:
    step("submitting", request_id)
    operation = Operation.from_answer((yield marked(request, request_id, ticket)))
    step("submitted", operation.name)
    return operation


def _pause(seconds: float) -> Flow[None]:
    yield Pause(seconds)
