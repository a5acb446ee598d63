"""What has to be known from one visit to a worker to the next and no listing tells. Small: only what went wrong."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_ee.client.bulk.item_states import Refusal
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
        try_number: The try in which items were refused or failed: another try starts them again.
        begun: When the first visit of the epoch began, in seconds since 1970.
        refused_by_queue: The items, by digest, that a full queue has refused since they got their request id: Earth
            Engine was seen to take such an id for used.
        used_up_ids: How many request ids of an item were used up without any work, by the item's digest.
        refused: Why an item was refused for good, by its digest.
        queue_capacity: How many operations the project's queue holds, once it has said so.
        failures_reported: How many items were reported as given up since their operations failed.
        fruitless_visits: How many visits in a row could start nothing because of the full queue.
        start_over: Whether all items had succeeded when the epoch began, so that all are done anew; None before the
            first look. No later look can tell: what still ran then may have succeeded since.
    """

    ticket: Ticket
    try_number: int
    begun: float
    refused_by_queue: set[str] = field(default_factory=set)
    used_up_ids: dict[str, int] = field(default_factory=dict)
    refused: dict[str, Refusal] = field(default_factory=dict)
    queue_capacity: int | None = None
    failures_reported: int = 0
    fruitless_visits: int = 0
    start_over: bool | None = None

    @classmethod
    def load(cls, saved: object, ticket: Ticket, try_number: int, now: float) -> SavedState:
        """Return what was saved, as far as it is of this epoch; a new state if nothing is."""
        state = cls(ticket, try_number, now)
        if isinstance(saved, Mapping) and saved.get("ticket") == ticket.marker:
            state.begun = float(saved.get("begun", now))
            state.refused_by_queue = set(saved.get("refused_by_queue", ()))
            state.used_up_ids = dict(saved.get("used_up_ids", {}))
            state.queue_capacity = saved.get("queue_capacity")
            state.fruitless_visits = int(saved.get("fruitless_visits", 0))
            state.start_over = saved.get("start_over")
            if saved.get("try_number") == try_number:
                state.failures_reported = int(saved.get("failures_reported", 0))
                state.refused = {digest: Refusal(*given) for digest, given in saved.get("refused", {}).items()}
        return state

    def to_json(self) -> dict[str, Any]:
        """Return the state as plain JSON."""
        return {
            "ticket": self.ticket.marker,
            "try_number": self.try_number,
            "begun": self.begun,
            "refused_by_queue": sorted(self.refused_by_queue),
            "used_up_ids": self.used_up_ids,
            "refused": {digest: [why.reason, why.retry_may_help] for digest, why in self.refused.items()},
            "queue_capacity": self.queue_capacity,
            "failures_reported": self.failures_reported,
            "fruitless_visits": self.fruitless_visits,
            "start_over": self.start_over,
        }

    def request_id(self, item: Ticket, ended: int) -> str:
        """Return the request id for new work on an item, after so many operations ended without success."""
        used_up = self.used_up_ids.get(item.item)
        return item.request_id(ended) + (f"-q{used_up}" if used_up else "")

    def record_full_queue(self, digest: str, capacity: int) -> None:
        """Record that the queue, which holds so many, was full for an item."""
        self.refused_by_queue.add(digest)
        self.queue_capacity = capacity

    def use_up_id(self, digest: str) -> None:
        """Give an item another request id: the present one is used up, and nothing was started under it."""
        self.used_up_ids[digest] = self.used_up_ids.get(digest, 0) + 1
        self.refused_by_queue.discard(digest)

    def keep_ids_of(self, digests: Collection[str]) -> None:
        """Forget the request ids of all other items: what is started for them next has another id anyway."""
        self.refused_by_queue.intersection_update(digests)
        self.used_up_ids = {digest: number for digest, number in self.used_up_ids.items() if digest in digests}

    def refuse(self, digest: str, reason: str, *, retry_may_help: bool = False) -> None:
        """Save why nothing can be started for an item in this try."""
        while len(json.dumps(reason)) > _MAX_REASON_LENGTH:  # which writes some characters as six
            reason = reason[: len(reason) * 9 // 10]
        self.refused[digest] = Refusal(reason, retry_may_help)
