"""List a project's operations: all of them, some of them page by page, or the number of those that are pending."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import (
    Flow,
    Items,
    Listing,
    Pages,
    Pause,
    collect,
    each_page,
    next_items,
)
from airflow_provider_ee.client.rest.partial import PartialResponses
from airflow_provider_ee.client.rest.request import Request

__all__ = [
    "FIELDS",
    "count_pending",
    "each_operation",
    "find_operations",
    "get_operation",
    "list_operations",
    "scan_operations",
]

Answers: TypeAlias = Sequence[Mapping[str, Any]]

#: What both official clients ask for.
_PAGE_SIZE = 500

#: How many answers of a page are read before anybody else gets the event loop: a few milliseconds' worth.
_AT_ONCE = 50

#: How many pages in a row may show nothing that counts: the order of the list is nowhere documented.
_PAGES_WITHOUT_A_FIND = 2

#: What waiting reads of an operation, as a partial response: half of the bytes of whole answers, and nothing that
#: changes while the operation does not.
_FIELDS_OF_ONE = (
    "name,done,error(code,message),metadata(state,description,progress,attempt,"
    "stages(displayName,completeWorkUnits,totalWorkUnits),batchEecuUsageSeconds,createTime,endTime)"
)
FIELDS = f"nextPageToken,operations({_FIELDS_OF_ONE})"
_FIELDS_TO_COUNT = "nextPageToken,operations(done,metadata/state)"


def each_operation(project: str) -> Listing[Operation]:
    """List the operations of `projects/my-project`, in Earth Engine's order: the newest first."""
    pages_of_answers = each_page(_list_of(project), "operations")
    while (answers := (yield from next_items(pages_of_answers))) is not None:
        yield Items([Operation.from_answer(answer) for answer in answers])


def list_operations(project: str) -> Flow[list[Operation]]:
    """Return what `each_operation` lists."""
    return collect(each_operation(project))


def find_operations(project: str, wanted: set[str], report: Callable[[Operation], object]) -> Flow[None]:
    """Find operations in the list of `projects/my-project`, for as long as that takes fewer requests than GETs would.

    Args:
        project: Whose list.
        wanted: The names. Those that are found are taken out, also if an error ends the search.
        report: Called with each operation as soon as it is found.
    """
    without_a_find = 0

    def read(answers: Answers) -> None:
        nonlocal without_a_find
        for answer in answers:
            if (name := answer.get("name")) in wanted:
                without_a_find = 0
                wanted.discard(name)
                report(Operation.from_answer(answer))

    def proceed() -> bool:
        nonlocal without_a_find
        without_a_find += 1
        return without_a_find <= max(_PAGES_WITHOUT_A_FIND, len(wanted)) if wanted else False

    yield from scan_operations(project, read, proceed)


def count_pending(project: str, enough: int, *, pause: float | Callable[[], float] = 0.0) -> Flow[int]:
    """Count the operations that are pending in the queue of `projects/my-project`.

    Pending ones are among the newest: where nothing is active any more, none is looked for.

    Args:
        project: Whose queue.
        enough: How many need not be counted any further.
        pause: Seconds after each page.
    """
    pending = without_a_find = 0

    def read(answers: Answers) -> None:
        nonlocal pending, without_a_find
        active = [Operation.from_answer(answer) for answer in answers if answer.get("done") is not True]
        pending += sum(operation.state == "PENDING" for operation in active)
        without_a_find = 0 if active else without_a_find

    def proceed() -> bool:
        nonlocal without_a_find
        without_a_find += 1
        return pending < enough and without_a_find <= _PAGES_WITHOUT_A_FIND

    yield from scan_operations(project, read, proceed, pause=pause, fields=_FIELDS_TO_COUNT)
    return pending


def scan_operations(
    project: str,
    read: Callable[[Answers], object],
    proceed: Callable[[], bool] = lambda: True,
    *,
    pause: float | Callable[[], float] = 0.0,
    fields: str | None = None,
    partial: PartialResponses | None = None,
) -> Flow[bool]:
    """Read a project's list of operations page by page; return whether it was read to its end.

    Args:
        project: Whose list.
        read: Called with the answers of a page, a few at a time.
        proceed: Whether to read another page; asked before each.
        pause: Seconds after each page.
        fields: The fields of each page that are read, as far as the server knows how to leave out the others.
        partial: Knows whether it does.

    Raises:
        Transient: Among others, the list does not end.
    """
    partial = partial or PartialResponses()
    pages = Pages(_list_of(project), "operations")
    while pages.request and proceed():
        answers = pages.read((yield from partial.ask(pages.request, fields)))
        for start in range(0, len(answers), _AT_ONCE):
            read(answers[start : start + _AT_ONCE])
            yield Pause(0.0)  # lets others have the event loop
        yield Pause(pause() if callable(pause) else pause)
    return pages.request is None


def get_operation(name: str, partial: PartialResponses) -> Flow[Mapping[str, Any]]:
    """Return the raw answer about an operation, as much of it as waiting reads."""
    answer: Mapping[str, Any] = yield from partial.ask(methods.operations_get(name), _FIELDS_OF_ONE)
    return answer


def _list_of(project: str) -> Request:
    return methods.operations_list(project, pageSize=_PAGE_SIZE)
