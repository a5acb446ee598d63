"""Compute values and features at once, in the words of the operators. Flows, which check their arguments first.

https://developers.google.com/earth-engine/guides/processing_environments
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_ee.client.arguments.names import project_path
from airflow_provider_ee.client.arguments.scalars import texts
from airflow_provider_ee.client.computing import computations
from airflow_provider_ee.client.computing.computations import Feature, each_feature, table
from airflow_provider_ee.client.computing.feature_files import selected
from airflow_provider_ee.client.rest.flows import Flow, Items, Listing, next_items

if TYPE_CHECKING:
    from airflow_provider_ee.client.arguments.types import ImageLike, TableLike, Texts

__all__ = ["compute_features", "compute_value"]


def compute_value(project: str, expression: ImageLike, *, workload_tag: str | None = None) -> Flow[Any]:
    """Compute a value and return it, as `getInfo()` of an `ee` object does: a number, text, list or dict.

    Args:
        project: The project that is billed.
        expression: What to compute: an object of `ee`, or an expression as a dict or JSON text.
        workload_tag: The tag of its costs.
    """
    return (yield from computations.compute_value(project_path(project), expression, workload_tag=workload_tag))


def compute_features(
    project: str,
    expression: TableLike | None = None,
    *,
    asset_id: str | None = None,
    selectors: Texts | None = None,
    workload_tag: str | None = None,
) -> Listing[Feature]:
    """Compute a table, as `ee.data.computeFeatures` does, and return its features as GeoJSON, page by page.

    Args:
        project: The project that is billed.
        expression: The table: an `ee.FeatureCollection`, or an expression as a dict or JSON text.
        asset_id: A table asset in its place.
        selectors: The properties to keep; all of them if None.
        workload_tag: The tag of its costs.
    """
    kept = texts("selectors", selectors)
    pages = each_feature(project_path(project), table(expression, asset_id), workload_tag=workload_tag)
    while (features := (yield from next_items(pages))) is not None:
        yield Items([selected(feature, kept) for feature in features])
