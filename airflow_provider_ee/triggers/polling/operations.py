"""One look at operations for all who wait for them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from airflow_provider_ee.triggers.polling.rounds import look_at
from airflow_provider_ee.triggers.polling.shared import Lookout, News, OpenClient, Waiter

if TYPE_CHECKING:
    from collections.abc import Hashable

    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.http.clients import AsyncClient
    from airflow_provider_ee.client.operations.operation import Operation
    from airflow_provider_ee.client.operations.waiting import Watch

__all__ = ["Poller"]

#: The share of an interval that may go into looks at operations that no list shows.
_SHARE_OF_SINGLE_LOOKS = 0.5


@dataclass(eq=False, slots=True)
class _Watcher(Waiter):
    """One trigger's interest in some operations.

    Attributes:
        watches: What is known of each that is not done.
    """

    watches: dict[str, Watch]


class Poller(Lookout[_Watcher]):
    """Looks at operations for all who wait for them."""

    def __init__(self, key: Hashable, open_client: OpenClient) -> None:
        super().__init__(key, open_client)
        #: Who wants to hear of each operation; those that have gone without a look for longest come first.
        self._wanted: dict[str, set[_Watcher]] = {}

    def watching(
        self,
        names: Iterable[str],
        *,
        interval: float,
        first_look_after: float,
        max_eecu_seconds: float | None = None,
        news: asyncio.Queue[News] | None = None,
    ) -> AbstractAsyncContextManager[asyncio.Queue[News]]:
        """Wait for operations; their news come through the queue.

        Args:
            names: The operations.
            interval: Seconds between two looks; a poller looks as often as its most eager waiter wants.
            first_look_after: Seconds before which nothing is looked at for this waiter.
            max_eecu_seconds: The computing time that each may use.
            news: The queue, if the caller hears of other things through it as well.
        """
        from airflow_provider_ee.client.operations.waiting import Watch

        first_look_at = asyncio.get_running_loop().time() + first_look_after
        watches = {name: Watch(max_eecu_seconds) for name in names}
        return self._join(_Watcher(interval, first_look_at, watches, news=news or asyncio.Queue()))

    def _take_in(self, waiter: _Watcher) -> None:
        super()._take_in(waiter)
        for name in waiter.watches:
            self._wanted.setdefault(name, set()).add(waiter)

    def _leave(self, waiter: _Watcher) -> None:
        super()._leave(waiter)
        for name in waiter.watches:
            self._lose_interest(waiter, name)

    def _lose_interest(self, waiter: _Watcher, name: str) -> None:
        interested = self._wanted[name]
        interested.discard(waiter)
        if not interested:
            del self._wanted[name]

    async def _look(self, client: AsyncClient) -> None:
        await look_at(client, list(self._wanted), self._tell, seconds=self._interval() * _SHARE_OF_SINGLE_LOOKS)

    def _tell(self, name: str, seen: Operation | EarthEngineError) -> None:
        interested = self._wanted.pop(name, None)
        if interested is None:  # they left while the look was under way
            return
        self._wanted[name] = interested
        for waiter in tuple(interested):
            news = self._news(waiter.watches[name], name, seen)
            if news.error or (news.operation and news.operation.done):
                self._lose_interest(waiter, name)
                del waiter.watches[name]
            if news.line or news.operation or news.error:
                waiter.news.put_nowait(news)

    @staticmethod
    def _news(watch: Watch, name: str, seen: Operation | EarthEngineError) -> News:
        from airflow_provider_ee.client.errors import EarthEngineError

        try:
            if isinstance(seen, EarthEngineError):
                return News(watch.missed(seen, asyncio.get_running_loop().time()), name=name)
            line = watch.seen(seen)
            return News(line, name=name, operation=seen if line or seen.done else None)
        except EarthEngineError as final:
            return News(error=final, name=name)
