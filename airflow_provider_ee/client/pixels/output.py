"""Make the output of a plan: an array, a file as Earth Engine encodes it, or a GeoTIFF made of tiles."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from airflow_provider_ee import __version__
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.http.clients import AsyncClient
from airflow_provider_ee.client.pixels.buffers import FileBuffer, MemoryBuffer
from airflow_provider_ee.client.pixels.geotiff import DEFLATE, check_all_blocks, write_cloud_optimized
from airflow_provider_ee.client.pixels.grids.tiles import LONGEST_SIDE, MOST_BANDS, MOST_BYTES, request_bytes
from airflow_provider_ee.client.pixels.mosaic import Mosaic
from airflow_provider_ee.client.pixels.npy import LONGEST_MAGIC, Pixels, check_format
from airflow_provider_ee.client.pixels.options import Deliver, OutputOptions
from airflow_provider_ee.client.pixels.plan import Plan
from airflow_provider_ee.client.pixels.preview import write_preview
from airflow_provider_ee.client.pixels.staging import Staging, digest, remove_expired, temporary_folder
from airflow_provider_ee.client.pixels.threads import in_thread
from airflow_provider_ee.client.pixels.transfer import fetch_checked

__all__ = ["Downloaded", "make_output"]


@dataclass(frozen=True, slots=True)
class Downloaded:
    """What a download has written.

    Attributes:
        output: The path or URL of the file.
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

    output: str
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


async def make_output(
    client: AsyncClient,
    plan: Plan,
    options: OutputOptions,
    *,
    concurrency: int,
    log: Callable[[str], object] | None,
    clock: Callable[[], float],
) -> Pixels | bytes | Downloaded:
    """Fetch the pixels of a plan, and return or write them as the options say.

    Raises:
        EmptyPixels: No pixel has a value, and `on_empty` is `fail`.
    """
    if _is_one_request(plan, options):
        return await _one_request(client, plan, options)
    mosaic = Mosaic(client, plan, concurrency, log=log, clock=clock)
    if options.output is None:
        pixels = await mosaic.array()
        _report_empty(plan, mosaic)
        return pixels
    compression = options.compression or DEFLATE
    order = digest({**plan.order(), "output": options.output, "block": mosaic.block, "by": __version__})
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


def _is_one_request(plan: Plan, options: OutputOptions) -> bool:
    """Whether the answer to one request is the output."""
    if options.file_format is None:
        return False
    size, sides = request_bytes(plan.grid, plan.bands), (plan.grid.width, plan.grid.height)
    fits = size <= MOST_BYTES and max(sides) <= LONGEST_SIDE and len(plan.bands) <= MOST_BANDS
    if options.file_format == "GEO_TIFF" and options.visualization is None:
        more = options.cloud_optimized or options.preview or options.compression or plan.masks.nodata is not None
        return fits and not more
    if not fits:
        raise InvalidArgument(
            "file_format",
            f"{sides[0]} x {sides[1]} pixels ({size:,} bytes) are too many for one {options.file_format}",
            f"{MOST_BYTES:,} bytes and {LONGEST_SIDE:,} pixels a side, or no file_format for a GeoTIFF of any size",
        )
    return True


async def _one_request(client: AsyncClient, plan: Plan, options: OutputOptions) -> bytes | Downloaded:
    file_format = str(options.file_format)
    request = plan.image.request(
        file_format, grid=plan.grid.fields(), bands=plan.band_ids, visualization=options.visualization
    )

    def read(body: memoryview) -> bytes:
        content = bytes(body)
        check_format(content, file_format)
        return content

    if options.output is None:
        return await fetch_checked(
            client, request, lambda: nullcontext(MemoryBuffer(client.limits.longest_answer)), read
        )
    order = digest({**plan.order(), "output": options.output, "format": file_format})
    with _staging(plan, options, order) as staging:
        try:
            path = staging.new_file("whole")
            with path.open("w+b") as file:

                def read_file(size: int) -> int:
                    file.seek(0)
                    check_format(file.read(LONGEST_MAGIC), file_format)
                    return size

                size = await fetch_checked(client, request, lambda: nullcontext(FileBuffer(file)), read_file)
            await in_thread(_hand_over, path, options.output, options.deliver)
        finally:
            # Half of an answer is of no use to the next try.
            staging.discard()
    return _result(plan, options.output, size=size, tiles=1, fetched=1, preview=None, empty=False)


def _finish(plan: Plan, options: OutputOptions, mosaic: Mosaic, staging: Staging, file: Path) -> Downloaded:
    """Make of the written pixels the files that were asked for, and put them in their places."""
    output = str(options.output)
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
        output=output,
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


def _staging(plan: Plan, options: OutputOptions, order: str) -> Staging:
    """Return where tiles are kept: beside a file on this machine, so that the whole file only has to be renamed."""
    if options.deliver is None:
        output = Path(str(options.output))
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
