"""Where exports go.

https://developers.google.com/earth-engine/reference/rest/v1/CloudStorageDestination
https://developers.google.com/earth-engine/reference/rest/v1/BigQueryDestination
"""

from __future__ import annotations

from airflow_provider_ee.client.arguments.group import argument, name_first
from airflow_provider_ee.client.arguments.names import destination_asset
from airflow_provider_ee.client.arguments.scalars import flag, texts, without_none
from airflow_provider_ee.client.arguments.storage import big_query_table, bucket_name, drive_name, object_prefix
from airflow_provider_ee.client.arguments.types import Flag, Texts
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.exports.base import Body, Export

__all__ = ["InBucket", "ToAsset", "ToBigQuery", "ToCloudStorage", "ToDrive", "ToFeatureView"]


class InBucket(Export):
    """An export to a bucket of Cloud Storage.

    Args:
        bucket: The bucket, without `gs://`.
        write_public_tiles: Whether everybody may read the files.
        bucket_cors_uris: From which pages the files may be fetched; `*` is any.
    """

    bucket: str = argument(bucket_name)
    write_public_tiles: Flag | None = argument(flag, default=False)
    bucket_cors_uris: Texts | None = argument(texts, default=None)

    def in_bucket(self, argument: str, prefix: str | None) -> Body:
        """Return the destination for objects whose names begin with a prefix, or else with the description."""
        fields = without_none(
            bucket=self.bucket,
            filenamePrefix=object_prefix(argument, self.or_description(argument, prefix)),
            bucketCorsUris=self.bucket_cors_uris,
            permissions="PUBLIC" if self.write_public_tiles else None,
        )
        return {"cloudStorageDestination": fields}


class ToCloudStorage(InBucket):
    """An export to files in Cloud Storage.

    Args:
        file_name_prefix: What the names of the files begin with; the description if None.
    """

    file_name_prefix: str | None = argument(object_prefix, default=None)

    def destination_fields(self) -> Body:
        """Return the destination."""
        return self.in_bucket("file_name_prefix", self.file_name_prefix)


class ToDrive(Export):
    """An export to files in Google Drive.

    Args:
        folder: The name of a folder; it is made if there is none. The top of the Drive if None.
        file_name_prefix: What the names of the files begin with; the description if None.
    """

    folder: str | None = argument(drive_name, default=None)
    file_name_prefix: str | None = argument(drive_name, default=None)

    def destination_fields(self) -> Body:
        """Return the destination."""
        name = self.or_description("file_name_prefix", self.file_name_prefix)
        fields = without_none(folder=self.folder, filenamePrefix=drive_name("file_name_prefix", name))
        return {"driveDestination": fields}


class ToAsset(Export):
    """An export to an asset.

    Args:
        asset_id: The asset, `projects/<project>/assets/<path>`.
        overwrite: Whether an asset of this name is replaced. Earth Engine does not keep its sharing: who may read it
            must be said again.
    """

    asset_id: str = argument(name_first(destination_asset))
    overwrite: Flag = argument(flag, default=False)

    def destination_fields(self) -> Body:
        """Return the destination."""
        return {"earthEngineDestination": {"name": self.asset_id, **_if_true(overwrite=self.overwrite)}}


class ToFeatureView(ToAsset):
    """An export to a feature view, which is never overwritten."""

    def destination_fields(self) -> Body:
        """Return the destination."""
        if self.overwrite:
            raise InvalidArgument("overwrite", "a feature view is never overwritten", "False; delete it first")
        return {"featureViewDestination": {"name": self.asset_id}}


class ToBigQuery(Export):
    """An export to a table of BigQuery.

    Args:
        table: `project.dataset.table`; the dataset must be there.
        overwrite: Whether a table of this name is replaced.
        append: Whether rows are added to a table of this name.
    """

    table: str = argument(big_query_table)
    overwrite: Flag = argument(flag, default=False)
    append: Flag = argument(flag, default=False)

    def destination_fields(self) -> Body:
        """Return the destination."""
        if self.overwrite and self.append:
            raise InvalidArgument("append", "it contradicts overwrite", "one of the two")
        options = _if_true(overwrite=self.overwrite, append=self.append)
        return {"bigqueryDestination": {"table": self.table, **options}}


def _if_true(**flags: Flag) -> Body:
    """Leave out what is false: so it is by default, and not every version of the API knows these fields."""
    return {name: True for name, flag in flags.items() if flag}
