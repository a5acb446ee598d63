"""What every operator and sensor is told about whom it calls, and as whom."""

import pytest
from airflow.sdk import DAG

from airflow_provider_ee.base import is_constant
from airflow_provider_ee.operators.assets.details import EarthEngineGetAssetOperator
from airflow_provider_ee.operators.bulk.exports import EarthEngineBulkExportOperator
from airflow_provider_ee.operators.cancel import EarthEngineCancelOrphansOperator
from airflow_provider_ee.operators.exports.images import EarthEngineExportImageToDriveOperator
from airflow_provider_ee.operators.pixels import EarthEngineGetPixelsOperator
from airflow_provider_ee.sensors.assets import EarthEngineAssetSensor
from airflow_provider_ee.sensors.operations import EarthEngineOperationSensor
from airflow_provider_ee.sensors.queue import EarthEngineQueueSensor
from tests.tasks import run_task

CALLED = {
    "project_id": "other-project",
    "earthengine_conn_id": "other",
    "impersonation_chain": ["first@example.com", "last@example.com"],
    "api_version": "v1beta",
}

ASSET = "projects/p/assets/a"
KINDS = {
    EarthEngineAssetSensor: {"asset_id": ASSET},
    EarthEngineBulkExportOperator: {"exports": [], "export": "image_to_drive"},
    EarthEngineCancelOrphansOperator: {},
    EarthEngineExportImageToDriveOperator: {"image": ASSET},
    EarthEngineGetAssetOperator: {"asset_id": ASSET},
    EarthEngineGetPixelsOperator: {"asset_id": ASSET, "output_path": "image.tif"},
    EarthEngineOperationSensor: {"operation_name": "projects/p/operations/o"},
    EarthEngineQueueSensor: {},
}
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def called(task):
    return {name: getattr(task, name) for name in CALLED}


@each_kind
def test_the_defaults_of_a_dag_say_it_for_all_of_its_tasks(kind):
    with DAG("d", schedule=None, default_args=CALLED):
        assert called(kind(task_id="task", **KINDS[kind])) == CALLED


@each_kind
def test_a_task_says_it_for_itself(kind):
    with DAG("d", schedule=None, default_args=dict.fromkeys(CALLED, "default")):
        assert called(kind(task_id="task", **KINDS[kind], **CALLED)) == CALLED


def test_a_file_that_is_missing_fails_its_own_task_and_logs_nothing_in_others(caplog, supervisor, earth_engine):
    with DAG("d", schedule=None) as dag:
        broken = EarthEngineExportImageToDriveOperator(task_id="broken", image="missing.json")
    dag.resolve_template_files()

    assert caplog.text == ""
    assert "missing.json" in str(run_task(broken, supervisor).error)


@pytest.mark.parametrize(
    ("value", "known"),
    [
        (7, True),
        ("EPSG:4326", True),
        ([7, 46, 8, 47], True),
        ("{{ params.a }}", False),
        ([7, "{{ params.a }}"], False),
        ({"a": ["{% if b %}"]}, False),
        (lambda: 7, False),
    ],
)
def test_only_what_holds_no_template_is_known_when_the_dag_is_parsed(value, known):
    assert is_constant(value) is known


def test_the_result_of_a_task_is_not_known_when_the_dag_is_parsed():
    with DAG("d", schedule=None):
        task = EarthEngineGetAssetOperator(task_id="task", asset_id=ASSET)

    assert not is_constant(task.output)
    assert not is_constant([task.output["id"]])


def test_connection_and_impersonation_are_templates(earth_engine, supervisor):
    task = EarthEngineGetAssetOperator(
        task_id="task",
        asset_id="EMULATOR/DEM",
        earthengine_conn_id="{{ 'earthengine_' }}default",
        impersonation_chain="{{ run_id }}@a.iam.gserviceaccount.com",
    )

    outcome = run_task(task, supervisor)

    assert outcome.state == "success", outcome.error
    assert outcome.task.earthengine_conn_id == "earthengine_default"
    assert outcome.task.impersonation_chain == "r@a.iam.gserviceaccount.com"
