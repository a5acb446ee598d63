"""Limit the requests in flight and per second to what Earth Engine allows a project."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from airflow_provider_ee.client.arguments.scalars import finite, optional, whole

__all__ = ["MOST_IN_FLIGHT", "Limits", "Pacer"]

#: What Earth Engine allows a project.
MOST_IN_FLIGHT = 40

_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Limits:
    """The share of a project's quota that one client uses.

    https://developers.google.com/earth-engine/guides/usage

    Attributes:
        in_flight: Requests under way at once; Earth Engine allows a project 40.
        per_second: Requests a second; Earth Engine allows a project 100.
        longest_answer: Bytes that an answer may have once it is unpacked; larger ones are refused.
    """

    in_flight: int = 32
    per_second: float = 100.0
    longest_answer: int = 128 * 2**20

    def __post_init__(self) -> None:
        """Refuse limits under which no request would ever be sent, or answered."""
        whole("in_flight", self.in_flight, 1, _LARGEST)
        finite("per_second", self.per_second, above=0)
        whole("longest_answer", self.longest_answer, 1, _LARGEST)

    @classmethod
    def of(cls, concurrency: object) -> Limits:
        """Return the limits of a client with room for so many requests at once, or the usual ones if None.

        Raises:
            InvalidArgument: Earth Engine does not allow so many, or it is not a number of requests.
        """
        in_flight = optional(whole, "concurrency", concurrency, 1, MOST_IN_FLIGHT)
        return cls() if in_flight is None else cls(in_flight=in_flight)


class Pacer:
    """Limit requests per second, with bursts of at most 0.1 s worth.

    It has no clock: given the time, it returns how long to wait, and has to be asked again then, as a caller that wakes
    up late is counted when it does. Threads may share it.
    """

    _burst = 0.1

    def __init__(self, per_second: float) -> None:
        # A second may hold the requests of the burst, its own, and one on its edge.
        self._interval = (1.0 + self._burst) / max(per_second - 1.0, 0.9 * per_second)
        self._last = float("-inf")
        self._lock = threading.Lock()

    def wait(self, now: float) -> float:
        """Count a request and return 0 if one may be sent now; else return the seconds until then."""
        with self._lock:
            earliest = max(self._last + self._interval, now - self._burst)
            if earliest > now:
                return earliest - now
            self._last = earliest
            return 0.0
