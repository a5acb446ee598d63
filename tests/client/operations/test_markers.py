import json
from dataclasses import replace

import pytest

from airflow_provider_ee.client.arguments.descriptions import description
from airflow_provider_ee.client.arguments.names import request_id
from airflow_provider_ee.client.operations.markers import (
    LONGEST_ITEM_TEXT,
    LONGEST_TEXT,
    Note,
    Ticket,
    digest_in,
    request_digest,
)
from airflow_provider_ee.client.rest import methods

TICKET = Ticket(deployment="depl0", dag="dag0000", task="task0000", epoch="epoch2")
REQUEST = methods.image_export("projects/p", body={"expression": {"result": "0"}, "description": "ndvi"})


def test_a_ticket_is_read_from_the_end_of_a_description():
    assert Ticket.read(f"ndvi.2024{TICKET.marker}") == TICKET
    assert Ticket.read(f"ndvi.2024{TICKET.marker_for(REQUEST)}") == TICKET


@pytest.mark.parametrize(
    "description",
    [
        pytest.param(None, id="none"),
        pytest.param("", id="empty"),
        pytest.param(f"{TICKET.marker}_and_more", id="not at the end"),
        pytest.param(TICKET.marker[:-1], id="a letter short"),
        pytest.param(TICKET.marker.upper(), id="another sign"),
        pytest.param(f"{TICKET.marker}0123", id="a digest of an item that is too short"),
        pytest.param(TICKET.marker_for(REQUEST)[:-1], id="a digest of a request that is too short"),
    ],
)
def test_only_a_whole_marker_at_the_end_counts(description):
    assert Ticket.read(description) is None


@pytest.mark.parametrize(("ticket", "text"), [(TICKET, LONGEST_TEXT), (TICKET.for_item("a"), LONGEST_ITEM_TEXT)])
def test_the_longest_text_and_its_marker_are_such_as_earth_engine_takes(ticket, text):
    marker = ticket.marker_for(REQUEST)
    assert description("x" * text + marker) == "x" * text + marker
    assert len("x" * text + marker) == 100
    assert len(marker) < 44


def test_the_digests_of_a_ticket_are_as_long_as_its_marker_wants_them():
    ticket = Ticket.of("production", dag_id="d", run_id="r", task_id="t", map_index=3, run_start="1", demand="2")
    assert Ticket.read(ticket.for_item("a").marker) == ticket.for_item("a")


@pytest.mark.parametrize(
    ("change", "same"),
    [
        pytest.param({"description": "evi"}, True, id="another description"),
        pytest.param({"priority": 5}, True, id="another priority"),
        pytest.param({"requestId": "a"}, True, id="another id"),
        pytest.param({"expression": {"result": "1"}}, False, id="another expression"),
        pytest.param({"fileExportOptions": {}}, False, id="another destination"),
    ],
)
def test_the_digest_of_a_request_tells_other_work(change, same):
    other = methods.image_export("projects/p", body={**REQUEST.body, **change})
    assert (digest_in(f"ndvi{TICKET.marker_for(other)}") == request_digest(REQUEST)) is same


def test_a_description_without_a_digest_of_its_request_has_none():
    assert digest_in(TICKET.marker) is None


@pytest.mark.parametrize(
    ("change", "same"),
    [({"epoch": "3"}, True), ({"task": "x"}, False), ({"dag": "x"}, False), ({"deployment": "x"}, False)],
    ids=str,
)
def test_a_task_instance_stays_the_same_in_every_epoch(change, same):
    assert TICKET.same_task(replace(TICKET, **change)) is same


@pytest.mark.parametrize("key", ["a", "2024-05-01/31TGL", "ÄÖ 🛰", "x" * 10_000])
def test_the_ticket_of_an_item_is_read_from_a_description_too(key):
    ticket = TICKET.for_item(key)
    assert Ticket.read(f"ndvi{ticket.marker}") == ticket


def test_an_item_keeps_its_digest_in_every_epoch_and_every_release():
    assert TICKET.for_item("tile 1").item == replace(TICKET, epoch="9").for_item("tile 1").item == "FsCyTFji"


@pytest.mark.parametrize(
    ("other", "covered"),
    [
        pytest.param(TICKET.for_item("a"), True, id="an item"),
        pytest.param(replace(TICKET, epoch="3").for_item("a"), True, id="an item of another epoch"),
        pytest.param(TICKET, False, id="the task as a whole"),
        pytest.param(replace(TICKET, task="task0001").for_item("a"), False, id="an item of another task"),
        pytest.param(replace(TICKET, dag="dag0001").for_item("a"), False, id="an item of another DAG"),
        pytest.param(replace(TICKET, deployment="depl1").for_item("a"), False, id="an item of another deployment"),
        pytest.param(None, False, id="none"),
    ],
)
def test_a_task_covers_its_items(other, covered):
    assert TICKET.covers(other) is covered


def test_an_item_is_the_same_in_every_epoch_and_no_other_item():
    item = TICKET.for_item("a")
    assert item.same_task(replace(item, epoch="3"))
    assert not item.same_task(TICKET.for_item("b"))
    assert not item.same_task(TICKET)
    assert not TICKET.same_task(item)


@pytest.mark.parametrize("ended", [0, 9, 999])
def test_request_ids_of_items_are_such_as_earth_engine_takes(ended):
    assert request_id(TICKET.for_item("a").request_id(ended) + "-q9999")


def test_request_ids_of_items_differ_by_task_epoch_item_and_count():
    items = [
        ticket.for_item(key)
        for ticket in (TICKET, replace(TICKET, epoch="3"), replace(TICKET, task="task0001"))
        for key in "ab"
    ]
    ids = {item.request_id(ended) for item in items for ended in (0, 1)}
    assert len(ids) == 12


def test_request_ids_are_such_as_earth_engine_takes():
    note = Note(TICKET, TICKET.request_id(99))
    for _ in range(1000):
        note = note.with_next_id()
    assert request_id(note.request_id) == note.request_id


def test_a_note_survives_being_kept():
    note = Note(
        TICKET,
        "id",
        ended=1,
        used_up=2,
        refused=True,
        operation="projects/p/operations/A",
        fingerprint="f",
        destination={"asset_id": "a"},
    )
    assert Note.read(json.loads(json.dumps(note.kept()))) == note


def test_a_note_of_a_later_release_is_understood():
    note = Note(TICKET, "id")
    assert Note.read({**note.kept(), "colour": "green"}) == note


@pytest.mark.parametrize(
    "kept", [None, "projects/p/operations/A", {}, {"request_id": "id"}, {"ticket": TICKET.marker}], ids=str
)
def test_what_is_no_note_is_none(kept):
    assert Note.read(kept) is None


@pytest.mark.parametrize("name", ["", "A", "projects/p/assets/a", 3, {}], ids=str)
def test_a_note_never_names_what_is_no_operation(name):
    kept = {**Note(TICKET, "id").kept(), "operation": name}
    assert Note.read(kept) == Note(TICKET, "id")
    with pytest.raises(ValueError, match="does not name an operation"):
        Note(TICKET, "id", operation=name)


@pytest.mark.parametrize(
    "spoiled", [{"ended": "1"}, {"used_up": None}, {"request_id": "no id"}, {"request_id": "x" * 61}], ids=str
)
def test_a_note_that_cannot_be_one_is_none(spoiled):
    assert Note.read({**Note(TICKET, "id").kept(), **spoiled}) is None


def test_a_note_of_an_earlier_release_knows_no_destination():
    kept = Note(TICKET, "id", destination={"asset_id": "a"}).kept()
    del kept["destination"]
    assert Note.read(kept).destination == {}
