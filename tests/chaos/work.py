"""The tasks of a test: what was started, how far it is, which operations belong to it."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.airflow.polling import until
from tests.airflow.rest import Run
from tests.airflow.standalone import Airflow

if TYPE_CHECKING:
    from airflow_provider_ee.emulator.control.control import Control
    from airflow_provider_ee.emulator.state.operation import Operation

_FINISHED = frozenset({"success", "failed", "upstream_failed", "skipped", "removed"})
_DESCRIPTION = re.compile(r"(\S+);af:\w{20}(\w{6})\.\w{4}")
_PAGE = 1000
_SECONDS_BETWEEN_LOOKS = 0.5


@dataclass(frozen=True)
class Task:
    """One task instance, and the label by which its operations are known at Earth Engine."""

    label: str
    run: Run
    info: dict[str, Any]

    @property
    def state(self) -> str | None:
        return self.info["state"]

    @property
    def finished(self) -> bool:
        return self.state in _FINISHED

    @property
    def place(self) -> tuple[str, int]:
        """Task id and map index."""
        return self.info["task_id"], self.info["map_index"]


@dataclass
class Work:
    """Runs of the DAGs in `dags/`, each with a name of its own.

    Args:
        airflow: Where they run.
        control: The Earth Engine that they use.
        runs: What was started, by its name.
    """

    airflow: Airflow
    control: "Control"
    runs: dict[str, Run] = field(default_factory=dict)

    def start(self, dag_id: str, count: int = 1) -> dict[str, Run]:
        """Start runs of a DAG, and return them by their names."""
        started = {}
        for _ in range(count):
            name = f"run-{len(self.runs)}"
            started[name] = self.runs[name] = self.airflow.trigger(dag_id, {"name": name})
        return started

    def tasks(self) -> list[Task]:
        """Return every task instance, in the order of their labels."""
        names = {run.run_id: name for name, run in self.runs.items()}
        known = [info for dag_id in {run.dag_id for run in self.runs.values()} for info in self._all_of(dag_id)]
        found = [
            Task(f"{name}:{info['task_id']}:{info['map_index']}", self.runs[name], info)
            for info in known
            if (name := names.get(info["dag_run_id"]))
        ]
        return sorted(found, key=lambda task: task.label)

    def finished(self) -> int:
        """How many task instances are over."""
        return sum(task.finished for task in self.tasks())

    def operations(self) -> "list[tuple[str, str, Operation]]":
        """Return every operation with the label and the epoch of its task, oldest first."""
        return [(*label_and_epoch(operation), operation) for operation in self.control.operations()]

    def in_flight(self) -> int:
        """How many operations are not over."""
        return sum(not operation.state.terminal for operation in self.control.operations())

    def wait_for_operations(self, count: int, timeout: float = 600) -> None:
        """Wait until so many operations are under way at the same time."""
        until(lambda: self.in_flight() >= count, timeout=timeout, waiting_for=f"{count} operations in flight")

    def wait_for_states(self, *states: str, timeout: float = 600) -> None:
        """Wait until every task instance is in one of these states."""

        def there() -> bool:
            tasks = self.tasks()
            all_known = {task.run.run_id for task in tasks} == {run.run_id for run in self.runs.values()}
            return all_known and {task.state for task in tasks} <= set(states)

        until(there, timeout=timeout, waiting_for=f"every task to be {' or '.join(states)}")

    def wait(self, timeout: float = 600) -> None:
        """Wait until every run is over."""

        def over() -> bool:
            return not any(self._running(dag_id) for dag_id in {run.dag_id for run in self.runs.values()})

        until(over, timeout=timeout, waiting_for="every run to be over")

    def _running(self, dag_id: str) -> int:
        return int(self._look(f"/api/v2/dags/{dag_id}/dagRuns", state=["running", "queued"], limit=1)["total_entries"])

    def _all_of(self, dag_id: str) -> Iterator[dict[str, Any]]:
        path, seen, total = f"/api/v2/dags/{dag_id}/dagRuns/~/taskInstances", 0, 1
        while seen < total:
            answer = self._look(path, limit=_PAGE, offset=seen, order_by="id")
            seen, total = seen + len(answer["task_instances"]), answer["total_entries"]
            yield from answer["task_instances"]

    def _look(self, path: str, **params: Any) -> Any:
        """Read something, at a pace: while Airflow answers, its tasks have to wait."""
        time.sleep(_SECONDS_BETWEEN_LOOKS)
        return self.airflow.rest.call("GET", path, params=params)


def label_and_epoch(operation: "Operation") -> tuple[str, str]:
    """Tell from an operation's description whose it is, and after how many clears it was started."""
    match = _DESCRIPTION.fullmatch(operation.asked.description)
    if not match:
        raise AssertionError(f"{operation.name} carries no mark: {operation.asked.description!r}")
    return match[1], match[2]
