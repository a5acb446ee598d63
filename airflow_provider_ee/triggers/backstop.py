"""The end that Airflow itself puts to a wait, should nobody keep the trigger's own deadline."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

__all__ = ["backstop"]

#: A triggerer may be away for a while.
_GRACE = timedelta(seconds=30)


def backstop(deadline: datetime | None) -> timedelta | None:
    """Return what to defer with as `timeout` when the trigger gives up at `deadline`."""
    # In seconds, for the difference of two of pendulum's times is nothing that Airflow can send.
    return timedelta(seconds=deadline.timestamp() - time.time()) + _GRACE if deadline else None
