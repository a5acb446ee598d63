"""Cancel what works, or waits, for the items of a task."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from airflow_provider_ee.client.arguments.names import project_path
from airflow_provider_ee.client.bulk.census import take_census
from airflow_provider_ee.client.errors import EarthEngineError
from airflow_provider_ee.client.http.clients import Client
from airflow_provider_ee.client.http.concurrency import together
from airflow_provider_ee.client.operations.cancel import cancel_operation
from airflow_provider_ee.client.operations.markers import Ticket
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.rest.flows import Flow, Pause

__all__ = ["cancel", "cancel_everything"]

_LOG = logging.getLogger(__name__)

#: What was being submitted when the task was ended turns up a moment later.
_PASSES, _SECONDS_BETWEEN_PASSES = 3, 2.0


def cancel_everything(
    client: Client, ticket: Ticket, known: Sequence[Operation] = (), *, at_once: int, tell: Callable[[str], object]
) -> None:
    """Cancel all that is not done of a task's items, in whichever epoch it was started.

    Args:
        client: With which.
        ticket: Of the task.
        known: Operations of it, which the list may not show yet.
        at_once: How many requests are under way at the same time.
        tell: Told how many are cancelled, and of trouble.
    """
    cancel(client, known, at_once=at_once, tell=tell)
    for number in range(_PASSES):
        census = client.run(_census_after(_SECONDS_BETWEEN_PASSES if number else 0.0, client.project, ticket))
        if not cancel(client, census, at_once=at_once, tell=tell) and number:
            return


def cancel(client: Client, operations: Sequence[Operation], *, at_once: int, tell: Callable[[str], object]) -> bool:
    """Cancel operations, those that wait first: they would only start meanwhile. Say whether there were any.

    Args:
        client: With which.
        operations: Those that are done, or are being cancelled, are left alone.
        at_once: How many requests are under way at the same time.
        tell: Told how many they are, and of trouble.
    """
    active = [operation for operation in operations if not operation.done and operation.state != "CANCELLING"]
    if not active:
        return False
    tell(f"Cancelling {len(active):,} operations.")
    ordered = sorted(active, key=lambda operation: operation.state != "PENDING")
    flows = ((operation.name, cancel_operation(operation.name, _LOG.debug)) for operation in ordered)
    failures = [(name, done) for name, done in together(client, flows, at_once) if isinstance(done, EarthEngineError)]
    if failures:
        tell(f"{len(failures):,} could not be cancelled and go on, {failures[0][0]}: {failures[0][1]}")
    return True


def _census_after(seconds: float, project: str, ticket: Ticket) -> Flow[list[Operation]]:
    yield Pause(seconds)
    return (yield from take_census(project_path(project), ticket)).active()
