"""Procedures of several requests, as generators: they yield a Request and are sent its answer.

`Client.run` and `AsyncClient.run` drive them; a test drives them by hand, with no server, no loop and no clock. An
error is thrown into the flow at the request that met it. To let time pass, a flow yields a Pause.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

from airflow_provider_ee.client.rest.request import Request

__all__ = ["Flow", "Pause", "listed", "next_page", "pages"]

T = TypeVar("T")


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
        found += listed(page, key)
        wanted = next_page(wanted, page)
    return found


def listed(page: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the objects that a page lists under `key`."""
    items = page.get(key)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def next_page(request: Request, page: Mapping[str, Any]) -> Request | None:
    """Return the request for what follows a page; None after the last one."""
    token = page.get("nextPageToken")
    return replace(request, params={**request.params, "pageToken": token}) if token and isinstance(token, str) else None
