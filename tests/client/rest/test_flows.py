"""Flows are driven by hand: no server, no loop, no clock."""

import pytest

from airflow_provider_ee.client.errors import InvalidRequest, NotFound, OverBudget, TimedOut, Transient
from airflow_provider_ee.client.operations import listing, waiting
from airflow_provider_ee.client.rest import flows, methods
from airflow_provider_ee.client.rest.flows import Pause
from airflow_provider_ee.client.rest.partial import PartialResponses
from tests.client.playing import play

NAME = "projects/p/operations/A"
RUNNING = {"name": NAME, "metadata": {"state": "RUNNING"}}
DONE = {"name": NAME, "done": True, "metadata": {"state": "SUCCEEDED"}}
A, B, C = ({"name": f"projects/p/operations/{letter}", "metadata": {"state": "PENDING"}} for letter in "ABC")


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


def test_pages_are_followed_to_the_end():
    flow = flows.pages(methods.operations_list("projects/p", pageSize=2), "operations")
    found, asked = play(flow, [{"operations": [A, B], "nextPageToken": "t"}, {"operations": [C]}])
    assert found == [A, B, C]
    assert [request.params for request in asked] == [{"pageSize": 2}, {"pageSize": 2, "pageToken": "t"}]


def test_a_page_may_be_empty_and_not_the_last():
    found, _ = play(flows.pages(methods.operations_list("projects/p"), "operations"), [{"nextPageToken": "t"}, {}])
    assert found == []


def test_a_page_of_what_is_computed_is_asked_for_in_the_body():
    flow = flows.pages(methods.table_compute_features("projects/p", body={"pageSize": 1}), "features")
    _, asked = play(flow, [{"features": [A], "nextPageToken": "t"}, {}])
    assert [request.body for request in asked] == [{"pageSize": 1}, {"pageSize": 1, "pageToken": "t"}]


@pytest.mark.parametrize("tokens", [["a", "a"], ["a", "b", "a"]], ids=["the last one", "an earlier one"])
def test_a_list_whose_page_token_comes_again_is_an_error(tokens):
    flow = flows.pages(methods.operations_list("projects/p"), "operations")
    with pytest.raises(Transient, match=r"projects\.operations\.list on projects/p/operations: The list does not end"):
        play(flow, [{"operations": [A], "nextPageToken": token} for token in tokens])


def test_a_list_of_ever_more_empty_pages_is_an_error():
    flow = flows.pages(methods.operations_list("projects/p"), "operations")
    with pytest.raises(Transient, match="does not end"):
        play(flow, [{"nextPageToken": str(number)} for number in range(2000)])


@pytest.mark.parametrize("listed", [None, "A", 7, {"a": 1}, ["A", 7, None, []]], ids=str)
def test_what_is_no_list_of_objects_is_an_empty_one(listed):
    assert play(listing.list_operations("projects/p"), [{"operations": listed, "nextPageToken": ["t"]}])[0] == []


def test_operations_are_listed_by_the_page_size_of_the_official_clients():
    found, [request] = play(listing.list_operations("projects/p"), [{"operations": [RUNNING]}])
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


def test_the_last_poll_is_at_the_deadline_however_long_the_interval_is():
    _, asked, _ = wait([RUNNING, DONE], deadline=3.0)
    assert [step for step in asked if isinstance(step, Pause)] == [Pause(3.0)]


def test_an_end_at_the_last_moment_still_counts():
    assert wait([RUNNING, DONE], deadline=1.0)[0].succeeded


def test_too_much_computing_time_ends_the_wait():
    costly = {**RUNNING, "metadata": {"state": "RUNNING", "batchEecuUsageSeconds": 30.5}}
    with pytest.raises(OverBudget, match=r"30\.5"):
        wait([RUNNING, costly], max_eecu_seconds=30.0)


def find(names, answers):
    """Return the names found, those that are not, and what the flow asked for."""
    wanted, found = {f"projects/p/operations/{name}" for name in names}, []
    flow = listing.find_operations("projects/p", wanted, lambda operation: found.append(operation.id))
    _, asked = play(flow, answers)
    return found, sorted(name[-1] for name in wanted), asked


def requests(asked):
    return [step for step in asked if not isinstance(step, Pause)]


def listed(*pages):
    """Return pages as Earth Engine links them, each with what leads to the next one, the last one too."""
    return [{"operations": operations, "nextPageToken": str(number)} for number, operations in enumerate(pages)]


PAGE, EMPTY_PAGE = [A, B], []


def test_operations_are_looked_for_page_by_page_until_all_are_found():
    found, missing, asked = find("AC", listed(PAGE, [C]))
    assert (found, missing) == (["A", "C"], [])
    assert len(requests(asked)) == 2


def test_the_search_ends_after_two_pages_that_show_none_of_them():
    found, missing, _ = find("BX", listed(PAGE, EMPTY_PAGE, EMPTY_PAGE))
    assert (found, missing) == (["B"], ["X"])


def test_for_many_it_reads_as_many_pages_as_it_would_send_gets():
    _, _, asked = find([f"{number}" for number in range(9)], listed(*[EMPTY_PAGE] * 9))
    assert len(requests(asked)) == 9


def test_what_was_found_before_an_error_is_not_lost():
    wanted, found = {A["name"], C["name"]}, []
    flow = listing.find_operations("projects/p", wanted, found.append)
    with pytest.raises(Transient):
        play(flow, [*listed(PAGE), Transient("busy")])
    assert wanted == {C["name"]}
    assert [operation.name for operation in found] == [A["name"]]


def test_the_event_loop_is_left_to_others_many_times_while_a_page_is_read():
    page = {"operations": [{"name": f"projects/p/operations/{number}"} for number in range(500)]}
    _, _, asked = find(["499"], [page])
    assert asked.count(Pause(0.0)) >= 10


def count(answers, enough=100):
    pending, asked = play(listing.count_pending("projects/p", enough), answers)
    return pending, len(requests(asked))


RUNS, ENDED = [RUNNING], [DONE]


def test_what_waits_is_counted_and_nothing_else():
    assert count([{"operations": [A, RUNNING, B, DONE]}]) == (2, 1)


def test_it_counts_past_a_page_where_nothing_is_active_and_not_past_two():
    assert count(listed(PAGE, ENDED, PAGE, ENDED, ENDED)) == (4, 5)


def test_where_something_runs_something_may_wait_further_on():
    assert count(listed(RUNS, RUNS, RUNS, PAGE, ENDED, ENDED)) == (2, 6)


def test_more_than_enough_is_not_counted():
    assert count(listed(PAGE, PAGE), enough=3) == (4, 2)


def scan(answers, **options):
    """Return whether the list was read to its end, the names that were read, and what was asked for."""
    names = []
    flow = listing.scan_operations("projects/p", lambda page: names.extend(one["name"][-1] for one in page), **options)
    complete, asked = play(flow, answers)
    return complete, "".join(names), asked


def test_there_is_a_pause_after_each_page():
    _, _, asked = scan([*listed(PAGE), {"operations": [C]}], pause=7.0)
    assert asked.count(Pause(7.0)) == 2


def test_a_list_is_read_to_its_end():
    assert scan([*listed(PAGE), {"operations": [C]}])[:2] == (True, "ABC")


def test_only_some_fields_are_asked_for():
    _, _, asked = scan([*listed(PAGE), {}], fields="nextPageToken")
    assert [request.params.get("fields") for request in requests(asked)] == ["nextPageToken"] * 2


def test_where_fields_are_refused_whole_answers_are_asked_for_from_then_on():
    partial = PartialResponses()
    answers = [InvalidRequest("fields"), *listed(PAGE), {"operations": [C]}]
    complete, names, asked = scan(answers, fields="nextPageToken", partial=partial)
    assert (complete, names) == (True, "ABC")
    assert ["fields" in request.params for request in requests(asked)] == [True, False, False]
    _, _, asked = scan([{"operations": [C]}], fields="nextPageToken", partial=partial)
    assert "fields" not in asked[0].params


def test_a_list_that_is_refused_whatever_its_fields_is_refused():
    partial = PartialResponses()
    with pytest.raises(InvalidRequest, match="no list"):
        scan([InvalidRequest("no"), InvalidRequest("no list")], fields="nextPageToken", partial=partial)
    assert not partial.refused


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
