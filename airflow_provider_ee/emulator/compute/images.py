"""Images, features and collections: named lazy rasters with a projection, a footprint and properties."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.geometry import Geometry, pixel_bounds
from airflow_provider_ee.emulator.compute.pixels.grids import WORLD, Grid, Projection
from airflow_provider_ee.emulator.compute.pixels.rasters import Raster

__all__ = ["Band", "Collection", "Element", "Feature", "Image", "own_grid"]

#: Footprints come from coordinates: a corner this near to a pixel's edge lies on it.
_ON_THE_EDGE = 1e-6

#: Pixels are counted in numbers that a double holds exactly.
_MOST_INDICES = 2.0**38


@dataclass(frozen=True)
class Band:
    """A name for a raster."""

    id: str
    raster: Raster


@dataclass(frozen=True, eq=False)
class Image:
    """Bands with a default projection; `footprint` None is everywhere on Earth."""

    bands: tuple[Band, ...]
    projection: Projection = WORLD
    footprint: Geometry | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    id: str | None = None

    @property
    def band_ids(self) -> list[str]:
        """The names of the bands."""
        return [band.id for band in self.bands]

    @property
    def rasters(self) -> list[Raster]:
        """The rasters of the bands."""
        return [band.raster for band in self.bands]

    @property
    def geometry(self) -> Geometry | None:
        """The footprint, as elements call it."""
        return self.footprint

    def mapped(self, function: Callable[[Raster], Raster]) -> Image:
        """Return the image with each band's raster replaced."""
        return replace(self, bands=tuple(Band(band.id, function(band.raster)) for band in self.bands))


@dataclass(frozen=True, eq=False)
class Feature:
    """A geometry with properties."""

    geometry: Geometry | None
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Collection:
    """A list of images, of features or, until it is flattened, of collections; `is_table` tells a stored table."""

    elements: Sequence[Element]
    id: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    is_table: bool = False

    @property
    def geometry(self) -> None:
        """The geometry of a collection as an element: it has none of its own."""

    @property
    def images(self) -> list[Image]:
        """The elements, which have to be images."""
        images = [element for element in self.elements if isinstance(element, Image)]
        if len(images) < len(self.elements):
            raise ComputeError("The collection holds features where images are needed.")
        return images

    @property
    def features(self) -> list[Feature]:
        """The elements, which have to be features."""
        features = [element for element in self.elements if isinstance(element, Feature)]
        if len(features) < len(self.elements):
            raise ComputeError("The collection holds images or collections where features are needed.")
        return features


Element = Image | Feature | Collection


def own_grid(image: Image, projection: Projection | None = None) -> Grid:
    """Return the pixels of the image's projection (or of this one) that its footprint touches."""
    if image.footprint is None:
        raise ComputeError("Unable to export unbounded image.")
    projection = projection or image.projection
    corners = pixel_bounds(image.footprint, projection)
    if not all(abs(corner) < _MOST_INDICES for corner in corners):
        raise ComputeError("The scale is too small for the extent of the image.")
    first_column, first_row, last_column, last_row = corners
    column, row = math.floor(first_column + _ON_THE_EDGE), math.floor(first_row + _ON_THE_EDGE)
    width = max(1, math.ceil(last_column - _ON_THE_EDGE) - column)
    height = max(1, math.ceil(last_row - _ON_THE_EDGE) - row)
    return Grid(projection, column, row, width, height)
