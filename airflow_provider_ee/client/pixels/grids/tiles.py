"""Cut an image into tiles that Earth Engine answers in one request, and its bands into groups where they are too many.

https://developers.google.com/earth-engine/reference/rest/v1/projects.image/computePixels
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from airflow_provider_ee.client.arguments.scalars import whole
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.pixels.grids.grid import LONGEST_GRID

__all__ = [
    "LONGEST_SIDE",
    "MOST_BANDS",
    "MOST_BYTES",
    "Area",
    "BandType",
    "Tile",
    "band_groups",
    "quarters",
    "request_bytes",
    "tiles",
]

MOST_BYTES = 50_331_648
LONGEST_SIDE = 32_768
MOST_BANDS = 1_024

#: The side of a block of a GeoTIFF, which is written at once.
_BLOCK = 512

_SAMPLE_BYTES = {
    "uint8": 1,
    "int8": 1,
    "uint16": 2,
    "int16": 2,
    "uint32": 4,
    "int32": 4,
    "uint64": 8,
    "int64": 8,
    "float32": 4,
    "float64": 8,
}


@dataclass(frozen=True, slots=True)
class BandType:
    """A band and the type of its samples, as numpy calls it."""

    id: str
    dtype: str

    def __post_init__(self) -> None:
        if self.dtype not in _SAMPLE_BYTES:
            raise InvalidArgument("dtype", f"{shown(self.dtype)} is not a type of pixels", ", ".join(_SAMPLE_BYTES))

    @property
    def bytes(self) -> int:
        """The size of a sample."""
        return _SAMPLE_BYTES[self.dtype]


class Area(Protocol):
    """A grid, a tile, or anything else with a width and a height."""

    @property
    def width(self) -> int:
        """Columns."""

    @property
    def height(self) -> int:
        """Rows."""


class Tile(NamedTuple):
    """A rectangle of a grid: `grid.window(*tile)` is where its pixels are."""

    column: int
    row: int
    width: int
    height: int


def request_bytes(area: Area, bands: Iterable[BandType]) -> int:
    """Return the size of a request as Earth Engine counts it against its limit."""
    return area.width * area.height * _pixel_bytes(bands)


def _pixel_bytes(bands: Iterable[BandType]) -> int:
    # Earth Engine counts the mask of each sample as one byte, though none is answered.
    return sum(band.bytes + 1 for band in bands)


def band_groups(
    width: int, height: int, bands: Sequence[BandType], *, most_bytes: int = MOST_BYTES, multiple_of: int = _BLOCK
) -> list[tuple[BandType, ...]]:
    """Return the bands, in their order, in as few groups as leave room for one block of pixels in a request.

    Args:
        width: The columns of the whole image.
        height: Its rows.
        bands: Its bands.
        most_bytes: How large a request may be.
        multiple_of: The side of a block.

    Raises:
        InvalidArgument: There is no band, or not even one fits.
    """
    width, height, most_bytes, multiple_of = _checked(width, height, most_bytes, multiple_of)
    columns, rows = min(width, multiple_of), min(height, multiple_of)
    if not bands:
        raise InvalidArgument("bands", "there is none", "at least one band")
    room = most_bytes // (columns * rows)
    groups: list[list[BandType]] = [[]]
    left = room
    for band in bands:
        size = _pixel_bytes([band])
        if size > room:
            raise InvalidArgument(
                "most_bytes",
                f"{most_bytes} have no room for {columns} x {rows} pixels of {band.dtype}",
                f"at least {columns * rows * size}, or smaller blocks",
            )
        if len(groups[-1]) == MOST_BANDS or size > left:
            groups.append([])
            left = room
        groups[-1].append(band)
        left -= size
    return [tuple(group) for group in groups]


def tiles(
    width: int, height: int, bands: Sequence[BandType], *, most_bytes: int = MOST_BYTES, multiple_of: int = _BLOCK
) -> Iterator[Tile]:
    """Return the tiles of an image, row by row: every pixel is in exactly one.

    Each is small enough for a request of any of the `band_groups`. Each begins at a corner of a block and ends at one
    or at the edge of the image, so no block is written twice. They are as near to squares as the image is wide and
    high enough for, since what Earth Engine reads is stored in squares, and of one size as far as they can be.

    Raises:
        InvalidArgument: As for `band_groups`.
    """
    width, height, most_bytes, multiple_of = _checked(width, height, most_bytes, multiple_of)
    groups = band_groups(width, height, bands, most_bytes=most_bytes, multiple_of=multiple_of)
    pixels = most_bytes // max(map(_pixel_bytes, groups))
    tall = _longest(height, max(multiple_of, math.isqrt(pixels)), multiple_of)
    wide = _longest(width, pixels // tall, multiple_of)
    tall = _longest(height, pixels // wide, multiple_of)
    wide, tall = _even(width, wide, multiple_of), _even(height, tall, multiple_of)
    return (
        Tile(column, row, min(wide, width - column), min(tall, height - row))
        for row in range(0, height, tall)
        for column in range(0, width, wide)
    )


def _checked(width: int, height: int, most_bytes: int, multiple_of: int) -> tuple[int, int, int, int]:
    return (
        whole("width", width, 1, LONGEST_GRID),
        whole("height", height, 1, LONGEST_GRID),
        whole("most_bytes", most_bytes, 1, MOST_BYTES),
        whole("multiple_of", multiple_of, 1, LONGEST_SIDE),
    )


def _longest(side: int, room: int, block: int) -> int:
    """Return the whole side if there is room for it, else as many blocks as there is room for."""
    room = min(room, LONGEST_SIDE)
    return side if side <= room else room // block * block


def _even(side: int, most: int, block: int) -> int:
    """Return the smallest side with which no more tiles are needed, so that none is a narrow rest."""
    count = -(-side // most)
    blocks = -(-side // block)
    return -(-blocks // count) * block


def quarters(tile: Tile) -> list[Tile]:
    """Return the four parts of a tile that is too much at once; two of a single row or column, and a pixel itself."""
    column, row, width, height = tile
    return [Tile(column + x, row + y, wide, tall) for y, tall in _halves(height) for x, wide in _halves(width)]


def _halves(side: int) -> list[tuple[int, int]]:
    """Return where the two halves of a side begin, and how long they are."""
    first = (side + 1) // 2
    return [(0, first), (first, side - first)] if side > 1 else [(0, side)]
