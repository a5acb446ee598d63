"""Whatever dies, and however suddenly, each task has its work done once."""

import math
import time
from collections import Counter

import pytest

from tests.chaos.invariants import judge
from tests.chaos.pace import Pace
from tests.chaos.report import diary, table
from tests.chaos.victims import KINDS, Victims
from tests.chaos.work import Work

IN_FLIGHT = 50
SPARE = 20  # tasks that start or finish meanwhile
SECONDS_BETWEEN = (1, 5)


@pytest.fixture(scope="module")
def triggerers():
    return 2


def test_no_kill_makes_work_be_done_twice_or_never_or_cancelled(airflow, emulator, chance, amount):
    say = diary()
    kills = [kind for kind in KINDS for _ in range(amount(2, 20))]
    chance.shuffle(kills)
    work, victims = Work(airflow, emulator.control), Victims(airflow, chance)
    with Pace(emulator.control, chance, 20, 90) as pace:
        pace.at_least = IN_FLIGHT
        for kind in kills:
            missing = IN_FLIGHT + SPARE - (10 * len(work.runs) - work.finished())
            work.start("ten_exports_of_both_kinds", max(0, math.ceil(missing / 10)))
            work.wait_for_operations(IN_FLIGHT)
            time.sleep(chance.uniform(*SECONDS_BETWEEN))
            say(f"{work.in_flight()} in flight; killing a {kind}: {victims.kill(kind)}")
        last_kill = time.monotonic()
        pace.at_least = 0
        work.wait()
        seconds = time.monotonic() - last_kill
    judgement = judge(work)
    table("kill -9 at random moments", Counter(kills), judgement, seconds)
    assert not judgement.complaints, airflow.logs()
