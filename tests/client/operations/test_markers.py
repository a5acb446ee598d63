import json
from dataclasses import replace

import pytest

from airflow_provider_ee.client.arguments.names import request_id
from airflow_provider_ee.client.operations.markers import Note, Ticket

TICKET = Ticket(deployment="01234567", dag="0123456789ab", task="cdef01234567", epoch="2")


@pytest.mark.parametrize("epoch", ["0", "12", "2c1"])
def test_a_ticket_is_read_from_the_end_of_a_description(epoch):
    ticket = replace(TICKET, epoch=epoch)
    assert Ticket.read(f"ndvi [2024] {ticket.marker}") == ticket


@pytest.mark.parametrize(
    "description",
    [
        pytest.param(None, id="none"),
        pytest.param("", id="empty"),
        pytest.param(f"{TICKET.marker} and more", id="not at the end"),
        pytest.param(TICKET.marker.replace("[af-0", "[af-"), id="a digit short"),
        pytest.param(TICKET.marker.upper(), id="capitals"),
        pytest.param("[af---]", id="no digits"),
        pytest.param(f"{TICKET.marker[:-1]}-0123]", id="a digest of an item that is too short"),
    ],
)
def test_only_a_whole_mark_at_the_end_counts(description):
    assert Ticket.read(description) is None


@pytest.mark.parametrize(
    ("change", "same"),
    [({"epoch": "3"}, True), ({"task": "0" * 12}, False), ({"dag": "0" * 12}, False), ({"deployment": "0" * 8}, False)],
    ids=str,
)
def test_a_task_instance_stays_the_same_in_every_epoch(change, same):
    assert TICKET.same_task(replace(TICKET, **change)) is same


@pytest.mark.parametrize("key", ["a", "2024-05-01/31TGL", "ÄÖ 🛰", "x" * 10_000])
def test_the_ticket_of_an_item_is_read_from_a_description_too(key):
    ticket = TICKET.for_item(key)
    assert len(ticket.item) == 12
    assert Ticket.read(f"ndvi [2024] {ticket.marker}") == ticket


def test_the_marker_of_a_whole_task_says_nothing_of_items():
    assert TICKET.marker == "[af-01234567-0123456789ab-cdef01234567-2]"
    assert TICKET.request_id(3) == "af-01234567-0123456789ab-cdef01234567-2-3"
    assert TICKET.for_item("a").marker == f"[af-01234567-0123456789ab-cdef01234567-2-{TICKET.for_item('a').item}]"


def test_an_item_keeps_its_digest_in_every_epoch_and_every_release():
    assert TICKET.for_item("tile 1").item == replace(TICKET, epoch="9").for_item("tile 1").item == "7d1be44a6bff"


@pytest.mark.parametrize(
    ("other", "covered"),
    [
        pytest.param(TICKET.for_item("a"), True, id="an item"),
        pytest.param(replace(TICKET, epoch="3").for_item("a"), True, id="an item of another epoch"),
        pytest.param(TICKET, False, id="the task as a whole"),
        pytest.param(replace(TICKET, task="0" * 12).for_item("a"), False, id="an item of another task"),
        pytest.param(replace(TICKET, dag="0" * 12).for_item("a"), False, id="an item of another DAG"),
        pytest.param(replace(TICKET, deployment="0" * 8).for_item("a"), False, id="an item of another deployment"),
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
    longest = replace(TICKET, epoch="99c99").for_item("a")
    assert request_id(longest.request_id(ended) + "-q9999")


def test_request_ids_of_items_differ_by_task_epoch_item_and_count():
    items = [
        ticket.for_item(key)
        for ticket in (TICKET, replace(TICKET, epoch="3"), replace(TICKET, task="0" * 12))
        for key in "ab"
    ]
    ids = {item.request_id(ended) for item in items for ended in (0, 1)}
    assert len(ids) == 12


def test_request_ids_are_such_as_earth_engine_takes():
    note = Note(replace(TICKET, epoch="99c99"), replace(TICKET, epoch="99c99").request_id(99))
    for _ in range(1000):
        note = note.refused()
    assert request_id(note.request_id) == note.request_id


def test_a_note_survives_being_kept():
    note = Note(TICKET, "id", ended=1, refusals=2, operation="projects/p/operations/A", fingerprint="f")
    assert Note.read(json.loads(json.dumps(note.kept()))) == note


def test_a_note_of_a_later_release_is_understood():
    note = Note(TICKET, "id")
    assert Note.read({**note.kept(), "colour": "green"}) == note


@pytest.mark.parametrize(
    "kept", [None, "projects/p/operations/A", {}, {"request_id": "id"}, {"ticket": TICKET.marker}], ids=str
)
def test_what_is_no_note_is_none(kept):
    assert Note.read(kept) is None
