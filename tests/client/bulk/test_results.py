import json
from dataclasses import replace

import pytest

from airflow_provider_ee.client.bulk.counts import Counts
from airflow_provider_ee.client.bulk.item_states import ItemState, Refusal
from airflow_provider_ee.client.bulk.items import read_items
from airflow_provider_ee.client.bulk.results import list_results, summarize
from tests.client.bulk.histories import TICKET, operation
from tests.emulator.requests import constant

WHERE = {"bucket": "my-bucket", "file_name_prefix": "a", "uri_prefix": "gs://my-bucket/a"}
ENDED = operation(
    "SUCCEEDED",
    destinationUris=["https://console/my-bucket"],
    batchEecuUsageSeconds=12.5,
    attempt=2,
    startTime="2026-01-01T01:00:00Z",
    endTime="2026-01-01T02:00:00Z",
)


def items(*keys, **words):
    given = [{"key": key, "image": constant(), "bucket": "my-bucket", **words} for key in keys]
    return read_items(given, TICKET, kind="image_to_cloud_storage", common={})


def row(item_state):
    [item] = items("a")
    [told] = list_results([item], {item.digest: item_state})
    return told


def ended(**words):
    """An operation that was started for the item, with these arguments."""
    [item] = items("a", **words)
    return replace(ENDED, description=item.request("projects/p", "id-1").body["description"])


def test_of_an_item_that_succeeded_everything_is_told():
    assert row(ItemState(operation=ended())) == {
        "key": "a",
        "operation": "projects/p/operations/a-2-0",
        "state": "SUCCEEDED",
        "error": None,
        "outputs": WHERE,
        "destination_changed": False,
        "destination_uris": ["https://console/my-bucket"],
        "eecu_seconds": 12.5,
        "attempt": 2,
        "start_time": "2026-01-01T01:00:00Z",
        "end_time": "2026-01-01T02:00:00Z",
    }


@pytest.mark.parametrize(
    ("item_state", "state", "error", "operations"),
    [
        pytest.param(ItemState(operation=operation("FAILED"), ended=1), "FAILED", "It went wrong.", "a-2-0", id="failed"),
        pytest.param(ItemState(operation=operation("CANCELLED"), ended=1), "CANCELLED", "It went wrong.", "a-2-0", id="cancelled"),
        pytest.param(ItemState(operation=operation("RUNNING")), "RUNNING", None, "a-2-0", id="at work"),
        pytest.param(ItemState(refusal=Refusal("No such band.")), "REFUSED", "No such band.", None, id="refused"),
        pytest.param(ItemState(operation=operation("FAILED"), ended=1, refusal=Refusal("No.")), "REFUSED", "No.", "a-2-0", id="refused again"),
        pytest.param(ItemState(wanted=True), "NOT_STARTED", None, None, id="not started"),
        pytest.param(ItemState(wanted=True, operation=operation("FAILED"), ended=1), "NOT_STARTED", "It went wrong.", "a-2-0", id="not started again"),
    ],
)  # fmt: skip
def test_of_any_other_item_the_reason_is_told_and_no_result(item_state, state, error, operations):
    told = row(item_state)
    name = operations and f"projects/p/operations/{operations}"
    assert (told["state"], told["error"], told["operation"]) == (state, error, name)
    assert told["outputs"] == {}


def test_of_an_item_that_was_started_with_another_destination_no_place_is_named():
    told = row(ItemState(operation=ended(bucket="another-bucket")))
    assert (told["state"], told["outputs"], told["destination_changed"]) == ("SUCCEEDED", {}, True)


def test_items_are_told_of_in_their_order_whoever_was_first():
    a, b = items("a", "b")
    told = list_results([b, a], {a.digest: ItemState(), b.digest: ItemState()})
    assert [row["key"] for row in told] == ["b", "a"]


def test_a_row_is_plain_json():
    told = row(ItemState(operation=ENDED))
    assert json.loads(json.dumps(told)) == told


def test_a_summary_is_the_tally_of_what_is_over():
    counts = Counts(succeeded=7, running=1, pending=2, to_submit=3, failed=4, eecu_seconds=1.23456, kept=5)
    assert summarize(counts) == {
        "total": 17,
        "succeeded": 7,
        "failed": 4,
        "not_started": 3,
        "kept": 5,
        "eecu_seconds": 1.235,
    }
