"""`@task.ee_export_...`: functions whose result is exported. Each is the operator of that name in a decorator's form.

@task.ee_export_image_to_cloud_storage(bucket="bucket", region=[7, 46, 8, 47], scale=10, deferrable=True)
def ndvi(year):
    import ee

    return ee.ImageCollection(...).filterDate(f"{year}-01-01", f"{year}-12-31").median()

ndvi.expand(year=[2024, 2025])

`@task.ee_bulk_export`: a function that returns or yields many things to export, as one task.
"""

from __future__ import annotations

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
    """The part of a decorated export that is no operator of its own: a function makes what is exported."""

    #: The argument of the operator for which the function's result stands.
    result_word: ClassVar[str]

    def __init__(
        self,
        *,
        python_callable: Callable[..., Any],
        op_args: Sequence[Any] = (),
        op_kwargs: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        called: dict[str, Any] = {"op_args": op_args, "op_kwargs": op_kwargs or {}}
        super().__init__(
            python_callable=python_callable,
            kwargs_to_upstream={**called, self.result_word: wrap_callable(python_callable)},
            **called,
            **kwargs,
        )


def _decorator(operator: type[BaseOperator], result_word: str) -> _Decorator:
    """Make the decorator that stands for an operator.

    Args:
        operator: The operator. The decorator has its arguments, but for the one below.
        result_word: The argument for which the function's result stands.
    """
    words = re.sub(r"(?=[A-Z])", "_", operator.__name__.removeprefix("EarthEngine").removesuffix("Operator"))
    name = f"ee{words.lower()}"
    decorated = type(
        f"_Decorated{operator.__name__}",
        (_DecoratedExport, operator),
        {
            "__module__": __name__,
            "__doc__": operator.__doc__,
            "custom_operator_name": f"@task.{name}",
            "result_word": result_word,
            "template_fields": operator.template_fields,
            "template_fields_renderers": operator.template_fields_renderers,
        },
    )

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
    decorator.__doc__ = f"Export what a function returns, with {operator.__name__}, as `@task.{name}`."
    return decorator


ee_export_image_to_asset = _decorator(exports.EarthEngineExportImageToAssetOperator, "image")
ee_export_image_to_cloud_storage = _decorator(exports.EarthEngineExportImageToCloudStorageOperator, "image")
ee_export_image_to_drive = _decorator(exports.EarthEngineExportImageToDriveOperator, "image")
ee_export_map_to_cloud_storage = _decorator(exports.EarthEngineExportMapToCloudStorageOperator, "image")
ee_export_table_to_asset = _decorator(exports.EarthEngineExportTableToAssetOperator, "collection")
ee_export_table_to_big_query = _decorator(exports.EarthEngineExportTableToBigQueryOperator, "collection")
ee_export_table_to_cloud_storage = _decorator(exports.EarthEngineExportTableToCloudStorageOperator, "collection")
ee_export_table_to_drive = _decorator(exports.EarthEngineExportTableToDriveOperator, "collection")
ee_export_table_to_feature_view = _decorator(exports.EarthEngineExportTableToFeatureViewOperator, "collection")
ee_export_video_to_cloud_storage = _decorator(exports.EarthEngineExportVideoToCloudStorageOperator, "collection")
ee_export_video_to_drive = _decorator(exports.EarthEngineExportVideoToDriveOperator, "collection")
ee_export_classifier_to_asset = _decorator(exports.EarthEngineExportClassifierToAssetOperator, "classifier")
ee_bulk_export = _decorator(EarthEngineBulkExportOperator, "exports")
