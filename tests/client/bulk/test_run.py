"""All items of a task on a worker, against the emulator."""

import pytest

from tests.client.bulk.visits import Task, client_of


def test_a_hundred_items_are_exported_once_each(emulator):
    task = Task(emulator, 100)

    run = task.see_through()

    assert (run.counts.succeeded, run.counts.total) == (100, 100)
    assert task.started() == {f"tile-{number}": 1 for number in range(100)}
    files = {path.name for path in (emulator.root / "gs" / "my-bucket").iterdir()}
    assert files >= {f"tile-{number}.tif" for number in range(100)}


def test_a_visit_lists_once_and_asks_once_for_each_item(emulator):
    Task(emulator, 20).visit()
    assert len(emulator.control.ledger.entries("projects.operations.list")) == 1
    assert len(emulator.control.ledger.entries("projects.image.export")) == 20


def test_a_visit_with_nothing_to_start_asks_for_nothing(emulator):
    task = Task(emulator, 20)
    task.visit()
    assert task.visit().counts.active == 20
    assert len(emulator.control.ledger.entries("projects.image.export")) == 20


def test_submissions_are_under_way_at_the_same_time_but_no_more_than_wished(emulator):
    emulator.control.configure(latency_seconds=0.02)
    Task(emulator, 24, concurrency=6).visit()
    assert 1 < emulator.control.limits.peak_in_flight <= 6


def test_items_are_started_in_the_order_in_which_they_were_given(emulator):
    task = Task(emulator, 12, max_pending=4)
    task.visit()
    assert set(task.started()) == {f"tile-{number}" for number in range(4)}


def test_an_operation_says_for_which_item_it_is(emulator):
    task = Task(emulator, [{"key": "2024-05", "description": "May", "priority": 7}])
    task.visit()
    [operation] = emulator.control.operations()
    ticket = task.ticket.for_item("2024-05")
    assert operation.asked.description.startswith(f"May{ticket.marker}.")
    assert (operation.asked.request_id, operation.asked.priority) == (ticket.request_id(0), 7)


def test_whoever_comes_after_it_is_told_in_numbers_what_is_left(emulator):
    run = Task(emulator, 10, max_pending=4).visit()
    assert (run.remaining().to_submit, run.remaining().started) == (6, 4)
    assert not run.is_over
    assert len(run.active()) == 4


@pytest.mark.parametrize(
    ("items", "max_pending", "room"),
    [
        pytest.param(100, 50, 5, id="a tenth of the queue"),
        pytest.param(53, 50, 3, id="all that is left, if that is less"),
        pytest.param(5, 2, 1, id="one at least"),
        pytest.param(3, 3, 1, id="nothing is left"),
    ],
)
def test_little_room_is_not_worth_a_visit(emulator, items, max_pending, room):
    assert Task(emulator, items, max_pending=max_pending).visit().worthwhile_slots == room


def test_a_stop_before_the_first_submission_holds(emulator):
    task = Task(emulator, 3)
    with client_of(emulator) as client:
        run = task.run(client)
        run.look()
        run.stop()
        assert run.submit() is False
    assert task.started() == {}


def test_nothing_more_is_started_after_a_stop(emulator):
    def stopping():
        run.stop()
        return 5

    exports = [{"key": f"tile-{number}"} for number in range(20)]
    exports[4]["priority"] = stopping
    task = Task(emulator, exports)
    with client_of(emulator) as client:
        run = task.run(client)
        run.look()
        assert run.submit() is False
    assert len(task.started()) == 5
    assert run.counts.to_submit == 15
