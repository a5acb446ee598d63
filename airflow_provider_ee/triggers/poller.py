"""One look for many waiters: all triggers of a process that wait under the same connection share one poller.

A poller belongs to one event loop, connection, project and identity. The first waiter opens its client and starts it;
some time after the last one left, it closes the client and ends. It runs in an empty context, so that its lines are not
taken for those of whoever came first, and it never calls Airflow: what there is to say goes to the waiters, who say it
in their own names.
"""

from __future__ import annotations

import asyncio
import contextvars
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, TypeAlias
from weakref import WeakKeyDictionary

from airflow_provider_ee.triggers.rounds import look_at

if TYPE_CHECKING:
    from airflow_provider_ee.client.clients import AsyncClient
    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.operations import Operation
    from airflow_provider_ee.client.watch import Watch

__all__ = ["News", "Poller"]

OpenClient: TypeAlias = Callable[[], Awaitable["AsyncClient"]]

_JITTER = 0.1
#: A client is kept for those who come back at once, and for the cancel call of a trigger that was just told to stop.
_LINGER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class News:
    """What is new about one operation.

    Attributes:
        name: The operation.
        line: What a log should say.
        operation: The operation, once it is done.
        error: Why it can no longer be looked at, if so.
    """

    name: str
    line: str | None = None
    operation: Operation | None = None
    error: Exception | None = None


@dataclass(eq=False, slots=True)
class _Waiter:
    """One trigger's interest in some operations."""

    interval: float
    watches: dict[str, Watch]
    first_look_at: float
    news: asyncio.Queue[News] = field(default_factory=asyncio.Queue)


class Poller:
    """Looks at operations for all who wait for them. `Poller.shared` returns the one to use."""

    _of_loop: ClassVar[WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Hashable, Poller]]] = WeakKeyDictionary()

    def __init__(self, open_client: OpenClient) -> None:
        self._open_client = open_client
        self._opening = asyncio.Lock()
        self._client: AsyncClient | None = None
        self._looking: asyncio.Task[None] | None = None
        self._waiters: set[_Waiter] = set()
        self._waiters_changed = asyncio.Event()
        self._last_round = float("-inf")

    @classmethod
    def shared(cls, key: Hashable, open_client: OpenClient) -> Poller:
        """Return the poller of the running event loop for a key, such as (connection, project, identity)."""
        pollers = cls._of_loop.setdefault(asyncio.get_running_loop(), {})
        if key not in pollers:
            pollers[key] = cls(open_client)
        return pollers[key]

    async def client(self) -> AsyncClient:
        """Return the client that all share. It is opened by whoever asks first, in that caller's own context."""
        async with self._opening:
            if self._client is None:
                self._client = await self._open_client()
                self._looking = contextvars.Context().run(asyncio.create_task, self._look_for_all(self._client))
            return self._client

    @asynccontextmanager
    async def watching(
        self, names: Iterable[str], *, interval: float, first_look_after: float
    ) -> AsyncIterator[asyncio.Queue[News]]:
        """Wait for operations; their news come through the queue.

        Args:
            names: The operations.
            interval: Seconds between two looks; a poller looks as often as its most eager waiter wants.
            first_look_after: Seconds before which nothing is looked at for this waiter.
        """
        from airflow_provider_ee.client.watch import Watch

        now = asyncio.get_running_loop().time()
        waiter = _Waiter(interval, {name: Watch() for name in names}, now + first_look_after)
        self._waiters.add(waiter)
        self._waiters_changed.set()
        try:
            await self.client()  # only now: a poller that somebody waits for does not end
            yield waiter.news
        finally:
            self._waiters.discard(waiter)
            self._waiters_changed.set()

    async def _look_for_all(self, client: AsyncClient) -> None:
        try:
            while await self._next_round():
                now = asyncio.get_running_loop().time()
                due = {name for waiter in self._waiters if waiter.first_look_at <= now for name in waiter.watches}
                await look_at(client, due, self._tell)
        except Exception as error:  # noqa: BLE001  # whatever it is, those who wait must hear of it
            for waiter in self._waiters:
                for name in waiter.watches:
                    waiter.news.put_nowait(News(name, error=error))
        finally:
            self._client = None
            await client.close()

    async def _next_round(self) -> bool:
        """Wait until it is time to look again; False if nobody has waited for a while."""
        clock = asyncio.get_running_loop().time
        while True:
            self._waiters_changed.clear()
            try:
                async with asyncio.timeout_at(self._round_due(clock())):
                    await self._waiters_changed.wait()
            except TimeoutError:
                self._last_round = clock()
                return bool(self._waiters)

    def _round_due(self, now: float) -> float:
        if not self._waiters:
            return now + _LINGER_SECONDS
        interval = min(waiter.interval for waiter in self._waiters)
        jitter = random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311  # spreads load, guards nothing
        return max(self._last_round + interval * jitter, min(waiter.first_look_at for waiter in self._waiters))

    def _tell(self, name: str, seen: Operation | EarthEngineError) -> None:
        for waiter in self._waiters:
            if name in waiter.watches:
                self._tell_one(waiter, name, seen)

    @staticmethod
    def _tell_one(waiter: _Waiter, name: str, seen: Operation | EarthEngineError) -> None:
        from airflow_provider_ee.client.errors import EarthEngineError

        watch = waiter.watches[name]
        if isinstance(seen, EarthEngineError):
            try:
                news = News(name, line=watch.missed(seen, asyncio.get_running_loop().time()))
            except EarthEngineError as final:
                news = News(name, error=final)
        else:
            news = News(name, line=watch.seen(seen), operation=seen if seen.done else None)
        if news.operation or news.error:
            del waiter.watches[name]
        if news != News(name):
            waiter.news.put_nowait(news)
