"""Procedures of several requests, as generators: they yield a Request and are sent its answer.

`Client.run` and `AsyncClient.run` drive them; a test drives them by hand, with no server, no loop and no clock. An
error is thrown into the flow at the request that met it. To let time pass, a flow yields a Pause. A listing is a flow
that also yields Items, each page's as soon as they are there: a caller that wants no more of them stops asking.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeAlias, TypeVar

from airflow_provider_ee.client.errors import EarthEngineError, Transient
from airflow_provider_ee.client.rest.request import Request

__all__ = [
    "Flow",
    "Items",
    "Listing",
    "Pages",
    "Pause",
    "collect",
    "each_page",
    "listed",
    "next_items",
    "next_page",
    "pages",
]

T = TypeVar("T")

#: How many pages of a list may be empty in a row: a filter leaves some so.
_MOST_EMPTY_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Pause:
    """Let so many seconds pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Items(Generic[T]):
    """Some items of a listing."""

    items: Sequence[T]


Flow: TypeAlias = Generator[Request | Pause, Any, T]
Listing: TypeAlias = Generator[Request | Pause | Items[T], Any, None]


class Pages:
    """The pages of one list, each asked for when the one before it was read.

        pages = Pages(request, "operations")
        while pages.request:
            items = pages.read((yield pages.request))

    Args:
        request: The request for the first page.
        key: What a page calls its items.

    Attributes:
        request: The request for the next page; None after the last one.
    """

    def __init__(self, request: Request, key: str) -> None:
        self.request: Request | None = request
        self._key = key
        self._tokens: set[str] = set()
        self._empty_pages = 0

    def read(self, page: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the objects that a page lists, and go on to the next page.

        Raises:
            Transient: The list does not end: a page has the token of an earlier one, or too many pages are empty.
        """
        request = self.request
        if request is None:
            raise ValueError("There is no page after the last one.")
        items = listed(page, self._key)
        self.request = next_page(request, page)
        if self.request:
            token = page["nextPageToken"]
            self._empty_pages = 0 if items else self._empty_pages + 1
            if token in self._tokens or self._empty_pages > _MOST_EMPTY_PAGES:
                raise Transient("The list does not end.", method=request.method.id, name=request.name)
            self._tokens.add(token)
        return items


def each_page(request: Request, key: str) -> Listing[dict[str, Any]]:
    """List what a method lists under `key`, page after page."""
    pages = Pages(request, key)
    while pages.request:
        yield Items(pages.read((yield pages.request)))


def pages(request: Request, key: str) -> Flow[list[dict[str, Any]]]:
    """Collect what a method lists under `key`, page after page."""
    return collect(each_page(request, key))


def collect(listing: Listing[T]) -> Flow[list[T]]:
    """Return all items of a listing."""
    found: list[T] = []
    while (items := (yield from next_items(listing))) is not None:
        found += items
    return found


def next_items(listing: Listing[T]) -> Flow[Sequence[T] | None]:
    """Go on with a listing until it yields items, and return them; None at its end."""
    try:
        wanted = next(listing)
        while not isinstance(wanted, Items):
            try:
                answer = yield wanted
            except EarthEngineError as error:
                wanted = listing.throw(error)
            else:
                wanted = listing.send(answer)
    except StopIteration:
        return None
    return wanted.items


def listed(page: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the objects that a page lists under `key`."""
    items = page.get(key)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def next_page(request: Request, page: Mapping[str, Any]) -> Request | None:
    """Return the request for what follows a page; None after the last one."""
    token = page.get("nextPageToken")
    if not token or not isinstance(token, str):
        return None
    if request.method.has_body:
        return replace(request, body={**(request.body or {}), "pageToken": token})
    return replace(request, params={**request.params, "pageToken": token})
