"""Wait for an operation, and judge what is seen of it meanwhile. No I/O.

A bad look never ends a wait: what passes is waited out, and what may be a lag or a permission in the making is given
time. A line is handed out when something changed, never for each look.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from airflow_provider_ee.client.errors import EarthEngineError, NotFound, OverBudget, TimedOut, Transient
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import Flow, Pause

__all__ = ["OperationMonitor", "PollFailures", "wait_for_operation"]

_LOG = logging.getLogger(__name__)

#: Seconds for which trouble that looks final is waited out. A new operation may be unknown for a while, and a
#: permission that was lost may come back; neither is worth losing hours of work for.
_PATIENCE = 900.0
_PATIENCE_WHEN_NOT_FOUND = 600.0


class PollFailures:
    """What keeps looks from working, for as long as it lasts."""

    __slots__ = ("_kind", "_since")

    def __init__(self) -> None:
        self._kind: type[EarthEngineError] | None = None
        self._since = 0.0

    def clear(self) -> None:
        """Take note of a look that worked."""
        self._kind = None

    def record(self, error: EarthEngineError, now: float) -> str | None:
        """Take note of a look that failed; return a line for the log if the trouble is new.

        Raises:
            EarthEngineError: The same, when it is final and has lasted for longer than there is patience.
        """
        if type(error) is not self._kind:
            self._kind, self._since = type(error), now
            return f"Cannot look just now, trying again: {error}"
        patience = _PATIENCE_WHEN_NOT_FOUND if isinstance(error, NotFound) else _PATIENCE
        if not isinstance(error, Transient) and now - self._since >= patience:
            raise error
        return None


class OperationMonitor:
    """What is known of one operation so far.

    Args:
        max_eecu_seconds: The computing time that it may use.
    """

    __slots__ = ("_facts", "_failures", "_max_eecu_seconds")

    def __init__(self, max_eecu_seconds: float | None = None) -> None:
        self._max_eecu_seconds = max_eecu_seconds
        self._facts: tuple[object, ...] | None = None
        self._failures = PollFailures()

    def observe(self, operation: Operation) -> str | None:
        """Take note of a look that worked; return a line for the log if it shows anything new.

        Raises:
            OverBudget: The operation is not done and has used more computing time than it may.
        """
        self._failures.clear()
        used, allowed = operation.eecu_seconds or 0.0, self._max_eecu_seconds
        if allowed is not None and used > allowed and not operation.done:
            raise OverBudget(
                f"It has used {used:,.1f} EECU-seconds; max_eecu_seconds allows {allowed:,.1f}.", name=operation.name
            )
        facts = _facts_of(operation)
        if facts == self._facts:
            return None
        self._facts = facts
        return str(operation)

    def record_failure(self, error: EarthEngineError, now: float) -> str | None:
        """Take note of a look that failed; return a line for the log if the trouble is new.

        Raises:
            EarthEngineError: The same, when it is final and has lasted for longer than there is patience.
        """
        return self._failures.record(error, now)


def _facts_of(operation: Operation) -> tuple[object, ...]:
    """What has to change for a new line; progress by tenths."""
    return (int(operation.progress * 10), operation.state, operation.stage, operation.attempt)


def wait_for_operation(
    name: str,
    *,
    poll_interval: float,
    clock: Callable[[], float],
    deadline: float | None = None,
    max_eecu_seconds: float | None = None,
    report: Callable[[str], object] = _LOG.info,
) -> Flow[Operation]:
    """Look at an operation until it is done, and return it, however it ended.

    Args:
        name: `projects/my-project/operations/ID`.
        poll_interval: Seconds between two looks.
        clock: What time it is, in seconds.
        deadline: The time at which to give up.
        max_eecu_seconds: The computing time at which to give up.
        report: Told a line whenever something changed.

    Raises:
        TimedOut: The deadline passed. The operation goes on.
        OverBudget: It has used more computing time. It goes on.
    """
    monitor = OperationMonitor(max_eecu_seconds)
    while True:
        operation = None
        try:
            operation = Operation.from_answer((yield methods.operations_get(name)))
        except EarthEngineError as error:
            line = monitor.record_failure(error, clock())
        else:
            line = monitor.observe(operation)
        if line:
            report(line)
        if operation and operation.done:
            return operation
        if deadline is not None and clock() >= deadline:
            raise TimedOut("It was not done in time.", name=name, hint="It goes on at Earth Engine unless cancelled.")
        yield Pause(poll_interval)
