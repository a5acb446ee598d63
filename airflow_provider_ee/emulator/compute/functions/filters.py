"""Filters: conditions on the properties, dates and places of a collection's elements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from airflow_provider_ee.emulator.compute.dates import Date, DateRange
from airflow_provider_ee.emulator.compute.errors import ComputeError, NotComputed
from airflow_provider_ee.emulator.compute.geometry import Geometry, overlap
from airflow_provider_ee.emulator.compute.images import Element, Feature, Image
from airflow_provider_ee.emulator.compute.narrowing import EVERYTHING, Narrowing, both

__all__ = [
    "COMPARISONS",
    "Filter",
    "all_of",
    "any_of",
    "calendar_range",
    "comparison",
    "intersects",
    "not_null",
    "opposite",
]

_CALENDAR = {
    "year": lambda moment: moment.year,
    "month": lambda moment: moment.month,
    "day_of_month": lambda moment: moment.day,
    "day_of_year": lambda moment: moment.timetuple().tm_yday,
    "hour": lambda moment: moment.hour,
}


@dataclass(frozen=True)
class Filter:
    """A condition on one element.

    Args:
        matches: Whether an element fulfils it.
        narrowing: What it says of time and place.
    """

    matches: Callable[[Element], bool]
    narrowing: Narrowing = EVERYTHING


def _plain(value: Any) -> Any:
    return value.millis if isinstance(value, Date) else value


def _less(left: Any, right: Any) -> bool:
    try:
        return bool(left < right)
    except TypeError:  # a text is neither less nor more than a number
        return False


def _contains(values: Any, value: Any) -> bool:
    return isinstance(values, list) and value in values


def _in_range(dates: Any, value: Any) -> bool:
    return isinstance(dates, DateRange) and isinstance(value, int | float) and dates.start <= value < dates.end


def _text(*values: Any) -> bool:
    return all(isinstance(value, str) for value in values)


#: Earth Engine's names after "Filter." of the conditions on a left and a right value.
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": lambda left, right: bool(left == right),
    "notEquals": lambda left, right: bool(left != right),
    "lessThan": _less,
    "lessThanOrEquals": lambda left, right: _less(left, right) or bool(left == right),
    "greaterThan": lambda left, right: _less(right, left),
    "greaterThanOrEquals": lambda left, right: _less(right, left) or bool(left == right),
    "listContains": _contains,
    "inList": lambda left, right: _contains(right, left),
    "dateRangeContains": _in_range,
    "stringContains": lambda left, right: _text(left, right) and right in left,
    "stringStartsWith": lambda left, right: _text(left, right) and left.startswith(right),
    "stringEndsWith": lambda left, right: _text(left, right) and left.endswith(right),
}


def comparison(name: str) -> Callable[[str | None, Any, str | None, Any], Filter]:
    """Return the filter that compares a field with a value; an element without the field does not match."""
    holds = COMPARISONS[name]

    def compare(left_field: str | None, right_value: Any, right_field: str | None, left_value: Any) -> Filter:
        def matches(element: Element) -> bool:
            left = left_value if left_field is None else element.properties.get(left_field)
            right = right_value if right_field is None else element.properties.get(right_field)
            return left is not None and right is not None and holds(_plain(left), _plain(right))

        return Filter(matches, _narrowing(name, left_value, right_field))

    return compare


def _narrowing(name: str, left_value: Any, right_field: str | None) -> Narrowing:
    if name == "dateRangeContains" and isinstance(left_value, DateRange) and right_field == "system:time_start":
        return Narrowing((left_value.start, left_value.end), complete=True)
    return EVERYTHING


def intersects(
    left_field: str | None, right_value: Any, right_field: str | None, left_value: Any, _error: Any
) -> Filter:
    """Return the filter on elements whose bounds touch those of a geometry."""
    value = right_value if left_field is not None else left_value
    if right_field not in (None, ".all") or left_field not in (None, ".all"):
        raise NotComputed("Only the elements' own geometry can be compared: the field must be '.all'.")
    wanted = value.geometry if isinstance(value, Feature | Image) else value
    if not isinstance(wanted, Geometry):
        raise ComputeError("A Geometry or a Feature is needed to compare with.")
    # An image without a footprint is everywhere; a feature without a geometry is nowhere.
    return Filter(
        lambda element: isinstance(element, Image) if element.geometry is None else overlap(element.geometry, wanted),
        Narrowing(place=wanted, complete=True),
    )


def calendar_range(start: int, end: int | None, field: str) -> Filter:
    """Return the filter on a part of the date, both ends included; from December to February goes over the new year."""
    if field not in _CALENDAR:
        raise ComputeError(f"The field '{field}' must be one of {', '.join(_CALENDAR)}.")
    last = start if end is None else end

    def matches(element: Element) -> bool:
        time = element.properties.get("system:time_start")
        if not isinstance(time, int | float):
            return False
        part = _CALENDAR[field](Date(int(time)).moment)
        return bool(start <= part <= last if start <= last else part >= start or part <= last)

    return Filter(matches)


def not_null(names: list[str]) -> Filter:
    """Return the filter on elements that have all of these properties."""
    return Filter(lambda element: all(element.properties.get(name) is not None for name in names))


def all_of(filters: list[Filter]) -> Filter:
    """Return the filter that matches what all of them match."""
    narrowing = both(part.narrowing for part in filters)
    return Filter(lambda element: all(part.matches(element) for part in filters), narrowing)


def any_of(filters: list[Filter]) -> Filter:
    """Return the filter that matches what one of them matches."""
    return Filter(lambda element: any(part.matches(element) for part in filters))


def opposite(part: Filter) -> Filter:
    """Return the filter that matches what another does not."""
    return Filter(lambda element: not part.matches(element))
