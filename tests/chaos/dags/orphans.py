"""Cancels what the tasks of `exports.py` have left behind."""
# ruff: noqa: INP001 - a DAG folder is no package

from datetime import timedelta

from airflow.sdk import DAG

from airflow_provider_ee.operators.cancel import GONE, EarthEngineCancelOrphansOperator

with DAG("orphans", schedule=None, default_args={"retries": 3, "retry_delay": timedelta(seconds=1)}):
    EarthEngineCancelOrphansOperator(
        task_id="cancel",
        dag_ids=["one_export", "ten_exports"],
        dry_run=False,
        # All tasks of these DAGs wait, so a success with an operation under way is one that a person declared.
        task_states=["failed", "skipped", "upstream_failed", "removed", "success", GONE],
        min_age=timedelta(0),
    )
