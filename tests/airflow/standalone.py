"""A real Airflow on this machine, as plain processes, for as long as a `with` block lasts.

    with Airflow(home, dags_folder) as airflow:
        run = airflow.trigger("quickstart", {"year": 2024})
        assert run.wait() == "success", airflow.logs()
        run.xcom("export")

`airflow standalone` does the same, but starts two servers for log files that nobody asks for here, hides which
process is which, and stays up when its port is taken.
"""

import secrets
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import httpx

from tests.airflow.polling import until
from tests.airflow.processes import Process, free_port
from tests.airflow.rest import Refused, Rest, Run
from tests.airflow.settings import environment

_WATCHED = ("metadatabase", "scheduler", "dag_processor", "triggerer")


class Airflow:
    """Airflow with LocalExecutor.

    Args:
        home: AIRFLOW_HOME, an empty directory; nothing in it is removed.
        dags_folder: The directory of the DAG files.
        env: Variables for every process: connections (`AIRFLOW_CONN_...`), settings (`AIRFLOW__...`), others.
        triggerers: How many triggerers to start.
        database: The URL of an empty database, such as that of `Postgres`; by default SQLite in `home`.
        boot_timeout: Seconds until every process must be healthy.
    """

    def __init__(
        self,
        home: Path,
        dags_folder: Path,
        *,
        env: Mapping[str, str] | None = None,
        triggerers: int = 1,
        database: str | None = None,
        boot_timeout: float = 120,
    ) -> None:
        self.home = home
        self.url = f"http://127.0.0.1:{free_port()}"
        self.url_of_tasks = f"http://127.0.0.1:{free_port()}"
        self.rest = Rest(self.url)
        self.processes: list[Process] = []
        self.triggerers: list[Process] = []
        self._identity = secrets.token_hex(8)
        settings = environment(
            home,
            dags_folder,
            url=self.url,
            url_of_tasks=self.url_of_tasks,
            instance_name=self._identity,
            database=database,
        )
        self._env = {**settings, **(env or {})}
        self._wanted_triggerers = triggerers
        self._boot_timeout = boot_timeout

    def __enter__(self) -> Self:
        try:
            self._boot()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def trigger(self, dag_id: str, conf: Mapping[str, Any] | None = None, *, logical_date: str | None = None) -> Run:
        """Start a run of a DAG, as soon as Airflow has parsed its file."""
        return self.rest.trigger(dag_id, conf, logical_date=logical_date)

    def start_scheduler(self) -> Process:
        """Start what runs the tasks, LocalExecutor's workers included; also to replace one that was killed."""
        self.scheduler = self._start("scheduler", "--skip-serve-logs")
        return self.scheduler

    def start_triggerer(self, *arguments: str) -> Process:
        """Start one more triggerer.

        Args:
            arguments: More of the command line, such as `--capacity`.
        """
        name = f"triggerer-{len(self.triggerers) + 1}"
        triggerer = self._start("triggerer", "--skip-serve-logs", *arguments, name=name)
        self.triggerers.append(triggerer)
        return triggerer

    def logs(self, lines: int = 20) -> str:
        """The end of what every process has said."""
        return "\n\n".join(f"--- {process.name} ---\n{process.tail(lines)}" for process in self.processes)

    def close(self) -> None:
        """End every process at once: all that they could save is about to be thrown away."""
        for process in self.processes:
            process.kill()
        self.rest.close()

    def _boot(self) -> None:
        migration = self._start("db", "migrate")
        until(lambda: migration.exit_code is not None, timeout=self._boot_timeout, waiting_for="airflow db migrate")
        if migration.exit_code:
            raise RuntimeError(f"airflow db migrate ended with {migration.exit_code}:\n{migration.tail()}")
        self.processes.remove(migration)
        self._start("api-server", "--apps", "core")
        # Tasks have a server of their own. Airflow notes what a person does before it does it, and has the whole server
        # wait until the database can be written: also those parts of it that were about to end a task's transaction.
        port = self.url_of_tasks.rpartition(":")[-1]
        self._start("api-server", "--apps", "execution", "--port", port, name="api-server-of-tasks")
        self.start_scheduler()
        for _ in range(self._wanted_triggerers):
            self.start_triggerer()
        self.dag_processor = self._start("dag-processor")
        try:
            until(self._healthy, timeout=self._boot_timeout, waiting_for="Airflow to be healthy")
        except TimeoutError as slow:
            raise RuntimeError(f"{slow}\n{self.logs()}") from slow

    def _start(self, command: str, *arguments: str, name: str | None = None) -> Process:
        name = name or command
        program = str(Path(sys.executable).with_name("airflow"))
        log = self.home / f"{name}.log"
        process = Process(name, [program, command, *arguments], env=self._env, log=log, cwd=self.home)
        self.processes.append(process)
        return process

    def _healthy(self) -> bool:
        for process in self.processes:
            if process.exit_code is not None:
                raise RuntimeError(f"airflow {process.name} ended with {process.exit_code}:\n{process.tail()}")
        with suppress(httpx.TransportError, Refused):
            health = self.rest.call("GET", "/api/v2/monitor/health")
            if all(health[part]["status"] == "healthy" for part in _WATCHED) and self._is_ours():
                # The first call by a task would make that server build its app, and silent for many seconds.
                self.rest.call("GET", f"{self.url_of_tasks}/execution/health")
                return True
        return False

    def _is_ours(self) -> bool:
        """Whether the server on our port is the one that we started, and not one that took the port before it."""
        self.rest.log_in()
        return bool(self.rest.call("GET", "/ui/config")["instance_name"] == self._identity)
