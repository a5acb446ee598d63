"""A thousand exports, started in several ways: how fast, at what cost, how politely.

Each answer takes Earth Engine 500 ms, as a submission does in reality. It allows 100 requests a second and 40 at once, and
refuses what goes beyond. Some ways are measured on fewer exports, and the time, the CPU and the requests of a thousand
are scaled from that. To see only some of them: `-k ours`, `-k "serial or threads"`, `-k mapped`.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

import httpx
import pytest

from airflow_provider_ee.client.bulk.saved_state import MAX_REFUSALS
from tests.benchmarks.bulk_ways import WAYS, Run
from tests.benchmarks.earth import busiest_second
from tests.benchmarks.mapped_tasks import MAPPED, mapped_tasks
from tests.benchmarks.report import show
from tests.emulator_process import emulator_process
from tests.operators.test_bulk_sizes import KILOBYTE, deferred, sizes

EXPORTS = 1000
EARTH = {"latency_seconds": 0.5, "max_requests_per_second": 100, "max_in_flight": 40, "time": "seconds=100000"}
SUBMISSION = "projects.image.export"

BULK, SERIAL, THREADS = WAYS
MAPPED_TASKS = "mapped tasks, 8 at a time"
#: How many exports each way is measured on.
MEASURED_ON = {BULK: EXPORTS, SERIAL: 100, THREADS: EXPORTS, MAPPED_TASKS: MAPPED}
#: What each way is called on the command line.
NAMES = {"ours": BULK, "serial": SERIAL, "threads": THREADS, "mapped": MAPPED_TASKS}

HEADINGS = (
    "measured on", "wall s for 1,000", "submissions/s", "CPU s", "peak MB", "requests", "most in 1 s", "most in flight", "violations",
)  # fmt: skip
MEGABYTE = 1e6


@dataclass(frozen=True)
class Measured:
    """A run, and what Earth Engine saw of it."""

    count: int
    run: Run
    started: int
    moments: list[float]
    limits: dict[str, int]

    @property
    def scale(self) -> float:
        return EXPORTS / self.count

    @property
    def row(self) -> tuple[object, ...]:
        return (
            self.count,
            self.run.seconds * self.scale,
            self.count / self.run.seconds,
            self.run.cpu_seconds * self.scale,
            self.run.memory / MEGABYTE,
            round(len(self.moments) * self.scale),
            busiest_second(self.moments),
            self.limits["peak_in_flight"],
            self.limits["violations"],
        )


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Measure a way, once however often it is asked for; a table of all that were is printed in the end."""
    found = {}

    def measure(way):
        if way not in found:
            with emulator_process(tmp_path_factory.mktemp("emulator"), **EARTH) as url:
                run = run_of(way, url, tmp_path_factory)
                found[way] = seen(way, run, url)
        return found[way]

    yield measure
    show(
        f"{EXPORTS:,} exports, {EARTH['latency_seconds'] * 1000:.0f} ms for each answer",
        ("way", *HEADINGS),
        [(way, *one.row) for way, one in found.items()],
    )


def run_of(way, url, folders):
    if way == MAPPED_TASKS:
        return mapped_tasks(folders.mktemp("mapped"), url, lambda: submissions(url))
    command = [sys.executable, "-m", "tests.benchmarks.bulk_ways", way, url, str(MEASURED_ON[way])]
    child = subprocess.run(command, env={**os.environ, "no_proxy": "*"}, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    return Run(**json.loads(child.stdout.splitlines()[-1]))


def seen(way, run, url):
    ledger = httpx.get(f"{url}/emulator/ledger", timeout=60).json()
    moments = [request["time"] for request in ledger["requests"]]
    return Measured(MEASURED_ON[way], run, len(submissions(url)), moments, ledger["limits"])


def submissions(url):
    """Say when each export was started."""
    ledger = httpx.get(f"{url}/emulator/ledger", params={"method": SUBMISSION}, timeout=60).json()
    return [request["time"] for request in ledger["requests"] if request["status"] == 200]


@pytest.mark.parametrize("way", NAMES.values(), ids=NAMES)
def test_every_way_starts_each_export_once_and_within_what_earth_engine_allows(measured, way):
    found = measured(way)

    assert found.started == found.count
    assert found.limits["violations"] == 0


def test_a_bulk_task_is_twenty_times_as_fast_as_ee_in_a_loop(measured):
    ours, theirs = measured(BULK), measured(SERIAL)

    assert theirs.run.seconds * theirs.scale >= 20 * ours.run.seconds * ours.scale


def test_what_airflow_keeps_of_a_waiting_task_does_not_grow_with_its_items(earth_engine):
    cases = {
        "10 items": {"items": 10},
        "10,000 items": {"items": 10_000},
        f"10,000 items, {MAX_REFUSALS} refused": {"items": 10_000, "refused": MAX_REFUSALS},
    }
    found = {case: sizes(deferred(earth_engine.control, **how)) for case, how in cases.items()}
    show(
        "Bytes in Airflow's database while a task waits, the queue having turned 32 items away",
        ("", "trigger", "memory", "together"),
        [(case, *parts, sum(parts)) for case, parts in found.items()],
    )

    assert max(map(sum, found.values())) < 100 * KILOBYTE
