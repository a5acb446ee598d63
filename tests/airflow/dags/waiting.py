"""Exports that end when Earth Engine, a person or Airflow says so."""
# ruff: noqa: INP001 - a DAG folder is no package

from datetime import timedelta

from airflow.sdk import DAG
from exporting import ABOUT, SMALL

from airflow_provider_ee.operators.exports import EarthEngineExportImageToCloudStorageOperator as Export

PLACES = {"deferred": {"deferrable": True}, "on_the_worker": {"deferrable": False}}
CONNECTIONS = ("earthengine_default", "cancels_in_1", "cancels_in_5", "cancels_in_20")


def waiting(name, **words):
    """A DAG with one export, called `waiting_...`."""
    with DAG(f"waiting_{name}", schedule=None, dagrun_timeout=timedelta(hours=1)) as dag:
        Export(task_id="export", description=ABOUT, **SMALL, **words)
    return dag


for place, how in PLACES.items():
    waiting(f"{place}_to_be_attached_to", on_clear="attach", **how)
    for connection in CONNECTIONS:
        waiting(f"{place}_at_{connection}", earthengine_conn_id=connection, **how)

waiting("with_retries", deferrable=True, retries=2, retry_delay=timedelta(seconds=1))

with DAG("waiting_mapped", schedule=None):
    Export.partial(task_id="export", deferrable=True, **SMALL).expand(
        description=[f"{ABOUT}-{index}" for index in range(3)]
    )
