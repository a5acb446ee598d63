"""Wait for thousands of exports of one task while it is deferred."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from airflow_provider_ee.triggers.base import TIMED_OUT, UNREACHABLE, check_event
from airflow_provider_ee.triggers.on_kill import CancellingTrigger
from airflow_provider_ee.triggers.operations import DONE
from airflow_provider_ee.triggers.polling.bulk_progress import BulkProgress
from airflow_provider_ee.triggers.polling.queue_room import QueueGate, backoff
from airflow_provider_ee.triggers.polling.shared import Update
from airflow_provider_ee.triggers.queue import ROOM

if TYPE_CHECKING:
    from airflow_provider_ee.client.bulk.tracker import Remaining
    from airflow_provider_ee.client.http.clients import AsyncClient
    from airflow_provider_ee.client.operations.markers import Ticket

__all__ = ["DONE", "FAILURES", "ROOM", "TIMED_OUT", "UNREACHABLE", "EarthEngineBulkTrigger", "read_event"]

FAILURES = "failures"


def read_event(event: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return an event as it came back to the task, if it is one of this trigger's."""
    return check_event(EarthEngineBulkTrigger, event, whole=bool(event and "tally" in event))


class EarthEngineBulkTrigger(CancellingTrigger):
    """Fire once when a worker has something to do for the items of a task. It never submits anything.

    That is: nothing is active any more and nothing is left to be submitted (`done`); the queue has room to submit
    more, or enough has failed in a way that may pass (`room`); more items have failed than may (`failures`). The event
    holds `status` (these, `timed_out` or `unreachable`), the `tally` of all items as numbers, empty if they were never
    seen, and a `message` where there is something to say.

    Its arguments are as small for ten thousand items as for ten: the list of all operations tells which are theirs.

    Args:
        ticket: The marker at the end of the operations' descriptions, without the item.
        project_id: The project.
        earthengine_conn_id: The connection to look with.
        impersonation_chain: Service accounts to impersonate, instead of the connection's.
        api_version: Overrides the version of the API.
        poll_interval: Seconds between two looks, and at least between two lines about the progress.
        deadline: The time, in seconds since 1970, at which to give up.
        left: What the worker has left to be done: the fields of `client.bulk.tracker.Remaining`.
        places: How many operations may wait in the project's queue.
        worthwhile: Free queue slots, or failures that may pass, needed before resuming is worthwhile.
        fruitless: How many visits of a worker in a row could start nothing because of the full queue.
        stop_after: How many items may fail before the worker wants to know; None for any number.
        item_retries: Whether failures that may pass are a reason to resume; the worker counts how often.
        begun: When the first visit began, in seconds since 1970.
        cancel_on_kill: Whether all operations are cancelled when a person ends the task.
    """

    statuses = CancellingTrigger.statuses | {DONE, ROOM, FAILURES}

    def __init__(
        self,
        ticket: str,
        *,
        project_id: str,
        earthengine_conn_id: str = "earthengine_default",
        impersonation_chain: str | Sequence[str] | None = None,
        api_version: str | None = None,
        poll_interval: float = 30.0,
        deadline: float | None = None,
        left: Mapping[str, int] | None = None,
        places: int = 3000,
        worthwhile: int = 1,
        fruitless: int = 0,
        stop_after: int | None = None,
        item_retries: int = 0,
        begun: float | None = None,
        cancel_on_kill: bool = True,
        **_: Any,
    ) -> None:
        super().__init__(
            project_id=project_id,
            earthengine_conn_id=earthengine_conn_id,
            impersonation_chain=impersonation_chain,
            api_version=api_version,
            poll_interval=poll_interval,
            deadline=deadline,
        )
        self.ticket = ticket
        self.left = dict(left or {})
        self.places = places
        self.worthwhile = worthwhile
        self.fruitless = fruitless
        self.stop_after = stop_after
        self.item_retries = item_retries
        self.begun = begun
        self.cancel_on_kill = cancel_on_kill
        self._progress: BulkProgress | None = None

    async def _wait(self) -> dict[str, Any]:
        from airflow_provider_ee.client.errors import EarthEngineError

        poller, interval = self._poller(), self.poll_interval
        await asyncio.sleep(poller.first_poll)
        async with AsyncExitStack() as waits:
            # For no operation yet, but it keeps the client open while the list is read.
            updates = await waits.enter_async_context(poller.subscribe((), interval=interval, first_poll_after=0.0))
            await self._open(poller, updates)
            if not updates.empty() and (error := updates.get_nowait().error):
                return self._unreachable(error)
            try:
                progress = self._progress = await self._look_at_all(await poller.client())
            except EarthEngineError as final:
                return self._unreachable(final)
            subscription = poller.subscribe(progress.active, interval=interval, first_poll_after=0.0, updates=updates)
            await waits.enter_async_context(subscription)
            if self._has_more:
                gate = QueueGate.shared(self._identity, self._open_client)
                subscription = gate.subscribe(
                    limit=self.places,
                    interval=interval,
                    first_poll_after=backoff(self.fruitless, interval),
                    slots=min(self.worthwhile, self.places),
                    retries=False,
                    updates=updates,
                )
                await waits.enter_async_context(subscription)
                await self._open(gate, updates)
            return await self._follow(progress, updates)

    async def _look_at_all(self, client: AsyncClient) -> BulkProgress:
        from airflow_provider_ee.triggers.polling.bulk import track_items

        ticket, remaining = self._task()
        tracker, active = await track_items(
            client, ticket, remaining, interval=self.poll_interval, log=self.log.warning
        )
        return BulkProgress(tracker, active, time.time() if self.begun is None else self.begun)

    async def _follow(self, progress: BulkProgress, updates: asyncio.Queue[Update]) -> dict[str, Any]:
        """Wait until there is something to do, and log the progress at most once per interval."""
        clock = asyncio.get_running_loop().time
        log_at = clock()
        while (status := self._status(progress)) is None:
            if clock() >= log_at:
                if errors := progress.describe_errors():
                    self.log.warning("%s", errors)
                for line in progress.describe_changes(clock()):
                    self.log.info("%s", line)
                log_at = clock() + self.poll_interval
            for one in await _all_updates(updates, log_at):
                if error := progress.update(one):
                    return self._unreachable(error)
        return self._event(status)

    def _status(self, progress: BulkProgress) -> str | None:
        """Return why a worker should resume; None if it need not."""
        if self.stop_after is not None and progress.failed > self.stop_after:
            return FAILURES
        if progress.room or (self.item_retries > 0 and progress.passing_failures >= self.worthwhile):
            return ROOM
        # While more is to be submitted, operations of others may fill the queue: then a worker could do nothing.
        return None if progress.active or self._has_more else DONE

    @property
    def _has_more(self) -> bool:
        return self.left.get("to_submit", 0) > 0

    def _task(self) -> tuple[Ticket, Remaining]:
        """Return the task's ticket and what the worker has left to be done, as far as this release understands it."""
        from airflow_provider_ee.client.bulk.tracker import Remaining
        from airflow_provider_ee.client.errors import InvalidArgument, shown
        from airflow_provider_ee.client.operations.markers import Ticket

        ticket = Ticket.read(self.ticket)
        if ticket is None:
            raise InvalidArgument("ticket", f"{shown(self.ticket)} is not the marker of a task", "Ticket.marker")
        known = {field.name for field in fields(Remaining)}
        return ticket, Remaining(**{name: number for name, number in self.left.items() if name in known})

    async def _cancel(self) -> None:
        from airflow_provider_ee.triggers.polling.bulk import cancel_all_items

        poller, known = self._poller(), self._progress.active if self._progress else {}
        # For no operation, but it keeps the client open.
        async with poller.subscribe((), interval=self.poll_interval, first_poll_after=0.0):
            await cancel_all_items(await poller.client(), *self._task(), known, log=self.log.info)

    def _about(self) -> str:
        return self.ticket

    def _arguments(self) -> dict[str, Any]:
        return {
            "ticket": self.ticket,
            **super()._arguments(),
            "left": self.left,
            "places": self.places,
            "worthwhile": self.worthwhile,
            "fruitless": self.fruitless,
            "stop_after": self.stop_after,
            "item_retries": self.item_retries,
            "begun": self.begun,
            "cancel_on_kill": self.cancel_on_kill,
        }

    def _event(self, status: str, message: str | None = None) -> dict[str, Any]:
        counts = asdict(self._progress.counts) if self._progress else {}
        return {**super()._event(status, message), "tally": counts}


async def _all_updates(updates: asyncio.Queue[Update], until: float) -> list[Update]:
    """Return all updates that there are; wait for some, until a time by the clock of the event loop."""
    try:
        async with asyncio.timeout_at(until):
            found = [await updates.get()]
    except TimeoutError:
        return []
    while not updates.empty():
        found.append(updates.get_nowait())
    return found
