"""For whom work is done, in the only text of ours that Earth Engine gives back: the end of a description."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

__all__ = ["Note", "Ticket"]

_MARKER = re.compile(r"\[af-([0-9a-f]{8})-([0-9a-f]{12})-([0-9a-f]{12})-([0-9a-z]+)(?:-([0-9a-f]{12}))?\]$")

_LONGEST_REQUEST_ID = 60


@dataclass(frozen=True, slots=True)
class Ticket:
    """Which run of which task instance wants work done. Digests only: all members of a project see descriptions.

    Attributes:
        deployment: 8 hexadecimal digits that no other deployment of the project has.
        dag: 12 hexadecimal digits that no other DAG of the deployment has.
        task: 12 hexadecimal digits that no other task instance of the DAG has.
        epoch: Which demand of a person for this task instance to be run; digits and small letters.
        item: 12 hexadecimal digits that no other item of the task instance has, if it starts several operations.
    """

    deployment: str
    dag: str
    task: str
    epoch: str
    item: str = ""

    @classmethod
    def read(cls, description: str | None) -> Ticket | None:
        """Return the ticket in whose name an operation was started; None if it carries none."""
        match = _MARKER.search(description or "")
        return cls(*match.groups(default="")) if match else None

    @property
    def marker(self) -> str:
        """What the description of every operation of this ticket ends with."""
        return f"[{self._text}]"

    @property
    def _text(self) -> str:
        return f"af-{self.deployment}-{self.dag}-{self.task}-{self.epoch}" + (self.item and f"-{self.item}")

    def request_id(self, ended: int) -> str:
        """The request id for new work after so many operations of this ticket ended without success."""
        if self.item:  # all of it would be longer than a request id may be; the task's digest covers the DAG's id
            return f"af-{self.deployment}-{self.task}-{self.epoch}-{self.item}-{ended}"
        return f"{self._text}-{ended}"

    def for_item(self, key: str) -> Ticket:
        """Return the ticket of an item of the task instance."""
        return replace(self, item=hashlib.sha256(key.encode()).hexdigest()[:12])

    def same_task(self, other: Ticket | None) -> bool:
        """Whether another ticket is of the same task instance, and the same item of it, in whatever epoch."""
        return other is not None and replace(other, epoch=self.epoch) == self

    def covers(self, other: Ticket | None) -> bool:
        """Whether another ticket is of an item of the same task instance, in whatever epoch."""
        return other is not None and bool(other.item) and self.same_task(replace(other, item=""))


@dataclass(frozen=True, slots=True)
class Note:
    """What a try writes down for those that may come after it: before it submits, and when it was answered.

    Attributes:
        ticket: Who asks.
        request_id: The id that the next submission carries, or the last one carried.
        ended: How many operations of the ticket had ended without success before.
        refusals: How often a full queue refused it. Each refusal uses a request id up.
        operation: The name of what was started, once that is known.
        fingerprint: A digest of what was asked for.
    """

    ticket: Ticket
    request_id: str
    ended: int = 0
    refusals: int = 0
    operation: str | None = None
    fingerprint: str = ""

    @classmethod
    def read(cls, kept: object) -> Note | None:
        """Return a note as it was kept; None if there is none, or none that this release understands."""
        if not isinstance(kept, Mapping):
            return None
        known = {field.name: kept[field.name] for field in fields(cls) if field.name in kept}
        known["ticket"] = Ticket.read(str(known.get("ticket")))
        return cls(**known) if known["ticket"] and isinstance(known.get("request_id"), str) else None

    def kept(self) -> dict[str, Any]:
        """Return the note as plain JSON."""
        return {**asdict(self), "ticket": self.ticket.marker}

    def refused(self) -> Note:
        """Return the note for the submission after one that a full queue refused."""
        refusals = self.refusals + 1
        suffix = f"-q{refusals}"
        base = self.request_id.removesuffix(f"-q{self.refusals}")
        return replace(self, request_id=base[: _LONGEST_REQUEST_ID - len(suffix)] + suffix, refusals=refusals)
