"""Where exports go: a part of an operator for each kind of place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from airflow_provider_ee.operators.base.if_exists import AssetMayExist, checked_if_exists
from airflow_provider_ee.operators.exports.base import EarthEngineExportOperator

if TYPE_CHECKING:
    from airflow_provider_ee.client.http.clients import Client

__all__ = ["ToAsset", "ToCloudStorage", "ToDrive"]


class _ToFiles(EarthEngineExportOperator):
    """An export to files whose names begin with a prefix."""

    words: ClassVar[tuple[str, ...]] = ("file_name_prefix",)

    def __init__(self, *, file_name_prefix: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.file_name_prefix = file_name_prefix

    @property
    def _prefix(self) -> str:
        return self._description if self.file_name_prefix is None else self.file_name_prefix


class ToCloudStorage(_ToFiles):
    """An export to Cloud Storage.

    Args:
        bucket: The bucket, without `gs://`.
        file_name_prefix: What the names of the files begin with; the description if None.
        if_exists: What to do if there are such files: `overwrite` them, as Earth Engine does by itself, or `skip` the
            work: then the task succeeds at once, and its result says `skipped`. Needs the Google provider.
        write_public_tiles: Whether everybody may read the files.
        bucket_cors_uris: From which pages the files may be fetched; `*` is any.
        gcp_conn_id: The Google provider's connection by which to look for them.
    """

    words: ClassVar[tuple[str, ...]] = ("bucket", "write_public_tiles", "bucket_cors_uris")

    def __init__(
        self,
        *,
        bucket: str,
        if_exists: Literal["overwrite", "skip"] = "overwrite",
        write_public_tiles: bool = False,
        bucket_cors_uris: Sequence[str] | str | None = None,
        gcp_conn_id: str = "google_cloud_default",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.bucket = bucket
        self.if_exists = checked_if_exists(if_exists, ("overwrite", "skip"))
        self.write_public_tiles = write_public_tiles
        self.bucket_cors_uris = bucket_cors_uris
        self.gcp_conn_id = gcp_conn_id

    def already_done(self, client: Client) -> dict[str, Any] | None:  # noqa: ARG002 - Storage is another service
        """Skip what is there, if so asked."""
        place = self.destination()
        if self.if_exists != "skip" or not self._any_file(place):
            return None
        self.log.info("There are files that begin with %s already: nothing is started.", place["uri_prefix"])
        return {**place, "skipped": True}

    def _any_file(self, place: Mapping[str, Any]) -> bool:
        from airflow.sdk import ObjectStoragePath

        folder, _, beginning = place["uri_prefix"].rpartition("/")
        path = ObjectStoragePath(folder, conn_id=self.gcp_conn_id)
        return path.exists() and any(file.name.startswith(beginning) for file in path.iterdir())

    def destination(self) -> dict[str, Any]:
        """Say where the files go."""
        from airflow_provider_ee.client.exports import destinations

        return destinations.destination(destinations.cloud_storage(self.bucket, self._prefix))


class ToDrive(_ToFiles):
    """An export to Google Drive.

    Args:
        folder: The name of a folder; it is made if there is none. The top of the Drive if None.
        file_name_prefix: What the names of the files begin with; the description if None.
    """

    words: ClassVar[tuple[str, ...]] = ("folder",)

    def __init__(self, *, folder: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = folder

    def destination(self) -> dict[str, Any]:
        """Say where the files go."""
        from airflow_provider_ee.client.exports import destinations

        return destinations.destination(destinations.drive(self.folder, self._prefix))


class ToAsset(AssetMayExist, EarthEngineExportOperator):
    """An export to an asset."""

    words: ClassVar[tuple[str, ...]] = ("asset_id", "overwrite")
