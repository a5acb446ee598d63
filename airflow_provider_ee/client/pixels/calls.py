"""Fetch the pixels of an image of any size: into an array, into a file, or as Earth Engine encodes them.

    pixels = client.read_pixels(asset_id="USGS/SRTMGL1_003", region=[11, 47, 12, 48], scale=90)
    client.download_pixels(image=image, region=region, scale=10, nodata=-9999, output_path="image.tif")

https://developers.google.com/earth-engine/reference/rest/v1/projects.image/computePixels
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_ee.client.arguments.group import Arguments, argument
from airflow_provider_ee.client.arguments.on_empty import check_on_empty
from airflow_provider_ee.client.arguments.scalars import flag, mapping
from airflow_provider_ee.client.arguments.types import (
    Fields,
    Flag,
    ImageLike,
    Number,
    Numbers,
    PathLike,
    RegionLike,
    SizeLike,
    Texts,
)
from airflow_provider_ee.client.errors import EarthEngineError
from airflow_provider_ee.client.http.clients import AsyncClient
from airflow_provider_ee.client.http.limits import Limits
from airflow_provider_ee.client.pixels.grids.arguments import GridArguments
from airflow_provider_ee.client.pixels.images import read_image
from airflow_provider_ee.client.pixels.options import check_file_format

if TYPE_CHECKING:
    from airflow_provider_ee.client.pixels.arrays import PixelArray
    from airflow_provider_ee.client.pixels.output import Downloaded
    from airflow_provider_ee.client.pixels.plan import Plan

__all__ = ["DownloadPixels", "EncodePixels", "ReadPixels"]


def _concurrency(_: str, value: object) -> int:
    return Limits.of(value).in_flight


class _Pixels(Arguments):
    """Pixels of an image.

    Across the antimeridian, degrees go on beyond 180; other systems are refused where they are torn apart there.

    Args:
        image: An `ee.Image`, an expression as a dict or JSON text, or the id of an asset.
        asset_id: A stored image in its place.
        region: A box [west, south, east, north] (west > east crosses the antimeridian), GeoJSON or an `ee.Geometry`, of
            which the bounds are taken; the whole image if None.
        scale: Metres per pixel; the pixels are aligned to multiples of it, as in an export.
        crs: `EPSG:32632` or the like, or WKT; that of the first band if None.
        crs_transform: Six numbers; with a region the pixels of this transform that cover it.
        dimensions: The longest side in pixels, or `WIDTHxHEIGHT`.
        grid: A whole PixelGrid as the fields of a request, instead of all these. If nothing says how large a pixel is,
            those of the first band are fetched as they are.
        band_ids: The bands in their order, as a list or a text with commas; all of them if None.
        on_empty: What to do when no pixel has a value: `warn`, `fail` or `ignore`. Without `nodata` and `mask_band`,
            every pixel is 0 then, as in an image that is 0 everywhere. Of a picture, and of any other answer that is
            handed on as it came, it is only known if the region lies outside of a stored image.
        workload_tag: The tag of the costs.
    """

    image: ImageLike | None = None
    asset_id: str | None = None
    region: RegionLike | None = None
    scale: Number | None = None
    crs: str | None = None
    crs_transform: Numbers | str | None = None
    dimensions: SizeLike | None = None
    grid: Fields | None = None
    band_ids: Texts | None = None
    on_empty: Literal["warn", "fail", "ignore"] = argument(check_on_empty, default="warn")
    workload_tag: str | None = None

    def __post_init__(self) -> None:
        """Check what can be checked without a request."""
        super().__post_init__()
        self._grid_arguments()

    def _grid_arguments(self) -> GridArguments:
        return GridArguments(self.region, self.scale, self.crs, self.crs_transform, self.dimensions, self.grid)

    async def _plan(self, client: AsyncClient, nodata: object = None, mask_band: object = False) -> Plan:
        _need_raster()
        from airflow_provider_ee.client.pixels.plan import Masks, plan_pixels

        image = read_image(client.project, image=self.image, asset_id=self.asset_id, workload_tag=self.workload_tag)
        masks = Masks.of(nodata, mask_band)
        return await client.run(plan_pixels(image, self._grid_arguments(), self.band_ids, masks, self.on_empty))


class _Tiles(_Pixels):
    """Pixels that are fetched tile by tile, and together are the image, pixel for pixel.

    Args:
        nodata: A value that stands for pixels without one. Without it and `mask_band`, they are 0, like any other 0.
        mask_band: Whether to add a band `mask`, 1 where every other band has a value and else 0.
        concurrency: The most requests in flight, up to 40; what the client has room for if None.
        log: Called with a line about the progress, every five seconds at most.
    """

    nodata: Number | None = None
    mask_band: Flag = argument(flag, default=False)
    concurrency: Number | None = argument(_concurrency, default=None)
    log: Callable[[str], object] | None = None

    def _how(self, client: AsyncClient) -> dict[str, Any]:
        most = client.limits.in_flight if self.concurrency is None else self.concurrency
        return {"concurrency": most, "log": self.log}


class ReadPixels(_Tiles):
    """Read pixels of an image of any size into memory, in as many requests as it takes."""

    async def run(self, client: AsyncClient) -> PixelArray:
        """Read them."""
        plan = await self._plan(client, self.nodata, self.mask_band)
        from airflow_provider_ee.client.pixels.output import read_array

        return await read_array(client, plan, **self._how(client))


class DownloadPixels(_Tiles):
    """Write pixels of an image of any size into a file, in as many requests as it takes.

    The file is a GeoTIFF, and there when all of it is: a download that broke off goes on from the tiles that it has,
    which until then are in `<output_path>.part`. They are fetched again if anything else is asked for, if the asset was
    written anew since, and after a week (a day if the image is computed, as the collections that it is computed from
    may be other ones by then).

    Args:
        output_path: The path of the file.
        deliver: Called with the path of the finished file and `output_path`, to upload it, if that is not a local path.
        file_format: `PNG`, `JPEG`, `NPY` or `GEO_TIFF`: one request, whose answer is the file, as it came. A GeoTIFF
            too large for that, or with further options, is made of tiles, as it is if None.
        visualization_options: How Earth Engine makes a picture of it: `ranges`, `paletteColors`, `gamma`, `opacity`.
        cloud_optimized: Whether to write a Cloud Optimized GeoTIFF, with overviews.
        preview: Whether to write a small PNG beside the file, `<output_path without its ending>.preview.png`.
        compression: How the GeoTIFF is compressed: `deflate`, as it is if None; `zstd`, which is faster and smaller,
            but not read by every program (by GDAL since 2.3); `lzw`, or `none`.
    """

    output_path: PathLike
    deliver: Callable[[Path, str], object] | None = None
    file_format: str | None = None
    visualization_options: Fields | None = argument(mapping, default=None)
    cloud_optimized: Flag = argument(flag, default=False)
    preview: Flag = argument(flag, default=False)
    compression: str | None = None

    async def run(self, client: AsyncClient) -> Downloaded:
        """Write them."""
        _need_raster()
        from airflow_provider_ee.client.pixels.options import FileOptions
        from airflow_provider_ee.client.pixels.output import write_file

        options = FileOptions.of(
            file_format=self.file_format,
            visualization=self.visualization_options,
            output_path=self.output_path,
            deliver=self.deliver,
            cloud_optimized=self.cloud_optimized,
            preview=self.preview,
            compression=self.compression,
        )
        plan = await self._plan(client, self.nodata, self.mask_band)
        return await write_file(client, plan, options, **self._how(client))


class EncodePixels(_Pixels):
    """Return pixels as a file that Earth Engine encodes, in one request: a picture for a notebook, a raw array.

    Args:
        file_format: `PNG`, `JPEG`, `NPY` or `GEO_TIFF`.
        visualization_options: How Earth Engine makes a picture of it: `ranges`, `paletteColors`, `gamma`, `opacity`.
    """

    file_format: str = argument(check_file_format)
    visualization_options: Fields | None = argument(mapping, default=None)

    async def run(self, client: AsyncClient) -> bytes:
        """Ask for them."""
        plan = await self._plan(client)
        from airflow_provider_ee.client.pixels.output import encode

        return await encode(client, plan, self.file_format, self.visualization_options)


def _need_raster() -> None:
    try:
        for name in ("numpy", "rasterio"):
            importlib.import_module(name)
    except ModuleNotFoundError as missing:
        raise EarthEngineError(
            f"Pixels need {missing.name}, which is not installed.", hint="pip install 'airflow-provider-ee[raster]'"
        ) from missing
