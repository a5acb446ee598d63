"""What has to hold whatever happened: Earth Engine's ledger is the judge, never a log."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.airflow.rest import Refused

if TYPE_CHECKING:
    from airflow_provider_ee.emulator.state.operation import Operation
    from tests.chaos.work import Task, Work

__all__ = ["Judgement", "cancelled_labels", "judge"]


@dataclass(frozen=True)
class Judgement:
    """What was found; every list but the first number has to be empty.

    Attributes:
        operations: How many operations there were.
        duplicates: Tasks for which the same work was done twice.
        lost: Tasks for which no work was done.
        wrong_cancels: Cancelled operations of tasks that nobody ended.
        ownerless: Operations that go on though their task is over.
        unsuccessful: Tasks that did not succeed.
        incomplete: Tasks whose XComs do not tell of the operation that did their work.
    """

    operations: int
    duplicates: list[str]
    lost: list[str]
    wrong_cancels: list[str]
    ownerless: list[str]
    unsuccessful: list[str]
    incomplete: list[str]

    @property
    def complaints(self) -> dict[str, list[str]]:
        """What is wrong, by its kind; empty if nothing is."""
        lists = {name: value for name, value in vars(self).items() if isinstance(value, list)}
        return {name: value for name, value in lists.items() if value}


def judge(work: "Work", *, ended: Collection[str] = (), given_up: Collection[str] = ()) -> Judgement:
    """Look at everything that happened to some work, once every task is over.

    Args:
        work: The work.
        ended: The labels of tasks that a person ended or cleared: their operations may be cancelled.
        given_up: The labels of those among them that a person does not want any more.
    """
    tasks, operations = {task.label: task for task in work.tasks()}, work.operations()
    effective = Counter((label, epoch) for label, epoch, operation in operations if not _ended_in_vain(operation))
    done = {label: operation for label, _, operation in operations if str(operation.state) == "SUCCEEDED"}
    wanted = [task for label, task in tasks.items() if label not in given_up]
    return Judgement(
        operations=len(operations),
        duplicates=[f"{label} in epoch {epoch}: {count}" for (label, epoch), count in effective.items() if count > 1],
        lost=[task.label for task in wanted if task.label not in done],
        wrong_cancels=sorted(cancelled_labels(work) - set(ended)),
        ownerless=[f"{label}: {operation.name}" for label, _, operation in operations if not operation.state.terminal],
        unsuccessful=[f"{task.label}: {task.state}" for task in wanted if task.state != "success"],
        incomplete=[
            f"{task.label}: {wrong}"
            for task in wanted
            if task.label in done and (wrong := _wrong_in_xcom(task, done[task.label]))
        ],
    )


def cancelled_labels(work: "Work") -> set[str]:
    """Return the labels of all operations that somebody asked Earth Engine to cancel."""
    labels = {operation.name: label for label, _, operation in work.operations()}
    return {labels[entry.operation] for entry in work.control.ledger.entries("projects.operations.cancel")}


def _ended_in_vain(operation: "Operation") -> bool:
    return str(operation.state) in {"CANCELLED", "CANCELLING", "FAILED"}


def _wrong_in_xcom(task: "Task", operation: "Operation") -> str | None:
    task_id, map_index = task.place
    try:
        name = task.run.xcom(task_id, "operation_name", map_index)
        result = task.run.xcom(task_id, map_index=map_index)
    except Refused as missing:
        return str(missing)
    if (name, result["name"], result["state"]) != (operation.name, operation.name, "SUCCEEDED"):
        return f"{name} and {result} instead of {operation.name}"
    return None
