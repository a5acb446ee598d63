"""Cancelling operations, in Airflow's task runner, against the emulator."""

import pytest

from airflow_provider_ee.operators.cancel.operations import EarthEngineCancelOperationsOperator
from tests.tasks import run_task

CANCEL = "projects.operations.cancel"


@pytest.fixture
def operations(earth_engine):
    """One that waits and one that runs of the same name, and another."""
    earth_engine.control.configure(time="looks=99999")
    waits, runs = (earth_engine.control.seed_operations("emulator", description="ndvi 2026")[0] for _ in range(2))
    [other] = earth_engine.control.seed_operations("emulator", description="dem")
    earth_engine.control.distort(runs.name, {"metadata.state": "RUNNING"})
    for operation in (waits, other):
        earth_engine.control.distort(operation.name, {"metadata.state": "PENDING"})
    return waits.name, runs.name, other.name


def run(supervisor, **words):
    outcome = run_task(EarthEngineCancelOperationsOperator(task_id="cancel", **words), supervisor)
    assert outcome.state == "success", outcome.error
    return [one["name"] for one in outcome.result if one["cancelled"]]


def cancelled(earth_engine):
    return [entry.operation for entry in earth_engine.control.ledger.entries(CANCEL)]


def test_operations_are_cancelled_by_name(earth_engine, supervisor, operations):
    waits, _, other = operations
    assert run(supervisor, operation_names=[waits, other.rpartition("/")[2]]) == [waits, other]
    assert sorted(cancelled(earth_engine)) == sorted([waits, other])


def test_operations_are_cancelled_by_the_beginning_of_their_description(supervisor, operations):
    waits, runs, _ = operations
    assert sorted(run(supervisor, description_prefix="{{ 'ndvi' }} 2026")) == sorted([waits, runs])


def test_operations_are_cancelled_by_their_state(supervisor, operations):
    waits, runs, other = operations
    assert run(supervisor, states=["RUNNING"]) == [runs]
    assert sorted(run(supervisor, states="PENDING")) == sorted([waits, other])


def test_all_criteria_have_to_fit(supervisor, operations):
    waits, runs, other = operations
    assert run(supervisor, operation_names=[runs, other], description_prefix="ndvi") == [runs]
    assert run(supervisor, states=["PENDING"], description_prefix="ndvi") == [waits]


def test_those_that_wait_are_cancelled_before_those_that_run(supervisor, operations):
    assert run(supervisor, states=["PENDING", "RUNNING"])[-1] == operations[1]


def test_a_dry_run_says_what_it_would_cancel(earth_engine, supervisor, operations):
    outcome = run_task(
        EarthEngineCancelOperationsOperator(task_id="cancel", description_prefix="dem", dry_run="true"), supervisor
    )
    assert outcome.result == [{"name": operations[2], "description": "dem", "state": "PENDING", "cancelled": False}]
    assert cancelled(earth_engine) == []


def test_an_empty_list_of_names_cancels_nothing(earth_engine, supervisor, operations):
    assert run(supervisor, operation_names=[]) == []
    assert cancelled(earth_engine) == []


def test_one_that_is_over_is_left_alone(earth_engine, supervisor, operations):
    earth_engine.control.distort(operations[0])
    earth_engine.control.finish(operations[0])
    assert run(supervisor, operation_names=operations[0]) == []
    assert cancelled(earth_engine) == []


@pytest.mark.parametrize("status", [400, 404])
def test_one_that_ends_or_vanishes_before_it_can_be_cancelled_is_no_failure(earth_engine, supervisor, status):
    earth_engine.control.configure(time="looks=2")
    [operation] = earth_engine.control.seed_operations("emulator")
    refused = earth_engine.control.arm("status", CANCEL, status=status, message="It is over.")
    assert run(supervisor, operation_names=operation.name) == []
    assert refused.met == 1


def test_one_that_cannot_be_cancelled_does_not_save_the_others(earth_engine, supervisor, operations):
    earth_engine.control.arm("status", CANCEL, status=403, message="Not this one.")
    outcome = run_task(EarthEngineCancelOperationsOperator(task_id="cancel", states="PENDING"), supervisor)
    assert type(outcome.error).__name__ == "AirflowException"
    assert "1 of 2 operations could not be cancelled" in str(outcome.error)
    assert "Not this one." in str(outcome.error)
    assert len(cancelled(earth_engine)) == 2


def test_a_name_that_nobody_knows_fails_for_good(earth_engine, supervisor):
    outcome = run_task(EarthEngineCancelOperationsOperator(task_id="cancel", operation_names="NOBODYS"), supervisor)
    assert type(outcome.error).__name__ == "AirflowFailException"


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({}, "operation_names: every operation of the project would be cancelled"),
        ({"description_prefix": ""}, "description_prefix: '' is not a valid text"),
        ({"description_prefix": "{{ '' }}"}, "description_prefix: '' is not a valid text"),
        ({"operation_names": ""}, "operation_names: '' is not a list"),
        ({"operation_names": ["a/b"]}, "operation_names: 'a/b' is not a valid operation name"),
        ({"states": ["SUCCEEDED"]}, "states: 'SUCCEEDED' cannot be cancelled"),
        ({"states": []}, "states: [] is not a list"),
        ({"states": "PENDING", "dry_run": "perhaps"}, "dry_run: 'perhaps' is neither true nor false"),
        ({"states": "PENDING", "dry_run": None}, "dry_run: it is nothing"),
    ],
    ids=str,
)
def test_wrong_arguments_fail_for_good_before_anything_is_asked(earth_engine, supervisor, words, problem):
    outcome = run_task(EarthEngineCancelOperationsOperator(task_id="cancel", **words), supervisor)
    assert type(outcome.error).__name__ == "AirflowFailException"
    assert problem in str(outcome.error)
    assert earth_engine.control.ledger.entries() == []
