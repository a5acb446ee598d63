"""Exports of images.

https://developers.google.com/earth-engine/reference/rest/v1/projects.image/export
"""

from __future__ import annotations

from airflow_provider_ee.client.arguments.expressions import expression as expression_of
from airflow_provider_ee.client.arguments.scalars import choice, mapping, optional, whole, without_none
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.exports import destinations
from airflow_provider_ee.client.exports.fields import Body, export_body, most_pixels
from airflow_provider_ee.client.exports.framing import framed
from airflow_provider_ee.client.exports.image_files import FORMATS, image_files
from airflow_provider_ee.client.exports.options import ASSET, checked_files, checked_options

__all__ = ["export_image", "image_to_asset", "image_to_cloud_storage", "image_to_drive"]

_PYRAMIDING = {name: name.upper() for name in ("mean", "mode", "sample", "min", "max", "median")}
_LARGEST_TILE_SIZE = 2**15


def export_image(
    *,
    expression: object,
    description: object = None,
    grid: object = None,
    max_pixels: object = None,
    file_export_options: object = None,
    asset_export_options: object = None,
    priority: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `image:export` from the fields of the request.

    Raises:
        InvalidArgument: A field is wrong, or there is not exactly one destination.
    """
    if (file_export_options is None) == (asset_export_options is None):
        raise InvalidArgument(
            "file_export_options", "an image goes to one place", "file_export_options or asset_export_options"
        )
    return export_body(
        expression_of(expression),
        description=description,
        grid=mapping("grid", grid),
        maxPixels=most_pixels(max_pixels),
        fileExportOptions=checked_files("file_export_options", file_export_options, FORMATS.values()),
        assetExportOptions=checked_options("asset_export_options", asset_export_options, ASSET),
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )


def image_to_asset(
    *,
    image: object,
    description: object,
    asset_id: object,
    pyramiding_policy: object = None,
    dimensions: object = None,
    region: object = None,
    scale: object = None,
    crs: object = None,
    crs_transform: object = None,
    max_pixels: object = None,
    shard_size: object = None,
    priority: object = None,
    overwrite: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `image:export` from the words of `ee.batch.Export.image.toAsset`.

    Raises:
        InvalidArgument: A word is wrong, or two contradict each other.
    """
    return export_body(
        framed(
            expression_of(image, "image"),
            region=region,
            scale=scale,
            crs=crs,
            crs_transform=crs_transform,
            dimensions=dimensions,
        ),
        description=description,
        maxPixels=most_pixels(max_pixels),
        assetExportOptions={
            **destinations.asset(asset_id, overwrite),
            **_pyramiding(pyramiding_policy),
            **without_none(tileSize=optional(whole, "shard_size", shard_size, 1, _LARGEST_TILE_SIZE)),
        },
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )


def image_to_cloud_storage(
    *,
    image: object,
    description: object,
    bucket: object,
    file_name_prefix: object = None,
    dimensions: object = None,
    region: object = None,
    scale: object = None,
    crs: object = None,
    crs_transform: object = None,
    max_pixels: object = None,
    shard_size: object = None,
    file_dimensions: object = None,
    skip_empty_tiles: object = None,
    file_format: object = None,
    format_options: object = None,
    write_public_tiles: object = None,
    bucket_cors_uris: object = None,
    priority: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `image:export` from the words of `ee.batch.Export.image.toCloudStorage`.

    Raises:
        InvalidArgument: A word is wrong, or two contradict each other.
    """
    return export_body(
        framed(
            expression_of(image, "image"),
            region=region,
            scale=scale,
            crs=crs,
            crs_transform=crs_transform,
            dimensions=dimensions,
        ),
        description=description,
        maxPixels=most_pixels(max_pixels),
        fileExportOptions=image_files(
            destinations.cloud_storage(
                bucket,
                description if file_name_prefix is None else file_name_prefix,
                write_public_tiles=write_public_tiles,
                bucket_cors_uris=bucket_cors_uris,
            ),
            file_format=file_format,
            format_options=format_options,
            shard_size=shard_size,
            file_dimensions=file_dimensions,
            skip_empty_tiles=skip_empty_tiles,
        ),
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )


def image_to_drive(
    *,
    image: object,
    description: object,
    folder: object = None,
    file_name_prefix: object = None,
    dimensions: object = None,
    region: object = None,
    scale: object = None,
    crs: object = None,
    crs_transform: object = None,
    max_pixels: object = None,
    shard_size: object = None,
    file_dimensions: object = None,
    skip_empty_tiles: object = None,
    file_format: object = None,
    format_options: object = None,
    priority: object = None,
    workload_tag: object = None,
    max_workers: object = None,
) -> Body:
    """Build the body of `image:export` from the words of `ee.batch.Export.image.toDrive`.

    Raises:
        InvalidArgument: A word is wrong, or two contradict each other.
    """
    return export_body(
        framed(
            expression_of(image, "image"),
            region=region,
            scale=scale,
            crs=crs,
            crs_transform=crs_transform,
            dimensions=dimensions,
        ),
        description=description,
        maxPixels=most_pixels(max_pixels),
        fileExportOptions=image_files(
            destinations.drive(folder, description if file_name_prefix is None else file_name_prefix),
            file_format=file_format,
            format_options=format_options,
            shard_size=shard_size,
            file_dimensions=file_dimensions,
            skip_empty_tiles=skip_empty_tiles,
        ),
        priority=priority,
        workload_tag=workload_tag,
        max_workers=max_workers,
    )


def _pyramiding(value: object) -> Body:
    """How coarser levels are made: a policy for each band, in which `.default` is any other band, or one for all."""
    policies = {".default": value} if isinstance(value, str) else mapping("pyramiding_policy", value or None) or {}
    read = {
        band: choice(f"pyramiding_policy.{band}", policy, _PYRAMIDING, "pyramiding policy")
        for band, policy in policies.items()
    }
    default = read.pop(".default", None)
    return without_none(pyramidingPolicy=default, pyramidingPolicyOverrides=read or None)
