"""All items of a task on a worker: look at their states, start what there is room for.

A worker that dies at any point of this has lost nothing: the next one looks again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from airflow_provider_ee.client.arguments.names import is_operation_name
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
from airflow_provider_ee.client.operations.checkpoints import pass_checkpoint
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.rest.flows import Flow, Pause
from airflow_provider_ee.client.rest.partial import PartialResponses
from airflow_provider_ee.client.rest.request import Request

__all__ = ["BulkRun"]

_LOG = logging.getLogger(__name__)

#: The list of operations may lag behind: how often and after how long to look again.
_LOOKS, _SECONDS_BETWEEN_LOOKS = 12, 10.0
#: Less room than this share of the queue is not worth a look at all items.
_WORTHWHILE_SHARE = 0.1
#: How many items that are given up are named in the log, each time that the operations are listed.
_MAX_WARNINGS = 20


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
        warn: Called with each warning.
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
    warn: Callable[[str], object] = _LOG.warning
    stopped: bool = field(default=False, init=False)
    item_states: dict[str, ItemState] = field(default_factory=dict, init=False)
    _snapshot: OperationsSnapshot = field(default_factory=OperationsSnapshot, init=False)
    _kept: Mapping[str, Operation] = field(default_factory=dict, init=False)
    _started: set[str] = field(default_factory=set, init=False)
    _partial: PartialResponses = field(default_factory=PartialResponses, init=False)
    _trouble: EarthEngineError | None = field(default=None, init=False)
    _closed: bool = field(default=False, init=False)

    def look(self) -> None:
        """List the operations and judge every item."""
        self._snapshot = self.client.run(self._list_operations())
        if not self.rules.resume and (stale := self._find_stale()):
            self.log(f"{len(stale)} operations still run for an earlier run of the task: cancelling them first.")
            cancel_operations(self.client, stale, concurrency=self.concurrency, log=self.log)
            self._snapshot = self.client.run(self._wait_until_nothing_is_stale())
        self._kept = self._find_kept()
        self.item_states = {item.digest: self._judge(item) for item in self.items}
        wanted = {digest for digest, state in self.item_states.items() if state.wanted}
        self.saved_state.keep_ids_of(wanted)
        self._started.clear()
        self._warn_of_failures()

    def submit(self) -> bool:
        """Start what there is room for, and return whether to look at once whether there is more.

        Raises:
            EarthEngineError: Earth Engine refused one in a way in which it would refuse all. The others are started.
        """
        wanted = [item for item in self.items if self.item_states[item.digest].wanted]
        room = self.queue_capacity - self._snapshot.pending
        if not wanted or room <= 0 or self.has_failed_too_often or self.stopped:
            return False
        self._closed, doubtful = False, []
        with closing(run_concurrently(self.client, self._make_starts(wanted, room), self.concurrency)) as outcomes:
            for item, outcome in outcomes:
                if not self._settle(item, outcome):
                    doubtful.append(_Doubt(item, outcome, frozenset(self._started)))
        if doubtful:
            self._find(doubtful)
        if self._started:
            self.saved_state.fruitless_visits = 0
        elif self._closed and self._trouble is None:
            self.saved_state.fruitless_visits += 1
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

    def _warn_of_failures(self) -> None:
        """Warn of items that are given up since their operations failed, once of each and of a few only."""
        failed = [
            (state.operation.end_time or "", item.key, state.operation)
            for item in self.items
            if (state := self.item_states[item.digest]).failed and state.operation and not state.refusal
        ]
        new = sorted(failed, key=lambda one: one[:2])[self.saved_state.failures_reported :]
        for _, key, operation in new[:_MAX_WARNINGS]:
            self.warn(f"{key} is given up: {operation.error or operation.state}")
        if len(new) > _MAX_WARNINGS:
            self.warn(f"{len(new) - _MAX_WARNINGS:,} more items are given up.")
        self.saved_state.failures_reported = max(self.saved_state.failures_reported, len(failed))

    def _list_operations(self) -> Flow[OperationsSnapshot]:
        return take_snapshot(self.project, self.saved_state.ticket, partial=self._partial)

    def _find_stale(self) -> list[Operation]:
        return [operation for operation in self._snapshot.active() if read_epoch(operation) != self.rules.epoch]

    def _wait_until_nothing_is_stale(self) -> Flow[OperationsSnapshot]:
        for _ in range(_LOOKS):
            snapshot = yield from self._list_operations()
            if not any(read_epoch(operation) != self.rules.epoch for operation in snapshot.active()):
                return snapshot
            yield Pause(_SECONDS_BETWEEN_LOOKS)
        raise TimedOut("Operations for an earlier run of the task were cancelled but are not over.")

    def _make_starts(self, wanted: Sequence[Item], room: int) -> Iterator[tuple[Item, Flow[Operation]]]:
        for item in wanted:
            if self._closed or self.stopped or room <= 0:
                return
            request_id = self.saved_state.request_id(item.ticket, self.item_states[item.digest].ended)
            try:
                request = item.request(self.project, request_id)
            except InvalidArgument as error:
                self._refuse(item, error)
                continue
            room -= 1
            yield item, _start(request, request_id)

    def _settle(self, item: Item, outcome: Operation | EarthEngineError) -> bool:
        """Take in what a submission was answered; return False if it may have started an operation unseen."""
        match outcome:
            case Operation() if not is_operation_name(outcome.name):
                return False
            case Operation():
                self._attach(item, outcome)
            case QueueFull():
                self._closed = True
                self.saved_state.record_full_queue(item.digest, outcome.places)
            case AlreadyExists():
                return False
            case InvalidRequest() | NotFound() if outcome.after_lost_answer:
                return False
            case InvalidRequest() | NotFound():
                self._refuse(item, outcome)
            case _:
                self._closed = True
                self._trouble = self._trouble or outcome
        return True

    def _attach(self, item: Item, operation: Operation) -> None:
        self._started.add(operation.name)
        self.saved_state.refused_by_queue.discard(item.digest)
        self.item_states[item.digest] = replace(self.item_states[item.digest], wanted=False, operation=operation)

    def _refuse(self, item: Item, error: EarthEngineError, *, retry_may_help: bool = False) -> None:
        self.warn(f"{item.key} is given up: {error}")
        self.saved_state.refuse(item.digest, str(error), retry_may_help=retry_may_help)
        self.item_states[item.digest] = self._judge(item)
        if len(self.saved_state.refused) > MAX_REFUSALS:
            self._closed = True
            error.hint = f"More than {MAX_REFUSALS} items were refused like this one. {error.hint or ''}".strip()
            self._trouble = self._trouble or error
        elif self.has_failed_too_often:
            self._closed = True

    def _find(self, doubts: Sequence[_Doubt]) -> None:
        """Find what was started for items before, by one listing for all; the list may lag."""
        self.log(f"{len(doubts)} may have been started before: looking for their operations.")
        was_full = self._snapshot.pending + len(self._started) >= self.queue_capacity
        left = list(doubts)
        for _ in range(_LOOKS):
            self._snapshot = self.client.run(self._list_operations())
            left = [doubt for doubt in left if not self._is_found(doubt.item)]
            for doubt in left:
                doubt.met_full_queue |= was_full or doubt.item.digest in self.saved_state.refused_by_queue
                doubt.list_is_ahead |= not self._snapshot.names().isdisjoint(self._started - doubt.started_before)
            left = [doubt for doubt in left if not self._is_id_used_up(doubt)]
            if not left:
                return
            self.client.run(_pause(_SECONDS_BETWEEN_LOOKS))
        for doubt in left:
            self._decide(doubt)

    def _is_found(self, item: Item) -> bool:
        """Whether what was started for an item is listed; it may have ended since, and want a new one."""
        found = self._judge(item)
        if found.wanted and found.ended == self.item_states[item.digest].ended:
            return False
        if found.operation:
            self._attach(item, found.operation)
        self.item_states[item.digest] = found
        return True

    def _is_id_used_up(self, doubt: _Doubt) -> bool:
        """Give an item another request id if its id was surely used up by a full queue, and return whether it was."""
        sure = isinstance(doubt.outcome, AlreadyExists) and doubt.met_full_queue and doubt.list_is_ahead
        if sure:
            self.saved_state.use_up_id(doubt.item.digest)
        return sure

    def _decide(self, doubt: _Doubt) -> None:
        """Decide what to do about an item for which no operation is listed after a long time.

        If only its answer was lost, it is submitted again under the same request id. If Earth Engine says that the id
        was used, and a full queue may have used it up, it gets another one. Else nothing can be known.
        """
        item, outcome = doubt.item, doubt.outcome
        if isinstance(outcome, AlreadyExists) and (doubt.met_full_queue or doubt.list_is_ahead):
            self.saved_state.use_up_id(item.digest)
        elif isinstance(outcome, AlreadyExists):
            outcome.hint = "No such operation is listed. If another try does not find it, clear the task to run it."
            self._refuse(item, outcome, retry_may_help=True)
        elif isinstance(outcome, EarthEngineError):
            self._refuse(item, outcome)


@dataclass(slots=True)
class _Doubt:
    """A submission that may have started an operation unseen.

    Attributes:
        item: The item that was submitted.
        outcome: What was answered.
        started_before: The operations that the same visit had started by then.
        met_full_queue: Whether a full queue may have used the request id up.
        list_is_ahead: Whether the list shows what was started later.
    """

    item: Item
    outcome: Operation | EarthEngineError
    started_before: frozenset[str]
    met_full_queue: bool = False
    list_is_ahead: bool = False


def _start(request: Request, request_id: str) -> Flow[Operation]:
    pass_checkpoint("submitting", request_id)
    operation = Operation.from_answer((yield request))
    pass_checkpoint("submitted", operation.name)
    return operation


def _pause(seconds: float) -> Flow[None]:
    yield Pause(seconds)
