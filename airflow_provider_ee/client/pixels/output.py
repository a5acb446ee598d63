"""In which form pixels are handed over: as an array, as a file that Earth Engine made, or as one made of tiles."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from airflow_provider_ee import __version__
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.http.bodies import Body, InFile
from airflow_provider_ee.client.http.clients import AsyncClient
from airflow_provider_ee.client.pixels.geotiff import DEFLATE, check_whole, cloud_optimized
from airflow_provider_ee.client.pixels.grids.tiles import LONGEST_SIDE, MOST_BANDS, MOST_BYTES, request_bytes
from airflow_provider_ee.client.pixels.mosaic import Filling
from airflow_provider_ee.client.pixels.npy import LONGEST_BEGINNING, Pixels, check_file
from airflow_provider_ee.client.pixels.options import Deliver, Wishes
from airflow_provider_ee.client.pixels.plan import Plan
from airflow_provider_ee.client.pixels.preview import write_preview
from airflow_provider_ee.client.pixels.staging import Staging, digest, temporary_folder
from airflow_provider_ee.client.pixels.threads import in_thread
from airflow_provider_ee.client.pixels.transfer import checked

__all__ = ["Downloaded", "delivered"]


@dataclass(frozen=True, slots=True)
class Downloaded:
    """An image that is in a file now.

    Attributes:
        output: Where it is.
        width: Its columns.
        height: Its rows.
        bands: The names of its bands.
        crs: Its coordinate reference system.
        transform: Six numbers from its pixels to its coordinates.
        bytes: The size of the file.
        tiles: Of how many requests' answers it consists.
        fetched: How many of them came from Earth Engine this time; the others were there from one that broke off.
        preview: Where its small picture is, if there is one.
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


async def delivered(
    client: AsyncClient,
    plan: Plan,
    wishes: Wishes,
    *,
    concurrency: int,
    tell: Callable[[str], object] | None,
    clock: Callable[[], float],
) -> Pixels | bytes | Downloaded:
    """Fetch what is planned, and hand it over in the form that is wanted."""
    if _as_it_comes(plan, wishes):
        return await _one_request(client, plan, wishes)
    filling = Filling(client, plan, concurrency, tell=tell, clock=clock)
    if wishes.output is None:
        return await filling.array()
    compression = wishes.compression or DEFLATE
    packed = {"compression": compression, "block": filling.block, "by": __version__}
    order = digest({**plan.order(), "output": wishes.output, **packed})
    with Staging(_folder(wishes, order), order) as staging:
        file = staging.folder / "whole.tif"
        await filling.file(file, staging, compression)
        result = await in_thread(_finished, plan, wishes, filling, file)
        staging.discard()
    return result


def _as_it_comes(plan: Plan, wishes: Wishes) -> bool:
    """Whether the answer to one request is what is wanted."""
    if wishes.file_format is None:
        return False
    size, sides = request_bytes(plan.grid, plan.bands), (plan.grid.width, plan.grid.height)
    fits = size <= MOST_BYTES and max(sides) <= LONGEST_SIDE and len(plan.bands) <= MOST_BANDS
    if wishes.file_format == "GEO_TIFF" and wishes.visualization is None:
        more = wishes.cloud_optimized or wishes.preview or wishes.compression or plan.masks.nodata is not None
        return fits and not more
    if not fits:
        raise InvalidArgument(
            "file_format",
            f"{sides[0]} x {sides[1]} pixels ({size:,} bytes) are too many for one {wishes.file_format}",
            f"{MOST_BYTES:,} bytes and {LONGEST_SIDE:,} pixels a side, or no file_format for a GeoTIFF of any size",
        )
    return True


async def _one_request(client: AsyncClient, plan: Plan, wishes: Wishes) -> bytes | Downloaded:
    file_format = str(wishes.file_format)
    request = plan.source.request(
        file_format, grid=plan.grid.fields(), bands=plan.band_ids, visualization=wishes.visualization
    )

    def read(body: memoryview) -> bytes:
        content = bytes(body)
        check_file(content, file_format)
        return content

    if wishes.output is None:
        return await checked(client, request, lambda: nullcontext(Body(client.limits.longest_answer)), read)
    order = digest({**plan.order(), "output": wishes.output, "format": file_format})
    with Staging(_folder(wishes, order), order) as staging:
        try:
            path = staging.folder / "whole"
            with path.open("w+b") as file:

                def read_file(size: int) -> int:
                    file.seek(0)
                    check_file(file.read(LONGEST_BEGINNING), file_format)
                    return size

                size = await checked(client, request, lambda: nullcontext(InFile(file)), read_file)
            await in_thread(_hand_over, path, wishes.output, wishes.deliver)
        finally:
            # Half of an answer is of no use to the next try.
            staging.discard()
    return _described(plan, wishes.output, size=size, tiles=1, fetched=1, preview=None)


def _finished(plan: Plan, wishes: Wishes, filling: Filling, file: Path) -> Downloaded:
    output = str(wishes.output)
    preview = None
    if wishes.cloud_optimized:
        optimized = file.with_name("optimized.tif")
        cloud_optimized(file, optimized, wishes.compression or DEFLATE)
        file.unlink()
        file = optimized
    check_whole(file)
    if wishes.preview:
        picture = file.with_name("preview.png")
        write_preview(file, picture)
        preview = str(_beside(output))
        _hand_over(picture, preview, wishes.deliver)
    size = file.stat().st_size
    _hand_over(file, output, wishes.deliver)
    progress = filling.progress
    return _described(plan, output, size=size, tiles=progress.tiles, fetched=progress.fetched, preview=preview)


def _described(plan: Plan, output: str, *, size: int, tiles: int, fetched: int, preview: str | None) -> Downloaded:
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
    )


def _folder(wishes: Wishes, order: str) -> Path:
    """Return where the tiles are kept: beside a file on this machine, so that it only has to be renamed."""
    if wishes.deliver is not None:
        return temporary_folder(order)
    output = Path(str(wishes.output))
    return output.with_name(f"{output.name}.part")


def _beside(output: str) -> str:
    """Return the output with another ending; of a URL too."""
    ending = PurePosixPath(output).suffix
    return f"{output.removesuffix(ending)}.preview.png"


def _hand_over(file: Path, output: str, deliver: Deliver | None) -> None:
    if deliver is None:
        file.replace(output)
    else:
        deliver(file, output)
