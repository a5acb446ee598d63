"""One listing of a project's operations: what was started for the items of a task, and how full the queue is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from airflow_provider_ee.client.operations.listing import scan_operations
from airflow_provider_ee.client.operations.markers import Ticket
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.rest.flows import Flow
from airflow_provider_ee.client.rest.partial import PartialResponses

__all__ = ["OperationsSnapshot", "read_epoch", "take_snapshot"]

#: What is read of an operation, as a partial response: descriptions and states, not stages and requests.
_FIELDS = (
    "nextPageToken,operations(name,done,error(code,message),metadata(state,description,attempt,destinationUris,"
    "batchEecuUsageSeconds,createTime,startTime,endTime))"
)


@dataclass(slots=True)
class OperationsSnapshot:
    """A project's operations at one moment, as far as they matter to a task.

    Attributes:
        pending: How many operations wait in the project's queue, whoever started them.
        operations: The operations that were started for items of the task, by the item's digest, newest first.
    """

    pending: int = 0
    operations: dict[str, list[Operation]] = field(default_factory=lambda: defaultdict(list))

    def names(self) -> set[str]:
        """Return the names of the operations that were started for items."""
        return {operation.name for history in self.operations.values() for operation in history}

    def active(self) -> list[Operation]:
        """Return the operations that are not done."""
        return [operation for history in self.operations.values() for operation in history if not operation.done]


def take_snapshot(
    project: str, ticket: Ticket, *, pause: float = 0.0, partial: PartialResponses | None = None
) -> Flow[OperationsSnapshot]:
    """List all operations of `projects/my-project`: those of an item may be older than anybody else's.

    Args:
        project: The project whose operations are listed.
        ticket: The task's ticket; operations of its items count in whichever epoch they were started.
        pause: Seconds after each page.
        partial: Knows whether the server leaves out what is not read.
    """
    snapshot = OperationsSnapshot()
    known: set[str] = set()  # while pages are read, new operations push others onto the next page

    def read(answers: Sequence[Mapping[str, Any]]) -> None:
        for answer in answers:
            operation = replace(Operation.from_answer(answer), raw={})
            if operation.name in known:
                continue
            known.add(operation.name)
            snapshot.pending += operation.state == "PENDING" and not operation.done
            owner = Ticket.read(operation.description)
            if owner is not None and ticket.covers(owner):
                snapshot.operations[owner.item].append(operation)

    yield from scan_operations(project, read, pause=pause, fields=_FIELDS, partial=partial)
    for history in snapshot.operations.values():
        history.sort(key=lambda operation: operation.create_time or "", reverse=True)
    return snapshot


def read_epoch(operation: Operation) -> str:
    """Return the epoch in which an operation of a snapshot was started."""
    ticket = Ticket.read(operation.description)
    return ticket.epoch if ticket else ""
