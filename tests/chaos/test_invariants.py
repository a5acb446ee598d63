"""The judge sees each kind of fault: a judge that finds nothing because it looks at nothing would be worse than none."""

import pytest

from airflow_provider_ee.emulator.server import Emulator
from airflow_provider_ee.emulator.state.operation import State
from tests.airflow.rest import Refused
from tests.chaos.invariants import judge
from tests.chaos.work import Task, Work

LABEL = "run-0:deferred:-1"


class Told:
    """A run that tells of an operation in its XComs, or of none."""

    def __init__(self, operation=None):
        self.operation = operation

    def xcom(self, task_id, key="return_value", map_index=-1):
        if self.operation is None:
            raise Refused("There is no such XCom.")
        name = self.operation.name
        return name if key == "operation_name" else {"name": name, "state": "SUCCEEDED"}


class OneTask(Work):
    """The work of one task, which is over."""

    state = "success"
    told = Told()

    def tasks(self):
        return [Task(LABEL, self.told, {"state": self.state, "task_id": "deferred", "map_index": -1})]


@pytest.fixture
def control(tmp_path):
    return Emulator(tmp_path).control


@pytest.fixture
def work(control):
    return OneTask(airflow=None, control=control)


def started(control, state=State.SUCCEEDED, epoch=0):
    [operation] = control.seed_operations("p", description=f"{LABEL};af:{'0' * 25}{epoch}.0000")
    operation.state = state
    return operation


def cancelled(control, operation):
    """Note down that somebody cancelled an operation."""
    entry = control.ledger.open(0.0, "POST", "")
    entry.method, entry.operation = "projects.operations.cancel", operation.name


def test_one_operation_of_which_the_task_tells_is_fine(work, control):
    work.told = Told(started(control))
    assert not judge(work).complaints


def test_two_operations_for_the_same_demand_are_a_duplicate(work, control):
    started(control)
    work.told = Told(started(control))
    assert judge(work).complaints == {"duplicates": [f"{LABEL} in epoch 000000: 2"]}


def test_an_operation_for_each_demand_is_fine_if_the_old_one_was_cancelled(work, control):
    cancelled(control, started(control, State.CANCELLED))
    work.told = Told(started(control, epoch=1))
    assert not judge(work, ended={LABEL}).complaints


def test_a_task_without_any_work_done_is_lost(work):
    assert judge(work).complaints == {"lost": [LABEL]}


def test_a_cancelled_operation_of_a_task_that_nobody_ended_is_wrong(work, control):
    operation = started(control)
    cancelled(control, operation)
    work.told = Told(operation)
    assert judge(work).complaints == {"wrong_cancels": [LABEL]}


def test_an_operation_that_goes_on_after_its_task_has_no_owner(work, control):
    operation = started(control, State.RUNNING)
    assert judge(work, given_up={LABEL}).complaints == {"ownerless": [f"{LABEL}: {operation.name}"]}


def test_a_failed_task_did_not_succeed(work, control):
    work.told, work.state = Told(started(control)), "failed"
    assert judge(work).complaints == {"unsuccessful": [f"{LABEL}: failed"]}


def test_a_task_that_does_not_tell_of_its_operation_is_incomplete(work, control):
    started(control)
    assert judge(work).complaints == {"incomplete": [f"{LABEL}: There is no such XCom."]}


def test_a_task_that_tells_of_another_operation_is_incomplete(work, control):
    first, _ = started(control, State.CANCELLED), started(control)
    work.told = Told(first)
    assert list(judge(work).complaints) == ["incomplete"]
