"""`make demo`: the DAG of example_dags/quickstart.py in a real Airflow, with an Earth Engine of its own."""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from tests.airflow.polling import until
from tests.airflow.processes import Process
from tests.airflow.rest import Refused, Run
from tests.airflow.settings import earth_engine_at, inherited
from tests.airflow.standalone import Airflow

Say = Callable[[str], None]

_REPOSITORY = Path(__file__).parents[2]
_DAG = "quickstart"
_LAST_TASK = "preview"
_TIMEOUT = 180.0
_MEANING = {
    "running": "running on a worker",
    "deferred": "waiting for Earth Engine; the worker is free, the triggerer watches",
    "success": "done",
    "failed": "failed",
    "up_for_retry": "failed, will be tried again",
    "upstream_failed": "not started, because a task before it failed",
}


class DemoFailed(Exception):
    """The run did not succeed; the message ends with the logs that say why."""


def main(arguments: list[str] | None = None) -> int:
    """Run the demo and say what happens.

    Args:
        arguments: The command line; by default that of the process.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.airflow.demo", description=__doc__)
    fresh = Path("ee-data") / datetime.now().astimezone().strftime("demo-%Y-%m-%d-%H%M%S")
    parser.add_argument("--root", type=Path, default=fresh, help="where the files go (default: a new one in ee-data)")
    root = parser.parse_args(arguments).root.resolve()
    if root.is_file():
        parser.error(f"--root: must be a directory, but {root} is a file")
    # A termination, too, must end the processes that were started here.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    started = time.monotonic()

    def say(text: str) -> None:
        sys.stdout.write(f"{time.monotonic() - started:5.1f} s  {text}\n")
        sys.stdout.flush()

    try:
        files = demo(root, _REPOSITORY / "example_dags", say)
    except (DemoFailed, Refused, RuntimeError, TimeoutError) as fault:
        say("The demo failed.")
        sys.stderr.write(f"\n{fault}\n")
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 128 + signal.SIGINT
    say("Finished. What Earth Engine exported:\n")
    sys.stdout.write(
        f"    GeoTIFF  {files['geotiff']}\n"
        f"    preview  {files['preview']}\n\n"
        "Open the preview with any image viewer or browser, the GeoTIFF with QGIS, or look at it here:\n\n"
        f"    {Path(sys.executable).with_name('rio')} info --indent 2 {files['geotiff']}\n"
    )
    return 0


def demo(root: Path, dags_folder: Path, say: Say) -> Mapping[str, str]:
    """Run the quick start and return where its files are.

    Args:
        root: The emulator's folder; created.
        dags_folder: The folder with the DAG `quickstart`, whose task `preview` returns `{"geotiff", "preview"}`.
        say: What to do with each line of progress.
    """
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="airflow-demo-", ignore_cleanup_errors=True) as scratch:
        say("Starting an Earth Engine emulator: no Google account is needed")
        emulator, host = _start_emulator(root, Path(scratch))
        try:
            say("Starting Airflow: api-server, scheduler, dag-processor and triggerer")
            home = Path(scratch) / "airflow"
            home.mkdir()
            with Airflow(home, dags_folder, env=earth_engine_at(host)) as airflow:
                say(f"Airflow is ready; running the DAG {_DAG} of {dags_folder.name}/{_DAG}.py")
                run = airflow.trigger(_DAG, {"storage": str(root / "gs")})
                follow(run, say)
                if run.state != "success":
                    raise DemoFailed(f"{_why(run)}\n\n{airflow.logs()}\n\n--- emulator ---\n{emulator.tail()}")
                return _files(run)
        finally:
            emulator.kill()


def follow(run: Run, say: Say) -> None:
    """Say each task's state as it changes, until the run is finished.

    Args:
        run: The run.
        say: What to do with each line.
    """
    known: dict[str, str | None] = {}

    def finished() -> bool:
        over = run.state in ("success", "failed")
        states = run.states()
        for task in sorted(states, key=lambda task: states[task] != "success"):
            state = states[task]
            if state != known.get(task) and state in _MEANING:
                say(f"  {task}: {_MEANING[state]}")
            known[task] = state
        return over

    until(finished, timeout=_TIMEOUT, waiting_for=f"{run.dag_id} to finish")


def _start_emulator(root: Path, scratch: Path) -> tuple[Process, str]:
    ready = scratch / "emulator.url"
    command = ["-m", "airflow_provider_ee.emulator", "--port", "0", "--root", str(root), "--time", "seconds=5"]
    emulator = Process(
        "emulator",
        [sys.executable, *command, "--ready-file", str(ready)],
        env=inherited(),
        log=scratch / "emulator.log",
        cwd=_REPOSITORY,
    )

    def url() -> str | None:
        if emulator.exit_code is not None:
            raise RuntimeError(f"The emulator ended with {emulator.exit_code}:\n{emulator.tail()}")
        return ready.read_text(encoding="utf-8") if ready.exists() else None

    try:
        return emulator, until(url, timeout=60, waiting_for="the emulator to listen").removeprefix("http://")
    except BaseException:
        emulator.kill()
        raise


def _files(run: Run) -> Mapping[str, str]:
    files = run.xcom(_LAST_TASK)
    missing = [path for path in files.values() if not Path(path).is_file()]
    if missing:
        raise DemoFailed(f"The run succeeded, but {' and '.join(missing)} cannot be found.")
    return dict(files)


def _why(run: Run) -> str:
    failed = [task for task in run.tasks() if task["state"] == "failed"]
    return "\n\n".join(f"--- {task['task_id']} ---\n{run.log(task['task_id'], task['try_number'])}" for task in failed)


if __name__ == "__main__":
    sys.exit(main())
