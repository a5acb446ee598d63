"""Poll a project's queue once for all triggers that wait for room in it. Nothing is submitted from here."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from airflow_provider_ee.triggers.polling.rounds import PAUSE_BETWEEN_PAGES, Pace
from airflow_provider_ee.triggers.polling.shared import OpenClient, SharedPoller, Subscriber, Update

if TYPE_CHECKING:
    from collections.abc import Hashable

    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.http.clients import AsyncClient
    from airflow_provider_ee.client.operations.waiting import PollFailures

__all__ = ["QueueGate", "backoff"]

#: After how long without room one subscriber is admitted all the same: the size that we take the queue to have may be
#: wrong. Earth Engine was seen to count by user, over all of a user's projects.
_SECONDS_WITHOUT_ROOM = 600.0
_MOST_DOUBLINGS = 4

_arrivals = count()


def backoff(refusals: object, interval: float) -> float:
    """Return the seconds to wait after so many refusals in a row, though there seemed to be room."""
    if not isinstance(refusals, int) or refusals < 1:
        return 0.0
    return interval * (1 << min(refusals, _MOST_DOUBLINGS))


@dataclass(eq=False, slots=True)
class _QueueSubscriber(Subscriber):
    """One trigger that waits for room.

    Attributes:
        limit: How many operations may be pending in the queue.
        slots: How many free slots it needs.
        retries: Whether it is admitted after a long time without room, to try a submission.
        failures: The failed polls since the last one that worked.
        line_due_at: When it is to be told next that there is no room.
        number: Its rank in the order of arrival.
    """

    limit: int
    slots: int
    retries: bool
    failures: PollFailures
    line_due_at: float = 0.0
    number: int = field(default_factory=_arrivals.__next__)


class QueueGate(SharedPoller[_QueueSubscriber]):
    """Admits as many subscribers as the project's queue has room for, in the order in which they came."""

    def __init__(self, key: Hashable, open_client: OpenClient) -> None:
        super().__init__(key, open_client)
        self._last_admission = asyncio.get_running_loop().time()
        #: Slots of those whom the last poll admitted: they may not have submitted yet.
        self._just_admitted = 0
        self._pace = Pace()

    def subscribe(
        self,
        *,
        limit: int,
        interval: float,
        first_poll_after: float,
        slots: int = 1,
        retries: bool = True,
        updates: asyncio.Queue[Update] | None = None,
    ) -> AbstractAsyncContextManager[asyncio.Queue[Update]]:
        """Subscribe to room in the queue; updates come through an asyncio.Queue.

        Args:
            limit: How many operations may be pending in the project's queue.
            interval: Seconds between two polls; the shortest interval of any subscriber counts for all.
            first_poll_after: Seconds before which this subscriber is not admitted.
            slots: How many free slots it needs.
            retries: Whether to admit it after a long time without room, to try a submission.
            updates: The queue to use, for a caller with several subscriptions; a new one if None.
        """
        from airflow_provider_ee.client.operations.waiting import PollFailures

        first_poll_at = asyncio.get_running_loop().time() + first_poll_after
        subscriber = _QueueSubscriber(
            interval, first_poll_at, limit, slots, retries, PollFailures(), updates=updates or asyncio.Queue()
        )
        return self._subscribe(subscriber)

    async def _poll(self, client: AsyncClient) -> None:
        from airflow_provider_ee.client.arguments.names import project_path
        from airflow_provider_ee.client.errors import EarthEngineError
        from airflow_provider_ee.client.operations.listing import count_pending

        enough = max(subscriber.limit for subscriber in self._subscribers)
        try:
            await asyncio.sleep(self._pace.wait(PAUSE_BETWEEN_PAGES))
            pause = partial(self._pace.wait, PAUSE_BETWEEN_PAGES)
            pending = await client.run(count_pending(project_path(client.project), enough, pause=pause))
        except EarthEngineError as error:
            self._report_failure(error)
        else:
            self._admit_by(pending, client.project)
        now = asyncio.get_running_loop().time()
        retrying = [subscriber for subscriber in self._subscribers if subscriber.retries]
        if now - self._last_admission >= _SECONDS_WITHOUT_ROOM and retrying:
            self._admit(min(retrying, key=_arrival))

    def _admit_by(self, pending: int, project: str) -> None:
        """Admit those for whom there is room, and tell the others every few minutes that there is none."""
        from airflow_provider_ee.client.operations.waiting import SECONDS_BETWEEN_LINES, no_room

        taken, admitted = pending + self._just_admitted, 0
        now = asyncio.get_running_loop().time()
        for subscriber in sorted(self._subscribers, key=_arrival):
            subscriber.failures.clear()
            if taken + admitted + subscriber.slots <= subscriber.limit:
                self._admit(subscriber)
                admitted += subscriber.slots
            elif now >= subscriber.line_due_at:
                routine = bool(subscriber.line_due_at)
                subscriber.line_due_at = now + SECONDS_BETWEEN_LINES
                line = no_room(project, taken + admitted, subscriber.limit)
                subscriber.updates.put_nowait(Update(line, routine=routine))
        self._just_admitted = admitted

    def _admit(self, subscriber: _QueueSubscriber) -> None:
        self._last_admission = asyncio.get_running_loop().time()
        self._leave(subscriber)
        subscriber.updates.put_nowait(Update(room=True))

    def _report_failure(self, error: EarthEngineError) -> None:
        self._note_failure(error)
        now = asyncio.get_running_loop().time()
        for subscriber in list(self._subscribers):
            try:
                line = subscriber.failures.record(error, now)
            except type(error) as final:
                self._leave(subscriber)
                subscriber.updates.put_nowait(Update(error=final))
            else:
                if line:
                    subscriber.updates.put_nowait(Update(line, warning=True))


def _arrival(subscriber: _QueueSubscriber) -> int:
    return subscriber.number
