"""The control API under /emulator: the same as `Control`, over HTTP, for scripts and other processes."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from airflow_provider_ee.emulator.control.control import Control
from airflow_provider_ee.emulator.envelope import ApiError, envelope

__all__ = ["routes"]

_Action = Callable[[Control, dict[str, Any]], Any]


def routes(control: Control) -> list[Route]:
    """Return the routes of the control API."""
    return [Route(f"/emulator/{path}", _endpoint(control, action), methods=[verb]) for verb, path, action in _ACTIONS]


def _endpoint(control: Control, action: _Action) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        try:
            given = await request.json() if await request.body() else {}
            answer = action(control, {**request.query_params, **given})
        except ApiError as refused:
            return JSONResponse(refused.envelope(), refused.status)
        except (TypeError, ValueError) as fault:
            return JSONResponse(envelope(400, "INVALID_ARGUMENT", str(fault)), 400)
        return JSONResponse({} if answer is None else answer)

    return endpoint


def _operations(control: Control, _: dict[str, Any]) -> dict[str, Any]:
    return {
        "operations": [
            operation.shown() | {"requestId": operation.asked.request_id, "user": operation.asked.user}
            for operation in control.operations()
        ]
    }


def _seed_operations(control: Control, given: dict[str, Any]) -> dict[str, Any]:
    return {"names": [operation.name for operation in control.seed_operations(**given)]}


def _ledger(control: Control, given: dict[str, Any]) -> dict[str, Any]:
    return {"requests": control.ledger.shown(given.get("method")), "limits": control.limits.shown()}


_ACTIONS: tuple[tuple[str, str, _Action], ...] = (
    ("POST", "reset", lambda control, _: control.reset()),
    ("GET", "settings", lambda control, _: control.settings.shown()),
    ("POST", "settings", lambda control, given: control.configure(**given).shown()),
    ("GET", "faults", lambda control, _: {"faults": [armed.shown() for armed in control.faults()]}),
    ("POST", "faults", lambda control, given: control.arm(**given).shown()),
    ("DELETE", "faults", lambda control, _: control.disarm()),
    ("POST", "tokens", lambda control, given: {"bearer": control.accept_token(**given).bearer}),
    ("POST", "time", lambda control, given: control.pass_time(**given)),
    ("POST", "buckets", lambda control, given: {"folder": str(control.make_bucket(**given))}),
    ("GET", "ledger", _ledger),
    ("GET", "operations", _operations),
    ("POST", "operations", _seed_operations),
    ("POST", "operations/plan", lambda control, given: control.plan(**given)),
    ("POST", "operations/finish", lambda control, given: control.finish(**given)),
    ("POST", "operations/fail", lambda control, given: control.fail(**given)),
    ("POST", "operations/distort", lambda control, given: control.distort(**given)),
    ("POST", "operations/forget", lambda control, given: control.forget(**given)),
    ("POST", "assets/image", lambda control, given: control.put_image(**given).shown()),
    ("POST", "assets/table", lambda control, given: control.put_table(**given).shown()),
    ("POST", "assets/collection", lambda control, given: control.put_collection(**given).shown()),
    ("POST", "assets", lambda control, given: control.seed_asset(**given).shown()),
)
