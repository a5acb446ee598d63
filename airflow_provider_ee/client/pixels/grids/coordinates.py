"""Find the bounds of a region in a coordinate reference system, also at the antimeridian and the poles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rasterio.crs import CRS
from rasterio.errors import CRSError
from rasterio.warp import transform_bounds

from airflow_provider_ee.client.arguments import grid as grid_words
from airflow_provider_ee.client.arguments import regions
from airflow_provider_ee.client.arguments.boxes import METRES_PER_DEGREE, Box
from airflow_provider_ee.client.arguments.expressions import expression
from airflow_provider_ee.client.arguments.scalars import is_list, is_number, without_none
from airflow_provider_ee.client.errors import InvalidArgument, InvalidRequest, shown
from airflow_provider_ee.client.pixels.grids.arguments import unwrap_antimeridian
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.client.rest.flows import Flow
from airflow_provider_ee.client.rest.methods import value_compute

__all__ = ["Box", "degrees_of", "is_geographic", "metres_per_unit", "project_bounds", "region_bounds"]

_DEGREES = "EPSG:4326"
#: Web Mercator is a square: it ends at 85.06 degrees, and the poles are infinitely far away.
_WEB_MERCATOR, _END_OF_WEB_MERCATOR = 3857, 20_037_508.35
#: In metres; a projection that leads farther away is not made for the region.
_END_OF_THE_WORLD = 5e7
#: Points along each edge, as GDAL's tools have it.
_DENSITY = 21


def region_bounds(project: str, region: object, workload_tag: str | None = None) -> Flow[Box]:
    """Return the bounds of a region in degrees. Those of a geometry of `ee` are computed by Earth Engine.

    A box whose west is greater than its east crosses the antimeridian.
    """
    region = unwrap_antimeridian(region)
    node = regions.region(region)
    if type(region).__module__.partition(".")[0] == "ee":
        body = without_none(expression=expression(region, "region"), workloadTag=workload_tag)
        coordinates: Any = (yield value_compute(project, body=body)).get("result")
    else:
        coordinates = node["functionInvocationValue"]["arguments"]["coordinates"]["constantValue"]
    positions = list(_positions(coordinates))
    if not positions:
        raise InvalidRequest(f"The region has no bounds: {shown(coordinates)}.")
    longitudes, latitudes = zip(*positions, strict=True)
    return _checked((min(longitudes), min(latitudes), max(longitudes), max(latitudes)))


def project_bounds(crs: str, box: Box) -> Box:
    """Return the bounds, in a coordinate reference system, of a box in degrees.

    Raises:
        InvalidArgument: It shows a part of the box nowhere, or on two sides of the map.
    """
    system = _parsed(crs)
    west, south, east, north = box
    if system == CRS.from_string(_DEGREES):
        return box
    if east <= 180:
        return _moved(crs, system, box)
    first, second = (
        _moved(crs, system, (west, south, 180, north)),
        _moved(crs, system, (-180, south, east - 360, north)),
    )
    if system.is_geographic:
        second = (second[0] + 360, second[1], second[2] + 360, second[3])
    elif first[0] > second[2] or second[0] > first[2]:
        raise InvalidArgument(
            "region",
            f"it crosses the antimeridian, at which {crs} ends",
            "a region on each side of it, or another crs, such as EPSG:4326",
        )
    west, south, east, north = second
    return min(first[0], west), min(first[1], south), max(first[2], east), max(first[3], north)


def degrees_of(grid: PixelGrid) -> Box:
    """Return the bounds of a grid in degrees.

    Raises:
        InvalidArgument: Its coordinate system is unknown, or does not show where that is.
    """
    system, bounds = _parsed(grid.crs), grid.bounds
    if system == CRS.from_string(_DEGREES):
        return bounds
    west, south, east, north = transform_bounds(system, CRS.from_string(_DEGREES), *bounds, densify_pts=_DENSITY)
    # Written so that NaN is refused as well.
    if not all(abs(side) <= 360 for side in (west, south, east, north)):
        raise InvalidArgument("crs", f"{grid.crs:.80} does not show {shown(list(bounds))}", "a place on Earth")
    # rasterio returns a west that is greater than the east across the antimeridian.
    return west, south, east + 360 if east < west else east, north


def is_geographic(crs: str) -> bool:
    """Whether the coordinates are degrees; as far as rasterio knows the system."""
    try:
        return bool(_parsed(crs).is_geographic)
    except InvalidArgument:
        return False


def metres_per_unit(crs: str) -> float:
    """Return the length of a unit of a coordinate reference system."""
    system = _parsed(crs)
    if system.is_geographic:
        return METRES_PER_DEGREE
    try:
        return float(system.linear_units_factor[1])
    except CRSError:
        raise InvalidArgument("scale", f"the unit of {crs:.80} in metres is not known", "crs_transform") from None


def _positions(found: Any) -> Iterator[tuple[float, float]]:
    """Find the positions in the coordinates of any geometry, or in its GeoJSON."""
    if isinstance(found, Mapping):
        yield from _positions([found.get("coordinates"), found.get("geometries"), found.get("geometry")])
    elif is_list(found):
        if len(found) >= 2 and all(is_number(number) for number in found[:2]):
            yield float(found[0]), float(found[1])
        else:
            for part in found:
                yield from _positions(part)


def _checked(box: Box) -> Box:
    west, south, east, north = box
    if west < -180:
        west, east = west + 360, east + 360
    elif west >= 180:
        west, east = west - 360, east - 360
    if east - west > 360:
        raise InvalidArgument(
            "region", f"{shown(list(box))} goes around the world more than once", "at most 360 degrees"
        )
    return west, south, east, north


def _parsed(crs: str) -> CRS:
    try:
        return CRS.from_user_input(grid_words.crs(crs))
    except CRSError:
        raise InvalidArgument(
            "crs", f"{shown(crs)} is not known outside of Earth Engine", "an EPSG code, WKT, or a whole grid"
        ) from None


def _moved(crs: str, system: CRS, box: Box) -> Box:
    moved: Box = transform_bounds(CRS.from_string(_DEGREES), system, *box, densify_pts=_DENSITY)
    end = _END_OF_WEB_MERCATOR if system.to_epsg() == _WEB_MERCATOR else _END_OF_THE_WORLD
    # Written so that NaN is refused as well.
    if not all(abs(side) <= end for side in moved):
        raise InvalidArgument(
            "region",
            f"{shown(list(box))} reaches farther than {crs:.80} shows",
            "a smaller region (Web Mercator ends at 85.06 degrees north and south), or another crs",
        )
    return moved
