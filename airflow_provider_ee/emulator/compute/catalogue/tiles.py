"""Tiles of the satellites' scenes: Sentinel-2's squares of the MGRS, and Landsat's paths and rows of the WRS-2."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rasterio import Affine

from airflow_provider_ee.emulator.compute.geometry import Bounds, Geometry, rectangle
from airflow_provider_ee.emulator.compute.pixels.grids import Grid, Points, Projection, reproject_points

__all__ = ["WORLD_TILE", "Tile", "mgrs_tile", "mgrs_tiles", "wrs_tile", "wrs_tiles"]

#: More of them are not made into images of their own.
_MOST = 60

_COLUMNS = ("STUVWXYZ", "ABCDEFGH", "JKLMNPQR")
_ROWS = "ABCDEFGHJKLMNPQRSTUV"
_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_SQUARE = 100_000
_GRID = 60  # all corners of Sentinel-2's tiles are multiples of it

_PATHS, _ROWS_OF_WRS = 233, 248
_INCLINATION = math.radians(98.2)
_FIRST_NODE = -64.6  # where path 1 crosses the equator southwards
_ORBIT_DEGREES = 98.9 / 1440 * 360  # how far the Earth turns in an orbit


@dataclass(frozen=True)
class Tile:
    """A tile.

    Args:
        name: Its name, such as `32UPU` or `193026`.
        grid: Its pixels.
        number: A number of its own, by which the days of its scenes are chosen.
    """

    name: str
    grid: Grid
    number: int

    @property
    def footprint(self) -> Geometry:
        """Its outline in longitude and latitude."""
        return _footprint(self.grid)


@lru_cache(maxsize=4096)
def _footprint(grid: Grid) -> Geometry:
    return rectangle(rectangle(grid.bounds, grid.projection.crs).bounds("EPSG:4326"))


#: The whole Earth as one tile, where nobody says for which place scenes are wanted.
WORLD_TILE = Tile(
    "WORLD", Grid(Projection("EPSG:4326", Affine(1 / 10800, 0, -180, 0, -1 / 10800, 90)), 0, 0, 3_888_000, 1_944_000), 0
)


def mgrs_tiles(bounds: Bounds) -> tuple[Tile, ...] | None:
    """Return Sentinel-2's tiles that touch bounds in longitude and latitude; None where there are too many."""
    west, south, east, north = bounds
    south, north = max(south, -79.9), min(north, 83.9)
    if (east - west) * (north - south) > _MOST or east < west or north < south:
        return None
    found: dict[str, Tile] = {}
    for zone in range(_zone(west), _zone(east) + 1):
        left, right = max(west, zone * 6 - 186), min(east, zone * 6 - 180)
        corners = _utm(zone, [left, left, right, right], [south, north, south, north])
        for easting in range(int(min(corners[0]) // _SQUARE), int(max(corners[0]) // _SQUARE) + 1):
            for northing in range(int(min(corners[1]) // _SQUARE), int(max(corners[1]) // _SQUARE) + 1):
                tile = _square(zone, easting, northing)
                if tile is not None:
                    found[tile.name] = tile
    return tuple(found[name] for name in sorted(found)) if len(found) <= _MOST else None


def mgrs_tile(name: str) -> Tile | None:
    """Return the tile of a name such as `32UPU`; None if there is none."""
    if len(name) != 5 or not name[:2].isdigit() or not 1 <= int(name[:2]) <= 60 or name[2] not in _BANDS:
        return None
    zone, middle = int(name[:2]), _BANDS.index(name[2]) * 8 - 76
    northing = float(_utm(zone, [zone * 6 - 183.0], [float(middle)])[1][0]) // _SQUARE
    for easting in range(1, 9):
        for near in range(int(northing) - 6, int(northing) + 7):
            tile = _square(zone, easting, near)
            if tile is not None and tile.name == name:
                return tile
    return None


def _zone(longitude: float) -> int:
    return min(60, max(1, int((longitude + 180) // 6) + 1))


def _utm(zone: int, longitudes: list[float], latitudes: list[float]) -> tuple[Points, Points]:
    """Return eastings and northings, south of the equator below zero."""
    return reproject_points("EPSG:4326", f"EPSG:{32600 + zone}", np.array(longitudes), np.array(latitudes))


@lru_cache(maxsize=4096)
def _square(zone: int, easting: int, northing: int) -> Tile | None:
    """Return the tile of a square of a hundred kilometres, if its middle is in the zone."""
    if not 1 <= easting <= 8:
        return None
    x, y = (np.array([(index + 0.5) * _SQUARE]) for index in (easting, northing))
    longitude, latitude = reproject_points(f"EPSG:{32600 + zone}", "EPSG:4326", x, y)
    if _zone(float(longitude[0])) != zone or not -80 <= latitude[0] < 84:
        return None
    band = _BANDS[min(19, int((latitude[0] + 80) // 8))]
    row = _ROWS[(northing + (0 if zone % 2 else 5)) % 20]
    name = f"{zone:02}{band}{_COLUMNS[zone % 3][easting - 1]}{row}"
    crs, shift = (f"EPSG:{32600 + zone}", 0) if northing >= 0 else (f"EPSG:{32700 + zone}", 10_000_000)
    left = easting * _SQUARE // _GRID * _GRID
    top = -(-((northing + 1) * _SQUARE + shift) // _GRID) * _GRID
    number = zone * 1000 + easting * 100 + northing % 100
    return Tile(name, Grid(Projection(crs, Affine(10, 0, left, 0, -10, top)), 0, 0, 10980, 10980), number)


def wrs_tiles(bounds: Bounds) -> tuple[Tile, ...] | None:
    """Return Landsat's scenes by day that touch bounds in longitude and latitude; None where there are too many."""
    found = [_scene(*centre) for centre in _centres() if _near(centre[2:], bounds)]
    return tuple(found) if len(found) <= _MOST else None


def wrs_tile(name: str) -> Tile | None:
    """Return the scene of a path and a row, such as `193026`; None if there is none by day."""
    if len(name) != 6 or not name.isdigit():
        return None
    wanted = int(name[:3]), int(name[3:])
    return next((_scene(*centre) for centre in _centres() if centre[:2] == wanted), None)


def _near(centre: tuple[float, float], bounds: Bounds) -> bool:
    longitude, latitude = centre
    west, south, east, north = bounds
    reach = 1.6 / math.cos(math.radians(latitude))
    return south - 1.2 <= latitude <= north + 1.2 and _apart(longitude, west, east) <= reach


def _apart(longitude: float, west: float, east: float) -> float:
    return 0.0 if west <= longitude <= east else min(abs((longitude - edge + 180) % 360 - 180) for edge in (west, east))


@lru_cache
def _centres() -> tuple[tuple[int, int, float, float], ...]:
    """Return path, row, longitude and latitude of the middle of every scene by day, as a circular orbit has them."""
    return tuple(_all_centres())


def _all_centres() -> Iterator[tuple[int, int, float, float]]:
    for row in range(3, 118):
        along = math.radians((row - 60) * 360 / _ROWS_OF_WRS)
        latitude = math.degrees(math.asin(-math.sin(along) * math.sin(_INCLINATION)))
        turn = math.degrees(math.atan2(math.cos(_INCLINATION) * math.sin(along), math.cos(along)))
        for path in range(1, _PATHS + 1):
            node = _FIRST_NODE - (path - 1) * 360 / _PATHS
            longitude = node + turn - along / (2 * math.pi) * _ORBIT_DEGREES
            yield path, row, (longitude + 180) % 360 - 180, latitude


@lru_cache(maxsize=4096)
def _scene(path: int, row: int, longitude: float, latitude: float) -> Tile:
    zone = _zone(longitude)
    x, y = (float(axis[0]) for axis in _utm(zone, [longitude], [latitude]))
    # As in Landsat's own files, the zones are those of the north, south of the equator too.
    transform = Affine(30, 0, round((x - 115_000) / 30) * 30 + 15, 0, -30, round((y + 117_000) / 30) * 30 + 15)
    grid = Grid(Projection(f"EPSG:{32600 + zone}", transform), 0, 0, 7700, 7800)
    return Tile(f"{path:03}{row:03}", grid, path)
