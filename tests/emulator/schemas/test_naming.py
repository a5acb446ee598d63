"""Names of new assets and of properties, as the service is known to accept them."""

import httpx
import pytest

from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.schemas.naming import check_new_name
from airflow_provider_ee.emulator.server import Emulator

ASSETS = "/v1/projects/p/assets"
IMPORT = "/v1/projects/p/image:import"


@pytest.mark.parametrize(
    "name", ["projects/p/assets/a-_9", "projects/p/assets/" + "/".join("abcdefghij"), "projects/earthengine-legacy/assets/users/me/a"]
)  # fmt: skip
def test_a_name_of_letters_digits_and_lines_is_one(name: str) -> None:
    check_new_name(name)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("projects/p/assets/a.b", "An asset ID can only contain letters, numbers, hyphens, and underscores."),
        ("projects/p/assets/" + "/".join("abcdefghijk"), "must have at least 1 segments and at most 10 segments."),
        ("projects/earthengine-legacy/assets/users/me", "must have at least 3 segments and at most 10 segments."),
    ],
)
def test_another_name_is_none(name: str, message: str) -> None:
    with pytest.raises(ApiError) as refused:
        check_new_name(name)
    assert message in refused.value.message


@pytest.mark.anyio
async def test_a_dot_in_a_new_name_is_refused_unless_anything_is_let_pass(
    api: httpx.AsyncClient, inside: Emulator
) -> None:
    inside.control.configure(asset_ids="strict")
    assert (await api.post(ASSETS, params={"assetId": "a.b"}, json={"type": "FOLDER"})).status_code == 400
    inside.control.configure(asset_ids="anything")
    assert (await api.post(ASSETS, params={"assetId": "a.b"}, json={"type": "FOLDER"})).status_code == 200
    inside.control.configure(asset_ids="strict")
    assert (await api.get(f"{ASSETS}/a.b")).status_code == 200


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("system:index", 1, 'Property key "system:index" is invalid. Property keys must contain only letters, digits, and underscores.'),
        ("k" * 111, 1, "at most 110 characters long"),
        ("k", "é" * 513, "at most 1024 bytes long"),
    ],
)  # fmt: skip
async def test_a_property_that_the_service_does_not_take_is_refused(
    api: httpx.AsyncClient, inside: Emulator, key: str, value: object, message: str
) -> None:
    inside.control.configure(property_keys="strict")
    inside.control.seed_asset("projects/p/assets/c", "IMAGE_COLLECTION")
    properties = {key: value}
    manifest = {"name": "projects/p/assets/i", "tilesets": [{"sources": [{"uris": ["gs://b/a.tif"]}]}]}
    answers = [
        await api.post(ASSETS, params={"assetId": "d"}, json={"type": "IMAGE_COLLECTION", "properties": properties}),
        await api.patch(f"{ASSETS}/c", json={"asset": {"properties": properties}, "updateMask": "properties"}),
        await api.post(IMPORT, json={"imageManifest": manifest | {"properties": properties}}),
    ]
    assert [answer.status_code for answer in answers] == [400] * 3
    assert all(message in answer.json()["error"]["message"] for answer in answers)


@pytest.mark.anyio
async def test_any_property_can_be_let_pass(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.configure(property_keys="anything")
    body = {"type": "IMAGE_COLLECTION", "properties": {"system:index": "x" * 2000}}
    assert (await api.post(ASSETS, params={"assetId": "d"}, json=body)).status_code == 200


@pytest.mark.anyio
async def test_a_body_larger_than_the_limit_is_refused(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.configure(max_request_bytes=1000)
    answer = await api.post(IMPORT, content=b" " * 1001)
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        400,
        "Request payload size exceeds the limit: 1000 bytes.",
    )
