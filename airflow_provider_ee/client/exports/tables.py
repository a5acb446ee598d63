"""Exports of tables: collections of features.

https://developers.google.com/earth-engine/reference/rest/v1/projects.table/export
"""

from __future__ import annotations

from airflow_provider_ee.client.arguments.expressions import Expression, load_table
from airflow_provider_ee.client.arguments.group import argument
from airflow_provider_ee.client.arguments.json_values import fields
from airflow_provider_ee.client.arguments.scalars import choice, finite, texts, whole
from airflow_provider_ee.client.arguments.types import Fields, Number, TableLike, Texts
from airflow_provider_ee.client.exports import destinations as to
from airflow_provider_ee.client.exports.base import LARGEST_INT32, Body, Export
from airflow_provider_ee.client.exports.feature_views import FeatureViewOptions
from airflow_provider_ee.client.exports.raw import (
    ASSET,
    BIG_QUERY,
    FEATURE_VIEW,
    RawExport,
    destination_options,
    file_options,
)
from airflow_provider_ee.client.rest import methods

__all__ = [
    "ExportTable",
    "ExportTableToAsset",
    "ExportTableToBigQuery",
    "ExportTableToCloudStorage",
    "ExportTableToDrive",
    "ExportTableToFeatureView",
]

_FORMATS = {
    "CSV": "CSV",
    "GeoJSON": "GEO_JSON",
    "KML": "KML",
    "KMZ": "KMZ",
    "SHP": "SHP",
    "TFRecord": "TF_RECORD_TABLE",
}


class _AnyTable(Export):
    """An export of a table.

    Args:
        selectors: The properties that become columns, in this order; all of them if None.
        max_vertices: Geometries with more vertices are cut into several.
    """

    method = methods.table_export

    selectors: Texts | None = argument(texts, default=None)
    max_vertices: Number | None = argument(whole, 0, LARGEST_INT32, default=None)

    def fields(self) -> Body:
        """Return the fields that all exports of tables have."""
        return {"selectors": self.selectors, "maxVertices": self.max_vertices}


class ExportTable(RawExport, _AnyTable):
    """An export of a table in the words of the REST API.

    Args:
        file_export_options: Where its files go and what they are like. Exactly one of the four destinations.
        asset_export_options: The asset that it becomes.
        feature_view_export_options: The feature view that it becomes.
        bigquery_export_options: The BigQuery table that it becomes.
        max_error_meters: How far geometries may be simplified.
        policy: Who may do what with the asset.
    """

    destinations = (
        "file_export_options",
        "asset_export_options",
        "feature_view_export_options",
        "bigquery_export_options",
    )

    file_export_options: Fields | None = argument(file_options, _FORMATS.values(), default=None)
    asset_export_options: Fields | None = argument(destination_options, ASSET, default=None)
    feature_view_export_options: Fields | None = argument(destination_options, FEATURE_VIEW, default=None)
    bigquery_export_options: Fields | None = argument(destination_options, BIG_QUERY, default=None)
    max_error_meters: Number | None = argument(finite, above=0, default=None)
    policy: Fields | None = argument(fields, default=None)

    def fields(self) -> Body:
        """Return the destination, the columns and what becomes of geometries."""
        shape = {"maxErrorMeters": self.max_error_meters, "policy": self.policy}
        return {**self.chosen_destination(), **super().fields(), **shape}


class _Table(_AnyTable):
    """An export of a table as `ee.batch.Export.table` has it.

    Args:
        collection: The table.
    """

    collection: TableLike

    def computed(self) -> Expression:
        """Return the table."""
        return load_table(self.collection)


class _TableFiles(_Table):
    """The files of a table.

    Args:
        file_format: `CSV`, `GeoJSON`, `KML`, `KMZ`, `SHP` or `TFRecord`; `CSV` if None.
    """

    file_format: str | None = argument(choice, _FORMATS, "format for tables", default="CSV")

    def fields(self) -> Body:
        """Return the destination and the format."""
        return {
            "fileExportOptions": {"fileFormat": self.file_format, **self.destination_fields()},
            **super().fields(),
        }


class ExportTableToCloudStorage(to.ToCloudStorage, _TableFiles):
    """An export of a table to Cloud Storage, as `ee.batch.Export.table.toCloudStorage` has it."""


class ExportTableToDrive(to.ToDrive, _TableFiles):
    """An export of a table to Google Drive, as `ee.batch.Export.table.toDrive` has it."""


class ExportTableToAsset(to.ToAsset, _Table):
    """An export of a table to an asset, as `ee.batch.Export.table.toAsset` has it."""

    def fields(self) -> Body:
        """Return the destination and the columns."""
        return {"assetExportOptions": self.destination_fields(), **super().fields()}


class ExportTableToBigQuery(to.ToBigQuery, _Table):
    """An export of a table to BigQuery, as `ee.batch.Export.table.toBigQuery` has it."""

    def fields(self) -> Body:
        """Return the destination and the columns."""
        return {"bigqueryExportOptions": self.destination_fields(), **super().fields()}


class ExportTableToFeatureView(to.ToFeatureView, FeatureViewOptions, _Table):
    """An export of a table to a feature view, as `ee.batch.Export.table.toFeatureView` has it."""

    def fields(self) -> Body:
        """Return the destination, how it is drawn, and the columns."""
        drawn = {"ingestionTimeParameters": self.ingestion_time_parameters()}
        return {"featureViewExportOptions": {**self.destination_fields(), **drawn}, **super().fields()}
