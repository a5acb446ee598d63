"""Exports of images as the tiles of a map.

https://developers.google.com/earth-engine/reference/rest/v1/projects.map/export
"""

from __future__ import annotations

from airflow_provider_ee.client.arguments.expressions import expression as expression_of
from airflow_provider_ee.client.arguments.scalars import (
    choice,
    finite,
    flag,
    mapping,
    optional,
    text,
    whole,
    without_none,
)
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.exports import destinations
from airflow_provider_ee.client.exports.fields import Body, export_body
from airflow_provider_ee.client.exports.framing import framed
from airflow_provider_ee.client.exports.options import CLOUD_STORAGE, checked_files, needed

__all__ = ["export_map", "map_to_cloud_storage"]

_FORMATS = {"auto": "AUTO_JPEG_PNG", "png": "PNG", "jpeg": "JPEG", "jpg": "JPEG"}
_RAW_FORMATS = ("AUTO_JPEG_PNG", "PNG", "JPEG", "GEO_TIFF", "MULTI_BAND_IMAGE_TILE")
_DEEPEST_ZOOM = 24


def export_map(
    *,
    expression: object,
    description: object = None,
    tile_options: object = None,
    tile_export_options: object = None,
    priority: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `map:export` from the fields of the request.

    Raises:
        InvalidArgument: A field is wrong or missing.
    """
    options = checked_files("tile_export_options", tile_export_options, _RAW_FORMATS, CLOUD_STORAGE)
    return export_body(
        expression_of(expression),
        description=description,
        tileOptions=needed("tile_options", mapping("tile_options", tile_options)),
        tileExportOptions=needed("tile_export_options", options),
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )


def map_to_cloud_storage(
    *,
    image: object,
    description: object,
    bucket: object,
    file_format: object = None,
    path: object = None,
    write_public_tiles: object = None,
    max_zoom: object = None,
    scale: object = None,
    min_zoom: object = None,
    region: object = None,
    skip_empty_tiles: object = None,
    maps_api_key: object = None,
    bucket_cors_uris: object = None,
    dimensions: object = None,
    crs: object = None,
    crs_transform: object = None,
    priority: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `map:export` from the words of `ee.batch.Export.map.toCloudStorage`.

    Raises:
        InvalidArgument: A word is wrong, or two contradict each other.
    """
    return export_body(
        # The scale says how deep the map is; the image keeps its own.
        framed(
            expression_of(image, "image"), region=region, crs=crs, crs_transform=crs_transform, dimensions=dimensions
        ),
        description=description,
        tileOptions={
            **_depth(min_zoom, max_zoom, scale),
            **({"skipEmpty": True} if flag("skip_empty_tiles", skip_empty_tiles) else {}),
            **without_none(mapsApiKey=text("maps_api_key", maps_api_key)),
        },
        tileExportOptions={
            "fileFormat": choice(
                "file_format", "auto" if file_format is None else file_format, _FORMATS, "format for tiles"
            ),
            **destinations.cloud_storage(
                bucket,
                description if path is None else path,
                "path",
                write_public_tiles=True if write_public_tiles is None else write_public_tiles,
                bucket_cors_uris=bucket_cors_uris,
            ),
        },
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )


def _depth(min_zoom: object, max_zoom: object, scale: object) -> Body:
    if (max_zoom is None) == (scale is None):
        given = "neither it nor scale is given" if scale is None else "it contradicts scale"
        raise InvalidArgument("max_zoom", given, "one of the two")
    first = optional(whole, "min_zoom", min_zoom, 0, _DEEPEST_ZOOM)
    last = optional(whole, "max_zoom", max_zoom, 0, _DEEPEST_ZOOM)
    if first is not None and last is not None and first > last:
        raise InvalidArgument("min_zoom", f"{first} is deeper than max_zoom, which is {last}", "at most max_zoom")
    return without_none(startZoom=first, endZoom=last, scale=optional(finite, "scale", scale, above=0))
