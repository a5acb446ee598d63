"""A run and the project's queue, which everybody shares."""

import pytest

from tests.client.bulk.visits import Task


def request_ids(emulator, status=200):
    entries = emulator.control.ledger.entries("projects.image.export")
    return [entry.request_id for entry in entries if entry.status == status]


def used_up(emulator):
    """The request ids that a full queue has used up: the first answer to each was no operation."""
    first = {}
    for entry in emulator.control.ledger.entries("projects.image.export"):
        first.setdefault(entry.request_id, entry.status)
    return {request_id for request_id, status in first.items() if status != 200}


def test_no_more_wait_than_may(emulator):
    emulator.control.configure(max_running=6)
    task = Task(emulator, 50, max_pending=20)

    run = task.see_through()

    assert run.counts.succeeded == 50
    assert set(task.started().values()) == {1}
    assert 10 <= task.most_pending <= 20
    assert request_ids(emulator, 429) == []


def test_what_others_have_waiting_counts_too(emulator):
    emulator.control.configure(max_running=1, time="looks=1000")
    emulator.control.seed_operations("my-project", 13)
    task = Task(emulator, 30, max_pending=20)
    run = task.visit()
    assert run.counts.active == 20 - 12  # one of the others has begun


@pytest.mark.parametrize("others", [20, 25])
def test_nothing_is_started_while_others_fill_the_queue(emulator, others):
    emulator.control.configure(max_running=1, time="looks=1000")
    emulator.control.seed_operations("my-project", others + 1)
    task = Task(emulator, 3, max_pending=20)
    run = task.visit()
    assert run.counts.to_submit == 3
    assert request_ids(emulator) == []


def test_another_projects_queue_does_not_matter(emulator):
    emulator.control.configure(max_running=1)
    emulator.control.seed_operations("another-project", 30)
    assert Task(emulator, 3, max_pending=20).visit().counts.active == 3


def test_a_queue_that_is_smaller_than_thought_is_learnt_from_its_refusal(emulator):
    emulator.control.configure(max_queue=20, max_running=1)
    task = Task(emulator, 60)

    run = task.visit()

    assert run.queue_capacity == 20
    refused = len(request_ids(emulator, 429))
    assert 1 <= refused <= run.concurrency
    assert task.notes[-1]["queue_capacity"] == 20
    assert len(task.notes[-1]["refused_by_queue"]) == refused
    task.visit()
    assert len(request_ids(emulator, 429)) == refused


@pytest.mark.parametrize(
    ("status", "duplicate"),
    [*((429, mode) for mode in ("same-operation", "already-exists", "invalid")), (400, "invalid"), (403, "invalid")],
)
def test_what_a_full_queue_turned_away_gets_in_later_under_another_id(emulator, status, duplicate):
    emulator.control.configure(max_queue=4, max_running=2, queue_full_status=status, duplicate_request_id=duplicate)
    task = Task(emulator, 14, concurrency=3)

    run = task.see_through()

    assert run.counts.succeeded == 14
    assert set(task.started().values()) == {1}
    assert task.most_pending <= 4
    assert used_up(emulator)
    assert not used_up(emulator) & set(request_ids(emulator))


def test_a_full_queue_ends_a_visit(emulator):
    emulator.control.configure(max_queue=5)
    task = Task(emulator, 40, concurrency=4)
    run = task.visit()
    assert len(emulator.control.ledger.entries("projects.operations.list")) == 1
    assert run.counts.to_submit == 35
    assert len(request_ids(emulator, 429)) <= 4


def test_visits_that_the_queue_lets_nothing_in_are_counted(emulator):
    emulator.control.configure(max_queue=0)
    task = Task(emulator, 3)
    assert [task.visit().saved_state.fruitless_visits for _ in range(3)] == [1, 2, 3]


def test_a_visit_in_which_all_was_refused_for_another_reason_does_not_count(emulator):
    emulator.control.arm("status", "projects.image.export", status=400, message="No such band.", times=3)
    assert Task(emulator, 3).visit().saved_state.fruitless_visits == 0


def test_a_visit_that_starts_something_ends_the_count(emulator):
    emulator.control.configure(max_queue=0)
    task = Task(emulator, 3)
    task.visit()
    emulator.control.configure(max_queue=2)
    task.notes[-1]["queue_capacity"] = None
    assert task.visit().saved_state.fruitless_visits == 0
