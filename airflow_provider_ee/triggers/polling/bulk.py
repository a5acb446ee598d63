"""List and cancel what was started for the items of a task, from a triggerer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from airflow_provider_ee.triggers.polling.rounds import PAUSE_BETWEEN_PAGES

if TYPE_CHECKING:
    from airflow_provider_ee.client.bulk.tracker import ItemTracker, Remaining
    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.http.clients import AsyncClient
    from airflow_provider_ee.client.operations.markers import Ticket

__all__ = ["Active", "cancel_all_items", "track_items"]

#: The states of operations that are not done, by name.
Active: TypeAlias = dict[str, str]

_LOG = logging.getLogger(__name__)

#: The list of operations may lag behind: how often and after how long to look again.
_LOOKS, _SECONDS_BETWEEN_LOOKS = 8, 8.0
#: All that a client sends at the same time; more would only delay the looks of others.
_CANCELS_AT_ONCE = 32


async def track_items(
    client: AsyncClient, ticket: Ticket, remaining: Remaining, *, interval: float, log: Callable[[str], object]
) -> tuple[ItemTracker, Active]:
    """List the items' operations, again for a while if the list lacks what the worker has started.

    Args:
        client: The client that sends the requests.
        ticket: The task's ticket.
        remaining: What the worker has left to be done.
        interval: Seconds until the next look after one that failed in a way that may pass.
        log: Called with each new kind of error.

    Raises:
        EarthEngineError: An error that does not pass.
    """
    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.operations.waiting import PollFailures

    failures, looks = PollFailures(), 0
    while True:
        try:
            tracker, active = await _look(client, ticket, remaining)
        except EarthEngineError as error:
            if line := failures.record(error, asyncio.get_running_loop().time()):
                log(line)
            await asyncio.sleep(interval)
            continue
        failures.clear()
        looks += 1
        if tracker.complete or looks >= _LOOKS:
            return tracker, active
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)


async def cancel_all_items(
    client: AsyncClient, ticket: Ticket, remaining: Remaining, known: Active, *, log: Callable[[str], object]
) -> None:
    """Cancel every operation of a task's items that is not done, again for a while where that fails.

    Args:
        client: The client that sends the requests.
        ticket: The task's ticket.
        remaining: What the worker has left to be done.
        known: What to cancel if the list cannot be read.
        log: Called with how many are cancelled, and with errors.
    """
    from airflow_provider_ee.client.errors import EarthEngineError, Transient

    settled: set[str] = set()
    for look in range(_LOOKS):
        if look:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        try:
            tracker, active = await _look(client, ticket, remaining)
        except EarthEngineError as error:
            log(f"Cannot list the operations: {error}")
            active, complete = known, False
        else:
            complete = tracker.complete
        names = [name for name in active if name not in settled and active[name] != "CANCELLING"]
        if names:
            log(f"Cancelling {len(names):,} operations.")
        # Those that wait would only start meanwhile.
        failures = await _cancel_each(client, sorted(names, key=lambda name: active[name] != "PENDING"))
        if failures:
            name, first = next(iter(failures.items()))
            log(f"{len(failures):,} could not be cancelled and go on, {name}: {first}")
        settled.update(name for name in names if not isinstance(failures.get(name), Transient))
        if complete and settled.issuperset(names):
            return


async def _look(client: AsyncClient, ticket: Ticket, remaining: Remaining) -> tuple[ItemTracker, Active]:
    from airflow_provider_ee.client.arguments.names import project_path
    from airflow_provider_ee.client.bulk.snapshot import take_snapshot
    from airflow_provider_ee.client.bulk.tracker import ItemTracker

    snapshot = await client.run(take_snapshot(project_path(client.project), ticket, pause=PAUSE_BETWEEN_PAGES))
    # In a thread, for it takes a quarter of a second for 10,000 items, and others wait on this event loop.
    tracker = await asyncio.to_thread(ItemTracker, snapshot, ticket, remaining)
    return tracker, {operation.name: operation.state for operation in snapshot.active()}


async def _cancel_each(client: AsyncClient, names: Iterable[str]) -> Mapping[str, EarthEngineError]:
    """Cancel operations, and return the errors of those that cannot be cancelled, by name."""
    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.operations.cancel import cancel_operation

    failures: dict[str, EarthEngineError] = {}
    slots = asyncio.Semaphore(_CANCELS_AT_ONCE)

    async def cancel(name: str) -> None:
        async with slots:
            try:
                await client.run(cancel_operation(name, _LOG.debug))
            except EarthEngineError as error:
                failures[name] = error

    await asyncio.gather(*map(cancel, names))
    return failures
