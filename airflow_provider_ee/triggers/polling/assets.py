"""Poll assets once for all triggers that wait for them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_ee.triggers.polling.rounds import PAUSE_BETWEEN_GETS, Pace
from airflow_provider_ee.triggers.polling.shared import OpenClient, SharedPoller, Subscriber, Update

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.http.clients import AsyncClient
    from airflow_provider_ee.client.operations.waiting import PollFailures

__all__ = ["AssetPoller"]


@dataclass(eq=False, slots=True)
class _AssetSubscriber(Subscriber):
    """One trigger that waits for an asset.

    Attributes:
        asset_id: The asset.
        wait_if_forbidden: Whether a refusal counts as a missing asset, if it leaves open that there is none.
        failures: The failed polls since the last one that worked.
        line_due_at: When it is to be told next that there is no such asset.
    """

    asset_id: str
    wait_if_forbidden: bool
    failures: PollFailures
    line_due_at: float = 0.0


class AssetPoller(SharedPoller[_AssetSubscriber]):
    """Polls assets, one after the other, for all triggers that wait for them."""

    def __init__(self, key: Hashable, open_client: OpenClient) -> None:
        from airflow_provider_ee.client.rest.partial import PartialResponses

        super().__init__(key, open_client)
        self._partial = PartialResponses()
        self._pace = Pace()

    def subscribe(
        self, asset_id: str, *, interval: float, first_poll_after: float, wait_if_forbidden: bool
    ) -> AbstractAsyncContextManager[asyncio.Queue[Update]]:
        """Subscribe to an asset; updates come through the queue.

        Args:
            asset_id: The asset.
            interval: Seconds between two polls; the shortest interval of any subscriber counts for all.
            first_poll_after: Seconds before which nothing is polled for this subscriber.
            wait_if_forbidden: Whether a refusal counts as a missing asset, if it leaves open that there is none.
        """
        from airflow_provider_ee.client.operations.waiting import PollFailures

        first_poll_at = asyncio.get_running_loop().time() + first_poll_after
        return self._subscribe(_AssetSubscriber(interval, first_poll_at, asset_id, wait_if_forbidden, PollFailures()))

    async def _poll(self, client: AsyncClient) -> None:
        from airflow_provider_ee.client.arguments.names import asset_name
        from airflow_provider_ee.client.errors import EarthEngineError
        from airflow_provider_ee.client.rest import methods

        by_asset = defaultdict(list)
        for subscriber in self._subscribers:
            by_asset[subscriber.asset_id].append(subscriber)
        for asset_id, subscribers in by_asset.items():
            await asyncio.sleep(self._pace.wait(PAUSE_BETWEEN_GETS))
            try:
                await client.run(self._partial.ask(methods.assets_get(asset_name(asset_id)), "name"))
            except EarthEngineError as error:
                self._report_missing(subscribers, error)
            else:
                for subscriber in self._still_here(subscribers):
                    self._leave(subscriber)
                    subscriber.updates.put_nowait(Update(found=True))

    def _report_missing(self, subscribers: Iterable[_AssetSubscriber], error: EarthEngineError) -> None:
        from airflow_provider_ee.client.assets.waiting import is_missing
        from airflow_provider_ee.client.operations.waiting import SECONDS_BETWEEN_LINES

        now = asyncio.get_running_loop().time()
        for subscriber in self._still_here(subscribers):
            if is_missing(error, wait_if_forbidden=subscriber.wait_if_forbidden):
                subscriber.failures.clear()
                if now >= subscriber.line_due_at:
                    routine, subscriber.line_due_at = bool(subscriber.line_due_at), now + SECONDS_BETWEEN_LINES
                    line = f"There is no {subscriber.asset_id} yet: {error.message}"
                    subscriber.updates.put_nowait(Update(line, routine=routine))
                continue
            self._note_failure(error)
            try:
                line = subscriber.failures.record(error, now) or ""
            except type(error) as final:
                self._leave(subscriber)
                subscriber.updates.put_nowait(Update(error=final))
            else:
                subscriber.updates.put_nowait(Update(line, warning=True))

    def _still_here(self, subscribers: Iterable[_AssetSubscriber]) -> list[_AssetSubscriber]:
        return [subscriber for subscriber in subscribers if subscriber in self._subscribers]
