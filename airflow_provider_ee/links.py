"""The link from a task to its operation, on the page where a person looks at Earth Engine's tasks."""

from __future__ import annotations

from typing import Any

from airflow.sdk import BaseOperatorLink

from airflow_provider_ee.client.operations.checkpoints import step

__all__ = ["EarthEngineOperationLink", "tasks_page"]


def tasks_page(operation_name: str) -> str:
    """Return the page that shows an operation; Google has one for all operations of a project."""
    project = operation_name.split("/")[1]
    return f"https://console.cloud.google.com/earth-engine/tasks?project={project}"


class EarthEngineOperationLink(BaseOperatorLink):
    """Show a task's operation among the tasks of its project."""

    name = "Earth Engine tasks"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002  # Airflow's signature
        """Return the page of the operation that the operator started or waits for, once it is known.

        Airflow asks after each part of a task, in the process that ran it, and keeps the answer.
        """
        name = getattr(operator, "operation_name", None)
        step("linking", name)
        return tasks_page(name) if isinstance(name, str) and name.startswith("projects/") else ""
