"""Where files go and how they are called, as far as the service is known to differ."""

import threading
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from airflow_provider_ee.emulator.compute.files.appearing import appearing
from airflow_provider_ee.emulator.compute.interruption import Interrupted, interruptible
from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.requests import to_cloud_storage
from tests.emulator.tables import export_of, failure, points, succeeded

anyio = pytest.mark.anyio


@anyio
async def test_a_bucket_that_nobody_made_can_make_the_operation_fail(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.configure(missing_bucket="fails")
    assert "does not exist: 'my-bucket'" in await failure(api, to_cloud_storage(), "image:export")
    assert "does not exist: 'my-bucket'" in await failure(api, export_of(points(1)))
    inside.control.make_bucket("my-bucket")
    await succeeded(api, to_cloud_storage(), "image:export")


@anyio
async def test_it_can_be_made_by_the_export(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.configure(missing_bucket="made")
    await succeeded(api, to_cloud_storage(), "image:export")
    assert (inside.root / "gs/my-bucket/folder/seven.tif").is_file()


@anyio
@pytest.mark.parametrize(("names", "file"), [("prefix", "rivers.csv"), ("ee-export", "riversee_export.csv")])
async def test_a_table_is_called_by_its_prefix_or_as_it_once_was(
    api: httpx.AsyncClient, inside: Emulator, names: str, file: str
) -> None:
    inside.control.configure(table_file_names=names)
    await succeeded(api, export_of(points(1)))
    assert [path.name for path in (inside.root / "gs/my-bucket/tables").iterdir()] == [file]


@anyio
async def test_a_service_account_has_no_room_in_drive(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.accept_token("robot", user="robot@p.iam.gserviceaccount.com")
    body = to_cloud_storage(fileExportOptions={"fileFormat": "GEO_TIFF", "driveDestination": {"folder": "f"}})
    api.headers["Authorization"] = "Bearer robot"
    api.headers["X-Goog-User-Project"] = "p"
    assert await failure(api, body, "image:export") == "Service Accounts do not have storage quota."


def npy(**changes: Any) -> dict[str, Any]:
    options = {"fileFormat": "NPY", "cloudStorageDestination": {"bucket": "my-bucket", "filenamePrefix": "seven"}}
    return to_cloud_storage(fileExportOptions=options, **changes)


@anyio
async def test_an_image_is_exported_as_an_array_with_a_field_for_each_band(
    api: httpx.AsyncClient, inside: Emulator
) -> None:
    await succeeded(api, npy(), "image:export")
    array = np.load(inside.root / "gs/my-bucket/seven.npy")
    assert (array.shape, array.dtype.names) == ((6, 8), ("constant",))
    assert array["constant"].tolist() == [[7] * 8] * 6


@anyio
async def test_arrays_can_be_no_format_of_exports(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.configure(npy_exports=False)
    assert (await api.post("/v1/projects/p/image:export", json=npy())).status_code == 400


def test_several_can_write_one_file_at_the_same_time(tmp_path: Path) -> None:
    path, together = tmp_path / "a.csv", threading.Barrier(8)

    def write(number: int) -> None:
        together.wait()
        with appearing(path) as unfinished:
            unfinished.write_text(str(number) * 1000)
            together.wait()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    text = path.read_text()
    assert text == text[0] * 1000
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_nobody_wants_any_more_does_not_appear(tmp_path: Path) -> None:
    with pytest.raises(Interrupted), interruptible(lambda: True), appearing(tmp_path / "a") as unfinished:
        unfinished.write_text("half")
    assert list(tmp_path.iterdir()) == []
