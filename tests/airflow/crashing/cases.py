"""Where a task is to die, against which Earth Engine."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from airflow_provider_ee.emulator.state.switches import Duplicate
from tests.airflow.crashing.answers import Mishap

__all__ = ["ON_WORKER", "Board", "Case"]

#: The steps of `airflow_provider_ee.client.operations.checkpoints` that a worker takes, in their order; and `posted`, which no process
#: can say of itself: Earth Engine has the work, and its answer is on its way.
ON_WORKER = (
    "noting",
    "noted",
    "submitting",
    "posted",
    "submitted",
    "kept",
    "deferring",
    "linking",
    "resuming",
    "finished",
)


@dataclass(frozen=True)
class Case:
    """One task, which meets its fate once.

    Attributes:
        step: Where: a step of a worker; or `looking` or `firing`, where the triggerer dies for all who wait.
        duplicates: What its Earth Engine answers to a request id that it has seen before.
        lost: Whether the answer to its first submission is lost.
        deferrable: Whether it waits without a worker.
        waits: Whether it waits at all.
        how: `killed`: its process, or that of the triggerer. `unsupervised`: the process of Airflow that watches it
            is killed, and nobody else. `frozen`: both stand still until the next try has come far enough.
        thaws_when: How far: the state of the next try.
    """

    step: str
    duplicates: Duplicate = Duplicate.SAME_OPERATION
    lost: bool = False
    deferrable: bool = True
    waits: bool = True
    how: Literal["killed", "unsupervised", "frozen"] = "killed"
    thaws_when: Literal["deferred", "success"] = "success"

    @property
    def task_id(self) -> str:
        """Its task, which is also what its operation is called."""
        facts = {
            self.how: self.how != "killed",
            "on_worker": not self.deferrable,
            "not_waiting": not self.waits,
            "lost": self.lost,
        }
        return ".".join([self.step, *(fact for fact, holds in facts.items() if holds), self.duplicates])

    @property
    def service(self) -> str:
        """The Earth Engine that it talks to."""
        facts = {"overlooking": self.overlooked, "endless": self.endless}
        words = [self.duplicates, *(fact for fact, holds in facts.items() if holds)]
        return "_".join(words).replace("-", "_")

    @property
    def overlooked(self) -> bool:
        """Whether its operation is not in the first list, so that only a request id can tell the next try of it."""
        return self.step in ("posted", "submitted") and self.duplicates is not Duplicate.NEW_OPERATION

    @property
    def endless(self) -> bool:
        """Whether its operation goes on until the test ends it: it has to be under way when the task is thawed."""
        return self.how == "frozen" and (self.thaws_when == "deferred" or not self.waits)

    @property
    def mishaps(self) -> list[Mishap]:
        """What becomes of the answers to its submissions, one after another; later ones arrive."""
        return [Mishap.LOST] * self.lost + [Mishap.HELD] * (self.step == "posted")

    def __str__(self) -> str:
        return self.task_id


class Board:
    """A folder in which the test says who is to die where, and the processes of Airflow say that it came to pass.

    Args:
        folder: An empty one.
        cases: The cases, the most urgent first.
    """

    def __init__(self, folder: Path, cases: Iterable[Case]) -> None:
        self.folder = folder
        plan = {
            case.task_id: {
                "step": case.step,
                "how": case.how,
                "connection": case.service,
                # One of its own where it counts how often anybody has listed the operations of the project.
                "project": f"crash-project-{number}" if case.overlooked else "crash-project",
                "deferrable": case.deferrable,
                "waits": case.waits,
            }
            for number, case in enumerate(cases)
        }
        (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")

    def sent(self, task_id: str) -> None:
        """Note that Earth Engine has the work, and that its answer is on its way."""
        (self.folder / f"{task_id}.sent").touch()

    def reached(self, case: Case) -> list[int]:
        """The supervisor and the process that met their fate in a case; none as long as it has not come to pass."""
        mark = self.folder / f"{case.task_id}.reached"
        return [int(pid) for pid in mark.read_text(encoding="utf-8").split()] if mark.exists() else []
