"""Programs that a test starts, pauses, kills and never leaves behind."""

import atexit
import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

_ENDING = 15.0


class Process:
    """A program in a session of its own, whose output goes to a file.

    A signal reaches the whole session: Airflow gives each task a process group of its own, so a signal to the
    group of the scheduler would leave the running tasks behind.

    Args:
        name: What error messages call it.
        command: The program and its arguments.
        env: Its whole environment.
        log: The file that its output is added to.
        cwd: The directory that it runs in.
    """

    def __init__(self, name: str, command: Sequence[str], *, env: Mapping[str, str], log: Path, cwd: Path) -> None:
        self.name = name
        self.log = log
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                command,
                env=env,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        atexit.register(self.kill)

    @property
    def pid(self) -> int:
        """The program itself, which leads the session."""
        return self._popen.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._popen.poll()

    def members(self) -> list[int]:
        """Every living process of the session: the program and whatever it started."""
        return [pid for pid in psutil.pids() if _session(pid) == self.pid]

    def pause(self) -> None:
        """Freeze the session, as a machine does that has run out of memory or CPU."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused session go on."""
        self._signal(signal.SIGCONT)

    def stop(self, timeout: float = _ENDING) -> None:
        """Ask the program to end, as a rolling restart does, and wait for it."""
        self._popen.terminate()
        self._popen.wait(timeout)

    def kill(self) -> None:
        """End the session at once; nobody in it gets to clean up."""
        self._signal(signal.SIGKILL)
        self._popen.wait(_ENDING)
        atexit.unregister(self.kill)

    def tail(self, lines: int = 20) -> str:
        """The end of its output."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

    def _signal(self, number: signal.Signals) -> None:
        for pid in self.members():
            with suppress(ProcessLookupError):
                os.kill(pid, number)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except (PermissionError, ProcessLookupError):
        return None
