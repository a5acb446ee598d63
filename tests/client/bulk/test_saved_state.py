import json
from dataclasses import replace

import pytest

from airflow_provider_ee.client.arguments import names
from airflow_provider_ee.client.bulk.saved_state import MAX_REFUSALS, SavedState
from tests.client.bulk.histories import TICKET, digest

BEGUN, NOW = 1000.0, 2000.0


def full():
    """A saved_state in which there is something of everything."""
    saved_state = SavedState(TICKET, 3, BEGUN, failures_reported=1, fruitless_visits=2, start_over=True)
    saved_state.record_full_queue(digest("c"), 3000)
    saved_state.record_full_queue(digest("d"), 2000)
    saved_state.use_up_id(digest("a"))
    saved_state.use_up_id(digest("a"))
    saved_state.refuse(digest("b"), "no such bucket")
    return saved_state


def load(kept, ticket=TICKET, try_number=3):
    return SavedState.load(kept, ticket, try_number, NOW)


def test_it_survives_being_kept():
    assert load(json.loads(json.dumps(full().to_json()))) == full()


def test_the_queue_is_as_large_as_it_said_last():
    assert full().queue_capacity == 2000


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param(None, id="nothing"),
        pytest.param("a text", id="a text"),
        pytest.param({}, id="an empty dict"),
        pytest.param({"ticket": TICKET.marker}, id="no more than the ticket"),
    ],
)
def test_where_nothing_was_kept_it_begins_now(kept):
    assert load(kept) == SavedState(TICKET, 3, NOW)


@pytest.mark.parametrize(
    "change",
    [{"epoch": "3"}, {"task": "f" * 12}, {"dag": "f" * 12}, {"deployment": "f" * 8}],
    ids=str,
)
def test_what_was_kept_for_another_run_is_forgotten(change):
    other = replace(TICKET, **change)
    assert load(full().to_json(), other) == SavedState(other, 3, NOW)


def test_another_try_asks_again_for_what_was_refused_under_request_ids_that_are_not_used_up():
    later = load(full().to_json(), try_number=4)
    assert later.refused == {}
    assert (later.used_up_ids, later.queue_capacity, later.begun) == (full().used_up_ids, 2000, BEGUN)


def test_what_a_later_release_keeps_besides_does_no_harm():
    assert load({**full().to_json(), "colour": "green"}) == full()


@pytest.mark.parametrize(
    ("key", "ended", "suffix"),
    [
        pytest.param("b", 0, "0", id="first"),
        pytest.param("b", 2, "2", id="after two that ended"),
        pytest.param("a", 0, "0-q2", id="used up twice"),
        pytest.param("a", 1, "1-q2", id="used up twice, then one ended"),
    ],
)
def test_new_work_has_a_request_id_of_its_own(key, ended, suffix):
    ticket = TICKET.for_item(key)
    assert full().request_id(ticket, ended) == f"{ticket.request_id(0)[:-2]}-{suffix}"


def test_no_request_id_is_too_long():
    saved_state, ticket = full(), TICKET.for_item("a")
    saved_state.used_up_ids[ticket.item] = 9999
    assert names.request_id(saved_state.request_id(ticket, 999))


def test_the_memory_of_ten_thousand_items_is_small():
    saved_state = SavedState(TICKET, 1, BEGUN)
    for number in range(10_000):
        item = digest(f"tile-{number}")
        if number < MAX_REFUSALS:
            saved_state.refuse(item, "Invalid value: " + "x" * 5000)
        if number >= 10_000 - 32:
            saved_state.record_full_queue(item, 3000)
            saved_state.used_up_ids[item] = 3
    assert len(json.dumps(saved_state.to_json())) < 60_000
