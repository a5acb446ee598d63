"""Types of the arguments of operators, sensors and decorators, for editors and type checkers; not imported at run time.

Every argument also takes what Airflow puts in its place: a template, which is a text, and the output of another task.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, MutableMapping, Sequence
from datetime import date, datetime, timedelta
from os import PathLike as _PathLike
from typing import Any, Protocol, Required, SupportsFloat, TypeAlias, TypedDict

from airflow.sdk import DAG, TaskGroup, XComArg

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


class EarthEngineObject(Protocol):
    """An object of `ee`: what to compute, not a value."""

    def serialize(self) -> str:
        """Return the expression as JSON text."""


class GeoInterface(Protocol):
    """A geometry of shapely, GeoPandas and others."""

    @property
    def __geo_interface__(self) -> Mapping[str, Any]:
        """The geometry as GeoJSON."""


class Array(Protocol):
    """An array of NumPy."""

    def tolist(self) -> Any:
        """Return nested lists."""


Text: TypeAlias = str | XComArg
#: Numbers of Python and NumPy.
Number: TypeAlias = SupportsFloat | str | XComArg
Flag: TypeAlias = bool | str | XComArg
Fields: TypeAlias = Mapping[str, Any] | XComArg
#: A list, or one text with commas.
TextsLike: TypeAlias = str | Sequence[str | XComArg] | XComArg
TimeLike: TypeAlias = date | datetime | str | float | XComArg
#: A side in pixels, two of them, or `WIDTHxHEIGHT`.
SizeLike: TypeAlias = SupportsFloat | str | Sequence[Any] | XComArg
#: Six numbers.
TransformLike: TypeAlias = Sequence[Any] | Array | str | XComArg
PathLike: TypeAlias = str | _PathLike[str] | XComArg
Function: TypeAlias = Callable[..., Any]

_Expression: TypeAlias = Mapping[str, Any] | str | EarthEngineObject | Function | XComArg
ImageLike: TypeAlias = _Expression
#: A feature collection.
TableLike: TypeAlias = _Expression
#: An image collection.
CollectionLike: TypeAlias = _Expression
ClassifierLike: TypeAlias = _Expression
#: Anything that Earth Engine can compute.
ValueLike: TypeAlias = _Expression
RegionLike: TypeAlias = (
    Sequence[Any] | Mapping[str, Any] | str | GeoInterface | Array | EarthEngineObject | Function | XComArg
)

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
