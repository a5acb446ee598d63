"""The list of operations, page by page."""

import pytest

from airflow_provider_ee.client.errors import InvalidRequest, Transient
from airflow_provider_ee.client.operations import listing
from airflow_provider_ee.client.rest.flows import Pause
from airflow_provider_ee.client.rest.partial import PartialResponses
from tests.client.playing import play

NAME = "projects/p/operations/A"
RUNNING = {"name": NAME, "metadata": {"state": "RUNNING"}}
DONE = {"name": NAME, "done": True, "metadata": {"state": "SUCCEEDED"}}
A, B, C = ({"name": f"projects/p/operations/{letter}", "metadata": {"state": "PENDING"}} for letter in "ABC")


@pytest.mark.parametrize("listed", [None, "A", 7, {"a": 1}, ["A", 7, None, []]], ids=str)
def test_what_is_no_list_of_objects_is_an_empty_one(listed):
    assert play(listing.list_operations("projects/p"), [{"operations": listed, "nextPageToken": ["t"]}])[0] == []


def test_operations_are_listed_by_the_page_size_of_the_official_clients():
    found, [request] = play(listing.list_operations("projects/p"), [{"operations": [RUNNING]}])
    assert [operation.name for operation in found] == [NAME]
    assert request.params == {"pageSize": 500}


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
