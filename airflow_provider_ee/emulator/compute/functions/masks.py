"""Masks: which pixels have a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.functions.bands import constant
from airflow_provider_ee.emulator.compute.geometry import Geometry
from airflow_provider_ee.emulator.compute.images import Band, Image
from airflow_provider_ee.emulator.compute.pixels.grids import Grid
from airflow_provider_ee.emulator.compute.pixels.pixel_types import union
from airflow_provider_ee.emulator.compute.pixels.rasters import Plane, Raster

__all__ = ["choose", "clip", "mask", "paired_rasters", "unmask", "update_mask", "where"]


def paired_rasters(image: Image, other: Image, role: str) -> list[tuple[Band, Raster]]:
    """Pair each band with its band of another image, which has as many bands or one for all."""
    if len(other.bands) == 1:
        return [(band, other.bands[0].raster) for band in image.bands]
    if len(other.bands) != len(image.bands):
        raise ComputeError(f"The {role} must have one band or {len(image.bands)}, but has {len(other.bands)}.")
    return list(zip(image.bands, other.rasters, strict=True))


def _combined(image: Image, other: Image, role: str, rule: Callable[[Plane, Plane], Plane], *, widen: bool) -> Image:
    def combine(raster: Raster, second: Raster) -> Raster:
        dtype = union(raster.dtype, second.dtype) if widen else raster.dtype
        return Raster(dtype, lambda _, planes: rule(planes[0], planes[1]), (raster, second))

    pairs = paired_rasters(image, other, role)
    return replace(image, bands=tuple(Band(band.id, combine(band.raster, second)) for band, second in pairs))


def mask(image: Image, new: Image | None) -> Image:
    """Return the mask as an image of 0 and 1, or the image with another mask."""
    if new is not None:
        return _combined(image, new, "mask", _with_mask, widen=False)
    byte = np.dtype(np.uint8)

    def as_values(raster: Raster) -> Raster:
        return Raster(byte, lambda _, planes: Plane(planes[0].valid, np.ones((1, 1), np.bool_)), (raster,))

    return image.mapped(as_values)


def _with_mask(plane: Plane, new: Plane) -> Plane:
    # A pixel that had no value has no better one than zero.
    return Plane(np.where(plane.valid, plane.values, 0), new.valid & (new.values != 0))


def update_mask(image: Image, new: Image) -> Image:
    """Return the image, masked also where another is zero or masked."""
    return _combined(image, new, "mask", lambda a, b: Plane(a.values, a.valid & b.valid & (b.values != 0)), widen=False)


def unmask(image: Image, value: Image | None, same_footprint: bool) -> Image:
    """Return the image with masked pixels replaced, inside its footprint or everywhere."""
    filled = _combined(image, value or constant(0), "value", _filled, widen=True)
    if not same_footprint:
        return replace(filled, footprint=None)
    return filled if image.footprint is None else _inside(filled, image.footprint)


def _filled(plane: Plane, value: Plane) -> Plane:
    return Plane(np.where(plane.valid, plane.values, value.values), plane.valid | value.valid)


def where(image: Image, test: Image, value: Image) -> Image:
    """Return the image, replaced by `value` where `test` is not zero; a masked test or value changes nothing."""
    tests = paired_rasters(image, test, "test")
    values = paired_rasters(image, value, "value")
    bands = tuple(
        Band(band.id, _where(band.raster, tested, new)) for (band, tested), (_, new) in zip(tests, values, strict=True)
    )
    return replace(image, bands=bands)


def _where(raster: Raster, test: Raster, value: Raster) -> Raster:
    def compute(_: Grid, planes: Sequence[Plane]) -> Plane:
        old, tested, new = planes
        replaced = tested.valid & (tested.values != 0) & new.valid
        return Plane(np.where(replaced, new.values, old.values), old.valid)

    return Raster(union(raster.dtype, value.dtype), compute, (raster, test, value))


def choose(test: Raster, first: Raster, second: Raster) -> Raster:
    """Return `first` where the test is not zero and `second` elsewhere; a masked test masks the pixel."""

    def compute(_: Grid, planes: Sequence[Plane]) -> Plane:
        tested, yes, no = planes
        chosen = tested.values != 0
        return Plane(np.where(chosen, yes.values, no.values), tested.valid & np.where(chosen, yes.valid, no.valid))

    return Raster(union(first.dtype, second.dtype), compute, (test, first, second))


def clip(image: Image, geometry: Geometry) -> Image:
    """Return the image, masked outside of a geometry."""
    return replace(_inside(image, geometry), footprint=geometry)


def _inside(image: Image, geometry: Geometry) -> Image:
    byte = np.dtype(np.uint8)
    cover = Raster(byte, lambda grid, _: Plane(np.ones((1, 1), np.uint8), geometry.covers(grid)))

    def inside(raster: Raster) -> Raster:
        return Raster(
            raster.dtype, lambda _, planes: Plane(planes[0].values, planes[0].valid & planes[1].valid), (raster, cover)
        )

    return image.mapped(inside)
