"""Procedures of several requests, as generators: they yield a Request and are sent its answer.

`Client.run` and `AsyncClient.run` drive them; a test drives them by hand, with no server, no loop and no clock. An
error is thrown into the flow at the request that met it. To let time pass, a flow yields a Pause. A listing is a flow
that also yields Items, each page's as soon as they are there: whoever wants no more of them stops asking.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeAlias, TypeVar

from airflow_provider_ee.client.errors import EarthEngineError
from airflow_provider_ee.client.rest.request import Request

__all__ = ["Flow", "Items", "Listing", "Pause", "collect", "each_page", "listed", "next_items", "next_page", "pages"]

T = TypeVar("T")


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


def each_page(request: Request, key: str) -> Listing[dict[str, Any]]:
    """List what a method lists under `key`, page after page."""
    wanted: Request | None = request
    while wanted:
        page = yield wanted
        yield Items(listed(page, key))
        wanted = next_page(wanted, page)


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
    return replace(request, params={**request.params, "pageToken": token}) if token and isinstance(token, str) else None
