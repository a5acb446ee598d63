"""List a project's operations: all of them, those that are wanted, those that wait in its queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import Flow, Pause, listed, next_page, pages
from airflow_provider_ee.client.rest.request import Request

__all__ = ["count_pending", "find_operations", "list_operations", "scan_operations"]

#: What both official clients ask for.
_PAGE_SIZE = 500

#: How many answers of a page are read before anybody else gets the event loop: a few milliseconds' worth.
_AT_ONCE = 50

#: A page is worth as much as so many looks at one operation, in bytes and time; and how many pages in a row may show
#: nothing of interest in any case, since the order of the list is nowhere documented.
_LOOKS_WORTH_A_PAGE = 10
_BARREN_PAGES = 2


def list_operations(project: str) -> Flow[list[Operation]]:
    """List the operations of `projects/my-project`, in Earth Engine's order: the newest first."""
    answers = yield from pages(_list_of(project), "operations")
    return [Operation.from_answer(answer) for answer in answers]


def find_operations(
    project: str, wanted: set[str], report: Callable[[Operation], object], *, pause: float = 0.0
) -> Flow[None]:
    """Find operations in the list of `projects/my-project`, for as long as that is cheaper than asking for each.

    Args:
        project: Whose list.
        wanted: The names. Those that are found are taken out, also if an error ends the search.
        report: Told each operation as soon as it is found.
        pause: Seconds after each page.
    """

    def read(answers: Sequence[Mapping[str, Any]]) -> bool:
        found = [answer for answer in answers if isinstance(answer.get("name"), str) and answer["name"] in wanted]
        for answer in found:
            wanted.discard(answer["name"])
            report(Operation.from_answer(answer))
        return bool(found)

    def patience() -> int:
        return max(_BARREN_PAGES, len(wanted) // _LOOKS_WORTH_A_PAGE) if wanted else 0

    yield from scan_operations(project, read, patience, pause)


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

    yield from scan_operations(project, read, lambda: _BARREN_PAGES if pending < enough else 0, pause)
    return pending


def scan_operations(
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
        answers = listed(page, "operations")
        barren += 1
        for start in range(0, len(answers), _AT_ONCE):
            if read(answers[start : start + _AT_ONCE]):
                barren = 0
            yield Pause(0.0)  # lets others have the event loop
        request = next_page(request, page)
        yield Pause(pause)


def _list_of(project: str) -> Request:
    return methods.operations_list(project, pageSize=_PAGE_SIZE)
