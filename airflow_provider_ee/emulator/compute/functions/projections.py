"""Projections: the grid on which an image is computed when nothing else is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from rasterio import Affine

from airflow_provider_ee.emulator.compute.errors import ComputeError, NotComputed
from airflow_provider_ee.emulator.compute.geometry import Geometry, rectangle
from airflow_provider_ee.emulator.compute.images import Image, own_grid
from airflow_provider_ee.emulator.compute.pixels.grids import Grid, Projection, invertible, parse_crs
from airflow_provider_ee.emulator.compute.pixels.rasters import Plane, Raster, render
from airflow_provider_ee.emulator.compute.pixels.sampling import sample

__all__ = ["clip_to_bounds_and_scale", "placed", "projection", "reproject", "set_default_projection"]

#: The pixels that may stand behind one window of the output; Earth Engine refuses more too.
_MOST_REPROJECTED = 25_000_000

_FAR = 2**39


def projection(crs: Any, transform: list[float] | None, wkt: str | None) -> Projection:
    """Return a coordinate system with the transform of its pixels."""
    if isinstance(crs, Projection):
        code, default = crs.crs, crs.transform
    elif isinstance(crs, str):
        code, default = crs, Affine.identity()
        parse_crs(code)
    else:
        raise ComputeError("The crs must be a code, a WKT text or a Projection.")
    if wkt is not None:
        raise NotComputed("transformWkt is not computed by the emulator; use transform.")
    return Projection(code, default if transform is None else _six(transform))


def _six(numbers: Sequence[float]) -> Affine:
    if len(numbers) != 6:
        raise ComputeError(f"A crsTransform has 6 numbers, not {len(numbers)}.")
    return invertible(tuple(numbers))


def placed(base: Projection, transform: list[float] | None, scale: float | None) -> Projection:
    """Return a projection with its pixels as a transform or a scale in metres says."""
    if transform is not None and scale is not None:
        raise ComputeError("Cannot specify both crsTransform and scale.")
    if transform is not None:
        return Projection(base.crs, _six(transform))
    return base if scale is None else base.at_scale(scale)


def set_default_projection(image: Image, crs: Projection, transform: list[float] | None, scale: float | None) -> Image:
    """Return the image with another projection to be asked for by default; its pixels stay where they are."""
    return replace(image, projection=placed(crs, transform, scale))


def reproject(image: Image, crs: Projection, transform: list[float] | None, scale: float | None) -> Image:
    """Return the image computed in this projection first, and sampled from there for any other."""
    target = placed(crs, transform, scale)
    return replace(image.mapped(lambda raster: _computed_in(target, raster)), projection=target)


def _computed_in(target: Projection, raster: Raster) -> Raster:
    def compute(grid: Grid, _: Sequence[Plane]) -> Plane:
        if grid.projection == target:
            return render([raster], grid)[0]
        # Counted from a far corner, so that every pixel has a column and a row that are not negative.
        columns, rows = (indices + _FAR for indices in grid.locate(target))
        width, height = _reach(columns), _reach(rows)
        if width * height > _MOST_REPROJECTED:
            raise ComputeError(f"Reprojection output too large ({width}x{height} pixels).")

        def read(column: int, row: int, width: int, height: int) -> Plane:
            return render([raster], Grid(target, column - _FAR, row - _FAR, width, height))[0]

        return sample(columns, rows, Grid(target, -_FAR, -_FAR, 2 * _FAR, 2 * _FAR), read)

    return Raster(raster.dtype, compute)


def _reach(indices: npt.NDArray[np.int64]) -> int:
    somewhere = indices[indices >= 0]
    return int(somewhere.max() - somewhere.min()) + 1 if somewhere.size else 0


def clip_to_bounds_and_scale(  # noqa: PLR0917 - the arguments of the API, in its order
    image: Image,
    geometry: Geometry | None,
    width: int | None,
    height: int | None,
    longest: int | None,
    scale: float | None,
) -> Image:
    """Return the image on the pixels that cover a geometry's bounds, at a scale or in a number of pixels."""
    footprint = geometry or image.footprint
    if footprint is None:
        raise ComputeError("A geometry is needed for an image without bounds.")
    if scale is not None:
        return _on(image, own_grid(replace(image, footprint=footprint), image.projection.at_scale(scale)))
    if longest is None and width is None and height is None:
        return _on(image, own_grid(replace(image, footprint=footprint)))
    west, south, east, north = footprint.bounds(image.projection.crs)
    breadth, length = east - west, north - south
    if breadth <= 0 or length <= 0:
        raise ComputeError("The bounds of the geometry have no area.")
    if longest is not None:
        width, height = (longest, None) if breadth >= length else (None, longest)
    if width is None:
        width = max(1, round(_positive(height) * breadth / length))
    elif height is None:
        height = max(1, round(_positive(width) * length / breadth))
    columns, rows = _positive(width), _positive(height)
    transform = invertible((breadth / columns, 0.0, west, 0.0, -length / rows, north))
    return _on(image, Grid(Projection(image.projection.crs, transform), 0, 0, columns, rows))


def _positive(pixels: int | None) -> int:
    if pixels is None or pixels < 1:
        raise ComputeError("width, height and maxDimension must be positive.")
    return pixels


def _on(image: Image, grid: Grid) -> Image:
    return replace(image, projection=grid.projection, footprint=rectangle(grid.bounds, grid.projection.crs))
