"""Nearest sampling: pick pixels of one raster for the grid of another, within bounded memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from airflow_provider_ee.emulator.compute.pixels.grids import Grid
from airflow_provider_ee.emulator.compute.pixels.rasters import Plane

__all__ = ["sample"]

#: The most source pixels read at a time.
_AT_ONCE = 4_000_000

Indices = npt.NDArray[np.int64]
Read = Callable[[int, int, int, int], Plane]


def sample(columns: Indices, rows: Indices, extent: Grid, read: Read) -> Plane:
    """Return the pixels at these columns and rows of `extent`; those outside are masked.

    `read(column, row, width, height)` gives a window of the source.
    """
    columns, rows = np.broadcast_arrays(columns, rows)
    inside = (columns >= 0) & (columns < extent.width) & (rows >= 0) & (rows < extent.height)
    if not inside.any():
        return Plane(np.zeros(columns.shape, np.uint8), inside)
    first_column, last_column = columns[inside].min(), columns[inside].max()
    first_row, last_row = rows[inside].min(), rows[inside].max()
    width, height = int(last_column - first_column + 1), int(last_row - first_row + 1)
    axis = int(np.argmax(columns.shape))
    if width * height > _AT_ONCE and columns.shape[axis] > 1:
        half = columns.shape[axis] // 2
        pairs = zip(np.split(columns, [half], axis), np.split(rows, [half], axis), strict=True)
        return _joined([sample(part, other, extent, read) for part, other in pairs], axis)
    source = read(int(first_column), int(first_row), width, height)
    at = np.where(inside, rows - first_row, 0), np.where(inside, columns - first_column, 0)
    return Plane(source.values[at], source.valid[at] & inside)


def _joined(parts: list[Plane], axis: int) -> Plane:
    values: npt.NDArray[Any] = np.concatenate([part.values for part in parts], axis)
    return Plane(values, np.concatenate([part.valid for part in parts], axis))
