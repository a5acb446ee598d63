"""Dates: milliseconds since 1970 in UTC, as Earth Engine counts time."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow_provider_ee.emulator.compute.errors import ComputeError, NotComputed

__all__ = ["Date", "DateRange", "advance", "date_range", "formatted", "parse_date"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXT = re.compile(
    r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?)?)?)?Z?", re.ASCII
)
_SECONDS = {"week": 604800, "day": 86400, "hour": 3600, "minute": 60, "second": 1}
_JODA = {"YYYY": "%Y", "yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S", "DDD": "%j"}


@dataclass(frozen=True)
class Date:
    """A moment."""

    millis: int

    @property
    def moment(self) -> datetime:
        """The same moment as a datetime in UTC."""
        try:
            return _EPOCH + timedelta(milliseconds=self.millis)
        except OverflowError as error:
            raise ComputeError(f"Date: {self.millis} ms is outside of the years 1 to 9999.") from error


@dataclass(frozen=True)
class DateRange:
    """The moments from `start` up to, but without, `end`."""

    start: int
    end: int


def parse_date(value: Any) -> Date:
    """Return the date that milliseconds or a text like 2024-05-01T10:00:00 stand for."""
    if isinstance(value, Date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        date = Date(int(value))
        _ = date.moment
        return date
    match = _TEXT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ComputeError(f"Invalid argument specified for ee.Date(): {str(value)[:80]!r}.")
    year, month, day, hour, minute, second, fraction = match.groups()
    try:
        moment = datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC
        )
    except ValueError as error:
        raise ComputeError(f"Invalid argument specified for ee.Date(): '{value}': {error}.") from error
    return Date(_millis(moment) + (int(fraction.ljust(3, "0")[:3]) if fraction else 0))


def date_range(start: Any, end: Any) -> DateRange:
    """Return a range; without an end it is one millisecond long."""
    first = parse_date(start).millis
    last = first + 1 if end is None else parse_date(end).millis
    if last <= first:
        raise ComputeError("Empty date ranges not supported for the current operation.")
    return DateRange(first, last)


def advance(date: Date, delta: float, unit: str) -> Date:
    """Return a date moved by a number of units; months and years are calendar ones."""
    unit = unit.rstrip("s") if len(unit) > 1 else unit
    if unit in _SECONDS:
        return parse_date(date.millis + round(delta * _SECONDS[unit] * 1000))
    if unit not in ("month", "year"):
        allowed = ", ".join(("year", "month", *_SECONDS))
        raise ComputeError(f"Invalid unit '{unit}': it must be one of {allowed}.")
    moment = date.moment
    months = moment.year * 12 + moment.month - 1 + int(delta) * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    try:
        day = min(moment.day, calendar.monthrange(year, month + 1)[1])
        return Date(_millis(moment.replace(year=year, month=month + 1, day=day)))
    except (ValueError, calendar.IllegalMonthError) as error:
        raise ComputeError(f"The date moved by {delta} {unit}s is outside of the years 1 to 9999.") from error


def formatted(date: Date, pattern: str | None) -> str:
    """Write a date in a Joda pattern of digits; the default is ISO 8601."""
    moment = date.moment
    if pattern is None:
        return moment.strftime("%Y-%m-%dT%H:%M:%S")
    parts = re.finditer(r"'(?P<quoted>[^']*)'|(?P<field>([A-Za-z])\3*)|(?P<other>[^A-Za-z']+)", pattern)
    return "".join(_written(part, moment) for part in parts)


def _written(part: re.Match[str], moment: datetime) -> str:
    field = part["field"]
    if field is None:
        return part["quoted"] or part["other"] or ""
    if field not in _JODA:
        raise NotComputed(
            f"Date.format: the pattern '{field}' is not computed by the emulator; see {', '.join(_JODA)}."
        )
    return moment.strftime(_JODA[field])


def _millis(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
