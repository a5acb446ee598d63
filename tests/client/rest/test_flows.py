"""Flows are driven by hand: no server, no loop, no clock."""

import pytest

from airflow_provider_ee.client.errors import Transient
from airflow_provider_ee.client.rest import flows, methods
from tests.client.playing import play

A, B, C = ({"name": f"projects/p/operations/{letter}", "metadata": {"state": "PENDING"}} for letter in "ABC")


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
