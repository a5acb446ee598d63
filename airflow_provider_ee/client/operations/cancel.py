"""Cancel operations, whoever started them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from airflow_provider_ee.client.errors import EarthEngineError, NotFound
from airflow_provider_ee.client.operations.listing import list_operations
from airflow_provider_ee.client.operations.looks import fetch_operation, wait_for_the_end
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import Flow

__all__ = ["STATES", "cancel_and_wait", "cancel_operation", "operations_to_cancel"]

#: The states in which there is something to cancel.
STATES = ("PENDING", "RUNNING")


def operations_to_cancel(
    project: str,
    *,
    operation_names: Sequence[str] | None = None,
    description_prefix: str | None = None,
    states: Collection[str] = STATES,
) -> Flow[list[Operation]]:
    """Find the operations that fit all criteria, those that wait first: they would only start meanwhile.

    Args:
        project: Whose operations, unless they are named: `projects/my-project`.
        operation_names: Their full names; all operations of the project if None.
        description_prefix: What their descriptions begin with.
        states: Their states.

    Raises:
        NotFound: There is none of a name.
    """
    if operation_names is None:
        found = yield from list_operations(project)
    else:
        found = []
        for name in dict.fromkeys(operation_names):
            found.append((yield from fetch_operation(name)))
    fitting = [
        operation
        for operation in found
        if not operation.done
        and operation.state in states
        and (operation.description or "").startswith(description_prefix or "")
    ]
    return sorted(fitting, key=lambda operation: operation.state != "PENDING")


def cancel_operation(name: str, log: Callable[[str], object]) -> Flow[bool]:
    """Ask for an operation to be cancelled; return False if there is nothing left to cancel.

    Args:
        name: Its full name.
        log: Called with why there is nothing left to cancel.

    Raises:
        EarthEngineError: It cannot be cancelled, and goes on.
    """
    asked, _ = yield from _cancel(name, log)
    return asked


def cancel_and_wait(name: str, log: Callable[[str], object]) -> Flow[Operation | None]:
    """Cancel an operation and return it once it is over; None if Earth Engine no longer knows it.

    Args:
        name: Its full name.
        log: Called with why there is nothing left to cancel.

    Raises:
        EarthEngineError: It cannot be cancelled, and goes on.
        TimedOut: It goes on for minutes all the same.
    """
    asked, ended = yield from _cancel(name, log)
    return (yield from wait_for_the_end(name)) if asked else ended


def _cancel(name: str, log: Callable[[str], object]) -> Flow[tuple[bool, Operation | None]]:
    """Return whether there was anything to cancel; and the operation, if it had ended before."""
    try:
        yield methods.operations_cancel(name)
    except NotFound:
        log(f"{name} is gone.")
        return False, None
    except EarthEngineError as refusal:
        # One that is done cannot be cancelled; which error says so is not documented. A look tells.
        try:
            operation = yield from fetch_operation(name)
        except EarthEngineError:
            raise refusal from None
        if not operation.done:
            raise
        log(f"{name} has ended meanwhile: {operation.state}.")
        return False, operation
    return True, None
