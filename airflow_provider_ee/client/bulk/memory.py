"""What has to be known from one visit to a worker to the next, and no listing tells. Small: only what went wrong."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_ee.client.operations.markers import Ticket

__all__ = ["MOST_REFUSALS", "Memory"]

#: How many items may be refused outright before something must be wrong with all: each is kept with the reason.
MOST_REFUSALS = 100
_LONGEST_REASON = 300


@dataclass(slots=True)
class Memory:
    """What is kept of a task.

    Attributes:
        ticket: Of the task; a memory of another epoch is forgotten.
        try_number: In which try items were refused: another try asks again.
        begun: When the first visit of the epoch began, in seconds since 1970.
        turned_away: How often a full queue turned an item away, by the item's digest. Each time uses a request id up.
        refused: Why an item was refused for good, by its digest.
        places: How many operations the project's queue holds, once it has said so.
        fruitless: How many visits in a row it has let nothing in.
        anew: Whether all items had succeeded when the epoch began, so that all are done anew; None before the first
            look. No later one can tell: what still ran then may have succeeded since.
    """

    ticket: Ticket
    try_number: int
    begun: float
    turned_away: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    places: int | None = None
    fruitless: int = 0
    anew: bool | None = None

    @classmethod
    def recalled(cls, kept: object, ticket: Ticket, try_number: int, now: float) -> Memory:
        """Return what was kept, as far as it is of this epoch; a new one if nothing is."""
        memory = cls(ticket, try_number, now)
        if isinstance(kept, Mapping) and kept.get("ticket") == ticket.marker:
            memory.begun = float(kept.get("begun", now))
            memory.turned_away = dict(kept.get("turned_away", {}))
            memory.places = kept.get("places")
            memory.fruitless = int(kept.get("fruitless", 0))
            memory.anew = kept.get("anew")
            memory.refused = dict(kept.get("refused", {})) if kept.get("try_number") == try_number else {}
        return memory

    def kept(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {
            "ticket": self.ticket.marker,
            "try_number": self.try_number,
            "begun": self.begun,
            "turned_away": self.turned_away,
            "refused": self.refused,
            "places": self.places,
            "fruitless": self.fruitless,
            "anew": self.anew,
        }

    def request_id(self, item: Ticket, ended: int) -> str:
        """Return the request id for new work on an item, after so many operations ended without success."""
        times = self.turned_away.get(item.item)
        return item.request_id(ended) + (f"-q{times}" if times else "")

    def turn_away(self, digest: str, places: int) -> None:
        """Take note that the queue, which holds so many, was full for an item."""
        self.turned_away[digest] = self.turned_away.get(digest, 0) + 1
        self.places = places

    def keep_turned_away(self, digests: Collection[str]) -> None:
        """Forget how often others were turned away: what is started for them next has another request id anyway."""
        self.turned_away = {digest: times for digest, times in self.turned_away.items() if digest in digests}

    def refuse(self, digest: str, reason: str) -> None:
        """Take note that nothing can be started for an item."""
        while len(json.dumps(reason)) > _LONGEST_REASON:  # which writes some characters as six
            reason = reason[: len(reason) * 9 // 10]
        self.refused[digest] = reason
