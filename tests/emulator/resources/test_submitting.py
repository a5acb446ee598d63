"""What a submission is answered: descriptions, request ids that were used, and the version that is called."""

from typing import Any

import httpx
import pytest

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.compute.nodes import call, expression
from tests.emulator.requests import to_asset, to_cloud_storage
from tests.emulator.tables import features

pytestmark = pytest.mark.anyio

EXPORT = "/v1/projects/p/image:export"
ASSETS = "/v1/projects/p/assets"
RULE = (
    'The description must contain only the following characters: a..z, A..Z, 0..9, ".", ",", ":", ";", "_" or "-". '
    "The description must be at most 100 characters long."
)


class TestDescriptions:
    @pytest.mark.parametrize("text", ["", "azAZ09.,:;_-", "d" * 100])
    async def test_what_the_rule_allows_is_accepted(self, api: httpx.AsyncClient, inside: Emulator, text: str) -> None:
        inside.control.configure(descriptions="strict")
        assert (await api.post(EXPORT, json=to_cloud_storage(description=text))).status_code == 200

    @pytest.mark.parametrize("text", ["two words", "a[b]", "a/b", "é", "d" * 101, "a\n"])
    async def test_everything_else_is_refused_in_googles_words(
        self, api: httpx.AsyncClient, inside: Emulator, text: str
    ) -> None:
        inside.control.configure(descriptions="strict")
        error = (await api.post(EXPORT, json=to_cloud_storage(description=text))).json()["error"]
        assert (error["status"], error["message"]) == ("INVALID_ARGUMENT", RULE)
        assert inside.control.operations() == []

    @pytest.mark.parametrize(("text", "status"), [("two words", 200), ("a[b]", 400), ("d" * 101, 400)])
    async def test_spaces_can_be_let_pass(
        self, api: httpx.AsyncClient, inside: Emulator, text: str, status: int
    ) -> None:
        inside.control.configure(descriptions="spaces")
        assert (await api.post(EXPORT, json=to_cloud_storage(description=text))).status_code == status

    async def test_anything_can_be_let_pass(self, api: httpx.AsyncClient, inside: Emulator) -> None:
        inside.control.configure(descriptions="anything")
        assert (await api.post(EXPORT, json=to_cloud_storage(description="[é] " * 99))).status_code == 200

    @pytest.mark.parametrize(
        ("switch", "image"), [("default", 'Ingest image: "projects/p/assets/i"'), ("echoed", "ours")]
    )
    async def test_an_import_is_called_as_earth_engine_likes_or_as_it_says(
        self, api: httpx.AsyncClient, inside: Emulator, switch: str, image: str
    ) -> None:
        inside.control.configure(import_descriptions=switch)
        manifest = {"name": "projects/p/assets/i", "tilesets": [{"sources": [{"uris": ["gs://b/a.tif"]}]}]}
        body = {"imageManifest": manifest, "description": "ours"}
        answer = (await api.post("/v1/projects/p/image:import", json=body)).json()
        assert answer["metadata"]["description"] == image

    async def test_without_a_description_every_import_has_the_default_one(
        self, api: httpx.AsyncClient, inside: Emulator
    ) -> None:
        inside.control.configure(import_descriptions="echoed")
        body = {"tableManifest": {"name": "projects/p/assets/t", "sources": [{"uris": ["gs://b/a.csv"]}]}}
        answer = (await api.post("/v1/projects/p/table:import", json=body)).json()
        assert answer["metadata"]["description"] == 'Ingest table: "projects/p/assets/t"'


class TestDuplicates:
    @pytest.mark.parametrize(
        ("mode", "status", "message"),
        [
            ("invalid", 400, "A different Operation was already started with the given request_id"),
            ("field-violation", 400, "Duplicate request_id 'once'"),
            ("already-exists", 409, "An operation with request_id 'once' already exists."),
        ],
    )
    async def test_even_an_identical_repetition_is_refused(
        self, api: httpx.AsyncClient, inside: Emulator, mode: str, status: int, message: str
    ) -> None:
        inside.control.configure(duplicate_request_id=mode)
        await api.post(EXPORT, json=to_cloud_storage(requestId="once"))

        error = (await api.post(EXPORT, json=to_cloud_storage(requestId="once"))).json()["error"]

        assert (error["code"], error["message"]) == (status, message)
        assert len(inside.control.operations()) == 1

    async def test_the_violation_names_the_field(self, api: httpx.AsyncClient, inside: Emulator) -> None:
        inside.control.configure(duplicate_request_id="field-violation")
        await api.post(EXPORT, json=to_cloud_storage(requestId="once"))
        error = (await api.post(EXPORT, json=to_cloud_storage(requestId="once"))).json()["error"]
        assert error["details"][0]["fieldViolations"][0]["field"] == "request_id"

    async def test_an_identical_repetition_can_get_its_operation(
        self, api: httpx.AsyncClient, inside: Emulator
    ) -> None:
        inside.control.configure(duplicate_request_id="same-operation")
        first = await api.post(EXPORT, json=to_cloud_storage(requestId="once"))
        same = await api.post(EXPORT, json=to_cloud_storage(requestId="once"))
        other = await api.post(EXPORT, json=to_cloud_storage(requestId="once", description="other"))
        assert same.json()["name"] == first.json()["name"]
        assert other.status_code == 400

    @pytest.mark.parametrize(("burns", "status"), [(True, 400), (False, 200)])
    async def test_a_full_queue_uses_the_id_up_or_not(
        self, api: httpx.AsyncClient, inside: Emulator, burns: bool, status: int
    ) -> None:
        inside.control.configure(
            max_queue=1,
            max_running=1,
            time="looks=9",
            queue_full_burns_request_id=burns,
            duplicate_request_id="invalid",
        )
        inside.control.seed_operations("p", 2)
        assert (await api.post(EXPORT, json=to_cloud_storage(requestId="once"))).status_code == 429
        inside.control.configure(max_queue=3000)
        assert (await api.post(EXPORT, json=to_cloud_storage(requestId="once"))).status_code == status


class TestVersions:
    @pytest.mark.parametrize(("version", "status"), [("v1", 200), ("v1alpha", 200), ("v1beta", 400)])
    async def test_v1beta_has_no_overwrite(
        self, api: httpx.AsyncClient, inside: Emulator, version: str, status: int
    ) -> None:
        inside.control.configure(unknown_fields="refused")
        body = to_asset("projects/p/assets/a")
        body["assetExportOptions"]["earthEngineDestination"]["overwrite"] = False
        answer = await api.post(EXPORT.replace("v1", version), json=body)
        assert answer.status_code == status
        if status == 400:
            said = "Unknown name \"overwrite\" at 'assetExportOptions.earthEngineDestination': Cannot find field."
            assert said in answer.json()["error"]["message"]

    @pytest.mark.parametrize("field", ["title", "description"])
    async def test_only_v1alpha_has_titles_and_descriptions_of_assets(
        self, api: httpx.AsyncClient, inside: Emulator, field: str
    ) -> None:
        inside.control.configure(unknown_fields="refused")
        inside.control.seed_asset("projects/p/assets/a", "IMAGE_COLLECTION")
        patch = {"asset": {field: "x"}, "updateMask": field}
        assert (await api.patch(f"{ASSETS}/a", json=patch)).status_code == 400
        assert (await api.patch(f"{ASSETS.replace('v1', 'v1alpha')}/a", json=patch)).status_code == 200
        create = {"type": "IMAGE_COLLECTION", field: "x"}
        assert (await api.post(ASSETS, params={"assetId": "b"}, json=create)).status_code == 400

    async def test_only_v1alpha_lists_images(self, api: httpx.AsyncClient, inside: Emulator) -> None:
        inside.control.configure(unknown_fields="refused")
        inside.control.seed_asset("projects/p/assets/a", "IMAGE_COLLECTION")
        assert (await api.get(f"{ASSETS}/a:listImages")).status_code == 404
        assert (await api.get(f"{ASSETS.replace('v1', 'v1alpha')}/a:listImages")).status_code == 200

    async def test_the_fields_of_all_versions_can_be_accepted_by_each(
        self, api: httpx.AsyncClient, inside: Emulator
    ) -> None:
        inside.control.configure(unknown_fields="refused-in-all")
        body = {"type": "IMAGE_COLLECTION", "title": "x"}
        assert (await api.post(ASSETS, params={"assetId": "b"}, json=body)).status_code == 200
        assert (await api.post(ASSETS, params={"assetId": "c"}, json=body | {"nonsense": 1})).status_code == 400

    async def test_unknown_fields_can_be_ignored(self, api: httpx.AsyncClient, inside: Emulator) -> None:
        inside.control.configure(unknown_fields="ignored")
        body = to_cloud_storage(nonsense=1)
        body["grid"] = {**body["grid"], "origin": 1}
        body["fileExportOptions"] = {**body["fileExportOptions"], "geoTiffOptions": {"metadataKeys": [], "more": 1}}
        assert (await api.post(EXPORT, json=body)).status_code == 200


class TestFaultsOfExpressions:
    MISSING = expression(call("Image.load", id="projects/p/assets/nothing"))

    async def test_an_asset_that_is_missing_can_be_found_at_submission(
        self, api: httpx.AsyncClient, inside: Emulator
    ) -> None:
        inside.control.configure(expression_errors="submission")
        error = (await api.post(EXPORT, json=to_cloud_storage(expression=self.MISSING))).json()["error"]
        assert error["code"] == 400
        assert error["message"].startswith(
            "Image.load: Image asset 'projects/p/assets/nothing' not found (does not exist or caller does not have "
            "access)."
        )
        assert inside.control.operations() == []

    async def test_it_can_be_found_by_the_operation(self, api: httpx.AsyncClient, inside: Emulator) -> None:
        inside.control.configure(expression_errors="operation")
        submitted = (await api.post(EXPORT, json=to_cloud_storage(expression=self.MISSING))).json()
        operation = (await api.get(f"/v1/{submitted['name']}")).json()
        assert operation["metadata"]["state"] == "FAILED"

    @pytest.mark.parametrize(
        ("method", "body"),
        [
            ("image:export", to_asset("projects/p/assets/a")),
            (
                "table:export",
                {
                    "expression": features(),
                    "assetExportOptions": {"earthEngineDestination": {"name": "projects/p/assets/a"}},
                },
            ),
        ],
    )
    async def test_an_asset_in_the_way_makes_the_operation_fail(
        self, api: httpx.AsyncClient, inside: Emulator, method: str, body: dict[str, Any]
    ) -> None:
        inside.control.configure(cannot_overwrite="operation")
        inside.control.seed_asset("projects/p/assets/a", "TABLE")
        submitted = (await api.post(f"/v1/projects/p/{method}", json=body)).json()
        operation = (await api.get(f"/v1/{submitted['name']}")).json()
        assert operation["error"]["message"] == "Cannot overwrite asset 'projects/p/assets/a'."

    @pytest.mark.parametrize("status", [400, 409])
    async def test_it_can_be_refused_at_once_with_any_status(
        self, api: httpx.AsyncClient, inside: Emulator, status: int
    ) -> None:
        inside.control.configure(cannot_overwrite="submission", cannot_overwrite_status=status)
        inside.control.seed_asset("projects/p/assets/a", "TABLE")
        refused = await api.post(EXPORT, json=to_asset("projects/p/assets/a"))
        assert refused.status_code == status

    async def test_creating_it_is_always_refused_at_once(self, api: httpx.AsyncClient, inside: Emulator) -> None:
        inside.control.configure(cannot_overwrite="operation")
        inside.control.seed_asset("projects/p/assets/a", "FOLDER")
        refused = await api.post(ASSETS, params={"assetId": "a"}, json={"type": "FOLDER"})
        assert refused.json()["error"]["message"] == "Cannot overwrite asset 'projects/p/assets/a'."
