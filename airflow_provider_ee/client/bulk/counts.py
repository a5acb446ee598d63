"""How many items are in which state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pendulum

from airflow_provider_ee.client.bulk.item_states import ItemState

__all__ = ["Counts"]

_BAR_WIDTH = 20


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of items.

    Attributes:
        succeeded: Exported.
        running: Running at Earth Engine.
        pending: Waiting in Earth Engine's queue.
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
    def of(cls, item_states: Iterable[ItemState], eecu_seconds: float = 0.0, kept: int = 0) -> Counts:
        """Count items."""
        kinds = Counter(map(_classify, item_states))
        return cls(**kinds, eecu_seconds=eecu_seconds, kept=kept)

    @property
    def total(self) -> int:
        """How many items there are."""
        return self.succeeded + self.failed + self.active + self.to_submit

    @property
    def active(self) -> int:
        """How many are pending or running at Earth Engine."""
        return self.running + self.pending

    def line(self, seconds: float) -> str:
        """Return the numbers as one line for the log, with an estimate of the time left.

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


def _classify(item_state: ItemState) -> str:
    if item_state.wanted:
        return "to_submit"
    if item_state.succeeded:
        return "succeeded"
    if item_state.operation is None or not item_state.active:
        return "failed"
    return "pending" if item_state.operation.state == "PENDING" else "running"
