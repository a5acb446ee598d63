"""Computations that Earth Engine answers at once: a value, the features of a table.

What takes longer than a few minutes is for an export.
https://developers.google.com/earth-engine/guides/processing_environments
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import Context

from airflow_provider_ee.client.arguments.scalars import text, texts, whole
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.base.callables import resolve_callables, wrap_callable
from airflow_provider_ee.operators.base.immediate import EarthEngineDirectOperator
from airflow_provider_ee.operators.base.output_files import whole_file

if TYPE_CHECKING:
    from airflow_provider_ee.client.arguments.expressions import Expression

__all__ = ["EarthEngineComputeFeaturesOperator", "EarthEngineComputeOperator", "EarthEngineComputeValueOperator"]


class EarthEngineComputeOperator(EarthEngineDirectOperator):
    """Compute something and go on with it.

    Args:
        expression: What to compute: an expression as a dict or JSON text, the path of a `.json` file beside the DAG, or
            a function that returns an `ee` object and runs on the worker, with `ee` initialised from the connection.
        op_args: What a function is called with.
        op_kwargs: What a function is called with by name; it may ask for names of Airflow's context as well.
        workload_tag: By which its costs are told apart.
    """

    template_fields: Sequence[str] = (
        *EarthEngineDirectOperator.template_fields,
        "expression",
        "op_args",
        "op_kwargs",
        "workload_tag",
    )
    template_ext: Sequence[str] = (".json",)
    template_fields_renderers: ClassVar[dict[str, str]] = {"expression": "json", "op_kwargs": "json"}

    def __init__(
        self,
        *,
        expression: Mapping[str, Any] | str | Callable[..., Any] | None = None,
        op_args: Sequence[Any] = (),
        op_kwargs: Mapping[str, Any] | None = None,
        workload_tag: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.expression = wrap_callable(expression)
        self.op_args = op_args
        self.op_kwargs = op_kwargs
        self.workload_tag = workload_tag

    def _made(self, hook: EarthEngineHook, context: Context) -> Any:
        """Return the expression; if a function makes it, call that."""
        words = {"expression": self.expression}
        return resolve_callables(words, hook.initialize_ee, context, self.op_args, self.op_kwargs)["expression"]


class EarthEngineComputeValueOperator(EarthEngineComputeOperator):
    """Compute a value and return it, as `getInfo()` of an `ee` object does: a number, text, list or dict.

    Args:
        expression: What to compute: an expression as a dict or JSON text, the path of a `.json` file beside the DAG, or
            a function that returns an `ee` object and runs on the worker, with `ee` initialised from the connection.
    """

    def __init__(self, *, expression: Mapping[str, Any] | str | Callable[..., Any], **kwargs: Any) -> None:
        super().__init__(expression=expression, **kwargs)

    def run(self, hook: EarthEngineHook, context: Context) -> Any:
        """Compute it."""
        from airflow_provider_ee.client.arguments.names import project_path
        from airflow_provider_ee.client.computing.computations import compute_value

        value, client = self._made(hook, context), hook.client()
        return client.run(compute_value(project_path(client.project), value, workload_tag=self.workload_tag))


class EarthEngineComputeFeaturesOperator(EarthEngineComputeOperator):
    """Compute a table page by page, as `ee.data.computeFeatures` does, and write it to a file or return its features.

    The file is there when all of it is; memory is needed for a page. Then the result says `output_path`, `file_format`
    and the number of `features`. Without a file the features themselves are returned, each as GeoJSON.

    Earth Engine computes the table anew for each page of a thousand features: a large one is for an export.

    Args:
        expression: The table: an expression as a dict or JSON text, the path of a `.json` file beside the DAG, or a
            function that returns an `ee.FeatureCollection` and runs on the worker.
        asset_id: A table asset in its place.
        output_path: The file: a path, or any URL that Airflow's ObjectStoragePath takes, such as
            `gs://connection@bucket/name.geojson`.
        file_format: `GeoJSON`, `CSV` or `NDJSON`, a feature on each line; what the name of the file ends with if None.
        selectors: The properties to keep, for CSV the columns in their order, with `system:index` and `.geo` for the
            geometry: a list, or text with commas. All of them if None.
        max_features: The most features that may be returned without a file; of more, none are.
    """

    template_fields: Sequence[str] = (
        *EarthEngineComputeOperator.template_fields,
        "asset_id",
        "output_path",
        "file_format",
        "selectors",
        "max_features",
    )

    def __init__(
        self,
        *,
        asset_id: str | None = None,
        output_path: str | None = None,
        file_format: str | None = None,
        selectors: str | Sequence[str] | None = None,
        max_features: int | str = 1000,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.asset_id = asset_id
        self.output_path = output_path
        self.file_format = file_format
        self.selectors = selectors
        self.max_features = max_features

    def run(self, hook: EarthEngineHook, context: Context) -> Any:
        """Compute it."""
        from airflow_provider_ee.client.computing.computations import table

        path, selectors = text("output_path", self.output_path), texts("selectors", self.selectors)
        features = table(self._made(hook, context), self.asset_id)
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
