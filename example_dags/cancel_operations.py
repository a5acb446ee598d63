"""Start exports without waiting for them, and cancel by name those that are not wanted any more.

A task that waits cancels its own operation when a person ends it. This is for the others: what was started with
`wait_for_completion=False`, in a notebook or in the Code Editor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pendulum
from airflow.sdk import DAG

from airflow_provider_ee.decorators import task
from airflow_provider_ee.operators.cancel.operations import EarthEngineCancelOperationsOperator

if TYPE_CHECKING:
    import ee

#: How the descriptions of this run's operations begin; Earth Engine takes letters, digits and . , : ; _ - in them.
DRAFTS = "draft:{{ dag_run.run_after | ts_nodash }}"


@task.ee_export_image_to_cloud_storage(
    description=f"{DRAFTS}:{{{{ task.op_kwargs.metres }}}}",
    bucket="drafts",
    region=[11.30, 47.95, 11.75, 48.25],
    crs="EPSG:32632",
    scale="{{ task.op_kwargs.metres }}",
    wait_for_completion=False,
)
def draft(metres: int) -> ee.Image:  # noqa: ARG001 - it stands in a template above
    """Compute the same at several scales."""
    import ee

    return ee.Image("EMULATOR/S2").normalizedDifference(["B8", "B4"])


with DAG(
    "cancel_operations",
    schedule=None,
    start_date=pendulum.datetime(2024, 1, 1),
    catchup=False,
    doc_md=__doc__,
    tags=["earth-engine", "example"],
):
    cancel = EarthEngineCancelOperationsOperator(
        task_id="cancel",
        description_prefix=f"{DRAFTS}:",
        states=["PENDING", "RUNNING"],
    )
    draft.expand(metres=[20, 40, 80]) >> cancel
