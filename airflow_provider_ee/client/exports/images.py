"""Exports of images.

https://developers.google.com/earth-engine/reference/rest/v1/projects.image/export
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow_provider_ee.client.arguments.boxes import implied_pixels
from airflow_provider_ee.client.arguments.expressions import Expression, load_image
from airflow_provider_ee.client.arguments.group import argument
from airflow_provider_ee.client.arguments.json_values import fields
from airflow_provider_ee.client.arguments.scalars import choice, mapping, pixel_limit, whole, without_none
from airflow_provider_ee.client.arguments.types import Fields, ImageLike, Number
from airflow_provider_ee.client.exports.base import Body
from airflow_provider_ee.client.exports.destinations import ToAsset, ToCloudStorage, ToDrive
from airflow_provider_ee.client.exports.grid import OnGrid
from airflow_provider_ee.client.exports.image_files import FORMATS, LARGEST_TILE_SIZE, ImageFiles
from airflow_provider_ee.client.exports.raw import ASSET, RawExport, destination_options, file_options
from airflow_provider_ee.client.rest import methods

__all__ = ["ExportImage", "ExportImageToAsset", "ExportImageToCloudStorage", "ExportImageToDrive"]

#: What Earth Engine takes if a request says nothing.
_DEFAULT_MAX_PIXELS = 100_000_000
_PYRAMIDING = {name: name.upper() for name in ("mean", "mode", "sample", "min", "max", "median")}


class ExportImage(RawExport):
    """An export of an image in the words of the REST API.

    Args:
        grid: A PixelGrid; the image's own projection and extent if None.
        max_pixels: The most pixels that may be exported; Earth Engine's default is 100 million.
        file_export_options: Where its files go and what they are like. Either this or `asset_export_options`.
        asset_export_options: The asset that it becomes.
    """

    method = methods.image_export
    destinations = ("file_export_options", "asset_export_options")

    grid: Fields | None = argument(fields, default=None)
    max_pixels: Number | None = argument(pixel_limit, default=None)
    file_export_options: Fields | None = argument(file_options, FORMATS.values(), default=None)
    asset_export_options: Fields | None = argument(destination_options, ASSET, default=None)

    def fields(self) -> Body:
        """Return the grid, the limit of pixels and the destination."""
        return {"grid": self.grid, "maxPixels": self.max_pixels, **self.chosen_destination()}


class _Image(OnGrid):
    """An export of an image as `ee.batch.Export.image` has it.

    Args:
        image: The image.
    """

    method = methods.image_export

    image: ImageLike

    def computed(self) -> Expression:
        """Return the image on its grid."""
        return self.reproject_and_clip(load_image(self.image), self.scale)

    def doubts(self) -> list[str]:
        """Return a sentence if there are more pixels than may be exported."""
        most = _DEFAULT_MAX_PIXELS if self.max_pixels is None else int(str(self.max_pixels))
        pixels = implied_pixels(self.region, self.scale, self.crs)
        if pixels is None or pixels <= most:
            return []
        count = f"The region has about {pixels:,} pixels at this scale"
        return [f"{count}; max_pixels is {most:,}: Earth Engine will refuse it."]


class ExportImageToCloudStorage(ToCloudStorage, ImageFiles, _Image):
    """An export of an image to Cloud Storage, as `ee.batch.Export.image.toCloudStorage` has it."""


class ExportImageToDrive(ToDrive, ImageFiles, _Image):
    """An export of an image to Google Drive, as `ee.batch.Export.image.toDrive` has it."""


class ExportImageToAsset(ToAsset, _Image):
    """An export of an image to an asset, as `ee.batch.Export.image.toAsset` has it.

    Args:
        pyramiding_policy: How coarser levels are made, by band: `{".default": "mean", "classes": "mode"}`.
        shard_size: Pixels on a side of the tiles in which the image is computed and stored.
    """

    pyramiding_policy: Mapping[str, str] | str | None = None
    shard_size: Number | None = argument(whole, 1, LARGEST_TILE_SIZE, default=None)

    def fields(self) -> Body:
        """Return the limit of pixels, the destination and what the asset is like."""
        options = {**self.destination_fields(), **_pyramiding(self.pyramiding_policy)}
        return {
            "maxPixels": self.max_pixels,
            "assetExportOptions": {**options, **without_none(tileSize=self.shard_size)},
        }


def _pyramiding(value: Any) -> Body:
    """How coarser levels are made: a policy for each band, in which `.default` is any other band, or one for all."""
    policies = {".default": value} if isinstance(value, str) else mapping("pyramiding_policy", value, least=0) or {}
    read = {
        band: choice(f"pyramiding_policy.{band}", policy, _PYRAMIDING, "pyramiding policy")
        for band, policy in policies.items()
    }
    default = read.pop(".default", None)
    return without_none(pyramidingPolicy=default, pyramidingPolicyOverrides=read or None)
