"""Exports of trained classifiers.

https://developers.google.com/earth-engine/reference/rest/v1beta/projects.classifier/export
"""

from __future__ import annotations

from airflow_provider_ee.client.arguments.expressions import Expression, load_classifier
from airflow_provider_ee.client.arguments.group import argument
from airflow_provider_ee.client.arguments.types import ClassifierLike, Fields
from airflow_provider_ee.client.exports.base import Body
from airflow_provider_ee.client.exports.destinations import ToAsset
from airflow_provider_ee.client.exports.raw import ASSET, RawExport, destination_options
from airflow_provider_ee.client.rest import methods

__all__ = ["ExportClassifier", "ExportClassifierToAsset"]


class ExportClassifier(RawExport):
    """An export of a trained classifier in the words of the REST API.

    Args:
        asset_export_options: The asset that it becomes.
    """

    method = methods.classifier_export
    destinations = ("asset_export_options",)

    asset_export_options: Fields | None = argument(destination_options, ASSET, default=None)

    def fields(self) -> Body:
        """Return the destination."""
        return self.chosen_destination()


class ExportClassifierToAsset(ToAsset):
    """An export of a trained classifier to an asset, as `ee.batch.Export.classifier.toAsset` has it.

    Args:
        classifier: The classifier.
    """

    method = methods.classifier_export

    classifier: ClassifierLike

    def computed(self) -> Expression:
        """Return the classifier."""
        return load_classifier(self.classifier)

    def fields(self) -> Body:
        """Return the destination."""
        return {"assetExportOptions": self.destination_fields()}
