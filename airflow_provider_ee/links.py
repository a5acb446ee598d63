"""The links from a task to Earth Engine's pages: its operation among the project's tasks, and where the result is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from airflow.sdk import BaseOperatorLink

from airflow_provider_ee.client.operations.checkpoints import pass_checkpoint

__all__ = ["EarthEngineOperationLink", "EarthEngineResultLink", "result_page", "tasks_page"]

_CONSOLE = "https://console.cloud.google.com"
_TABLE = re.compile(r"([^.]+)\.([^.]+)\.([^.]+)")


def tasks_page(operation_name: str) -> str:
    """Return the page that shows an operation; Google has one for all operations of a project."""
    project = operation_name.split("/")[1]
    return f"{_CONSOLE}/earth-engine/tasks?project={project}"


def result_page(destination: Mapping[str, Any]) -> str:
    """Return the page of a bucket's folder, an asset, a table of BigQuery or a search in Drive; empty if unknown."""
    if uri := destination.get("uri_prefix"):
        folder = str(uri).removeprefix("gs://").rpartition("/")[0]
        return f"{_CONSOLE}/storage/browser/{quote(folder)}"
    if asset := destination.get("asset_id"):
        return f"https://code.earthengine.google.com/?asset={quote(str(asset))}"
    if table := _TABLE.fullmatch(str(destination.get("table") or "")):
        return f"{_CONSOLE}/bigquery?page=table&p={table[1]}&d={table[2]}&t={table[3]}"
    if prefix := destination.get("file_name_prefix"):
        return f"https://drive.google.com/drive/search?q={quote(str(prefix), safe='')}"
    return ""


class EarthEngineOperationLink(BaseOperatorLink):
    """Show a task's operation among the tasks of its project."""

    name = "Earth Engine tasks"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002  # Airflow's signature
        """Return the page of what the operator started or waits for, once that or at least its project is known.

        Airflow asks after each part of a task, in the process that ran it, and keeps the answer.
        """
        name = getattr(operator, "operation_name", None) or getattr(operator, "project_path", None)
        if isinstance(name, (list, tuple)):
            name = next(iter(name), None)
        pass_checkpoint("linking", name)
        if not isinstance(name, str) or not name:
            return ""
        if name.startswith("projects/"):
            return tasks_page(name)
        project = getattr(operator, "project_id", None)
        return tasks_page(f"projects/{project}") if isinstance(project, str) and project else ""


class EarthEngineResultLink(BaseOperatorLink):
    """Show where the result of a task's operation is."""

    name = "Earth Engine result"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002  # Airflow's signature
        """Return the page of the folder, the asset or the table, once it is known."""
        return result_page(getattr(operator, "destination_known", None) or {})
