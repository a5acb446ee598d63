"""The API as an ASGI application: one request from the door to the answer."""

import json
import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from airflow_provider_ee.emulator.envelope import ApiError, invalid, permission_denied
from airflow_provider_ee.emulator.http.admission import check_payer, project_of
from airflow_provider_ee.emulator.http.call import Call
from airflow_provider_ee.emulator.http.discovery import SYSTEM_PARAMETERS, document
from airflow_provider_ee.emulator.http.misbehaviour import play
from airflow_provider_ee.emulator.http.partial import part_of, read_selection
from airflow_provider_ee.emulator.http.route import VERSIONS, Route
from airflow_provider_ee.emulator.http.routes import find
from airflow_provider_ee.emulator.schemas.versions import check_version, known_part, lacks
from airflow_provider_ee.emulator.state.faults import Kind
from airflow_provider_ee.emulator.state.ledger import Entry, digest
from airflow_provider_ee.emulator.state.settings import Settings
from airflow_provider_ee.emulator.state.switches import ForeignAssets, Partial, UnknownFields
from airflow_provider_ee.emulator.state.world import World

__all__ = ["Api", "internal_error"]

# Set for a project over its quota; Google's Python client warns of it.
_RESTRICTED = {"x-earth-engine-quota-status": "parallelism_restricted=true"}
# Nobody's: what is missing there is missing for everyone.
_SHARED = ("earthengine-public", "earthengine-legacy")
_MEGABYTE = 1024 * 1024
_PAGING = (Kind.SAME_PAGE, Kind.ENDLESS_PAGES)
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
        if self._world.settings.restricted:
            response.headers.update(_RESTRICTED)
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
        if lacks(version, route.method) and self._world.settings.unknown_fields is UnknownFields.REFUSED:
            raise ApiError("NOT_FOUND", f"There is no method {route.method} in {version}.")
        entry.method, entry.version = route.method, version

        # Heard to the end even when a fault follows: a client that is cut off while it sends sees another error.
        body = await request.body()
        fault = self._world.faults.take(route.method)
        asked = request if fault is None or fault.kind not in _PAGING else _without_page(request)

        async def work() -> Response:
            try:
                return await self._work(asked, body, entry, route, name)
            except ApiError as refused:
                return _refusal(refused)

        if fault is None:
            return await work()
        entry.fault = fault.kind
        return await play(fault, work)

    async def _work(self, request: Request, body: bytes, entry: Entry, route: Route, name: str) -> Response:
        world, headers, settings = self._world, request.headers, self._world.settings
        entry.quota_project = headers.get("x-goog-user-project", "")
        caller = world.identities.recognise(
            headers.get("authorization", ""), known=settings.require_token, bearer=settings.require_bearer
        )
        entry.bearer, entry.user = caller.bearer, caller.user
        check_payer(caller, entry.quota_project, name, settings, method=route.method)
        caller.check(route.permission, name)
        if len(body) > settings.max_request_bytes:
            limit = f"Request payload size exceeds the limit: {settings.max_request_bytes} bytes."
            raise ApiError("INVALID_ARGUMENT", limit)
        entry.body_digest = digest(body)
        plain = _read_body(route, body, entry.version, settings)
        entry.request_id = plain.get("requestId", "")
        if _OPERATION.fullmatch(name):
            entry.operation = name
        selection = _read_selection(request, settings)
        call = Call(world, entry.version, name, caller, entry, _read_query(route, request), plain)
        try:
            answer = await route.handler(call)
        except ApiError as refused:
            raise self._foreign(refused, entry, route, name) or refused from None
        return answer if isinstance(answer, Response) else JSONResponse(part_of(answer, selection))

    def _foreign(self, refused: ApiError, entry: Entry, route: Route, name: str) -> ApiError | None:
        """Return what is answered where an asset is missing in somebody else's project; None where that is all."""
        project, world = project_of(name), self._world
        if (
            refused.code == "NOT_FOUND"
            and route.permission.startswith("earthengine.assets.")
            and world.settings.foreign_assets is ForeignAssets.FORBIDDEN
            and entry.quota_project not in ("", project)
            and project not in _SHARED
            and not world.knows(project)
        ):
            return permission_denied(route.permission, name)
        return None

    async def _delay(self, response: Response) -> None:
        settings = self._world.settings
        megabytes = len(response.body) / _MEGABYTE
        seconds = settings.latency_seconds + megabytes * settings.latency_seconds_per_megabyte
        if seconds:
            await anyio.sleep(seconds)


def _refusal(refused: ApiError) -> Response:
    return JSONResponse(refused.envelope(), refused.status)


def _read_body(route: Route, body: bytes, version: str, settings: Settings) -> Mapping[str, Any]:
    if route.body is None:
        return {}
    try:
        given = json.loads(body or b"{}")
    except (ValueError, RecursionError) as fault:
        raise ApiError("INVALID_ARGUMENT", f"Invalid JSON payload received. {fault}") from fault
    if not isinstance(given, dict):
        raise ApiError("INVALID_ARGUMENT", "Invalid JSON payload received. Root element must be a message.")
    if settings.unknown_fields is UnknownFields.IGNORED:
        given = known_part(route.body, given)
    elif settings.unknown_fields is UnknownFields.REFUSED:
        check_version(version, route.method, given)
    plain: Mapping[str, Any] = route.body.read(given, "")
    return plain


def _read_selection(request: Request, settings: Settings) -> dict[str, Any]:
    text = request.query_params.get("fields", "")
    if not text or settings.partial_responses is Partial.IGNORED:
        return {}
    if settings.partial_responses is Partial.REFUSED:
        raise invalid("fields", "this emulator is set to refuse partial responses.")
    return read_selection(text)


def _read_query(route: Route, request: Request) -> Mapping[str, str]:
    query = {name: value for name, value in request.query_params.items() if name not in SYSTEM_PARAMETERS}
    for name in query:
        if name not in route.query:
            raise invalid(name, f"unknown query parameter; {route.method} has {', '.join(route.query) or 'none'}.")
    return query


def _without_page(request: Request) -> Request:
    """Return a request without the token of a page, which only the fault that gave it out knows."""
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "pageToken"]
    return Request({**request.scope, "query_string": urlencode(query).encode()}, request.receive)


def internal_error(_: Request, __: Exception) -> Response:
    """Answer for a fault of the emulator itself, which the server logs."""
    return _refusal(ApiError("INTERNAL", "An internal error has occurred."))
