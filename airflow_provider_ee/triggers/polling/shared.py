"""Poll once for many subscribers: triggers of a process that wait for the same kind of thing with the same identity.

A shared poller belongs to one event loop, connection, project and identity. The first subscriber opens its client and
starts it; some time after the last one left, it closes the client and ends. It runs in an empty context, so that its
log lines are not attributed to the first subscriber, and it never calls Airflow: what there is to say goes to the
subscribers, which log it themselves.

There may be ten thousand subscribers: an update of one of them takes a few steps, whatever their number.
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
from airflow_provider_ee.triggers.polling.log_budget import LogBudget

if TYPE_CHECKING:
    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.http.clients import AsyncClient
    from airflow_provider_ee.client.operations.operation import Operation

__all__ = ["OpenClient", "SharedPoller", "Subscriber", "Update"]

OpenClient: TypeAlias = Callable[[], Awaitable["AsyncClient"]]

_LOG = logging.getLogger(__name__)

_JITTER = 0.1
#: A client is kept for those who come back at once, and for the cancel call of a trigger that was just told to stop.
_LINGER_SECONDS = 60.0

#: Keys are rotated and connections edited while triggers wait for days: how old a client may get, how old it has to be
#: to be replaced because its credentials were refused, and for how long opening another one may hold up a poll.
_CLIENT_SECONDS, _REFUSED_CLIENT_SECONDS, _OPENING_SECONDS = 3600.0, 60.0, 10.0
#: How long requests that others send with a replaced client may take.
_RETIRED_CLIENT_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Update:
    """What a subscriber is told after a poll.

    Attributes:
        line: The line to log.
        error: Why waiting longer is useless, if it is.
        name: The operation that it is about, if it is about one.
        operation: That operation, whenever a poll has shown anything new of it. It may be done.
        room: Whether there is room for the subscriber, if it waits for that.
        found: Whether the asset is there, if it waits for one.
        warning: Whether the line is about a poll that failed.
        routine: Whether the line says only that the wait goes on.
    """

    line: str | None = None
    error: Exception | None = None
    name: str = ""
    operation: Operation | None = None
    room: bool = False
    found: bool = False
    warning: bool = False
    routine: bool = False


@dataclass(eq=False, slots=True)
class Subscriber:
    """One trigger that waits.

    Attributes:
        interval: Seconds between two polls; the shortest interval of any subscriber counts for all.
        first_poll_at: When to poll for this subscriber at the earliest, by the clock of the event loop.
        updates: What it is told.
    """

    interval: float
    first_poll_at: float
    updates: asyncio.Queue[Update] = field(default_factory=asyncio.Queue, kw_only=True)


AnySubscriber = TypeVar("AnySubscriber", bound=Subscriber)


class SharedPoller(ABC, Generic[AnySubscriber]):
    """Polls once per interval for all subscribers; a subclass says how. `shared` returns the one to use.

    Args:
        key: By which it is shared.
        open_client: Opens its client.

    Attributes:
        first_poll: Seconds after a deferral before which nothing is polled: Airflow fails tasks whose trigger fires at
            once. Read here, for reading Airflow's configuration ten thousand times takes seconds.
        log_budget: How many lines all subscribers together may log.
    """

    _of_loop: ClassVar[WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Hashable, Any]]] = WeakKeyDictionary()

    def __init__(self, key: Hashable, open_client: OpenClient) -> None:
        self.first_poll = float(conf.getfloat("earthengine", "first_poll", fallback=10.0))
        self._key = key
        self._open_client = open_client
        self.log_budget = LogBudget()
        self._opening = asyncio.Lock()
        self._not_opened: tuple[float, Exception] | None = None
        self._client: AsyncClient | None = None
        self._client_opened_at = 0.0
        self._client_refused = False
        self._replacement: asyncio.Task[AsyncClient] | None = None
        #: Clients that were replaced, and when.
        self._retired: list[tuple[float, AsyncClient]] = []
        self._working: asyncio.Task[None] | None = None
        #: The subscribers whose first poll is still to come, and those that each poll is for.
        self._newcomers: dict[AnySubscriber, None] = {}
        self._subscribers: dict[AnySubscriber, None] = {}
        self._last_poll = float("-inf")
        self._next_poll = float("inf")
        self._jitter = 1.0
        self._plan_again = asyncio.Event()

    @classmethod
    def shared(cls, key: Hashable, open_client: OpenClient) -> Self:
        """Return the one of the running event loop for a key, such as (connection, project, identity)."""
        pollers = cls._of_loop.setdefault(asyncio.get_running_loop(), {})
        if (cls, key) not in pollers:
            pollers[cls, key] = cls((cls, key), open_client)
        found: Self = pollers[cls, key]
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
    async def _subscribe(self, subscriber: AnySubscriber) -> AsyncIterator[asyncio.Queue[Update]]:
        """Subscribe for a `with` block. Updates come through the queue, once somebody has opened the client."""
        self._newcomers[subscriber] = None
        if max(self._poll_after(subscriber.interval), subscriber.first_poll_at) < self._next_poll:
            self._plan_again.set()
        try:
            yield subscriber.updates
        finally:
            self._newcomers.pop(subscriber, None)
            if subscriber in self._subscribers:
                self._leave(subscriber)
            if not (self._newcomers or self._subscribers):
                self._plan_again.set()

    @abstractmethod
    async def _poll(self, client: AsyncClient) -> None:
        """Poll for those in `_subscribers`, and tell them what is new."""

    def _take_in(self, subscriber: AnySubscriber) -> None:
        """Poll for a subscriber from now on."""
        self._subscribers[subscriber] = None

    def _leave(self, subscriber: AnySubscriber) -> None:
        """Poll for a subscriber no longer."""
        del self._subscribers[subscriber]

    async def _open(self) -> AsyncClient:
        try:
            client = await self._open_client()
        except Exception as error:
            self._not_opened = (asyncio.get_running_loop().time(), error)
            raise
        self._not_opened = None
        self._client_opened_at, self._client_refused = asyncio.get_running_loop().time(), False
        return client

    def _note_failure(self, error: EarthEngineError) -> None:
        """Take note of a poll that failed: if its credentials were refused, the connection may have changed."""
        from airflow_provider_ee.client.errors import PermissionDenied, Unauthenticated

        if isinstance(error, (PermissionDenied, Unauthenticated)):
            self._client_refused = True

    async def _current_client(self, client: AsyncClient) -> AsyncClient:
        """Return the client to poll with; a new one, with the connection as it is now, in place of a dubious one."""
        now = asyncio.get_running_loop().time()
        while self._retired and now - self._retired[0][0] >= _RETIRED_CLIENT_SECONDS:
            await self._retired.pop(0)[1].close()
        most = _REFUSED_CLIENT_SECONDS if self._client_refused else _CLIENT_SECONDS
        if now - self._client_opened_at < most:
            return client
        if self._replacement is None:
            self._replacement = asyncio.ensure_future(self._open_client())
        await asyncio.wait({self._replacement}, timeout=_OPENING_SECONDS)
        if not self._replacement.done():
            return client
        replacement, self._replacement = self._replacement, None
        if error := replacement.exception():
            _LOG.warning("The connection could not be read anew: %r", error)
            self._client_opened_at = now - most + _REFUSED_CLIENT_SECONDS
            return client
        self._client, self._client_opened_at, self._client_refused = replacement.result(), now, False
        self._retired.append((now, client))
        return self._client

    async def _close_clients(self, client: AsyncClient) -> None:
        late = self._replacement
        if late and not late.cancel() and not late.cancelled() and not late.exception():
            self._retired.append((0.0, late.result()))
        for each in [client, *(retired for _, retired in self._retired)]:
            await each.close()

    async def _work(self, client: AsyncClient) -> None:
        from airflow_provider_ee.client.operations.checkpoints import pass_checkpoint

        try:
            while await self._wait_for_poll():
                pass_checkpoint("polling")
                client = await self._current_client(client)
                await self._poll(client)
        except Exception as error:  # noqa: BLE001  # whatever it is, the subscribers must hear of it
            _LOG.exception("Polling Earth Engine has ended with a fault of its own: all subscribers are told.")
            for subscriber in [*self._newcomers, *self._subscribers]:
                subscriber.updates.put_nowait(Update(error=error))
        finally:
            # At once, so that nobody joins for whom nothing would be polled.
            self._client = None
            pollers = self._of_loop[asyncio.get_running_loop()]
            if pollers.get(self._key) is self:
                del pollers[self._key]
            await self._close_clients(client)

    async def _wait_for_poll(self) -> bool:
        """Wait until the next poll is due; False if there has been no subscriber for a while."""
        clock = asyncio.get_running_loop().time
        self._jitter = random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311  # spreads load, guards nothing
        while True:
            self._plan_again.clear()
            self._next_poll = self._plan(clock())
            try:
                async with asyncio.timeout_at(self._next_poll):
                    await self._plan_again.wait()
            except TimeoutError:
                for subscriber in [subscriber for subscriber in self._newcomers if subscriber.first_poll_at <= clock()]:
                    del self._newcomers[subscriber]
                    self._take_in(subscriber)
                if self._subscribers:
                    self._last_poll = clock()
                    return True
                # Unless the last one has left just now: then the time to wait for others begins.
                if not (self._newcomers or self._plan_again.is_set()):
                    return False

    def _plan(self, now: float) -> float:
        """Return when to poll next, or when to end if no subscriber comes."""
        if not (self._newcomers or self._subscribers):
            return now + _LINGER_SECONDS
        poll_due = self._poll_after(self._interval())
        return (
            poll_due
            if self._subscribers
            else max(poll_due, min(subscriber.first_poll_at for subscriber in self._newcomers))
        )

    def _poll_after(self, interval: float) -> float:
        return self._last_poll + interval * self._jitter

    def _interval(self) -> float:
        """Return the shortest interval that any subscriber asks for."""
        return min(subscriber.interval for subscriber in chain(self._newcomers, self._subscribers))
