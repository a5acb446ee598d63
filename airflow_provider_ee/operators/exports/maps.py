"""Exports of images as the tiles of a map.

https://developers.google.com/earth-engine/guides/exporting_map_tiles
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from airflow_provider_ee.operators.base.callables import wrap_callable
from airflow_provider_ee.operators.exports.base import EarthEngineExportOperator
from airflow_provider_ee.operators.exports.raw import RawExport

__all__ = ["EarthEngineExportMapOperator", "EarthEngineExportMapToCloudStorageOperator"]


class EarthEngineExportMapOperator(RawExport):
    """Export a map, in the words of the REST API.

    https://developers.google.com/earth-engine/reference/rest/v1/projects.map/export

    Args:
        tile_options: The zoom levels or the scale, and the size of the tiles.
        tile_export_options: Where the tiles go and what they are like.
    """

    method = "projects.map.export"
    words: ClassVar[tuple[str, ...]] = ("tile_options", "tile_export_options")

    def __init__(
        self,
        *,
        tile_options: Mapping[str, Any] | None = None,
        tile_export_options: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.tile_options = tile_options
        self.tile_export_options = tile_export_options

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.maps import export_map

        return export_map(**words)


class EarthEngineExportMapToCloudStorageOperator(EarthEngineExportOperator):
    """Export an image as map tiles to Cloud Storage, as `ee.batch.Export.map.toCloudStorage` does.

    Args:
        image: An expression, or a function that returns an `ee.Image` with three or four bands of bytes, as
            `visualize` makes it.
        bucket: The bucket, without `gs://`.
        path: The folder of the tiles in the bucket; the description if None.
        file_format: `auto`, `png` or `jpg`; `auto` is JPEG where every pixel is opaque.
        write_public_tiles: Whether everybody may see the tiles, which is so if None.
        min_zoom: The first zoom level; 0 if None.
        max_zoom: The last zoom level. Either this or `scale`.
        scale: Metres per pixel of the last zoom level.
        region: What to cut out: `[west, south, east, north]`, a ring of positions, GeoJSON or the path of a
            file of it beside the DAG, or a function that returns an `ee.Geometry`.
        dimensions: Of the image before it is cut into tiles: the longest side in pixels, or `WIDTHxHEIGHT`.
        crs: Of the image before it is cut into tiles, `EPSG:32632` or the like, or WKT.
        crs_transform: Six numbers: x scale, x shear, x origin, y shear, y scale, y origin.
        skip_empty_tiles: Whether transparent tiles are left out.
        maps_api_key: A key of the Maps API for the page that shows the tiles.
        bucket_cors_uris: From which pages the tiles may be fetched; `*` is any.
    """

    method = "projects.map.export"
    words: ClassVar[tuple[str, ...]] = (
        "image",
        "bucket",
        "path",
        "file_format",
        "write_public_tiles",
        "min_zoom",
        "max_zoom",
        "scale",
        "region",
        "dimensions",
        "crs",
        "crs_transform",
        "skip_empty_tiles",
        "maps_api_key",
        "bucket_cors_uris",
    )

    def __init__(
        self,
        *,
        image: Any,
        bucket: str,
        path: str | None = None,
        file_format: str | None = None,
        write_public_tiles: bool | None = None,
        min_zoom: int | str | None = None,
        max_zoom: int | str | None = None,
        scale: float | str | None = None,
        region: Any = None,
        dimensions: int | str | Sequence[int] | None = None,
        crs: str | None = None,
        crs_transform: Sequence[float] | str | None = None,
        skip_empty_tiles: bool | None = None,
        maps_api_key: str | None = None,
        bucket_cors_uris: Sequence[str] | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.image = wrap_callable(image)
        self.bucket = bucket
        self.path = path
        self.file_format = file_format
        self.write_public_tiles = write_public_tiles
        self.min_zoom = min_zoom
        self.max_zoom = max_zoom
        self.scale = scale
        self.region = wrap_callable(region)
        self.dimensions = dimensions
        self.crs = crs
        self.crs_transform = crs_transform
        self.skip_empty_tiles = skip_empty_tiles
        self.maps_api_key = maps_api_key
        self.bucket_cors_uris = bucket_cors_uris

    def body(self, words: dict[str, Any]) -> dict[str, Any]:
        """Build the request's body."""
        from airflow_provider_ee.client.exports.maps import map_to_cloud_storage

        return map_to_cloud_storage(**words)

    def destination(self) -> dict[str, Any]:
        """Say where the tiles go."""
        from airflow_provider_ee.client.exports import destinations

        path = self._description if self.path is None else self.path
        return destinations.destination(destinations.cloud_storage(self.bucket, path, "path"))
