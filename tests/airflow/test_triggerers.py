"""Triggerers come and go, stall and come back: that is no reason to cancel anything."""

import pytest

from tests.airflow.judging import cancels, ended, started
from tests.airflow.polling import until
from tests.airflow.trigger_logs import said, taken

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("airflow")]

MAPPED = range(3)


@pytest.fixture(autouse=True)
def _nothing_ends_by_itself(emulator):
    emulator.control.reset()
    emulator.control.configure(time="seconds=600")


def waiting(airflow, emulator, subject):
    """Start a run of mapped tasks, and return it and their operations once a triggerer waits for each."""
    run = airflow.trigger("waiting_mapped", {"about": subject})
    operations = [started(emulator, f"{subject}-{index}") for index in MAPPED]
    for index in MAPPED:
        taken(airflow, run, index)
    return run, operations


def all_succeed_untouched(run, emulator, operations):
    assert [cancels(emulator, operation) for operation in operations] == [0] * len(operations)
    for operation in operations:
        emulator.control.finish(operation.name)
    assert run.wait() == "success", run.states()
    assert [cancels(emulator, operation) for operation in operations] == [0] * len(operations)


def test_a_triggerer_that_stalls_until_another_has_its_triggers_cancels_nothing_when_it_goes_on(airflow, emulator):
    run, operations = waiting(airflow, emulator, "stalled")
    stalled, other = airflow.triggerers[-1], airflow.start_triggerer()
    until(lambda: "Starting the triggerer" in other.tail(), timeout=240, waiting_for="the other triggerer")
    stalled.pause()
    for index in MAPPED:
        taken(airflow, run, index, triggerers=2)

    stalled.resume()

    def told_to_stop():
        return all("invoking on_kill" in log and "completed" in log for log in stalled_logs())

    def stalled_logs():
        return [said(airflow, run, index)[job] for index in MAPPED]

    [job] = {min(said(airflow, run, index), key=int) for index in MAPPED}
    until(told_to_stop, timeout=240, waiting_for="Airflow to take the triggers from the one that stalled")
    stalled.kill()
    all_succeed_untouched(run, emulator, operations)


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_triggerer_that_is_ended_cancels_nothing(airflow, emulator, how):
    run, operations = waiting(airflow, emulator, how)
    leaving = airflow.triggerers[-1]
    airflow.start_triggerer()

    getattr(leaving, how)()

    for index in MAPPED:
        taken(airflow, run, index, triggerers=2)
    all_succeed_untouched(run, emulator, operations)


def test_a_task_that_is_ended_while_no_triggerer_is_there_is_cancelled_by_its_next_try(airflow, emulator):
    """Airflow tells nobody of such an end, so the operation goes on until the task is cleared, or for good."""
    run = airflow.trigger("waiting_deferred_at_earthengine_default", {"about": "unheard"})
    first = started(emulator, "unheard")
    taken(airflow, run)
    airflow.triggerers[-1].kill()
    run.mark("export", "failed")
    run.wait()
    airflow.start_triggerer()
    assert not first.state.terminal

    run.clear("export")

    second = started(emulator, "unheard", count=2)
    assert ended(first) == "CANCELLED"
    assert second.created >= first.ended
    emulator.control.finish(second.name)
    assert run.wait() == "success", run.log("export", 2)
