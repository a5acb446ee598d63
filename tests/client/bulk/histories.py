"""Operations as they are listed, made up: what was started for which item, in which epoch, and what came of it."""

from dataclasses import replace
from typing import Any

from airflow_provider_ee.client.operations.markers import Ticket
from airflow_provider_ee.client.operations.operation import Operation

#: Of the task, in the second of three epochs.
TICKET = Ticket(deployment="depl0", dag="dag0000", task="task0000", epoch="epoch2")

#: google.rpc codes: what was cancelled, what a new operation would meet again, and what it may not meet again.
CANCELLED, PERMANENT, PASSING = 1, 3, 8

_ENDS = {"SUCCEEDED", "FAILED", "CANCELLED"}


def digest(key: str) -> str:
    """By what the marker of an operation knows an item."""
    return TICKET.for_item(key).item


def answer(
    state: str, *, key: str = "a", epoch: str = "2", minute: int = 0, code: int | None = None, **metadata: Any
) -> dict[str, Any]:
    """Return an operation for an item as Earth Engine lists it.

    Args:
        state: Earth Engine's word for how it stands.
        key: For which item it was started.
        epoch: In which epoch of the task, a digit.
        minute: When; the names tell it too, so that no two operations have the same.
        code: Of the error, if it failed.
        metadata: Further fields, or others than these.
    """
    description = f"export{replace(TICKET, epoch=f'epoch{epoch}').for_item(key).marker}"
    created = f"2026-01-01T{minute // 60:02}:{minute % 60:02}:00Z"
    listed: dict[str, Any] = {
        "name": f"projects/p/operations/{key}-{epoch}-{minute}",
        "done": state in _ENDS,
        "metadata": {"state": state, "description": description, "createTime": created, **metadata},
    }
    if state in _ENDS - {"SUCCEEDED"}:
        known = CANCELLED if state == "CANCELLED" else PERMANENT
        listed["error"] = {"code": known if code is None else code, "message": "It went wrong."}
    return listed


def operation(state: str, **known: Any) -> Operation:
    """Return the same as it is read."""
    return Operation.from_answer(answer(state, **known))
