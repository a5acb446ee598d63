import pytest

from airflow_provider_ee.client.computing.computations import collect_features, compute_features, compute_value, table
from airflow_provider_ee.client.errors import InvalidArgument, InvalidRequest
from tests.client.playing import play

ONE = {"result": "0", "values": {"0": {"constantValue": 1}}}
A, B, C = ({"type": "Feature", "id": letter, "properties": {}} for letter in "abc")


def test_a_value_is_what_stands_in_the_answer():
    value, [request] = play(compute_value("projects/p", ONE, workload_tag="t"), [{"result": [1, "two"]}])
    assert value == [1, "two"]
    assert (request.path, request.body) == ("projects/p/value:compute", {"expression": ONE, "workloadTag": "t"})


def test_an_answer_without_a_value_is_null():
    assert play(compute_value("projects/p", ONE), [{}])[0] is None


def test_features_come_page_by_page_and_none_is_kept():
    told = []
    number, requests = play(
        compute_features("projects/p", ONE, told.append),
        [{"features": [A, B], "nextPageToken": "t"}, {"nextPageToken": "u"}, {"features": [C]}],
    )
    assert (number, told) == (3, [[A, B], [], [C]])
    assert [request.body for request in requests] == [
        {"expression": ONE, "pageSize": 1000},
        {"expression": ONE, "pageSize": 1000, "pageToken": "t"},
        {"expression": ONE, "pageSize": 1000, "pageToken": "u"},
    ]


def test_whoever_takes_a_page_may_end_the_computation():
    def full(page):
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        play(compute_features("projects/p", ONE, full), [{"features": [A], "nextPageToken": "t"}])


def test_a_small_table_is_collected():
    answers = [{"features": [A], "nextPageToken": "t"}, {"features": [B]}]
    assert play(collect_features("projects/p", ONE, 2), answers)[0] == [A, B]


def test_of_a_larger_one_no_more_is_asked_for_than_shows_that_it_is():
    flow = collect_features("projects/p", ONE, 1)
    assert next(flow).body["pageSize"] == 2
    with pytest.raises(InvalidRequest, match=r"more than 1 features\. Raise max_features, or have them written"):
        flow.send({"features": [A, B]})


@pytest.mark.parametrize(
    ("asset_id", "known"),
    [("projects/p/assets/t", "projects/p/assets/t"), ("FAO/GAUL/2015/level0", "FAO/GAUL/2015/level0")],
)
def test_a_table_may_be_an_asset(asset_id, known):
    assert table(None, asset_id)["values"]["0"]["functionInvocationValue"] == {
        "functionName": "Collection.loadTable",
        "arguments": {"tableId": {"constantValue": known}},
    }


def test_a_table_of_the_official_client_is_the_same(ee):
    assert table(None, "FAO/GAUL/2015/level0") == table(ee.FeatureCollection("FAO/GAUL/2015/level0"))


@pytest.mark.parametrize("words", [(None, None), (ONE, "a/b")], ids=["neither", "both"])
def test_a_table_comes_from_one_place(words):
    with pytest.raises(InvalidArgument, match="expression: features come from one place"):
        table(*words)
