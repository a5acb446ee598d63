"""A triggerer that stands still for a while and then goes on finds its triggers with another one, and cancels nothing."""

import time

import pytest

from tests.airflow.polling import until
from tests.chaos.invariants import judge
from tests.chaos.pace import ENDLESS
from tests.chaos.report import diary, table
from tests.chaos.work import Work

SECONDS = (10, 60)


@pytest.fixture(scope="module")
def triggerers():
    return 2


def watchers(work):
    """Which triggerer watches each of the tasks."""
    return {task.label: (task.info["trigger"] or {}).get("triggerer_id") for task in work.tasks()}


def looks(emulator):
    """How often somebody looked, at one operation or at the list."""
    methods = ("projects.operations.get", "projects.operations.list")
    return sum(len(emulator.control.ledger.entries(method)) for method in methods)


def test_a_triggerer_that_comes_back_cancels_nothing(airflow, emulator, chance, amount):
    say = diary()
    emulator.control.configure(time=ENDLESS)
    work = Work(airflow, emulator.control)
    work.start("ten_exports", amount(3, 10))
    work.wait_for_states("deferred")
    until(lambda: None not in watchers(work).values(), timeout=120, waiting_for="every trigger to be taken")
    stalls, moved = amount(1, 20), 0
    for _ in range(stalls):
        before, triggerer, seconds = watchers(work), chance.choice(airflow.triggerers), chance.uniform(*SECONDS)
        triggerer.pause()
        time.sleep(seconds)
        triggerer.resume()
        moves = sum(before[label] != watcher for label, watcher in watchers(work).items())
        say(f"{triggerer.name} stood still for {seconds:.0f} s; {moves} triggers moved")
        moved += moves
        seen = looks(emulator)
        until(lambda seen=seen: looks(emulator) >= seen + 6, timeout=120, waiting_for="both triggerers to look again")
    emulator.control.configure(time="at once")
    end = time.monotonic()
    work.wait()
    judgement = judge(work)
    actions = {"stalls": stalls, "moved triggers": moved}
    table("SIGSTOP of one of two triggerers", actions, judgement, time.monotonic() - end)
    assert moved, "No trigger ever moved, so nothing was shown."
    assert not judgement.complaints, airflow.logs()
