"""Pixels as features: samples of an image, and reductions of an image over features."""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.functions.features import index, ordinary
from airflow_provider_ee.emulator.compute.functions.projections import placed
from airflow_provider_ee.emulator.compute.functions.reducers import Reducer, reduce_region
from airflow_provider_ee.emulator.compute.geometry import Geometry
from airflow_provider_ee.emulator.compute.images import Collection, Feature, Image, own_grid
from airflow_provider_ee.emulator.compute.pixels.grids import Grid, Projection
from airflow_provider_ee.emulator.compute.pixels.rasters import WINDOW, render

__all__ = ["random_column", "reduce_regions", "sample", "sample_regions"]

_INDEX = "system:index"
_ANY_NUMBER = 2**62
#: Every pixel becomes an object in memory.
_MOST_PIXELS = 1_000_000


def reduce_regions(  # noqa: PLR0917 - the arguments of the API, in its order
    image: Image,
    collection: Collection,
    reducer: Reducer,
    scale: float | None,
    crs: Projection | None,
    transform: list[float] | None,
    _tile_scale: float,
    most: int | None,
) -> Collection:
    """Return the features with the outputs of a reducer over each: named as the outputs for an image of one band."""

    def reduced(feature: Feature) -> Feature:
        if feature.geometry is None:
            return feature
        limit = _ANY_NUMBER if most is None else most
        found = reduce_region(image, reducer, feature.geometry, scale, crs, transform, False, limit)
        if len(image.bands) == 1:
            found = dict(zip(reducer.outputs, found.values(), strict=True))
        values = {name: value for name, value in found.items() if value is not None}
        return replace(feature, properties={**feature.properties, **values})

    return replace(collection, elements=[reduced(feature) for feature in collection.features])


def sample(  # noqa: PLR0917 - the arguments of the API, in its order
    image: Image,
    region: Geometry | None,
    scale: float | None,
    projection: Projection | None,
    factor: float | None,
    most: int | None,
    seed: int,
    drop_nulls: bool,
    _tile_scale: float,
    geometries: bool,
) -> Collection:
    """Return the pixels of a region as features, or some of them; which ones is random, but always the same for a seed.

    They are not those that Earth Engine chooses with this seed: its generator is not known.
    """
    place = region or image.footprint
    if place is None:
        raise ComputeError("A region must be given for an image without bounds.")
    if factor is not None and most is not None:
        raise ComputeError("Cannot specify both 'factor' and 'numPixels'.")
    if factor is not None and not 0 < factor <= 1:
        raise ComputeError(f"'factor' must be within (0, 1], but is {factor}.")
    pixels = list(_pixels(image, place, placed(projection or image.projection, None, scale), geometries=geometries))
    if factor is not None or most is not None:
        chances = np.random.default_rng(abs(seed)).random(len(pixels))
        last = np.sort(chances)[: max(most, 0)] if most is not None else [factor]
        limit = last[-1] if len(last) else -1.0
        pixels = [pixel for pixel, chance in zip(pixels, chances, strict=True) if chance <= limit]
    kept = (pixel for pixel in pixels if not drop_nulls or len(pixel.properties) == len(image.bands))
    return Collection([_indexed(pixel, str(number)) for number, pixel in enumerate(kept)])


def sample_regions(  # noqa: PLR0917 - the arguments of the API, in its order
    image: Image,
    collection: Collection,
    names: list[str] | None,
    scale: float | None,
    projection: Projection | None,
    _tile_scale: float,
    geometries: bool,
) -> Collection:
    """Return the pixels without gaps that features cover, as features with the properties of those."""
    on = placed(projection or image.projection, None, scale)
    sampled: list[Feature] = []
    for feature in collection.features:
        if feature.geometry is None:
            continue
        copied = ordinary(feature) if names is None else {name: feature.properties.get(name) for name in names}
        known = {name: value for name, value in copied.items() if value is not None}
        pixels = _pixels(image, feature.geometry, on, geometries=geometries)
        whole = (pixel for pixel in pixels if len(pixel.properties) == len(image.bands))
        sampled += [
            _indexed(replace(pixel, properties={**known, **pixel.properties}), f"{index(feature)}_{number}")
            for number, pixel in enumerate(whole)
        ]
    return Collection(sampled)


def _indexed(feature: Feature, number: str) -> Feature:
    return replace(feature, properties={_INDEX: number, **feature.properties})


def _pixels(image: Image, region: Geometry, projection: Projection, *, geometries: bool) -> Iterator[Feature]:
    """Yield each pixel whose centre is in a region, or that a point or line touches, with its bands' values."""
    grid = own_grid(replace(image, footprint=region), projection)
    if grid.width * grid.height > _MOST_PIXELS:
        raise ComputeError(f"Too many pixels in the region: {grid.width * grid.height}, at most {_MOST_PIXELS}.")
    for column, row in grid.offsets(WINDOW, WINDOW):
        window = grid.window(column, row, WINDOW, WINDOW)
        inside = region.covers(window)
        if not inside.any():
            continue
        planes = render(image.rasters, window)
        for place in np.argwhere(inside):
            at = tuple(place)
            values = {
                band.id: plane.values[at].item()
                for band, plane in zip(image.bands, planes, strict=True)
                if plane.valid[at] and np.isfinite(plane.values[at])
            }
            yield Feature(_centre(window, *map(int, place)) if geometries else None, values)


def _centre(window: Grid, row: int, column: int) -> Geometry:
    x, y = window.projection.point(window.column + column + 0.5, window.row + row + 0.5)
    return Geometry.of("Point", (x, y), window.projection.crs).carried("EPSG:4326")


def random_column(
    collection: Collection, name: str, seed: int, distribution: str, keys: list[str] | None
) -> Collection:
    """Return the elements with a random number each, always the same for the same seed and row keys.

    They are not Earth Engine's numbers: its generator is not known.
    """
    if distribution not in ("uniform", "normal"):
        raise ComputeError(f"The distribution must be 'uniform' or 'normal', not {distribution[:40]!r}.")

    def number(feature: Any) -> float:
        text = repr((seed, [feature.properties.get(key) for key in keys or [_INDEX]]))
        bits = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> 11
        chance = bits / 2**53
        return chance if distribution == "uniform" else statistics.NormalDist().inv_cdf(max(chance, 2**-53))

    elements = [
        replace(element, properties={**element.properties, name: number(element)}) for element in collection.elements
    ]
    return replace(collection, elements=elements)
