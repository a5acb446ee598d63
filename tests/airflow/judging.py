"""What the ledger of an Earth Engine says about the operations of a run. It is the only judge.

A run is told what it is about (`airflow.trigger(dag_id, {"about": ...})`), and its operations' descriptions say so.
"""

from typing import TYPE_CHECKING

from tests.airflow.polling import until

if TYPE_CHECKING:
    from airflow_provider_ee.emulator.server import Emulator
    from airflow_provider_ee.emulator.state.operation import Operation

#: Within so many seconds Earth Engine has to hear that an operation is no longer wanted.
SOON = 60


def about(operation: "Operation") -> str:
    """What the run of an operation is about: its description without our marker."""
    return operation.asked.description.partition(";af:")[0]


def operations(place: "Emulator", subject: str) -> "list[Operation]":
    """The operations of a run, oldest first."""
    return [operation for operation in place.control.operations() if about(operation) == subject]


def started(place: "Emulator", subject: str, count: int = 1) -> "Operation":
    """Wait until a run has started so many operations, and return the last of them."""

    def look() -> "list[Operation]":
        return operations(place, subject)[count - 1 :]

    [last] = until(look, timeout=240, waiting_for=f"operation {count} of {subject}")
    return last


def ended(operation: "Operation", within: float = SOON) -> str:
    """Wait for the end of an operation and return its state."""
    until(lambda: operation.state.terminal, timeout=within, waiting_for=f"the end of {operation.name}")
    return str(operation.state)


def cancels(place: "Emulator", operation: "Operation") -> int:
    """How often an operation was cancelled."""
    calls = place.control.ledger.entries("projects.operations.cancel")
    return sum(call.operation == operation.name for call in calls)


def looks(place: "Emulator", operation: "Operation") -> int:
    """How often an operation was asked for by its name."""
    calls = place.control.ledger.entries("projects.operations.get")
    return sum(call.operation == operation.name for call in calls)
