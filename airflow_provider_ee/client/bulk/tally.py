"""How many items stand how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pendulum

from airflow_provider_ee.client.bulk.standings import Standing

__all__ = ["Tally"]

_BAR_WIDTH = 20


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of items.

    Attributes:
        succeeded: Exported.
        running: Worked on.
        pending: Waiting at Earth Engine.
        to_submit: Still to be started.
        failed: Given up.
        eecu_seconds: Computing time that all their operations have used so far.
        kept: How many of those that succeeded had been started before the task was cleared.
    """

    succeeded: int = 0
    running: int = 0
    pending: int = 0
    to_submit: int = 0
    failed: int = 0
    eecu_seconds: float = 0.0
    kept: int = 0

    @classmethod
    def of(cls, standings: Iterable[Standing], eecu_seconds: float = 0.0, kept: int = 0) -> Tally:
        """Count."""
        kinds = Counter(map(_kind, standings))
        return cls(**kinds, eecu_seconds=eecu_seconds, kept=kept)

    @property
    def total(self) -> int:
        """How many there are."""
        return self.succeeded + self.failed + self.active + self.to_submit

    @property
    def active(self) -> int:
        """How many are at Earth Engine."""
        return self.running + self.pending

    def line(self, seconds: float) -> str:
        """Say it in one line, with a guess at the time left.

        Args:
            seconds: How long it has taken so far.
        """
        over = self.succeeded + self.failed
        percent = 100 * over // self.total if self.total else 100
        filled = _BAR_WIDTH * percent // 100
        facts = [
            f"{self.succeeded:,} done",
            f"{self.running:,} running",
            f"{self.pending:,} pending",
            f"{self.to_submit:,} to submit",
            f"{self.failed:,} failed",
            f"{self.eecu_seconds:,.1f} EECU-seconds" if self.eecu_seconds else "",
            self._time_left(over, seconds),
        ]
        return f"[{'#' * filled}{' ' * (_BAR_WIDTH - filled)}] {percent:3}% {' · '.join(filter(None, facts))}"

    def _time_left(self, over: int, seconds: float) -> str:
        left, done = self.total - over, over - self.kept
        if left <= 0 or done <= 0 or seconds <= 0:
            return ""
        return f"about {pendulum.duration(seconds=max(1, round(seconds * left / done))).in_words()} left"


def _kind(standing: Standing) -> str:
    if standing.wanted:
        return "to_submit"
    if standing.succeeded:
        return "succeeded"
    if standing.operation is None or not standing.active:
        return "failed"
    return "pending" if standing.operation.state == "PENDING" else "running"
