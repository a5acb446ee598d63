"""Fifty exports of one task, at two Earth Engines in turn."""
# ruff: noqa: INP001 - a DAG folder is no package

from airflow.sdk import DAG
from exporting import ABOUT, SMALL

from airflow_provider_ee.operators.exports import EarthEngineExportImageToCloudStorageOperator as Export

with DAG("many", schedule=None):
    Export.partial(task_id="export", description=f"{ABOUT}-{{{{ ti.map_index }}}}", deferrable=True, **SMALL).expand(
        earthengine_conn_id=["at_once", "earthengine_default"] * 25
    )
