"""video.export and videoMap.export: refused, or accepted without a file."""

from typing import Any

import httpx
import pytest

from airflow_provider_ee.emulator.__main__ import main
from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.compute.nodes import expression, image

pytestmark = pytest.mark.anyio

VIDEO = "/v1/projects/p/video:export"
VIDEO_MAP = "/v1/projects/p/videoMap:export"
FILES = {"fileFormat": "MP4", "cloudStorageDestination": {"bucket": "my-bucket", "filenamePrefix": "film"}}

BODIES: dict[str, dict[str, Any]] = {
    VIDEO: {"expression": expression(image(1)), "description": "film", "fileExportOptions": FILES},
    VIDEO_MAP: {
        "expression": expression(image(1)),
        "description": "film",
        "tileOptions": {"endZoom": 2},
        "tileExportOptions": FILES,
    },
}


@pytest.fixture(params=[VIDEO, VIDEO_MAP], ids=["video", "video map"])
def path(request: pytest.FixtureRequest) -> str:
    """The path of each of the two methods."""
    return str(request.param)


async def test_a_video_is_refused_and_told_how_it_would_not_be(
    api: httpx.AsyncClient, inside: Emulator, path: str
) -> None:
    refused = await api.post(path, json=BODIES[path])
    assert (refused.status_code, refused.json()["error"]["status"]) == (400, "UNIMPLEMENTED")
    assert "not_computed=accept" in refused.json()["error"]["message"]
    assert inside.control.operations() == []


@pytest.mark.parametrize(
    ("path", "kind"), [(VIDEO, "EXPORT_VIDEO"), (VIDEO_MAP, "EXPORT_VIDEO_MAP")], indirect=["path"]
)
async def test_an_accepted_video_succeeds_and_shows_that_there_is_no_file(
    api: httpx.AsyncClient, inside: Emulator, path: str, kind: str
) -> None:
    inside.control.configure(not_computed="accept", time="looks=2")
    submitted = (await api.post(path, json=BODIES[path])).json()
    await api.get(f"/v1/{submitted['name']}")
    operation = (await api.get(f"/v1/{submitted['name']}")).json()

    assert (submitted["metadata"]["state"], operation["metadata"]["state"]) == ("PENDING", "SUCCEEDED")
    assert (operation["metadata"]["type"], operation["metadata"]["destinationUris"]) == (kind, [])
    assert not (inside.root / "gs").exists()


async def test_an_accepted_video_is_still_checked(api: httpx.AsyncClient, inside: Emulator, path: str) -> None:
    inside.control.configure(not_computed="accept")
    refused = await api.post(path, json=BODIES[path] | {"videoOptions": {"framesPerSecond": 1000}})
    assert refused.status_code == 400
    assert "videoOptions.framesPerSecond" in refused.json()["error"]["message"]


async def test_a_map_of_videos_goes_to_cloud_storage_only(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.configure(not_computed="accept")
    files = {"fileFormat": "MP4", "driveDestination": {"folder": "f"}}
    refused = await api.post(VIDEO_MAP, json=BODIES[VIDEO_MAP] | {"tileExportOptions": files})
    assert refused.status_code == 400
    assert "tileExportOptions.driveDestination" in refused.json()["error"]["message"]


async def test_an_accepted_video_is_one_operation_however_often_it_is_asked_for(
    api: httpx.AsyncClient, inside: Emulator, path: str
) -> None:
    inside.control.configure(not_computed="accept", duplicate_request_id="same-operation")
    names = [(await api.post(path, json=BODIES[path] | {"requestId": "once"})).json()["name"] for _ in range(2)]
    assert names[0] == names[1]


async def test_the_control_api_shows_and_changes_it(api: httpx.AsyncClient) -> None:
    before = (await api.get("/emulator/settings")).json()
    after = (await api.post("/emulator/settings", json={"not_computed": "accept"})).json()
    wrong = await api.post("/emulator/settings", json={"not_computed": "pretend"})

    assert (before["not_computed"], after["not_computed"]) == ("refuse", "accept")
    assert (wrong.status_code, "one of refuse, accept" in wrong.text) == (400, True)


def test_the_command_line_knows_what_there_is_to_choose(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--not-computed", "pretend"])
    assert "refuse" in capsys.readouterr().err
