"""What has to be known from one visit to a worker to the next and no listing tells. Small: only what went wrong."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_ee.client.operations.markers import Ticket

__all__ = ["MAX_REFUSALS", "SavedState"]

#: How many items may be refused outright before something must be wrong with all: each is saved with its reason.
MAX_REFUSALS = 100
_MAX_REASON_LENGTH = 300


@dataclass(slots=True)
class SavedState:
    """What is saved of a task between two visits to a worker.

    Attributes:
        ticket: The task's ticket; what was saved in another epoch is forgotten.
        try_number: The try in which items were refused: another try asks again.
        begun: When the first visit of the epoch began, in seconds since 1970.
        queue_refusals: How often a full queue refused an item, by the item's digest. Each time uses a request id up.
        refused: Why an item was refused for good, by its digest.
        queue_capacity: How many operations the project's queue holds, once it has said so.
        fruitless_visits: How many visits in a row could start nothing because of the full queue.
        start_over: Whether all items had succeeded when the epoch began, so that all are done anew; None before the
            first look. No later look can tell: what still ran then may have succeeded since.
    """

    ticket: Ticket
    try_number: int
    begun: float
    queue_refusals: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    queue_capacity: int | None = None
    fruitless_visits: int = 0
    start_over: bool | None = None

    @classmethod
    def load(cls, saved: object, ticket: Ticket, try_number: int, now: float) -> SavedState:
        """Return what was saved, as far as it is of this epoch; a new state if nothing is."""
        state = cls(ticket, try_number, now)
        if isinstance(saved, Mapping) and saved.get("ticket") == ticket.marker:
            state.begun = float(saved.get("begun", now))
            state.queue_refusals = dict(saved.get("queue_refusals", {}))
            state.queue_capacity = saved.get("queue_capacity")
            state.fruitless_visits = int(saved.get("fruitless_visits", 0))
            state.start_over = saved.get("start_over")
            state.refused = dict(saved.get("refused", {})) if saved.get("try_number") == try_number else {}
        return state

    def to_json(self) -> dict[str, Any]:
        """Return the state as plain JSON."""
        return {
            "ticket": self.ticket.marker,
            "try_number": self.try_number,
            "begun": self.begun,
            "queue_refusals": self.queue_refusals,
            "refused": self.refused,
            "queue_capacity": self.queue_capacity,
            "fruitless_visits": self.fruitless_visits,
            "start_over": self.start_over,
        }

    def request_id(self, item: Ticket, ended: int) -> str:
        """Return the request id for new work on an item, after so many operations ended without success."""
        times = self.queue_refusals.get(item.item)
        return item.request_id(ended) + (f"-q{times}" if times else "")

    def count_queue_refusal(self, digest: str, capacity: int) -> None:
        """Count that the queue, which holds so many, was full for an item."""
        self.queue_refusals[digest] = self.queue_refusals.get(digest, 0) + 1
        self.queue_capacity = capacity

    def forget_queue_refusals_except(self, digests: Collection[str]) -> None:
        """Forget how often other items were refused: what is started for them next has another request id anyway."""
        self.queue_refusals = {digest: times for digest, times in self.queue_refusals.items() if digest in digests}

    def refuse(self, digest: str, reason: str) -> None:
        """Save why nothing can be started for an item."""
        while len(json.dumps(reason)) > _MAX_REASON_LENGTH:  # which writes some characters as six
            reason = reason[: len(reason) * 9 // 10]
        self.refused[digest] = reason
