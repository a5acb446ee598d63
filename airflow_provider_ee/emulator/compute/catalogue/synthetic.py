"""The synthetic public catalogue: images with known values, readable by everyone.

- `EMULATOR/S2`: one Sentinel-2-like scene of 20000 x 20000 pixels of 10 m around Munich (EPSG:32632), bands B2, B3,
  B4 and B8 as `landscape.reflectance`.
- `EMULATOR/S2_DAILY`: that scene on every day of 2024 at 10:00, with clouds (`landscape.cloudy_reflectance`); ids
  `EMULATOR/S2_DAILY/20240101` and so on, `CLOUDY_PIXEL_PERCENTAGE` is `37 * day mod 101` for day 0 to 365.
- `EMULATOR/DEM`: 43200 x 21600 pixels of a 120th degree over the whole Earth (EPSG:4326), band `elevation` as
  `landscape.elevation`, the sea being masked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from typing import Any

import numpy as np
from rasterio import Affine

from airflow_provider_ee.emulator.compute.assets import PUBLIC, image_fields
from airflow_provider_ee.emulator.compute.catalogue import landscape
from airflow_provider_ee.emulator.compute.geometry import rectangle
from airflow_provider_ee.emulator.compute.images import Band, Collection, Image
from airflow_provider_ee.emulator.compute.pixels.grids import Grid, Projection
from airflow_provider_ee.emulator.compute.pixels.rasters import Plane, Raster, Values

__all__ = ["catalogue_assets", "find"]

SCENE = Grid(Projection("EPSG:32632", Affine(10, 0, 600000, 0, -10, 5400000)), 0, 0, 20000, 20000)
GLOBE = Grid(Projection("EPSG:4326", Affine(1 / 120, 0, -180, 0, -1 / 120, 90)), 0, 0, 43200, 21600)

_FIRST_DAY = datetime(2024, 1, 1, 10, tzinfo=UTC)
_DAYS = 366
_UPDATED = "2025-01-01T00:00:00Z"


def find(name: str) -> Image | Collection | None:
    """Return what the catalogue holds under a full asset name."""
    if not name.startswith(f"{PUBLIC}EMULATOR/"):
        return None
    path = name.removeprefix(f"{PUBLIC}EMULATOR/")
    if path == "S2_DAILY":
        return Collection([_day(number) for number in range(_DAYS)], id="EMULATOR/S2_DAILY")
    if path == "S2":
        return _scene()
    if path == "DEM":
        return _dem()
    return next((_day(number) for number in range(_DAYS) if path == f"S2_DAILY/{_index(number)}"), None)


@lru_cache(maxsize=1)
def catalogue_assets() -> list[dict[str, Any]]:
    """Return the synthetic public catalogue as EarthEngineAsset dicts: folder, images, collection and its images."""
    folders = [
        {"type": "FOLDER", "name": f"{PUBLIC}EMULATOR", "id": "EMULATOR", "updateTime": _UPDATED},
        {"type": "IMAGE_COLLECTION", "name": f"{PUBLIC}EMULATOR/S2_DAILY", "id": "EMULATOR/S2_DAILY"}
        | {"updateTime": _UPDATED, "startTime": _time(0), "endTime": _time(_DAYS)},
    ]
    images = [_scene(), _dem(), *(_day(number) for number in range(_DAYS))]
    return folders + [_asset(image) for image in images]


def _asset(image: Image) -> dict[str, Any]:
    grid = GLOBE if image.id == "EMULATOR/DEM" else SCENE
    asset = {"type": "IMAGE", "name": f"{PUBLIC}{image.id}", "id": image.id, "updateTime": _UPDATED}
    return asset | image_fields(image, grid)


def _time(number: int) -> str:
    return (_FIRST_DAY + timedelta(days=number)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _index(number: int) -> str:
    return (_FIRST_DAY + timedelta(days=number)).strftime("%Y%m%d")


def _scene() -> Image:
    bands = [(band, partial(landscape.surface, band)) for band in landscape.BANDS]
    return _synthetic("EMULATOR/S2", SCENE, "u2", bands, _of_all_bands(), start=_FIRST_DAY)


def _day(number: int) -> Image:
    percent = 37 * number % 101
    cloudy = _raster(SCENE, np.dtype(np.bool_), partial(landscape.cloud, day=number, percent=percent))
    bands = [(band, partial(_under_clouds, band, number)) for band in landscape.BANDS]
    properties = {"CLOUDY_PIXEL_PERCENTAGE": percent, "system:index": _index(number)}
    when = _FIRST_DAY + timedelta(days=number)
    shared = (*_of_all_bands(), cloudy)
    return _synthetic(
        f"EMULATOR/S2_DAILY/{_index(number)}", SCENE, "u2", bands, shared, start=when, properties=properties
    )


def _of_all_bands() -> tuple[Raster, ...]:
    """Return what a scene computes once for all of its bands: the vegetation, and where the river is."""
    return (
        _raster(SCENE, np.dtype(np.int32), landscape.vegetation),
        _raster(SCENE, np.dtype(np.bool_), landscape.river),
    )


def _under_clouds(band: str, day: int, column: Values, row: Values, *shared: Values) -> Values:
    green, wet, cloudy = shared
    return np.where(cloudy, landscape.CLOUD[band], landscape.surface(band, column, row, green, wet, day=day))


def _dem() -> Image:
    return _synthetic("EMULATOR/DEM", GLOBE, "f4", [("elevation", landscape.elevation)], above=0)


def _synthetic(
    image_id: str,
    extent: Grid,
    dtype: str,
    formulas: Sequence[tuple[str, Callable[..., Values]]],
    shared: tuple[Raster, ...] = (),
    *,
    start: datetime | None = None,
    properties: dict[str, Any] | None = None,
    above: float | None = None,
) -> Image:
    described: dict[str, Any] = {"system:index": image_id.rpartition("/")[2], **(properties or {})}
    if start is not None:
        described["system:time_start"] = int(start.timestamp() * 1000)
    bands = tuple(Band(name, _raster(extent, np.dtype(dtype), formula, shared, above)) for name, formula in formulas)
    footprint = rectangle(extent.bounds, extent.projection.crs)
    return Image(bands, extent.projection, footprint, described, image_id)


def _raster(
    extent: Grid,
    dtype: np.dtype[Any],
    formula: Callable[..., Values],
    shared: tuple[Raster, ...] = (),
    above: float | None = None,
) -> Raster:
    """Return a raster whose pixels are a formula of their columns and rows, and of the pixels of what is shared."""

    def compute(grid: Grid, planes: Sequence[Plane]) -> Plane:
        columns, rows = grid.locate(extent.projection)
        inside = (columns >= 0) & (columns < extent.width) & (rows >= 0) & (rows < extent.height)
        # Small numbers are fast ones; those outside are masked, whatever the formula makes of them.
        places = _small(columns, extent.width), _small(rows, extent.height)
        values = formula(*places, *(plane.values for plane in planes))
        valid = inside if above is None else inside & (values > above)
        return Plane(np.where(valid, values, 0), valid)

    return Raster(dtype, compute, shared)


def _small(indices: Values, end: int) -> Values:
    return np.clip(indices, -1, end).astype(np.int32)
