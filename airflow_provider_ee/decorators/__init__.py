"""Functions that use `ee`, as tasks.

from airflow_provider_ee.decorators import task

This is `task` of `airflow.sdk` itself; imported from here, editors and type checkers know `@task.ee_export_...` and the
arguments of each.
"""

from typing import Any

__all__ = ["task"]


def __getattr__(name: str) -> Any:
    # Airflow asks for modules of this package by name; only who wants `task` pays for it.
    if name != "task":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from airflow.sdk import task

    return task
