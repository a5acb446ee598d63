"""Procedures of several requests, as generators: they yield a Request and are sent its answer.

`Client.run` and `AsyncClient.run` drive them; a test drives them by hand, with no server, no loop and no clock. An
error is thrown into the flow at the request that met it. To let time pass, a flow yields a Pause.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

from airflow_provider_ee.client.errors import EarthEngineError, TimedOut
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.operations.waiting import Watch
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.request import Request

__all__ = [
    "Flow",
    "Pause",
    "count_pending",
    "find_operations",
    "leaf_through",
    "list_operations",
    "pages",
    "wait_for_operation",
]

_LOG = logging.getLogger(__name__)

T = TypeVar("T")

#: What both official clients ask for.
_PAGE_SIZE = 500

#: How many answers of a page are read before anybody else gets the event loop: a few milliseconds' worth.
_AT_ONCE = 50

#: A page is worth as much as so many looks at one operation, in bytes and time; and how many pages in a row may show
#: nothing of interest in any case, since the order of the list is nowhere documented.
_LOOKS_WORTH_A_PAGE = 10
_BARREN_PAGES = 2


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
        found += _listed(page, key)
        wanted = _next_page(wanted, page)
    return found


def list_operations(project: str) -> Flow[list[Operation]]:
    """List the operations of `projects/my-project`, in Earth Engine's order: the newest first."""
    answers = yield from pages(_list_of(project), "operations")
    return [Operation.from_answer(answer) for answer in answers]


def find_operations(
    project: str, wanted: set[str], tell: Callable[[Operation], object], *, pause: float = 0.0
) -> Flow[None]:
    """Find operations in the list of `projects/my-project`, for as long as that is cheaper than asking for each.

    Args:
        project: Whose list.
        wanted: The names. Those that are found are taken out, also if an error ends the search.
        tell: Told each operation as soon as it is found.
        pause: Seconds after each page.
    """

    def read(answers: Sequence[Mapping[str, Any]]) -> bool:
        found = [answer for answer in answers if isinstance(answer.get("name"), str) and answer["name"] in wanted]
        for answer in found:
            wanted.discard(answer["name"])
            tell(Operation.from_answer(answer))
        return bool(found)

    def patience() -> int:
        return max(_BARREN_PAGES, len(wanted) // _LOOKS_WORTH_A_PAGE) if wanted else 0

    yield from leaf_through(project, read, patience, pause)


def count_pending(project: str, enough: int, *, pause: float = 0.0) -> Flow[int]:
    """Count the operations that wait in the queue of `projects/my-project`.

    Those that wait are among the newest: where nothing is active any more, none is looked for.

    Args:
        project: Whose queue.
        enough: How many need not be counted any further.
        pause: Seconds after each page.
    """
    pending = 0

    def read(answers: Sequence[Mapping[str, Any]]) -> bool:
        nonlocal pending
        active = [Operation.from_answer(answer) for answer in answers if answer.get("done") is not True]
        pending += sum(operation.state == "PENDING" for operation in active)
        return bool(active)

    yield from leaf_through(project, read, lambda: _BARREN_PAGES if pending < enough else 0, pause)
    return pending


def leaf_through(
    project: str, read: Callable[[Sequence[Mapping[str, Any]]], bool], patience: Callable[[], int], pause: float
) -> Flow[None]:
    """Read a project's list of operations until too many pages in a row showed nothing of interest.

    Args:
        project: Whose list.
        read: Told what is on a page, a few at a time; says whether any of it is of interest.
        patience: How many pages in a row may be of no interest, as things stand; 0 to stop.
        pause: Seconds after each page.
    """
    request: Request | None = _list_of(project)
    barren = 0
    while request and barren < patience():
        page = yield request
        answers = _listed(page, "operations")
        barren += 1
        for start in range(0, len(answers), _AT_ONCE):
            if read(answers[start : start + _AT_ONCE]):
                barren = 0
            yield Pause(0.0)  # lets others have the event loop
        request = _next_page(request, page)
        yield Pause(pause)


def _listed(page: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    listed = page.get(key)
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def _list_of(project: str) -> Request:
    return methods.operations_list(project, pageSize=_PAGE_SIZE)


def _next_page(request: Request, page: Mapping[str, Any]) -> Request | None:
    token = page.get("nextPageToken")
    return replace(request, params={**request.params, "pageToken": token}) if token and isinstance(token, str) else None


def wait_for_operation(
    name: str,
    *,
    poll_interval: float,
    clock: Callable[[], float],
    deadline: float | None = None,
    max_eecu_seconds: float | None = None,
    tell: Callable[[str], object] = _LOG.info,
) -> Flow[Operation]:
    """Look at an operation until it is done, and return it, however it ended.

    Args:
        name: `projects/my-project/operations/ID`.
        poll_interval: Seconds between two looks.
        clock: What time it is, in seconds.
        deadline: The time at which to give up.
        max_eecu_seconds: The computing time at which to give up.
        tell: Told a line whenever something changed.

    Raises:
        TimedOut: The deadline passed. The operation goes on.
        OverBudget: It has used more computing time. It goes on.
    """
    watch = Watch(max_eecu_seconds)
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
