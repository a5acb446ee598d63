"""Exports of collections of images as videos, and as maps that move.

https://developers.google.com/earth-engine/reference/rest/v1/projects.video/export
"""

from __future__ import annotations

from airflow_provider_ee.client.arguments import grid
from airflow_provider_ee.client.arguments.expressions import Expression, load_image_collection
from airflow_provider_ee.client.arguments.group import argument, name_first
from airflow_provider_ee.client.arguments.json_values import fields
from airflow_provider_ee.client.arguments.scalars import choice, finite, whole, without_none
from airflow_provider_ee.client.arguments.types import CollectionLike, Fields, Number
from airflow_provider_ee.client.exports.base import LARGEST_INT32, Body
from airflow_provider_ee.client.exports.destinations import ToCloudStorage, ToDrive
from airflow_provider_ee.client.exports.grid import OnGrid
from airflow_provider_ee.client.exports.raw import CLOUD_STORAGE, RawExport, file_options
from airflow_provider_ee.client.rest import methods

__all__ = ["ExportVideo", "ExportVideoMap", "ExportVideoToCloudStorage", "ExportVideoToDrive"]

_FORMATS = ("MP4", "GIF", "VP9")
_VERSIONS = {name: name for name in ("V1", "V2")}


class ExportVideo(RawExport):
    """An export of a video in the words of the REST API.

    Args:
        video_options: Frames per second, the most frames, the most pixels of each.
        file_export_options: Where it goes.
    """

    method = methods.video_export
    destinations = ("file_export_options",)

    video_options: Fields | None = argument(fields, default=None)
    file_export_options: Fields | None = argument(file_options, _FORMATS, default=None)

    def fields(self) -> Body:
        """Return what the video is like and where it goes."""
        return {"videoOptions": self.video_options, **self.chosen_destination()}


class ExportVideoMap(RawExport):
    """An export of a map that moves, in the words of the REST API; the official client has none for it.

    Args:
        tile_options: The zoom levels or the scale, and the size of the tiles.
        video_options: Frames per second, the most frames, the most pixels of each.
        tile_export_options: Where the tiles go and what they are like.
        version: `V1` or `V2`.
    """

    method = methods.video_map_export
    destinations = ("tile_export_options",)

    tile_options: Fields = argument(fields)
    video_options: Fields | None = argument(fields, default=None)
    tile_export_options: Fields | None = argument(file_options, _FORMATS, CLOUD_STORAGE, default=None)
    version: str | None = argument(choice, _VERSIONS, "version", default=None)

    def fields(self) -> Body:
        """Return what the tiles are like and where they go."""
        video = {"tileOptions": self.tile_options, "videoOptions": self.video_options, "version": self.version}
        return {**video, **self.chosen_destination()}


class _Video(OnGrid):
    """An export of a video as `ee.batch.Export.video` has it.

    Args:
        collection: The images, with three bands of bytes each.
        frames_per_second: From 0.1 to 120; one if None.
        max_frames: The most frames.
    """

    method = methods.video_export

    #: By default web mercator, by the name that the official client uses for videos.
    crs: str | None = argument(name_first(grid.crs), default="SR-ORG:6627")
    collection: CollectionLike
    frames_per_second: Number | None = argument(finite, least=0.1, most=120, default=None)
    max_frames: Number | None = argument(whole, 1, LARGEST_INT32, default=None)

    def computed(self) -> Expression:
        """Return the images on their grid."""
        return self.reproject_and_clip_each(load_image_collection(self.collection))

    def fields(self) -> Body:
        """Return what the video is like and where it goes."""
        options = without_none(
            framesPerSecond=self.frames_per_second, maxFrames=self.max_frames, maxPixelsPerFrame=self.max_pixels
        )
        return {
            "videoOptions": options or None,
            "fileExportOptions": {"fileFormat": "MP4", **self.destination_fields()},
        }


class ExportVideoToCloudStorage(ToCloudStorage, _Video):
    """An export of a video to Cloud Storage, as `ee.batch.Export.video.toCloudStorage` has it."""


class ExportVideoToDrive(ToDrive, _Video):
    """An export of a video to Google Drive, as `ee.batch.Export.video.toDrive` has it."""
