"""The API as an ASGI application: one request from the door to the answer."""

import json
import re
import time
from collections.abc import Mapping
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from airflow_provider_ee.emulator.envelope import ApiError, invalid
from airflow_provider_ee.emulator.http.call import Call
from airflow_provider_ee.emulator.http.discovery import SYSTEM_PARAMETERS, document
from airflow_provider_ee.emulator.http.misbehaviour import play
from airflow_provider_ee.emulator.http.route import VERSIONS, Route
from airflow_provider_ee.emulator.http.routes import find
from airflow_provider_ee.emulator.state.ledger import Entry, digest
from airflow_provider_ee.emulator.state.world import World

__all__ = ["Api", "internal_error"]

_LARGEST_BODY = 10 * 1024 * 1024
_MEGABYTE = 1024 * 1024
_OPERATION = re.compile(r"projects/[^/]+/operations/.+")


class Api:
    """Earth Engine's REST API.

    Args:
        world: The state behind it.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope, receive)
        started = time.monotonic()
        entry = self._world.ledger.open(self._world.clock(), request.method, request.scope["path"])
        try:
            with self._world.limits.request():
                response = await self._answer(request, entry)
                await self._delay(response)
        except ApiError as refused:
            response = _refusal(refused)
        entry.seconds = time.monotonic() - started
        if entry.fault not in ("reset", "stall"):
            entry.status = response.status_code
        await response(scope, receive, send)

    async def _answer(self, request: Request, entry: Entry) -> Response:
        if request.scope["path"] == "/$discovery/rest":
            return JSONResponse(document(request.query_params.get("version", "v1"), str(request.base_url)))
        version, _, path = request.scope["path"].lstrip("/").partition("/")
        found = find(request.method, path) if version in VERSIONS else None
        if found is None:
            raise ApiError("NOT_FOUND", f"There is no method {request.method} {request.scope['path']}.")
        route, name = found
        entry.method, entry.version = route.method, version

        async def work() -> Response:
            try:
                return await self._work(request, entry, route, name)
            except ApiError as refused:
                return _refusal(refused)

        # Heard to the end even when a fault follows: a client that is cut off while it sends sees another error.
        await request.body()
        fault = self._world.faults.take(route.method)
        if fault is None:
            return await work()
        entry.fault = fault.kind
        return await play(fault, work)

    async def _work(self, request: Request, entry: Entry, route: Route, name: str) -> Response:
        world, headers = self._world, request.headers
        entry.quota_project = headers.get("x-goog-user-project", "")
        caller = world.identities.recognise(headers.get("authorization", ""), required=world.settings.require_token)
        entry.bearer, entry.user = caller.bearer, caller.user
        caller.check(route.permission, name)
        body = await _body(request)
        entry.body_digest = digest(body)
        plain = _read_body(route, body)
        entry.request_id = plain.get("requestId", "")
        if _OPERATION.fullmatch(name):
            entry.operation = name
        call = Call(world, entry.version, name, caller, entry, _read_query(route, request), plain)
        answer = await route.handler(call)
        return answer if isinstance(answer, Response) else JSONResponse(answer)

    async def _delay(self, response: Response) -> None:
        settings = self._world.settings
        megabytes = len(response.body) / _MEGABYTE
        seconds = settings.latency_seconds + megabytes * settings.latency_seconds_per_megabyte
        if seconds:
            await anyio.sleep(seconds)


def _refusal(refused: ApiError) -> Response:
    return JSONResponse(refused.envelope(), refused.status)


async def _body(request: Request) -> bytes:
    body = await request.body()
    if len(body) > _LARGEST_BODY:
        raise ApiError("INVALID_ARGUMENT", f"Request payload size exceeds the limit: {_LARGEST_BODY} bytes.")
    return body


def _read_body(route: Route, body: bytes) -> Mapping[str, Any]:
    if route.body is None:
        return {}
    try:
        given = json.loads(body or b"{}")
    except (ValueError, RecursionError) as fault:
        raise ApiError("INVALID_ARGUMENT", f"Invalid JSON payload received. {fault}") from fault
    if not isinstance(given, dict):
        raise ApiError("INVALID_ARGUMENT", "Invalid JSON payload received. Root element must be a message.")
    plain: Mapping[str, Any] = route.body.read(given, "")
    return plain


def _read_query(route: Route, request: Request) -> Mapping[str, str]:
    query = {name: value for name, value in request.query_params.items() if name not in SYSTEM_PARAMETERS}
    for name in query:
        if name not in route.query:
            raise invalid(name, f"unknown query parameter; {route.method} has {', '.join(route.query) or 'none'}.")
    return query


def internal_error(_: Request, __: Exception) -> Response:
    """Answer for a fault of the emulator itself, which the server logs."""
    return _refusal(ApiError("INTERNAL", "An internal error has occurred."))
