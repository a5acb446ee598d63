"""image.import: what is refused at submission, and what fails the operation."""

from typing import Any

import httpx
import pytest
import rasterio.shutil

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.files import ramp
from tests.emulator.importing import NAME, ONE, TWO, Imports, manifest, tileset

pytestmark = pytest.mark.anyio


@pytest.fixture
def imports(api: httpx.AsyncClient, inside: Emulator) -> Imports:
    return Imports(api, inside)


class TestFailures:
    async def test_an_object_that_is_missing_fails_the_operation(self, imports: Imports) -> None:
        assert await imports.failure(manifest(ONE)) == f"Unable to read '{ONE}': the object does not exist."

    async def test_an_object_that_appears_before_the_operation_runs_is_read(self, imports: Imports) -> None:
        imports.emulator.control.configure(time="looks=2")
        name = (await imports.submit(manifest(ONE))).json()["name"]
        imports.put(ONE, ramp())
        for _ in range(2):
            operation = (await imports.api.get(f"/v1/{name}")).json()
        assert operation["metadata"]["state"] == "SUCCEEDED", operation

    async def test_a_file_that_is_no_raster_fails_the_operation(self, imports: Imports) -> None:
        path = imports.emulator.root / "gs" / "b" / "one.tif"
        path.parent.mkdir(parents=True)
        path.write_text("no raster", encoding="utf-8")
        assert await imports.failure(manifest(ONE)) == f"Unable to read '{ONE}': it is not a TIFF image."

    async def test_a_raster_that_leads_out_of_the_bucket_fails_the_operation(self, imports: Imports) -> None:
        imports.put(TWO, ramp())
        folder = imports.emulator.root / "gs" / "b"
        rasterio.shutil.copy(folder / "two.tif", folder / "one.tif", driver="VRT")
        assert await imports.failure(manifest(ONE)) == f"Unable to read '{ONE}': it is not a TIFF image."

    async def test_a_file_without_a_coordinate_system_fails_the_operation(self, imports: Imports) -> None:
        imports.put(ONE, ramp(), crs=None)
        assert "no coordinate reference system" in await imports.failure(manifest(ONE))

    @pytest.mark.parametrize(
        ("changes", "what"),
        [
            ({"tilesets": [tileset(ONE, crs="EPSG:999999")]}, "could not be parsed"),
            ({"bands": [{"id": "x", "tilesetBandIndex": 1}]}, "1 bands only"),
            ({"tilesets": [{"sources": [{"uris": [ONE], "dimensions": {"width": 9, "height": 6}}]}]}, "8x6 pixels"),
        ],
        ids=["crs", "band index", "dimensions"],
    )
    async def test_what_does_not_fit_the_file_fails_the_operation(
        self, imports: Imports, changes: dict[str, Any], what: str
    ) -> None:
        imports.put(ONE, ramp())
        assert what in await imports.failure(manifest(ONE) | changes)

    async def test_pixels_of_a_type_that_earth_engine_does_not_store_fail(self, imports: Imports) -> None:
        imports.put(ONE, ramp(dtype="complex64"))
        assert "complex64" in await imports.failure(manifest(ONE))


class TestSubmission:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"tilesets": [{"id": "t"}]}, "tilesets[0].sources"),
            ({"tilesets": [{"sources": [{}]}]}, "tilesets[0].sources[0].uris"),
            ({"tilesets": [tileset("gs://b/../../etc/passwd")]}, "tilesets[0].sources[0].uris[0]"),
            ({"tilesets": [tileset("gs://../b/one.tif")]}, "tilesets[0].sources[0].uris[0]"),
            ({"tilesets": [tileset("one.tif")]}, "tilesets[0].sources[0].uris[0]"),
            ({"tilesets": [tileset(ONE), tileset(TWO)]}, "tilesets"),
            ({"bands": [{"tilesetBandIndex": 0}]}, "bands[0].id"),
            ({"bands": [{"id": "x"}, {"id": "x"}]}, "bands"),
            ({"bands": [{"id": "x", "tilesetId": "other"}]}, "bands[0].tilesetId"),
            ({"maskBands": [{}, {}]}, "maskBands"),
            ({"maskBands": [{"tilesetId": "other"}]}, "maskBands[0].tilesetId"),
            ({"bands": [{"id": "x"}], "maskBands": [{"bandIds": ["y"]}]}, "maskBands[0].bandIds[0]"),
            ({"properties": {"list": [1]}}, "properties.list"),
            ({"properties": {"flag": True}}, "properties.flag"),
            ({"startTime": "2026-13-01T00:00:00Z"}, "startTime"),
            ({"startTime": "2026-01-02T00:00:00Z", "endTime": "2026-01-01T00:00:00Z"}, "endTime"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    async def test_a_manifest_that_contradicts_itself_is_refused_and_starts_nothing(
        self, imports: Imports, changes: dict[str, Any], field: str
    ) -> None:
        refused = await imports.submit(manifest(ONE) | changes)
        assert refused.status_code == 400
        assert f"'imageManifest.{field}'" in refused.json()["error"]["message"]
        assert imports.emulator.control.operations() == []

    @pytest.mark.parametrize(
        ("changes", "fields"),
        [
            ({}, {"mode": "VIRTUAL"}),
            ({"footprint": {"points": [{"x": 0.5, "y": 0.5}]}}, {}),
            ({"skipMetadataRead": True}, {}),
            ({"tilesets": [tileset(ONE, subdatasetPrefix="HDF5:")]}, {}),
            ({"tilesets": [{"sources": [{"uris": [ONE, "gs://b/one.tfw"]}]}]}, {}),
        ],
        ids=["virtual", "footprint", "skipMetadataRead", "subdatasets", "sidecars"],
    )
    async def test_what_is_not_computed_is_refused_and_starts_nothing(
        self, imports: Imports, changes: dict[str, Any], fields: dict[str, Any]
    ) -> None:
        imports.put(ONE, ramp())
        refused = await imports.submit(manifest(ONE) | changes, **fields)
        assert (refused.status_code, refused.json()["error"]["status"]) == (400, "UNIMPLEMENTED")
        assert imports.emulator.control.operations() == []

    async def test_a_place_that_is_taken_needs_overwrite(self, imports: Imports) -> None:
        imports.put(ONE, ramp())
        imports.put(TWO, ramp(start=100))
        await imports.done(manifest(ONE))

        refused = await imports.submit(manifest(TWO))
        await imports.done(manifest(TWO), overwrite=True)

        assert (refused.status_code, refused.json()["error"]["message"]) == (400, f"Cannot overwrite asset '{NAME}'.")
        assert (await imports.pixels("b1") == ramp(start=100)[0]).all()

    async def test_a_parent_has_to_be_there(self, imports: Imports) -> None:
        imports.put(ONE, ramp())
        refused = await imports.submit(manifest(ONE) | {"name": "projects/p/assets/no/image"})
        assert refused.status_code == 404
