"""Lazy rasters: what to compute, kept apart from where it is computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from airflow_provider_ee.emulator.compute.interruption import check_interrupted
from airflow_provider_ee.emulator.compute.pixels.grids import Grid

__all__ = ["WINDOW", "Mask", "Plane", "Raster", "Values", "pixelwise", "render", "render_whole"]

Values = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]

#: The side of the windows in which large grids are computed: a few MB for each raster of the expression.
WINDOW = 512


class Plane(NamedTuple):
    """The pixels of one band on one grid; both arrays have, or broadcast to, the grid's shape."""

    values: Values
    valid: Mask


@dataclass(frozen=True, eq=False)
class Raster:
    """One band's pixels, not yet computed: its inputs, and how a grid's pixels follow from theirs."""

    dtype: np.dtype[Any]
    compute: Callable[[Grid, Sequence[Plane]], Plane]
    inputs: tuple[Raster, ...] = ()


def pixelwise(dtype: np.dtype[Any], function: Callable[..., Values], *inputs: Raster) -> Raster:
    """Return the raster whose pixels are a function of its inputs' pixels, and valid where all of these are."""

    def compute(_: Grid, planes: Sequence[Plane]) -> Plane:
        valid = np.logical_and.reduce(np.broadcast_arrays(*(plane.valid for plane in planes)))
        return Plane(function(*(plane.values for plane in planes)), valid)

    return Raster(dtype, compute, inputs)


def render(rasters: Sequence[Raster], grid: Grid) -> list[Plane]:
    """Compute rasters on a grid; what several of them share is computed once and dropped after its last use.

    Raises:
        Interrupted: The pixels are not wanted any more.
    """
    check_interrupted()
    order = _inputs_first(rasters)
    uses = Counter([*rasters, *(source for raster in order for source in raster.inputs)])
    done: dict[Raster, Plane] = {}
    with np.errstate(all="ignore"):
        for raster in order:
            values, valid = raster.compute(grid, [done[source] for source in raster.inputs])
            done[raster] = Plane(
                np.broadcast_to(np.asarray(values).astype(raster.dtype, copy=False), grid.shape),
                np.broadcast_to(valid, grid.shape),
            )
            for source in raster.inputs:
                uses[source] -= 1
                if not uses[source]:
                    del done[source]
    return [done[raster] for raster in rasters]


def render_whole(rasters: Sequence[Raster], grid: Grid) -> list[Plane]:
    """Compute rasters window by window, so that only the result is ever held as a whole."""
    whole = [Plane(np.empty(grid.shape, raster.dtype), np.empty(grid.shape, np.bool_)) for raster in rasters]
    for column, row in grid.offsets(WINDOW, WINDOW):
        window = grid.window(column, row, WINDOW, WINDOW)
        part = np.s_[row : row + window.height, column : column + window.width]
        for target, plane in zip(whole, render(rasters, window), strict=True):
            target.values[part] = plane.values
            target.valid[part] = plane.valid
    return whole


def _inputs_first(rasters: Sequence[Raster]) -> list[Raster]:
    """Order a graph so that inputs come before their users, without recursion: expressions may be long chains."""
    order: dict[Raster, None] = {}
    waiting = list(reversed(rasters))
    while waiting:
        raster = waiting[-1]
        missing = [source for source in raster.inputs if source not in order]
        if missing and raster not in order:
            waiting.extend(missing)
        else:
            order[raster] = None
            waiting.pop()
    return list(order)
