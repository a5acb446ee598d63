"""The items of a task as a triggerer sees them, where nothing may be started."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from airflow_provider_ee.client.bulk.counts import Counts
from airflow_provider_ee.client.bulk.item_states import ItemState, StartRules, judge_item
from airflow_provider_ee.client.bulk.snapshot import OperationsSnapshot, read_epoch
from airflow_provider_ee.client.operations.markers import Ticket
from airflow_provider_ee.client.operations.operation import Operation

__all__ = ["ItemTracker", "Remaining"]


@dataclass(frozen=True, slots=True)
class Remaining:
    """What a worker leaves to be done by the next visit, in numbers that no listing tells.

    Attributes:
        to_submit: Items to be started.
        again: Those of them for which an operation of this epoch has ended without success.
        refused: Items that were given up without an operation of this epoch.
        kept: Items that had succeeded in an earlier epoch.
        started: Operations that the worker knows to have been started in this epoch.
    """

    to_submit: int = 0
    again: int = 0
    refused: int = 0
    kept: int = 0
    started: int = 0


class ItemTracker:
    """Keep track of the items' operations, from a snapshot and the updates that follow it.

    Args:
        snapshot: The operations when the wait began.
        ticket: The task's ticket.
        remaining: What the worker has left to be done.

    Attributes:
        names: The operations that were not done then.
        passing_failures: How many have ended since in a way that may pass.
        complete: Whether the snapshot shows all that the worker knows to have been started; it may lag.
    """

    def __init__(self, snapshot: OperationsSnapshot, ticket: Ticket, remaining: Remaining) -> None:
        self._remaining = remaining
        self._operations = {
            operation.name: operation
            for history in snapshot.operations.values()
            for operation in history
            if read_epoch(operation) == ticket.epoch or not operation.done
        }
        rules = StartRules(ticket.epoch, tries=0)  # nothing is started here
        self._item_states = {
            digest: judge_item(history, rules)
            for digest, history in snapshot.operations.items()
            if any(self._knows(history))
        }
        self.names = [operation.name for operation in self._operations.values() if not operation.done]
        self.passing_failures = 0
        own = [operation for operation in self._operations.values() if read_epoch(operation) == ticket.epoch]
        self.complete = len(own) >= remaining.started

    def update(self, operation: Operation) -> None:
        """Take in the present state of an operation."""
        operation = replace(operation, raw={})
        self._operations[operation.name] = operation
        ticket = Ticket.read(operation.description)
        if ticket:
            self._item_states[ticket.item] = ItemState(operation=operation)
        if operation.done and not operation.succeeded and operation.retry_may_help:
            self.passing_failures += 1

    @property
    def counts(self) -> Counts:
        """How many items are in which state."""
        used = sum(operation.eecu_seconds or 0.0 for operation in self._operations.values())
        seen, remaining = Counts.of(self._item_states.values(), used, self._remaining.kept), self._remaining
        return replace(
            seen,
            succeeded=seen.succeeded + remaining.kept,
            to_submit=remaining.to_submit,
            failed=max(0, seen.failed - remaining.again) + remaining.refused,
        )

    def _knows(self, history: list[Operation]) -> Iterator[bool]:
        return (operation.name in self._operations for operation in history)
