"""Properties of images and features, and what they say of time and place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from airflow_provider_ee.emulator.compute.dates import Date
from airflow_provider_ee.emulator.compute.errors import ComputeError
from airflow_provider_ee.emulator.compute.geometry import Geometry, rectangle
from airflow_provider_ee.emulator.compute.images import Element, Feature, Image

__all__ = ["bounds", "date", "feature", "geometry", "get", "set_all", "set_one"]


def set_one(element: Element, key: str, value: Any) -> Element:
    """Return the element with a property set, or removed by null."""
    return set_all(element, {key: value})


def set_all(element: Element, properties: Mapping[str, Any]) -> Element:
    """Return the element with properties set; null removes one."""
    plain = {key: value.millis if isinstance(value, Date) else value for key, value in properties.items()}
    merged = {**element.properties, **plain}
    return replace(element, properties={key: value for key, value in merged.items() if value is not None})


def get(element: Element, name: str) -> Any:
    """Return a property, or null."""
    return element.properties.get(name)


def date(image: Image) -> Date:
    """Return when the image was taken."""
    time = image.properties.get("system:time_start")
    if not isinstance(time, int | float):
        raise ComputeError("The image has no 'system:time_start'.")
    return Date(int(time))


def geometry(element: Element) -> Geometry:
    """Return the element's geometry."""
    if element.geometry is None:
        raise ComputeError("The element has no bounded geometry.")
    return element.geometry


def bounds(shape: Geometry) -> Geometry:
    """Return the rectangle around a geometry, in longitude and latitude."""
    return rectangle(shape.bounds("EPSG:4326"))


def feature(shape: Geometry | None, properties: Mapping[str, Any]) -> Feature:
    """Return a geometry with properties."""
    return Feature(shape, dict(properties))
