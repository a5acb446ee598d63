"""One listing of a project's operations: what was started for the items of a task, and how full the queue is."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from airflow_provider_ee.client.operations.listing import scan_operations
from airflow_provider_ee.client.operations.markers import Ticket
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.rest.flows import Flow

__all__ = ["Census", "epoch_of", "take_census"]


@dataclass(slots=True)
class Census:
    """What a listing shows.

    Attributes:
        pending: How many operations wait in the project's queue, whoever started them.
        operations: Those that were started for items of the task, by the digest of the item, the newest first.
    """

    pending: int = 0
    operations: dict[str, list[Operation]] = field(default_factory=lambda: defaultdict(list))

    def active(self) -> list[Operation]:
        """Return the operations that are not done."""
        return [operation for history in self.operations.values() for operation in history if not operation.done]


def take_census(project: str, ticket: Ticket, *, pause: float = 0.0) -> Flow[Census]:
    """List the operations of `projects/my-project`, all of them: those of an item may be older than any of others.

    Args:
        project: Whose operations.
        ticket: Of the task, whichever epoch its items were started in.
        pause: Seconds after each page.
    """
    census = Census()
    known: set[str] = set()  # while one leafs through, new operations push others onto the next page

    def read(answers: Sequence[Mapping[str, Any]]) -> bool:
        for answer in answers:
            operation = replace(Operation.from_answer(answer), raw={})
            if operation.name in known:
                continue
            known.add(operation.name)
            census.pending += operation.state == "PENDING" and not operation.done
            owner = Ticket.read(operation.description)
            if owner is not None and ticket.covers(owner):
                census.operations[owner.item].append(operation)
        return False

    yield from scan_operations(project, read, lambda: sys.maxsize, pause)
    for history in census.operations.values():
        history.sort(key=lambda operation: operation.create_time or "", reverse=True)
    return census


def epoch_of(operation: Operation) -> str:
    """Return the epoch in which an operation of a census was started."""
    ticket = Ticket.read(operation.description)
    return ticket.epoch if ticket else ""
