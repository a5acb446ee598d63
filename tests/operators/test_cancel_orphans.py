"""The search for orphans in Airflow's task runner, against the emulator."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from airflow.sdk import DAG
from airflow.sdk.execution_time import comms

from airflow_provider_ee.client.operations.markers import Ticket
from airflow_provider_ee.operators.base.identity import deployment
from airflow_provider_ee.operators.cancel.orphans import GONE, EarthEngineCancelOrphansOperator
from tests.tasks import Supervisor, run_task

CANCEL = "projects.operations.cancel"


@pytest.fixture(autouse=True)
def _an_airflow_with_a_name_and_work_that_takes_long(earth_engine, monkeypatch):
    monkeypatch.setenv("AIRFLOW__EARTHENGINE__DEPLOYMENT_ID", "production")
    earth_engine.control.configure(time="looks=99999")


@pytest.fixture
def started(earth_engine, supervisor):
    """Let a task instance in some state have an operation that still works."""
    supervisor.task_states = {}

    def start(task_state, *, dag_id="d", run_id="r", task_id="export", map_index=-1, demand="", age=3600):
        identity = {"dag_id": dag_id, "run_id": run_id, "task_id": task_id, "map_index": map_index}
        ticket = Ticket.of(deployment(), **identity, run_start="", demand=demand)
        [operation] = earth_engine.control.seed_operations("emulator", description=f"NDVI{ticket.marker}")
        created = (datetime.now(UTC) - timedelta(seconds=age)).isoformat()
        earth_engine.control.distort(operation.name, {"metadata.createTime": created})
        if task_state != GONE:
            supervisor.task_states[dag_id, run_id, task_id, map_index] = task_state
        return operation

    return start


def search(supervisor, **words):
    outcome = run_task(EarthEngineCancelOrphansOperator(**{"task_id": "search", "dry_run": True, **words}), supervisor)
    assert outcome.state == "success", outcome.error
    return outcome.result


def cancelled(earth_engine):
    return {entry.operation for entry in earth_engine.control.ledger.entries(CANCEL)}


def names(orphans):
    return {orphan["name"] for orphan in orphans}


@pytest.mark.parametrize("task_state", ["failed", "skipped", "upstream_failed", "removed", GONE])
def test_the_operation_of_a_task_that_is_over_is_cancelled(earth_engine, supervisor, started, task_state):
    operation = started(task_state)
    [orphan] = search(supervisor, dry_run=False)
    assert (orphan["name"], orphan["task_state"], orphan["cancelled"]) == (operation.name, task_state, True)
    assert cancelled(earth_engine) == {operation.name}


@pytest.mark.parametrize(
    "task_state",
    [None, "scheduled", "queued", "running", "restarting", "deferred", "up_for_retry", "up_for_reschedule", "success"],
)
def test_the_operation_of_a_task_that_may_want_it_is_left_alone(earth_engine, supervisor, started, task_state):
    started(task_state)
    assert search(supervisor, dry_run=False) == []
    assert cancelled(earth_engine) == set()


def test_the_operation_of_a_task_that_succeeded_without_it_is_cancelled_on_request(earth_engine, supervisor, started):
    succeeded, failed = started("success"), started("failed", run_id="r2")
    assert names(search(supervisor, dry_run=False, task_states=["success"])) == {succeeded.name}
    assert cancelled(earth_engine) == {succeeded.name} != {failed.name}


def test_in_a_dry_run_it_only_says_what_it_would_cancel(earth_engine, supervisor, started):
    operation = started("failed", task_id="export", map_index=3)
    [orphan] = search(supervisor, dry_run=True)
    assert orphan.pop("create_time")
    assert orphan == {
        "name": operation.name,
        "description": operation.asked.description,
        "state": "PENDING",
        "dag_id": "d",
        "run_id": "r",
        "task_id": "export",
        "map_index": 3,
        "task_state": "failed",
        "cancelled": False,
    }
    assert cancelled(earth_engine) == set()


def test_what_it_returns_is_plain_json(supervisor, started):
    started("failed")
    started(GONE)
    orphans = search(supervisor)
    assert json.loads(json.dumps(orphans)) == orphans


def test_of_a_task_instance_that_is_gone_only_the_dag_is_known(supervisor, started):
    started(GONE)
    [orphan] = search(supervisor, dry_run=True)
    assert orphan["dag_id"] == "d"
    assert orphan["run_id"] is orphan["task_id"] is orphan["map_index"] is None


def test_an_operation_of_before_the_task_was_cleared_is_an_orphan_too(supervisor, started):
    operations = [started("failed", demand=demand) for demand in ("0", "1", "1c2")]
    assert names(search(supervisor)) == {operation.name for operation in operations}


def test_an_operation_of_another_deployment_is_left_alone(earth_engine, supervisor, started, monkeypatch):
    monkeypatch.setenv("AIRFLOW__EARTHENGINE__DEPLOYMENT_ID", "staging")
    started("failed")
    monkeypatch.setenv("AIRFLOW__EARTHENGINE__DEPLOYMENT_ID", "production")
    assert search(supervisor, dry_run=False) == []
    assert cancelled(earth_engine) == set()


def test_an_operation_without_a_mark_is_left_alone(earth_engine, supervisor, started):
    earth_engine.control.seed_operations("emulator", description="Somebody's own work")
    earth_engine.control.seed_operations("emulator")
    assert search(supervisor, dry_run=False) == []
    assert cancelled(earth_engine) == set()


def test_by_default_only_the_dag_of_the_task_is_searched(supervisor, started):
    here, _ = started("failed", dag_id="d"), started("failed", dag_id="another")
    assert names(search(supervisor)) == {here.name}


def test_every_dag_that_is_named_is_searched_and_no_other(supervisor, started):
    operations = {dag_id: started("failed", dag_id=dag_id) for dag_id in ("d", "a", "b")}
    assert names(search(supervisor, dag_ids=["a", "b"], dry_run=True)) == {operations["a"].name, operations["b"].name}
    assert names(search(supervisor, dag_ids="a")) == {operations["a"].name}


def test_one_index_of_a_mapped_task_does_not_speak_for_another(supervisor, started):
    operations = [started(state, map_index=index) for index, state in enumerate(["deferred", "failed", "deferred"])]
    assert names(search(supervisor)) == {operations[1].name}


@pytest.mark.parametrize("first", ["the mapped one", "the other"])
def test_a_task_whose_name_looks_like_a_map_index_is_not_mistaken_for_one(supervisor, started, first):
    ways = [("failed", {"task_id": "export", "map_index": 1}), ("deferred", {"task_id": "export_1"})]
    if first == "the other":
        ways.reverse()
    operations = {state: started(state, **way) for state, way in ways}
    assert names(search(supervisor)) == {operations["failed"].name}


def test_a_task_whose_name_looks_like_a_map_index_does_not_hide_that_it_is_gone(supervisor, started):
    gone, _ = started(GONE, task_id="export", map_index=1), started("deferred", task_id="export_1")
    [orphan] = search(supervisor, dry_run=True)
    assert (orphan["name"], orphan["task_state"]) == (gone.name, GONE)


@pytest.mark.parametrize(("age", "found"), [(599, 0), (601, 1)])
def test_an_operation_younger_than_ten_minutes_is_left_alone(supervisor, started, age, found):
    started("failed", age=age)
    assert len(search(supervisor)) == found


def test_an_operation_that_does_not_say_how_old_it_is_counts_as_young(earth_engine, supervisor, started):
    operation = started("failed")
    earth_engine.control.distort(operation.name, dropped=["metadata.createTime"])
    assert search(supervisor, min_age=timedelta(0)) == []


def test_an_operation_that_is_over_is_left_alone(earth_engine, supervisor, started):
    earth_engine.control.finish(started("failed").name)
    assert search(supervisor, dry_run=False) == []


def test_an_operation_that_is_being_cancelled_is_not_cancelled_again(earth_engine, supervisor, started):
    earth_engine.control.configure(cancelling="never")
    started("failed")
    assert len(search(supervisor, dry_run=False)) == 1
    assert search(supervisor, dry_run=False) == []


def refuse_to_cancel(earth_engine, status):
    return earth_engine.control.arm("status", CANCEL, status=status, message="Not this one.")


def test_an_orphan_that_cannot_be_cancelled_does_not_save_the_others(earth_engine, supervisor, started):
    operations = [started("failed", run_id=f"r{number}") for number in range(3)]
    refuse_to_cancel(earth_engine, 403)
    outcome = run_task(EarthEngineCancelOrphansOperator(task_id="search", dry_run=False), supervisor)
    refused = operations.pop().name  # the newest comes first
    assert type(outcome.error).__name__ == "AirflowException"
    assert f"1 of 3 orphans could not be cancelled: {refused}: " in str(outcome.error)
    assert "Not this one." in str(outcome.error)
    assert {str(operation.state) for operation in operations} <= {"CANCELLING", "CANCELLED"}


def test_an_operation_that_ends_before_it_can_be_cancelled_is_no_failure(earth_engine, supervisor, started):
    earth_engine.control.configure(time="looks=2")
    started("failed")
    refusal = refuse_to_cancel(earth_engine, 400)
    [orphan] = search(supervisor, dry_run=False)
    assert (refusal.met, orphan["cancelled"]) == (1, False)


def test_an_operation_that_vanishes_before_it_can_be_cancelled_is_no_failure(earth_engine, supervisor, started):
    started("failed")
    refusal = refuse_to_cancel(earth_engine, 404)
    [orphan] = search(supervisor, dry_run=False)
    assert (refusal.met, orphan["cancelled"]) == (1, False)


def silent(asked):
    raise RuntimeError("the supervisor is gone")


def vague(asked):
    return comms.OKResponse(ok=True)


def knows_of_a_task(asked):
    return comms.TaskStatesResult(task_states={"r": {"export": "failed"}})


@pytest.mark.parametrize(
    ("about_the_dag", "about_the_task"),
    [(silent, silent), (vague, vague), (knows_of_a_task, silent), (knows_of_a_task, vague)],
)
def test_if_airflow_does_not_say_how_a_task_is_nothing_is_cancelled(
    earth_engine, started, about_the_dag, about_the_task
):
    class Airflow(Supervisor):
        def send(self, msg):
            if msg.type != "GetTaskStates":
                return super().send(msg)
            return about_the_dag(msg) if msg.task_ids is None else about_the_task(msg)

    started("failed")
    outcome = run_task(EarthEngineCancelOrphansOperator(task_id="search", dry_run=False), Airflow())
    assert outcome.state == "failed"
    assert cancelled(earth_engine) == set()


def test_airflow_is_not_asked_about_dags_that_left_nothing_behind(supervisor, started):
    supervisor.task_state = None  # it would not answer
    started("failed", dag_id="another")
    assert search(supervisor) == []


def test_an_airflow_without_a_name_of_its_own_cancels_nothing(earth_engine, supervisor, started, monkeypatch):
    monkeypatch.setenv("AIRFLOW__EARTHENGINE__DEPLOYMENT_ID", "")
    operation = started("failed")
    assert names(search(supervisor, dry_run=True)) == {operation.name}
    outcome = run_task(EarthEngineCancelOrphansOperator(task_id="search", dry_run=False), supervisor)
    assert type(outcome.error).__name__ == "AirflowFailException"
    assert "Set [earthengine] deployment_id in Airflow" in str(outcome.error)
    assert cancelled(earth_engine) == set()


def test_the_url_of_its_api_is_name_enough_for_an_airflow(supervisor, started, monkeypatch):
    monkeypatch.setenv("AIRFLOW__EARTHENGINE__DEPLOYMENT_ID", "")
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "https://airflow.example.com")
    operation = started("failed")
    assert names(search(supervisor, dry_run=False)) == {operation.name}


@pytest.mark.parametrize(("dry_run", "cancels"), [(True, False), (False, True)], ids=["dry", "for real"])
def test_a_switch_in_the_form_of_the_dag_decides_whether_it_is_a_dry_run(supervisor, started, dry_run, cancels):
    started("failed", dag_id="exports")
    with DAG("d", schedule=None, params={"dry_run": dry_run, "dag": "exports"}):
        operator = EarthEngineCancelOrphansOperator(
            task_id="search", dag_ids=["{{ params.dag }}"], dry_run="{{ params.dry_run }}"
        )
    [orphan] = run_task(operator, supervisor).result
    assert orphan["cancelled"] is cancels


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"dry_run": "perhaps"}, "dry_run: 'perhaps' is not a truth value. Allowed: true or false."),
        ({"dry_run": "{{ undefined_thing | default('') }}"}, "dry_run: '' is not a truth value"),
        ({"dry_run": None}, "dry_run: None is not a truth value"),
        ({"dag_ids": []}, "dag_ids: [] names nothing. Allowed: one name, or a list of names."),
        ({"dag_ids": ""}, "dag_ids: '' names nothing"),
        ({"dag_ids": ["d", ""]}, "dag_ids: ['d', ''] names nothing"),
        ({"project_id": "No Project"}, "project_id: 'No Project' is not a valid Google Cloud project id"),
    ],
    ids=str,
)
def test_wrong_arguments_fail_for_good_before_anything_is_asked(earth_engine, supervisor, words, problem):
    outcome = run_task(EarthEngineCancelOrphansOperator(**{"task_id": "search", "dry_run": False, **words}), supervisor)
    assert type(outcome.error).__name__ == "AirflowFailException"
    assert problem in str(outcome.error)
    assert earth_engine.control.ledger.entries() == []


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"task_states": ["failed", "running"]}, "task_states: ['failed', 'running'] are not states of finished tasks"),
        ({"task_states": "failed"}, "task_states: 'failed' are not states of finished tasks"),
        ({"task_states": []}, "task_states: [] are not states of finished tasks"),
        ({"min_age": timedelta(seconds=-1)}, "min_age: datetime.timedelta(days=-1, seconds=86399) is not an age"),
    ],
    ids=str,
)
def test_what_no_template_can_change_is_refused_when_the_dag_is_read(words, problem):
    with pytest.raises(ValueError, match=re.escape(problem)):
        EarthEngineCancelOrphansOperator(**{"task_id": "search", "dry_run": True, **words})
