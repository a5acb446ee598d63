"""When the time of a task is over, or it is told to stop.

On a worker, Airflow raises an error in the main thread when the time is over, once: where a weak reference or the
garbage collector has called Python, it is lost there. When a task is told to stop, Airflow calls its `on_kill` and lets
it go on until it kills the process. So whoever waits looks at the clock, and at what `on_kill` has said, as well.
https://docs.python.org/3/library/signal.html#handlers-and-exceptions
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from airflow_provider_ee.compat import AirflowException, AirflowTaskTimeout

__all__ = ["TaskClock", "TaskStopped", "backstop", "deadline"]

#: A triggerer may be away for a while.
_GRACE = timedelta(seconds=30)

#: How often whoever sleeps looks whether to stop. An event would end a sleep at once, but setting one in a signal's
#: handler can lock up the thread that the signal has interrupted.
_SECONDS_BETWEEN_CHECKS = 0.5


class TaskStopped(AirflowException):
    """The task was told to stop while it was at work."""


class TaskClock:
    """Lets a task on a worker sleep until its time is over or it is told to stop, and no longer.

    Args:
        execution_timeout: The task's.
        begun: When Airflow has begun to measure it, by `time.monotonic`; now if None.
    """

    def __init__(self, execution_timeout: timedelta | None, begun: float | None = None) -> None:
        begun = time.monotonic() if begun is None else begun
        self._end = begun + execution_timeout.total_seconds() if execution_timeout else float("inf")
        self._stopped = False

    def stop(self) -> None:
        """End all sleeps, those to come too. A signal's handler may call it."""
        self._stopped = True

    def check(self) -> None:
        """Raise if the time is over, or the task was told to stop.

        Raises:
            AirflowTaskTimeout: The task's time is over.
            TaskStopped: The task was told to stop.
        """
        if self._stopped:
            raise TaskStopped("The task was told to stop.")
        if time.monotonic() >= self._end:
            raise AirflowTaskTimeout("The task's execution_timeout is over.")

    def sleep(self, seconds: float) -> None:
        """Sleep, in whichever thread; what `check` raises ends it."""
        wake_at = time.monotonic() + seconds
        self.check()
        while (left := min(wake_at, self._end) - time.monotonic()) > 0:
            time.sleep(min(left, _SECONDS_BETWEEN_CHECKS))
            self.check()


def deadline(task_instance: Any, execution_timeout: timedelta | None) -> datetime | None:
    """Return when the time of a task is over, if it ever is."""
    return task_instance.start_date + execution_timeout if execution_timeout else None


def backstop(deadline: datetime | None) -> timedelta | None:
    """Return what to defer with as `timeout` when the trigger gives up at `deadline`: Airflow's own end to the wait."""
    # In seconds, for the difference of two of pendulum's times is nothing that Airflow can send.
    return timedelta(seconds=deadline.timestamp() - time.time()) + _GRACE if deadline else None
