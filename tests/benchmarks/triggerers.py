"""A triggerer, seen from outside: its supervisor holds a log open for each trigger, its runner runs them all."""

from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.airflow.polling import until
from tests.airflow.processes import Process

__all__ = ["Gauge", "Triggerer"]


@dataclass(frozen=True)
class Gauge:
    """What the runner has taken so far.

    Attributes:
        megabytes: Its memory.
        cpu_seconds: Its time on a processor.
        blocked: How often Airflow said that its event loop was blocked.
    """

    megabytes: float
    cpu_seconds: float
    blocked: int


class Triggerer:
    """A triggerer that has just been started.

    Args:
        process: Its process.
        logs: Where Airflow keeps the logs of tasks and triggers.
    """

    def __init__(self, process: Process, logs: Path) -> None:
        self.process = process
        self._logs = logs
        self._supervisor = psutil.Process(process.pid)
        [self._runner] = until(self._supervisor.children, timeout=60, waiting_for="the runner of the triggers")

    def gauge(self) -> Gauge:
        """Read what there is to read."""
        times = self._runner.cpu_times()
        said = self.process.log.read_text(encoding="utf-8")
        return Gauge(
            self._runner.memory_info().rss / 1e6, times.user + times.system, said.count("async thread was blocked")
        )

    def open_files(self) -> int:
        """How many files the supervisor holds open: one more for each trigger that has begun."""
        return int(self._supervisor.num_fds())

    def connections(self, host: str) -> int:
        """How many connections the runner has to a host and port."""
        port = int(host.rpartition(":")[2])
        return sum(1 for one in self._runner.net_connections("tcp") if one.raddr and one.raddr.port == port)

    def logs(self) -> list[Path]:
        """The logs of its triggers."""
        born = self._supervisor.create_time()
        return [log for log in self._logs.glob("**/*.trigger.*.log") if log.stat().st_mtime > born]
