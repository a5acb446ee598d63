"""Tokens, permissions, limits; and a ledger without secrets."""

import anyio
import httpx
import pytest

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.requests import to_cloud_storage

pytestmark = pytest.mark.anyio

CONFIG = "/v1/projects/p/config"
EXPORT = "/v1/projects/p/image:export"
SECRET = "ya29.canary-of-a-token"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "X-Goog-User-Project": "p"}


async def test_nobody_needs_a_token_by_default(api: httpx.AsyncClient) -> None:
    assert (await api.get(CONFIG)).status_code == 200
    assert (await api.get(CONFIG, headers=bearer("any"))).status_code == 200


@pytest.mark.parametrize(
    "headers", [{}, bearer("unknown"), {"Authorization": "Basic abc"}], ids=["no", "unknown", "basic"]
)
async def test_a_token_can_be_required(api: httpx.AsyncClient, inside: Emulator, headers: dict[str, str]) -> None:
    inside.control.configure(require_token=True)
    inside.control.accept_token("known", user="ada")

    refused = await api.get(CONFIG, headers=headers)

    assert (refused.status_code, refused.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert (await api.get(CONFIG, headers=bearer("known"))).status_code == 200


async def test_an_expired_token_is_refused(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.accept_token("old", user="ada", expired=True)
    refused = await api.get(CONFIG, headers=bearer("old"))
    assert refused.status_code == 401
    assert refused.json()["error"]["details"][0]["reason"] == "ACCESS_TOKEN_EXPIRED"


async def test_a_missing_permission_is_named(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.accept_token("weak", user="ada", missing=["earthengine.exports.create"])

    refused = await api.post(EXPORT, json=to_cloud_storage(), headers=bearer("weak"))

    error = refused.json()["error"]
    assert (refused.status_code, error["status"]) == (403, "PERMISSION_DENIED")
    assert error["details"][0]["metadata"]["permission"] == "earthengine.exports.create"
    assert inside.control.operations() == []


async def test_a_new_token_of_the_same_user_repeats_the_same_request(api: httpx.AsyncClient, inside: Emulator) -> None:
    for token, user in (("first", "ada"), ("second", "ada"), ("third", "bob")):
        inside.control.accept_token(token, user=user)
    body = to_cloud_storage(requestId="once")

    inside.control.configure(duplicate_request_id="same-operation")
    names = [
        (await api.post(EXPORT, json=body, headers=bearer(token))).json()["name"]
        for token in ("first", "second", "third")
    ]

    assert names[0] == names[1] != names[2]


async def test_the_ledger_tells_what_came_and_keeps_no_secret(api: httpx.AsyncClient, inside: Emulator) -> None:
    headers = bearer(SECRET) | {"X-Goog-User-Project": "billed"}
    await api.post(EXPORT, json=to_cloud_storage(requestId="r-1"), headers=headers)
    await api.get(CONFIG, params={"access_token": SECRET})

    shown = (await api.get("/emulator/ledger")).json()

    export, config = shown["requests"]
    assert (export["method"], export["request_id"], export["status"]) == ("projects.image.export", "r-1", 200)
    assert (export["quota_project"], export["operation"]) == ("billed", inside.control.operations()[0].name)
    assert export["bearer"]
    assert (config["path"], config["bearer"]) == (CONFIG, "")
    assert SECRET not in str(shown)
    assert SECRET not in repr(vars(inside.control.world.identities))


async def test_a_cancel_is_in_the_ledger_by_the_operations_name(api: httpx.AsyncClient, inside: Emulator) -> None:
    name = (await api.post(EXPORT, json=to_cloud_storage())).json()["name"]
    await api.post(f"/v1/{name}:cancel")
    assert [entry.operation for entry in inside.control.ledger.entries("projects.operations.cancel")] == [name]


async def test_requests_over_the_rate_are_refused_and_counted(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.configure(max_requests_per_second=2)

    statuses = [(await api.get(CONFIG)).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]
    assert inside.control.limits.shown()["violations"] == 1


async def test_requests_over_the_limit_in_flight_are_refused_and_counted(
    api: httpx.AsyncClient, inside: Emulator
) -> None:
    inside.control.configure(max_in_flight=2)
    inside.control.arm("delay", times=3, seconds=0.2)
    statuses: list[int] = []

    async def ask() -> None:
        statuses.append((await api.get(CONFIG)).status_code)

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(ask)

    assert sorted(statuses) == [200, 200, 429]
    assert inside.control.limits.peak_in_flight == 2
    assert (await api.get(CONFIG)).status_code == 200
