"""A DAG as Airflow keeps it in its database."""

import json
from typing import Any

from airflow.sdk import DAG
from airflow.serialization import serialized_objects

__all__ = ["kept", "kept_task"]


def kept(dag: DAG) -> str:
    """The text whose change makes a new version of a DAG."""
    # Airflow 3.1 calls it by its old name.
    kind = getattr(serialized_objects, "DagSerialization", None) or serialized_objects.SerializedDAG
    return json.dumps(kind.to_dict(dag), sort_keys=True)


def kept_task(dag: DAG, task_id: str) -> dict[str, Any]:
    """What is kept of one of its tasks."""
    tasks = (task["__var"] for task in json.loads(kept(dag))["dag"]["tasks"])
    return next(task for task in tasks if task["task_id"] == task_id)
