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

    def update(self, updates: Update) -> Exception | None:
        """Take in an update; return the error if waiting any longer is of no use."""
        from airflow_provider_ee.client.errors import NotFound

        if isinstance(updates.error, NotFound) and updates.name:
            # One that is gone is no reason to stop waiting for thousands; the next worker judges what to do about it.
            self.active.pop(updates.name, None)
            self._errors.append(f"It is no longer waited for: {updates.error}")
            return None
        self.room = self.room or updates.room
        if operation := updates.operation:
            self._tracker.update(operation)
            self.active[operation.name] = operation.state
            if operation.done:
                del self.active[operation.name]
                self._failed = self._failed if operation.succeeded else None
        elif updates.line:
            self._errors.append(updates.line)
        return updates.error

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

    def describe_changes(self) -> Iterator[str]:
        """Yield what has changed since the last call: errors in one line, the progress of all items in another."""
        if self._errors:
            others = f" The same for {len(self._errors) - 1:,} more." if len(self._errors) > 1 else ""
            yield self._errors[0] + others
            self._errors.clear()
        counts = self.counts
        if counts != self._logged:
            self._logged = counts
            yield counts.line(time.time() - self._begun)
