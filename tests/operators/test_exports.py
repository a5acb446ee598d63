"""Export operators in Airflow's task runner, against the emulator."""

import json
from datetime import timedelta

import pytest
import rasterio
from airflow.sdk import DAG

from airflow_provider_ee.operators.exports import (
    EarthEngineExportImageOperator,
    EarthEngineExportImageToCloudStorageOperator,
)
from tests.tasks import fire, resume, run_task

ELEVATION = {
    "result": "0",
    "values": {
        "0": {
            "functionInvocationValue": {
                "functionName": "Image.load",
                "arguments": {"id": {"constantValue": "EMULATOR/DEM"}},
            }
        }
    },
}


def to_cloud_storage(**changes):
    words = {
        "task_id": "export",
        "image": ELEVATION,
        "bucket": "bucket",
        "file_name_prefix": "a/dem",
        "region": [7, 46, 7.5, 46.25],
        "crs": "EPSG:4326",
        "crs_transform": [0.025, 0, 7, 0, -0.025, 46.25],
        "poll_interval": 0.05,
    }
    return EarthEngineExportImageToCloudStorageOperator(**{**words, **changes})


def raw(**changes):
    words = {
        "task_id": "export",
        "expression": ELEVATION,
        "grid": {
            "crsCode": "EPSG:4326",
            "dimensions": {"width": 4, "height": 4},
            "affineTransform": {"scaleX": 0.5, "scaleY": -0.5, "translateX": 7, "translateY": 47},
        },
        "file_export_options": {
            "fileFormat": "GEO_TIFF",
            "cloudStorageDestination": {"bucket": "bucket", "filenamePrefix": "p"},
        },
        "poll_interval": 0.05,
    }
    return EarthEngineExportImageOperator(**{**words, **changes})


def states(earth_engine):
    return {str(operation.state) for operation in earth_engine.control.operations()}


def test_an_export_on_the_worker_returns_what_it_did(earth_engine, supervisor):
    outcome = run_task(to_cloud_storage(), supervisor)
    assert outcome.state == "success", outcome.error
    assert outcome.result["state"] == "SUCCEEDED"
    assert outcome.result["type"] == "EXPORT_IMAGE"
    assert outcome.result["uri_prefix"] == "gs://bucket/a/dem"
    assert json.loads(json.dumps(outcome.result)) == outcome.result
    with rasterio.open(earth_engine.root / "gs" / "bucket" / "a" / "dem.tif") as file:
        assert (file.crs.to_epsg(), file.width, file.height) == (4326, 20, 10)


def test_a_deferred_export_goes_on_from_its_event_alone(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=2")
    deferred = run_task(to_cloud_storage(deferrable=True), supervisor)
    assert deferred.state == "deferred", deferred.error
    event = fire(deferred.trigger)
    assert event["status"] == "done"
    outcome = resume(to_cloud_storage(deferrable=True), supervisor, deferred, event)
    assert outcome.state == "success", outcome.error
    assert outcome.result["uri_prefix"] == "gs://bucket/a/dem"
    assert len(earth_engine.control.operations()) == 1


def test_what_is_done_when_a_retry_finds_it_is_never_deferred(earth_engine, supervisor):
    run_task(to_cloud_storage(), supervisor)
    outcome = run_task(to_cloud_storage(deferrable=True), supervisor, try_number=2)
    assert outcome.state == "success", outcome.error
    assert len(earth_engine.control.operations()) == 1


def test_without_waiting_the_task_ends_with_the_submission(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=99")
    outcome = run_task(to_cloud_storage(wait_for_completion=False), supervisor)
    assert (outcome.state, outcome.result["state"]) == ("success", "PENDING")


def test_name_and_links_are_there_as_soon_as_the_operation_is(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=99")
    outcome = run_task(to_cloud_storage(deferrable=True), supervisor)
    [operation] = earth_engine.control.operations()
    assert supervisor.xcoms["operation_name"] == operation.name
    pages = [link.get_link(outcome.task, ti_key=None) for link in outcome.task.operator_extra_links]
    assert pages == [
        "https://console.cloud.google.com/earth-engine/tasks?project=emulator",
        "https://console.cloud.google.com/storage/browser/bucket/a",
    ]


def test_who_waits_on_the_worker_has_the_link_meanwhile(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=2")
    run_task(to_cloud_storage(), supervisor)
    page = "https://console.cloud.google.com/earth-engine/tasks?project=emulator"
    assert supervisor.xcoms["_link_EarthEngineOperationLink"] == page


def test_the_raw_operator_sends_the_fields_of_the_reference(earth_engine, supervisor):
    outcome = run_task(raw(), supervisor)
    assert outcome.state == "success", outcome.error
    assert (earth_engine.root / "gs" / "bucket" / "p.tif").is_file()
    assert outcome.result["file_name_prefix"] == "p"


def test_an_export_to_an_asset_names_the_asset(earth_engine, supervisor):
    name = "projects/emulator/assets/dem"
    options = {"earthEngineDestination": {"name": name}}
    outcome = run_task(raw(file_export_options=None, asset_export_options=options), supervisor)
    assert outcome.state == "success", outcome.error
    assert outcome.result["asset_id"] == name


def test_an_expression_may_lie_in_a_file_beside_the_dag(earth_engine, supervisor, tmp_path):
    (tmp_path / "dem.json").write_text(json.dumps(ELEVATION))
    with DAG("d", schedule=None, template_searchpath=str(tmp_path)):
        operator = to_cloud_storage(image="dem.json")
    outcome = run_task(operator, supervisor)
    assert outcome.state == "success", outcome.error


def test_templates_are_rendered_before_anything_is_checked(earth_engine, supervisor):
    operator = to_cloud_storage(
        file_name_prefix="{{ ds }}/dem",
        crs_transform=None,
        scale="{{ 5000 }}",
        max_pixels="{{ 1e6 }}",
        priority="{{ 5 }}",
    )
    outcome = run_task(operator, supervisor)
    assert outcome.state == "success", outcome.error
    assert outcome.result["file_name_prefix"] == "2026-01-02/dem"


@pytest.mark.parametrize("options", [{}, {"wait_for_completion": False}], ids=["waits", "does not wait"])
def test_the_next_task_can_take_a_part_of_the_result_by_its_key(earth_engine, supervisor, options):
    outcome = run_task(to_cloud_storage(**options), supervisor)
    for key in ("name", "uri_prefix"):
        assert outcome.xcoms[key] == outcome.result[key]


@pytest.mark.filterwarnings("ignore::airflow_provider_ee.client.warnings.RestrictedProjectWarning")
def test_a_result_says_if_the_project_is_in_restricted_mode(earth_engine, supervisor):
    assert "restricted" not in run_task(to_cloud_storage(), supervisor).result
    earth_engine.control.configure(restricted=True)
    assert run_task(to_cloud_storage(task_id="slow"), supervisor).result["restricted"] is True


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"image": "{{ undefined_thing | default('') }}"}, "image: '' is not a valid asset id"),
        ({"project_id": "No Project"}, "project_id: 'No Project' is not a valid Google Cloud project id"),
        ({"request_id": "no good"}, "request_id: 'no good' is not a valid request id"),
    ],
)
def test_wrong_arguments_fail_for_good_and_start_nothing(earth_engine, supervisor, words, problem):
    outcome = run_task(to_cloud_storage(**words), supervisor)
    assert outcome.state == "failed"
    assert type(outcome.error).__name__ == "AirflowFailException"
    assert problem in str(outcome.error)
    assert earth_engine.control.operations() == []


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"scale": -1, "crs_transform": None}, "scale: -1 is out of bounds"),
        ({"bucket": "gs://b"}, "bucket: 'gs://b' is not a valid bucket name"),
        ({"on_clear": "never"}, "on_clear: 'never' is not a known way. Allowed: restart or attach."),
        ({"poll_interval": 0}, "poll_interval: 0 is out of bounds"),
        ({"poll_interval": "often"}, "poll_interval: 'often' is out of bounds"),
        ({"colour": "green"}, "colour"),
    ],
)
def test_what_no_template_can_change_is_refused_when_the_dag_is_read(words, problem):
    with pytest.raises((ValueError, TypeError)) as caught:
        to_cloud_storage(**words)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("code", "kind"), [("INVALID_ARGUMENT", "AirflowFailException"), ("INTERNAL", "AirflowException")]
)
def test_a_failed_operation_fails_the_task_in_earth_engines_words(earth_engine, supervisor, code, kind):
    earth_engine.control.plan(code=code, message="Out of luck.", attempts=2)
    outcome = run_task(to_cloud_storage(), supervisor)
    assert type(outcome.error).__name__ == kind
    assert "Out of luck." in str(outcome.error)


def test_an_operation_cancelled_by_somebody_else_fails_the_task_for_good(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=99")
    deferred = run_task(to_cloud_storage(deferrable=True), supervisor)
    [operation] = earth_engine.control.operations()
    earth_engine.control.fail(operation.name, code="CANCELLED", message="Cancelled.")
    outcome = resume(to_cloud_storage(deferrable=True), supervisor, deferred, fire(deferred.trigger))
    assert type(outcome.error).__name__ == "AirflowFailException"


def test_a_retry_goes_on_with_what_the_first_try_started(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=99")
    run_task(to_cloud_storage(deferrable=True), supervisor)
    supervisor.xcoms.clear()
    supervisor.store.clear()
    retried = run_task(to_cloud_storage(deferrable=True), supervisor, try_number=2)
    assert retried.state == "deferred"
    [operation] = earth_engine.control.operations()
    assert retried.message.trigger_kwargs["operation_names"] == [operation.name]


def test_a_cleared_task_runs_anew(earth_engine, supervisor):
    run_task(to_cloud_storage(), supervisor, max_tries=0)
    outcome = run_task(to_cloud_storage(), supervisor, try_number=2, max_tries=1)
    assert outcome.state == "success", outcome.error
    assert len(earth_engine.control.operations()) == 2


def test_mapped_tasks_have_operations_of_their_own(earth_engine, supervisor):
    for index in range(2):
        run_task(to_cloud_storage(file_name_prefix=f"m{index}"), supervisor, try_number=2, map_index=index)
    assert len(earth_engine.control.operations()) == 2


def test_two_deployments_do_not_share_operations(earth_engine, supervisor, monkeypatch):
    for deployment in ("production", "staging"):
        monkeypatch.setenv("AIRFLOW__EARTHENGINE__DEPLOYMENT_ID", deployment)
        run_task(to_cloud_storage(), supervisor, try_number=2)
    assert len(earth_engine.control.operations()) == 2


@pytest.mark.parametrize("duplicate", ["same-operation", "already-exists", "invalid"])
def test_a_lost_answer_leads_to_one_operation_whatever_a_duplicate_is_answered(earth_engine, supervisor, duplicate):
    earth_engine.control.configure(duplicate_request_id=duplicate)
    armed = earth_engine.control.arm("reset", "projects.image.export", after_work=True)
    outcome = run_task(to_cloud_storage(), supervisor)
    assert outcome.state == "success", outcome.error
    assert armed.met == 1
    assert len(earth_engine.control.operations()) == 1


@pytest.mark.parametrize("status", [400, 429])
def test_a_full_queue_is_waited_out_and_one_operation_started(earth_engine, supervisor, status):
    earth_engine.control.configure(time="seconds=0.5", max_queue=1, max_running=1, queue_full_status=status)
    others = earth_engine.control.seed_operations("emulator", 2)
    outcome = run_task(to_cloud_storage(), supervisor)
    assert outcome.state == "success", outcome.error
    assert len(earth_engine.control.operations()) == len(others) + 1
    assert any(entry.status == status for entry in earth_engine.control.ledger.entries("projects.image.export"))


def test_the_state_of_an_outage_while_waiting_is_not_the_state_of_the_task(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=2")
    armed = earth_engine.control.arm("status", "projects.operations.get", status=503, times=3, retry_after="0")
    outcome = run_task(to_cloud_storage(), supervisor)
    assert outcome.state == "success", outcome.error
    assert armed.met == 3


@pytest.mark.parametrize(
    ("state", "cancelled"),
    [("failed", True), ("success", True), ("restarting", True), ("running", False), ("queued", False), (None, False)],
)
def test_a_worker_that_is_told_to_stop_cancels_only_for_a_person(earth_engine, supervisor, state, cancelled):
    earth_engine.control.configure(time="looks=99")
    outcome = run_task(to_cloud_storage(deferrable=True), supervisor)
    supervisor.task_state = state
    with supervisor:
        outcome.task.on_kill()
    assert states(earth_engine) <= ({"CANCELLING", "CANCELLED"} if cancelled else {"PENDING"})


@pytest.mark.parametrize(
    ("state", "words"),
    [
        pytest.param("restarting", {"on_clear": "attach"}, id="cleared, and to go on with it"),
        pytest.param("success", {"wait_for_completion": False}, id="ended well without waiting, in another try"),
    ],
)
def test_what_a_task_has_left_behind_on_purpose_is_not_cancelled(earth_engine, supervisor, state, words):
    earth_engine.control.configure(time="looks=99")
    outcome = run_task(to_cloud_storage(deferrable=True, **words), supervisor)
    supervisor.task_state = state
    with supervisor:
        outcome.task.on_kill()
    assert states(earth_engine) == {"PENDING"}


def test_on_request_a_kill_cancels_nothing(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=99")
    outcome = run_task(to_cloud_storage(wait_for_completion=False, cancel_on_kill=False), supervisor)
    supervisor.task_state = "failed"
    with supervisor:
        outcome.task.on_kill()
    assert states(earth_engine) == {"PENDING"}


def test_when_its_time_is_over_the_operation_is_cancelled_and_the_task_failed(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=99999")
    outcome = run_task(to_cloud_storage(execution_timeout=timedelta(seconds=1)), supervisor)
    assert type(outcome.error).__name__ == "AirflowTaskTimeout"
    assert states(earth_engine) <= {"CANCELLING", "CANCELLED"}


def test_when_its_time_is_over_while_deferred_the_same_happens(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=99999")
    operator = to_cloud_storage(deferrable=True, execution_timeout=timedelta(seconds=1))
    deferred = run_task(operator, supervisor)
    event = fire(deferred.trigger)
    assert event["status"] == "timed_out"
    outcome = resume(operator, supervisor, deferred, event)
    assert type(outcome.error).__name__ == "AirflowTaskTimeout"
    assert states(earth_engine) <= {"CANCELLING", "CANCELLED"}


@pytest.mark.parametrize("event", [None, {}, {"status": "what"}, {"status": "done"}], ids=str)
def test_an_event_that_is_none_of_ours_never_passes_for_success(earth_engine, supervisor, event):
    earth_engine.control.configure(time="looks=99")
    deferred = run_task(to_cloud_storage(deferrable=True), supervisor)
    outcome = resume(to_cloud_storage(deferrable=True), supervisor, deferred, event)
    assert type(outcome.error).__name__ == "AirflowException"


def test_operators_can_be_mapped():
    with DAG("d", schedule=None):
        mapped = EarthEngineExportImageToCloudStorageOperator.partial(
            task_id="export", image=ELEVATION, bucket="bucket", region=[7, 46, 8, 47]
        ).expand(file_name_prefix=["a", "b"])
    assert mapped.operator_class is EarthEngineExportImageToCloudStorageOperator
