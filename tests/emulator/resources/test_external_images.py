"""image.importExternal: images whose pixels stay in their bucket; and copies of images."""

import io
from typing import Any

import httpx
import numpy as np
import pytest

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.files import ramp
from tests.emulator.importing import NAME, ONE, TILED, TWO, Imports, band_ids, manifest, tileset

pytestmark = pytest.mark.anyio


@pytest.fixture
def imports(api: httpx.AsyncClient, inside: Emulator) -> Imports:
    return Imports(api, inside)


class TestExternal:
    async def test_it_is_there_at_once_and_is_read_from_the_bucket(self, imports: Imports) -> None:
        values = ramp(bands=2)
        imports.put(ONE, values, **TILED)

        answer = await imports.external(manifest(ONE, properties={"a": 1}))

        assert (answer.status_code, answer.json()) == (200, {})
        asset = await imports.asset()
        assert (asset["type"], asset["properties"]) == ("IMAGE", {"a": 1})
        assert asset["cloudStorageLocation"]["uris"][0].startswith(f"{ONE}#")
        assert (await imports.pixels("b2") == values[1]).all()
        assert imports.emulator.control.operations() == []

    async def test_its_bands_have_the_names_in_the_file(self, imports: Imports) -> None:
        imports.put(ONE, ramp(bands=2), names=("red", "nir"), **TILED)
        await imports.external(manifest(ONE))
        assert band_ids(await imports.asset()) == ["red", "nir"]

    async def test_it_may_have_a_file_for_each_band(self, imports: Imports) -> None:
        imports.put(ONE, ramp(), **TILED)
        imports.put(TWO, ramp(start=100), **TILED)
        await imports.external({"name": NAME, "tilesets": [tileset(ONE, id="1"), tileset(TWO, id="2")]})
        assert (await imports.pixels("b2") == ramp(start=100)[0]).all()
        assert len((await imports.asset())["cloudStorageLocation"]["uris"]) == 2

    @pytest.mark.parametrize(
        ("profile", "what"),
        [({"tiled": False}, "not tiled"), ({**TILED, "blockxsize": 128, "blockysize": 128}, "128x128")],
        ids=["strips", "small tiles"],
    )
    async def test_a_file_that_is_no_cog_is_refused(self, imports: Imports, profile: dict[str, Any], what: str) -> None:
        imports.put(ONE, ramp(), **profile)
        refused = await imports.external(manifest(ONE))
        assert (refused.status_code, refused.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")
        assert what in refused.json()["error"]["message"]

    async def test_a_missing_object_is_refused_at_once(self, imports: Imports) -> None:
        refused = await imports.external(manifest(ONE))
        assert (refused.status_code, ONE in refused.json()["error"]["message"]) == (400, True)

    async def test_a_tileset_has_one_file(self, imports: Imports) -> None:
        imports.put(ONE, ramp(), **TILED)
        imports.put(TWO, ramp(), column=8, **TILED)
        refused = await imports.external(manifest(ONE, TWO))
        assert refused.status_code == 400
        assert "exactly one source" in refused.json()["error"]["message"]

    async def test_an_object_that_was_replaced_cannot_be_read_until_it_is_imported_again(
        self, imports: Imports
    ) -> None:
        imports.put(ONE, ramp(), **TILED)
        await imports.external(manifest(ONE))
        imports.put(ONE, ramp(start=100), **TILED)

        refused = await imports.api.post(f"/v1/{NAME}:getPixels", json={"fileFormat": "NPY"})
        again = await imports.external(manifest(ONE), overwrite=True)

        assert refused.status_code == 400
        assert f"Failed to load the GeoTIFF at `{ONE}#" in refused.json()["error"]["message"]
        assert again.status_code == 200
        assert (await imports.pixels("b1") == ramp(start=100)[0]).all()

    async def test_the_latest_version_is_read_where_that_was_asked_for(self, imports: Imports) -> None:
        imports.put(ONE, ramp(), **TILED)
        await imports.external(manifest(ONE), useLatestObjectVersion=True)
        imports.put(ONE, ramp(start=100), **TILED)
        assert (await imports.pixels("b1") == ramp(start=100)[0]).all()
        assert (await imports.asset())["cloudStorageLocation"] == {"uris": [ONE]}

    async def test_deleting_the_asset_keeps_the_object(self, imports: Imports) -> None:
        imports.put(ONE, ramp(), **TILED)
        await imports.external(manifest(ONE))
        await imports.api.delete(f"/v1/{NAME}")
        assert (imports.emulator.root / "gs" / "b" / "one.tif").is_file()

    async def test_a_place_that_is_taken_needs_overwrite(self, imports: Imports) -> None:
        imports.put(ONE, ramp(), **TILED)
        await imports.external(manifest(ONE))
        refused = await imports.external(manifest(ONE))
        assert refused.json()["error"]["message"] == f"Cannot overwrite asset '{NAME}'."


class TestCopies:
    COPY = "projects/p/assets/copy"

    async def copy(self, imports: Imports, source: str = NAME, **fields: Any) -> httpx.Response:
        return await imports.api.post(f"/v1/{source}:copy", json={"destinationName": self.COPY, **fields})

    @pytest.mark.parametrize("external", [False, True], ids=["stored", "external"])
    async def test_a_copy_may_have_some_of_the_bands(self, imports: Imports, external: bool) -> None:
        values = ramp(bands=3)
        imports.put(ONE, values, **TILED)
        description = manifest(ONE, pyramidingPolicy="MODE", properties={"a": 1})
        await (imports.external(description) if external else imports.finished(description))

        copied = await self.copy(imports, bandIds=["b3", "b1"])
        await imports.api.delete(f"/v1/{NAME}")

        assert copied.status_code == 200, copied.text
        asset = await imports.asset(self.COPY)
        assert band_ids(asset) == ["b3", "b1"]
        assert (asset["bands"][0]["pyramidingPolicy"], asset["properties"]) == ("MODE", {"a": 1})
        assert (await imports.pixels("b3", self.COPY) == values[2]).all()

    async def test_a_band_that_is_not_there_is_refused(self, imports: Imports) -> None:
        imports.put(ONE, ramp())
        await imports.done(manifest(ONE))
        refused = await self.copy(imports, bandIds=["b9"])
        assert refused.status_code == 400
        assert "b9" in refused.json()["error"]["message"]

    async def test_an_image_of_the_catalogue_is_copied(self, imports: Imports) -> None:
        copied = await self.copy(imports, "projects/earthengine-public/assets/EMULATOR/S2", bandIds=["B4"])
        assert copied.status_code == 200, copied.text
        grid = copied.json()["bands"][0]["grid"] | {"dimensions": {"width": 4, "height": 3}}
        body = {"fileFormat": "NPY", "grid": grid}
        pixels = await imports.api.post(f"/v1/{self.COPY}:getPixels", json=body)
        assert np.load(io.BytesIO(pixels.content)).dtype.names == ("B4",)
