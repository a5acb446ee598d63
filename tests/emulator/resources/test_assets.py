"""The tree of assets over HTTP."""

from typing import Any

import httpx
import pytest

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.requests import to_asset

pytestmark = pytest.mark.anyio

ROOT = "projects/p/assets"


class Tree:
    """Short words for calls about assets."""

    def __init__(self, api: httpx.AsyncClient) -> None:
        self.api = api

    async def make(self, path: str, kind: str = "FOLDER", **fields: Any) -> httpx.Response:
        return await self.api.post("/v1/projects/p/assets", params={"assetId": path}, json={"type": kind, **fields})

    async def image(self, path: str) -> None:
        submitted = await self.api.post("/v1/projects/p/image:export", json=to_asset(f"{ROOT}/{path}"))
        looked = await self.api.get(f"/v1/{submitted.json()['name']}")
        assert looked.json()["metadata"]["state"] == "SUCCEEDED", looked.text

    async def get(self, path: str) -> httpx.Response:
        return await self.api.get(f"/v1/{ROOT}/{path}")

    async def call(self, path: str, verb: str, **body: Any) -> httpx.Response:
        return await self.api.post(f"/v1/{ROOT}/{path}:{verb}", json=body)

    async def listed(self, path: str = "", **query: Any) -> list[str]:
        parent = f"{ROOT}/{path}" if path else "projects/p"
        answer = await self.api.get(f"/v1/{parent}:listAssets", params=query)
        assert answer.status_code == 200, answer.text
        return [asset["name"].removeprefix(f"{ROOT}/") for asset in answer.json()["assets"]]


@pytest.fixture
def tree(api: httpx.AsyncClient) -> Tree:
    return Tree(api)


async def test_a_folder_is_made_and_found(tree: Tree) -> None:
    made = await tree.make("a")
    assert made.json() == (await tree.get("a")).json()
    assert (made.json()["type"], made.json()["name"]) == ("FOLDER", f"{ROOT}/a")
    assert await tree.listed() == ["a"]


async def test_a_collection_keeps_its_times_and_properties(tree: Tree) -> None:
    fields = {"startTime": "2026-01-01T00:00:00Z", "properties": {"a": 1, "b": "two"}}
    await tree.make("c", "IMAGE_COLLECTION", **fields)
    assert fields.items() <= (await tree.get("c")).json().items()


async def test_a_folder_takes_no_other_field(tree: Tree) -> None:
    refused = await tree.make("a", properties={"a": 1})
    assert refused.status_code == 400
    assert "asset.properties" in refused.json()["error"]["message"]


@pytest.mark.parametrize("name", ["a b", "", "/a", "a//b", "../a", "ä"])
async def test_a_name_out_of_form_is_refused(tree: Tree, name: str) -> None:
    refused = await tree.make(name)
    assert refused.status_code == 400
    assert "assetId" in refused.json()["error"]["message"]


async def test_a_parent_has_to_be_there(tree: Tree) -> None:
    assert (await tree.make("a/b")).status_code == 404


async def test_a_place_that_is_taken_is_refused(tree: Tree) -> None:
    await tree.make("a")
    refused = await tree.make("a")
    assert (refused.status_code, refused.json()["error"]["message"]) == (400, f"Cannot overwrite asset '{ROOT}/a'.")


async def test_a_collection_holds_images_only(tree: Tree) -> None:
    await tree.make("c", "IMAGE_COLLECTION")
    assert (await tree.make("c/d")).status_code == 400
    await tree.image("c/image")
    assert await tree.listed("c") == ["c/image"]


async def test_pages_of_a_list_join(tree: Tree) -> None:
    for name in "abcde":
        await tree.make(name)
    names: list[str] = []
    token = ""
    while True:
        answer = (await tree.api.get("/v1/projects/p:listAssets", params={"pageSize": 2, "pageToken": token})).json()
        names += [asset["name"][-1] for asset in answer["assets"]]
        token = answer.get("nextPageToken", "")
        if not token:
            break
    assert names == list("abcde")


@pytest.mark.parametrize("query", [{"pageToken": "made-up"}, {"pageSize": "many"}, {"view": "SOME"}])
async def test_a_bad_query_is_refused_and_named(tree: Tree, query: dict[str, str]) -> None:
    answer = await tree.api.get("/v1/projects/p:listAssets", params=query)
    assert answer.status_code == 400
    assert next(iter(query)) in answer.json()["error"]["message"]


class TestPatch:
    async def patch(self, tree: Tree, mask: Any, asset: dict[str, Any]) -> httpx.Response:
        return await tree.api.patch(f"/v1/{ROOT}/c", json={"updateMask": mask, "asset": asset})

    @pytest.fixture
    async def collection(self, tree: Tree) -> None:
        await tree.make("c", "IMAGE_COLLECTION", properties={"a": 1, "b": 2}, startTime="2026-01-01T00:00:00Z")

    @pytest.mark.parametrize("mask", ["properties.a", 'properties."a"', ["properties.a"], {"paths": ["properties.a"]}])
    async def test_one_property_is_set_and_the_others_stay(self, tree: Tree, collection: None, mask: Any) -> None:
        changed = await self.patch(tree, mask, {"properties": {"a": 9, "b": 9}})
        assert changed.json()["properties"] == {"a": 9, "b": 2}

    async def test_one_property_is_removed(self, tree: Tree, collection: None) -> None:
        changed = await self.patch(tree, "properties.a", {})
        assert changed.json()["properties"] == {"b": 2}

    async def test_all_properties_are_replaced(self, tree: Tree, collection: None) -> None:
        changed = await self.patch(tree, "properties", {"properties": {"c": 3}})
        assert changed.json()["properties"] == {"c": 3}

    async def test_an_empty_mask_replaces_times_and_properties(self, tree: Tree, collection: None) -> None:
        changed = (await self.patch(tree, "", {"properties": {"c": 3}})).json()
        assert changed["properties"] == {"c": 3}
        assert "startTime" not in changed

    async def test_snake_case_paths_are_taken(self, tree: Tree, collection: None) -> None:
        changed = await self.patch(tree, {"paths": ["start_time"]}, {"startTime": "2027-01-01T00:00:00Z"})
        assert changed.json()["startTime"] == "2027-01-01T00:00:00Z"

    @pytest.mark.parametrize("path", ["name", "type", "bands", "title.x"])
    async def test_other_fields_cannot_be_changed(self, tree: Tree, collection: None, path: str) -> None:
        refused = await self.patch(tree, path, {})
        assert refused.status_code == 400
        assert path in refused.json()["error"]["message"]


class TestCopyAndMove:
    async def test_a_copy_lives_on_when_the_first_is_deleted(self, tree: Tree) -> None:
        await tree.image("a")
        copied = await tree.call("a", "copy", destinationName=f"{ROOT}/b")
        await tree.api.delete(f"/v1/{ROOT}/a")

        pixels = await tree.call("b", "getPixels", fileFormat="NPY")

        assert copied.json()["name"] == f"{ROOT}/b"
        assert pixels.status_code == 200

    async def test_a_copy_shares_nothing_with_the_first(self, tree: Tree) -> None:
        await tree.image("a")
        await tree.call("a", "copy", destinationName=f"{ROOT}/b")
        await tree.api.patch(f"/v1/{ROOT}/b", json={"updateMask": "properties.x", "asset": {"properties": {"x": 1}}})
        assert "x" not in (await tree.get("a")).json().get("properties", {})

    async def test_a_copy_overwrites_only_when_asked(self, tree: Tree) -> None:
        await tree.image("a")
        await tree.image("b")
        refused = await tree.call("a", "copy", destinationName=f"{ROOT}/b")
        done = await tree.call("a", "copy", destinationName=f"{ROOT}/b", overwrite=True)
        assert (refused.status_code, done.status_code) == (400, 200)

    async def test_a_folder_is_not_copied(self, tree: Tree) -> None:
        await tree.make("a")
        assert (await tree.call("a", "copy", destinationName=f"{ROOT}/b")).status_code == 400

    async def test_a_folder_moves_with_what_is_in_it(self, tree: Tree) -> None:
        await tree.make("a")
        await tree.image("a/image")
        await tree.call("a", "move", destinationName=f"{ROOT}/b")
        assert await tree.listed() == ["b"]
        assert await tree.listed("b") == ["b/image"]
        assert (await tree.call("b/image", "getPixels", fileFormat="NPY")).status_code == 200

    async def test_nothing_moves_into_itself(self, tree: Tree) -> None:
        await tree.make("a")
        assert (await tree.call("a", "move", destinationName=f"{ROOT}/a/b")).status_code == 400

    async def test_nothing_moves_onto_another(self, tree: Tree) -> None:
        await tree.make("a")
        await tree.make("b")
        assert (await tree.call("a", "move", destinationName=f"{ROOT}/b")).status_code == 400


class TestDelete:
    async def test_what_is_deleted_is_gone_with_its_raster(self, tree: Tree, inside: Emulator) -> None:
        await tree.image("a")
        await tree.api.delete(f"/v1/{ROOT}/a")
        assert (await tree.get("a")).status_code == 404
        assert list((inside.root / "assets").rglob("*.tif")) == []

    async def test_a_folder_has_to_be_empty(self, tree: Tree) -> None:
        await tree.make("a")
        await tree.make("a/b")
        refused = await tree.api.delete(f"/v1/{ROOT}/a")
        assert (refused.status_code, refused.json()["error"]["status"]) == (400, "FAILED_PRECONDITION")

    async def test_what_is_missing_cannot_be_deleted(self, tree: Tree) -> None:
        assert (await tree.api.delete(f"/v1/{ROOT}/a")).status_code == 404


class TestPublicAssets:
    FOLDER = "projects/earthengine-public/assets/EMULATOR"

    async def test_the_catalogue_can_be_read(self, tree: Tree) -> None:
        listed = (await tree.api.get(f"/v1/{self.FOLDER}:listAssets")).json()["assets"]
        one = (await tree.api.get(f"/v1/{listed[0]['name']}")).json()
        assert listed
        assert one["id"] == listed[0]["name"].removeprefix("projects/earthengine-public/assets/")

    async def test_the_catalogue_cannot_be_changed(self, tree: Tree) -> None:
        assert (await tree.api.delete(f"/v1/{self.FOLDER}")).status_code == 404
        moved = await tree.api.post(f"/v1/{self.FOLDER}:move", json={"destinationName": f"{ROOT}/a"})
        assert moved.status_code == 404


class TestIamPolicies:
    async def test_a_policy_is_read_changed_and_written_with_its_etag(self, tree: Tree) -> None:
        await tree.make("a")
        policy = (await tree.call("a", "getIamPolicy")).json()
        policy["bindings"] = [{"role": "roles/viewer", "members": ["allUsers"]}]

        written = (await tree.call("a", "setIamPolicy", policy=policy)).json()

        assert written["bindings"] == policy["bindings"]
        assert written["etag"] != policy["etag"]
        assert (await tree.call("a", "getIamPolicy")).json() == written

    async def test_a_policy_that_somebody_else_changed_is_not_overwritten(self, tree: Tree) -> None:
        await tree.make("a")
        policy = (await tree.call("a", "getIamPolicy")).json()
        await tree.call("a", "setIamPolicy", policy={"bindings": [{"role": "roles/viewer", "members": ["allUsers"]}]})

        late = await tree.call("a", "setIamPolicy", policy=policy)

        assert (late.status_code, late.json()["error"]["status"]) == (409, "ABORTED")

    async def test_permissions_are_tested_and_nothing_is_permitted_on_what_is_missing(self, tree: Tree) -> None:
        await tree.make("a")
        wanted = ["earthengine.assets.get"]
        assert (await tree.call("a", "testIamPermissions", permissions=wanted)).json() == {"permissions": wanted}
        assert (await tree.call("b", "testIamPermissions", permissions=wanted)).json() == {}


class TestFilters:
    @pytest.fixture
    async def collection(self, tree: Tree, inside: Emulator) -> None:
        await tree.make("c", "IMAGE_COLLECTION")
        for day, clouds in ((1, 80), (2, 5), (3, 30)):
            inside.control.seed_asset(
                f"{ROOT}/c/day{day}",
                "IMAGE",
                startTime=f"2026-01-0{day}T00:00:00Z",
                properties={"CLOUDY": clouds, "kind": "a b"},
            )

    @pytest.mark.parametrize(
        ("text", "days"),
        [
            ("properties.CLOUDY<10", "2"),
            ("properties.CLOUDY >= 30", "13"),
            ("properties.CLOUDY != 5 AND properties.CLOUDY < 50.5", "3"),
            ('startTime >= "2026-01-02T00:00:00Z" AND startTime < "2026-01-03T00:00:00Z"', "2"),
            ('properties.kind="a b"', "123"),
            ('properties.CLOUDY="5"', ""),
            ('properties.CLOUDY<"9"', ""),
            ("properties.kind<5", ""),
            ("properties.missing > 1", ""),
            ("", "123"),
        ],
    )
    async def test_a_filter_keeps_what_fits(self, tree: Tree, collection: None, text: str, days: str) -> None:
        assert await tree.listed("c", filter=text) == [f"c/day{day}" for day in days]

    @pytest.mark.parametrize(
        ("text", "status"),
        [
            ("properties.CLOUDY ~ 10", 400),
            ("CLOUDY < 10", 400),
            ("startTime >= 2026-01-02", 400),
            ('intersects("POINT(0 0)")', 400),
            ("properties.a=1 OR properties.b=1", 400),
        ],
    )
    async def test_a_filter_that_is_not_understood_is_refused(
        self, tree: Tree, collection: None, text: str, status: int
    ) -> None:
        answer = await tree.api.get(f"/v1/{ROOT}/c:listAssets", params={"filter": text})
        assert answer.status_code == status

    async def test_a_basic_view_leaves_the_properties_out(self, tree: Tree, collection: None) -> None:
        answer = await tree.api.get(f"/v1/{ROOT}/c:listAssets", params={"view": "BASIC"})
        assert set(answer.json()["assets"][0]) == {"type", "name", "id", "updateTime"}
