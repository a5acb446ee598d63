"""When the time of a task is over.

On a worker, Airflow raises an error in the main thread then, once: where a weak reference or the garbage collector has
called Python, it is lost there. So whoever waits looks at the clock as well.
https://docs.python.org/3/library/signal.html#handlers-and-exceptions
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from airflow_provider_ee.compat import AirflowTaskTimeout

__all__ = ["backstop", "deadline", "in_time"]

#: A triggerer may be away for a while.
_GRACE = timedelta(seconds=30)


def deadline(task_instance: Any, execution_timeout: timedelta | None) -> datetime | None:
    """Return when the time of a task is over, if it ever is."""
    return task_instance.start_date + execution_timeout if execution_timeout else None


def in_time(begun: float, execution_timeout: timedelta | None) -> Callable[[], None]:
    """Return what raises AirflowTaskTimeout when it is called too late, and after Airflow has tried to.

    Args:
        begun: When Airflow had set its alarm, by `time.monotonic`.
        execution_timeout: The task's.
    """

    def check() -> None:
        if execution_timeout and time.monotonic() >= begun + execution_timeout.total_seconds():
            raise AirflowTaskTimeout("The task's execution_timeout is over.")

    return check


def backstop(deadline: datetime | None) -> timedelta | None:
    """Return what to defer with as `timeout` when the trigger gives up at `deadline`: Airflow's own end to the wait."""
    # In seconds, for the difference of two of pendulum's times is nothing that Airflow can send.
    return timedelta(seconds=deadline.timestamp() - time.time()) + _GRACE if deadline else None
