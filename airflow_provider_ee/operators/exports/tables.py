"""Exports of tables.

https://developers.google.com/earth-engine/guides/exporting_tables
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.operators.base.callables import wrap_callable
from airflow_provider_ee.operators.base.if_exists import checked_if_exists
from airflow_provider_ee.operators.exports.base import EarthEngineExportOperator
from airflow_provider_ee.operators.exports.destinations import ToAsset, ToCloudStorage, ToDrive
from airflow_provider_ee.operators.exports.raw import RawExport

if TYPE_CHECKING:
    from airflow_provider_ee.client.http.clients import Client

__all__ = [
    "EarthEngineExportTableOperator",
    "EarthEngineExportTableToAssetOperator",
    "EarthEngineExportTableToBigQueryOperator",
    "EarthEngineExportTableToCloudStorageOperator",
    "EarthEngineExportTableToDriveOperator",
    "EarthEngineExportTableToFeatureViewOperator",
]


class EarthEngineExportTableOperator(RawExport):
    """Export a table, in the words of the REST API.

    https://developers.google.com/earth-engine/reference/rest/v1/projects.table/export

    Args:
        file_export_options: Where its files go and what they are like. Exactly one of the four destinations.
        asset_export_options: The asset that it becomes.
        feature_view_export_options: The feature view that it becomes.
        bigquery_export_options: The BigQuery table that it becomes.
        selectors: The properties that become columns, in this order; all of them if None.
        max_vertices: Geometries with more vertices are cut into several.
        max_error_meters: How far geometries may be simplified.
        policy: Who may do what with the asset.
    """

    method = "projects.table.export"
    words: ClassVar[tuple[str, ...]] = (
        "file_export_options",
        "asset_export_options",
        "feature_view_export_options",
        "bigquery_export_options",
        "selectors",
        "max_vertices",
        "max_error_meters",
        "policy",
    )

    def __init__(
        self,
        *,
        file_export_options: Mapping[str, Any] | None = None,
        asset_export_options: Mapping[str, Any] | None = None,
        feature_view_export_options: Mapping[str, Any] | None = None,
        bigquery_export_options: Mapping[str, Any] | None = None,
        selectors: Sequence[str] | str | None = None,
        max_vertices: int | str | None = None,
        max_error_meters: float | str | None = None,
        policy: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.file_export_options = file_export_options
        self.asset_export_options = asset_export_options
        self.feature_view_export_options = feature_view_export_options
        self.bigquery_export_options = bigquery_export_options
        self.selectors = selectors
        self.max_vertices = max_vertices
        self.max_error_meters = max_error_meters
        self.policy = policy

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.tables import export_table

        return export_table(**words)


class _Table(EarthEngineExportOperator):
    """A table, in the words of `ee.batch.Export.table`.

    Args:
        collection: An expression, or a function that returns an `ee.FeatureCollection`.
        selectors: The properties that become columns, in this order; all of them if None.
        max_vertices: Geometries with more vertices are cut into several.
    """

    method = "projects.table.export"
    words: ClassVar[tuple[str, ...]] = ("collection", "selectors", "max_vertices")

    def __init__(
        self,
        *,
        collection: Any,
        selectors: Sequence[str] | str | None = None,
        max_vertices: int | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.collection = wrap_callable(collection)
        self.selectors = selectors
        self.max_vertices = max_vertices


class _TableFiles(_Table):
    """The files of a table.

    Args:
        file_format: `CSV`, `GeoJSON`, `KML`, `KMZ`, `SHP` or `TFRecord`; `CSV` if None.
    """

    words: ClassVar[tuple[str, ...]] = ("file_format",)

    def __init__(self, *, file_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.file_format = file_format


class EarthEngineExportTableToCloudStorageOperator(ToCloudStorage, _TableFiles):
    """Export a table to Cloud Storage, as `ee.batch.Export.table.toCloudStorage` does."""

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.tables import table_to_cloud_storage

        return table_to_cloud_storage(**words)


class EarthEngineExportTableToDriveOperator(ToDrive, _TableFiles):
    """Export a table to Google Drive, as `ee.batch.Export.table.toDrive` does."""

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.tables import table_to_drive

        return table_to_drive(**words)


class EarthEngineExportTableToAssetOperator(ToAsset, _Table):
    """Export a table to an asset, as `ee.batch.Export.table.toAsset` does."""

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.tables import table_to_asset

        return table_to_asset(**words)


class EarthEngineExportTableToBigQueryOperator(_Table):
    """Export a table to BigQuery, as `ee.batch.Export.table.toBigQuery` does.

    Args:
        table: `project.dataset.table`; the dataset must be there.
        if_exists: What to do if there is such a table: `fail`, `overwrite` it, `append` to it, or `skip` the work: then
            the task succeeds at once, and its result says `skipped`. To skip takes the Google provider.
        overwrite: The same as `if_exists="overwrite"`, in the words of `ee`.
        append: The same as `if_exists="append"`, in the words of `ee`.
        gcp_conn_id: The Google provider's connection by which to look for the table.
    """

    words: ClassVar[tuple[str, ...]] = ("table", "overwrite", "append")

    def __init__(
        self,
        *,
        table: str,
        if_exists: Literal["fail", "skip", "overwrite", "append"] = "fail",
        overwrite: bool = False,
        append: bool = False,
        gcp_conn_id: str = "google_cloud_default",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.table = table
        self.if_exists = checked_if_exists(if_exists, ("fail", "skip", "overwrite", "append"))
        self.overwrite = overwrite or if_exists == "overwrite"
        self.append = append or if_exists == "append"
        if self.overwrite + self.append + (if_exists == "skip") > 1:
            raise InvalidArgument("if_exists", "it contradicts overwrite or append", "one of them")
        self.gcp_conn_id = gcp_conn_id

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.tables import table_to_big_query

        return table_to_big_query(**words)

    def destination(self) -> dict[str, Any]:
        """Say which table it goes to."""
        from airflow_provider_ee.client.exports import destinations

        return destinations.destination(destinations.big_query(self.table))

    def already_done(self, client: Client) -> dict[str, Any] | None:  # noqa: ARG002 - BigQuery is another service
        """Skip what is there, if so asked."""
        place = self.destination()
        if self.if_exists != "skip" or not self._is_there(*place["table"].split(".")):
            return None
        self.log.info("%s is there already: nothing is started.", place["table"])
        return {**place, "skipped": True}

    def _is_there(self, project: str, dataset: str, table: str) -> bool:
        try:
            from airflow.providers.google.cloud.hooks.bigquery import BigQueryHook
        except ImportError:
            missing = "the Google provider, which could look for the table, is not installed"
            allowed = "pip install apache-airflow-providers-google, or another value"
            raise InvalidArgument("if_exists", missing, allowed) from None
        hook = BigQueryHook(gcp_conn_id=self.gcp_conn_id, impersonation_chain=self.impersonation_chain)
        return bool(hook.table_exists(dataset_id=dataset, table_id=table, project_id=project))


class EarthEngineExportTableToFeatureViewOperator(ToAsset, _Table):
    """Export a table to a FeatureView asset, as `ee.batch.Export.table.toFeatureView` does.

    Args:
        max_features_per_tile: How many features a tile of the map shows at most.
        thinning_strategy: Which features are left out: `HIGHER_DENSITY` or `GLOBALLY_CONSISTENT`.
        thinning_ranking: Which features stay, by rules such as `population DESC`.
        z_order_ranking: Which features lie on top, by such rules.
    """

    words: ClassVar[tuple[str, ...]] = (
        "max_features_per_tile",
        "thinning_strategy",
        "thinning_ranking",
        "z_order_ranking",
    )

    def __init__(
        self,
        *,
        max_features_per_tile: int | str | None = None,
        thinning_strategy: str | None = None,
        thinning_ranking: Sequence[str] | str | None = None,
        z_order_ranking: Sequence[str] | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.max_features_per_tile = max_features_per_tile
        self.thinning_strategy = thinning_strategy
        self.thinning_ranking = thinning_ranking
        self.z_order_ranking = z_order_ranking

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.tables import table_to_feature_view

        return table_to_feature_view(**words)
