"""Stay within what Earth Engine allows a project: so many requests in flight, so many a second."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from airflow_provider_ee.client.arguments.scalars import optional, whole

__all__ = ["MOST_IN_FLIGHT", "Limits", "Pacer"]

#: What Earth Engine allows a project.
MOST_IN_FLIGHT = 40


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client takes of its project's quota.

    https://developers.google.com/earth-engine/guides/usage

    Attributes:
        in_flight: Requests under way at once; Earth Engine allows a project 40.
        per_second: Requests a second; Earth Engine allows a project 100.
        longest_answer: Bytes that an answer may have once it is unpacked; larger ones are refused.
    """

    in_flight: int = 32
    per_second: float = 100.0
    longest_answer: int = 128 * 2**20

    @classmethod
    def of(cls, concurrency: object) -> Limits:
        """Return the limits of a client with room for so many requests at once, or the usual ones if None.

        Raises:
            InvalidArgument: Earth Engine does not allow so many, or it is no number of requests.
        """
        in_flight = optional(whole, "concurrency", concurrency, 1, MOST_IN_FLIGHT)
        return cls() if in_flight is None else cls(in_flight=in_flight)


class Pacer:
    """Spread requests so that no second sees more than its share, a burst of at most a tenth of a second's included.

    Knows no clock and waits for nobody: told the time, it answers how long to wait, and has to be asked again then, as
    whoever wakes up late is counted when it does. Threads may share it.
    """

    _burst = 0.1

    def __init__(self, per_second: float) -> None:
        # In any second there are the places of the burst, of this second, and one that lies on its edge.
        self._interval = (1.0 + self._burst) / max(per_second - 1.0, 0.9 * per_second)
        self._last = float("-inf")
        self._lock = threading.Lock()

    def wait(self, now: float) -> float:
        """Take a place if there is one now, and return 0; or return the seconds until there is one."""
        with self._lock:
            earliest = max(self._last + self._interval, now - self._burst)
            if earliest > now:
                return earliest - now
            self._last = earliest
            return 0.0
