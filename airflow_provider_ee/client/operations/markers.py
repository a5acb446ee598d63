"""Whose work an operation is: a ticket, written as a marker at the end of its description.

The description is the only text of ours that Earth Engine gives back, and it holds few kinds of characters:
`my_dag:my_task:manual__2026-01-01T00:00:00Z;af:0c1d...`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from airflow_provider_ee.client.arguments.descriptions import LONGEST
from airflow_provider_ee.client.arguments.digests import digest
from airflow_provider_ee.client.arguments.names import is_operation_name, is_request_id
from airflow_provider_ee.client.errors import shown
from airflow_provider_ee.client.rest.request import Request

__all__ = ["LONGEST_ITEM_TEXT", "LONGEST_TEXT", "Note", "Ticket", "digest_in", "request_digest"]

#: The widths of the digests in a marker. Of a million task instances, and of as many items, two are alike with a chance
#: of 1 in 400; which only matters if they are of the same DAG.
_DEPLOYMENT, _DAG, _TASK, _EPOCH, _ITEM, _REQUEST = 5, 7, 8, 6, 8, 4
#: How much of an epoch is of the run alone.
_RUN = 2
_WHOSE = _DEPLOYMENT + _DAG + _TASK + _EPOCH

_SIGN = ";af:"
_MARKER = re.compile(
    _SIGN
    + "".join(
        f"(?P<{name}>[0-9A-Za-z]{{{width}}})"
        for name, width in (("deployment", _DEPLOYMENT), ("dag", _DAG), ("task", _TASK), ("epoch", _EPOCH))
    )
    + rf"(?P<item>[0-9A-Za-z]{{{_ITEM}}})?(?:\.(?P<request>[0-9A-Za-z]{{{_REQUEST}}}))?$"
)

#: How long the text before the marker may be, and that before the marker of an item.
LONGEST_TEXT = LONGEST - len(_SIGN) - _WHOSE - 1 - _REQUEST
LONGEST_ITEM_TEXT = LONGEST_TEXT - _ITEM

_LONGEST_REQUEST_ID = 60

#: What a request may hold without asking for other work.
_BESIDE_THE_WORK = frozenset({"description", "maxWorkers", "priority", "requestId", "workloadTag"})


@dataclass(frozen=True, slots=True)
class Ticket:
    """Which run of which task instance wants work done. Digests only: all members of a project see descriptions.

    Attributes:
        deployment: Tells it from the other deployments that work in the project.
        dag: Tells it from the other DAGs of the deployment.
        task: Tells it from the other task instances of the DAG.
        epoch: Tells it from what else the task instance was to do: before it was cleared, before its run was deleted.
        item: Tells it from the other items of the task instance, if it starts several operations.
    """

    deployment: str
    dag: str
    task: str
    epoch: str
    item: str = ""

    @classmethod
    def of(
        cls, deployment: str, *, dag_id: str, run_id: str, task_id: str, map_index: int, run_start: str, demand: str
    ) -> Ticket:
        """Return the ticket of a task instance.

        Args:
            deployment: Any text that no other deployment has.
            dag_id: In Airflow's words, as the next ones.
            run_id: The same when a run was deleted and is made again.
            task_id: Of the task.
            map_index: -1 if it is not mapped.
            run_start: Another one when a run was deleted and is made again.
            demand: Another one after a person has cleared the task.
        """
        return cls(
            cls.deployment_of(deployment),
            cls.dag_of(dag_id),
            cls.task_of(dag_id, run_id, task_id, map_index),
            digest(_RUN, run_start) + digest(_EPOCH - _RUN, run_start, demand),
        )

    @staticmethod
    def deployment_of(deployment: str) -> str:
        """Return what tells a deployment from others."""
        return digest(_DEPLOYMENT, deployment)

    @staticmethod
    def dag_of(dag_id: str) -> str:
        """Return what tells a DAG from others."""
        return digest(_DAG, dag_id)

    @staticmethod
    def task_of(dag_id: str, run_id: str, task_id: str, map_index: int) -> str:
        """Return what tells a task instance from others."""
        return digest(_TASK, dag_id, run_id, task_id, str(map_index))

    @classmethod
    def read(cls, description: str | None) -> Ticket | None:
        """Return the ticket in whose name an operation was started; None if it carries none."""
        match = _MARKER.search(description or "")
        if match is None:
            return None
        return cls(**{name: value for name, value in match.groupdict(default="").items() if name != "request"})

    @property
    def marker(self) -> str:
        """What the description of every operation of this ticket holds."""
        return f"{_SIGN}{self.deployment}{self.dag}{self.task}{self.epoch}{self.item}"

    def marker_for(self, request: Request) -> str:
        """Return what the description of a request ends with."""
        return f"{self.marker}.{request_digest(request)}"

    def request_id(self, ended: int) -> str:
        """Return the request id for new work after so many operations of this ticket ended without success."""
        item = self.item and f"-{self.item}"
        return f"af-{self.deployment}{self.dag}-{self.task}-{self.epoch}{item}-{ended}"

    def for_item(self, key: str) -> Ticket:
        """Return the ticket of an item of the task instance."""
        return replace(self, item=digest(_ITEM, key))

    def same_task(self, other: Ticket | None) -> bool:
        """Return whether another ticket is of the same task instance, and the same item of it, in whatever epoch."""
        return other is not None and replace(other, epoch=self.epoch) == self

    def same_run(self, other: Ticket | None) -> bool:
        """Return whether another ticket is of the same task instance in the same run, before or after a clear."""
        return other is not None and self.same_task(other) and other.epoch[:_RUN] == self.epoch[:_RUN]

    def covers(self, other: Ticket | None) -> bool:
        """Return whether another ticket is of an item of the same task instance, in whatever epoch."""
        return other is not None and bool(other.item) and self.same_task(replace(other, item=""))


def request_digest(request: Request) -> str:
    """Return what tells the work that a request asks for from other work, its destination included."""
    work = {field: value for field, value in (request.body or {}).items() if field not in _BESIDE_THE_WORK}
    return digest(_REQUEST, request.method.id, json.dumps(work, sort_keys=True))


def digest_in(description: str | None) -> str | None:
    """Return the digest of the request by which an operation was started; None if its description holds none."""
    match = _MARKER.search(description or "")
    return match["request"] if match else None


@dataclass(frozen=True, slots=True)
class Note:
    """What a try writes down for those that may come after it: before it submits, and when it was answered.

    Attributes:
        ticket: Who asks.
        request_id: The id that the next submission carries, or the last one carried.
        ended: How many operations of the ticket had ended without success before.
        refusals: How often a full queue has refused it.
        used_up: How many request ids a full queue's refusals have used up before this one.
        refused: Whether a full queue refused every submission under this id, so that it has started nothing.
        operation: The name of what was started, once that is known.
        fingerprint: The digest of the request.
        destination: Where the result of the request goes, as part of what the task returns.
    """

    ticket: Ticket
    request_id: str
    ended: int = 0
    refusals: int = 0
    used_up: int = 0
    refused: bool = False
    operation: str | None = None
    fingerprint: str = ""
    destination: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse the name of an operation that is none: it would stand in the way of every later try."""
        if self.operation is not None and not is_operation_name(self.operation):
            raise ValueError(f"{shown(self.operation)} does not name an operation.")

    @classmethod
    def read(cls, kept: object) -> Note | None:
        """Return a note as it was kept; None if there is none, or none that this release understands."""
        if not isinstance(kept, Mapping):
            return None
        known = {field.name: kept[field.name] for field in fields(cls) if field.name in kept}
        known["ticket"] = Ticket.read(str(known.get("ticket")))
        if not known["ticket"] or not is_request_id(known.get("request_id")):
            return None
        if not is_operation_name(known.get("operation")):
            known["operation"] = None
        if not all(isinstance(known.get(number, 0), int) for number in ("ended", "refusals", "used_up")):
            return None
        if not isinstance(known.get("destination", {}), Mapping):
            del known["destination"]
        return cls(**known)

    def kept(self) -> dict[str, Any]:
        """Return the note as plain JSON."""
        note = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**note, "ticket": self.ticket.marker, "destination": dict(self.destination)}

    def with_next_id(self) -> Note:
        """Return the note for the submission after one whose request id is used up, though it has started nothing."""
        used_up = self.used_up + 1
        suffix = f"-q{used_up}"
        base = self.request_id.removesuffix(f"-q{self.used_up}")
        request_id = base[: _LONGEST_REQUEST_ID - len(suffix)] + suffix
        return replace(self, request_id=request_id, used_up=used_up, refused=False)
