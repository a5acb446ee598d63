"""Poll operations once for all triggers that wait for them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_ee.triggers.polling.rounds import poll_operations
from airflow_provider_ee.triggers.polling.shared import OpenClient, SharedPoller, Subscriber, Update

if TYPE_CHECKING:
    from collections.abc import Hashable

    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.http.clients import AsyncClient
    from airflow_provider_ee.client.operations.operation import Operation
    from airflow_provider_ee.client.operations.waiting import OperationMonitor

__all__ = ["OperationPoller"]

#: The share of an interval that may go into single GETs of operations that the list does not show.
_SHARE_OF_SINGLE_GETS = 0.5


@dataclass(eq=False, slots=True)
class _OperationSubscriber(Subscriber):
    """One trigger's interest in some operations.

    Attributes:
        monitors: What is known of each that is not done.
    """

    monitors: dict[str, OperationMonitor]


class OperationPoller(SharedPoller[_OperationSubscriber]):
    """Polls operations for all triggers that wait for them."""

    def __init__(self, key: Hashable, open_client: OpenClient) -> None:
        super().__init__(key, open_client)
        #: The subscribers of each operation; the operations that were polled longest ago come first.
        self._wanted: dict[str, set[_OperationSubscriber]] = {}

    def subscribe(
        self,
        names: Iterable[str],
        *,
        interval: float,
        first_poll_after: float,
        max_eecu_seconds: float | None = None,
        updates: asyncio.Queue[Update] | None = None,
    ) -> AbstractAsyncContextManager[asyncio.Queue[Update]]:
        """Subscribe to operations; their updates come through the queue.

        Args:
            names: The operations.
            interval: Seconds between two polls; the shortest interval of any subscriber counts for all.
            first_poll_after: Seconds before which nothing is polled for this subscriber.
            max_eecu_seconds: The computing time that each may use.
            updates: The queue to use, for a caller with several subscriptions; a new one if None.
        """
        from airflow_provider_ee.client.operations.waiting import OperationMonitor

        first_poll_at = asyncio.get_running_loop().time() + first_poll_after
        monitors = {name: OperationMonitor(max_eecu_seconds) for name in names}
        return self._subscribe(
            _OperationSubscriber(interval, first_poll_at, monitors, updates=updates or asyncio.Queue())
        )

    def _take_in(self, subscriber: _OperationSubscriber) -> None:
        super()._take_in(subscriber)
        for name in subscriber.monitors:
            self._wanted.setdefault(name, set()).add(subscriber)

    def _leave(self, subscriber: _OperationSubscriber) -> None:
        super()._leave(subscriber)
        for name in subscriber.monitors:
            self._lose_interest(subscriber, name)

    def _lose_interest(self, subscriber: _OperationSubscriber, name: str) -> None:
        interested = self._wanted[name]
        interested.discard(subscriber)
        if not interested:
            del self._wanted[name]

    async def _poll(self, client: AsyncClient) -> None:
        await poll_operations(
            client, list(self._wanted), self._report, seconds=self._interval() * _SHARE_OF_SINGLE_GETS
        )

    def _report(self, name: str, seen: Operation | EarthEngineError) -> None:
        interested = self._wanted.pop(name, None)
        if interested is None:  # its subscribers left during the poll
            return
        self._wanted[name] = interested
        for subscriber in tuple(interested):
            update = self._update(subscriber.monitors[name], name, seen)
            if update.error or (update.operation and update.operation.done):
                self._lose_interest(subscriber, name)
                del subscriber.monitors[name]
            if update.line or update.operation or update.error:
                subscriber.updates.put_nowait(update)

    @staticmethod
    def _update(monitor: OperationMonitor, name: str, seen: Operation | EarthEngineError) -> Update:
        from airflow_provider_ee.client.errors import EarthEngineError

        try:
            if isinstance(seen, EarthEngineError):
                return Update(monitor.record_failure(seen, asyncio.get_running_loop().time()), name=name)
            line = monitor.observe(seen)
            return Update(line, name=name, operation=seen if line or seen.done else None)
        except EarthEngineError as final:
            return Update(error=final, name=name)
