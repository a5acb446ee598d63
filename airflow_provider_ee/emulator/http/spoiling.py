"""Answers of 200 that are wrong in themselves: empty, nameless, malformed, endless, slow, or larger than they look."""

import gzip
import itertools
import json
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import anyio
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from airflow_provider_ee.emulator.state.faults import Fault, Kind

__all__ = ["SPOILING"]

_MEGABYTE = 2**20
_PAGE_TOKEN = "again"  # noqa: S105 - of a page, not of a person
_pages = itertools.count(1)

_WRONG_TYPES: dict[str, Any] = {
    "state": 7,
    "type": None,
    "description": {"text": "a"},
    "progress": "half",
    "attempt": "many",
    "createTime": "yesterday",
    "startTime": 0,
    "updateTime": [],
    "stages": {"a": 1},
    "destinationUris": "gs://b",
    "batchEecuUsageSeconds": "NaN",
    "priority": [],
}

#: Operations as no service should answer them; a client has to survive each, and to go on with the others.
_NAME = "projects/p/operations/MALFORMED"
_MALFORMED: tuple[Any, ...] = (
    None,
    "an operation",
    7,
    [],
    {},
    {"name": None, "metadata": None},
    {"name": 7, "done": "yes", "metadata": []},
    {"name": f"{_NAME}1"},
    {"name": f"{_NAME}2", "metadata": {"state": "RUNNING", "progress": 1e308, "attempt": -1e308}},
    {"name": f"{_NAME}3", "done": 1, "metadata": _WRONG_TYPES},
    {"name": f"{_NAME}4", "done": True, "error": "it failed", "metadata": {"state": "FAILED"}},
    {"name": f"{_NAME}5", "done": True, "error": {"code": "x"}, "response": [], "metadata": {"state": "?"}},
)


class _Dripping(Response):
    """An answer that comes byte by byte.

    Args:
        whole: The answer.
        seconds: How long each byte takes.
    """

    def __init__(self, whole: Response, seconds: float) -> None:
        super().__init__(whole.body, whole.status_code, dict(whole.headers), whole.media_type)
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        """Send the head, and then one byte after the other, until all is sent or the client has gone."""
        async with anyio.create_task_group() as group:
            group.start_soon(_until_gone, receive, group.cancel_scope)
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            for byte in bytes(self.body):
                await anyio.sleep(self._seconds)
                await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
            await send({"type": "http.response.body", "body": b""})
            group.cancel_scope.cancel()


async def _until_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


def _nameless(fault: Fault, whole: Response) -> Response:  # noqa: ARG001 - every one takes both
    answer = _json(whole)
    answer.pop("name", None)
    return JSONResponse(answer)


def _malformed(fault: Fault, whole: Response) -> Response:  # noqa: ARG001 - every one takes both
    answer = _json(whole)
    for key, found in answer.items():
        if isinstance(found, list):
            return JSONResponse({**answer, key: [*_MALFORMED, *found]})
    # One operation alone keeps its name: it is malformed otherwise.
    return JSONResponse({**answer, "metadata": _WRONG_TYPES})


def _same_page(fault: Fault, whole: Response) -> Response:  # noqa: ARG001 - every one takes both
    return JSONResponse({**_json(whole), "nextPageToken": _PAGE_TOKEN})


def _endless_pages(fault: Fault, whole: Response) -> Response:  # noqa: ARG001 - every one takes both
    nothing: dict[str, Any] = {key: [] for key, found in _json(whole).items() if isinstance(found, list)}
    return JSONResponse({**nothing, "nextPageToken": f"{_PAGE_TOKEN}-{next(_pages)}"})


def _double_gzip(fault: Fault, whole: Response) -> Response:
    body = _zeros(fault.megabytes) if fault.megabytes else gzip.compress(gzip.compress(bytes(whole.body)))
    return Response(body, headers={"Content-Encoding": "gzip, gzip"}, media_type="application/json")


@lru_cache(maxsize=2)
def _zeros(megabytes: int) -> bytes:
    """Return megabytes of zeros, compressed twice; they are never held as a whole."""
    inner, outer = (zlib.compressobj(1, wbits=31) for _ in range(2))
    block = bytes(_MEGABYTE)
    parts = [outer.compress(inner.compress(block)) for _ in range(megabytes)]
    return b"".join([*parts, outer.compress(inner.flush()), outer.flush()])


def _json(whole: Response) -> dict[str, Any]:
    try:
        answer = json.loads(bytes(whole.body) or b"{}")
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


#: What becomes of the answer of a request that meets one of these.
SPOILING: dict[Kind, Callable[[Fault, Response], Response]] = {
    Kind.EMPTY: lambda _, __: Response(b"", media_type="application/json"),
    Kind.NAMELESS: _nameless,
    Kind.MALFORMED: _malformed,
    Kind.SAME_PAGE: _same_page,
    Kind.ENDLESS_PAGES: _endless_pages,
    Kind.DRIP: lambda fault, whole: _Dripping(whole, fault.seconds or 0.5),
    Kind.DOUBLE_GZIP: _double_gzip,
}
