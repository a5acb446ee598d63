"""`@task.ee_export_...`: functions whose result is exported. Each stands for the operator of that name.

from airflow_provider_ee.decorators import task  # Airflow's own `task`, which editors know better so

@task.ee_export_image_to_cloud_storage(bucket="bucket", region=[7, 46, 8, 47], scale=10, deferrable=True)
def ndvi(year):
    import ee

    return ee.ImageCollection(...).filterDate(f"{year}-01-01", f"{year}-12-31").median()

ndvi.expand(year=[2024, 2025])

`@task.ee_bulk_export`: a function that returns or yields the items of one task.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk.bases.decorator import DecoratedOperator, task_decorator_factory

from airflow_provider_ee.operators import exports
from airflow_provider_ee.operators.base.callables import wrap_callable
from airflow_provider_ee.operators.bulk.exports import EarthEngineBulkExportOperator

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.bases.decorator import TaskDecorator

    _Decorator = Callable[..., TaskDecorator]

__all__ = [
    "ee_bulk_export",
    "ee_export_classifier_to_asset",
    "ee_export_image_to_asset",
    "ee_export_image_to_cloud_storage",
    "ee_export_image_to_drive",
    "ee_export_map_to_cloud_storage",
    "ee_export_table_to_asset",
    "ee_export_table_to_big_query",
    "ee_export_table_to_cloud_storage",
    "ee_export_table_to_drive",
    "ee_export_table_to_feature_view",
    "ee_export_video_to_cloud_storage",
    "ee_export_video_to_drive",
]


class _DecoratedExport(DecoratedOperator):
    """The part of a decorated export that is not an operator of its own: a function returns what is exported."""

    #: The argument of the operator that the function's result replaces.
    result_argument: ClassVar[str]

    def __init__(
        self,
        *,
        python_callable: Callable[..., Any],
        op_args: Sequence[Any] = (),
        op_kwargs: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        op_args, op_kwargs = _by_name(python_callable, op_args, op_kwargs)
        called: dict[str, Any] = {"op_args": op_args, "op_kwargs": op_kwargs}
        super().__init__(
            python_callable=python_callable,
            kwargs_to_upstream={**called, self.result_argument: wrap_callable(python_callable)},
            **called,
            **kwargs,
        )


def _by_name(
    function: Callable[..., Any], op_args: Sequence[Any], op_kwargs: Mapping[str, Any] | None
) -> tuple[Sequence[Any], dict[str, Any]]:
    """Return the arguments of a call with those by position under their names, for templates to find them there."""
    named = dict(op_kwargs or {})
    given = list(op_args)
    for name, parameter in inspect.signature(function).parameters.items():
        if not given or parameter.kind is not parameter.POSITIONAL_OR_KEYWORD or name in named:
            break
        named[name] = given.pop(0)
    # What is left belongs to *args, and then so do those before it; or is too much, of which the call complains.
    return ((), named) if not given else (op_args, dict(op_kwargs or {}))


def _name_of(operator: type[BaseOperator]) -> str:
    """Return the name of a decorator: `ee_export_image_to_drive` for EarthEngineExportImageToDriveOperator."""
    words = re.sub(r"(?=[A-Z])", "_", operator.__name__.removeprefix("EarthEngine").removesuffix("Operator"))
    return f"ee{words.lower()}"


def _decorated(operator: type[BaseOperator], result_argument: str) -> type[Any]:
    """Return the class of the tasks of the decorator that stands for an operator.

    Args:
        operator: The operator. The decorator has its arguments, but for the one below.
        result_argument: The argument that the function's result replaces.
    """
    return type(
        f"_Decorated{operator.__name__}",
        (_DecoratedExport, operator),
        {
            "__module__": __name__,
            "__doc__": operator.__doc__,
            "custom_operator_name": f"@task.{_name_of(operator)}",
            "result_argument": result_argument,
            "template_fields": operator.template_fields,
            "template_fields_renderers": operator.template_fields_renderers,
        },
    )


def _decorator(name: str) -> _Decorator:
    decorated = DECORATED[name]

    def decorator(
        python_callable: Callable[..., Any] | None = None, multiple_outputs: bool = False, **kwargs: Any
    ) -> TaskDecorator:
        # Left to Airflow, the annotation of the function would say what becomes of the result of the export.
        return task_decorator_factory(
            python_callable=python_callable,
            multiple_outputs=multiple_outputs,
            decorated_operator_class=decorated,
            **kwargs,
        )

    decorator.__name__ = decorator.__qualname__ = name
    decorator.__doc__ = f"Export what a function returns, with {decorated.__bases__[1].__name__}, as `@task.{name}`."
    return decorator


#: The classes of tasks, by the names of their decorators.
DECORATED = {
    _name_of(operator): _decorated(operator, result)
    for result, operators in {
        "image": (
            exports.EarthEngineExportImageToAssetOperator,
            exports.EarthEngineExportImageToCloudStorageOperator,
            exports.EarthEngineExportImageToDriveOperator,
            exports.EarthEngineExportMapToCloudStorageOperator,
        ),
        "collection": (
            exports.EarthEngineExportTableToAssetOperator,
            exports.EarthEngineExportTableToBigQueryOperator,
            exports.EarthEngineExportTableToCloudStorageOperator,
            exports.EarthEngineExportTableToDriveOperator,
            exports.EarthEngineExportTableToFeatureViewOperator,
            exports.EarthEngineExportVideoToCloudStorageOperator,
            exports.EarthEngineExportVideoToDriveOperator,
        ),
        "classifier": (exports.EarthEngineExportClassifierToAssetOperator,),
        "exports": (EarthEngineBulkExportOperator,),
    }.items()
    for operator in operators
}

ee_export_image_to_asset = _decorator("ee_export_image_to_asset")
ee_export_image_to_cloud_storage = _decorator("ee_export_image_to_cloud_storage")
ee_export_image_to_drive = _decorator("ee_export_image_to_drive")
ee_export_map_to_cloud_storage = _decorator("ee_export_map_to_cloud_storage")
ee_export_table_to_asset = _decorator("ee_export_table_to_asset")
ee_export_table_to_big_query = _decorator("ee_export_table_to_big_query")
ee_export_table_to_cloud_storage = _decorator("ee_export_table_to_cloud_storage")
ee_export_table_to_drive = _decorator("ee_export_table_to_drive")
ee_export_table_to_feature_view = _decorator("ee_export_table_to_feature_view")
ee_export_video_to_cloud_storage = _decorator("ee_export_video_to_cloud_storage")
ee_export_video_to_drive = _decorator("ee_export_video_to_drive")
ee_export_classifier_to_asset = _decorator("ee_export_classifier_to_asset")
ee_bulk_export = _decorator("ee_bulk_export")
