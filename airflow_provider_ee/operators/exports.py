"""Exports: what is computed goes to Cloud Storage, Drive or an asset.

https://developers.google.com/earth-engine/guides/exporting
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import Context

from airflow_provider_ee.operators.base import EarthEngineOperationOperator

if TYPE_CHECKING:
    from airflow_provider_ee.client.request import Request

__all__ = ["EarthEngineExportImageOperator", "EarthEngineExportImageToCloudStorageOperator"]


class EarthEngineExportImageOperator(EarthEngineOperationOperator):
    """Export an image, in the words of the REST API.

    https://developers.google.com/earth-engine/reference/rest/v1/projects.image/export

    Args:
        expression: The image: an expression as a dict or JSON text, or the path of a `.json` file beside the DAG.
        description: What the operation is called; the task's id if None.
        grid: A PixelGrid; the image's own projection and extent if None.
        max_pixels: The most pixels that may be exported.
        file_export_options: Where its files go and what they are like. Either this or `asset_export_options`.
        asset_export_options: The asset that it becomes.
        priority: From 0 to 9999; Earth Engine's default is 100.
        workload_tag: By which its costs are told apart.
    """

    template_fields: Sequence[str] = (
        *EarthEngineOperationOperator.template_fields,
        "expression",
        "description",
        "grid",
        "max_pixels",
        "file_export_options",
        "asset_export_options",
        "priority",
        "workload_tag",
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {
        "expression": "json",
        "grid": "json",
        "file_export_options": "json",
        "asset_export_options": "json",
    }

    def __init__(
        self,
        *,
        expression: Mapping[str, Any] | str,
        description: str | None = None,
        grid: Mapping[str, Any] | None = None,
        max_pixels: float | str | None = None,
        file_export_options: Mapping[str, Any] | None = None,
        asset_export_options: Mapping[str, Any] | None = None,
        priority: int | str | None = None,
        workload_tag: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.expression = expression
        self.description = description
        self.grid = grid
        self.max_pixels = max_pixels
        self.file_export_options = file_export_options
        self.asset_export_options = asset_export_options
        self.priority = priority
        self.workload_tag = workload_tag

    def request(self, project: str, context: Context) -> Request:  # noqa: ARG002 - for functions
        """Build the request."""
        from airflow_provider_ee.client import bodies, methods

        body = bodies.export_image(
            expression=self.expression,
            description=self.task_id if self.description is None else self.description,
            grid=self.grid,
            max_pixels=self.max_pixels,
            file_export_options=self.file_export_options,
            asset_export_options=self.asset_export_options,
            priority=self.priority,
            workload_tag=self.workload_tag,
        )
        return methods.image_export(project, body=body)

    def destination(self) -> dict[str, Any]:
        """Say where the image goes."""
        from airflow_provider_ee.client.destinations import destination

        return destination(self.file_export_options or self.asset_export_options or {})


class EarthEngineExportImageToCloudStorageOperator(EarthEngineOperationOperator):
    """Export an image to Cloud Storage, in the words of `ee.batch.Export.image.toCloudStorage`.

    Args:
        image: An expression as a dict or JSON text, or the path of a `.json` file beside the DAG.
        description: What the operation is called; the task's id if None.
        bucket: The bucket, without `gs://`.
        file_name_prefix: What the names of its files begin with; the description if None.
        dimensions: The longest side in pixels, or `WIDTHxHEIGHT`.
        region: What to cut out: `[west, south, east, north]`, a ring of positions, or GeoJSON. Always planar.
        scale: Metres per pixel.
        crs: `EPSG:32632` or the like, or WKT; the image's own if None.
        crs_transform: Six numbers: x scale, x shear, x origin, y shear, y scale, y origin.
        max_pixels: The most pixels that may be exported; Earth Engine's default is 100 million.
        shard_size: Pixels on a side of the tiles in which the image is computed and stored.
        file_dimensions: Pixels on a side of each file, or (width, height), if it is to be cut into several.
        skip_empty_tiles: Whether files without any data are left out.
        file_format: `GeoTIFF` or `TFRecord`.
        format_options: For GeoTIFF `cloudOptimized`, `noData`, `metadataKeys`; for TFRecord those of `ee`.
        priority: From 0 to 9999; Earth Engine's default is 100.
        workload_tag: By which its costs are told apart.
    """

    template_fields: Sequence[str] = (
        *EarthEngineOperationOperator.template_fields,
        "image",
        "description",
        "bucket",
        "file_name_prefix",
        "dimensions",
        "region",
        "scale",
        "crs",
        "crs_transform",
        "max_pixels",
        "shard_size",
        "file_dimensions",
        "format_options",
        "priority",
        "workload_tag",
    )
    template_fields_renderers: ClassVar[dict[str, str]] = {"image": "json", "region": "json", "format_options": "json"}

    def __init__(
        self,
        *,
        image: Mapping[str, Any] | str,
        bucket: str,
        description: str | None = None,
        file_name_prefix: str | None = None,
        dimensions: int | str | Sequence[int] | None = None,
        region: Mapping[str, Any] | Sequence[Any] | str | None = None,
        scale: float | str | None = None,
        crs: str | None = None,
        crs_transform: Sequence[float] | str | None = None,
        max_pixels: float | str | None = None,
        shard_size: int | str | None = None,
        file_dimensions: int | Sequence[int] | None = None,
        skip_empty_tiles: bool = False,
        file_format: str = "GeoTIFF",
        format_options: Mapping[str, Any] | None = None,
        priority: int | str | None = None,
        workload_tag: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.image = image
        self.bucket = bucket
        self.description = description
        self.file_name_prefix = file_name_prefix
        self.dimensions = dimensions
        self.region = region
        self.scale = scale
        self.crs = crs
        self.crs_transform = crs_transform
        self.max_pixels = max_pixels
        self.shard_size = shard_size
        self.file_dimensions = file_dimensions
        self.skip_empty_tiles = skip_empty_tiles
        self.file_format = file_format
        self.format_options = format_options
        self.priority = priority
        self.workload_tag = workload_tag

    def request(self, project: str, context: Context) -> Request:  # noqa: ARG002 - for functions
        """Build the request."""
        from airflow_provider_ee.client import bodies, methods

        body = bodies.export_image_to_cloud_storage(
            image=self.image,
            description=self._description,
            bucket=self.bucket,
            file_name_prefix=self._prefix,
            dimensions=self.dimensions,
            region=self.region,
            scale=self.scale,
            crs=self.crs,
            crs_transform=self.crs_transform,
            max_pixels=self.max_pixels,
            shard_size=self.shard_size,
            file_dimensions=self.file_dimensions,
            skip_empty_tiles=self.skip_empty_tiles,
            file_format=self.file_format,
            format_options=self.format_options,
            priority=self.priority,
            workload_tag=self.workload_tag,
        )
        return methods.image_export(project, body=body)

    def destination(self) -> dict[str, Any]:
        """Say where the files go."""
        from airflow_provider_ee.client.destinations import destination
        from airflow_provider_ee.client.file_options import cloud_storage_destination

        return destination(cloud_storage_destination(self.bucket, self._prefix))

    @property
    def _description(self) -> str:
        return self.task_id if self.description is None else self.description

    @property
    def _prefix(self) -> str:
        return self._description if self.file_name_prefix is None else self.file_name_prefix
