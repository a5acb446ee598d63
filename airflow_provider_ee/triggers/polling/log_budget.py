"""How many lines triggers that share a poller may log.

Airflow 3.3 writes a trigger's line into a socket while the event loop waits, and reads 4096 bytes of it between two
rounds of questions to its database; events come after the lines that were written before them. A hundred lines fit into
the socket; where thousands wait, more would hold up every trigger for minutes, and every task that could go on.
"""

from __future__ import annotations

import time

__all__ = ["LogBudget"]

_AT_ONCE, _PER_SECOND = 100.0, 10.0
#: What lines that say only that a wait goes on leave to the others.
_RESERVE = 50.0


class LogBudget:
    """So many lines at once, and so many a second after that."""

    def __init__(self) -> None:
        self._left, self._counted_at = _AT_ONCE, time.monotonic()

    def take(self, *, routine: bool = False) -> bool:
        """Take one line of it; False if there is none left.

        Args:
            routine: Whether the line says only that the wait goes on; it is dropped sooner than others.
        """
        if not self.has_room(routine=routine):
            return False
        self._left -= 1.0
        return True

    def has_room(self, *, routine: bool = False) -> bool:
        """Whether there is a line left, as `take` sees it."""
        now = time.monotonic()
        self._left = min(_AT_ONCE, self._left + _PER_SECOND * (now - self._counted_at))
        self._counted_at = now
        return self._left >= 1.0 + (_RESERVE if routine else 0.0)
