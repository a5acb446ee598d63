"""Exports of trained classifiers.

https://developers.google.com/earth-engine/reference/rest/v1beta/projects.classifier/export
"""

from __future__ import annotations

from airflow_provider_ee.client.arguments.expressions import expression as expression_of
from airflow_provider_ee.client.exports import destinations
from airflow_provider_ee.client.exports.fields import Body, export_body
from airflow_provider_ee.client.exports.options import ASSET, checked_options, needed

__all__ = ["classifier_to_asset", "export_classifier"]


def export_classifier(
    *,
    expression: object,
    description: object = None,
    asset_export_options: object = None,
    priority: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `classifier:export` from the fields of the request.

    Raises:
        InvalidArgument: A field is wrong, or there is no destination.
    """
    options = checked_options("asset_export_options", asset_export_options, ASSET)
    return export_body(
        expression_of(expression),
        description=description,
        assetExportOptions=needed("asset_export_options", options),
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )


def classifier_to_asset(
    *,
    classifier: object,
    description: object,
    asset_id: object,
    overwrite: object = None,
    priority: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `classifier:export` from the words of `ee.batch.Export.classifier.toAsset`.

    Raises:
        InvalidArgument: A word is wrong.
    """
    return export_body(
        expression_of(classifier, "classifier"),
        description=description,
        assetExportOptions=destinations.asset(asset_id, overwrite),
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )
