"""Look at one operation, in view of how far what Earth Engine shows may lag behind what it has done."""

from __future__ import annotations

from airflow_provider_ee.client.errors import NotFound, TimedOut
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import Flow, Pause

__all__ = ["LOOKS", "between_looks", "fetch_operation", "wait_for_the_end"]

#: Neither the list of operations nor a single one is sure to be up to date: how often and after how long to look again.
LOOKS, _SECONDS_BETWEEN_LOOKS = 12, 10.0


def between_looks() -> Pause:
    """Return the pause before another look."""
    return Pause(_SECONDS_BETWEEN_LOOKS)


def fetch_operation(name: str) -> Flow[Operation]:
    """Return an operation as it is now."""
    return Operation.from_answer((yield methods.operations_get(name)))


def wait_for_the_end(name: str) -> Flow[Operation | None]:
    """Return an operation that was cancelled once it is over; None if Earth Engine no longer knows it.

    Raises:
        TimedOut: It goes on for minutes all the same.
    """
    for _ in range(LOOKS):
        try:
            operation = yield from fetch_operation(name)
        except NotFound:
            return None
        if operation.done:
            return operation
        yield between_looks()
    raise TimedOut("It was cancelled but is not over.", name=name)
