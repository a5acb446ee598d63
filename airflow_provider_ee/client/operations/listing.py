"""List a project's operations: all of them, some of them page by page, or the number of those that are pending."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from airflow_provider_ee.client.errors import InvalidRequest
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import (
    Flow,
    Items,
    Listing,
    Pause,
    collect,
    each_page,
    listed,
    next_items,
    next_page,
)
from airflow_provider_ee.client.rest.request import Request

__all__ = [
    "FIELDS",
    "PartialResponses",
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
#: How many may show nothing at all: such a list has no end.
_MOST_EMPTY_PAGES = 50

#: What waiting reads of an operation, as a partial response: a seventh of the bytes of whole answers, and nothing that
#: changes while the operation does not. https://cloud.google.com/apis/docs/system-parameters
_FIELDS_OF_ONE = (
    "name,done,error(code,message),metadata(state,description,progress,attempt,"
    "stages(displayName,completeWorkUnits,totalWorkUnits),batchEecuUsageSeconds,createTime,endTime)"
)
FIELDS = f"nextPageToken,operations({_FIELDS_OF_ONE})"
_FIELDS_TO_COUNT = "nextPageToken,operations(done,metadata/state)"


class PartialResponses:
    """Whether lists are asked for with `fields`, as long as no server has refused that.

    Attributes:
        refused: Whether one has.
    """

    def __init__(self) -> None:
        self.refused = False


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

    yield from scan_operations(project, read, proceed, fields=FIELDS)


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
        fields: What to ask for of each page, as a partial response; where a server refuses that, all of it.
        partial: What is known about such servers.
    """
    partial = partial or PartialResponses()
    request: Request | None = _list_of(project, None if partial.refused else fields)
    tokens: set[str] = set()
    empty = 0
    while request and proceed():
        page = yield from _send(request, partial)
        answers = listed(page, "operations")
        for start in range(0, len(answers), _AT_ONCE):
            read(answers[start : start + _AT_ONCE])
            yield Pause(0.0)  # lets others have the event loop
        empty = 0 if answers else empty + 1
        request = next_page(_whole(request) if partial.refused else request, page)
        token = request.params["pageToken"] if request else ""
        if token in tokens or empty >= _MOST_EMPTY_PAGES:  # a list that has no end
            return False
        tokens.add(token)
        yield Pause(pause() if callable(pause) else pause)
    return request is None


def get_operation(name: str, partial: PartialResponses) -> Flow[Mapping[str, Any]]:
    """Return the raw answer about an operation, as much of it as waiting reads."""
    request = methods.operations_get(name, fields=None if partial.refused else _FIELDS_OF_ONE)
    answer: Mapping[str, Any] = yield from _send(request, partial)
    return answer


def _send(request: Request, partial: PartialResponses) -> Flow[Any]:
    """Send a request; again without `fields` if that is what the server refuses."""
    try:
        return (yield request)
    except InvalidRequest:
        if "fields" not in request.params or "pageToken" in request.params:
            raise
        answer = yield _whole(request)
        partial.refused = True
        return answer


def _whole(request: Request) -> Request:
    return replace(request, params={key: value for key, value in request.params.items() if key != "fields"})


def _list_of(project: str, fields: str | None = None) -> Request:
    return methods.operations_list(project, pageSize=_PAGE_SIZE, fields=fields)
