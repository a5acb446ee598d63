"""Progress of thousands of operations of one task, from the poller's updates to lines for the log."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from airflow_provider_ee.triggers.polling.shared import Update

if TYPE_CHECKING:
    from airflow_provider_ee.client.bulk.counts import Counts
    from airflow_provider_ee.client.bulk.tracker import ItemTracker
    from airflow_provider_ee.triggers.polling.bulk import Active

__all__ = ["BulkProgress"]


class BulkProgress:
    """Take in the updates about all items; the caller decides what follows, and when to log.

    Args:
        tracker: The items when the wait began.
        active: The states of the operations that are not done, by name.
        begun: When the work on the items began, in seconds since 1970.

    Attributes:
        active: The same, kept up to date.
        room: Whether the queue has room for more.
    """

    def __init__(self, tracker: ItemTracker, active: Active, begun: float) -> None:
        self.active = active
        self.room = False
        self._tracker = tracker
        self._begun = begun
        self._failed: int | None = None
        self._logged: Counts | None = None
        self._errors: list[str] = []
        self._waiting_for_room: str | None = None
        self._line_due_at = 0.0

    def update(self, update: Update) -> Exception | None:
        """Take in an update; return the error if waiting any longer is of no use."""
        from airflow_provider_ee.client.errors import NotFound

        if isinstance(update.error, NotFound) and update.name:
            # One that is gone is no reason to stop waiting for thousands; the next worker judges what to do about it.
            self.active.pop(update.name, None)
            self._errors.append(f"It is no longer waited for: {update.error}")
            return None
        self.room = self.room or update.room
        if operation := update.operation:
            self._tracker.update(operation)
            self.active[operation.name] = operation.state
            if operation.done:
                del self.active[operation.name]
                self._failed = self._failed if operation.succeeded else None
        elif update.line and update.warning:
            self._errors.append(update.line)
        elif update.line and not update.name:
            self._waiting_for_room = update.line
        return update.error

    @property
    def counts(self) -> Counts:
        """How many items are in which state."""
        return self._tracker.counts

    @property
    def failed(self) -> int:
        """How many have failed. Counting all items is too slow to do it for each update."""
        if self._failed is None:
            self._failed = self.counts.failed
        return self._failed

    @property
    def passing_failures(self) -> int:
        """How many have failed meanwhile in a way that may pass."""
        return self._tracker.passing_failures

    def describe_errors(self) -> str | None:
        """Return the errors since the last call as one line; None if there were none."""
        if not self._errors:
            return None
        others = f" The same for {len(self._errors) - 1:,} more." if len(self._errors) > 1 else ""
        line = self._errors[0] + others
        self._errors.clear()
        return line

    def describe_changes(self, now: float) -> Iterator[str]:
        """Yield why nothing more is submitted, and the progress of all items if it has changed or minutes have passed.

        Args:
            now: The time, by the clock of the event loop.
        """
        from airflow_provider_ee.client.operations.waiting import SECONDS_BETWEEN_LINES

        if self._waiting_for_room:
            yield self._waiting_for_room
            self._waiting_for_room = None
        counts = self.counts
        if counts != self._logged or now >= self._line_due_at:
            self._logged, self._line_due_at = counts, now + SECONDS_BETWEEN_LINES
            yield counts.line(time.time() - self._begun)
