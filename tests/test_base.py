"""What every operator and sensor is told about whom it calls, and as whom."""

import pytest
from airflow.sdk import DAG

from airflow_provider_ee.operators.assets.details import EarthEngineGetAssetOperator
from airflow_provider_ee.operators.bulk.exports import EarthEngineBulkExportOperator
from airflow_provider_ee.operators.cancel import EarthEngineCancelOrphansOperator
from airflow_provider_ee.operators.exports.images import EarthEngineExportImageToDriveOperator
from airflow_provider_ee.operators.pixels import EarthEngineGetPixelsOperator
from airflow_provider_ee.sensors.assets import EarthEngineAssetSensor
from airflow_provider_ee.sensors.operations import EarthEngineOperationSensor
from airflow_provider_ee.sensors.queue import EarthEngineQueueSensor

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
