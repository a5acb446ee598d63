"""Where exports go.

Each builder checks its words and returns a part of the options of an export; `destination` reads it back.

https://developers.google.com/earth-engine/reference/rest/v1/CloudStorageDestination
https://developers.google.com/earth-engine/reference/rest/v1/BigQueryDestination
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow_provider_ee.client.arguments.names import destination_asset
from airflow_provider_ee.client.arguments.scalars import flag, texts, without_none
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.exports.fields import Body
from airflow_provider_ee.client.exports.places import big_query_table, bucket_name, drive_name, object_prefix

__all__ = ["asset", "big_query", "cloud_storage", "destination", "drive", "feature_view"]


def cloud_storage(
    bucket: object,
    prefix: object,
    prefix_argument: str = "file_name_prefix",
    *,
    write_public_tiles: object = None,
    bucket_cors_uris: object = None,
) -> Body:
    """Build a destination in Cloud Storage.

    Args:
        bucket: The bucket, without `gs://`.
        prefix: What the names of the objects begin with.
        prefix_argument: What the caller calls the prefix.
        write_public_tiles: Whether everybody may read the objects.
        bucket_cors_uris: From which pages they may be fetched, as a list or one text with commas.
    """
    fields = without_none(
        bucket=bucket_name(bucket, "bucket"),
        filenamePrefix=object_prefix(prefix, prefix_argument),
        bucketCorsUris=texts("bucket_cors_uris", bucket_cors_uris),
        permissions="PUBLIC" if flag("write_public_tiles", write_public_tiles) else None,
    )
    return {"cloudStorageDestination": fields}


def drive(folder: object, prefix: object) -> Body:
    """Build a destination in Google Drive; without a folder it is the top of the Drive."""
    fields = without_none(
        folder=None if folder is None else drive_name(folder, "folder"),
        filenamePrefix=drive_name(prefix, "file_name_prefix"),
    )
    return {"driveDestination": fields}


def asset(asset_id: object, overwrite: object = None) -> Body:
    """Build a destination among the assets."""
    return {"earthEngineDestination": {"name": destination_asset(asset_id), "overwrite": flag("overwrite", overwrite)}}


def feature_view(asset_id: object) -> Body:
    """Build a destination that is a feature view."""
    return {"featureViewDestination": {"name": destination_asset(asset_id)}}


def big_query(table: object, overwrite: object = None, append: object = None) -> Body:
    """Build a destination in BigQuery."""
    replaces, adds = flag("overwrite", overwrite), flag("append", append)
    if replaces and adds:
        raise InvalidArgument("append", "it contradicts overwrite", "one of the two")
    return {"bigqueryDestination": {"table": big_query_table(table, "table"), "overwrite": replaces, "append": adds}}


def destination(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what names the result of an export with such options, for those who go on with it."""
    if storage := options.get("cloudStorageDestination"):
        bucket, prefix = storage.get("bucket"), storage.get("filenamePrefix", "")
        return {"bucket": bucket, "file_name_prefix": prefix, "uri_prefix": f"gs://{bucket}/{prefix}"}
    if folder := options.get("driveDestination"):
        return {"folder": folder.get("folder"), "file_name_prefix": folder.get("filenamePrefix")}
    if made := options.get("earthEngineDestination") or options.get("featureViewDestination"):
        return {"asset_id": destination_asset(made.get("name"))}
    if table := options.get("bigqueryDestination"):
        return {"table": table.get("table")}
    return {}
