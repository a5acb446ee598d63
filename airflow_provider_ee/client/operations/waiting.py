"""Wait for an operation, or for room in a project's queue, and judge what polls show meanwhile. No I/O.

A failed poll never ends a wait at once: what passes is waited out, and what may be a lag or a permission in the making
is given time. There is a line for the log when something changed and every few minutes, never for each poll.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from airflow_provider_ee.client.errors import EarthEngineError, NotFound, OverBudget, TimedOut, Transient
from airflow_provider_ee.client.operations.listing import count_pending
from airflow_provider_ee.client.operations.operation import Operation, current_stage
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import Flow, Pause

__all__ = [
    "SECONDS_BETWEEN_LINES",
    "OperationMonitor",
    "PollFailures",
    "facts_of",
    "no_room",
    "wait_for_operation",
    "wait_for_room",
]

_LOG = logging.getLogger(__name__)

Log: TypeAlias = Callable[[str], object]

#: After so long without a line, there is one though nothing changed: whoever reads the log sees that the wait goes on.
SECONDS_BETWEEN_LINES = 300.0

#: Seconds for which failures that look final are waited out. A new operation may be unknown for a while, and a
#: permission that was lost may come back; neither is worth losing hours of work for.
_PATIENCE = 900.0
_PATIENCE_WHEN_NOT_FOUND = 600.0


class PollFailures:
    """The failed polls since the last one that worked.

    Args:
        since: When failures that look final began, by the caller's clock, if earlier polls have met some.

    Attributes:
        since: The same; None while there were none.
    """

    __slots__ = ("_line_at", "_reported", "since")

    def __init__(self, since: float | None = None) -> None:
        self.since = since
        self._reported: tuple[type[EarthEngineError], ...] = ()
        self._line_at = float("-inf")

    def clear(self) -> None:
        """Take note of a poll that worked."""
        self.since = None
        self._reported = ()

    def record(self, error: EarthEngineError, now: float) -> str | None:
        """Take note of a poll that failed; return a line for the log if it is of a new kind, or none was due for long.

        Raises:
            EarthEngineError: The same, when it does not pass and there were only such failures for too long, of
                whichever kinds.
        """
        until = ""
        if not isinstance(error, Transient):
            self.since = now if self.since is None else self.since
            left = self.since + (_PATIENCE_WHEN_NOT_FOUND if isinstance(error, NotFound) else _PATIENCE) - now
            if left <= 0:
                raise error
            until = f", giving up at {datetime.fromtimestamp(time.time() + left, UTC):%H:%M} UTC"
        if type(error) in self._reported and now - self._line_at < SECONDS_BETWEEN_LINES:
            return None
        self._reported += (type(error),)
        self._line_at = now
        return f"Cannot poll just now, trying again{until}: {error}"


class OperationMonitor:
    """What is known of one operation so far.

    Args:
        max_eecu_seconds: The computing time that it may use.
    """

    __slots__ = ("_facts", "_failures", "_line_at", "_max_eecu_seconds")

    def __init__(self, max_eecu_seconds: float | None = None) -> None:
        self._max_eecu_seconds = max_eecu_seconds
        self._facts: tuple[object, ...] | None = None
        self._failures = PollFailures()
        self._line_at = 0.0

    def observe(self, operation: Operation, now: float, *, quiet: bool = False) -> str | None:
        """Take note of a poll that worked; return a line for the log if it shows anything new, or none was for long.

        Args:
            operation: As it was seen.
            now: The caller's time, in seconds.
            quiet: Whether nobody would log a line: making one takes longer than all the rest.

        Raises:
            OverBudget: The operation is not done and has used more computing time than it may.
        """
        self._failures.clear()
        used, allowed = operation.eecu_seconds or 0.0, self._max_eecu_seconds
        if allowed is not None and used > allowed and not operation.done:
            raise OverBudget(
                f"It has used {used:,.1f} EECU-seconds; max_eecu_seconds allows {allowed:,.1f}.", name=operation.name
            )
        facts = _facts(operation)
        if facts == self._facts and now - self._line_at < SECONDS_BETWEEN_LINES:
            return None
        self._facts, self._line_at = facts, now
        return None if quiet else str(operation)

    def record_failure(self, error: EarthEngineError, now: float) -> str | None:
        """Take note of a poll that failed; return a line for the log, as PollFailures does.

        Raises:
            EarthEngineError: The same, when it does not pass and has lasted for too long.
        """
        return self._failures.record(error, now)


def _facts(operation: Operation) -> tuple[object, ...]:
    """Return what has to change for a new line; of the progress, only tenths."""
    return (int(operation.progress * 10), operation.done, operation.state, operation.stage, operation.attempt)


def facts_of(answer: Mapping[str, Any], *, cost: bool) -> tuple[object, ...] | None:
    """Return what has to change in a raw answer for OperationMonitor to find anything new; None if it is an odd one.

    Of thousands of operations that are polled, most have not changed, and reading all of an answer takes the most time.

    Args:
        answer: Earth Engine's answer.
        cost: Whether its computing time counts.
    """
    metadata = answer.get("metadata")
    if not isinstance(metadata, Mapping):
        return None
    progress, stages = metadata.get("progress", 0.0), metadata.get("stages")
    if not isinstance(progress, (int, float)) or not 0.0 <= progress <= 1.0:
        return None
    return (
        int(progress * 10),
        answer.get("done"),
        metadata.get("state"),
        current_stage(stages) if stages else None,
        metadata.get("attempt"),
        metadata.get("batchEecuUsageSeconds") if cost else None,
    )


def wait_for_operation(
    name: str,
    *,
    poll_interval: float,
    clock: Callable[[], float],
    deadline: float | None = None,
    max_eecu_seconds: float | None = None,
    report: Log = _LOG.info,
    warn: Log = _LOG.warning,
) -> Flow[Operation]:
    """Poll an operation until it is done, and return it, however it ended.

    Args:
        name: `projects/my-project/operations/ID`.
        poll_interval: Seconds between two polls.
        clock: Returns the time in seconds.
        deadline: The time at which to give up. The last poll is at the deadline, however long the interval is.
        max_eecu_seconds: The computing time at which to give up.
        report: Called with a line whenever something changed, and every few minutes.
        warn: Called with a line when a poll failed.

    Raises:
        TimedOut: The deadline passed. The operation goes on.
        OverBudget: It has used more computing time. It goes on.
    """
    monitor = OperationMonitor(max_eecu_seconds)
    while True:
        try:
            answer = yield methods.operations_get(name)
        except EarthEngineError as error:
            _log(warn, monitor.record_failure(error, now := clock()))
        else:
            operation = Operation.from_answer(answer)
            _log(report, monitor.observe(operation, now := clock()))
            if operation.done:
                return operation
        hint = "It goes on at Earth Engine unless cancelled."
        yield _pause(poll_interval, now, deadline, TimedOut("It was not done in time.", name=name, hint=hint))


def wait_for_room(
    project: str,
    limit: int,
    *,
    poll_interval: float,
    clock: Callable[[], float],
    deadline: float | None = None,
    report: Log = _LOG.info,
    warn: Log = _LOG.warning,
) -> Flow[int]:
    """Poll until fewer than so many operations are pending in a project's queue, and return how many are.

    It promises no room: others may submit meanwhile.

    Args:
        project: `projects/my-project`.
        limit: Fewer than this many have to be pending.
        poll_interval: Seconds between two polls.
        clock: Returns the time in seconds.
        deadline: The time at which to give up.
        report: Called with a line every few minutes.
        warn: Called with a line when a poll failed.

    Raises:
        TimedOut: The deadline passed.
    """
    failures, line_at = PollFailures(), float("-inf")
    while True:
        try:
            pending = yield from count_pending(project, limit)
        except EarthEngineError as error:
            _log(warn, failures.record(error, now := clock()))
        else:
            failures.clear()
            if pending < limit:
                return pending
            if (now := clock()) - line_at >= SECONDS_BETWEEN_LINES:
                line_at = now
                report(no_room(project, pending, limit))
        late = TimedOut(f"Fewer than {limit:,} operations were never pending.", name=project)
        yield _pause(poll_interval, now, deadline, late)


def no_room(project: str, pending: int, limit: int) -> str:
    """Return the line for the log that says why nothing is submitted yet."""
    return (
        f"At least {pending:,} operations are pending in {project.removeprefix('projects/')}: "
        f"waiting for fewer than {limit:,}. Nothing is submitted yet."
    )


def _log(log: Log, line: str | None) -> None:
    if line:
        log(line)


def _pause(interval: float, now: float, deadline: float | None, late: TimedOut) -> Pause:
    """Return the pause before the next poll, the last of which is at the deadline; after that, raise."""
    if deadline is None:
        return Pause(interval)
    if now >= deadline:
        raise late
    return Pause(min(interval, deadline - now))
