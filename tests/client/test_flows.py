"""Flows are driven by hand: no server, no loop, no clock."""

import pytest

from airflow_provider_ee.client import flows, methods
from airflow_provider_ee.client.errors import NotFound, TimedOut, Transient
from airflow_provider_ee.client.flows import Pause
from tests.client.playing import play

NAME = "projects/p/operations/A"
RUNNING = {"name": NAME, "metadata": {"state": "RUNNING"}}
DONE = {"name": NAME, "done": True, "metadata": {"state": "SUCCEEDED"}}


def wait(answers, **options):
    clock = iter(range(1000))
    lines = []
    flow = flows.wait_for_operation(
        NAME, poll_interval=7.0, clock=lambda: float(next(clock)), tell=lines.append, **options
    )
    return (*play(flow, answers), lines)


def test_pages_are_followed_to_the_end():
    listing = flows.pages(methods.operations_list("projects/p", pageSize=2), "operations")
    found, asked = play(listing, [{"operations": [1, 2], "nextPageToken": "t"}, {"operations": [3]}])
    assert found == [1, 2, 3]
    assert [request.params for request in asked] == [{"pageSize": 2}, {"pageSize": 2, "pageToken": "t"}]


def test_a_page_may_be_empty_and_not_the_last():
    found, _ = play(flows.pages(methods.operations_list("projects/p"), "operations"), [{"nextPageToken": "t"}, {}])
    assert found == []


def test_operations_are_listed_by_the_page_size_of_the_official_clients():
    found, [request] = play(flows.list_operations("projects/p"), [{"operations": [RUNNING]}])
    assert [operation.name for operation in found] == [NAME]
    assert request.params == {"pageSize": 500}


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


def test_an_end_at_the_last_moment_still_counts():
    assert wait([RUNNING, DONE], deadline=1.0)[0].succeeded
