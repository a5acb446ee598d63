"""What the provider asks Cloud Storage and BigQuery, answered from what exports wrote."""

import httpx
import pytest

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.tables import export_of, points, succeeded, to_big_query

pytestmark = pytest.mark.anyio

OBJECTS = "/storage/v1/b/my-bucket/o"
TABLE = "/bigquery/v2/projects/my-project/datasets/rivers/tables/lengths"


def put(emulator: Emulator, *names: str) -> None:
    for name in names:
        path = emulator.root / "gs/my-bucket" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"12345")


async def test_objects_are_listed_by_their_prefix_in_order(api: httpx.AsyncClient, inside: Emulator) -> None:
    put(inside, "b/two.tif", "b/one.tif", "c/three.tif", "b/.0123abcd-four.tif")
    answer = await api.get(OBJECTS, params={"prefix": "b/", "fields": "items(name,size),nextPageToken"})
    assert answer.json() == {"items": [{"name": "b/one.tif", "size": "5"}, {"name": "b/two.tif", "size": "5"}]}


async def test_pages_of_objects_join(api: httpx.AsyncClient, inside: Emulator) -> None:
    put(inside, "a", "b", "c")
    first = (await api.get(OBJECTS, params={"maxResults": "2"})).json()
    last = (await api.get(OBJECTS, params={"maxResults": "2", "pageToken": first["nextPageToken"]})).json()
    assert [item["name"] for item in first["items"] + last["items"]] == ["a", "b", "c"]
    assert "nextPageToken" not in last


async def test_a_bucket_that_nobody_made_is_not_there(api: httpx.AsyncClient, inside: Emulator) -> None:
    missing = await api.get(OBJECTS)
    assert (missing.status_code, missing.json()["error"]["message"]) == (404, "The specified bucket does not exist.")
    inside.control.make_bucket("my-bucket")
    assert "items" not in (await api.get(OBJECTS)).json()


async def test_what_an_export_wrote_is_listed(api: httpx.AsyncClient) -> None:
    await succeeded(api, export_of(points(1)))
    assert [item["name"] for item in (await api.get(OBJECTS)).json()["items"]] == ["tables/rivers.csv"]


async def test_a_table_is_there_once_it_is_exported(api: httpx.AsyncClient) -> None:
    assert (await api.get(TABLE)).status_code == 404
    await succeeded(api, to_big_query(points(1)))
    assert (await api.get(TABLE, params={"fields": "id"})).json() == {"id": "my-project:rivers.lengths"}
