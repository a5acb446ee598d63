"""Computations that Earth Engine answers at once: a value, the features of a table.

What takes longer than a few minutes is for an export.
https://developers.google.com/earth-engine/guides/processing_environments
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import Context

from airflow_provider_ee.base import FilesBesideTheDag, arguments
from airflow_provider_ee.client.arguments.scalars import text, texts, whole
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.base.callables import resolve_callables, wrap_arguments
from airflow_provider_ee.operators.base.immediate import EarthEngineDirectOperator
from airflow_provider_ee.operators.base.output_files import whole_file

if TYPE_CHECKING:
    from typing import Unpack

    from airflow.sdk import XComArg

    from airflow_provider_ee.client.arguments.expressions import Expression
    from airflow_provider_ee.typing import Fields, Number, OperatorArguments, TableLike, Text, TextsLike, ValueLike

__all__ = ["EarthEngineComputeFeaturesOperator", "EarthEngineComputeOperator", "EarthEngineComputeValueOperator"]


class EarthEngineComputeOperator(FilesBesideTheDag, EarthEngineDirectOperator):
    """Compute something and go on with it. A subclass spells out its arguments."""

    template_ext: Sequence[str] = (".json",)
    file_arguments: ClassVar[tuple[str, ...]] = ("expression",)
    template_fields_renderers: ClassVar[dict[str, str]] = {"expression": "json", "op_kwargs": "json"}

    expression: Any
    op_args: Sequence[Any]
    op_kwargs: Mapping[str, Any] | None
    workload_tag: str | None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        wrap_arguments(self)

    def _resolve_expression(self, hook: EarthEngineHook, context: Context) -> Any:
        """Return the expression, or the result of the function that stands for it."""
        given = {"expression": self.expression}
        return resolve_callables(given, hook.initialize_ee, context, self.op_args, self.op_kwargs)["expression"]


class EarthEngineComputeValueOperator(EarthEngineComputeOperator):
    """Compute a value and return it, as `getInfo()` of an `ee` object does: a number, text, list or dict.

    Args:
        expression: What to compute: the id of an asset, an expression as a dict or JSON text, the path of a `.json`
            file beside the DAG, or a function that returns an `ee` object and runs on the worker, with `ee` initialised
            from the connection.
        workload_tag: A label by which Google Cloud's billing tells its costs apart.
        op_args: Positional arguments of the functions among the arguments.
        op_kwargs: Keyword arguments of these functions. A function may also ask for names of Airflow's context, such as
            `dag_run`.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    def __init__(
        self,
        *,
        expression: ValueLike,
        workload_tag: Text | None = None,
        op_args: Sequence[Any] | XComArg = (),
        op_kwargs: Fields | None = None,
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))

    def run(self, hook: EarthEngineHook, context: Context) -> Any:
        """Compute it."""
        from airflow_provider_ee.client.arguments.names import project_path
        from airflow_provider_ee.client.computing.computations import compute_value

        value, client = self._resolve_expression(hook, context), hook.client()
        return client.run(compute_value(project_path(client.project), value, workload_tag=self.workload_tag))


class EarthEngineComputeFeaturesOperator(EarthEngineComputeOperator):
    """Compute a table page by page, as `ee.data.computeFeatures` does, and write it to a file or return its features.

    The file is there when all of it is; memory is needed for a page. Then the result says `output_path`, `file_format`
    and the number of `features`. Without a file the features themselves are returned, each as GeoJSON.

    Earth Engine computes the table anew for each page of a thousand features: a large one is for an export.

    Args:
        expression: An expression as a dict or JSON text, the path of a `.json` file beside the DAG, or a function that
            returns an `ee.FeatureCollection` and runs on the worker, with `ee` initialised from the connection. Either
            this or `asset_id`.
        asset_id: A stored table, all of whose features are taken.
        output_path: The file to write: a path, or any URL that Airflow's ObjectStoragePath takes. The features are
            returned if None.
        file_format: `CSV`, `GeoJSON` or `NDJSON`; that of the file's ending if None.
        selectors: The properties that become columns, in this order, as a list or one text with commas; all of them if
            None.
        max_features: The most features that may be returned without a file; of more, none are.
        workload_tag: A label by which Google Cloud's billing tells its costs apart.
        op_args: Positional arguments of the functions among the arguments.
        op_kwargs: Keyword arguments of these functions. A function may also ask for names of Airflow's context, such as
            `dag_run`.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    asset_id: str | None
    output_path: str | None
    file_format: str | None
    selectors: str | Sequence[str] | None
    max_features: int | str

    def __init__(
        self,
        *,
        expression: TableLike | None = None,
        asset_id: Text | None = None,
        output_path: Text | None = None,
        file_format: Text | None = None,
        selectors: TextsLike | None = None,
        max_features: Number = 1000,
        workload_tag: Text | None = None,
        op_args: Sequence[Any] | XComArg = (),
        op_kwargs: Fields | None = None,
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))

    def run(self, hook: EarthEngineHook, context: Context) -> Any:
        """Compute it."""
        from airflow_provider_ee.client.computing.computations import table

        path, selectors = text("output_path", self.output_path), texts("selectors", self.selectors)
        features = table(self._resolve_expression(hook, context), self.asset_id)
        return (
            self._collected(hook, features, selectors)
            if path is None
            else self._written(hook, features, selectors, path)
        )

    def _collected(
        self, hook: EarthEngineHook, features: Expression, selectors: Sequence[str] | None
    ) -> list[dict[str, Any]]:
        from airflow_provider_ee.client.arguments.names import project_path
        from airflow_provider_ee.client.computing.computations import collect_features
        from airflow_provider_ee.client.computing.feature_files import selected

        most, client = whole("max_features", self.max_features, 1, 10**6), hook.client()
        found = client.run(
            collect_features(project_path(client.project), features, most, workload_tag=self.workload_tag)
        )
        return [selected(feature, selectors) for feature in found]

    def _written(
        self, hook: EarthEngineHook, features: Expression, selectors: Sequence[str] | None, path: str
    ) -> dict[str, Any]:
        from airflow_provider_ee.client.arguments.names import project_path
        from airflow_provider_ee.client.computing.computations import compute_features
        from airflow_provider_ee.client.computing.feature_files import FeatureText, file_format

        form, client = file_format(path, self.file_format), hook.client()
        writer = FeatureText(form, selectors)
        with whole_file(path, "output_path") as file:
            client.run(
                compute_features(
                    project_path(client.project),
                    features,
                    lambda page: file.write(writer.page(page).encode()),
                    workload_tag=self.workload_tag,
                )
            )
            file.write(writer.end().encode())
        self.log.info("%d features are in %s.", writer.number, path)
        return {"output_path": path, "file_format": form, "features": writer.number}
