"""One task that waits for Earth Engine and one that waits for a moment, to be multiplied in Airflow's database."""
# ruff: noqa: INP001 - a DAG folder is no package

from airflow.sdk import DAG, BaseOperator, Context
from due import FIRST, DueTrigger

from airflow_provider_ee.operators.exports import EarthEngineExportImageToCloudStorageOperator

IMAGE = {
    "functionInvocationValue": {
        "functionName": "Image.load",
        "arguments": {"id": {"constantValue": "EMULATOR/DEM"}},
    }
}


class Due(BaseOperator):
    """Defer to a trigger that sleeps until a moment."""

    def execute(self, context: Context) -> None:
        self.defer(trigger=DueTrigger(FIRST), method_name="execute_complete")


with DAG("ten_thousand", schedule=None):
    Due(task_id="airflows")
    EarthEngineExportImageToCloudStorageOperator(
        task_id="ours",
        project_id="my-project",
        image={"result": "0", "values": {"0": IMAGE}},
        bucket="waiting",
        file_name_prefix="dem",
        region=[7, 46, 7.5, 46.25],
        scale=5000,
        crs="EPSG:4326",
        poll_interval=30,
        deferrable=True,
    )
