"""Reducers: many values of one place, or of one region, to a few."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from rasterio import Affine

from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.functions.projections import placed
from airflow_provider_ee.emulator.compute.geometry import Geometry, rectangle
from airflow_provider_ee.emulator.compute.images import Band, Collection, Image, own_grid
from airflow_provider_ee.emulator.compute.pixels.grids import WORLD, Grid, Projection
from airflow_provider_ee.emulator.compute.pixels.pixel_types import DType
from airflow_provider_ee.emulator.compute.pixels.rasters import WINDOW, Mask, Plane, Raster, Values, render

__all__ = [
    "OUTPUTS",
    "REDUCERS",
    "Output",
    "Reducer",
    "composite",
    "mosaic",
    "reduce_bands",
    "reduce_collection",
    "reduce_region",
]

DOUBLE = np.dtype(np.float64)

#: Rows of a window reduced at a time: a stack of a year's images stays small.
_ROWS = 64


def _mean(values: Values, valid: Mask) -> Any:
    return np.where(valid, values, 0).sum(axis=0, dtype=np.float64) / valid.sum(axis=0)


def _median(values: Values, valid: Mask) -> Any:
    ordered = np.sort(np.where(valid, values.astype(np.float64), np.inf), axis=0)
    count = np.maximum(valid.sum(axis=0), 1)
    low = np.take_along_axis(ordered, ((count - 1) // 2)[np.newaxis], axis=0)[0]
    high = np.take_along_axis(ordered, (count // 2)[np.newaxis], axis=0)[0]
    return (low + high) / 2


def _deviation(values: Values, valid: Mask) -> Any:
    return np.sqrt(_mean((values.astype(np.float64) - _mean(values, valid)) ** 2, valid))


def _least(values: Values, valid: Mask) -> Any:
    top = np.inf if values.dtype.kind == "f" else np.iinfo(values.dtype).max
    return np.where(valid, values, top).min(axis=0)


def _greatest(values: Values, valid: Mask) -> Any:
    bottom = -np.inf if values.dtype.kind == "f" else np.iinfo(values.dtype).min
    return np.where(valid, values, bottom).max(axis=0)


def _sum(values: Values, valid: Mask) -> Any:
    return np.where(valid, values, 0).sum(axis=0, dtype=_summed(values.dtype))


def _first(values: Values, valid: Mask) -> Any:
    return np.take_along_axis(values, valid.argmax(axis=0)[np.newaxis], axis=0)[0]


def _count(_: Values, valid: Mask) -> Any:
    return valid.sum(axis=0)


def _summed(dtype: DType) -> DType:
    return DOUBLE if dtype.kind == "f" else np.dtype(np.int64)


@dataclass(frozen=True)
class Output:
    """One number that a reducer gives: its type, and the function of values and their mask along the first axis."""

    dtype: Callable[[DType], DType]
    function: Callable[[Values, Mask], Any]


OUTPUTS: dict[str, Output] = {
    "mean": Output(lambda _: DOUBLE, _mean),
    "median": Output(lambda _: DOUBLE, _median),
    "stdDev": Output(lambda _: DOUBLE, _deviation),
    "min": Output(lambda dtype: dtype, _least),
    "max": Output(lambda dtype: dtype, _greatest),
    "sum": Output(_summed, _sum),
    "count": Output(lambda _: np.dtype(np.int32), _count),
    "first": Output(lambda dtype: dtype, _first),
}


@dataclass(frozen=True)
class Reducer:
    """The outputs to compute, by name."""

    outputs: tuple[str, ...]


#: The reducers by Earth Engine's name after "Reducer.".
REDUCERS: dict[str, Reducer] = {name: Reducer((name,)) for name in OUTPUTS} | {"minMax": Reducer(("min", "max"))}


def _reduced(output: str, rasters: Sequence[Raster]) -> Raster:
    rule = OUTPUTS[output]
    dtype = np.result_type(*(raster.dtype for raster in rasters))

    def compute(grid: Grid, planes: Sequence[Plane]) -> Plane:
        values = np.empty(grid.shape, rule.dtype(dtype))
        valid = np.ones(grid.shape, np.bool_)
        for start in range(0, grid.height, _ROWS):
            rows = slice(start, start + _ROWS)
            masks = np.stack([plane.valid[rows] for plane in planes])
            values[rows] = rule.function(np.stack([plane.values[rows] for plane in planes]).astype(dtype), masks)
            # Nothing counted is a count; of nothing there is no mean.
            valid[rows] = masks.any(axis=0) | (output == "count")
        return Plane(np.where(valid, values, 0), valid)

    return Raster(rule.dtype(dtype), compute, tuple(rasters))


def reduce_bands(image: Image, reducer: Reducer) -> Image:
    """Return the outputs of a reducer over the bands of each pixel, named after the outputs."""
    if not image.bands:
        raise ComputeError("The image has no bands to reduce.")
    bands = tuple(Band(output, _reduced(output, image.rasters)) for output in reducer.outputs)
    return replace(image, bands=bands, properties={}, id=None)


def composite(output: str) -> Callable[[Collection], Image]:
    """Return the function that reduces a collection to one image whose bands keep their names."""
    return lambda collection: _stacked(collection, lambda rasters: _reduced(output, rasters))


def reduce_collection(collection: Collection, reducer: Reducer) -> Image:
    """Return one image: for each band and output of the reducer, the reduced band `band_output`."""
    parts = [composite(output)(collection) for output in reducer.outputs]
    bands = tuple(
        Band(f"{band.id}_{output}", band.raster)
        for banded in zip(*(part.bands for part in parts), strict=True)
        for band, output in zip(banded, reducer.outputs, strict=True)
    )
    return replace(parts[0], bands=bands)


def mosaic(collection: Collection) -> Image:
    """Return one image with, for each pixel, the last image's value that is not masked."""
    return _stacked(collection, _last)


def _last(rasters: Sequence[Raster]) -> Raster:
    dtype = np.result_type(*(raster.dtype for raster in rasters))

    def compute(grid: Grid, planes: Sequence[Plane]) -> Plane:
        values, valid = np.zeros(grid.shape, dtype), np.zeros(grid.shape, np.bool_)
        for plane in planes:
            np.copyto(values, plane.values, where=plane.valid, casting="unsafe")
            valid |= plane.valid
        return Plane(values, valid)

    return Raster(dtype, compute, tuple(rasters))


def _stacked(collection: Collection, join: Callable[[Sequence[Raster]], Raster]) -> Image:
    images = collection.images
    by_name: dict[str, list[Raster]] = {}
    for image in images:
        for band in image.bands:
            by_name.setdefault(band.id, []).append(band.raster)
    bands = tuple(Band(name, join(rasters)) for name, rasters in by_name.items())
    return Image(bands, WORLD, _union([image.footprint for image in images]))


def _union(footprints: Sequence[Geometry | None]) -> Geometry | None:
    known = [footprint for footprint in dict.fromkeys(footprints) if footprint is not None]
    if not known or len(known) < len(dict.fromkeys(footprints)):
        return None
    if len(known) == 1:
        return known[0]
    west, south, east, north = zip(*(footprint.bounds("EPSG:4326") for footprint in known), strict=True)
    return rectangle((min(west), min(south), max(east), max(north)))


def reduce_region(  # noqa: PLR0917 - the arguments of the API, in its order
    image: Image,
    reducer: Reducer,
    geometry: Geometry | None,
    scale: float | None,
    crs: Projection | None,
    transform: list[float] | None,
    best_effort: bool,
    most: int,
) -> dict[str, Any]:
    """Return the outputs of a reducer over the pixels whose centre is in a region, or that a point or line touches."""
    region = geometry or image.footprint
    if region is None:
        raise ComputeError("A geometry must be given for an image without bounds.")
    projection = placed(crs or image.projection, transform, scale)
    grid = own_grid(replace(image, footprint=region), projection)
    if grid.width * grid.height > most:
        if not best_effort:
            raise ComputeError(
                f"Too many pixels in the region. Found {grid.width * grid.height}, but maxPixels allows only {most}.\n"
                "Ensure that you are not aggregating at a higher resolution than you intended; that is, "
                "specify 'scale', or set 'bestEffort' to true to aggregate at whatever resolution maxPixels allows."
            )
        while grid.width * grid.height > max(most, 1):
            projection = Projection(projection.crs, _doubled(projection.transform))
            grid = own_grid(replace(image, footprint=region), projection)
    pixels = _pixels_in(image, region, grid)
    several = len(reducer.outputs) > 1
    return {
        f"{band.id}_{output}" if several else band.id: _number(output, values)
        for band, values in zip(image.bands, pixels, strict=True)
        for output in reducer.outputs
    }


def _doubled(transform: Affine) -> Affine:
    a, b, c, d, e, f = transform[:6]
    return Affine(2 * a, 2 * b, c, 2 * d, 2 * e, f)


def _pixels_in(image: Image, region: Geometry, grid: Grid) -> list[Values]:
    found: list[list[Values]] = [[np.empty(0, raster.dtype)] for raster in image.rasters]
    for column, row in grid.offsets(WINDOW, WINDOW):
        window = grid.window(column, row, WINDOW, WINDOW)
        inside = region.covers(window)
        if inside.any():
            for parts, plane in zip(found, render(image.rasters, window), strict=True):
                parts.append(plane.values[inside & plane.valid])
    return [np.concatenate(parts) for parts in found]


def _number(output: str, values: Values) -> int | float | None:
    if not len(values) and output not in ("count", "sum"):
        return None
    number = OUTPUTS[output].function(values, np.ones(values.shape, np.bool_))
    return float(number) if np.asarray(number).dtype.kind == "f" else int(number)
