"""Three thousand exports as one task, in a queue of two hundred: whatever dies on the way, each is done once."""

import json
import time
from collections import Counter

import pytest

from tests.airflow.judging import about
from tests.airflow.polling import until
from tests.benchmarks.report import show
from tests.chaos.invariants import Judgement
from tests.chaos.report import diary, table
from tests.chaos.victims import Victims
from tests.chaos.workers import Workers

TILES = {f"tile-{number}" for number in range(3000)}
EARTH = {"max_queue": 200, "max_running": 60, "time": "seconds=3"}

WORKERS = ("task", "worker supervisor")
TRIGGERERS = ("triggerer's runner", "triggerer's supervisor")
KILLS_OF_EACH = 3
#: A triggerer has its part when the worker has let go: so many seconds after a submission, at most.
LATER = 15


def planned(chance):
    """Draw who dies, after how many submissions, and how many seconds after that."""
    kinds = [chance.choice(kinds) for kinds in (WORKERS, TRIGGERERS) for _ in range(KILLS_OF_EACH)]
    chance.shuffle(kinds)
    moments = sorted(chance.sample(range(100, len(TILES) - 300), len(kinds)))
    return [
        (kind, moment, 0.0 if kind in WORKERS else chance.uniform(0, LATER))
        for kind, moment in zip(kinds, moments, strict=True)
    ]


def judged(control, run, report):
    """Compare what Earth Engine has done with what was wanted, and with what the task tells of it."""
    operations = control.operations()
    count = Counter(map(about, operations))
    done = {about(operation): operation.name for operation in operations if str(operation.state) == "SUCCEEDED"}
    told = {row["key"]: row["operation"] for row in map(json.loads, report.read_text(encoding="utf-8").splitlines())}
    cancelled = {entry.operation for entry in control.ledger.entries("projects.operations.cancel")}
    return Judgement(
        operations=len(operations),
        duplicates=[tile for tile, number in count.items() if number > 1],
        lost=sorted(TILES - done.keys()),
        wrong_cancels=sorted(cancelled),
        ownerless=[operation.name for operation in operations if not operation.state.terminal],
        unsuccessful=[f"{task}: {state}" for task, state in run.states().items() if state != "success"],
        incomplete=[tile for tile in TILES if told.get(tile) != done.get(tile)],
    )


@pytest.fixture
def report(tmp_path):
    return tmp_path / "report.ndjson"


def test_three_thousand_exports_are_each_done_once_whatever_dies(airflow, emulator, chance, report):
    say = diary()
    control, victims = emulator.control, Victims(airflow, chance)
    control.configure(**EARTH)
    plan = planned(chance)
    run = airflow.trigger("bulk", {"report": str(report)})
    until(control.operations, timeout=240, waiting_for="the first export")
    begun = time.monotonic()
    with Workers(airflow) as workers:
        for kind, moment, later in plan:
            until(lambda: len(control.operations()) >= moment, timeout=600, waiting_for=f"{moment} exports")  # noqa: B023  # called at once
            time.sleep(later)
            say(f"{len(control.operations())} started; killing a {kind}: {victims.kill(kind)}")
        last_kill = time.monotonic()
        assert run.wait(timeout=900) == "success", f"{run.states()}\n{airflow.logs()}"
    seconds = time.monotonic() - begun

    judgement = judged(control, run, report)
    table(
        "kill -9 of what works for one bulk task",
        Counter(kind for kind, *_ in plan),
        judgement,
        time.monotonic() - last_kill,
    )
    show(
        f"{len(TILES):,} exports in one task",
        ("", "seconds"),
        [
            ("from the first export until the task was over", seconds),
            ("of these a worker was in use", workers.seconds),
        ],
    )
    assert not judgement.complaints, airflow.logs()
