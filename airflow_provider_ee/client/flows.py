"""Procedures of several requests, as generators: they yield a Request and are sent its answer.

`Client.run` and `AsyncClient.run` drive them; a test drives them by hand, with no server, no loop and no clock. An
error is thrown into the flow at the request that met it. To let time pass, a flow yields a Pause.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Generator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

from airflow_provider_ee.client import methods
from airflow_provider_ee.client.errors import EarthEngineError, TimedOut
from airflow_provider_ee.client.operations import Operation
from airflow_provider_ee.client.request import Request
from airflow_provider_ee.client.watch import Watch

__all__ = ["Flow", "Pause", "find_operations", "list_operations", "pages", "wait_for_operation"]

_LOG = logging.getLogger(__name__)

T = TypeVar("T")

#: What both official clients ask for.
_PAGE_SIZE = 500


@dataclass(frozen=True, slots=True)
class Pause:
    """Let so many seconds pass."""

    seconds: float


Flow: TypeAlias = Generator[Request | Pause, Any, T]


def pages(request: Request, key: str) -> Flow[list[dict[str, Any]]]:
    """Collect what a method lists under `key`, page after page."""
    found: list[dict[str, Any]] = []
    wanted: Request | None = request
    while wanted:
        page = yield wanted
        found += page.get(key) or []
        wanted = _next_page(wanted, page)
    return found


def list_operations(project: str) -> Flow[list[Operation]]:
    """List the operations of `projects/my-project`, in Earth Engine's order: the newest first."""
    answers = yield from pages(methods.operations_list(project, pageSize=_PAGE_SIZE), "operations")
    return [Operation.from_answer(answer) for answer in answers]


def find_operations(project: str, names: Collection[str]) -> Flow[dict[str, Operation]]:
    """Find operations in the list of `projects/my-project`, page by page until all are found.

    Not for ever: after twice the pages that they would fill, and two more, what is left is not worth the rest.
    """
    wanted: Request | None = methods.operations_list(project, pageSize=_PAGE_SIZE)
    found: dict[str, Operation] = {}
    pages_left = 2 + 2 * -(-len(names) // _PAGE_SIZE)
    while wanted and pages_left and len(found) < len(names):
        page = yield wanted
        for answer in page.get("operations") or []:
            if answer.get("name") in names:
                found[answer["name"]] = Operation.from_answer(answer)
        wanted, pages_left = _next_page(wanted, page), pages_left - 1
    return found


def _next_page(request: Request, page: Mapping[str, Any]) -> Request | None:
    token = page.get("nextPageToken")
    return replace(request, params={**request.params, "pageToken": token}) if token else None


def wait_for_operation(
    name: str,
    *,
    poll_interval: float,
    clock: Callable[[], float],
    deadline: float | None = None,
    tell: Callable[[str], object] = _LOG.info,
) -> Flow[Operation]:
    """Look at an operation until it is done, and return it, however it ended.

    Args:
        name: `projects/my-project/operations/ID`.
        poll_interval: Seconds between two looks.
        clock: What time it is, in seconds.
        deadline: The time at which to give up.
        tell: Told a line whenever something changed.

    Raises:
        TimedOut: The deadline passed. The operation goes on.
    """
    watch = Watch()
    while True:
        operation = None
        try:
            operation = Operation.from_answer((yield methods.operations_get(name)))
        except EarthEngineError as error:
            line = watch.missed(error, clock())
        else:
            line = watch.seen(operation)
        if line:
            tell(line)
        if operation and operation.done:
            return operation
        if deadline is not None and clock() >= deadline:
            raise TimedOut("It was not done in time.", name=name, hint="It goes on at Earth Engine unless cancelled.")
        yield Pause(poll_interval)
