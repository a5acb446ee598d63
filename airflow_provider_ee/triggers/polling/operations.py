"""Poll operations once for all triggers that wait for them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from airflow_provider_ee.triggers.polling.rounds import PollRounds, Target
from airflow_provider_ee.triggers.polling.shared import OpenClient, SharedPoller, Subscriber, Update

if TYPE_CHECKING:
    from collections.abc import Hashable

    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.http.clients import AsyncClient
    from airflow_provider_ee.client.operations.operation import Operation
    from airflow_provider_ee.client.operations.waiting import OperationMonitor

__all__ = ["OperationPoller"]

_LOG = logging.getLogger(__name__)

#: The share of an interval that may go into GETs of operations that the list does not show; so many seconds at least.
_SHARE_OF_GETS, _SECONDS_FOR_GETS = 0.5, 2.0


@dataclass(eq=False, slots=True)
class _OperationSubscriber(Subscriber):
    """One trigger that waits for some operations.

    Attributes:
        names: Those that are not done.
        max_eecu_seconds: The computing time that each may use.
        only_lines: Whether it wants to hear of progress only to log it.
    """

    names: set[str]
    max_eecu_seconds: float | None
    only_lines: bool


@dataclass(eq=False, slots=True)
class _PolledOperation(Target):
    """An operation that somebody waits for.

    Attributes:
        monitors: What each of its subscribers knows of it.
        facts: What counts of the last answer about it, if every subscriber has heard of that.
        budgeted: Whether the computing time counts for any of them.
        line_due_at: When its subscribers are to hear of it though nothing has changed.
    """

    monitors: dict[_OperationSubscriber, OperationMonitor] = field(default_factory=dict)
    facts: tuple[object, ...] | None = None
    budgeted: bool = False
    line_due_at: float = 0.0


class OperationPoller(SharedPoller[_OperationSubscriber]):
    """Polls operations for all triggers that wait for them."""

    def __init__(self, key: Hashable, open_client: OpenClient) -> None:
        super().__init__(key, open_client)
        self._operations: dict[str, _PolledOperation] = {}
        self._rounds = PollRounds(self._report)

    def subscribe(
        self,
        names: Iterable[str],
        *,
        interval: float,
        first_poll_after: float,
        max_eecu_seconds: float | None = None,
        only_lines: bool = False,
        updates: asyncio.Queue[Update] | None = None,
    ) -> AbstractAsyncContextManager[asyncio.Queue[Update]]:
        """Subscribe to operations; their updates come through the queue.

        Args:
            names: The operations.
            interval: Seconds between two polls; the shortest interval of any subscriber counts for all.
            first_poll_after: Seconds before which nothing is polled for this subscriber.
            max_eecu_seconds: The computing time that each may use.
            only_lines: Whether it wants to hear of progress only to log it, as far as the log budget allows.
            updates: The queue to use, for a caller with several subscriptions; a new one if None.
        """
        first_poll_at = asyncio.get_running_loop().time() + first_poll_after
        queue = updates or asyncio.Queue()
        return self._subscribe(
            _OperationSubscriber(interval, first_poll_at, set(names), max_eecu_seconds, only_lines, updates=queue)
        )

    def _take_in(self, subscriber: _OperationSubscriber) -> None:
        from airflow_provider_ee.client.operations.waiting import OperationMonitor

        super()._take_in(subscriber)
        for name in subscriber.names:
            if (operation := self._operations.get(name)) is None:
                operation = self._operations[name] = _PolledOperation(name)
            operation.monitors[subscriber] = OperationMonitor(subscriber.max_eecu_seconds)
            operation.facts = None
            operation.budgeted = operation.budgeted or subscriber.max_eecu_seconds is not None

    def _leave(self, subscriber: _OperationSubscriber) -> None:
        super()._leave(subscriber)
        for name in tuple(subscriber.names):
            self._unsubscribe(subscriber, self._operations[name])

    def _unsubscribe(self, subscriber: _OperationSubscriber, operation: _PolledOperation) -> None:
        subscriber.names.discard(operation.name)
        del operation.monitors[subscriber]
        if not operation.monitors:
            del self._operations[operation.name]

    async def _poll(self, client: AsyncClient) -> None:
        seconds = max(self._interval() * _SHARE_OF_GETS, _SECONDS_FOR_GETS)
        await self._rounds.poll(client, list(self._operations.values()), seconds=seconds)

    def _report(self, operation: _PolledOperation, seen: Mapping[str, Any] | EarthEngineError) -> None:
        """Tell the subscribers of an operation what is new. Whatever is wrong with one harms no other."""
        from airflow_provider_ee.client.operations.operation import Operation
        from airflow_provider_ee.client.operations.waiting import SECONDS_BETWEEN_LINES, facts_of

        now = asyncio.get_running_loop().time()
        if not isinstance(seen, Mapping):
            self._report_failure(operation, seen, now)
            return
        facts = facts_of(seen, cost=operation.budgeted)
        unchanged = facts is not None and facts == operation.facts
        if unchanged and now < operation.line_due_at:
            return
        operation.facts, operation.line_due_at = facts, now + SECONDS_BETWEEN_LINES
        try:
            found = Operation.from_answer({**seen, "name": operation.name})
            for subscriber, monitor in list(operation.monitors.items()):
                quiet = subscriber.only_lines and not found.done and not self.log_budget.has_room(routine=unchanged)
                update = _update(monitor, found, now, routine=unchanged, quiet=quiet)
                self._tell(subscriber, operation, update)
        except Exception as fault:  # noqa: BLE001  # a fault of our own reading, which is to harm no other
            from airflow_provider_ee.client.errors import EarthEngineError

            _LOG.exception("What Earth Engine says about %s cannot be read.", operation.name)
            error = EarthEngineError(f"The answer cannot be read: {fault!r}.", name=operation.name)
            self._report_failure(operation, error, now)

    def _report_failure(self, operation: _PolledOperation, error: EarthEngineError, now: float) -> None:
        self._note_failure(error)
        operation.facts = None  # so that the next answer is news
        for subscriber, monitor in list(operation.monitors.items()):
            try:
                update = Update(monitor.record_failure(error, now), name=operation.name, warning=True)
            except type(error) as final:
                update = Update(error=final, name=operation.name)
            self._tell(subscriber, operation, update)

    def _tell(self, subscriber: _OperationSubscriber, operation: _PolledOperation, update: Update) -> None:
        if update.error or (update.operation and update.operation.done):
            self._unsubscribe(subscriber, operation)
        if update.line or update.operation or update.error:
            subscriber.updates.put_nowait(update)


def _update(monitor: OperationMonitor, operation: Operation, now: float, *, routine: bool, quiet: bool) -> Update:
    from airflow_provider_ee.client.errors import OverBudget

    try:
        line = monitor.observe(operation, now, quiet=quiet)
    except OverBudget as final:
        return Update(error=final, name=operation.name)
    found = operation if line or operation.done else None
    return Update(line, name=operation.name, operation=found, routine=routine)
