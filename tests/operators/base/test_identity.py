"""From an Airflow context to a ticket: which demand to be run a try belongs to."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from airflow_provider_ee.client.operations.markers import Note
from airflow_provider_ee.operators.base.identity import (
    default_description,
    may_be_mistaken,
    note_of,
    remember,
    ticket_of,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
LATER = START + timedelta(microseconds=1)


class Context(dict):
    """What a task gets, as much of it as counts here; its store outlives its tries, as Airflow's does."""

    def __init__(self, store=None, *, try_number=1, max_tries=0, retries=0, clears=0, start=START, **identity):
        task = SimpleNamespace(retries=retries)
        whose = {"dag_id": "d", "run_id": "r", "task_id": "t", "map_index": -1, **identity}
        ti = SimpleNamespace(task=task, try_number=try_number, max_tries=max_tries, **whose)
        super().__init__(ti=ti, dag_run=SimpleNamespace(clear_number=clears, start_date=start))
        if store is not None:
            self["task_state_store"] = SimpleNamespace(get=store.get, set=store.__setitem__)


def submitted(store, **state):
    """A try that submits: it writes down what it knows."""
    context = Context(store, **state)
    ticket = ticket_of(context)
    remember(context, Note(ticket, ticket.request_id(0)).kept())
    return ticket


def test_every_try_has_the_same_ticket():
    store = {}
    assert submitted(store, max_tries=2, retries=2) == submitted(store, try_number=2, max_tries=2, retries=2)


@pytest.mark.parametrize("store", [{}, None], ids=["with task state", "without"])
def test_a_clear_gives_another_ticket_of_the_same_task(store):
    first = ticket_of(Context(store, max_tries=0))
    cleared = ticket_of(Context(store, try_number=2, max_tries=1, clears=1))
    assert first != cleared
    assert first.same_task(cleared)


@pytest.mark.parametrize("identity", [{"dag_id": "x"}, {"run_id": "x"}, {"task_id": "x"}, {"map_index": 1}], ids=str)
def test_another_task_instance_has_another_ticket(identity):
    assert not ticket_of(Context()).same_task(ticket_of(Context(**identity)))


def test_a_ticket_is_the_same_in_every_release_for_operations_outlive_them(monkeypatch):
    monkeypatch.setenv("AIRFLOW__EARTHENGINE__DEPLOYMENT_ID", "production")
    assert ticket_of(Context(max_tries=2)).marker == ";af:CfAhExsNQAf8KuTRNDPrMSSGDe"


def test_another_deployment_has_another_ticket(monkeypatch):
    ours = ticket_of(Context())
    monkeypatch.setenv("AIRFLOW__EARTHENGINE__DEPLOYMENT_ID", "staging")
    assert not ours.same_task(ticket_of(Context()))


@pytest.mark.parametrize("store", [{}, None], ids=["with task state", "without"])
def test_a_run_that_was_deleted_and_made_again_has_another_ticket_of_the_same_task(store):
    first = ticket_of(Context(store))
    again = ticket_of(Context(store, start=LATER))
    assert first != again
    assert first.same_task(again)


def test_a_run_that_somebody_queues_again_while_it_is_under_way_changes_nothing_where_there_is_a_note():
    store = {}
    assert submitted(store) == submitted(store, try_number=2, start=LATER)


@pytest.mark.parametrize(
    "url",
    [
        "http://airflow.example.com",
        "https://airflow.example.com/",
        "https://airflow.example.com:443",
        "http://AIRFLOW.example.com:80/",
        "airflow.example.com",
        " https://airflow.example.com ",
    ],
)
def test_an_airflow_is_the_same_however_its_address_is_written(monkeypatch, url):
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://airflow.example.com")
    ours = ticket_of(Context())
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", url)
    assert ticket_of(Context()) == ours


@pytest.mark.parametrize(
    "url",
    ["https://airflow.example.com/b", "https://airflow.example.com:8443", "https://b.example.com", "http://[", ""],
)
def test_an_airflow_at_another_address_is_another(monkeypatch, url):
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://airflow.example.com/a")
    ours = ticket_of(Context())
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", url)
    assert ticket_of(Context()) != ours


@pytest.mark.parametrize(
    ("deployment", "url", "mistaken"),
    [
        ("", "", True),
        ("", "http://localhost:8080", True),
        ("", "http://127.0.0.1/airflow", True),
        ("", "http://[::1]:8080", True),
        ("", "https://airflow.example.com", False),
        ("production", "", False),
        (" ", "", True),
    ],
)
def test_an_airflow_without_an_address_of_its_own_may_be_taken_for_another(monkeypatch, deployment, url, mistaken):
    monkeypatch.setenv("AIRFLOW__EARTHENGINE__DEPLOYMENT_ID", deployment)
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", url)
    assert may_be_mistaken() is mistaken


@pytest.mark.parametrize("retries", [0, 1, 5])
def test_retries_that_are_edited_between_two_tries_change_nothing(retries):
    store = {}
    first = submitted(store, max_tries=2, retries=2)
    assert submitted(store, try_number=2, max_tries=2, retries=retries) == first


def test_a_clear_after_retries_were_lowered_gives_another_ticket_though_max_tries_is_the_same_by_chance():
    store = {}
    first = submitted(store, max_tries=1, retries=1)
    cleared = submitted(store, try_number=2, max_tries=1, retries=0, clears=1)
    assert cleared != first
    assert submitted(store, try_number=3, max_tries=1, retries=0, clears=1) == cleared


def test_so_does_a_clear_after_a_try_that_knew_of_the_lowered_retries():
    store = {}
    first = submitted(store, max_tries=2, retries=2)
    assert submitted(store, try_number=2, max_tries=2, retries=0) == first
    assert submitted(store, try_number=3, max_tries=2, retries=0, clears=1) != first


def test_another_task_that_is_cleared_in_the_same_run_changes_nothing():
    store = {}
    first = submitted(store, max_tries=1, retries=1)
    assert submitted(store, try_number=2, max_tries=1, retries=1, clears=1) == first


def test_what_is_written_down_is_found_again():
    store = {}
    ticket = submitted(store)
    assert note_of(Context(store, try_number=2)) == Note(ticket, ticket.request_id(0))


def test_where_airflow_keeps_no_notes_there_are_none():
    assert note_of(Context(None)) is None
    remember(Context(None), Note(ticket_of(Context()), "id").kept())


@pytest.mark.parametrize(
    ("identity", "text"),
    [
        ({"run_id": "manual__2026-01-01T00:00:00+00:00"}, "d:t:manual__2026-01-01T00:00:00Z"),
        ({"map_index": 3}, "d:t:3:r"),
        ({"map_index": None}, "d:t:r"),
    ],
    ids=str,
)
def test_the_default_description_tells_dag_task_map_index_and_run(identity, text):
    assert default_description(Context(**identity), 65) == text
