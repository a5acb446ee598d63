"""Answers of 200 that are wrong in themselves, as a real client sees them."""

import gzip
import json
import time
import zlib

import httpx
import pytest

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.requests import to_cloud_storage

CONFIG = "/v1/projects/p/config"
EXPORT = "/v1/projects/p/image:export"
LIST = "/v1/projects/p/operations"


@pytest.mark.anyio
async def test_an_answer_can_be_empty_after_the_work_was_started(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.arm("empty", "projects.image.export")
    answer = await api.post(EXPORT, json=to_cloud_storage())
    assert (answer.status_code, answer.content) == (200, b"")
    assert len(inside.control.operations()) == 1


@pytest.mark.anyio
async def test_an_answer_can_lack_its_name(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.arm("nameless", "projects.image.export")
    answer = (await api.post(EXPORT, json=to_cloud_storage())).json()
    assert answer.keys() == {"metadata"}
    assert len(inside.control.operations()) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("kind", ["empty", "nameless"])
async def test_such_an_answer_can_come_without_the_work(api: httpx.AsyncClient, inside: Emulator, kind: str) -> None:
    inside.control.arm(kind, "projects.image.export", without_work=True)
    assert (await api.post(EXPORT, json=to_cloud_storage())).status_code == 200
    assert inside.control.operations() == []


@pytest.mark.anyio
async def test_a_refusal_is_not_spoilt(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.arm("empty", "projects.image.export")
    assert (await api.post(EXPORT, json={"nonsense": 1})).json()["error"]["code"] == 400


@pytest.mark.anyio
async def test_malformed_operations_come_first_in_the_list(api: httpx.AsyncClient, inside: Emulator) -> None:
    [seeded] = inside.control.seed_operations("p")
    inside.control.arm("malformed", "projects.operations.list")

    operations = (await api.get(LIST)).json()["operations"]

    assert operations[-1]["name"] == seeded.name
    assert operations[:3] == [None, "an operation", 7]
    assert 1e308 in [(one or {}).get("metadata", {}).get("progress") for one in operations[7:]]
    assert len((await api.get(LIST)).json()["operations"]) == 1


@pytest.mark.anyio
async def test_a_single_operation_can_be_malformed(api: httpx.AsyncClient, inside: Emulator) -> None:
    [seeded] = inside.control.seed_operations("p")
    inside.control.arm("malformed", "projects.operations.get")
    answer = (await api.get(f"/v1/{seeded.name}")).json()
    assert (answer["name"], answer["metadata"]["progress"]) == (seeded.name, "half")


@pytest.mark.anyio
async def test_the_same_page_can_come_again_and_again(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.seed_operations("p", 3)
    inside.control.arm("same-page", "projects.operations.list", times=3)
    first, second, third = [
        (await api.get(LIST, params={"pageSize": "2", **({"pageToken": "again"} if number else {})})).json()
        for number in range(3)
    ]
    assert first == second == third
    assert (first["nextPageToken"], len(first["operations"])) == ("again", 2)


@pytest.mark.anyio
async def test_pages_can_be_endless_and_empty(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.seed_operations("p", 3)
    inside.control.arm("endless-pages", "projects.operations.list", times=2)
    first = (await api.get(LIST)).json()
    second = (await api.get(LIST, params={"pageToken": first["nextPageToken"]})).json()
    assert first["operations"] == second["operations"] == []
    assert first["nextPageToken"] != second["nextPageToken"]


def test_an_answer_can_come_byte_by_byte(web: httpx.Client, emulator: Emulator) -> None:
    emulator.control.arm("drip", seconds=0.001)
    with web.stream("GET", CONFIG) as answer:
        pieces = list(answer.iter_raw())
    assert json.loads(b"".join(pieces))["name"] == "projects/p/config"
    assert len(pieces) > 10


def test_the_emulator_goes_on_when_nobody_waits_for_the_drip(web: httpx.Client, emulator: Emulator) -> None:
    emulator.control.arm("drip", seconds=60)
    with pytest.raises(httpx.ReadTimeout):
        web.get(CONFIG, timeout=0.2)
    assert web.get(CONFIG).status_code == 200
    began = time.monotonic()
    emulator.stop()
    assert time.monotonic() - began < 30, "a drip of a minute each byte held the emulator"


def test_an_answer_can_be_compressed_twice(web: httpx.Client, emulator: Emulator) -> None:
    emulator.control.arm("double-gzip")
    with web.stream("GET", CONFIG) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["Content-Encoding"] == "gzip, gzip"
    assert json.loads(gzip.decompress(gzip.decompress(raw)))["name"] == "projects/p/config"


def test_it_can_hold_more_than_it_looks(web: httpx.Client, emulator: Emulator) -> None:
    emulator.control.arm("double-gzip", megabytes=32)
    with web.stream("GET", CONFIG) as answer:
        raw = b"".join(answer.iter_raw())
    assert len(raw) < 5_000
    assert len(zlib.decompress(zlib.decompress(raw, 31), 31)) == 32 * 2**20
