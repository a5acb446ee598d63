"""The time as Google writes it."""

from collections.abc import Callable
from datetime import UTC, datetime

__all__ = ["NEVER", "Clock", "timestamp"]

Clock = Callable[[], float]

NEVER = "1970-01-01T00:00:00Z"


def timestamp(seconds: float) -> str:
    """Return seconds since 1970 as the RFC 3339 text that the API uses."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
