"""Choose, name and join bands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.images import Band, Image
from airflow_provider_ee.emulator.compute.pixels.grids import Grid
from airflow_provider_ee.emulator.compute.pixels.pixel_types import DType
from airflow_provider_ee.emulator.compute.pixels.rasters import Plane, Raster

__all__ = ["add_bands", "band_names", "cat", "constant", "pixel_lon_lat", "rename", "select"]


def constant(value: Any) -> Image:
    """Return the same number everywhere, or a band for each number of a list."""
    if not isinstance(value, list):
        return Image((Band("constant", _constant(value)),))
    return Image(
        tuple(Band(f"constant_{number}" if number else "constant", _constant(v)) for number, v in enumerate(value))
    )


def _constant(value: Any) -> Raster:
    if isinstance(value, bool):
        value = int(value)
    if not isinstance(value, int | float):
        raise ComputeError(
            f"The value of a constant image must be a number or a list of numbers, not {str(value)[:80]!r}."
        )
    dtype: DType = np.dtype(np.float64) if isinstance(value, float) else np.min_scalar_type(value)
    if dtype.kind not in "iuf" or dtype == np.uint64:
        raise ComputeError(f"The value {value:.6g} does not fit into 64 bits.")
    plane = Plane(np.full((1, 1), value, dtype), np.ones((1, 1), np.bool_))
    return Raster(dtype, lambda _grid, _inputs: plane)


def select(image: Image, selectors: list[Any], names: list[str] | None) -> Image:
    """Return the bands that names, patterns or indices choose, in their order."""
    chosen = [band for selector in selectors for band in _matching(image, selector)]
    selected = replace(image, bands=tuple(chosen))
    return selected if names is None else rename(selected, names)


def _matching(image: Image, selector: Any) -> list[Band]:
    available = f"Available bands: [{', '.join(image.band_ids)}]"
    if isinstance(selector, float) and selector.is_integer():
        selector = int(selector)
    if isinstance(selector, int) and not isinstance(selector, bool):
        if not -len(image.bands) <= selector < len(image.bands):
            raise ComputeError(f"Band index {selector} is out of range. {available}")
        return [image.bands[selector]]
    if not isinstance(selector, str):
        raise ComputeError(f"A band selector must be a name, a pattern or an index, not {str(selector)[:80]!r}.")
    try:
        pattern = re.compile(selector)
    except re.error as error:
        raise ComputeError(f"Band pattern '{selector}' is not a valid regular expression: {error}.") from error
    matching = [band for band in image.bands if band.id == selector or pattern.fullmatch(band.id)]
    if not matching:
        raise ComputeError(f"Band pattern '{selector}' did not match any bands. {available}")
    return matching


def rename(image: Image, names: list[str]) -> Image:
    """Return the image with new band names."""
    if len(names) != len(image.bands):
        raise ComputeError(f"The number of names ({len(names)}) must match the number of bands ({len(image.bands)}).")
    if duplicates := {name for name in names if names.count(name) > 1}:
        raise ComputeError(f"Duplicate band names: {sorted(duplicates)}.")
    return replace(image, bands=tuple(Band(name, band.raster) for name, band in zip(names, image.bands, strict=True)))


def add_bands(image: Image, other: Image, names: list[str] | None, overwrite: bool) -> Image:
    """Return an image with the bands of two; equal names get a number, or the second's pixels."""
    added = other if names is None else select(other, list(names), None)
    if not overwrite:
        return replace(image, bands=_distinct([*image.bands, *added.bands]))
    newer = {band.id: band for band in added.bands}
    kept = tuple(newer.pop(band.id, band) for band in image.bands)
    return replace(image, bands=kept + tuple(newer.values()))


def cat(images: list[Image]) -> Image:
    """Return one image with the bands of all, described as the first."""
    if not images:
        return Image(())
    bands = _distinct([band for image in images for band in image.bands])
    bounded = next((image for image in images if image.footprint is not None), images[0])
    return replace(images[0], bands=bands, footprint=bounded.footprint, projection=bounded.projection)


def _distinct(bands: Sequence[Band]) -> tuple[Band, ...]:
    taken: dict[str, Band] = {}
    for band in bands:
        name, number = band.id, 0
        while name in taken:
            number += 1
            name = f"{band.id}_{number}"
        taken[name] = Band(name, band.raster)
    return tuple(taken.values())


def band_names(image: Image) -> list[str]:
    """Return the names of the bands."""
    return image.band_ids


def pixel_lon_lat() -> Image:
    """Return longitude and latitude of each pixel's centre."""

    def coordinate(axis: int) -> Raster:
        def compute(grid: Grid, _: Sequence[Plane]) -> Plane:
            values = np.broadcast_to(grid.centres_in("EPSG:4326")[axis], grid.shape)
            return Plane(values, np.isfinite(values))

        return Raster(np.dtype(np.float64), compute)

    return Image((Band("longitude", coordinate(0)), Band("latitude", coordinate(1))))
