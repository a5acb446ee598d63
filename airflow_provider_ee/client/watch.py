"""Judge what is seen of an operation while somebody waits for it. Knows no clock and does no I/O.

A bad look never ends a wait: what passes is waited out, and what may be a lag or a permission in the making is given
time. A line is handed out when something changed, never for each look.
"""

from __future__ import annotations

from airflow_provider_ee.client.errors import EarthEngineError, NotFound, Transient
from airflow_provider_ee.client.operations import Operation

__all__ = ["Watch"]

#: Seconds for which trouble that looks final is waited out. A new operation may be unknown for a while, and a
#: permission that was lost may come back; neither is worth losing hours of work for.
_PATIENCE = 900.0
_PATIENCE_WHEN_NOT_FOUND = 600.0


class Watch:
    """What is known of one operation so far."""

    def __init__(self) -> None:
        self._facts: tuple[object, ...] | None = None
        self._trouble: str | None = None
        self._trouble_since = 0.0

    def seen(self, operation: Operation) -> str | None:
        """Take note of a look that worked; return a line for the log if it shows anything new."""
        self._trouble = None
        facts = _what_counts(operation)
        if facts == self._facts:
            return None
        self._facts = facts
        return str(operation)

    def missed(self, error: EarthEngineError, now: float) -> str | None:
        """Take note of a look that failed; return a line for the log if the trouble is new.

        Raises:
            EarthEngineError: The same, when it is final and has lasted for longer than there is patience.
        """
        kind = type(error).__name__
        if kind != self._trouble:
            self._trouble, self._trouble_since = kind, now
            return f"Cannot look just now, trying again: {error}"
        patience = _PATIENCE_WHEN_NOT_FOUND if isinstance(error, NotFound) else _PATIENCE
        if not isinstance(error, Transient) and now - self._trouble_since >= patience:
            raise error
        return None


def _what_counts(operation: Operation) -> tuple[object, ...]:
    """What has to change for a new line; progress by tenths."""
    return (int(operation.progress * 10), operation.state, operation.stage, operation.attempt)
