from dataclasses import replace

import pytest

from airflow_provider_ee.client.bulk.snapshot import read_epoch, take_snapshot
from airflow_provider_ee.client.rest.flows import Pause
from tests.client.bulk.histories import TICKET, answer, digest, operation
from tests.client.playing import play


def told(description, state="RUNNING"):
    return {"name": f"projects/p/operations/{description}", "metadata": {"state": state, "description": description}}


def snapshot_of(*pages, ticket=TICKET, **options):
    answers = [{"operations": list(page), "nextPageToken": str(number)} for number, page in enumerate(pages)]
    del answers[-1]["nextPageToken"]
    return play(take_snapshot("projects/p", ticket, **options), answers)


def names(snapshot):
    return {item: [found.id for found in history] for item, history in snapshot.operations.items()}


def test_operations_are_sorted_by_item_the_newest_first():
    snapshot, _ = snapshot_of([answer("FAILED", minute=1), answer("RUNNING", key="b"), answer("PENDING", minute=2)])
    assert names(snapshot) == {digest("a"): ["a-2-2", "a-2-1"], digest("b"): ["b-2-0"]}


def test_all_epochs_of_the_task_are_in_it_whichever_asks():
    listed = [answer("FAILED", epoch=epoch, minute=int(epoch)) for epoch in ("3", "2", "1")]
    snapshot, _ = snapshot_of(listed, ticket=replace(TICKET, epoch="epoch3"))
    assert [read_epoch(found) for found in snapshot.operations[digest("a")]] == ["epoch3", "epoch2", "epoch1"]


@pytest.mark.parametrize(
    "description",
    [
        pytest.param(replace(TICKET, task="task0001").for_item("a").marker, id="of another task"),
        pytest.param(replace(TICKET, dag="dag0001").for_item("a").marker, id="of another DAG"),
        pytest.param(replace(TICKET, deployment="depl1").for_item("a").marker, id="of another deployment"),
        pytest.param(TICKET.marker, id="of the task as a whole"),
        pytest.param("a person's export", id="of a person"),
        pytest.param("", id="without a description"),
    ],
)
def test_what_was_not_started_for_an_item_of_the_task_is_left_out(description):
    snapshot, _ = snapshot_of([told(description)])
    assert names(snapshot) == {}


@pytest.mark.parametrize(
    "strange", [{}, {"name": "n"}, {"metadata": None}, {"name": 5, "metadata": {"state": []}}], ids=str
)
def test_operations_that_say_nothing_are_left_out(strange):
    snapshot, _ = snapshot_of([strange])
    assert (snapshot.pending, names(snapshot)) == (0, {})


def test_everybodys_operations_wait_in_the_same_queue():
    states = ["PENDING", "RUNNING", "CANCELLING", "SUCCEEDED"]
    mine = [answer(state, minute=minute) for minute, state in enumerate(states)]
    others = [told("a person's", "PENDING"), told(replace(TICKET, task="task0001").marker, "PENDING"), told("at work")]
    snapshot, _ = snapshot_of([*mine, *others])
    assert snapshot.pending == 3


def test_what_is_done_does_not_wait_whatever_its_state_says():
    snapshot, _ = snapshot_of([{**told("strange", "PENDING"), "done": True}])
    assert snapshot.pending == 0


def test_an_operation_that_slips_onto_the_next_page_counts_once():
    slipping = answer("PENDING")
    snapshot, _ = snapshot_of([answer("PENDING", key="b"), slipping], [slipping, answer("RUNNING", key="c")])
    assert snapshot.pending == 2
    assert names(snapshot)[digest("a")] == ["a-2-0"]


def test_all_pages_are_read_however_little_is_on_them():
    barren = [[told(f"a person's {number}")] for number in range(9)]
    snapshot, asked = snapshot_of(*barren, [answer("SUCCEEDED")])
    assert len([step for step in asked if not isinstance(step, Pause)]) == 10
    assert names(snapshot) == {digest("a"): ["a-2-0"]}


def test_whoever_has_time_pauses_after_each_page():
    _, asked = snapshot_of([answer("SUCCEEDED")], [answer("FAILED", key="b")], pause=0.25)
    assert asked.count(Pause(0.25)) == 2


def test_those_that_are_not_done_are_the_active_ones():
    states = ["PENDING", "RUNNING", "CANCELLING", "SUCCEEDED", "FAILED", "CANCELLED"]
    snapshot, _ = snapshot_of([answer(state, minute=minute, epoch="1") for minute, state in enumerate(states)])
    assert {found.state for found in snapshot.active()} == {"PENDING", "RUNNING", "CANCELLING"}


def test_answers_are_not_kept_whole():
    snapshot, _ = snapshot_of([answer("RUNNING")])
    [[found]] = snapshot.operations.values()
    assert found.raw == {}


def test_what_no_task_started_has_no_epoch():
    assert read_epoch(operation("RUNNING", epoch="2")) == "epoch2"
    assert read_epoch(operation("RUNNING", description="a person's")) == ""
