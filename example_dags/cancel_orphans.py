"""Say every day which operations work for nobody, and cancel them when a person asks for that.

A task that a person ends takes its operation with it, but not while the triggerer is down, and not when its DAG is
deleted. Then Earth Engine works on, and bills, for nobody.

The run of every day changes nothing: read its log, or what it returns. To cancel what it found, trigger the DAG by hand
and switch `dry_run` off in the form. To have that done every day, leave `dry_run` out below.
"""

from __future__ import annotations

import pendulum
from airflow.sdk import DAG, Param

from airflow_provider_ee.operators.cancel import EarthEngineCancelOrphansOperator

with DAG(
    "cancel_orphans",
    schedule="@daily",
    start_date=pendulum.datetime(2026, 1, 1),
    catchup=False,
    params={"dry_run": Param(True, type="boolean", description="Whether to say only what would be cancelled.")},
    doc_md=__doc__,
    tags=["earth-engine", "example"],
):
    EarthEngineCancelOrphansOperator(
        task_id="cancel_orphans",
        dag_ids=["quickstart"],  # the DAGs that export; those of others are never touched
        dry_run="{{ params.dry_run }}",
        retries=1,
    )
