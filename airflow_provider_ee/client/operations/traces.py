"""Tell an import by what it imports: whether Earth Engine gives the description of an import back is not known.

Its lists show `Ingest image: "projects/my-project/assets/a"`, and no client of Google's gives another description.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from airflow_provider_ee.client.operations.markers import Ticket
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.rest.request import Request

__all__ = ["imported_asset", "is_import_of", "names_import_of"]

_QUOTED = re.compile(r'^[^"]*"([^"]+)"$')

#: By how many seconds the clocks of Airflow and of Earth Engine may differ.
_SKEW = 600.0


def imported_asset(request: Request) -> str | None:
    """Return the name of the asset that a request imports; None if it imports nothing."""
    for manifest in ("imageManifest", "tableManifest"):
        given = (request.body or {}).get(manifest)
        if isinstance(given, Mapping) and isinstance(given.get("name"), str):
            return str(given["name"])
    return None


def is_import_of(operation: Operation, asset: str, since: float) -> bool:
    """Return whether an operation imports an asset, carries no marker, and is not from before a time.

    Args:
        operation: The operation.
        asset: The full name of the asset.
        since: The time in seconds since 1970, by another clock than Earth Engine's.
    """
    return (
        names_import_of(operation, asset)
        and Ticket.read(operation.description) is None
        and operation.create_time is not None
        and datetime.fromisoformat(operation.create_time).timestamp() >= since - _SKEW
    )


def names_import_of(operation: Operation, asset: str) -> bool:
    """Return whether an operation says of itself that it imports an asset."""
    quoted = _QUOTED.match(operation.description or "")
    return (operation.type or "").startswith("INGEST") and quoted is not None and quoted[1] == asset
