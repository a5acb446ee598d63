"""How thousands of operations of one task get on, as news tell it, and what a log is told of that."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from airflow_provider_ee.triggers.polling.shared import Update

if TYPE_CHECKING:
    from airflow_provider_ee.client.bulk.tally import Tally
    from airflow_provider_ee.client.bulk.watch import Watch
    from airflow_provider_ee.triggers.polling.bulk import Active

__all__ = ["Progress"]


class Progress:
    """What is known of all items. Whoever has it decides what follows, and when it is said.

    Args:
        watch: As they were seen.
        active: The states of the operations that are not done, by name.
        begun: When the work on the items began, in seconds since 1970.

    Attributes:
        active: The same, as it is now.
        room: Whether there is room for more.
    """

    def __init__(self, watch: Watch, active: Active, begun: float) -> None:
        self.active = active
        self.room = False
        self._watch = watch
        self._begun = begun
        self._failed: int | None = None
        self._said: Tally | None = None
        self._troubles: list[str] = []

    def take(self, news: Update) -> Exception | None:
        """Take note of news; return the error if it is no use to wait any longer."""
        from airflow_provider_ee.client.errors import NotFound

        if isinstance(news.error, NotFound) and news.name:
            # One that is gone is no reason to leave thousands; a worker will see what is to be done about it.
            self.active.pop(news.name, None)
            self._troubles.append(f"It is no longer waited for: {news.error}")
            return None
        self.room = self.room or news.room
        if operation := news.operation:
            self._watch.seen(operation)
            self.active[operation.name] = operation.state
            if operation.done:
                del self.active[operation.name]
                self._failed = self._failed if operation.succeeded else None
        elif news.line:
            self._troubles.append(news.line)
        return news.error

    @property
    def tally(self) -> Tally:
        """How many items stand how."""
        return self._watch.tally

    @property
    def failed(self) -> int:
        """How many have failed. Counting all items is too slow to do it for all news."""
        if self._failed is None:
            self._failed = self.tally.failed
        return self._failed

    @property
    def passing_failures(self) -> int:
        """How many have failed meanwhile in a way that may pass."""
        return self._watch.passing_failures

    def lines(self) -> Iterator[str]:
        """Say what has changed since the last time: trouble in one line, and how far all is in another."""
        if self._troubles:
            others = f" So it is with {len(self._troubles) - 1:,} more." if len(self._troubles) > 1 else ""
            yield self._troubles[0] + others
            self._troubles.clear()
        tally = self.tally
        if tally != self._said:
            self._said = tally
            yield tally.line(time.time() - self._begun)
