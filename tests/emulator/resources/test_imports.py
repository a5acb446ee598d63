"""image.import: from files in a bucket to the bands of an asset."""

import io
from typing import Any

import httpx
import numpy as np
import pytest

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.files import CORNER, ramp
from tests.emulator.importing import NAME, ONE, TWO, Imports, band_ids, manifest, tileset

pytestmark = pytest.mark.anyio


@pytest.fixture
def imports(api: httpx.AsyncClient, inside: Emulator) -> Imports:
    return Imports(api, inside)


class TestOneFile:
    async def test_it_becomes_an_image_with_its_pixels_type_and_place(self, imports: Imports) -> None:
        values = ramp(bands=2)
        imports.put(ONE, values)

        asset = await imports.done(manifest(ONE))

        assert (asset["type"], band_ids(asset)) == ("IMAGE", ["b1", "b2"])
        assert asset["bands"][0]["dataType"] == {"precision": "INT", "range": {"min": 0, "max": 65535}}
        assert asset["bands"][0]["grid"]["crsCode"] == "EPSG:32632"
        assert asset["bands"][0]["grid"]["dimensions"] == {"width": 8, "height": 6}
        assert asset["bands"][0]["grid"]["affineTransform"]["translateX"] == CORNER[0]
        assert (await imports.pixels("b2") == values[1]).all()

    async def test_the_operation_says_what_it_is_and_where_its_result_is(self, imports: Imports) -> None:
        imports.emulator.control.configure(import_descriptions="default")
        imports.put(ONE, ramp())
        operation = await imports.finished(manifest(ONE), description="first-import")
        metadata = operation["metadata"]
        assert (metadata["type"], metadata["description"]) == ("INGEST_IMAGE", f'Ingest image: "{NAME}"')
        assert metadata["destinationUris"] == [f"https://code.earthengine.google.com/?asset={NAME}"]

    async def test_a_repetition_with_the_same_id_can_be_the_same_operation(self, imports: Imports) -> None:
        imports.emulator.control.configure(duplicate_request_id="same-operation")
        imports.put(ONE, ramp())
        first = await imports.finished(manifest(ONE), requestId="once")
        again = await imports.submit(manifest(ONE), requestId="once")
        assert again.json()["name"] == first["name"]

    async def test_the_asset_has_the_times_properties_and_policies_of_the_manifest(self, imports: Imports) -> None:
        imports.put(ONE, ramp(bands=2))
        asset = await imports.done(
            manifest(
                ONE,
                startTime="2026-01-01T02:00:00+02:00",
                endTime="2026-01-02T00:00:00.250Z",
                properties={"sensor": "S2", "clouds": 7},
                pyramidingPolicy="MODE",
                bands=[{"id": "a"}, {"id": "b", "pyramidingPolicy": "SAMPLE"}],
            )
        )
        assert (asset["startTime"], asset["endTime"]) == ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00.250Z")
        assert asset["properties"] == {"sensor": "S2", "clouds": 7}
        assert [band["pyramidingPolicy"] for band in asset["bands"]] == ["MODE", "SAMPLE"]

    async def test_a_prefix_completes_the_uris(self, imports: Imports) -> None:
        imports.put(ONE, ramp())
        asset = await imports.done(manifest("one.tif", uriPrefix="gs://b/"))
        assert band_ids(asset) == ["b1"]

    @pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
    async def test_the_manifest_places_a_file_that_has_no_place_of_its_own(self, imports: Imports) -> None:
        imports.put(ONE, ramp(), transform=None, crs=None)
        source = {
            "uris": [ONE],
            "affineTransform": {"scaleX": 0.5, "translateX": 10, "scaleY": -0.5, "translateY": 50},
            "dimensions": {"width": 8, "height": 6},
        }
        asset = await imports.done({"name": NAME, "tilesets": [{"crs": "EPSG:4326", "sources": [source]}]})
        grid = asset["bands"][0]["grid"]
        assert (grid["crsCode"], grid["affineTransform"]["translateX"]) == ("EPSG:4326", 10)
        assert (await imports.pixels("b1") == ramp()[0]).all()

    async def test_a_data_type_of_the_tileset_replaces_the_files(self, imports: Imports) -> None:
        imports.put(ONE, np.array([[[0, 255, 256, 300]]], np.uint16))
        asset = await imports.done({"name": NAME, "tilesets": [tileset(ONE, dataType="UINT8")]})
        assert asset["bands"][0]["dataType"]["range"]["max"] == 255
        assert (await imports.pixels("b1")).tolist() == [[0, 255, 255, 255]]


class TestBands:
    @pytest.mark.parametrize(
        ("bands", "expected"),
        [
            ([{"id": "x", "tilesetBandIndex": 2}, {"id": "y"}], {"x": 2, "y": 0}),
            ([{"id": "x"}, {"id": "y"}], {"x": 0, "y": 1}),
        ],
        ids=["by their index", "one after the other where none has an index"],
    )
    async def test_bands_are_chosen_from_the_file(
        self, imports: Imports, bands: list[dict[str, Any]], expected: dict[str, int]
    ) -> None:
        values = ramp(bands=3)
        imports.put(ONE, values)
        asset = await imports.done(manifest(ONE, bands=bands))
        assert band_ids(asset) == list(expected)
        for name, index in expected.items():
            assert (await imports.pixels(name) == values[index]).all()

    async def test_bands_come_from_several_tilesets(self, imports: Imports) -> None:
        red, near = ramp(bands=1), ramp(bands=2, dtype="float32", start=1000)
        imports.put(ONE, red)
        imports.put(TWO, near)
        asset = await imports.done(
            {
                "name": NAME,
                "tilesets": [tileset(ONE, id="r"), tileset(TWO, id="n")],
                "bands": [
                    {"id": "nir", "tilesetId": "n", "tilesetBandIndex": 1},
                    {"id": "red", "tilesetId": "r", "tilesetBandIndex": 0},
                ],
            }
        )
        assert band_ids(asset) == ["nir", "red"]
        assert [band["dataType"]["precision"] for band in asset["bands"]] == ["FLOAT", "INT"]
        assert (await imports.pixels("nir") == near[1]).all()
        assert (await imports.pixels("red") == red[0]).all()

    async def test_without_names_they_are_counted_over_all_tilesets(self, imports: Imports) -> None:
        imports.put(ONE, ramp(bands=2))
        imports.put(TWO, ramp(bands=1, start=500))
        asset = await imports.done({"name": NAME, "tilesets": [tileset(ONE, id="1"), tileset(TWO, id="2")]})
        assert band_ids(asset) == ["b1", "b2", "b3"]
        assert (await imports.pixels("b3") == ramp(start=500)[0]).all()


class TestMosaics:
    async def test_tiles_are_put_together_and_gaps_are_masked(self, imports: Imports) -> None:
        left, right = ramp(), ramp(start=100)
        imports.put(ONE, left)
        imports.put(TWO, right, column=10, row=-2)

        asset = await imports.done(manifest(ONE, TWO))

        assert asset["bands"][0]["grid"]["dimensions"] == {"width": 18, "height": 8}
        pixels = await imports.pixels("b1")
        assert (pixels[2:8, 0:8] == left[0]).all()
        assert (pixels[0:6, 10:18] == right[0]).all()
        assert pixels.sum() == left.sum() + right.sum()

    @pytest.mark.parametrize(
        ("change", "what"),
        [
            ({"crs": "EPSG:32633"}, "same projection"),
            ({"pixel": 20.0}, "same pixel size"),
            ({"nodata": 7}, "same no-data value"),
            ({"values": ramp(bands=2)}, "same bands"),
            ({"values": ramp(dtype="int16")}, "same bands"),
        ],
        ids=["projection", "pixel size", "no-data", "number of bands", "type"],
    )
    async def test_tiles_of_another_structure_fail(self, imports: Imports, change: dict[str, Any], what: str) -> None:
        imports.put(ONE, ramp())
        imports.put(TWO, **{"values": ramp(), **change})
        message = await imports.failure(manifest(ONE, TWO))
        assert what in message
        assert ONE in message
        assert TWO in message

    async def test_a_mosaic_that_is_all_gap_fails(self, imports: Imports) -> None:
        imports.put(ONE, ramp())
        imports.put(TWO, ramp(), column=5000, row=5000)
        assert "More than 99%" in await imports.failure(manifest(ONE, TWO))

    @pytest.mark.parametrize("change", [{"column": 0.5}, {"crs": "EPSG:32633"}], ids=["between pixels", "projection"])
    async def test_tilesets_on_different_grids_are_not_computed_and_say_so(
        self, imports: Imports, change: dict[str, Any]
    ) -> None:
        imports.put(ONE, ramp())
        imports.put(TWO, ramp(), **change)
        refused = await imports.submit({"name": NAME, "tilesets": [tileset(ONE, id="1"), tileset(TWO, id="2")]})
        assert refused.status_code == 400
        assert "'1', '2'" in refused.json()["error"]["message"]


class TestMasks:
    ROW = np.array([[[0, 1, 2, 3]]], np.uint8)

    async def masked(self, imports: Imports, band: str = "b1") -> list[bool]:
        """Return which pixels of a row have no value."""
        load = {"functionName": "Image.load", "arguments": {"id": {"constantValue": NAME}}}
        mask = {"functionName": "Image.mask", "arguments": {"image": {"functionInvocationValue": load}}}
        body = {
            "expression": {"result": "0", "values": {"0": {"functionInvocationValue": mask}}},
            "fileFormat": "NPY",
            "bandIds": [band],
        }
        answer = await imports.api.post("/v1/projects/p/image:computePixels", json=body)
        assert answer.status_code == 200, answer.text
        return [bool(value == 0) for value in np.load(io.BytesIO(answer.content))[band][0]]

    @pytest.mark.parametrize(
        ("no_data", "fields", "expected"),
        [
            (None, {}, "...."),
            (0, {}, "x..."),
            (0, {"missingData": {"values": [1, 3]}}, ".x.x"),
            (0, {"missingData": {"values": []}}, "...."),
            (0, {"missingData": {"values": [1]}, "bands": [{"id": "b1", "missingData": {"values": [2]}}]}, "..x."),
        ],
        ids=["none", "the file's own", "of the image", "an empty list ignores the file's", "of the band"],
    )
    async def test_missing_values_are_masked(
        self, imports: Imports, no_data: float | None, fields: dict[str, Any], expected: str
    ) -> None:
        imports.put(ONE, self.ROW, nodata=no_data)
        await imports.done(manifest(ONE, **fields))
        assert await self.masked(imports) == [sign == "x" for sign in expected]

    async def test_not_a_number_can_be_missing(self, imports: Imports) -> None:
        imports.put(ONE, np.array([[[np.nan, 1, 2, 3]]], np.float32), nodata=np.nan)
        await imports.done(manifest(ONE))
        assert await self.masked(imports) == [True, False, False, False]

    async def test_the_last_band_of_a_file_masks_the_others_and_is_none_itself(self, imports: Imports) -> None:
        imports.put(ONE, np.concatenate([self.ROW, self.ROW, np.array([[[1, 0, 255, 0]]], np.uint8)]), nodata=2)
        asset = await imports.done(manifest(ONE, maskBands=[{}]))
        assert band_ids(asset) == ["b1", "b2"]
        assert await self.masked(imports, "b2") == [False, True, True, True]

    async def test_a_mask_of_another_file_is_for_the_bands_that_it_names(self, imports: Imports) -> None:
        imports.put(ONE, np.concatenate([self.ROW, self.ROW]))
        imports.put(TWO, np.array([[[1, 0, 1, 0]]], np.uint16))
        await imports.done(
            {
                "name": NAME,
                "tilesets": [tileset(ONE), tileset(TWO, id="mask")],
                "bands": [{"id": "a"}, {"id": "b"}],
                "maskBands": [{"tilesetId": "mask", "bandIds": ["b"]}],
            }
        )
        assert await self.masked(imports, "a") == [False] * 4
        assert await self.masked(imports, "b") == [False, True, False, True]

    async def test_the_mask_inside_of_a_file_counts(self, imports: Imports) -> None:
        imports.put(ONE, self.ROW, mask=np.array([[True, False, True, True]]))
        await imports.done(manifest(ONE))
        assert await self.masked(imports) == [False, True, False, False]

    async def test_a_mask_band_replaces_the_mask_inside_of_a_file(self, imports: Imports) -> None:
        imports.put(ONE, self.ROW, mask=np.array([[True, False, True, True]]))
        imports.put(TWO, np.array([[[1, 1, 1, 0]]], np.uint8))
        await imports.done(
            {
                "name": NAME,
                "tilesets": [tileset(ONE), tileset(TWO, id="mask")],
                "bands": [{"id": "b1"}],
                "maskBands": [{"tilesetId": "mask"}],
            }
        )
        assert await self.masked(imports) == [False, False, False, True]

    async def test_a_mask_in_its_own_file_has_to_be_of_bytes(self, imports: Imports) -> None:
        imports.put(ONE, ramp(bands=2))
        assert "UINT8" in await imports.failure(manifest(ONE, maskBands=[{}]))
