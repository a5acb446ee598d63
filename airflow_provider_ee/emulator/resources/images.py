"""projects.image: export and computePixels; and projects.value, which computes plain values."""

from typing import Any

from starlette.responses import Response

from airflow_provider_ee.emulator.compute import check_export, evaluate, image_pixels, to_json
from airflow_provider_ee.emulator.computing import computed
from airflow_provider_ee.emulator.http.call import Call
from airflow_provider_ee.emulator.resources.expressions import work_on
from airflow_provider_ee.emulator.resources.submitting import Prepared, submit
from airflow_provider_ee.emulator.state.operation import Work
from airflow_provider_ee.emulator.storage.images import ImageDestination, image_destination

__all__ = ["compute_pixels", "compute_value", "export"]

_DEFAULT_MAX_PIXELS = 100_000_000


async def export(call: Call) -> dict[str, Any]:
    """Answer image.export: check all that can be checked now, and leave the pixels to the operation."""

    async def prepare() -> Prepared:
        destination = image_destination(call.body, call.world, call.caller.user)
        return await _work(call, destination), destination.uris

    return await submit(call, "EXPORT_IMAGE", prepare)


async def compute_pixels(call: Call) -> Response:
    """Answer image.computePixels."""
    image = await computed(evaluate, call.body["expression"], call.world.stored)
    body, content_type = await computed(
        image_pixels,
        image,
        grid=call.body.get("grid"),
        band_ids=call.body.get("bandIds"),
        file_format=call.body.get("fileFormat", "AUTO_JPEG_PNG"),
        visualization=call.body.get("visualizationOptions"),
    )
    return Response(body, media_type=content_type)


async def compute_value(call: Call) -> dict[str, Any]:
    """Answer value.compute."""
    value = await computed(evaluate, call.body["expression"], call.world.stored)
    return {"result": await computed(to_json, value)}


async def _work(call: Call, destination: ImageDestination) -> Work:
    grid, max_pixels = call.body.get("grid"), call.body.get("maxPixels", _DEFAULT_MAX_PIXELS)

    async def writing(image: Any) -> Work:
        await computed(check_export, image, grid=grid)
        return lambda: destination.write(image, grid, max_pixels)

    return await work_on(call, writing)
