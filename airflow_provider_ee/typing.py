"""Types of the arguments of operators, sensors and decorators, for editors and type checkers; not imported at run time.

Every argument also takes what Airflow puts in its place: a template, which is a text, and the output of another task.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, MutableMapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Required, TypeAlias, TypedDict

from airflow.sdk import DAG, TaskGroup, XComArg

from airflow_provider_ee.client.arguments import types

__all__ = [
    "ClassifierLike",
    "CollectionLike",
    "Fields",
    "Flag",
    "Function",
    "ImageLike",
    "Number",
    "OperatorArguments",
    "PathLike",
    "RegionLike",
    "SensorArguments",
    "SizeLike",
    "TableLike",
    "TaskArguments",
    "Text",
    "TextsLike",
    "TimeLike",
    "TransformLike",
    "ValueLike",
]


Text: TypeAlias = str | XComArg
#: Numbers of Python and NumPy.
Number: TypeAlias = types.Number | str | XComArg
Flag: TypeAlias = types.Flag | XComArg
Fields: TypeAlias = types.Fields | XComArg
#: A list, or one text with commas.
TextsLike: TypeAlias = types.Texts | Sequence[str | XComArg] | XComArg
TimeLike: TypeAlias = types.TimeLike | XComArg
#: A side in pixels, two of them, or `WIDTHxHEIGHT`.
SizeLike: TypeAlias = types.SizeLike | XComArg
#: Six numbers.
TransformLike: TypeAlias = types.Numbers | Sequence[str] | str | XComArg
PathLike: TypeAlias = types.PathLike | XComArg
Function: TypeAlias = Callable[..., Any]

ImageLike: TypeAlias = types.ImageLike | Function | XComArg
#: A feature collection.
TableLike: TypeAlias = types.TableLike | Function | XComArg
#: An image collection.
CollectionLike: TypeAlias = types.CollectionLike | Function | XComArg
ClassifierLike: TypeAlias = types.ClassifierLike | Function | XComArg
#: Anything that Earth Engine can compute.
ValueLike: TypeAlias = types.ImageLike | Function | XComArg
RegionLike: TypeAlias = types.RegionLike | Function | XComArg

_Callback: TypeAlias = Function | Collection[Function] | None


class TaskArguments(TypedDict, total=False):
    """The arguments of every task of Airflow, from 3.1 to 3.3; a decorated function has its name for a task id."""

    owner: str
    email: str | Sequence[str] | None
    email_on_retry: bool
    email_on_failure: bool
    retries: int | None
    retry_delay: timedelta | float
    retry_exponential_backoff: bool | float
    max_retry_delay: timedelta | float | None
    retry_policy: Any
    start_date: datetime | None
    end_date: datetime | None
    depends_on_past: bool
    ignore_first_depends_on_past: bool
    wait_for_past_depends_before_skipping: bool
    wait_for_downstream: bool
    dag: DAG | None
    params: MutableMapping[str, Any] | None
    default_args: dict[str, Any] | None
    priority_weight: int
    weight_rule: Any
    queue: str
    pool: str | None
    pool_slots: int
    sla: timedelta | None
    execution_timeout: timedelta | None
    on_execute_callback: _Callback
    on_failure_callback: _Callback
    on_success_callback: _Callback
    on_retry_callback: _Callback
    on_skipped_callback: _Callback
    pre_execute: Function | None
    post_execute: Function | None
    trigger_rule: str
    resources: dict[str, Any] | None
    run_as_user: str | None
    map_index_template: str | None
    max_active_tis_per_dag: int | None
    max_active_tis_per_dagrun: int | None
    executor: str | None
    executor_config: dict[str, Any] | None
    do_xcom_push: bool
    multiple_outputs: bool
    inlets: Any
    outlets: Any
    task_group: TaskGroup | None
    doc: str | None
    doc_md: str | None
    doc_json: str | None
    doc_yaml: str | None
    doc_rst: str | None
    task_display_name: str | None
    logger_name: str | None
    allow_nested_operators: bool
    render_template_as_native_obj: bool | None


class OperatorArguments(TaskArguments, total=False):
    """The arguments of every operator of Airflow."""

    task_id: Required[str]


class SensorArguments(OperatorArguments, total=False):
    """The arguments of every sensor of Airflow."""

    timeout: timedelta | float | None
    soft_fail: bool
    mode: str
    exponential_backoff: bool
    max_wait: timedelta | float | None
    silent_fail: bool
    never_fail: bool
