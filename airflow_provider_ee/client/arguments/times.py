"""When something was: any form in which users write a time becomes the one that the API takes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from airflow_provider_ee.client.arguments.scalars import number
from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["check_period", "moment"]

_ALLOWED = "RFC 3339 such as 2026-01-31T12:00:00Z, a date, a datetime, or milliseconds since 1970"

_TEXT = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?",
    re.ASCII,  # Python takes the digits of every script
)
#: Fewer digits are a year or a date without hyphens, as likely as a moment of 1970.
_MILLISECONDS = re.compile(r"-?[0-9]{11,15}")


def moment(path: str, value: object) -> str:
    """Return a time in RFC 3339. One without a time zone is in UTC, as on the command line of `earthengine`."""
    try:
        found = _read(value)
        if found is not None:
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        found = None
    if found is None:
        raise InvalidArgument(path, f"{shown(value)} is not a valid time", _ALLOWED)
    return found.isoformat().replace("+00:00", "Z")


def check_period(start: str | None, end: str | None, start_path: str, end_path: str) -> None:
    """Check that a period, of two times as `moment` returns them, does not end before it starts."""
    if start and end and datetime.fromisoformat(end) < datetime.fromisoformat(start):
        raise InvalidArgument(
            end_path, f"{end} is before {start_path}, which is {start}", "the same time or a later one"
        )


def _read(value: object) -> datetime | None:
    if str(getattr(value, "dtype", "")).startswith("datetime64"):  # NumPy's; its numbers are of many units
        value = value.astype("datetime64[us]").item()  # type: ignore[attr-defined]  # NumPy is not always there
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, str) and _TEXT.fullmatch(value):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and not _MILLISECONDS.fullmatch(value):
        return None
    milliseconds = number(value)
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
