"""Values as value:compute answers them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from airflow_provider_ee.emulator.compute.dates import Date, DateRange
from airflow_provider_ee.emulator.compute.errors import NotComputed
from airflow_provider_ee.emulator.compute.geometry import Geometry
from airflow_provider_ee.emulator.compute.images import Collection, Feature, Image, own_grid
from airflow_provider_ee.emulator.compute.pixels.grids import Projection
from airflow_provider_ee.emulator.compute.pixels.pixel_types import describe

__all__ = ["to_json"]


def to_json(value: Any) -> Any:
    """Describe a value as value:compute answers it: numbers and lists as they are, an Image by its bands."""
    for kind, description in _DESCRIPTIONS:
        if isinstance(value, kind):
            return description(value)
    raise NotComputed(f"A result of the type {type(value).__name__} has no description in the emulator.")


def _image(image: Image) -> dict[str, Any]:
    described: dict[str, Any] = {"type": "Image", "bands": [_band(image, number) for number in range(len(image.bands))]}
    if image.id is not None:
        described["id"] = image.id
    if image.properties or image.footprint is not None:
        described["properties"] = to_json(dict(image.properties))
        if image.footprint is not None:
            described["properties"]["system:footprint"] = image.footprint.to_json()
    return described


def _band(image: Image, number: int) -> dict[str, Any]:
    band = image.bands[number]
    transform = list(map(float, image.projection.transform[:6]))
    described: dict[str, Any] = {"id": band.id, "data_type": describe(band.raster.dtype), "crs": image.projection.crs}
    if image.footprint is not None:
        grid = own_grid(image)
        described["dimensions"] = [grid.width, grid.height]
        transform = list(map(float, grid.transform[:6]))
    return {**described, "crs_transform": transform}


def _collection(collection: Collection) -> dict[str, Any]:
    empty = not collection.elements and collection.id is not None and not collection.is_table
    images = any(isinstance(element, Image) for element in collection.elements) or empty
    described = {"type": "ImageCollection" if images else "FeatureCollection"}
    if collection.id is not None:
        described["id"] = collection.id
    return {**described, "features": [to_json(element) for element in collection.elements]}


def _feature(feature: Feature) -> dict[str, Any]:
    shape = None if feature.geometry is None else feature.geometry.to_json()
    properties = to_json(dict(feature.properties))
    index = properties.pop("system:index", None)
    described = {"type": "Feature", "geometry": shape, "properties": properties}
    return described if index is None else {**described, "id": index}


_DESCRIPTIONS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (bool | int | float | str | None, lambda value: value),
    (list, lambda values: [to_json(value) for value in values]),
    (dict, lambda values: {str(key): to_json(value) for key, value in values.items()}),
    (Image, _image),
    (Collection, _collection),
    (Feature, _feature),
    (Geometry, lambda geometry: geometry.to_json()),
    (Projection, lambda it: {"type": "Projection", "crs": it.crs, "transform": list(map(float, it.transform[:6]))}),
    (Date, lambda date: {"type": "Date", "value": date.millis}),
    (DateRange, lambda dates: {"type": "DateRange", "dates": [dates.start, dates.end]}),
)
