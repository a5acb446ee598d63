"""Features: their properties as a dictionary, chosen, copied; and their geometries."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from airflow_provider_ee.emulator.compute import measures
from airflow_provider_ee.emulator.compute.errors import ComputeError, NotComputed
from airflow_provider_ee.emulator.compute.functions.elements import geometry
from airflow_provider_ee.emulator.compute.geometry import Geometry
from airflow_provider_ee.emulator.compute.images import Element, Feature
from airflow_provider_ee.emulator.compute.pixels.grids import Projection

__all__ = [
    "area",
    "buffered",
    "centre",
    "centred",
    "circle",
    "copy_properties",
    "error_margin",
    "geometry_in",
    "index",
    "number",
    "ordinary",
    "property_names",
    "select",
    "set_geometry",
    "text",
    "to_dictionary",
]

_INDEX = "system:index"


def ordinary(element: Element) -> dict[str, Any]:
    """Return the properties that are not Earth Engine's own."""
    return {name: value for name, value in element.properties.items() if not name.startswith("system:")}


def select(element: Element, selectors: list[str], names: list[str] | None, keep_geometry: bool) -> Feature:
    """Return a feature with the properties that names or patterns choose, named anew if so wished."""
    feature = _feature(element)
    chosen = [name for selector in selectors for name in _matching(feature, selector)]
    if names is not None and len(names) != len(chosen):
        raise ComputeError(f"The number of new names ({len(names)}) must match that of the properties ({len(chosen)}).")
    selected = {
        new: feature.properties[old] for old, new in zip(chosen, chosen if names is None else names, strict=True)
    }
    kept = {_INDEX: feature.properties[_INDEX]} if _INDEX in feature.properties else {}
    return Feature(feature.geometry if keep_geometry else None, {**kept, **selected})


def _matching(feature: Feature, selector: str) -> list[str]:
    if selector in feature.properties:
        return [selector]
    try:
        pattern = re.compile(selector)
    except re.error as error:
        raise ComputeError(f"Property pattern '{selector[:80]}' is not a valid expression: {error}.") from error
    return [name for name in ordinary(feature) if pattern.fullmatch(name)]


def to_dictionary(element: Element, names: list[str] | None) -> dict[str, Any]:
    """Return properties, by default all that are not Earth Engine's own."""
    if names is None:
        return ordinary(element)
    return {name: element.properties[name] for name in names if name in element.properties}


def copy_properties(
    destination: Element | None, source: Element | None, names: list[str] | None, exclude: list[str] | None
) -> Element | None:
    """Return an element with the properties of another."""
    if destination is None or source is None:
        return destination
    if names is not None and exclude is not None:
        raise ComputeError("'exclude' must not be given together with 'properties'.")
    copied = to_dictionary(source, names)
    kept = {name: value for name, value in copied.items() if name not in (exclude or [])}
    return replace(destination, properties={**destination.properties, **kept})


def property_names(element: Element) -> list[str]:
    """Return the names of the properties."""
    return list(element.properties)


def number(element: Element, name: str) -> int | float | None:
    """Return a property that is a number."""
    value = element.properties.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise ComputeError(f"Property '{name}' is not a Number.")
    return value


def text(element: Element, name: str) -> str | None:
    """Return a property that is a text."""
    value = element.properties.get(name)
    if value is not None and not isinstance(value, str):
        raise ComputeError(f"Property '{name}' is not a String.")
    return value


def index(element: Element) -> str:
    """Return the index of an element in its collection."""
    return str(element.properties.get(_INDEX, ""))


def set_geometry(element: Element, shape: Geometry | None) -> Feature:
    """Return a feature with another geometry."""
    return replace(_feature(element), geometry=shape)


def area(shape: Geometry, projection: Projection | None) -> float:
    """Return an area in square metres."""
    _only_on_earth(projection)
    return measures.area(shape)


def centre(shape: Geometry, projection: Projection | None) -> Geometry:
    """Return the centre of a geometry."""
    _only_on_earth(projection)
    return measures.centroid(shape)


def circle(shape: Geometry, metres: float, projection: Projection | None) -> Geometry:
    """Return the circle around a point."""
    _only_on_earth(projection)
    return measures.circle(shape, metres)


def centred(element: Element, projection: Projection | None) -> Feature:
    """Return a feature at the centre of its geometry."""
    return set_geometry(element, centre(geometry(element), projection))


def buffered(element: Element, metres: float, projection: Projection | None) -> Feature:
    """Return a feature on the circle around its point."""
    return set_geometry(element, circle(geometry(element), metres, projection))


def geometry_in(element: Element, projection: Projection | None) -> Geometry:
    """Return an element's geometry, in a projection if so wished."""
    shape = geometry(element)
    return shape if projection is None else shape.carried(projection.crs)


def error_margin(value: float | None, unit: str) -> dict[str, Any]:
    """Return a margin of error; the emulator's geometries are as exact with any."""
    return {"type": "ErrorMargin", "unit": unit, "value": value}


def _only_on_earth(projection: Projection | None) -> None:
    if projection is not None:
        raise NotComputed("Geometries are measured on the Earth only: 'proj' is not computed by the emulator.")


def _feature(element: Element) -> Feature:
    if not isinstance(element, Feature):
        raise ComputeError("A Feature is needed here.")
    return element
