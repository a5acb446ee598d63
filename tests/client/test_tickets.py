import json
from dataclasses import replace

import pytest

from airflow_provider_ee.client.names import request_id
from airflow_provider_ee.client.tickets import Note, Ticket

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
