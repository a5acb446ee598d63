"""Exports of images.

https://developers.google.com/earth-engine/guides/exporting_images
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import Context

from airflow_provider_ee.operators.base.callables import WrappedCallable, wrap_callable

if TYPE_CHECKING:
    from airflow_provider_ee.client.rest.request import Request

from airflow_provider_ee.operators.exports.destinations import ToAsset, ToCloudStorage, ToDrive
from airflow_provider_ee.operators.exports.grids import OnAGrid
from airflow_provider_ee.operators.exports.raw import RawExport

__all__ = [
    "EarthEngineExportImageOperator",
    "EarthEngineExportImageToAssetOperator",
    "EarthEngineExportImageToCloudStorageOperator",
    "EarthEngineExportImageToDriveOperator",
]

#: What Earth Engine takes if a request says nothing.
_DEFAULT_MAX_PIXELS = 100_000_000


class EarthEngineExportImageOperator(RawExport):
    """Export an image, in the words of the REST API.

    https://developers.google.com/earth-engine/reference/rest/v1/projects.image/export

    Args:
        expression: The image.
        grid: A PixelGrid; the image's own projection and extent if None.
        max_pixels: The most pixels that may be exported; Earth Engine's default is 100 million.
        file_export_options: Where its files go and what they are like. Either this or `asset_export_options`.
        asset_export_options: The asset that it becomes.
    """

    method = "projects.image.export"
    words: ClassVar[tuple[str, ...]] = ("grid", "max_pixels", "file_export_options", "asset_export_options")

    def __init__(
        self,
        *,
        grid: Mapping[str, Any] | None = None,
        max_pixels: float | str | None = None,
        file_export_options: Mapping[str, Any] | None = None,
        asset_export_options: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.grid = grid
        self.max_pixels = max_pixels
        self.file_export_options = file_export_options
        self.asset_export_options = asset_export_options

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.images import export_image

        return export_image(**words)


class _Image(OnAGrid):
    """An image.

    Args:
        image: An expression, or a function that returns an `ee.Image`.
    """

    method = "projects.image.export"
    words: ClassVar[tuple[str, ...]] = ("image",)

    def __init__(self, *, image: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.image = wrap_callable(image)

    def request(self, project: str, context: Context) -> Request:
        """Build the request, and warn if there seem to be more pixels than may be exported."""
        from airflow_provider_ee.client.arguments.scalars import whole
        from airflow_provider_ee.client.exports.pixel_count import implied_pixels

        request = super().request(project, context)
        if not isinstance(self.region, WrappedCallable):
            pixels = implied_pixels(self.region, self.scale, self.crs)
            most = _DEFAULT_MAX_PIXELS if self.max_pixels is None else whole("max_pixels", self.max_pixels, 1, 2**63)
            if pixels and pixels > most:
                told = "The region has about %s pixels at this scale; max_pixels is %s: Earth Engine will refuse it."
                self.log.warning(told, f"{pixels:,}", f"{most:,}")
        return request


class _ImageFiles(_Image):
    """The files of an image.

    Args:
        shard_size: Pixels on a side of the tiles in which the image is computed and stored.
        file_dimensions: Pixels on a side of each file, or (width, height), if it is to be cut into several.
        skip_empty_tiles: Whether files without any data are left out.
        file_format: `GeoTIFF` or `TFRecord`.
        format_options: For GeoTIFF `cloudOptimized`, `noData`, `metadataKeys`; for TFRecord those of `ee`.
    """

    words: ClassVar[tuple[str, ...]] = (
        "shard_size",
        "file_dimensions",
        "skip_empty_tiles",
        "file_format",
        "format_options",
    )

    def __init__(
        self,
        *,
        shard_size: int | str | None = None,
        file_dimensions: int | str | Sequence[int] | None = None,
        skip_empty_tiles: bool = False,
        file_format: str | None = None,
        format_options: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.shard_size = shard_size
        self.file_dimensions = file_dimensions
        self.skip_empty_tiles = skip_empty_tiles
        self.file_format = file_format
        self.format_options = format_options


class EarthEngineExportImageToCloudStorageOperator(ToCloudStorage, _ImageFiles):
    """Export an image to Cloud Storage, as `ee.batch.Export.image.toCloudStorage` does."""

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.images import image_to_cloud_storage

        return image_to_cloud_storage(**words)


class EarthEngineExportImageToDriveOperator(ToDrive, _ImageFiles):
    """Export an image to Google Drive, as `ee.batch.Export.image.toDrive` does."""

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.images import image_to_drive

        return image_to_drive(**words)


class EarthEngineExportImageToAssetOperator(ToAsset, _Image):
    """Export an image to an asset, as `ee.batch.Export.image.toAsset` does.

    Args:
        pyramiding_policy: How coarser levels are made, by band: `{".default": "mean", "classes": "mode"}`.
        shard_size: Pixels on a side of the tiles in which the image is computed and stored.
    """

    words: ClassVar[tuple[str, ...]] = ("pyramiding_policy", "shard_size")

    def __init__(
        self,
        *,
        pyramiding_policy: Mapping[str, str] | str | None = None,
        shard_size: int | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.pyramiding_policy = pyramiding_policy
        self.shard_size = shard_size

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.images import image_to_asset

        return image_to_asset(**words)
