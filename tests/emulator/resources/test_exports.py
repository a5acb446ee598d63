"""image.export from the request to the file."""

import time
from typing import Any

import anyio
import httpx
import pytest
import rasterio

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.requests import constant, spoilt, to_asset, to_cloud_storage

pytestmark = pytest.mark.anyio

EXPORT = "/v1/projects/p/image:export"


async def finished(api: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    """Export, look once, and return the operation."""
    submitted = await api.post(EXPORT, json=body)
    assert submitted.status_code == 200, submitted.text
    looked = await api.get(f"/v1/{submitted.json()['name']}")
    operation: dict[str, Any] = looked.json()
    return operation


async def test_an_export_to_a_bucket_is_a_file_under_gs(api: httpx.AsyncClient, inside: Emulator) -> None:
    operation = await finished(api, to_cloud_storage())

    assert operation["metadata"]["state"] == "SUCCEEDED", operation
    assert operation["metadata"]["destinationUris"] == [
        "https://console.developers.google.com/storage/browser/my-bucket"
    ]
    with rasterio.open(inside.root / "gs" / "my-bucket" / "folder" / "seven.tif") as raster:
        assert (raster.width, raster.height, raster.crs.to_epsg()) == (8, 6, 4326)
        assert tuple(raster.transform)[:6] == (0.5, 0, 10, 0, -0.5, 50)
        assert (raster.read(1) == 7).all()


async def test_an_export_to_drive_is_a_file_in_its_folder(api: httpx.AsyncClient, inside: Emulator) -> None:
    options = {"fileFormat": "GEO_TIFF", "driveDestination": {"folder": "my folder", "filenamePrefix": "seven"}}

    await finished(api, to_cloud_storage(fileExportOptions=options))

    assert (inside.root / "drive" / "my folder" / "seven.tif").is_file()


async def test_a_prefix_that_ends_in_a_slash_names_the_file_by_its_offsets(
    api: httpx.AsyncClient, inside: Emulator
) -> None:
    await finished(
        api, spoilt(to_cloud_storage(), "fileExportOptions.cloudStorageDestination.filenamePrefix", "folder/")
    )
    assert (inside.root / "gs" / "my-bucket" / "folder" / "0000000000-0000000000.tif").is_file()


async def test_an_exported_asset_can_be_read_and_used_in_the_next_expression(api: httpx.AsyncClient) -> None:
    name = "projects/p/assets/seven"
    operation = await finished(api, to_asset(name))
    assert operation["metadata"]["destinationUris"] == [f"https://code.earthengine.google.com/?asset={name}"]

    asset = (await api.get(f"/v1/{name}")).json()
    pixels = await api.post(f"/v1/{name}:getPixels", json={"fileFormat": "NPY"})
    load = {"functionName": "Image.load", "arguments": {"id": {"constantValue": name}}}
    again = {"result": "0", "values": {"0": {"functionInvocationValue": load}}}
    second = await finished(api, to_asset("projects/p/assets/eight", expression=again))

    assert (asset["type"], [band["id"] for band in asset["bands"]]) == ("IMAGE", ["constant"])
    assert pixels.content.startswith(b"\x93NUMPY")
    assert second["metadata"]["state"] == "SUCCEEDED", second


async def test_an_asset_is_not_overwritten_unless_asked(api: httpx.AsyncClient) -> None:
    name = "projects/p/assets/seven"
    await finished(api, to_asset(name))

    refused = await finished(api, to_asset(name))
    replaced = await finished(
        api, spoilt(to_asset(name), "assetExportOptions.earthEngineDestination.overwrite", value=True)
    )

    assert refused["error"]["message"] == f"Cannot overwrite asset '{name}'."
    assert replaced["metadata"]["state"] == "SUCCEEDED"


async def test_a_repetition_after_the_end_can_be_the_same_operation_not_an_existing_asset(
    api: httpx.AsyncClient, inside: Emulator
) -> None:
    inside.control.configure(duplicate_request_id="same-operation")
    body = to_asset("projects/p/assets/seven", requestId="once")
    first = await finished(api, body)

    again = await api.post(EXPORT, json=body)

    assert again.status_code == 200
    assert again.json()["name"] == first["name"]
    assert again.json()["done"] is True


async def test_the_same_id_with_another_body_is_refused(api: httpx.AsyncClient) -> None:
    await api.post(EXPORT, json=to_cloud_storage(requestId="once"))
    refused = await api.post(EXPORT, json=to_cloud_storage(requestId="once", description="another"))
    assert refused.status_code == 400
    assert "A different Operation was already started" in refused.json()["error"]["message"]


async def test_a_destination_without_a_parent_is_refused_at_once(api: httpx.AsyncClient) -> None:
    refused = await api.post(EXPORT, json=to_asset("projects/p/assets/no/such/folder"))
    assert refused.status_code == 404
    assert "'projects/p/assets/no/such'" in refused.json()["error"]["message"]


async def test_what_is_wrong_in_the_expression_can_fail_the_operation_with_code_3(
    api: httpx.AsyncClient, inside: Emulator
) -> None:
    inside.control.configure(expression_errors="operation")
    load = {"functionName": "Image.load", "arguments": {"id": {"constantValue": "projects/p/assets/missing"}}}
    expression = {"result": "0", "values": {"0": {"functionInvocationValue": load}}}

    operation = await finished(api, to_cloud_storage(expression=expression))

    assert (operation["metadata"]["state"], operation["error"]["code"]) == ("FAILED", 3)
    assert "projects/p/assets/missing" in operation["error"]["message"]


async def test_what_is_not_computed_is_refused_at_submission(api: httpx.AsyncClient, inside: Emulator) -> None:
    canny = {"functionName": "CannyEdgeDetector", "arguments": {"image": {"valueReference": "1"}}}
    expression = {
        "result": "0",
        "values": {"0": {"functionInvocationValue": canny}, "1": constant()["values"]["0"]},
    }

    refused = await api.post(EXPORT, json=to_cloud_storage(expression=expression))

    assert (refused.status_code, refused.json()["error"]["status"]) == (400, "UNIMPLEMENTED")
    assert "CannyEdgeDetector" in refused.json()["error"]["message"]
    assert inside.control.operations() == []


@pytest.mark.parametrize(
    ("change", "value", "message"),
    [
        ("grid", ..., "Unable to export unbounded image."),
        ("maxPixels", "47", "Export too large: specified 48 pixels (max: 47)."),
    ],
)
async def test_an_image_of_too_many_pixels_is_found_by_the_operation(
    api: httpx.AsyncClient, change: str, value: Any, message: str
) -> None:
    submitted = await api.post(EXPORT, json=spoilt(to_cloud_storage(), change, value))
    operation = (await api.get(f"/v1/{submitted.json()['name']}")).json()
    assert operation["metadata"]["state"] == "FAILED"
    assert message in operation["error"]["message"]


async def test_two_submissions_at_the_same_time_with_one_id_start_one_operation(
    api: httpx.AsyncClient, inside: Emulator
) -> None:
    names: list[str] = []
    inside.control.configure(duplicate_request_id="same-operation")

    async def submit() -> None:
        answer = await api.post(EXPORT, json=to_cloud_storage(requestId="once"))
        names.append(answer.json()["name"])

    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(submit)

    assert len(set(names)) == 1
    assert len(inside.control.operations()) == 1


def test_an_export_is_written_though_nobody_looks(web: httpx.Client, emulator: Emulator) -> None:
    """On a port only: in process there is nothing that lets time pass but a look."""
    web.post(EXPORT, json=to_cloud_storage())
    target = emulator.root / "gs" / "my-bucket" / "folder" / "seven.tif"
    deadline = time.monotonic() + 20
    while not target.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
