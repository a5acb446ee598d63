"""Google Earth Engine for Python programs, with or without Airflow.

    from airflow_provider_ee.client import Client

    with Client("my-project") as client:
        operation = client.export_image_to_cloud_storage(image=image, bucket="my-bucket", region=region, scale=30)
        operation.wait(timeout=3600)
        for asset in client.list_assets("projects/my-project/assets"):
            print(asset["name"])

`AsyncClient` is the same, awaited. What is imported from here is public, and everything else in the rooms of the client
is not. Nothing of Airflow is imported; installing the package still brings it.

Tests need no network: `Client(..., transport=httpx.MockTransport(answer))` calls `answer` with each request, and the
emulator (`python -m airflow_provider_ee.emulator`) answers as Earth Engine does.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow_provider_ee.client.calls.handles import AsyncOperationHandle, OperationHandle
    from airflow_provider_ee.client.earth_engine import AsyncClient, Client
    from airflow_provider_ee.client.errors import (
        AlreadyExists,
        EarthEngineError,
        EmptyResult,
        InsecureConnection,
        InvalidArgument,
        InvalidRequest,
        NotFound,
        OperationCancelled,
        OperationFailed,
        OverBudget,
        PermissionDenied,
        QueueFull,
        QuotaExhausted,
        TimedOut,
        Transient,
        Unauthenticated,
    )
    from airflow_provider_ee.client.http.limits import Limits
    from airflow_provider_ee.client.http.retry import RetryPolicy
    from airflow_provider_ee.client.operations.operation import Operation
    from airflow_provider_ee.client.pixels.arrays import PixelArray
    from airflow_provider_ee.client.pixels.output import Downloaded
    from airflow_provider_ee.client.warnings import (
        DoubtfulArgumentWarning,
        EarthEngineWarning,
        EmptyResultWarning,
        RestrictedProjectWarning,
    )

__all__ = [
    "AlreadyExists",
    "AsyncClient",
    "AsyncOperationHandle",
    "Client",
    "DoubtfulArgumentWarning",
    "Downloaded",
    "EarthEngineError",
    "EarthEngineWarning",
    "EmptyResult",
    "EmptyResultWarning",
    "InsecureConnection",
    "InvalidArgument",
    "InvalidRequest",
    "Limits",
    "NotFound",
    "Operation",
    "OperationCancelled",
    "OperationFailed",
    "OperationHandle",
    "OverBudget",
    "PermissionDenied",
    "PixelArray",
    "QueueFull",
    "QuotaExhausted",
    "RestrictedProjectWarning",
    "RetryPolicy",
    "TimedOut",
    "Transient",
    "Unauthenticated",
]

#: Where each name is that is not an error or a warning.
_MODULES = {
    "AsyncClient": "earth_engine",
    "AsyncOperationHandle": "calls.handles",
    "Client": "earth_engine",
    "Downloaded": "pixels.output",
    "Limits": "http.limits",
    "Operation": "operations.operation",
    "OperationHandle": "calls.handles",
    "PixelArray": "pixels.arrays",
    "RetryPolicy": "http.retry",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is needed: a DAG file imports the package and needs few of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = _MODULES.get(name, "warnings" if name.endswith("Warning") else "errors")
    return getattr(importlib.import_module(f"{__name__}.{module}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
