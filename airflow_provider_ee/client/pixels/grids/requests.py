"""Cut an image into the requests of its tiles, with few enough bytes in flight for any machine."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.client.pixels.grids.tiles import (
    MOST_BYTES,
    BandType,
    Tile,
    band_groups,
    quarters,
    request_bytes,
    tiles,
)

__all__ = ["TileRequest", "TileRequests"]

#: What all requests in flight together ask for, as Earth Engine counts it.
_IN_FLIGHT_BYTES = 96 * 2**20
#: What each asks for if the image has enough for all of them: a request costs some time, however little it asks for.
_ENOUGH_BYTES = 6 * 2**20

#: What the answers that are in memory together may have, counted in the same way; two may be there, however large.
_MEMORY_BYTES, _FEWEST_IN_MEMORY = 24 * 2**20, 2

#: The side of a block of the file; half of it where bands are so many that a request would have room for a few only.
_BLOCKS = (512, 256)

_ONCE_AROUND = 360.0


@dataclass(frozen=True, slots=True)
class TileRequest:
    """A tile as one request fetches it.

    Attributes:
        tile: Which pixels of the whole grid.
        bands: Which bands of them.
        grid: Their grid in the request, which differs from the whole one beyond the antimeridian.
        depth: How often it was split.
    """

    tile: Tile
    bands: tuple[BandType, ...]
    grid: PixelGrid
    depth: int = 0

    @property
    def band_ids(self) -> list[str]:
        """The names of its bands."""
        return [band.id for band in self.bands]

    @property
    def fields(self) -> dict[str, Any]:
        """Its grid as the fields of a request."""
        return self.grid.fields()

    def quarters(self) -> list[TileRequest]:
        """Return its four parts, which are fetched one by one if it is too much at once."""
        column, row, _, _ = self.tile
        return [
            replace(
                self,
                tile=tile,
                grid=self.grid.window(tile.column - column, tile.row - row, tile.width, tile.height),
                depth=self.depth + 1,
            )
            for tile in quarters(self.tile)
        ]


class TileRequests:
    """The requests for all tiles of an image.

    Args:
        grid: The pixels.
        bands: The bands.
        concurrency: How many requests there may be in flight.
        geographic: Whether the coordinates of the grid are degrees.

    Attributes:
        block: The side of a block of a file: tiles begin and end with blocks, except at the antimeridian and the edges.
        in_memory: How many answers there may be in memory.
    """

    def __init__(self, grid: PixelGrid, bands: Sequence[BandType], concurrency: int, *, geographic: bool) -> None:
        self._grid = grid
        self._bands = bands
        pixel = request_bytes(_PIXEL, bands)
        whole = grid.width * grid.height * pixel
        share = max(_IN_FLIGHT_BYTES // concurrency, min(_ENOUGH_BYTES, whole // concurrency))
        self.block = next((block for block in _BLOCKS if block**2 * pixel <= share), _BLOCKS[-1])
        self._most = min(MOST_BYTES, max(share, self.block**2 * pixel))
        self.in_memory = max(_FEWEST_IN_MEMORY, _MEMORY_BYTES // self._most)
        self._spans = _spans(grid, self.block) if geographic else [(0, grid.width, 0)]

    def __iter__(self) -> Iterator[TileRequest]:
        for first, columns, turns in self._spans:
            size = (columns, self._grid.height)
            groups = band_groups(*size, self._bands, most_bytes=self._most, multiple_of=self.block)
            for tile in tiles(*size, self._bands, most_bytes=self._most, multiple_of=self.block):
                moved = tile._replace(column=first + tile.column)
                asked = _turned(self._grid.window(*moved), turns)
                for group in groups:
                    yield TileRequest(moved, group, asked)


_PIXEL = Tile(0, 0, 1, 1)


def _spans(grid: PixelGrid, block: int) -> list[tuple[int, int, int]]:
    """Return the spans of columns between antimeridians: the first, how many, and how often around the world they are.

    Earth Engine shows nothing beyond 180 degrees, where users see the other side of the world. A span that begins in a
    block is cut where the next one begins, so that all else consists of whole blocks.
    """
    west, _, east, _ = grid.bounds
    scale, shear = grid.transform[:2]
    if shear:
        if west < -180 or east > 180:
            raise InvalidArgument(
                "crs_transform", "its shear leads across the antimeridian", "a transform without shear"
            )
        return [(0, grid.width, 0)]
    direction = 1 if scale > 0 else -1

    def turn(column: int) -> int:
        return direction * _turn(grid.point(column + 0.5, 0)[0])

    spans, first = [], 0
    while first < grid.width:
        now = turn(first)
        end = bisect_right(range(grid.width), now, lo=first, key=turn)
        if first % block:
            end = min(end, first + -first % block)
        spans.append((first, end - first, now * direction))
        first = end
    return spans


def _turn(longitude: float) -> int:
    if longitude > 180:
        return math.ceil((longitude - 180) / _ONCE_AROUND)
    return min(0, math.floor((longitude + 180) / _ONCE_AROUND))


def _turned(grid: PixelGrid, turns: int) -> PixelGrid:
    a, b, c, d, e, f = grid.transform
    return replace(grid, transform=(a, b, c - turns * _ONCE_AROUND, d, e, f)) if turns else grid
