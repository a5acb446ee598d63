"""The exports of the benchmark as mapped tasks: what one had before there was a bulk export."""
# ruff: noqa: INP001 - a DAG folder is no package

from airflow.sdk import DAG, task
from composites import WORDS, composite

MAPPED = 60

with DAG("mapped_exports", schedule=None, max_active_tasks=MAPPED):
    task.ee_export_image_to_cloud_storage(task_id="export", deferrable=True, **WORDS)(composite).expand(
        number=list(range(MAPPED))
    )
