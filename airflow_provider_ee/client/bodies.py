"""Bodies of export requests, from the words of `ee.batch.Export` in snake_case.

https://developers.google.com/earth-engine/reference/rest/v1/projects.image/export
"""

from __future__ import annotations

from typing import Any, TypeAlias

from airflow_provider_ee.client import names
from airflow_provider_ee.client.checks import mapping, text, whole, without_none
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.expressions import expression as expression_of
from airflow_provider_ee.client.file_options import cloud_storage_destination, image_file_options
from airflow_provider_ee.client.framing import framed

__all__ = ["export_image", "export_image_to_cloud_storage"]

Body: TypeAlias = dict[str, Any]


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
) -> Body:
    """Build the body of `image:export` from the fields of the request.

    Raises:
        InvalidArgument: A field is wrong, or there is not exactly one destination.
    """
    if (file_export_options is None) == (asset_export_options is None):
        raise InvalidArgument(
            "file_export_options", "an image goes to one place", "file_export_options or asset_export_options"
        )
    return without_none(
        expression=expression_of(expression),
        description=text("description", description),
        grid=mapping("grid", grid),
        maxPixels=None if max_pixels is None else str(whole("max_pixels", max_pixels, 1, 2**63 - 1)),
        fileExportOptions=mapping("file_export_options", file_export_options),
        assetExportOptions=mapping("asset_export_options", asset_export_options),
        priority=None if priority is None else whole("priority", priority, 0, 9999),
        workloadTag=None if workload_tag is None else names.workload_tag(workload_tag),
    )


def export_image_to_cloud_storage(
    *,
    image: object,
    description: str,
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
    priority: object = None,
    workload_tag: object = None,
) -> Body:
    """Build the body of `image:export` from the words of `ee.batch.Export.image.toCloudStorage`."""
    return export_image(
        expression=framed(
            expression_of(image, "image"),
            region=region,
            scale=scale,
            crs=crs,
            crs_transform=crs_transform,
            dimensions=dimensions,
        ),
        description=description,
        max_pixels=max_pixels,
        file_export_options=image_file_options(
            cloud_storage_destination(bucket, description if file_name_prefix is None else file_name_prefix),
            file_format=file_format,
            format_options=format_options,
            shard_size=shard_size,
            file_dimensions=file_dimensions,
            skip_empty_tiles=skip_empty_tiles,
        ),
        priority=priority,
        workload_tag=workload_tag,
    )
