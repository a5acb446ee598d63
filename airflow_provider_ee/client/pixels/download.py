"""Fetch the pixels of an image of any size: `fetch`, and `fetch_async` for those who are in an event loop.

    from airflow_provider_ee.client.pixels.download import fetch

    pixels = fetch("my-project", asset_id="USGS/SRTMGL1_003", region=[11, 47, 12, 48], scale=90)
    fetch("my-project", image=ee_image, region=polygon, scale=10, crs="EPSG:32632", nodata=-9999, output="image.tif")

https://developers.google.com/earth-engine/reference/rest/v1/projects.image/computePixels
"""

from __future__ import annotations

import importlib
import inspect
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from airflow_provider_ee.client.arguments.on_empty import check_on_empty
from airflow_provider_ee.client.arguments.scalars import flag, mapping
from airflow_provider_ee.client.errors import EarthEngineError, InvalidArgument
from airflow_provider_ee.client.http.clients import AsyncClient
from airflow_provider_ee.client.http.limits import Limits
from airflow_provider_ee.client.pixels.images import read_image
from airflow_provider_ee.client.pixels.threads import run_in_own_loop

if TYPE_CHECKING:
    from airflow_provider_ee.client.pixels.npy import Pixels
    from airflow_provider_ee.client.pixels.output import Downloaded

__all__ = ["fetch", "fetch_async"]

#: Who fetches: a project, whose default credentials are taken, or what opens a client, such as `hook.async_client`.
Opener: TypeAlias = "str | Callable[..., AsyncClient | Awaitable[AsyncClient]]"


def fetch(client: Opener, **arguments: Any) -> Pixels | bytes | Downloaded:
    """Fetch pixels; what `fetch_async` does, with a client, and an event loop in a thread of its own.

    An event loop of the caller's is stopped until all is there: in coroutines use `fetch_async`.

    Args:
        client: The project that is asked and billed, at the high-volume endpoint, with Application Default Credentials;
            or what opens a client, such as `lambda: AsyncClient(...)` or the method `async_client` of a hook, which is
            told the `concurrency` if it has such an argument.
        arguments: Those of `fetch_async`.
    """

    async def main() -> Pixels | bytes | Downloaded:
        async with await _opened(client, arguments.get("concurrency")) as opened:
            return await fetch_async(opened, **arguments)

    # An event loop in this thread would lose in a callback what a signal raises, such as the timeout of a task.
    return run_in_own_loop(main())


async def fetch_async(
    client: AsyncClient,
    *,
    image: object = None,
    asset_id: object = None,
    region: object = None,
    scale: object = None,
    crs: object = None,
    crs_transform: object = None,
    dimensions: object = None,
    grid: Mapping[str, Any] | None = None,
    band_ids: object = None,
    nodata: object = None,
    mask_band: object = False,
    file_format: object = None,
    visualization_options: Mapping[str, Any] | None = None,
    output: str | Path | None = None,
    deliver: Callable[[Path, str], object] | None = None,
    cloud_optimized: object = False,
    preview: object = False,
    compression: object = None,
    concurrency: object = None,
    workload_tag: object = None,
    on_empty: object = "warn",
    log: Callable[[str], object] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Pixels | bytes | Downloaded:
    """Fetch pixels: as an array of bands, rows and columns, or into a file.

    An image of any size is fetched in tiles, which together are the image, pixel for pixel. The file is a GeoTIFF, and
    there when all of it is: a download that broke off goes on from the tiles that it has, which until then are in
    `<output>.part`. They are fetched again if anything else is asked for, if
    the asset was written anew since, and after a week (a day if the image is computed, as the collections that it is
    computed from may be other ones by then).

    Pixels without a value are 0, as Earth Engine has it, and look like any other 0, unless `nodata` or `mask_band`
    tells them apart.

    Across the antimeridian, degrees go on beyond 180; other systems are refused where they are torn apart there.

    Args:
        client: Sends the requests.
        image: An image to compute: an `ee.Image`, or an expression as a dict or JSON text.
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
        nodata: A value that stands for pixels without one, in pixels and file.
        mask_band: Whether to add a band `mask`, 1 where every other band has a value and else 0.
        file_format: `PNG`, `JPEG`, `NPY` or `GEO_TIFF`: one request, whose answer is returned as it came, or written to
            the output. A GeoTIFF too large for that, or with further options, is made of tiles.
        visualization_options: How Earth Engine makes a picture of it: `ranges`, `paletteColors`, `gamma`, `opacity`.
        output: The path of the file; None for the pixels themselves.
        deliver: Puts the finished file where it belongs, told its path and the output, if that is no local path.
        cloud_optimized: Whether to write a Cloud Optimized GeoTIFF, with overviews.
        preview: Whether to write a small PNG beside the file, `<output without its ending>.preview.png`.
        compression: How the GeoTIFF is compressed: `deflate`, as it is if None; `zstd`, which is faster and smaller,
            but not read by every program (by GDAL since 2.3); `lzw`, or `none`.
        concurrency: How many requests there are in flight at most, up to 40; what the client has room for if None.
        workload_tag: The tag of its costs.
        on_empty: What to do when no pixel has a value: `warn`, `fail` or `ignore`. Without `nodata` and `mask_band`,
            every pixel is 0 then, as in an image that is 0 everywhere. Pictures are not looked at.
        log: Called with a line about the progress, every five seconds at most.
        clock: A steady clock, in seconds.

    Returns:
        The pixels, in the type that holds those of all bands; the bytes of a format that was asked for; or what is in
        the output.

    Raises:
        InvalidArgument: An argument is wrong.
        EmptyResult: No pixel has a value, and `on_empty` is `fail`.
        EarthEngineError: Earth Engine refused, or the extra `raster` is not installed.
    """
    _need_raster()
    from airflow_provider_ee.client.pixels.grids.arguments import GridArguments
    from airflow_provider_ee.client.pixels.options import OutputOptions
    from airflow_provider_ee.client.pixels.output import make_output
    from airflow_provider_ee.client.pixels.plan import Masks, plan_pixels

    options = OutputOptions.of(
        file_format=file_format,
        visualization=mapping("visualization_options", visualization_options),
        output=output,
        deliver=deliver,
        cloud_optimized=flag("cloud_optimized", cloud_optimized),
        preview=flag("preview", preview),
        compression=compression,
    )
    most = client.limits.in_flight if concurrency is None else Limits.of(concurrency).in_flight
    asked = read_image(client.project, image=image, asset_id=asset_id, workload_tag=workload_tag)
    arguments = GridArguments(region, scale, crs, crs_transform, dimensions, grid)
    planned = await client.run(
        plan_pixels(asked, arguments, band_ids, Masks.of(nodata, mask_band), check_on_empty("on_empty", on_empty))
    )
    return await make_output(client, planned, options, concurrency=most, log=log, clock=clock)


def _need_raster() -> None:
    try:
        for name in ("numpy", "rasterio"):
            importlib.import_module(name)
    except ModuleNotFoundError as missing:
        raise EarthEngineError(
            f"Pixels need {missing.name}, which is not installed.", hint="pip install 'airflow-provider-ee[raster]'"
        ) from missing


async def _opened(client: Opener, concurrency: object) -> AsyncClient:
    if isinstance(client, str):
        return AsyncClient(client, endpoint="high-volume", limits=Limits.of(concurrency))
    if not callable(client):
        raise InvalidArgument(
            "client", f"a {type(client).__name__} opens none", "a project, or what opens an AsyncClient"
        )
    told = {"concurrency": concurrency} if "concurrency" in inspect.signature(client).parameters else {}
    opened = client(**told)
    return await opened if inspect.isawaitable(opened) else opened
