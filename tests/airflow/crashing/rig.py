"""All cases at once: one Airflow whose processes die, and an Earth Engine for each way to answer."""

import json
import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil

from airflow_provider_ee.client.operations.markers import Ticket
from airflow_provider_ee.emulator.server import Emulator
from airflow_provider_ee.emulator.state.ledger import Entry
from airflow_provider_ee.emulator.state.operation import Operation
from tests.airflow.crashing.answers import Answers, Mishap
from tests.airflow.crashing.cases import Board, Case
from tests.airflow.polling import until
from tests.airflow.rest import Run
from tests.airflow.standalone import Airflow

_HERE = Path(__file__).parent
_DAG = "crash_points"
_DAG_FILES = (f"{_DAG}.py", "exporting.py")
_SOME_LOOKS, _FOR_EVER = "seconds=6", "seconds=3600"


class Service:
    """The Earth Engine of some cases.

    Args:
        root: The folder for its files.
        cases: Its cases, alike in how it is to behave.
        board: Where they are told what is sent.
    """

    def __init__(self, root: Path, cases: Sequence[Case], board: Board) -> None:
        self.emulator = Emulator(root)
        self.emulator.control.configure(
            time=_FOR_EVER if cases[0].endless else _SOME_LOOKS,
            duplicate_request_id=cases[0].duplicates,
            list_lag="looks=2" if cases[0].overlooked else "at once",
        )
        self.answers = Answers(self.emulator.app, {case.task_id: case.mishaps for case in cases}, board.sent)
        self.emulator.app = self.answers

    @property
    def connection(self) -> str:
        """The connection of Airflow that leads here."""
        extra = {"endpoint": self.emulator.url, "anonymous": True}
        return json.dumps({"conn_type": "earthengine", "extra": extra})


class Aftermath:
    """What is left when every case is over.

    Args:
        airflow: The Airflow.
        run: The run of all the tasks.
        board: What came to pass.
        services: The Earth Engines, by `Case.service`.
    """

    def __init__(self, airflow: Airflow, run: Run, board: Board, services: dict[str, Service]) -> None:
        self.airflow = airflow
        self.run = run
        self.board = board
        self.services = services

    @cached_property
    def tasks(self) -> dict[str, dict[str, Any]]:
        """Every task, in Airflow's own words."""
        return {task["task_id"]: task for task in self.run.tasks()}

    def operations(self, case: Case) -> list[Operation]:
        """What Earth Engine did for a case."""
        everything = self.services[case.service].emulator.control.operations()
        return [one for one in everything if one.asked.description.startswith(f"{case.task_id};af:")]

    def finish(self, case: Case) -> None:
        """Bring a case's operations to their end."""
        for operation in self.operations(case):
            self.services[case.service].emulator.control.finish(operation.name)

    def submissions(self, case: Case) -> list[Entry]:
        """The requests to start what was done for a case: the ones with its first request id."""
        ticket = Ticket.read(self.operations(case)[0].asked.description)
        ledger = self.services[case.service].emulator.control.ledger
        return [one for one in ledger.entries("projects.image.export") if one.request_id == ticket.request_id(0)]

    def cancelled(self) -> list[Operation]:
        """Every operation that anybody asked to be cancelled before it was over.

        A try that wakes up when the next one has succeeded may take that for a person's doing: it then cancels what
        is done, which does nothing.
        """
        emulators = [service.emulator.control for service in self.services.values()]
        asked = {call.operation: call for one in emulators for call in one.ledger.entries("projects.operations.cancel")}
        operations = [operation for one in emulators for operation in one.operations() if operation.name in asked]
        return [one for one in operations if one.ended is None or asked[one.name].time < one.ended]

    def mishaps(self, case: Case) -> list[Mishap]:
        """What became of the answers to a case's submissions."""
        return [mishap for task, mishap in self.services[case.service].answers.met if task == case.task_id]

    def story(self, case: Case) -> str:
        """What a person would read to find out why a case went wrong."""
        tries = self.tasks[case.task_id]["try_number"]
        logs = [f"--- try {number} ---\n{self.run.log(case.task_id, number)}" for number in range(1, tries + 1)]
        return "\n".join([*logs, *map(repr, self.operations(case))])


@contextmanager
def crashed(folder: Path, cases: Sequence[Case], timeout: float) -> Iterator[Aftermath]:
    """Run all cases to their end.

    Args:
        folder: An empty one for Airflow, the emulators and the board.
        cases: What is to happen.
        timeout: Seconds after the boot until all of it is over.
    """
    board = Board(_new(folder / "board"), cases)
    dags = _new(folder / "dags")
    for file in _DAG_FILES:
        shutil.copy(_HERE.parent / "dags" / file, dags)
    with ExitStack() as stack:
        services = {}
        for name in {case.service for case in cases}:
            alike = [case for case in cases if case.service == name]
            services[name] = Service(folder / "earth-engine" / name, alike, board)
            stack.enter_context(services[name].emulator)
        env = {
            "PYTHONPATH": str(_HERE),  # sitecustomize.py
            "EARTHENGINE_CRASHES": str(board.folder),
            "AIRFLOW__EARTHENGINE__FIRST_POLL": "5",
            "AIRFLOW__CORE__PARALLELISM": "12",  # what is frozen keeps its worker
            # No scheduler dies here, and one that is merely slow takes itself for dead and its tasks for orphans.
            "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "300",
            **{f"AIRFLOW_CONN_{name.upper()}": service.connection for name, service in services.items()},
        }
        airflow = stack.enter_context(Airflow(_new(folder / "airflow"), dags, env=env))
        aftermath = Aftermath(airflow, airflow.trigger(_DAG), board, services)
        _see_through(aftermath, cases, timeout)
        yield aftermath


def _see_through(aftermath: Aftermath, cases: Sequence[Case], timeout: float) -> None:
    """Wait for the end of the run; meanwhile replace what died and thaw what froze."""
    airflow, run = aftermath.airflow, aftermath.run
    frozen = [case for case in cases if case.how == "frozen"]

    def over() -> bool:
        finished = run.state in ("success", "failed")
        if airflow.triggerers[-1].exit_code is not None:
            airflow.start_triggerer()
        for case in [case for case in frozen if aftermath.board.reached(case)]:
            task = run.task(case.task_id)
            if task["try_number"] > 1 and task["state"] == case.thaws_when:
                _thaw(aftermath.board.reached(case))
                aftermath.finish(case)
                frozen.remove(case)
        return finished

    try:
        until(over, timeout=timeout, waiting_for=f"the run of {run.dag_id} to finish")
    except TimeoutError as slow:
        raise RuntimeError(f"{slow}\n{run.states()}\n{airflow.logs()}") from slow


def _thaw(pids: Sequence[int]) -> None:
    """Let a task and its supervisor go on: first the supervisor, until it has told the task to end."""
    supervisor, task = map(psutil.Process, pids)
    supervisor.resume()
    until(lambda: _is_to_end(task), timeout=30, waiting_for="the supervisor to hear that its task is another's")
    os.kill(task.pid, signal.SIGCONT)
    until(lambda: not task.is_running() or task.status() == psutil.STATUS_ZOMBIE, timeout=30, waiting_for="its end")


def _is_to_end(process: psutil.Process) -> bool:
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    pending = int(next(line for line in status.splitlines() if line.startswith("ShdPnd:")).split()[1], 16)
    return bool(pending & 1 << signal.SIGTERM - 1)


def _new(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
