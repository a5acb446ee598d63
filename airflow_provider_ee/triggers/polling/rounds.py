"""One poll round: a GET for each of a few operations; the list for many, and GETs for what it does not show.

Earth Engine allows a project 100 requests a second, for all that it does. Poll rounds take a small share of that, in
trouble as well, and spread it: https://developers.google.com/earth-engine/guides/usage
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.http.clients import AsyncClient
    from airflow_provider_ee.client.operations.operation import Operation

__all__ = ["PAUSE_AFTER_PAGE", "Report", "poll_operations"]

Report: TypeAlias = Callable[[str, "Operation | EarthEngineError"], None]

#: Seconds after a page of a list, and between two looks by name. Pages come one after the other; looks by name do not
#: wait for each other, and a client may send each of them twice: both make ten a second at most.
PAUSE_AFTER_PAGE, PAUSE_BETWEEN_GETS = 0.1, 0.2

_FEW = 5
_GETS_AT_ONCE = 8
#: How many subscribers are told before anybody else gets the event loop: what they do with it runs at once.
_TOLD_AT_ONCE = 50


async def poll_operations(client: AsyncClient, names: Sequence[str], report: Report, *, seconds: float = 0.0) -> None:
    """Look at operations, and tell what was seen of each or why nothing was.

    Args:
        client: With which.
        names: The operations; those that have gone without a look for longest come first, for not all may be reached.
        report: Told about each operation as soon as something is known.
        seconds: For how long operations that no list shows may be asked for one by one.
    """
    by_project = defaultdict(list)
    for name in names:
        by_project[name.partition("/operations/")[0]].append(name)
    unlisted: list[str] = []
    for project, theirs in by_project.items():
        unlisted += await _list(client, project, theirs, report) if len(theirs) > _FEW else theirs
    most = max(_FEW, int(seconds / PAUSE_BETWEEN_GETS))
    await _get_each(client, unlisted[:most], report, pause=PAUSE_BETWEEN_GETS if len(names) > _FEW else 0.0)


async def _list(client: AsyncClient, project: str, names: Sequence[str], report: Report) -> list[str]:
    """Look at operations by listing those of their project; return the ones that need another look.

    What the list does not show soon is asked for by name: it is new, or older than all the others. If the list cannot
    be read for now, asking for each by name would make that worse; if it may not be read, names are left.
    """
    from airflow_provider_ee.client.errors import EarthEngineError, Transient
    from airflow_provider_ee.client.operations.listing import find_operations

    missing = set(names)
    try:
        await client.run(
            find_operations(project, missing, lambda found: report(found.name, found), pause=PAUSE_AFTER_PAGE)
        )
    except Transient as error:
        await _report_all(missing, error, report)
        return []
    except EarthEngineError:
        pass
    return [name for name in names if name in missing]


async def _get_each(client: AsyncClient, names: Sequence[str], report: Report, *, pause: float) -> None:
    """Ask for operations by name, one after the other without waiting for slow answers."""
    turns = asyncio.Semaphore(_GETS_AT_ONCE)
    try:
        async with asyncio.TaskGroup() as looks:
            for name in names:
                await turns.acquire()
                looks.create_task(_get(client, name, report)).add_done_callback(lambda _: turns.release())
                await asyncio.sleep(pause)
    except ExceptionGroup as faults:
        raise faults.exceptions[0] from faults


async def _get(client: AsyncClient, name: str, report: Report) -> None:
    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.operations.operation import Operation
    from airflow_provider_ee.client.rest import methods

    try:
        report(name, Operation.from_answer(await client.send(methods.operations_get(name))))
    except EarthEngineError as error:
        report(name, error)


async def _report_all(names: Iterable[str], error: EarthEngineError, report: Report) -> None:
    for told, name in enumerate(names, 1):
        report(name, error)
        if not told % _TOLD_AT_ONCE:
            await asyncio.sleep(0.0)
