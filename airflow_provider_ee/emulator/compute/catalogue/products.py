"""Stand-ins for datasets of Google's catalogue: under their real ids, with their real bands, types, scales and masks.

Their values are those of `earth`, a made-up Earth; a place has the same values in every dataset, on every day the same
ones. Collections have an image for every time at which the real one could have one, up to today.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from typing import Any

from rasterio import Affine

from airflow_provider_ee.emulator.compute.catalogue import bands as made
from airflow_provider_ee.emulator.compute.catalogue.bands import Layer
from airflow_provider_ee.emulator.compute.catalogue.earth import UNITS
from airflow_provider_ee.emulator.compute.catalogue.series import DAY, Acquisition, Series
from airflow_provider_ee.emulator.compute.catalogue.tiles import (
    WORLD_TILE,
    Tile,
    mgrs_tile,
    mgrs_tiles,
    wrs_tile,
    wrs_tiles,
)
from airflow_provider_ee.emulator.compute.geometry import Bounds, rectangle
from airflow_provider_ee.emulator.compute.images import Band, Collection, Image
from airflow_provider_ee.emulator.compute.pixels.grids import Grid, Projection
from airflow_provider_ee.emulator.compute.pixels.rasters import Plane, Raster

__all__ = ["PRODUCTS", "Product"]


@dataclass(frozen=True)
class Product:
    """A dataset of images.

    Args:
        id: Its id.
        layers: Its bands, of an image of a day.
        grid: The pixels of an image that covers the whole Earth.
        start: Its first day; None for a single image.
        end: The day after its last one; None for today.
        times: Gives the times of a tile; by default every day at midnight.
        tiles: Gives the tiles that touch bounds; None for images of the whole Earth.
        index: Writes the system:index of an acquisition.
        read: Reads it.
        properties: Gives the properties of an acquisition.
        days: How many days an image stands for.
    """

    id: str
    layers: Callable[[Acquisition], Sequence[Layer]]
    grid: Grid
    start: datetime | None = None
    end: datetime | None = None
    times: Callable[[int, int, Tile], Sequence[int]] | None = None
    tiles: Callable[[Bounds], tuple[Tile, ...] | None] | None = None
    index: Callable[[Acquisition], str] = field(default=lambda one: f"{_moment(one.time):%Y%m%d}")
    read: Callable[[str], Acquisition | None] = field(default=lambda text: _read_day(text, "%Y%m%d"))
    properties: Callable[[Acquisition], Mapping[str, Any]] = field(default=lambda _: {})
    days: int = 1

    def image(self, one: Acquisition) -> Image:
        """Return the image of an acquisition."""
        return _image(self.id, one)

    def single(self) -> Image:
        """Return the only image."""
        return self.image(Acquisition(0, WORLD_TILE))

    def collection(self) -> Collection:
        """Return all images."""
        start, end = self.start or datetime(2000, 1, 1, tzinfo=UTC), self.end or datetime.now(UTC)
        series = Series(self.image, self.times or _daily, _millis(start), _millis(end), self.tiles)
        return Collection(series, id=self.id)

    def named(self, index: str) -> Image | None:
        """Return the image of a system:index; None if there is none."""
        one = self.read(index)
        last = _millis(self.end or datetime.now(UTC))
        known = one is not None and self.start is not None and _millis(self.start) <= one.time < last
        return self.image(one) if one is not None and known else None


@lru_cache(maxsize=20_000)
def _image(product_id: str, one: Acquisition) -> Image:
    product = PRODUCTS[product_id]
    grid = product.grid if one.tile is WORLD_TILE else one.tile.grid
    single = product.start is None
    index = product.id.rpartition("/")[2] if single else product.index(one)
    properties: dict[str, Any] = {"system:index": index, **product.properties(one)}
    if not single:
        properties |= {"system:time_start": one.time, "system:time_end": one.time + product.days * DAY}
    bands = tuple(Band(layer.name, _cut(layer.raster, one.tile)) for layer in product.layers(one))
    name = product.id if single else f"{product.id}/{index}"
    footprint = rectangle(grid.bounds) if one.tile is WORLD_TILE else one.tile.footprint
    return Image(bands, grid.projection, footprint, properties, name)


def _cut(raster: Raster, tile: Tile) -> Raster:
    """Mask what is outside of a tile."""
    if tile is WORLD_TILE:
        return raster

    def compute(grid: Grid, planes: Sequence[Plane]) -> Plane:
        columns, rows = grid.locate(tile.grid.projection)
        inside = (columns >= 0) & (columns < tile.grid.width) & (rows >= 0) & (rows < tile.grid.height)
        return Plane(planes[0].values, planes[0].valid & inside)

    return Raster(raster.dtype, compute, (raster,))


def _globe(degrees: float, south: float = -90, north: float = 90) -> Grid:
    """Return the pixels of an image of the whole Earth."""
    projection = Projection("EPSG:4326", Affine(degrees, 0, -180, 0, -degrees, north))
    return Grid(projection, 0, 0, round(360 / degrees), round((north - south) / degrees))


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _moment(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, UTC)


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # year, month and day, and perhaps more


def _daily(start: int, end: int, _: Tile) -> Sequence[int]:
    return range(-(-start // DAY) * DAY, end, DAY)


def _yearly(start: int, end: int, _: Tile) -> Sequence[int]:
    years = range(_moment(start).year, _moment(max(start, end - 1)).year + 1)
    return [time for time in (_millis(_utc(year, 1, 1)) for year in years) if start <= time < end]


def _every_16_days(start: int, end: int, _: Tile) -> Sequence[int]:
    found = []
    for year in range(_moment(start).year, _moment(max(start, end - 1)).year + 1):
        first = _utc(year, 1, 1)
        found += [_millis(first + timedelta(days=16 * number)) for number in range(23)]
    return [time for time in found if start <= time < end]


def _read_day(text: str, pattern: str = "%Y%m%d") -> Acquisition | None:
    try:
        return Acquisition(_millis(datetime.strptime(text, pattern).replace(tzinfo=UTC)), WORLD_TILE)
    except ValueError:
        return None


def _cloudiness(one: Acquisition) -> int:
    """Return how many of a hundred pixels are cloudy."""
    return (37 * (one.time // DAY) + 13 * one.tile.number) % 101


def _sentinel_index(one: Acquisition) -> str:
    moment = f"{_moment(one.time):%Y%m%dT%H%M%S}"
    return f"{moment}_{moment}_T{one.tile.name}"


_SENTINEL = re.compile(r"(\d{8}T\d{6})_\d{8}T\d{6}_T(\w{5})")


def _read_sentinel(text: str) -> Acquisition | None:
    found = _SENTINEL.fullmatch(text)
    one = _read_day(found[1], "%Y%m%dT%H%M%S") if found else None
    tile = WORLD_TILE if found and found[2] == "WORLD" else mgrs_tile(found[2]) if found else None
    return Acquisition(one.time, tile) if one and tile else None


def _sentinel_properties(one: Acquisition) -> dict[str, Any]:
    percent = _cloudiness(one)
    return {
        "CLOUDY_PIXEL_PERCENTAGE": float(percent),
        "CLOUD_COVERAGE_ASSESSMENT": float(percent),
        "MGRS_TILE": one.tile.name,
        "PRODUCT_ID": f"S2A_MSIL2A_{_moment(one.time):%Y%m%dT%H%M%S}_EMULATED_T{one.tile.name}",
        "SPACECRAFT_NAME": "Sentinel-2A",
        "SENSING_ORBIT_DIRECTION": "DESCENDING",
        "MEAN_SOLAR_AZIMUTH_ANGLE": 155.0,
        "MEAN_SOLAR_ZENITH_ANGLE": 35.0,
        "NODATA_PIXEL_PERCENTAGE": 0.0,
        "PROCESSING_BASELINE": "05.10",
    }


def _landsat(number: int, start: datetime, shift: int) -> Product:
    prefix = f"LC0{number}"

    def index(one: Acquisition) -> str:
        return f"{prefix}_{one.tile.name}_{_moment(one.time):%Y%m%d}"

    def read(text: str) -> Acquisition | None:
        found = re.fullmatch(rf"{prefix}_(\d{{6}}|WORLD)_(\d{{8}})", text)
        day = _read_day(found[2]) if found else None
        tile = WORLD_TILE if found and found[1] == "WORLD" else wrs_tile(found[1]) if found else None
        return Acquisition(day.time + 10 * DAY // 24, tile) if day and tile else None

    def properties(one: Acquisition) -> dict[str, Any]:
        known = one.tile is not WORLD_TILE
        place = {"WRS_PATH": int(one.tile.name[:3]), "WRS_ROW": int(one.tile.name[3:])} if known else {}
        percent = float(_cloudiness(one))
        return {
            "CLOUD_COVER": percent,
            "CLOUD_COVER_LAND": percent,
            "DATE_ACQUIRED": f"{_moment(one.time):%Y-%m-%d}",
            "LANDSAT_PRODUCT_ID": f"{prefix}_L2SP_{one.tile.name}_{_moment(one.time):%Y%m%d}_EMULATED_02_T1",
            "SPACECRAFT_ID": f"LANDSAT_{number}",
            "SENSOR_ID": "OLI_TIRS",
            "COLLECTION_NUMBER": 2,
            "SUN_ELEVATION": 55.0,
            "SUN_AZIMUTH": 150.0,
            **place,
        }

    return Product(
        f"LANDSAT/{prefix}/C02/T1_L2",
        lambda one: made.landsat(one.time // DAY, _cloudiness(one)),
        WORLD_TILE.grid,
        start,
        times=_landsat_times(shift),
        tiles=wrs_tiles,
        index=index,
        read=read,
        properties=properties,
    )


def _landsat_times(shift: int) -> Callable[[int, int, Tile], Sequence[int]]:
    """Each path every sixteen days, the two satellites eight days apart."""

    def times(start: int, end: int, tile: Tile) -> Sequence[int]:
        days = range(start // DAY, end // DAY + 1)
        due = [day for day in days if tile is WORLD_TILE or (day + 7 * tile.number + shift) % 16 == 0]
        moments = (day * DAY + 10 * DAY // 24 for day in due)
        return [time for time in moments if start <= time < end]

    return times


def _sentinel_times(start: int, end: int, tile: Tile) -> Sequence[int]:
    """Each tile every five days, at half past ten by the sun."""
    west = 0.0 if tile is WORLD_TILE else tile.footprint.bounds("EPSG:4326")[0]
    second = round((10.5 - west / 15) * 3600) % 86_400
    days = (day for day in range(start // DAY, end // DAY + 1) if tile is WORLD_TILE or (day + tile.number) % 5 == 0)
    moments = (day * DAY + second * 1000 for day in days)
    return [time for time in moments if start <= time < end]


def _sentinel(
    product_id: str, start: datetime, layers: Callable[[Acquisition], Sequence[Layer]], **more: Any
) -> Product:
    return Product(
        product_id,
        layers,
        WORLD_TILE.grid,
        start,
        times=_sentinel_times,
        tiles=mgrs_tiles,
        index=_sentinel_index,
        read=_read_sentinel,
        **more,
    )


def _world_cover(version: str, year: int) -> Product:
    return Product(
        f"ESA/WorldCover/{version}",
        lambda _: made.world_cover(),
        _globe(1 / UNITS),
        _utc(year, 1, 1),
        _utc(year + 1, 1, 1),
        times=_yearly,
        index=lambda _: version,
        read=lambda text: Acquisition(_millis(_utc(year, 1, 1)), WORLD_TILE) if text == version else None,
        days=365,
    )


_ALL = (
    Product("USGS/SRTMGL1_003", lambda _: made.srtm(), _globe(1 / 3600, -56, 60)),
    Product("NASA/NASADEM_HGT/001", lambda _: made.nasadem(), _globe(1 / 3600, -56, 60)),
    _world_cover("v100", 2020),
    _world_cover("v200", 2021),
    _sentinel(
        "COPERNICUS/S2_SR_HARMONIZED",
        _utc(2017, 3, 28),
        lambda one: made.sentinel(one.time // DAY, _cloudiness(one)),
        properties=_sentinel_properties,
    ),
    _sentinel(
        "COPERNICUS/S2_CLOUD_PROBABILITY",
        _utc(2015, 6, 27),
        lambda one: made.cloud_probability(one.time // DAY, _cloudiness(one)),
    ),
    _sentinel(
        "GOOGLE/DYNAMICWORLD/V1", _utc(2015, 6, 27), lambda one: made.dynamic_world(one.time // DAY, _cloudiness(one))
    ),
    _landsat(8, _utc(2013, 3, 18), 0),
    _landsat(9, _utc(2021, 10, 31), 8),
    Product(
        "MODIS/061/MOD13Q1",
        lambda one: made.modis_greenness(one.time // DAY),
        _globe(1 / 480),
        _utc(2000, 2, 18),
        times=_every_16_days,
        index=lambda one: f"{_moment(one.time):%Y_%m_%d}",
        read=partial(_read_day, pattern="%Y_%m_%d"),
        days=16,
    ),
    Product("ECMWF/ERA5_LAND/DAILY_AGGR", lambda one: made.era5_land(one.time // DAY), _globe(0.1), _utc(1950, 1, 2)),
    Product("UCSB-CHG/CHIRPS/DAILY", lambda one: made.chirps(one.time // DAY), _globe(0.05, -50, 50), _utc(1981, 1, 1)),
    Product(
        "GOOGLE/SATELLITE_EMBEDDING/V1/ANNUAL",
        lambda one: made.embedding(_moment(one.time).year),
        WORLD_TILE.grid,
        _utc(2017, 1, 1),
        times=_yearly,
        index=lambda one: f"{_moment(one.time):%Y}",
        read=partial(_read_day, pattern="%Y"),
        days=365,
    ),
)

#: The stand-ins by their ids.
PRODUCTS: Mapping[str, Product] = {product.id: product for product in _ALL}
