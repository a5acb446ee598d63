"""One look at a project's queue for all who wait for room in it. Nothing is ever submitted from here."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from airflow_provider_ee.triggers.polling.rounds import PAUSE_AFTER_PAGE
from airflow_provider_ee.triggers.polling.shared import Lookout, News, OpenClient, Waiter

if TYPE_CHECKING:
    from collections.abc import Hashable

    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.http.clients import AsyncClient
    from airflow_provider_ee.client.operations.waiting import Trouble

__all__ = ["Doorman", "penance"]

#: After how long without room somebody is let in all the same: what we take for the queue's size may be wrong. Earth
#: Engine was seen to count by user, over all of a user's projects.
_SECONDS_WITHOUT_ROOM = 600.0
_MOST_DOUBLINGS = 4

_arrivals = count()


def penance(refusals: object, interval: float) -> float:
    """Return the seconds for which one that was refused so often stays away: our idea of what is room may be wrong."""
    if not isinstance(refusals, int) or refusals < 1:
        return 0.0
    return interval * (1 << min(refusals, _MOST_DOUBLINGS))


@dataclass(eq=False, slots=True)
class _Guest(Waiter):
    """One trigger's wait for room.

    Attributes:
        places: How many operations may wait in the queue, as far as this one knows.
        wants: How many of them it will take.
        insists: Whether it is let in after a long time without room.
        trouble: What keeps the doorman from counting them.
        number: Its place in the order of arrival.
    """

    places: int
    wants: int
    insists: bool
    trouble: Trouble
    number: int = field(default_factory=_arrivals.__next__)


class Doorman(Lookout[_Guest]):
    """Lets in as many as there is room for in the project's queue, in the order in which they came."""

    def __init__(self, key: Hashable, open_client: OpenClient) -> None:
        super().__init__(key, open_client)
        self._last_entry = asyncio.get_running_loop().time()
        #: Those whom the last round let in: they may not have submitted yet.
        self._on_their_way = 0

    def queueing(
        self,
        *,
        places: int,
        interval: float,
        first_look_after: float,
        wants: int = 1,
        insists: bool = True,
        news: asyncio.Queue[News] | None = None,
    ) -> AbstractAsyncContextManager[asyncio.Queue[News]]:
        """Wait for room; the news come through the queue.

        Args:
            places: How many operations may wait in the project's queue.
            interval: Seconds between two looks; a doorman looks as often as its most eager guest wants.
            first_look_after: Seconds before which this one is not let in.
            wants: How many places there have to be for it.
            insists: Whether to let it in after a long time without room, to try its luck.
            news: The queue, if the caller hears of other things through it as well.
        """
        from airflow_provider_ee.client.operations.waiting import Trouble

        first_look_at = asyncio.get_running_loop().time() + first_look_after
        guest = _Guest(interval, first_look_at, places, wants, insists, Trouble(), news=news or asyncio.Queue())
        return self._join(guest)

    async def _look(self, client: AsyncClient) -> None:
        from airflow_provider_ee.client.arguments.names import project_path
        from airflow_provider_ee.client.errors import EarthEngineError
        from airflow_provider_ee.client.operations.listing import count_pending

        enough = max(guest.places for guest in self._waiters)
        try:
            pending = await client.run(count_pending(project_path(client.project), enough, pause=PAUSE_AFTER_PAGE))
        except EarthEngineError as error:
            self._tell_of_trouble(error)
        else:
            self._open_door(pending)
        now = asyncio.get_running_loop().time()
        insisting = [guest for guest in self._waiters if guest.insists]
        if now - self._last_entry >= _SECONDS_WITHOUT_ROOM and insisting:
            self._let_in(min(insisting, key=_arrival))

    def _open_door(self, pending: int) -> None:
        taken, entered = pending + self._on_their_way, 0
        for guest in sorted(self._waiters, key=_arrival):
            guest.trouble.over()
            if taken + entered + guest.wants <= guest.places:
                self._let_in(guest)
                entered += guest.wants
        self._on_their_way = entered

    def _let_in(self, guest: _Guest) -> None:
        self._last_entry = asyncio.get_running_loop().time()
        self._leave(guest)
        guest.news.put_nowait(News(room=True))

    def _tell_of_trouble(self, error: EarthEngineError) -> None:
        now = asyncio.get_running_loop().time()
        for guest in list(self._waiters):
            try:
                line = guest.trouble.met(error, now)
            except type(error) as final:
                self._leave(guest)
                guest.news.put_nowait(News(error=final))
            else:
                if line:
                    guest.news.put_nowait(News(line))


def _arrival(guest: _Guest) -> int:
    return guest.number
