"""Exports of trained classifiers.

https://developers.google.com/earth-engine/apidocs/export-classifier-toasset
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from airflow_provider_ee.operators.base.callables import wrap_callable
from airflow_provider_ee.operators.exports.destinations import ToAsset
from airflow_provider_ee.operators.exports.raw import RawExport

__all__ = ["EarthEngineExportClassifierOperator", "EarthEngineExportClassifierToAssetOperator"]


class EarthEngineExportClassifierOperator(RawExport):
    """Export a trained classifier, in the words of the REST API.

    https://developers.google.com/earth-engine/reference/rest/v1beta/projects.classifier/export

    Args:
        asset_export_options: The asset that it becomes.
    """

    method = "projects.classifier.export"
    words: ClassVar[tuple[str, ...]] = ("asset_export_options",)

    def __init__(self, *, asset_export_options: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.asset_export_options = asset_export_options

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.classifiers import export_classifier

        return export_classifier(**words)


class EarthEngineExportClassifierToAssetOperator(ToAsset):
    """Export a trained classifier to an asset, as `ee.batch.Export.classifier.toAsset` does.

    Args:
        classifier: An expression, or a function that returns an `ee.Classifier`.
    """

    method = "projects.classifier.export"
    words: ClassVar[tuple[str, ...]] = ("classifier",)

    def __init__(self, *, classifier: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.classifier = wrap_callable(classifier)

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.classifiers import classifier_to_asset

        return classifier_to_asset(**words)
