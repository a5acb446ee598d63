"""One look for many waiters: all triggers of a process that wait for the same kind of thing as the same identity.

A lookout belongs to one event loop, connection, project and identity. The first waiter opens its client and starts it;
some time after the last one left, it closes the client and ends. It runs in an empty context, so that its lines are not
taken for those of whoever came first, and it never calls Airflow: what there is to say goes to the waiters, who say it
in their own names.

Ten thousand may wait: what happens to one of them costs no more than a few steps.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
import random
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeAlias, TypeVar
from weakref import WeakKeyDictionary

from airflow_provider_ee.compat import conf
from airflow_provider_ee.triggers.polling.log_budget import Allowance

if TYPE_CHECKING:
    from airflow_provider_ee.client.http.clients import AsyncClient
    from airflow_provider_ee.client.operations.operation import Operation

__all__ = ["Lookout", "News", "OpenClient", "Waiter"]

OpenClient: TypeAlias = Callable[[], Awaitable["AsyncClient"]]

_LOG = logging.getLogger(__name__)

_JITTER = 0.1
#: A client is kept for those who come back at once, and for the cancel call of a trigger that was just told to stop.
_LINGER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class News:
    """What a waiter is told.

    Attributes:
        line: What a log should say.
        error: Why it is no use to wait any longer, if so.
        name: The operation that it is about, if it is about one.
        operation: That operation, whenever a look at it has shown anything new. It may be done.
        room: Whether there is room for the waiter, if it waits for that.
    """

    line: str | None = None
    error: Exception | None = None
    name: str = ""
    operation: Operation | None = None
    room: bool = False


@dataclass(eq=False, slots=True)
class Waiter:
    """One trigger's wait.

    Attributes:
        interval: Seconds between two looks; the most eager waiter decides for all.
        first_look_at: When to look for this waiter at the earliest, by the clock of the event loop.
        news: What the trigger has to hear.
    """

    interval: float
    first_look_at: float
    news: asyncio.Queue[News] = field(default_factory=asyncio.Queue, kw_only=True)


AnyWaiter = TypeVar("AnyWaiter", bound=Waiter)


class Lookout(ABC, Generic[AnyWaiter]):
    """Looks, once per interval, for all who wait; a subclass says how. `shared` returns the one to use.

    Args:
        key: By which it is shared.
        open_client: Opens its client.

    Attributes:
        first_look: Seconds before which it is no use to look for anybody: Airflow fails tasks whose trigger fires at
            once. Read here, for reading Airflow's configuration ten thousand times takes seconds.
        lines: What those who wait may say to their logs, all together.
    """

    _of_loop: ClassVar[WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Hashable, Any]]] = WeakKeyDictionary()

    def __init__(self, key: Hashable, open_client: OpenClient) -> None:
        self.first_look = float(conf.getfloat("earthengine", "first_look", fallback=10.0))
        self._key = key
        self._open_client = open_client
        self.lines = Allowance()
        self._opening = asyncio.Lock()
        self._not_opened: tuple[float, Exception] | None = None
        self._client: AsyncClient | None = None
        self._working: asyncio.Task[None] | None = None
        #: Those whose first look is still to come, and those who are looked for.
        self._newcomers: dict[AnyWaiter, None] = {}
        self._waiters: dict[AnyWaiter, None] = {}
        self._last_round = float("-inf")
        self._next_round = float("inf")
        self._jitter = 1.0
        self._plan_again = asyncio.Event()

    @classmethod
    def shared(cls, key: Hashable, open_client: OpenClient) -> Self:
        """Return the one of the running event loop for a key, such as (connection, project, identity)."""
        lookouts = cls._of_loop.setdefault(asyncio.get_running_loop(), {})
        if (cls, key) not in lookouts:
            lookouts[cls, key] = cls((cls, key), open_client)
        found: Self = lookouts[cls, key]
        return found

    async def client(self) -> AsyncClient:
        """Return the client that all share. It is opened by whoever asks first, in that caller's own context.

        Those who ask while it is being opened share the attempt, also if it fails: there may be thousands of them.
        """
        asked_at = asyncio.get_running_loop().time()
        async with self._opening:
            if self._client is None:
                if self._not_opened and asked_at <= self._not_opened[0]:
                    raise self._not_opened[1].with_traceback(None)
                self._client = await self._open()
                self._working = contextvars.Context().run(asyncio.create_task, self._work(self._client))
            return self._client

    @asynccontextmanager
    async def _join(self, waiter: AnyWaiter) -> AsyncIterator[asyncio.Queue[News]]:
        """Let somebody wait. News come through the queue, provided that somebody has opened the client."""
        self._newcomers[waiter] = None
        if max(self._round_after(waiter.interval), waiter.first_look_at) < self._next_round:
            self._plan_again.set()
        try:
            yield waiter.news
        finally:
            self._newcomers.pop(waiter, None)
            if waiter in self._waiters:
                self._leave(waiter)
            if not (self._newcomers or self._waiters):
                self._plan_again.set()

    @abstractmethod
    async def _look(self, client: AsyncClient) -> None:
        """Look for those in `_waiters`, and tell them what is new."""

    def _take_in(self, waiter: AnyWaiter) -> None:
        """Look for somebody from now on."""
        self._waiters[waiter] = None

    def _leave(self, waiter: AnyWaiter) -> None:
        """Look for somebody no longer."""
        del self._waiters[waiter]

    async def _open(self) -> AsyncClient:
        try:
            client = await self._open_client()
        except Exception as error:
            self._not_opened = (asyncio.get_running_loop().time(), error)
            raise
        self._not_opened = None
        return client

    async def _work(self, client: AsyncClient) -> None:
        from airflow_provider_ee.client.operations.checkpoints import step

        try:
            while await self._round_is_due():
                step("looking")
                await self._look(client)
        except Exception as error:  # noqa: BLE001  # whatever it is, those who wait must hear of it
            _LOG.exception("Looking at Earth Engine has ended: all who wait are told.")
            for waiter in [*self._newcomers, *self._waiters]:
                waiter.news.put_nowait(News(error=error))
        finally:
            # At once, so that nobody joins who would not be looked for.
            self._client = None
            lookouts = self._of_loop[asyncio.get_running_loop()]
            if lookouts.get(self._key) is self:
                del lookouts[self._key]
            await client.close()

    async def _round_is_due(self) -> bool:
        """Wait until it is time to look again; False if nobody has waited for a while."""
        clock = asyncio.get_running_loop().time
        self._jitter = random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311  # spreads load, guards nothing
        while True:
            self._plan_again.clear()
            self._next_round = self._plan(clock())
            try:
                async with asyncio.timeout_at(self._next_round):
                    await self._plan_again.wait()
            except TimeoutError:
                for waiter in [waiter for waiter in self._newcomers if waiter.first_look_at <= clock()]:
                    del self._newcomers[waiter]
                    self._take_in(waiter)
                if self._waiters:
                    self._last_round = clock()
                    return True
                # Unless the last one has left just now: then the time to wait for others begins.
                if not (self._newcomers or self._plan_again.is_set()):
                    return False

    def _plan(self, now: float) -> float:
        """Say when to look next, or when to give up waiting for somebody to wait."""
        if not (self._newcomers or self._waiters):
            return now + _LINGER_SECONDS
        round_due = self._round_after(self._interval())
        return round_due if self._waiters else max(round_due, min(waiter.first_look_at for waiter in self._newcomers))

    def _round_after(self, interval: float) -> float:
        return self._last_round + interval * self._jitter

    def _interval(self) -> float:
        """Return the shortest that anybody asks for."""
        return min(waiter.interval for waiter in chain(self._newcomers, self._waiters))
