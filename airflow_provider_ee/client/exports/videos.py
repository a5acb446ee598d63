"""Exports of collections of images as videos, and as maps that move.

https://developers.google.com/earth-engine/reference/rest/v1/projects.video/export
"""

from __future__ import annotations

from airflow_provider_ee.client.arguments.expressions import expression as expression_of
from airflow_provider_ee.client.arguments.scalars import choice, finite, mapping, optional, whole, without_none
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.exports import destinations
from airflow_provider_ee.client.exports.fields import Body, export_body, most_pixels
from airflow_provider_ee.client.exports.framing import each_framed
from airflow_provider_ee.client.exports.options import CLOUD_STORAGE, checked_files, needed

__all__ = ["export_video", "export_video_map", "video_to_cloud_storage", "video_to_drive"]

_FORMATS = ("MP4", "GIF", "VP9")
_VERSIONS = {name: name for name in ("V1", "V2")}
_SLOWEST, _FASTEST = 0.1, 120
#: Web mercator, by the name that the official client uses for videos.
_DEFAULT_CRS = "SR-ORG:6627"


def export_video(
    *,
    expression: object,
    description: object = None,
    video_options: object = None,
    file_export_options: object = None,
    priority: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `video:export` from the fields of the request.

    Raises:
        InvalidArgument: A field is wrong or missing.
    """
    options = checked_files("file_export_options", file_export_options, _FORMATS)
    return export_body(
        expression_of(expression),
        description=description,
        videoOptions=mapping("video_options", video_options),
        fileExportOptions=needed("file_export_options", options),
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )


def export_video_map(
    *,
    expression: object,
    description: object = None,
    tile_options: object = None,
    video_options: object = None,
    tile_export_options: object = None,
    version: object = None,
    priority: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `videoMap:export` from the fields of the request; the official client has no words for it.

    Raises:
        InvalidArgument: A field is wrong or missing.
    """
    options = checked_files("tile_export_options", tile_export_options, _FORMATS, CLOUD_STORAGE)
    return export_body(
        expression_of(expression),
        description=description,
        tileOptions=needed("tile_options", mapping("tile_options", tile_options)),
        videoOptions=mapping("video_options", video_options),
        tileExportOptions=needed("tile_export_options", options),
        version=optional(choice, "version", version, _VERSIONS, "version"),
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )


def video_to_cloud_storage(
    *,
    collection: object,
    description: object,
    bucket: object,
    file_name_prefix: object = None,
    frames_per_second: object = None,
    dimensions: object = None,
    region: object = None,
    scale: object = None,
    crs: object = None,
    crs_transform: object = None,
    max_pixels: object = None,
    max_frames: object = None,
    write_public_tiles: object = None,
    bucket_cors_uris: object = None,
    priority: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `video:export` from the words of `ee.batch.Export.video.toCloudStorage`.

    Raises:
        InvalidArgument: A word is wrong, or two contradict each other.
    """
    return export_body(
        each_framed(
            expression_of(collection, "collection"),
            region=region,
            scale=scale,
            crs=_DEFAULT_CRS if crs is None else crs,
            crs_transform=crs_transform,
            dimensions=dimensions,
        ),
        description=description,
        videoOptions=_video_options(frames_per_second, max_frames, max_pixels),
        fileExportOptions={
            "fileFormat": "MP4",
            **destinations.cloud_storage(
                bucket,
                description if file_name_prefix is None else file_name_prefix,
                write_public_tiles=write_public_tiles,
                bucket_cors_uris=bucket_cors_uris,
            ),
        },
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )


def video_to_drive(
    *,
    collection: object,
    description: object,
    folder: object = None,
    file_name_prefix: object = None,
    frames_per_second: object = None,
    dimensions: object = None,
    region: object = None,
    scale: object = None,
    crs: object = None,
    crs_transform: object = None,
    max_pixels: object = None,
    max_frames: object = None,
    priority: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `video:export` from the words of `ee.batch.Export.video.toDrive`.

    Raises:
        InvalidArgument: A word is wrong, or two contradict each other.
    """
    return export_body(
        each_framed(
            expression_of(collection, "collection"),
            region=region,
            scale=scale,
            crs=_DEFAULT_CRS if crs is None else crs,
            crs_transform=crs_transform,
            dimensions=dimensions,
        ),
        description=description,
        videoOptions=_video_options(frames_per_second, max_frames, max_pixels),
        fileExportOptions={
            "fileFormat": "MP4",
            **destinations.drive(folder, description if file_name_prefix is None else file_name_prefix),
        },
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )


def _video_options(frames_per_second: object, max_frames: object, max_pixels: object) -> Body | None:
    speed = optional(finite, "frames_per_second", frames_per_second)
    if speed is not None and not _SLOWEST <= speed <= _FASTEST:
        raise InvalidArgument(
            "frames_per_second", f"{shown(frames_per_second)} is out of bounds", "a number from 0.1 to 120"
        )
    options = without_none(
        framesPerSecond=speed,
        maxFrames=optional(whole, "max_frames", max_frames, 1, 2**31 - 1),
        maxPixelsPerFrame=most_pixels(max_pixels),
    )
    return options or None
