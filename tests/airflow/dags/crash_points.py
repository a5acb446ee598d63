"""One export for each case of a `Board`; none where no such folder is named."""
# ruff: noqa: INP001 - a DAG folder is no package

import json
import os
from datetime import timedelta
from pathlib import Path

from airflow.sdk import DAG
from exporting import SMALL

from airflow_provider_ee.operators.exports import EarthEngineExportImageToCloudStorageOperator

if board := os.environ.get("EARTHENGINE_CRASHES"):
    plan = json.loads(Path(board, "plan.json").read_text(encoding="utf-8"))
    with DAG("crash_points", schedule=None, max_active_tasks=len(plan)):
        for position, (task_id, case) in enumerate(plan.items()):
            EarthEngineExportImageToCloudStorageOperator(
                task_id=task_id,
                **SMALL,
                description=task_id,
                file_name_prefix=task_id,
                earthengine_conn_id=case["connection"],
                project_id=case["project"],
                deferrable=case["deferrable"],
                wait_for_completion=case["waits"],
                retries=10,
                retry_delay=timedelta(0),
                priority_weight=len(plan) - position,
            )
