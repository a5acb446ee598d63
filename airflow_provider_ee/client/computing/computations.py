"""Compute while the caller waits: a value, or the features of a table page by page.

https://developers.google.com/earth-engine/reference/rest/v1/projects.value/compute
https://developers.google.com/earth-engine/reference/rest/v1/projects.table/computeFeatures
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from airflow_provider_ee.client.arguments import names
from airflow_provider_ee.client.arguments.expressions import Expression, expression, load_table
from airflow_provider_ee.client.arguments.scalars import without_none
from airflow_provider_ee.client.errors import InvalidArgument, InvalidRequest
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import Flow, Listing, each_page, next_items

__all__ = ["Feature", "collect_features", "compute_features", "compute_value", "each_feature", "table"]

#: A GeoJSON Feature.
Feature: TypeAlias = dict[str, Any]

#: What Earth Engine gives if nothing is asked for; it computes the table anew for each page.
_PAGE_SIZE = 1000


def compute_value(project: str, value: object, *, workload_tag: object = None) -> Flow[Any]:
    """Compute an expression of `projects/my-project` and return its value, as plain JSON."""
    body = _body(expression(value), workload_tag)
    return (yield methods.value_compute(project, body=body)).get("result")


def table(value: object = None, asset_id: object = None) -> Expression:
    """Return the expression of a table: the one given, or that of a table asset.

    Raises:
        InvalidArgument: There is neither, or both.
    """
    if (value is None) == (asset_id is None):
        raise InvalidArgument("expression", "features come from one place", "expression or asset_id")
    return load_table(value, "expression") if asset_id is None else load_table(names.asset_name(asset_id), "asset_id")


def each_feature(
    project: str, features: Expression, *, page_size: int = _PAGE_SIZE, workload_tag: object = None
) -> Listing[Feature]:
    """Compute a table of `projects/my-project`, page by page.

    Args:
        project: The project that is billed.
        features: The table.
        page_size: How many features are asked for at once.
        workload_tag: The tag of its costs.
    """
    body = {**_body(features, workload_tag), "pageSize": page_size}
    return each_page(methods.table_compute_features(project, body=body), "features")


def compute_features(
    project: str,
    features: Expression,
    take: Callable[[Sequence[Feature]], object],
    *,
    page_size: int = _PAGE_SIZE,
    workload_tag: object = None,
) -> Flow[int]:
    """Compute a table of `projects/my-project`, and return how many features it has.

    Args:
        project: The project that is billed.
        features: The table.
        take: Called with each page of features. What it raises ends the computation.
        page_size: How many features are asked for at once.
        workload_tag: The tag of its costs.
    """
    number = 0
    pages = each_feature(project, features, page_size=page_size, workload_tag=workload_tag)
    while (found := (yield from next_items(pages))) is not None:
        number += len(found)
        take(found)
    return number


def collect_features(
    project: str, features: Expression, most: int, *, workload_tag: object = None
) -> Flow[list[Feature]]:
    """Compute a small table of `projects/my-project` and return its features.

    Raises:
        InvalidRequest: It has more than `most`.
    """
    found: list[Feature] = []

    def take(page: Sequence[Feature]) -> None:
        found.extend(page)
        if len(found) > most:
            raise InvalidRequest(
                f"The table has more than {most} features.",
                method=methods.table_compute_features.id,
                name=project,
                hint="Raise max_features, or have them written to a file: output_path.",
            )

    yield from compute_features(project, features, take, page_size=min(most + 1, _PAGE_SIZE), workload_tag=workload_tag)
    return found


def _body(value: Expression, workload_tag: object) -> dict[str, Any]:
    return without_none(
        expression=value, workloadTag=None if workload_tag is None else names.workload_tag(workload_tag)
    )
