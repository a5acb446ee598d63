"""Everything that was started for the items of a task, seen from a triggerer: to watch it, and to cancel it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from airflow_provider_ee.triggers.polling.rounds import PAUSE_AFTER_PAGE

if TYPE_CHECKING:
    from airflow_provider_ee.client.bulk.watch import Left, Watch
    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.http.clients import AsyncClient
    from airflow_provider_ee.client.operations.markers import Ticket

__all__ = ["Active", "cancel_everything", "watch_of"]

#: The states of operations that are not done, by name.
Active: TypeAlias = dict[str, str]

_LOG = logging.getLogger(__name__)

#: The list of operations may lag behind: how often and after how long to look again.
_LOOKS, _SECONDS_BETWEEN_LOOKS = 8, 8.0
#: All that a client sends at the same time; more would only stand in the way of others' looks.
_CANCELS_AT_ONCE = 32


async def watch_of(
    client: AsyncClient, ticket: Ticket, left: Left, *, interval: float, tell: Callable[[str], object]
) -> tuple[Watch, Active]:
    """Take a census, and others for a while if it lacks what the worker has started. Bad looks are waited out.

    Args:
        client: With which.
        ticket: Of the task.
        left: What the worker has left.
        interval: Seconds after a bad look.
        tell: Told of trouble when it is new.

    Raises:
        EarthEngineError: Trouble that does not pass.
    """
    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.operations.waiting import PollFailures

    failures, looks = PollFailures(), 0
    while True:
        try:
            watch, active = await _look(client, ticket, left)
        except EarthEngineError as error:
            if line := failures.record(error, asyncio.get_running_loop().time()):
                tell(line)
            await asyncio.sleep(interval)
            continue
        failures.clear()
        looks += 1
        if watch.complete or looks >= _LOOKS:
            return watch, active
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)


async def cancel_everything(
    client: AsyncClient, ticket: Ticket, left: Left, known: Active, *, tell: Callable[[str], object]
) -> None:
    """Cancel all that is not done, in whichever epoch it was started; again for a while where that meets trouble.

    Args:
        client: With which.
        ticket: Of the task.
        left: What the worker has left.
        known: What to cancel if the list cannot be read.
        tell: Told how many are cancelled, and of trouble.
    """
    from airflow_provider_ee.client.errors import EarthEngineError, Transient

    settled: set[str] = set()
    for look in range(_LOOKS):
        if look:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        try:
            watch, active = await _look(client, ticket, left)
        except EarthEngineError as error:
            tell(f"Cannot list the operations: {error}")
            active, complete = known, False
        else:
            complete = watch.complete
        names = [name for name in active if name not in settled and active[name] != "CANCELLING"]
        if names:
            tell(f"Cancelling {len(names):,} operations.")
        # Those that wait would only start meanwhile.
        failures = await _cancel_each(client, sorted(names, key=lambda name: active[name] != "PENDING"))
        if failures:
            name, first = next(iter(failures.items()))
            tell(f"{len(failures):,} could not be cancelled and go on, {name}: {first}")
        settled.update(name for name in names if not isinstance(failures.get(name), Transient))
        if complete and settled.issuperset(names):
            return


async def _look(client: AsyncClient, ticket: Ticket, left: Left) -> tuple[Watch, Active]:
    from airflow_provider_ee.client.arguments.names import project_path
    from airflow_provider_ee.client.bulk.census import take_census
    from airflow_provider_ee.client.bulk.watch import Watch

    census = await client.run(take_census(project_path(client.project), ticket, pause=PAUSE_AFTER_PAGE))
    # In a thread, for it takes a quarter of a second for 10,000 items, and others wait on this event loop.
    watch = await asyncio.to_thread(Watch, census, ticket, left)
    return watch, {operation.name: operation.state for operation in census.active()}


async def _cancel_each(client: AsyncClient, names: Iterable[str]) -> Mapping[str, EarthEngineError]:
    """Cancel operations, and return why some of them cannot be."""
    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.operations.cancel import cancel_operation

    failures: dict[str, EarthEngineError] = {}
    places = asyncio.Semaphore(_CANCELS_AT_ONCE)

    async def cancel(name: str) -> None:
        async with places:
            try:
                await client.run(cancel_operation(name, _LOG.debug))
            except EarthEngineError as error:
                failures[name] = error

    await asyncio.gather(*map(cancel, names))
    return failures
