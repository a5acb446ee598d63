"""All items of a task on a triggerer: what is to be seen of them while nobody may start anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from airflow_provider_ee.client.bulk.census import Census, epoch_of
from airflow_provider_ee.client.bulk.standings import Rules, Standing, judged
from airflow_provider_ee.client.bulk.tally import Tally
from airflow_provider_ee.client.operations.markers import Ticket
from airflow_provider_ee.client.operations.operation import Operation

__all__ = ["Left", "Watch"]


@dataclass(frozen=True, slots=True)
class Left:
    """What a worker leaves to be done by the next visit, in numbers: no listing tells them.

    Attributes:
        to_submit: Items to be started.
        again: Those of them for which an operation of this epoch has ended without success.
        refused: Items that were given up, none of this epoch's operations having been for them.
        kept: Items that had succeeded in an earlier epoch.
        started: Operations that the worker knows to have been started in this epoch.
    """

    to_submit: int = 0
    again: int = 0
    refused: int = 0
    kept: int = 0
    started: int = 0


class Watch:
    """What a triggerer knows of the items.

    Args:
        census: How they stood when the wait began.
        ticket: Of the task.
        left: What the worker has left.

    Attributes:
        names: The operations that were not done then.
        passing_failures: How many have ended since in a way that may pass.
        complete: Whether the census shows all that the worker knows to have been started; it may lag.
    """

    def __init__(self, census: Census, ticket: Ticket, left: Left) -> None:
        self._left = left
        self._operations = {
            operation.name: operation
            for history in census.operations.values()
            for operation in history
            if epoch_of(operation) == ticket.epoch or not operation.done
        }
        rules = Rules(ticket.epoch, tries=0)  # nobody starts anything here
        self._standings = {
            digest: judged(history, rules) for digest, history in census.operations.items() if any(self._of(history))
        }
        self.names = [operation.name for operation in self._operations.values() if not operation.done]
        self.passing_failures = 0
        mine = [operation for operation in self._operations.values() if epoch_of(operation) == ticket.epoch]
        self.complete = len(mine) >= left.started

    def seen(self, operation: Operation) -> None:
        """Take note of how an operation stands."""
        operation = replace(operation, raw={})
        self._operations[operation.name] = operation
        ticket = Ticket.read(operation.description)
        if ticket:
            self._standings[ticket.item] = Standing(operation=operation)
        if operation.done and not operation.succeeded and operation.retry_may_help:
            self.passing_failures += 1

    @property
    def tally(self) -> Tally:
        """How many items stand how."""
        used = sum(operation.eecu_seconds or 0.0 for operation in self._operations.values())
        seen, left = Tally.of(self._standings.values(), used, self._left.kept), self._left
        return replace(
            seen,
            succeeded=seen.succeeded + left.kept,
            to_submit=left.to_submit,
            failed=max(0, seen.failed - left.again) + left.refused,
        )

    def _of(self, history: list[Operation]) -> Iterator[bool]:
        return (operation.name in self._operations for operation in history)
