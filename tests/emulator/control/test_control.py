"""The control API over HTTP, and the settings behind it."""

from typing import Any

import httpx
import pytest

from airflow_provider_ee.emulator.server import Emulator
from airflow_provider_ee.emulator.state.delays import Delay
from airflow_provider_ee.emulator.state.settings import Settings
from tests.emulator.requests import to_cloud_storage

pytestmark = pytest.mark.anyio

EXPORT = "/v1/projects/p/image:export"


async def submitted(api: httpx.AsyncClient) -> str:
    name: str = (await api.post(EXPORT, json=to_cloud_storage(description="mine"))).json()["name"]
    return name


async def state(api: httpx.AsyncClient, name: str) -> str:
    value: str = (await api.get(f"/v1/{name}")).json()["metadata"]["state"]
    return value


async def test_settings_are_read_changed_and_set_back(api: httpx.AsyncClient) -> None:
    before = (await api.get("/emulator/settings")).json()
    changed = (await api.post("/emulator/settings", json={"time": "looks=3", "max_queue": 2})).json()
    await api.post("/emulator/reset")

    assert (before["time"], changed["time"], changed["max_queue"]) == ("at once", "looks=3", 2)
    assert (await api.get("/emulator/settings")).json() == before


async def test_settings_read_what_they_show() -> None:
    settings = Settings(time=Delay(seconds=2.5), eecu_seconds=3.0)
    assert Settings().changed(settings.shown()) == settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("speed", 1),
        ("time", "soon"),
        ("time", "looks=-1"),
        ("time", 5),
        ("max_queue", -1),
        ("max_queue", True),
        ("max_queue", 1.5),
        ("eecu_seconds", "much"),
        ("require_token", "yes"),
        ("duplicate_request_id", "ignore"),
        ("registration", "REGISTERED"),
    ],
)
async def test_a_bad_setting_is_refused_and_named(api: httpx.AsyncClient, name: str, value: Any) -> None:
    refused = await api.post("/emulator/settings", json={name: value})
    message = refused.json()["error"]["message"]
    assert refused.status_code == 400
    assert name in message or repr(value) in message


async def test_a_reset_forgets_everything(api: httpx.AsyncClient, inside: Emulator) -> None:
    await submitted(api)
    await api.post("/v1/projects/p/assets?assetId=a", json={"type": "FOLDER"})
    inside.control.arm("status", "projects.image.export")
    inside.control.plan(code="INTERNAL")

    await api.post("/emulator/reset")

    assert inside.control.operations() == []
    assert inside.control.faults() == []
    assert inside.control.ledger.entries() == []
    assert (await api.get("/v1/projects/p:listAssets")).json() == {"assets": []}
    assert await state(api, await submitted(api)) == "SUCCEEDED"


async def test_faults_are_armed_listed_and_disarmed(api: httpx.AsyncClient) -> None:
    armed = await api.post("/emulator/faults", json={"kind": "status", "method": "projects.getConfig", "status": 500})
    assert armed.json()["met"] == 0
    assert (await api.get("/v1/projects/p/config")).status_code == 500
    listed = (await api.get("/emulator/faults")).json()["faults"]
    assert [(fault["met"], fault["spent"]) for fault in listed] == [(1, True)]
    await api.delete("/emulator/faults")
    assert (await api.get("/emulator/faults")).json() == {"faults": []}


async def test_the_next_operation_can_be_planned_to_fail(api: httpx.AsyncClient) -> None:
    await api.post("/emulator/operations/plan", json={"attempts": 2, "code": "INTERNAL", "message": "Internal error."})
    operation = (await api.get(f"/v1/{await submitted(api)}")).json()
    assert operation["error"] == {"code": 13, "message": "Internal error."}
    assert operation["metadata"]["attempt"] == 2
    assert await state(api, await submitted(api)) == "SUCCEEDED"


async def test_an_operation_is_finished_and_failed_on_demand(api: httpx.AsyncClient) -> None:
    await api.post("/emulator/settings", json={"time": "looks=1000"})
    first, second = await submitted(api), await submitted(api)

    await api.post("/emulator/operations/finish", json={"name": first})
    await api.post("/emulator/operations/fail", json={"name": second, "code": "RESOURCE_EXHAUSTED", "message": "Out."})

    assert await state(api, first) == "SUCCEEDED"
    assert await state(api, second) == "FAILED"


async def test_places_that_a_setting_frees_are_given_away(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.configure(max_running=1, time="looks=2")
    await submitted(api)
    waiting = await submitted(api)
    assert [await state(api, waiting) for _ in range(3)] == ["PENDING"] * 3

    inside.control.configure(max_running=0)

    assert [await state(api, waiting) for _ in range(2)] == ["PENDING", "SUCCEEDED"]


async def test_an_operation_is_shown_differently_and_vanishes(api: httpx.AsyncClient) -> None:
    name = await submitted(api)
    await api.post("/emulator/operations/distort", json={"name": name, "changes": {"metadata.state": "PAUSED"}})
    assert await state(api, name) == "PAUSED"
    await api.post("/emulator/operations/forget", json={"name": name})
    assert (await api.get(f"/v1/{name}")).status_code == 404


async def test_foreign_operations_are_seeded_and_listed(api: httpx.AsyncClient) -> None:
    seeded = {"project": "p", "count": 3, "description": "theirs"}
    names = (await api.post("/emulator/operations", json=seeded)).json()["names"]
    mine = await submitted(api)

    listed = (await api.get("/v1/projects/p/operations")).json()["operations"]

    assert [operation["name"] for operation in listed] == [mine, *reversed(names)]
    assert listed[-1]["metadata"]["description"] == "theirs"


async def test_operations_are_shown_with_their_request_ids_without_a_look(api: httpx.AsyncClient) -> None:
    await api.post(EXPORT, json=to_cloud_storage(requestId="r-1"))
    (shown,) = (await api.get("/emulator/operations")).json()["operations"]
    assert (shown["requestId"], shown["user"], shown["metadata"]["state"]) == ("r-1", "anyone", "PENDING")


async def test_assets_and_tokens_are_seeded(api: httpx.AsyncClient) -> None:
    await api.post("/emulator/assets", json={"name": "projects/p/assets/t", "kind": "TABLE", "featureCount": "3"})
    await api.post("/emulator/tokens", json={"token": "old", "user": "ada", "expired": True})

    assert (await api.get("/v1/projects/p/assets/t")).json()["featureCount"] == "3"
    assert (await api.get("/v1/projects/p/config", headers={"Authorization": "Bearer old"})).status_code == 401


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("operations/finish", {"name": "projects/p/operations/NONE"}),
        ("operations/finish", {}),
        ("operations/fail", {"name": "x", "code": "OUCH"}),
        ("faults", {"kind": "explosion"}),
        ("tokens", {"token": "t"}),
    ],
)
async def test_a_bad_command_is_refused(api: httpx.AsyncClient, path: str, body: dict[str, Any]) -> None:
    refused = await api.post(f"/emulator/{path}", json=body)
    assert refused.status_code in (400, 404)
    assert refused.json()["error"]["message"]


async def test_answers_can_be_made_late_for_everyone(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.configure(latency_seconds=0.05)
    await api.get("/v1/projects/p/config")
    assert inside.control.ledger.entries()[0].seconds >= 0.05


async def test_a_project_can_be_unregistered(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.configure(registration="NOT_REGISTERED")
    config = (await api.get("/v1/projects/p/config")).json()
    assert config == {"name": "projects/p/config", "registrationState": "NOT_REGISTERED"}


@pytest.mark.parametrize(
    ("text", "looks", "seconds", "passed"),
    [
        ("at once", 0, 0, 1),
        ("looks=1", 0, 99, 0),
        ("looks=1", 1, 0, 1),
        ("looks=5", 1, 99, 0),
        ("looks=5", 3, 0, 0.5),
        ("looks=5", 9, 0, 1),
        ("seconds=4", 9, 0, 0),
        ("seconds=4", 0, 1, 0.25),
        ("seconds=0.5", 0, 9, 1),
        ("seconds=4", 0, -5, 0),
    ],
)
async def test_a_delay_passes_by_looks_or_seconds(text: str, looks: int, seconds: float, passed: float) -> None:
    delay = Delay.parse(text)
    assert delay.passed(looks, seconds) == passed
    assert Delay.parse(str(delay)) == delay


@pytest.mark.anyio
async def test_time_passes_when_a_test_says_so_and_a_reset_puts_the_clock_back(
    api: httpx.AsyncClient, inside: Emulator
) -> None:
    before = inside.control.world.clock()
    assert (await api.post("/emulator/time", json={"seconds": 864_000})).status_code == 200
    assert inside.control.world.clock() - before >= 864_000
    assert (await api.post("/emulator/time", json={"seconds": -1})).status_code == 400
    inside.control.reset()
    assert inside.control.world.clock() - before < 864_000


@pytest.mark.anyio
async def test_a_bucket_is_made_over_http(api: httpx.AsyncClient, inside: Emulator) -> None:
    answer = await api.post("/emulator/buckets", json={"name": "b"})
    assert answer.json() == {"folder": str(inside.root / "gs/b")}
    assert (inside.root / "gs/b").is_dir()
