"""projects: its configuration, the algorithms there are, and what a caller may do."""

import json
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from airflow_provider_ee.emulator.compute import ALGORITHMS
from airflow_provider_ee.emulator.http.call import Call

__all__ = ["get_capabilities", "get_config", "list_algorithms"]


async def get_config(call: Call) -> dict[str, Any]:
    """Answer projects.getConfig."""
    settings = call.world.settings
    config: dict[str, Any] = {"name": call.name, "registrationState": settings.registration.value}
    if settings.registration_expiry:
        config["registration"] = {"expiryTime": settings.registration_expiry}
    return config


async def list_algorithms(call: Call) -> dict[str, Any]:  # noqa: ARG001 - the same for every project
    """Answer algorithms.list."""
    return {"algorithms": _algorithms()}


async def get_capabilities(call: Call) -> dict[str, Any]:  # noqa: ARG001 - the same for every caller
    """Answer getCapabilities."""
    return {"capabilities": ["PUBLIC", "EXTERNAL"]}


@cache
def _algorithms() -> list[dict[str, Any]]:
    """Return all of Earth Engine's algorithms where Google's client is installed, else those that are computed.

    The client carries the whole list among its test data. With it, the client builds every class, and what the emulator
    does not compute is refused when it is used.
    """
    try:
        carried = Path(str(distribution("earthengine-api").locate_file("ee/tests/algorithms.json")))
        listed: list[dict[str, Any]] = json.loads(carried.read_text(encoding="utf-8"))["algorithms"]
    except (PackageNotFoundError, FileNotFoundError):
        return ALGORITHMS
    return listed
