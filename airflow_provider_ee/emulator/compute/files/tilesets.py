"""Tilesets of a manifest: files of one structure, put together on one grid of pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from rasterio.windows import Window

from airflow_provider_ee.emulator.compute.errors import ComputeError, NotComputed
from airflow_provider_ee.emulator.compute.files.sources import DATA_TYPES, Locate, Source, open_source
from airflow_provider_ee.emulator.compute.pixels.grids import Grid, Projection, parse_crs
from airflow_provider_ee.emulator.compute.pixels.pixel_types import DType, cast
from airflow_provider_ee.emulator.compute.pixels.rasters import Plane, Raster
from airflow_provider_ee.emulator.compute.pixels.sampling import sample

__all__ = ["Tileset", "open_tileset", "surrounding"]

#: The share of a pixel by which the grids of two files may differ and still be one.
_ALIGNED = 0.01

#: Earth Engine refuses mosaics of which more than 99 % is a gap.
_LEAST_COVERED = 0.01


@dataclass(frozen=True)
class Tileset:
    """Sources on the pixels of one projection; where two overlap, the later one covers the earlier."""

    id: str
    sources: tuple[Source, ...]
    extents: tuple[Grid, ...]
    data_type: DType | None
    pinned: bool

    @property
    def first(self) -> Source:
        """The source whose structure all have."""
        return self.sources[0]

    @property
    def count(self) -> int:
        """How many bands there are."""
        return len(self.first.dtypes)

    def raster(self, index: int, missing: Sequence[float] | None = None, *, internal_mask: bool = True) -> Raster:
        """Return a band, counted from zero; see `Source.read` for what is masked."""
        stored = self.first.dtypes[index]
        dtype = self.data_type or stored

        def compute(grid: Grid, _: Sequence[Plane]) -> Plane:
            columns, rows = grid.locate(self.extents[0].projection)
            values, valid = np.zeros(grid.shape, stored), np.zeros(grid.shape, np.bool_)
            for source, extent in zip(self.sources, self.extents, strict=True):
                if self.pinned:
                    source.check_unchanged()

                def read(column: int, row: int, width: int, height: int, source: Source = source) -> Plane:
                    window = Window(column, row, width, height)
                    return source.read(index, missing, window, internal_mask=internal_mask)

                part = sample(columns - extent.column, rows - extent.row, extent, read)
                values, valid = np.where(part.valid, part.values, values), valid | part.valid
            return Plane(cast(values, dtype), valid)

        return Raster(dtype, compute)


def open_tileset(tileset: Mapping[str, Any], locate: Locate, *, pinned: bool = False) -> Tileset:
    """Open the files of a Tileset of a manifest, which have to fit together.

    Args:
        tileset: The Tileset.
        locate: Where objects are.
        pinned: Whether its pixels may only come from the objects as they are now.
    """
    crs = tileset.get("crs") or None
    sources = tuple(open_source(source, crs, locate) for source in tileset["sources"])
    for source in sources[1:]:
        _check_structure(sources[0], source, tileset["id"])
    extents = tuple(_placed(source, sources[0].extent.projection) for source in sources)
    whole = surrounding(extents)
    covered = sum(extent.width * extent.height for extent in extents)
    if covered < _LEAST_COVERED * whole.width * whole.height:
        raise ComputeError(f"More than 99% of the mosaic of tileset '{tileset['id']}' would be empty.")
    return Tileset(tileset["id"], sources, extents, DATA_TYPES.get(tileset.get("dataType", "")), pinned)


def surrounding(extents: Sequence[Grid]) -> Grid:
    """Return the smallest grid around others, which are on pixels that fit the first one's."""
    projection = extents[0].projection
    placed = [_shifted(extent, projection) for extent in extents]
    column, row = min(extent.column for extent in placed), min(extent.row for extent in placed)
    right = max(extent.column + extent.width for extent in placed)
    bottom = max(extent.row + extent.height for extent in placed)
    return Grid(projection, column, row, right - column, bottom - row)


def _check_structure(first: Source, other: Source, tileset: str) -> None:
    for what, one, two in (
        ("projection", first.extent.projection.crs, other.extent.projection.crs),
        ("pixel size", _pixel(first), _pixel(other)),
        ("bands", _bands(first), _bands(other)),
        ("no-data value", first.no_data, other.no_data),
    ):
        # As text, because two NaN are not equal.
        if str(one) != str(two):
            raise ComputeError(
                f"The sources of tileset '{tileset}' must have the same {what}: "
                f"'{first.uri}' has {one}, '{other.uri}' has {two}."
            )


def _pixel(source: Source) -> tuple[float, ...]:
    a, b, _, d, e, _ = source.extent.projection.transform[:6]
    return tuple(float(f"{number:.9g}") for number in (a, b, d, e))


def _bands(source: Source) -> str:
    return ", ".join(dtype.name for dtype in source.dtypes)


def _placed(source: Source, projection: Projection) -> Grid:
    try:
        return _shifted(source.extent, projection)
    except NotComputed as error:
        raise NotComputed(f"'{source.uri}': {error}") from error


def _shifted(extent: Grid, projection: Projection) -> Grid:
    """Count the pixels of an extent from the origin of another projection, whose pixels are the same ones."""
    own = extent.projection
    if own == projection:
        return extent
    column, row = projection.pixel(*own.point(extent.column, extent.row))
    right, bottom = projection.pixel(*own.point(extent.column + extent.width, extent.row + extent.height))
    moved = replace(extent, projection=projection, column=round(column), row=round(row))
    drift = max(
        abs(place - expected)
        for place, expected in (
            (column, moved.column),
            (row, moved.row),
            (right, moved.column + extent.width),
            (bottom, moved.row + extent.height),
        )
    )
    if parse_crs(own.crs) != parse_crs(projection.crs) or drift > _ALIGNED:
        raise NotComputed("The emulator stores the files of an image on one grid of pixels, and theirs do not fit.")
    return moved
