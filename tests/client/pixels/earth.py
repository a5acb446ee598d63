"""What the tests of pixels fetch: the emulator's landscape with its known values, and an Earth Engine of one band."""

import io
import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
from google.auth.credentials import AnonymousCredentials

from airflow_provider_ee.client.arguments.expressions import call, constant
from airflow_provider_ee.client.http.clients import AsyncClient
from airflow_provider_ee.client.http.retry import RetryPolicy
from airflow_provider_ee.client.http.threads import run_in_own_loop
from airflow_provider_ee.client.pixels.calls import DownloadPixels, EncodePixels, ReadPixels
from airflow_provider_ee.emulator.compute.catalogue import landscape

#: Retries that a test need not wait for.
AT_ONCE = RetryPolicy(attempts=6, first_wait=0.01, longest_wait=0.05)

S2, DEM = "EMULATOR/S2", "EMULATOR/DEM"
GET_PIXELS, COMPUTE_PIXELS = "projects.assets.getPixels", "projects.image.computePixels"


def scene(column: int, row: int, width: int, height: int) -> dict[str, Any]:
    """A window of EMULATOR/S2 as the fields of a grid."""
    affine = {"scaleX": 10, "translateX": 600000 + 10 * column, "scaleY": -10, "translateY": 5400000 - 10 * row}
    return {
        "crsCode": "EPSG:32632",
        "affineTransform": affine,
        "dimensions": {"width": width, "height": height},
    }


def truth(band: str, column: int, row: int, width: int, height: int) -> Any:
    """The pixels of a window of EMULATOR/S2, from the formula."""
    columns = np.arange(column, column + width, dtype=np.int32)[np.newaxis, :]
    rows = np.arange(row, row + height, dtype=np.int32)[:, np.newaxis]
    return landscape.reflectance(band, columns, rows).astype(np.uint16)


def load(asset_id: str) -> dict[str, Any]:
    return call("Image.load", id=constant(asset_id))


def image(node: dict[str, Any]) -> dict[str, Any]:
    return {"result": "0", "values": {"0": node}}


def patient_client() -> AsyncClient:
    """A client of whatever EARTHENGINE_EMULATOR_HOST names."""
    return AsyncClient("my-project", retry=AT_ONCE)


async def fetch_async(client: AsyncClient, **arguments: Any) -> Any:
    """Return pixels, write them to an `output`, or have them encoded in a `file_format`."""
    output = arguments.pop("output", None)
    if output is not None:
        return await DownloadPixels(**arguments, output_path=output).run(client)
    if "file_format" in arguments:
        return await EncodePixels(**arguments).run(client)
    return (await ReadPixels(**arguments).run(client)).values


def fetch(opener: Callable[[], AsyncClient], **arguments: Any) -> Any:
    """Do the same with a client of its own, where no event loop runs."""

    async def main() -> Any:
        async with opener() as client:
            return await fetch_async(client, **arguments)

    return run_in_own_loop(main())


def npy(array: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


class TinyEarth:
    """A transport to an Earth Engine whose only image has the value 1000 * row + column in every band.

    Args:
        bands: Its bands.
        dtype: Their type.
        side: Its width and height.
        meddle: Given the number of the request for pixels, its size and the right array, returns what is answered in
            its place: a response, other bytes, or None for the right answer.
    """

    def __init__(
        self,
        bands: tuple[str, ...] = ("b",),
        dtype: str = "uint16",
        side: int = 600,
        meddle: Callable[[int, tuple[int, int], Any], Any] = lambda *_: None,
    ) -> None:
        self.bands, self.dtype, self.side, self.meddle = bands, dtype, side, meddle
        self.written = "2026-01-01T00:00:00Z"
        self.asked: list[dict[str, Any]] = []

    def client(self, **options: Any) -> AsyncClient:
        transport = httpx.MockTransport(self)
        return AsyncClient(
            "my-project", credentials=AnonymousCredentials(), retry=AT_ONCE, transport=transport, **options
        )

    def pixels(self, column: int, row: int, width: int, height: int) -> Any:
        return (1000 * np.arange(row, row + height)[:, None] + np.arange(column, column + width)).astype(self.dtype)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith(":getPixels"):
            return httpx.Response(200, json=self._described())
        body = json.loads(request.content)
        self.asked.append(body)
        affine, size = body["grid"]["affineTransform"], body["grid"]["dimensions"]
        window = round(affine["translateX"]) - 500_000, round(-affine["translateY"]), size["width"], size["height"]
        array = np.zeros((size["height"], size["width"]), [(band, self.dtype) for band in body["bandIds"]])
        for band in body["bandIds"]:
            array[band] = self.pixels(*window)
        answer = self.meddle(len(self.asked), (size["width"], size["height"]), array)
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, content=npy(array) if answer is None else answer)

    def _described(self) -> dict[str, Any]:
        limits = np.iinfo(self.dtype)
        grid = {
            "crsCode": "EPSG:32632",
            "affineTransform": {"scaleX": 1, "translateX": 500_000, "scaleY": -1},
            "dimensions": {"width": self.side, "height": self.side},
        }
        data_type = {
            "precision": "INT",
            "range": {"max": int(limits.max)} | ({"min": int(limits.min)} if limits.min else {}),
        }
        return {
            "type": "IMAGE",
            "updateTime": self.written,
            "bands": [{"id": band, "dataType": data_type, "grid": grid} for band in self.bands],
        }


def tiles_in(folder: Any) -> list[str]:
    """The finished tiles that a download has left."""
    return sorted(path.name for path in folder.glob("*.npy") if re.fullmatch(r"\d+-\d+-\d+x\d+-\w+\.npy", path.name))
