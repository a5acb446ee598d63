"""Waits for an operation and for room in the queue, driven by hand."""

import pytest

from airflow_provider_ee.client.errors import NotFound, OverBudget, TimedOut, Transient
from airflow_provider_ee.client.operations import waiting
from airflow_provider_ee.client.rest.flows import Pause
from tests.client.playing import play

NAME = "projects/p/operations/A"
RUNNING = {"name": NAME, "metadata": {"state": "RUNNING"}}
DONE = {"name": NAME, "done": True, "metadata": {"state": "SUCCEEDED"}}
A, B, C = ({"name": f"projects/p/operations/{letter}", "metadata": {"state": "PENDING"}} for letter in "ABC")

PAGE = [A, B]


def wait(answers, **options):
    clock = iter(range(1000))
    lines = []
    flow = waiting.wait_for_operation(
        NAME,
        poll_interval=7.0,
        clock=lambda: float(next(clock)),
        report=lines.append,
        warn=lines.append,
        **options,
    )
    return (*play(flow, answers), lines)


def test_waiting_looks_until_it_is_done_and_pauses_between():
    operation, asked, lines = wait([RUNNING, RUNNING, DONE])
    assert operation.succeeded
    assert [step for step in asked if isinstance(step, Pause)] == [Pause(7.0), Pause(7.0)]
    assert len(lines) == 2


@pytest.mark.parametrize("trouble", [Transient("busy"), NotFound("lag")], ids=["outage", "lag"])
def test_a_bad_look_does_not_end_a_wait(trouble):
    operation, _, lines = wait([trouble, trouble, trouble, DONE])
    assert operation.succeeded
    assert len(lines) == 2


def test_what_does_not_heal_ends_the_wait():
    with pytest.raises(NotFound):
        wait([NotFound("gone")] * 700)


def test_a_deadline_ends_the_wait_and_says_that_the_work_goes_on():
    with pytest.raises(TimedOut, match="goes on at Earth Engine unless cancelled"):
        wait([RUNNING] * 10, deadline=3.0)


def test_the_last_poll_is_at_the_deadline_however_long_the_interval_is():
    _, asked, _ = wait([RUNNING, DONE], deadline=3.0)
    assert [step for step in asked if isinstance(step, Pause)] == [Pause(3.0)]


def test_an_end_at_the_last_moment_still_counts():
    assert wait([RUNNING, DONE], deadline=1.0)[0].succeeded


def test_too_much_computing_time_ends_the_wait():
    costly = {**RUNNING, "metadata": {"state": "RUNNING", "batchEecuUsageSeconds": 30.5}}
    with pytest.raises(OverBudget, match=r"30\.5"):
        wait([RUNNING, costly], max_eecu_seconds=30.0)


def room(answers, **options):
    clock, lines = iter(range(0, 100_000, 100)), []
    flow = waiting.wait_for_room(
        "projects/p",
        2,
        poll_interval=100.0,
        clock=lambda: float(next(clock)),
        report=lines.append,
        warn=lines.append,
        **options,
    )
    return (*play(flow, answers), lines)


def test_room_in_the_queue_is_waited_for():
    pending, asked, lines = room([{"operations": PAGE}, Transient("busy"), {"operations": [C]}])
    assert pending == 1
    assert [step for step in asked if step == Pause(100.0)] == [Pause(100.0)] * 2
    assert lines == [
        "At least 2 operations are pending in p: waiting for fewer than 2. Nothing is submitted yet.",
        "Cannot poll just now, trying again: busy",
    ]


def test_that_there_is_no_room_is_said_every_five_minutes():
    assert len(room([{"operations": PAGE}] * 6 + [{}])[2]) == 2


def test_the_wait_for_room_ends_at_its_deadline_and_not_after_an_interval():
    with pytest.raises(TimedOut, match="Fewer than 2 operations were never pending"):
        room([{"operations": PAGE}] * 3, deadline=150.0)
