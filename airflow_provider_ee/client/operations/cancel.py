"""Cancel operations, whoever started them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from airflow_provider_ee.client.errors import EarthEngineError, NotFound
from airflow_provider_ee.client.operations.listing import list_operations
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import Flow

__all__ = ["STATES", "cancel_operation", "operations_to_cancel"]

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
            found.append(Operation.from_answer((yield methods.operations_get(name))))
    fitting = [
        operation
        for operation in found
        if not operation.done
        and operation.state in states
        and (operation.description or "").startswith(description_prefix or "")
    ]
    return sorted(fitting, key=lambda operation: operation.state != "PENDING")


def cancel_operation(name: str, tell: Callable[[str], object]) -> Flow[bool]:
    """Ask for an operation to be cancelled; False if there is nothing left to cancel."""
    try:
        yield methods.operations_cancel(name)
    except NotFound:
        tell(f"{name} is gone.")
        return False
    except EarthEngineError:
        # One that is done cannot be cancelled; which error says so is not documented. Looking tells.
        operation = Operation.from_answer((yield methods.operations_get(name)))
        if not operation.done:
            raise
        tell(f"{name} has ended meanwhile: {operation.state}.")
        return False
    return True
