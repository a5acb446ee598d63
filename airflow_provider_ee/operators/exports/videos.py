"""Exports of videos, and of maps that move.

https://developers.google.com/earth-engine/guides/exporting_video
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from airflow_provider_ee.operators.base.callables import wrap_callable
from airflow_provider_ee.operators.exports.destinations import ToCloudStorage, ToDrive
from airflow_provider_ee.operators.exports.grids import OnAGrid
from airflow_provider_ee.operators.exports.raw import RawExport

__all__ = [
    "EarthEngineExportVideoMapOperator",
    "EarthEngineExportVideoOperator",
    "EarthEngineExportVideoToCloudStorageOperator",
    "EarthEngineExportVideoToDriveOperator",
]


class EarthEngineExportVideoOperator(RawExport):
    """Export a video, in the words of the REST API.

    https://developers.google.com/earth-engine/reference/rest/v1/projects.video/export

    Args:
        video_options: Frames per second, the most frames, the most pixels of each.
        file_export_options: Where its file goes and what it is like.
    """

    method = "projects.video.export"
    words: ClassVar[tuple[str, ...]] = ("video_options", "file_export_options")

    def __init__(
        self,
        *,
        video_options: Mapping[str, Any] | None = None,
        file_export_options: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.video_options = video_options
        self.file_export_options = file_export_options

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.videos import export_video

        return export_video(**words)


class EarthEngineExportVideoMapOperator(RawExport):
    """Export a video as tiles of a map, in the words of the REST API.

    Its method is used by Google's own clients and has no page of reference.

    Args:
        tile_options: The zoom levels or the scale, and the size of the tiles.
        video_options: Frames per second, the most frames, the most pixels of each.
        tile_export_options: Where the tiles go and what they are like.
        version: `V1` or `V2`.
    """

    method = "projects.videoMap.export"
    words: ClassVar[tuple[str, ...]] = ("tile_options", "video_options", "tile_export_options", "version")

    def __init__(
        self,
        *,
        tile_options: Mapping[str, Any] | None = None,
        video_options: Mapping[str, Any] | None = None,
        tile_export_options: Mapping[str, Any] | None = None,
        version: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.tile_options = tile_options
        self.video_options = video_options
        self.tile_export_options = tile_export_options
        self.version = version

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.videos import export_video_map

        return export_video_map(**words)


class _Video(OnAGrid):
    """A video.

    Args:
        collection: An expression, or a function that returns an `ee.ImageCollection` of pictures with three bands of
            bytes.
        frames_per_second: From 0.1 to 120; one if None.
        max_frames: The most frames.
    """

    method = "projects.video.export"
    words: ClassVar[tuple[str, ...]] = ("collection", "frames_per_second", "max_frames")

    def __init__(
        self,
        *,
        collection: Any,
        frames_per_second: float | str | None = None,
        max_frames: int | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.collection = wrap_callable(collection)
        self.frames_per_second = frames_per_second
        self.max_frames = max_frames


class EarthEngineExportVideoToCloudStorageOperator(ToCloudStorage, _Video):
    """Export a video to Cloud Storage, as `ee.batch.Export.video.toCloudStorage` does."""

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.videos import video_to_cloud_storage

        return video_to_cloud_storage(**words)


class EarthEngineExportVideoToDriveOperator(ToDrive, _Video):
    """Export a video to Google Drive, as `ee.batch.Export.video.toDrive` does."""

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.videos import video_to_drive

        return video_to_drive(**words)
