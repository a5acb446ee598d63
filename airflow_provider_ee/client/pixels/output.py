"""Make the output of a plan: an array, a file as Earth Engine encodes it, or a GeoTIFF made of tiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from airflow_provider_ee import __version__
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.http.clients import AsyncClient
from airflow_provider_ee.client.http.threads import in_thread
from airflow_provider_ee.client.pixels.arrays import PixelArray
from airflow_provider_ee.client.pixels.geotiff import check_all_blocks, write_cloud_optimized
from airflow_provider_ee.client.pixels.grids.tiles import LONGEST_SIDE, MOST_BANDS, MOST_BYTES, request_bytes
from airflow_provider_ee.client.pixels.mosaic import Mosaic
from airflow_provider_ee.client.pixels.npy import LONGEST_MAGIC, check_format
from airflow_provider_ee.client.pixels.options import DEFLATE, GEO_TIFF, Deliver, FileOptions
from airflow_provider_ee.client.pixels.plan import Plan
from airflow_provider_ee.client.pixels.preview import write_preview
from airflow_provider_ee.client.pixels.staging import Staging, digest, remove_expired, temporary_folder
from airflow_provider_ee.client.pixels.transfer import FileBuffer, MemoryBuffer, fetch_checked
from airflow_provider_ee.client.rest.request import Request

__all__ = ["Downloaded", "encode", "read_array", "write_file"]


@dataclass(frozen=True, slots=True)
class Downloaded:
    """What a download has written.

    Attributes:
        output_path: The path or URL of the file.
        width: Its columns.
        height: Its rows.
        bands: The names of its bands.
        crs: Its coordinate reference system.
        transform: Six numbers from its pixels to its coordinates.
        bytes: The size of the file.
        tiles: How many tiles it is made of.
        fetched: How many of them Earth Engine was asked for this time; a download that broke off had left the others.
        preview: The path or URL of its preview, if there is one.
        empty: Whether no pixel has a value; without `nodata` and `mask_band`, whether every pixel is 0. Of a file that
            is the answer to one request, it is not known, and False.
    """

    output_path: str
    width: int
    height: int
    bands: list[str]
    crs: str
    transform: list[float]
    bytes: int
    tiles: int
    fetched: int
    preview: str | None = None
    empty: bool = False


async def read_array(
    client: AsyncClient,
    plan: Plan,
    *,
    concurrency: int,
    log: Callable[[str], object] | None,
) -> PixelArray:
    """Fetch the pixels of a plan and return them.

    Raises:
        EmptyResult: No pixel has a value, and `on_empty` is `fail`.
    """
    mosaic = Mosaic(client, plan, concurrency, log=log)
    values = await mosaic.array()
    _report_empty(plan, mosaic)
    return PixelArray(values, tuple(plan.band_ids), plan.grid, plan.masks.nodata, empty=not mosaic.has_values)


async def encode(client: AsyncClient, plan: Plan, file_format: str, visualization: Mapping[str, Any] | None) -> bytes:
    """Return the answer to one request for the pixels of a plan: a file of this format."""
    _check_size(plan, file_format)

    def read(body: memoryview) -> bytes:
        content = bytes(body)
        check_format(content, file_format)
        return content

    memory = MemoryBuffer(client.limits.longest_answer)
    request = _encoding(plan, file_format, visualization)
    return await fetch_checked(client, request, lambda: nullcontext(memory), read)


async def write_file(
    client: AsyncClient,
    plan: Plan,
    options: FileOptions,
    *,
    concurrency: int,
    log: Callable[[str], object] | None,
) -> Downloaded:
    """Fetch the pixels of a plan and write them into a file.

    Raises:
        EmptyResult: No pixel has a value, and `on_empty` is `fail`.
    """
    if _is_one_request(plan, options):
        return await _write_encoded(client, plan, options)
    mosaic = Mosaic(client, plan, concurrency, log=log)
    compression = options.compression or DEFLATE
    order = digest({**plan.order(), "output": options.output_path, "block": mosaic.block, "by": __version__})
    with _staging(plan, options, order) as staging:
        file = staging.new_file("whole.tif")
        await mosaic.file(file, staging, compression)
        _report_empty(plan, mosaic)
        result = await in_thread(_finish, plan, options, mosaic, staging, file)
        staging.discard()
    return result


def _report_empty(plan: Plan, mosaic: Mosaic) -> None:
    if not mosaic.has_values:
        plan.report_empty()


def _is_one_request(plan: Plan, options: FileOptions) -> bool:
    """Whether the answer to one request is the file."""
    if options.file_format is None:
        return False
    if options.file_format == GEO_TIFF and options.visualization is None:
        more = options.cloud_optimized or options.preview or options.compression or plan.masks.nodata is not None
        return _fits(plan) and not more
    _check_size(plan, options.file_format)
    return True


def _fits(plan: Plan) -> bool:
    """Whether one request may ask for all pixels."""
    size, side = request_bytes(plan.grid, plan.bands), max(plan.grid.width, plan.grid.height)
    return size <= MOST_BYTES and side <= LONGEST_SIDE and len(plan.bands) <= MOST_BANDS


def _check_size(plan: Plan, file_format: str) -> None:
    if not _fits(plan):
        width, height = plan.grid.width, plan.grid.height
        raise InvalidArgument(
            "file_format",
            f"{width} x {height} pixels ({request_bytes(plan.grid, plan.bands):,} bytes) are too many for one "
            f"{file_format}",
            f"{MOST_BYTES:,} bytes and {LONGEST_SIDE:,} pixels a side, or a download without file_format: a GeoTIFF of "
            "any size",
        )


def _encoding(plan: Plan, file_format: str, visualization: Mapping[str, Any] | None) -> Request:
    return plan.image.request(file_format, grid=plan.grid.fields(), bands=plan.band_ids, visualization=visualization)


async def _write_encoded(client: AsyncClient, plan: Plan, options: FileOptions) -> Downloaded:
    file_format = str(options.file_format)
    request = _encoding(plan, file_format, options.visualization)
    order = digest({**plan.order(), "output": options.output_path, "format": file_format})
    with _staging(plan, options, order) as staging:
        try:
            path = staging.new_file("whole")
            with path.open("w+b") as file:

                def read_file(size: int) -> int:
                    file.seek(0)
                    check_format(file.read(LONGEST_MAGIC), file_format)
                    return size

                size = await fetch_checked(client, request, lambda: nullcontext(FileBuffer(file)), read_file)
            await in_thread(_hand_over, path, options.output_path, options.deliver)
        finally:
            # Half of an answer is of no use to the next try.
            staging.discard()
    return _result(plan, options.output_path, size=size, tiles=1, fetched=1, preview=None, empty=False)


def _finish(plan: Plan, options: FileOptions, mosaic: Mosaic, staging: Staging, file: Path) -> Downloaded:
    """Make of the written pixels the files that were asked for, and put them in their places."""
    output = options.output_path
    preview = None
    if options.cloud_optimized:
        optimized = staging.new_file("optimized.tif")
        write_cloud_optimized(file, optimized, options.compression or DEFLATE)
        file.unlink()
        file = optimized
    check_all_blocks(file)
    if options.preview:
        picture = staging.new_file("preview.png")
        write_preview(file, picture)
        preview = _preview_of(output)
        _hand_over(picture, preview, options.deliver)
    size = file.stat().st_size
    _hand_over(file, output, options.deliver)
    progress = mosaic.progress
    return _result(
        plan,
        output,
        size=size,
        tiles=progress.tiles,
        fetched=progress.fetched,
        preview=preview,
        empty=not mosaic.has_values,
    )


def _result(
    plan: Plan, output: str, *, size: int, tiles: int, fetched: int, preview: str | None, empty: bool
) -> Downloaded:
    grid = plan.grid
    return Downloaded(
        output_path=output,
        width=grid.width,
        height=grid.height,
        bands=plan.band_ids,
        crs=grid.crs,
        transform=list(grid.transform),
        bytes=size,
        tiles=tiles,
        fetched=fetched,
        preview=preview,
        empty=empty,
    )


def _staging(plan: Plan, options: FileOptions, order: str) -> Staging:
    """Return where tiles are kept: beside a file on this machine, so that the whole file only has to be renamed."""
    if options.deliver is None:
        output = Path(options.output_path)
        return Staging(output.with_name(f"{output.name}.part"), order, plan.lifetime)
    folder = temporary_folder(order)
    remove_expired(folder.parent)
    return Staging(folder, order, plan.lifetime)


def _preview_of(output: str) -> str:
    """Return the output, a path or a URL, with another ending."""
    return f"{output.removesuffix(PurePosixPath(output).suffix)}.preview.png"


def _hand_over(file: Path, output: str, deliver: Deliver | None) -> None:
    if deliver is None:
        file.replace(output)
    else:
        deliver(file, output)
