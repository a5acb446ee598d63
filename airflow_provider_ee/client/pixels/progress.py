"""Log the progress of a download."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["Progress"]

_SECONDS_BETWEEN_LINES = 5.0
_MEGABYTE = 1e6


class Progress:
    """Count the tiles that have arrived, and log a line at most every five seconds.

    Args:
        tiles: How many there are.
        log: Called with each line.
        clock: A steady clock, in seconds.
    """

    def __init__(
        self, tiles: int, log: Callable[[str], object] | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.tiles = tiles
        self.done = 0
        self.fetched = 0
        self.bytes = 0
        self._log = log
        self._clock = clock
        self._start = self._logged = clock()

    def found(self) -> None:
        """Count a tile that an earlier download has left."""
        self.done += 1
        self._log_progress()

    def arrived(self, size: int) -> None:
        """Count a tile that came from Earth Engine."""
        self.done += 1
        self.fetched += 1
        self.bytes += size
        self._log_progress()

    def split(self, parts: int) -> None:
        """Count the parts of a tile in its place."""
        self.tiles += parts - 1

    def _log_progress(self) -> None:
        now = self._clock()
        if self._log is not None and now - self._logged >= _SECONDS_BETWEEN_LINES:
            self._logged = now
            self._log(self._line(now - self._start))

    def _line(self, seconds: float) -> str:
        parts = [f"{self.done} of {self.tiles} tiles"]
        if self.fetched:
            megabytes = self.bytes / _MEGABYTE
            left = (self.tiles - self.done) * seconds / self.fetched
            parts += [f"{megabytes:.0f} MB", f"{megabytes / seconds:.0f} MB/s", f"{_duration(left)} left"]
        return " · ".join(parts)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 1:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
