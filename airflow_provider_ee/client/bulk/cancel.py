"""Cancel the operations of a task's items that are not done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from airflow_provider_ee.client.arguments.names import project_path
from airflow_provider_ee.client.bulk.snapshot import take_snapshot
from airflow_provider_ee.client.errors import EarthEngineError
from airflow_provider_ee.client.http.clients import Client
from airflow_provider_ee.client.http.concurrency import run_concurrently
from airflow_provider_ee.client.operations.cancel import cancel_operation
from airflow_provider_ee.client.operations.markers import Ticket
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.rest.flows import Flow, Pause

__all__ = ["cancel_all_items", "cancel_operations"]

_LOG = logging.getLogger(__name__)

#: What was being submitted when the task was ended is listed a moment later.
_PASSES, _SECONDS_BETWEEN_PASSES = 3, 2.0


def cancel_all_items(
    client: Client, ticket: Ticket, known: Sequence[Operation] = (), *, concurrency: int, log: Callable[[str], object]
) -> None:
    """Cancel every operation of a task's items that is not done, in whichever epoch it was started.

    Args:
        client: The client that sends the requests.
        ticket: The task's ticket.
        known: Operations of the task that the list may not show yet.
        concurrency: How many requests are sent at the same time.
        log: Called with how many are cancelled, and with errors.
    """
    cancel_operations(client, known, concurrency=concurrency, log=log)
    for number in range(_PASSES):
        active = client.run(_list_active_after(_SECONDS_BETWEEN_PASSES if number else 0.0, client.project, ticket))
        if not cancel_operations(client, active, concurrency=concurrency, log=log) and number:
            return


def cancel_operations(
    client: Client, operations: Sequence[Operation], *, concurrency: int, log: Callable[[str], object]
) -> bool:
    """Cancel operations, pending ones first (they would only start meanwhile), and return whether there were any.

    Args:
        client: The client that sends the requests.
        operations: The operations; those that are done or being cancelled are left alone.
        concurrency: How many requests are sent at the same time.
        log: Called with how many are cancelled, and with errors.
    """
    active = [operation for operation in operations if not operation.done and operation.state != "CANCELLING"]
    if not active:
        return False
    log(f"Cancelling {len(active):,} operations.")
    ordered = sorted(active, key=lambda operation: operation.state != "PENDING")
    flows = ((operation.name, cancel_operation(operation.name, _LOG.debug)) for operation in ordered)
    outcomes = run_concurrently(client, flows, concurrency)
    failures = [(name, outcome) for name, outcome in outcomes if isinstance(outcome, EarthEngineError)]
    if failures:
        log(f"{len(failures):,} could not be cancelled and go on, {failures[0][0]}: {failures[0][1]}")
    return True


def _list_active_after(seconds: float, project: str, ticket: Ticket) -> Flow[list[Operation]]:
    yield Pause(seconds)
    return (yield from take_snapshot(project_path(project), ticket)).active()
