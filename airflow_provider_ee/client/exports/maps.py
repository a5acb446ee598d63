"""Exports of images as the tiles of a map.

https://developers.google.com/earth-engine/reference/rest/v1/projects.map/export
"""

from __future__ import annotations

from airflow_provider_ee.client.arguments.expressions import Expression, load_image
from airflow_provider_ee.client.arguments.grid import metres
from airflow_provider_ee.client.arguments.group import argument
from airflow_provider_ee.client.arguments.json_values import fields
from airflow_provider_ee.client.arguments.scalars import choice, flag, text, whole, without_none
from airflow_provider_ee.client.arguments.storage import object_prefix
from airflow_provider_ee.client.arguments.types import Fields, Flag, ImageLike, Number
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.exports.base import Body
from airflow_provider_ee.client.exports.destinations import InBucket
from airflow_provider_ee.client.exports.grid import Reprojected
from airflow_provider_ee.client.exports.raw import CLOUD_STORAGE, RawExport, file_options
from airflow_provider_ee.client.rest import methods

__all__ = ["ExportMap", "ExportMapToCloudStorage"]

_FORMATS = {"auto": "AUTO_JPEG_PNG", "png": "PNG", "jpeg": "JPEG", "jpg": "JPEG"}
_RAW_FORMATS = ("AUTO_JPEG_PNG", "PNG", "JPEG", "GEO_TIFF", "MULTI_BAND_IMAGE_TILE")
_DEEPEST_ZOOM = 24


class ExportMap(RawExport):
    """An export of a map in the words of the REST API.

    Args:
        tile_options: The zoom levels or the scale, and the size of the tiles.
        tile_export_options: Where the tiles go and what they are like.
    """

    method = methods.map_export
    destinations = ("tile_export_options",)

    tile_options: Fields = argument(fields)
    tile_export_options: Fields | None = argument(file_options, _RAW_FORMATS, CLOUD_STORAGE, default=None)

    def fields(self) -> Body:
        """Return what the tiles are like and where they go."""
        return {"tileOptions": self.tile_options, **self.chosen_destination()}


class ExportMapToCloudStorage(InBucket, Reprojected):
    """An export of an image as map tiles to Cloud Storage, as `ee.batch.Export.map.toCloudStorage` has it.

    Args:
        image: The image, with three or four bands of bytes.
        path: The folder of the tiles in the bucket; the description if None.
        file_format: `auto`, `png` or `jpg`; `auto` is JPEG where every pixel is opaque.
        write_public_tiles: Whether everybody may see the tiles, which is so if None.
        min_zoom: The first zoom level; 0 if None.
        max_zoom: The last zoom level. Either this or `scale`.
        scale: Metres per pixel of the last zoom level.
        skip_empty_tiles: Whether transparent tiles are left out.
        maps_api_key: A key of the Maps API for the page that shows the tiles.
    """

    method = methods.map_export

    image: ImageLike
    path: str | None = argument(object_prefix, default=None)
    file_format: str | None = argument(choice, _FORMATS, "format for tiles", default="auto")
    write_public_tiles: Flag | None = argument(flag, default=True)
    min_zoom: Number | None = argument(whole, 0, _DEEPEST_ZOOM, default=None)
    max_zoom: Number | None = argument(whole, 0, _DEEPEST_ZOOM, default=None)
    scale: Number | None = argument(metres, default=None)
    skip_empty_tiles: Flag = argument(flag, default=False)
    maps_api_key: str | None = argument(text, default=None)

    def computed(self) -> Expression:
        """Return the image; the scale says how deep the map is, and the image keeps its own."""
        return self.reproject_and_clip(load_image(self.image))

    def destination_fields(self) -> Body:
        """Return the destination."""
        return self.in_bucket("path", self.path)

    def fields(self) -> Body:
        """Return what the tiles are like and where they go."""
        skip = {"skipEmpty": True} if self.skip_empty_tiles else {}
        return {
            "tileOptions": {**self._depth(), **skip, **without_none(mapsApiKey=self.maps_api_key)},
            "tileExportOptions": {"fileFormat": self.file_format, **self.destination_fields()},
        }

    def _depth(self) -> Body:
        first, last, scale = self.min_zoom, self.max_zoom, self.scale
        if (last is None) == (scale is None):
            given = "neither it nor scale is given" if scale is None else "it contradicts scale"
            raise InvalidArgument("max_zoom", given, "one of the two")
        if first is not None and last is not None and float(first) > float(last):
            raise InvalidArgument("min_zoom", f"{first} is deeper than max_zoom, which is {last}", "at most max_zoom")
        return without_none(startZoom=first, endZoom=last, scale=scale)
