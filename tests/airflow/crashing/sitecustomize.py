"""Death at a step of the provider: Python runs this before all else where it is found on the path.

Only tests put it there, and only for an Airflow that is given EARTHENGINE_CRASHES, the folder of a `Board`.
"""

import json
import logging
import os
import signal
import threading
import time
from pathlib import Path


class Reaper(logging.Filter):
    """Sees every step of every task and trigger; a filter, for Airflow replaces the handlers in each process.

    Args:
        board: The folder.
    """

    def __init__(self, board: Path) -> None:
        super().__init__()
        self._board = board

    def filter(self, record: logging.LogRecord) -> bool:
        step = record.args[0]
        task = self._task(step)
        if task is not None and not self._mark(task, "reached").exists():
            plan = self._plan()[task]
            if plan["step"] == step:
                self._reap(task, plan["how"])
            elif (plan["step"], step) == ("posted", "submitting"):
                threading.Thread(target=self._reap_when_sent, args=(task,), daemon=True).start()
        return True

    def _task(self, step: str) -> str | None:
        """The task whose step it is; one look of a triggerer is for all, so it belongs to who is to die of it."""
        import structlog

        plan = self._plan()
        if step == "polling":
            return next((task for task in plan if plan[task]["step"] == step), None)
        task = structlog.contextvars.get_contextvars().get("task_id")
        return task if task in plan else None

    def _reap(self, task: str, how: str) -> None:
        supervisor, mine = os.getppid(), os.getpid()
        mark = self._mark(task, "reached")
        unfinished = mark.with_suffix(f".{mine}")
        unfinished.write_text(f"{supervisor} {mine}", encoding="utf-8")
        try:
            os.link(unfinished, mark)
        except FileExistsError:
            return  # the process of another try was faster
        if how == "unsupervised":
            os.kill(supervisor, signal.SIGKILL)
        elif how == "frozen":
            os.kill(supervisor, signal.SIGSTOP)
            os.kill(mine, signal.SIGSTOP)
        else:
            os.kill(mine, signal.SIGKILL)

    def _reap_when_sent(self, task: str) -> None:
        while not self._mark(task, "sent").exists():
            time.sleep(0.01)
        self._reap(task, "killed")

    def _plan(self) -> dict[str, dict[str, str]]:
        return json.loads((self._board / "plan.json").read_text(encoding="utf-8"))

    def _mark(self, task: str, what: str) -> Path:
        return self._board / f"{task}.{what}"


if "EARTHENGINE_CRASHES" in os.environ:
    steps = logging.getLogger("airflow_provider_ee.checkpoints")
    steps.setLevel(logging.DEBUG)
    steps.addFilter(Reaper(Path(os.environ["EARTHENGINE_CRASHES"])))
