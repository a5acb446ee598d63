"""Exports of tables: collections of features.

https://developers.google.com/earth-engine/reference/rest/v1/projects.table/export
"""

from __future__ import annotations

from airflow_provider_ee.client.arguments.expressions import expression as expression_of
from airflow_provider_ee.client.arguments.scalars import choice, finite, flag, mapping, optional, texts, whole
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.exports import destinations
from airflow_provider_ee.client.exports.feature_views import ingestion_time_parameters
from airflow_provider_ee.client.exports.fields import Body, export_body
from airflow_provider_ee.client.exports.options import ASSET, BIG_QUERY, FEATURE_VIEW, checked_files, checked_options

__all__ = [
    "export_table",
    "table_to_asset",
    "table_to_big_query",
    "table_to_cloud_storage",
    "table_to_drive",
    "table_to_feature_view",
]

_FORMATS = {
    "CSV": "CSV",
    "GeoJSON": "GEO_JSON",
    "KML": "KML",
    "KMZ": "KMZ",
    "SHP": "SHP",
    "TFRecord": "TF_RECORD_TABLE",
}


def export_table(
    *,
    expression: object,
    description: object = None,
    file_export_options: object = None,
    asset_export_options: object = None,
    feature_view_export_options: object = None,
    bigquery_export_options: object = None,
    selectors: object = None,
    max_error_meters: object = None,
    max_vertices: object = None,
    policy: object = None,
    priority: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `table:export` from the fields of the request.

    Raises:
        InvalidArgument: A field is wrong, or there is not exactly one destination.
    """
    options = {
        "fileExportOptions": checked_files("file_export_options", file_export_options, _FORMATS.values()),
        "assetExportOptions": checked_options("asset_export_options", asset_export_options, ASSET),
        "featureViewExportOptions": checked_options(
            "feature_view_export_options", feature_view_export_options, FEATURE_VIEW
        ),
        "bigqueryExportOptions": checked_options("bigquery_export_options", bigquery_export_options, BIG_QUERY),
    }
    if sum(given is not None for given in options.values()) != 1:
        raise InvalidArgument(
            "file_export_options",
            "a table goes to one place",
            "file_export_options, asset_export_options, feature_view_export_options or bigquery_export_options",
        )
    return _table(
        expression_of(expression),
        description=description,
        **options,
        selectors=selectors,
        max_vertices=max_vertices,
        maxErrorMeters=optional(finite, "max_error_meters", max_error_meters, above=0),
        policy=mapping("policy", policy),
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )


def table_to_cloud_storage(
    *,
    collection: object,
    description: object,
    bucket: object,
    file_name_prefix: object = None,
    file_format: object = None,
    selectors: object = None,
    max_vertices: object = None,
    write_public_tiles: object = None,
    bucket_cors_uris: object = None,
    priority: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `table:export` from the words of `ee.batch.Export.table.toCloudStorage`.

    Raises:
        InvalidArgument: A word is wrong.
    """
    return _table(
        expression_of(collection, "collection"),
        description=description,
        fileExportOptions=_files(
            file_format,
            destinations.cloud_storage(
                bucket,
                description if file_name_prefix is None else file_name_prefix,
                write_public_tiles=write_public_tiles,
                bucket_cors_uris=bucket_cors_uris,
            ),
        ),
        selectors=selectors,
        max_vertices=max_vertices,
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )


def table_to_drive(
    *,
    collection: object,
    description: object,
    folder: object = None,
    file_name_prefix: object = None,
    file_format: object = None,
    selectors: object = None,
    max_vertices: object = None,
    priority: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `table:export` from the words of `ee.batch.Export.table.toDrive`.

    Raises:
        InvalidArgument: A word is wrong.
    """
    return _table(
        expression_of(collection, "collection"),
        description=description,
        fileExportOptions=_files(
            file_format, destinations.drive(folder, description if file_name_prefix is None else file_name_prefix)
        ),
        selectors=selectors,
        max_vertices=max_vertices,
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )


def table_to_asset(
    *,
    collection: object,
    description: object,
    asset_id: object,
    max_vertices: object = None,
    selectors: object = None,
    overwrite: object = None,
    priority: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `table:export` from the words of `ee.batch.Export.table.toAsset`.

    Raises:
        InvalidArgument: A word is wrong.
    """
    return _table(
        expression_of(collection, "collection"),
        description=description,
        assetExportOptions=destinations.asset(asset_id, overwrite),
        selectors=selectors,
        max_vertices=max_vertices,
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )


def table_to_big_query(
    *,
    collection: object,
    description: object,
    table: object,
    overwrite: object = None,
    append: object = None,
    selectors: object = None,
    max_vertices: object = None,
    priority: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `table:export` from the words of `ee.batch.Export.table.toBigQuery`.

    Raises:
        InvalidArgument: A word is wrong, or two contradict each other.
    """
    return _table(
        expression_of(collection, "collection"),
        description=description,
        bigqueryExportOptions=destinations.big_query(table, overwrite, append),
        selectors=selectors,
        max_vertices=max_vertices,
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )


def table_to_feature_view(
    *,
    collection: object,
    description: object,
    asset_id: object,
    max_features_per_tile: object = None,
    thinning_strategy: object = None,
    thinning_ranking: object = None,
    z_order_ranking: object = None,
    selectors: object = None,
    max_vertices: object = None,
    overwrite: object = None,
    priority: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `table:export` from the words of `ee.batch.Export.table.toFeatureView`.

    Raises:
        InvalidArgument: A word is wrong.
    """
    if flag("overwrite", overwrite):
        raise InvalidArgument("overwrite", "a feature view is never overwritten", "False; delete it first")
    return _table(
        expression_of(collection, "collection"),
        description=description,
        featureViewExportOptions={
            **destinations.feature_view(asset_id),
            "ingestionTimeParameters": ingestion_time_parameters(
                max_features_per_tile=max_features_per_tile,
                thinning_strategy=thinning_strategy,
                thinning_ranking=thinning_ranking,
                z_order_ranking=z_order_ranking,
            ),
        },
        selectors=selectors,
        max_vertices=max_vertices,
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )


def _files(file_format: object, destination: Body) -> Body:
    name = "CSV" if file_format is None else file_format
    return {"fileFormat": choice("file_format", name, _FORMATS, "format for tables"), **destination}


def _table(expression: Body, *, selectors: object, max_vertices: object, **fields: object) -> Body:
    return export_body(
        expression,
        selectors=texts("selectors", selectors),
        maxVertices=optional(whole, "max_vertices", max_vertices, 0, 2**31 - 1),
        **fields,
    )
