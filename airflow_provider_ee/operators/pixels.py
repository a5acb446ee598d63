"""Pixels of images of any size, in one file: `ee.data.getPixels` and `ee.data.computePixels` without their limits.

https://developers.google.com/earth-engine/reference/rest/v1/projects.assets/getPixels
https://developers.google.com/earth-engine/reference/rest/v1/projects.image/computePixels
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from airflow.sdk import Context

from airflow_provider_ee.base import FilesBesideTheDag, arguments
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.compat import AirflowException
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.base.callables import WrappedCallable, resolve_callables, wrap_arguments
from airflow_provider_ee.operators.base.immediate import EarthEngineDirectOperator
from airflow_provider_ee.operators.base.output_files import place_of_file

if TYPE_CHECKING:
    from typing import Unpack

    from airflow.sdk import XComArg

    from airflow_provider_ee.client.pixels.calls import DownloadPixels
    from airflow_provider_ee.client.pixels.output import Downloaded
    from airflow_provider_ee.typing import (
        Fields,
        Flag,
        ImageLike,
        Number,
        OperatorArguments,
        RegionLike,
        SizeLike,
        Text,
        TextsLike,
        TransformLike,
    )

__all__ = ["EarthEngineComputePixelsOperator", "EarthEngineGetPixelsOperator", "EarthEnginePixelsOperator"]

#: What pixels are called that are fetched without Airflow, where the operators have words of their own.
_OTHER_NAMES = {"image": "expression"}
#: The arguments that the fetching of pixels does not take.
_NOT_FETCHED = {"asset_id", "expression", "output_path", "endpoint", "op_args", "op_kwargs"}


class EarthEnginePixelsOperator(FilesBesideTheDag, EarthEngineDirectOperator):
    """Fetch pixels into a file, in as many requests as it takes. Needs the extra `raster`.

    The file is a GeoTIFF, and there when all of it is. A try that broke off leaves its tiles, and the next one fetches
    what is missing: they are in `<output_path>.part`, or in the worker's temporary folder if the output is remote.

    Pixels without a value are 0, as Earth Engine has it, and look like any other 0, unless `nodata` or `mask_band`
    tells them apart.

    A subclass says of what image (`image`).

    Returns what is in the file: `output_path`, `width`, `height`, `bands`, `crs`, `transform`, `bytes`, the number of
    `tiles` and of those `fetched` by this try, the path of the `preview`, and whether it is `empty`.
    """

    template_ext: Sequence[str] = (".json", ".geojson")
    file_arguments: ClassVar[tuple[str, ...]] = ("expression", "region")
    template_fields_renderers: ClassVar[dict[str, str]] = dict.fromkeys(
        ("expression", "region", "grid", "visualization_options", "op_kwargs"), "json"
    )

    output_path: str
    endpoint: str | None
    op_args: Sequence[Any]
    op_kwargs: Mapping[str, Any] | None
    _download: Future[Downloaded] | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        wrap_arguments(self)

    @abstractmethod
    def image(self) -> dict[str, Any]:
        """Return where the pixels come from: an attribute's value under the name that `DownloadPixels` has for it."""

    def run(self, hook: EarthEngineHook, context: Context) -> dict[str, Any]:
        """Fetch them."""
        from airflow_provider_ee.client.pixels.calls import DownloadPixels

        with _in_our_words():
            path, deliver = place_of_file(self.output_path, "output_path")
            words = {
                **self.image(),
                **{name: getattr(self, name) for name in self.arguments if name not in _NOT_FETCHED},
            }
            _check(words)
            words = resolve_callables(words, hook.initialize_ee, context, self.op_args, self.op_kwargs)
            call = DownloadPixels(**words, output_path=path, deliver=deliver, log=self.log.info)
            result = asdict(self._download_with(hook, call))
        self.log.info("%(width)d x %(height)d pixels are in %(output_path)s, %(bytes)d bytes.", result)
        return result

    def on_kill(self) -> None:
        """End the download: its tiles stay for the next try, and there is no file."""
        if self._download is not None:
            self._download.cancel()

    def _download_with(self, hook: EarthEngineHook, call: DownloadPixels) -> Downloaded:
        """Download on an event loop in a thread of its own.

        Airflow ends what takes too long by raising in the main thread, wherever that is: an event loop there would lose
        it in a callback, and the download with it.
        """
        from anyio.from_thread import start_blocking_portal

        async def download() -> Downloaded:
            async with await hook.async_client(concurrency=call.concurrency) as client:
                return await call.run(client)

        with start_blocking_portal() as portal:
            self._download = portal.start_task_soon(download)
            try:
                return self._download.result()
            except CancelledError:
                raise AirflowException("The download was ended. The next try goes on from its tiles.") from None


class EarthEngineGetPixelsOperator(EarthEnginePixelsOperator):
    """Fetch pixels of a stored image, as `ee.data.getPixels` does, of any size.

    Args:
        asset_id: The image, such as `USGS/SRTMGL1_003`.
        output_path: The file: a path, or any URL that Airflow's ObjectStoragePath takes, such as
            `gs://connection@bucket/name.tif`. It is not called `output`, which is what Airflow's operators call their
            result.
        region: A box `[west, south, east, north]` (west > east crosses the antimeridian), GeoJSON, anything with
            `__geo_interface__`, the path of a file of GeoJSON beside the DAG, or a function that returns an
            `ee.Geometry`; its bounds are taken. The whole image if None.
        scale: Metres per pixel; the pixels are aligned to multiples of it, as in an export.
        crs: The projection, such as `EPSG:32632`, or WKT; that of the first band if None.
        crs_transform: Six numbers; with a region the pixels of this transform that cover it.
        dimensions: The longest side in pixels, or `WIDTHxHEIGHT`.
        grid: A whole PixelGrid, instead of all these. If nothing says how large a pixel is, those of the first band are
            fetched as they are.
        band_ids: The bands in their order, as a list or one text with commas; all of them if None.
        nodata: A value that stands for pixels without one.
        mask_band: Whether to add a band `mask`, 1 where every other band has a value and else 0.
        file_format: `PNG`, `JPEG`, `NPY` or `GEO_TIFF`: one request, whose answer is the file, as it came. A GeoTIFF
            too large for that, or with more options, is made of tiles, as it is by default.
        visualization_options: How Earth Engine makes a picture of it: `ranges`, `paletteColors`, `gamma`, `opacity`.
        cloud_optimized: Whether to write a Cloud Optimized GeoTIFF, with overviews.
        preview: Whether to write a small PNG beside the file, `<output_path without its ending>.preview.png`.
        compression: How the GeoTIFF is compressed: `deflate`, as it is if None; `zstd`, which is faster and smaller,
            but not read by every program (by GDAL since 2.3); `lzw`, or `none`.
        on_empty: What to do when no pixel has a value: `warn` in the log, `fail` or `ignore`. Without `nodata` and
            `mask_band`, every pixel is 0 then, as in an image that is 0 everywhere. Pictures are not looked at.
        concurrency: The most requests under way at once, up to 40; as many as a client has room for if None.
        endpoint: `high-volume`, which is made for many small requests, or `standard`; a connection whose endpoint is a
            URL goes before these. Or a URL, which goes before the connection.
        workload_tag: A label by which Google Cloud's billing tells its costs apart.
        op_args: Positional arguments of the functions among the arguments.
        op_kwargs: Keyword arguments of these functions. A function may also ask for names of Airflow's context, such as
            `dag_run`.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    asset_id: str

    def __init__(
        self,
        *,
        asset_id: Text,
        output_path: Text,
        region: RegionLike | None = None,
        scale: Number | None = None,
        crs: Text | None = None,
        crs_transform: TransformLike | None = None,
        dimensions: SizeLike | None = None,
        grid: Fields | None = None,
        band_ids: TextsLike | None = None,
        nodata: Number | None = None,
        mask_band: Flag = False,
        file_format: Text | None = None,
        visualization_options: Fields | None = None,
        cloud_optimized: Flag = False,
        preview: Flag = False,
        compression: Text | None = None,
        on_empty: Literal["warn", "fail", "ignore"] = "warn",
        concurrency: Number | None = None,
        endpoint: Text | None = "high-volume",
        workload_tag: Text | None = None,
        op_args: Sequence[Any] | XComArg = (),
        op_kwargs: Fields | None = None,
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))

    def image(self) -> dict[str, Any]:
        """Return the asset."""
        from airflow_provider_ee.client.arguments.names import asset_name

        return {"asset_id": asset_name(self.asset_id)}


class EarthEngineComputePixelsOperator(EarthEnginePixelsOperator):
    """Compute an image and fetch its pixels, as `ee.data.computePixels` does, of any size.

    Args:
        expression: The image: the id of an asset, an expression as a dict or JSON text, the path of a `.json` file
            beside the DAG, or a function that returns an `ee` object and runs on the worker, with `ee` initialised from
            the connection.
        output_path: The file: a path, or any URL that Airflow's ObjectStoragePath takes, such as
            `gs://connection@bucket/name.tif`. It is not called `output`, which is what Airflow's operators call their
            result.
        region: A box `[west, south, east, north]` (west > east crosses the antimeridian), GeoJSON, anything with
            `__geo_interface__`, the path of a file of GeoJSON beside the DAG, or a function that returns an
            `ee.Geometry`; its bounds are taken. The whole image if None.
        scale: Metres per pixel; the pixels are aligned to multiples of it, as in an export.
        crs: The projection, such as `EPSG:32632`, or WKT; that of the first band if None.
        crs_transform: Six numbers; with a region the pixels of this transform that cover it.
        dimensions: The longest side in pixels, or `WIDTHxHEIGHT`.
        grid: A whole PixelGrid, instead of all these. If nothing says how large a pixel is, those of the first band are
            fetched as they are.
        band_ids: The bands in their order, as a list or one text with commas; all of them if None.
        nodata: A value that stands for pixels without one.
        mask_band: Whether to add a band `mask`, 1 where every other band has a value and else 0.
        file_format: `PNG`, `JPEG`, `NPY` or `GEO_TIFF`: one request, whose answer is the file, as it came. A GeoTIFF
            too large for that, or with more options, is made of tiles, as it is by default.
        visualization_options: How Earth Engine makes a picture of it: `ranges`, `paletteColors`, `gamma`, `opacity`.
        cloud_optimized: Whether to write a Cloud Optimized GeoTIFF, with overviews.
        preview: Whether to write a small PNG beside the file, `<output_path without its ending>.preview.png`.
        compression: How the GeoTIFF is compressed: `deflate`, as it is if None; `zstd`, which is faster and smaller,
            but not read by every program (by GDAL since 2.3); `lzw`, or `none`.
        on_empty: What to do when no pixel has a value: `warn` in the log, `fail` or `ignore`. Without `nodata` and
            `mask_band`, every pixel is 0 then, as in an image that is 0 everywhere. Pictures are not looked at.
        concurrency: The most requests under way at once, up to 40; as many as a client has room for if None.
        endpoint: `high-volume`, which is made for many small requests, or `standard`; a connection whose endpoint is a
            URL goes before these. Or a URL, which goes before the connection.
        workload_tag: A label by which Google Cloud's billing tells its costs apart.
        op_args: Positional arguments of the functions among the arguments.
        op_kwargs: Keyword arguments of these functions. A function may also ask for names of Airflow's context, such as
            `dag_run`.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    expression: Any

    def __init__(
        self,
        *,
        expression: ImageLike,
        output_path: Text,
        region: RegionLike | None = None,
        scale: Number | None = None,
        crs: Text | None = None,
        crs_transform: TransformLike | None = None,
        dimensions: SizeLike | None = None,
        grid: Fields | None = None,
        band_ids: TextsLike | None = None,
        nodata: Number | None = None,
        mask_band: Flag = False,
        file_format: Text | None = None,
        visualization_options: Fields | None = None,
        cloud_optimized: Flag = False,
        preview: Flag = False,
        compression: Text | None = None,
        on_empty: Literal["warn", "fail", "ignore"] = "warn",
        concurrency: Number | None = None,
        endpoint: Text | None = "high-volume",
        workload_tag: Text | None = None,
        op_args: Sequence[Any] | XComArg = (),
        op_kwargs: Fields | None = None,
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))

    def image(self) -> dict[str, Any]:
        """Return the expression, or the function that makes it."""
        from airflow_provider_ee.client.arguments.expressions import expression

        made_later = isinstance(self.expression, WrappedCallable)
        return {"image": self.expression if made_later else expression(self.expression, "expression")}


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Blame an argument by the name that it has here."""
    try:
        yield
    except InvalidArgument as error:
        name = _OTHER_NAMES.get(error.argument, error.argument)
        raise InvalidArgument(name, error.problem, error.allowed) from error


def _check(words: Mapping[str, Any]) -> None:
    """Check what can be checked before a function of the user's runs, which may take long."""
    from airflow_provider_ee.client.http.limits import Limits
    from airflow_provider_ee.client.pixels.grids.arguments import GridArguments

    Limits.of(words["concurrency"])
    GridArguments(
        **{
            field.name: words[field.name]
            for field in fields(GridArguments)
            if not isinstance(words[field.name], WrappedCallable)
        }
    )
