"""Earth Engine's limits on requests: how many in a second, how many at the same time."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.state.clocks import Clock
from airflow_provider_ee.emulator.state.settings import Settings

__all__ = ["Limits"]

_WINDOW = 1.0


class Limits:
    """Counts requests, refuses those over the limits, and remembers the peaks.

    Args:
        settings: Gives the settings of this moment.
        clock: A steady clock, in seconds.
    """

    def __init__(self, settings: Callable[[], Settings], clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._arrivals: deque[float] = deque()
        self._in_flight = 0
        self.peak_in_flight = 0
        self.peak_per_second = 0
        self.violations = 0

    @contextmanager
    def request(self) -> Iterator[None]:
        """Count one request while it is served.

        Raises:
            ApiError: It is one too many.
        """
        self._arrive()
        try:
            yield
        finally:
            with self._lock:
                self._in_flight -= 1

    def clear(self) -> None:
        """Forget the peaks and the violations."""
        with self._lock:
            self.peak_in_flight = self.peak_per_second = self.violations = 0
            self._arrivals.clear()

    def shown(self) -> dict[str, int]:
        """Return the counts as plain JSON."""
        return {
            "peak_in_flight": self.peak_in_flight,
            "peak_per_second": self.peak_per_second,
            "violations": self.violations,
        }

    def _arrive(self) -> None:
        with self._lock:
            settings, now = self._settings(), self._clock()
            while self._arrivals and self._arrivals[0] <= now - _WINDOW:
                self._arrivals.popleft()
            too_fast = 0 < settings.max_requests_per_second <= len(self._arrivals)
            too_many = 0 < settings.max_in_flight <= self._in_flight
            if too_fast or too_many:
                self.violations += 1
                raise ApiError(
                    "RESOURCE_EXHAUSTED",
                    "Too Many Requests: Request was rejected because the request rate or concurrency limit "
                    "was exceeded.",
                )
            self._arrivals.append(now)
            self._in_flight += 1
            self.peak_in_flight = max(self.peak_in_flight, self._in_flight)
            self.peak_per_second = max(self.peak_per_second, len(self._arrivals))
