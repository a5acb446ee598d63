"""The time as Google writes it, and a clock that a test can put forward."""

from collections.abc import Callable
from datetime import UTC, datetime

__all__ = ["NEVER", "Clock", "MovableClock", "timestamp"]

Clock = Callable[[], float]

NEVER = "1970-01-01T00:00:00Z"

_LONGEST = 10**9


class MovableClock:
    """A clock that can be put forward.

    Args:
        clock: What it goes by.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead = 0.0

    def __call__(self) -> float:
        """Return the seconds since 1970."""
        return self._clock() + self._ahead

    def put_forward(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            ValueError: Time would run backwards, or out of the calendar.
        """
        if not 0 <= seconds < _LONGEST:
            raise ValueError(f"seconds cannot be {seconds!r}: it has to be from 0 to {_LONGEST}.")
        self._ahead += seconds

    def clear(self) -> None:
        """Go by the clock again."""
        self._ahead = 0.0


def timestamp(seconds: float) -> str:
    """Return seconds since 1970 as the RFC 3339 text that the API uses."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
