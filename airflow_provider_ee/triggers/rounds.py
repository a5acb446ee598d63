"""One round of looking: a GET for each of a few operations, one listing for many."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from airflow_provider_ee.client.clients import AsyncClient
    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.operations import Operation

__all__ = ["look_at"]

Tell: TypeAlias = Callable[[str, "Operation | EarthEngineError"], None]

_FEW = 5


async def look_at(client: AsyncClient, names: Collection[str], tell: Tell) -> None:
    """Look at each operation once, and tell what was seen of it or why nothing was."""
    by_project = defaultdict(set)
    for name in names:
        by_project[name.partition("/operations/")[0]].add(name)
    for project, theirs in by_project.items():
        listed = await _list(client, project, theirs, tell) if len(theirs) > _FEW else set()
        await asyncio.gather(*(_get(client, name, tell) for name in theirs - listed))


async def _list(client: AsyncClient, project: str, names: Collection[str], tell: Tell) -> set[str]:
    """Look at operations by listing those of their project; return the ones that need no other look.

    What the list does not show soon is asked for by name: it is new, or older than all the others. If the list cannot
    be read for now, asking for each by name would make that worse; if it may not be read, names are left.
    """
    from airflow_provider_ee.client.errors import EarthEngineError, Transient
    from airflow_provider_ee.client.flows import find_operations

    try:
        found = await client.run(find_operations(project, names))
    except Transient as error:
        for name in names:
            tell(name, error)
        return set(names)
    except EarthEngineError:
        return set()
    for name, operation in found.items():
        tell(name, operation)
    return set(found)


async def _get(client: AsyncClient, name: str, tell: Tell) -> None:
    from airflow_provider_ee.client import methods
    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.operations import Operation

    try:
        tell(name, Operation.from_answer(await client.send(methods.operations_get(name))))
    except EarthEngineError as error:
        tell(name, error)
