"""How far a download is, as a line now and then."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["Progress"]

_SECONDS_BETWEEN_LINES = 5.0
_MEGABYTE = 1e6


class Progress:
    """Count tiles, and tell about them at most every five seconds.

    Args:
        tiles: How many there are.
        tell: Told each line.
        clock: A steady clock, in seconds.
    """

    def __init__(
        self, tiles: int, tell: Callable[[str], object] | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.tiles = tiles
        self.done = 0
        self.fetched = 0
        self.bytes = 0
        self._tell = tell
        self._clock = clock
        self._start = self._told = clock()

    def found(self) -> None:
        """Count a tile that an earlier download has left."""
        self.done += 1
        self._say()

    def arrived(self, size: int) -> None:
        """Count a tile that came from Earth Engine."""
        self.done += 1
        self.fetched += 1
        self.bytes += size
        self._say()

    def split(self, parts: int) -> None:
        """Count the parts of a tile in its place."""
        self.tiles += parts - 1

    def _say(self) -> None:
        now = self._clock()
        if self._tell is not None and now - self._told >= _SECONDS_BETWEEN_LINES:
            self._told = now
            self._tell(self._line(now - self._start))

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
