"""What a test starts is gone when the test is over, whatever it has started itself."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.airflow.polling import until
from tests.airflow.processes import Process

# Like Airflow's scheduler: its child leads a process group of its own.
PARENT = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], process_group=0)
print("started", flush=True)
time.sleep(600)
"""


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[Process]:
    process = Process("parent", [sys.executable, "-c", PARENT], env={}, log=tmp_path / "log", cwd=tmp_path)
    until(lambda: "started" in process.tail(), timeout=30, waiting_for="the parent to have started its child")
    yield process
    process.kill()


def _alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE]


def test_a_killed_process_takes_along_what_left_its_process_group(parent: Process) -> None:
    members = parent.members()
    assert len(members) == 2

    parent.kill()

    until(lambda: not _alive(members), timeout=10, waiting_for="both processes to end")


def test_the_orphans_of_a_process_that_died_are_killed_too(parent: Process) -> None:
    members = parent.members()
    os.kill(parent.pid, signal.SIGKILL)
    until(lambda: parent.exit_code is not None, timeout=10, waiting_for="the parent to be dead")
    assert _alive(members)

    parent.kill()

    until(lambda: not _alive(members), timeout=10, waiting_for="the orphan to end")


def test_a_paused_process_stands_still_until_it_is_resumed(parent: Process) -> None:
    def states() -> set[str]:
        return {psutil.Process(pid).status() for pid in parent.members()}

    parent.pause()
    until(lambda: states() == {psutil.STATUS_STOPPED}, timeout=10, waiting_for="both processes to stand still")

    parent.resume()
    until(lambda: psutil.STATUS_STOPPED not in states(), timeout=10, waiting_for="both processes to go on")


def test_a_stopped_process_shows_how_it_ended(parent: Process) -> None:
    assert parent.exit_code is None

    parent.stop()

    assert parent.exit_code == -signal.SIGTERM


def test_processes_end_with_the_test_run_that_forgot_them(tmp_path: Path) -> None:
    forgetful = (
        "import pathlib, sys; from tests.airflow.processes import Process\n"
        "here = pathlib.Path.cwd()\n"
        "command = [sys.executable, '-c', 'import time; time.sleep(600)']\n"
        f"print(Process('forgotten', command, env={{}}, log=pathlib.Path({str(tmp_path / 'log')!r}), cwd=here).pid)\n"
    )

    said = subprocess.run(
        [sys.executable, "-c", forgetful], cwd=Path(__file__).parents[2], check=True, capture_output=True, text=True
    )

    assert not _alive([int(said.stdout)])
