"""Which assets touch a region, as far as their bounds tell."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from airflow_provider_ee.emulator.compute import ComputeError
from airflow_provider_ee.emulator.compute.arguments import geometry_from_json
from airflow_provider_ee.emulator.compute.geometry import overlap
from airflow_provider_ee.emulator.envelope import ApiError, invalid

__all__ = ["touching"]


def touching(region: str, field: str) -> Callable[[Mapping[str, Any]], bool]:
    """Return what tells whether an asset, as the API shows it, touches a region.

    Args:
        region: GeoJSON, with double quotes or, inside of a filter, single ones.
        field: The request's field, for an error.

    Raises:
        ApiError: It is no GeoJSON geometry.
    """
    if not region.lstrip().startswith("{"):
        raise ApiError("UNIMPLEMENTED", f"The emulator reads a region as GeoJSON only, which {region[:40]!r} is not.")
    try:
        wanted = geometry_from_json(json.loads(region.replace("'", '"')))
    except (ValueError, RecursionError, ComputeError) as fault:
        raise invalid(field, f"{region[:60]!r} is not a GeoJSON geometry: {fault}") from fault
    return lambda asset: "geometry" in asset and overlap(geometry_from_json(asset["geometry"]), wanted)
