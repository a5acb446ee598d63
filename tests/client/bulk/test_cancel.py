import pytest

from airflow_provider_ee.client.bulk import cancel as bulk_cancel
from airflow_provider_ee.client.bulk.cancel import cancel_all_items, cancel_operations
from airflow_provider_ee.client.operations.operation import Operation
from tests.client.bulk.visits import Task, client_of

CANCEL = "projects.operations.cancel"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(bulk_cancel, "_SECONDS_BETWEEN_PASSES", 0.0)  # two


def states(emulator):
    return [str(operation.state) for operation in emulator.control.operations()]


def cancel_all(task, lines):
    with client_of(task.emulator) as client:
        cancel_all_items(client, task.ticket, concurrency=4, log=lines.append)


def test_all_that_is_not_done_is_cancelled_whichever_epoch_it_is_of(emulator):
    emulator.control.configure(time="looks=1000000")
    task, lines = Task(emulator, 3, max_pending=3), []
    task.visit()
    emulator.control.finish(emulator.control.operations()[0].name)
    task.cleared()

    cancel_all(task, lines)

    assert sorted(states(emulator)) == ["CANCELLED", "CANCELLED", "SUCCEEDED"]
    assert lines == ["Cancelling 2 operations."]


def test_what_others_have_started_goes_on(emulator):
    emulator.control.configure(time="looks=1000000")
    task = Task(emulator, 2)
    task.visit()
    emulator.control.seed_operations("my-project", 2, description="a person's")

    cancel_all(task, [])

    assert states(emulator)[2:] == ["RUNNING", "RUNNING"]


def test_what_is_listed_late_is_cancelled_in_another_pass(emulator):
    emulator.control.configure(time="looks=1000000", list_lag="looks=2")
    task = Task(emulator, 2)
    task.visit()

    cancel_all(task, [])

    assert len(emulator.control.ledger.entries(CANCEL)) == 2


def test_nothing_is_cancelled_twice(emulator):
    emulator.control.configure(time="looks=1000000", cancelling="never")
    task, lines = Task(emulator, 5), []
    task.visit()

    cancel_all(task, lines)

    assert len(emulator.control.ledger.entries(CANCEL)) == 5
    assert lines == ["Cancelling 5 operations."]


def test_those_that_wait_are_cancelled_first(emulator):
    emulator.control.configure(time="looks=1000000", max_running=2)
    names = [operation.name for operation in emulator.control.seed_operations("my-project", 4)]
    shown = [Operation(name, state="PENDING" if name in names[2:] else "RUNNING") for name in names]

    with client_of(emulator) as client:
        cancel_operations(client, shown, concurrency=1, log=str)

    asked = [entry.operation for entry in emulator.control.ledger.entries(CANCEL)]
    assert asked == [*names[2:], *names[:2]]


def test_where_nothing_is_to_be_cancelled_nothing_is_said(emulator):
    lines = []
    with client_of(emulator) as client:
        cancel_operations(
            client, [Operation("n", done=True), Operation("m", state="CANCELLING")], concurrency=1, log=lines.append
        )
    assert (lines, emulator.control.ledger.entries(CANCEL)) == ([], [])


def test_trouble_with_some_does_not_save_the_others(emulator):
    emulator.control.configure(time="looks=1000000")
    names = [operation.name for operation in emulator.control.seed_operations("my-project", 3)]
    emulator.control.arm("status", CANCEL, status=403, message="No.")
    lines = []

    with client_of(emulator) as client:
        cancel_operations(client, [Operation(name, state="RUNNING") for name in names], concurrency=1, log=lines.append)

    assert sorted(states(emulator)) == ["CANCELLING", "CANCELLING", "PENDING"]
    assert lines[0] == "Cancelling 3 operations."
    assert lines[1].startswith(f"1 could not be cancelled and go on, {names[0]}: ")
