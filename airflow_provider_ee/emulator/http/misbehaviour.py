"""How a fault is played: instead of the work, after it, or on the connection itself."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Protocol, cast

import anyio
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from airflow_provider_ee.emulator.envelope import envelope, name_of_status
from airflow_provider_ee.emulator.http.spoiling import SPOILING
from airflow_provider_ee.emulator.state.faults import Fault, Kind

__all__ = ["EXTENSION", "Connection", "play"]

EXTENSION = "airflow_provider_ee.connection"

_Work = Callable[[], Awaitable[Response]]


class Connection(Protocol):
    """The client's connection, as the server offers it under `EXTENSION` in the scope's extensions."""

    def reset(self) -> None:
        """Break the connection: the client sees a reset."""

    def close(self) -> None:
        """End the connection after what has been sent."""


class _Broken(Response):
    """No answer: the connection breaks."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        """Break the connection."""
        connection = _connection_of(scope)
        if connection is None:
            raise ConnectionResetError("The emulator was told to break this connection.")
        connection.reset()
        await _gone(receive)


class _Stalled(Response):
    """No answer: nothing comes until the client gives up."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        """Wait until the client has gone."""
        if _connection_of(scope) is None:
            raise TimeoutError("The emulator was told never to answer, and in process nobody can give up.")
        await _gone(receive)


class _Truncated(Response):
    """Half of an answer, then the end of the connection."""

    def __init__(self, whole: Response) -> None:
        super().__init__(whole.body, whole.status_code, dict(whole.headers), whole.media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the head, which promises the whole body, and half of the body."""
        connection = _connection_of(scope)
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": half, "more_body": connection is not None})
        if connection is not None:
            connection.close()
            await _gone(receive)


async def play(fault: Fault, work: _Work) -> Response:
    """Return what a request that meets a fault is answered."""
    if fault.kind is Kind.DELAY:
        await anyio.sleep(fault.seconds)
        return await work()
    if (spoil := SPOILING.get(fault.kind)) is not None:
        whole = JSONResponse({}) if fault.without_work else await work()
        return spoil(fault, whole) if whole.status_code < 300 else whole
    if fault.kind is Kind.TRUNCATED:
        return _Truncated(await work())
    if fault.after_work or fault.kind is Kind.BAD_JSON:
        await work()
    return _ANSWERS[fault.kind](fault)


def _status(fault: Fault) -> Response:
    code = fault.code or name_of_status(fault.status)
    headers = {"Retry-After": fault.retry_after} if fault.retry_after else None
    return JSONResponse(envelope(fault.status, code, fault.message, fault.details), fault.status, headers)


def _html(fault: Fault) -> Response:
    title = f"{fault.status} {HTTPStatus(fault.status).phrase}"
    page = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return HTMLResponse(page, fault.status)


_ANSWERS: dict[Kind, Callable[[Fault], Response]] = {
    Kind.STATUS: _status,
    Kind.HTML: _html,
    Kind.REDIRECT: lambda fault: RedirectResponse(fault.location),
    Kind.STALL: lambda _: _Stalled(),
    Kind.RESET: lambda _: _Broken(),
    Kind.BAD_JSON: lambda _: Response(b'{"name": "projects/', media_type="application/json"),
}


def _connection_of(scope: Scope) -> Connection | None:
    """Return the client's connection; None in process, where there is none."""
    return cast("Connection | None", scope.get("extensions", {}).get(EXTENSION))


async def _gone(receive: Receive) -> None:
    """Wait until the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
