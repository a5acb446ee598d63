"""assets.listImages."""

from typing import Any

import httpx
import pytest

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.files import ramp
from tests.emulator.importing import ONE, Imports, manifest

pytestmark = pytest.mark.anyio


@pytest.fixture
def imports(api: httpx.AsyncClient, inside: Emulator) -> Imports:
    return Imports(api, inside)


class TestListImages:
    PARENT = "projects/p/assets/c"

    @pytest.fixture
    async def collection(self, imports: Imports) -> None:
        imports.emulator.control.seed_asset(self.PARENT, "IMAGE_COLLECTION")
        for day in (1, 2, 3):
            imports.put(ONE, ramp(), column=100_000 * (day - 1))
            name, start, end = f"{self.PARENT}/{day}", f"2026-01-0{day}T00:00:00Z", f"2026-01-0{day}T12:00:00Z"
            fields = {"startTime": start, "endTime": end, "properties": {"day": day}}
            await imports.finished(manifest(ONE, **fields) | {"name": name})

    async def listed(self, imports: Imports, **query: Any) -> str:
        answer = await imports.api.get(f"/v1alpha/{self.PARENT}:listImages", params=query)
        assert answer.status_code == 200, answer.text
        return "".join(image["name"][-1] for image in answer.json()["images"])

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({}, "123"),
            ({"startTime": "2026-01-02T00:00:00Z"}, "23"),
            ({"endTime": "2026-01-03T00:00:00Z"}, "12"),
            ({"filter": "properties.day<3", "startTime": "2026-01-02T00:00:00Z"}, "2"),
            ({"region": '{"type": "Point", "coordinates": [10.36082, 48.74471]}'}, "1"),
        ],
        ids=["all", "startTime", "endTime", "filter", "region"],
    )
    async def test_images_are_filtered(
        self, imports: Imports, collection: None, query: dict[str, str], expected: str
    ) -> None:
        assert await self.listed(imports, **query) == expected

    async def test_a_region_in_a_filter_of_list_assets_is_the_same(self, imports: Imports, collection: None) -> None:
        region = """intersects("{'type': 'Point', 'coordinates': [10.36082, 48.74471]}") AND properties.day<3"""
        answer = await imports.api.get(f"/v1/{self.PARENT}:listAssets", params={"filter": region})
        assert [image["name"][-1] for image in answer.json()["assets"]] == ["1"]

    async def test_pages_join(self, imports: Imports, collection: None) -> None:
        answer = await imports.api.get(f"/v1alpha/{self.PARENT}:listImages", params={"pageSize": 2, "view": "BASIC"})
        token = answer.json()["nextPageToken"]
        assert await self.listed(imports, pageToken=token, pageSize=2) == "3"
        assert set(answer.json()["images"][0]) == {"type", "name", "id", "updateTime"}

    @pytest.mark.parametrize(
        ("query", "status"),
        [({"region": "POINT(0 0)"}, 400), ({"region": '{"type": "Point"}'}, 400), ({"startTime": '?"'}, 400)],
        ids=["WKT", "no geometry", "no time"],
    )
    async def test_what_is_not_understood_is_refused(
        self, imports: Imports, collection: None, query: dict[str, str], status: int
    ) -> None:
        answer = await imports.api.get(f"/v1alpha/{self.PARENT}:listImages", params=query)
        assert answer.status_code == status
