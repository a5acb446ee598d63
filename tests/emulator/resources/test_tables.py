"""table.export from the request to the file, the asset and back."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.compute.nodes import call, expression, image
from tests.emulator.tables import (
    ASSET,
    BUCKET,
    ISAR,
    LAKE,
    SQUARE,
    P,
    export_of,
    failure,
    features,
    rows,
    succeeded,
    to,
    to_asset,
)

pytestmark = pytest.mark.anyio


class TestFiles:
    def folder(self, inside: Emulator) -> Path:
        return inside.root / "gs" / "my-bucket" / "tables"

    async def test_a_csv_has_the_index_the_properties_by_name_and_the_geometry(
        self, api: httpx.AsyncClient, inside: Emulator
    ) -> None:
        operation = await succeeded(api, export_of(features(ISAR, LAKE), description="rivers"))

        isar, lake = rows(self.folder(inside) / "rivers.csv")
        assert list(isar) == ["system:index", "length", "name", ".geo"]
        assert (isar["system:index"], isar["length"], isar["name"]) == ("0", "295", "Isar")
        assert json.loads(isar[".geo"]) == {"type": "Point", "coordinates": [11.5, 48.1]}
        assert (lake["name"], json.loads(lake[".geo"])) == ("Lake, large", {"type": "Polygon", "coordinates": SQUARE})
        metadata = operation["metadata"]
        assert (metadata["type"], metadata["description"]) == ("EXPORT_FEATURES", "rivers")
        assert metadata["destinationUris"] == ["https://console.developers.google.com/storage/browser/my-bucket"]

    async def test_selectors_are_the_columns_in_their_order(self, api: httpx.AsyncClient, inside: Emulator) -> None:
        await succeeded(api, export_of(features(ISAR), selectors=["name", "nothing", "system:index"]))
        text = (self.folder(inside) / "rivers.csv").read_text()
        assert text == "name,nothing,system:index\nIsar,,0\n"

    async def test_columns_are_those_of_the_first_feature(self, api: httpx.AsyncClient, inside: Emulator) -> None:
        await succeeded(api, export_of(features({"metadata": {"a": 1}}, {"metadata": {"b": 2}})))
        first, second = rows(self.folder(inside) / "rivers.csv")
        assert (first["a"], second["a"], "b" in first) == ("1", "", False)
        assert json.loads(first[".geo"]) == {"type": "MultiPoint", "coordinates": []}

    async def test_geojson_is_a_feature_collection(self, api: httpx.AsyncClient, inside: Emulator) -> None:
        await succeeded(api, export_of(features(ISAR), "GEO_JSON", selectors=["name"]))
        written = json.loads((self.folder(inside) / "rivers.geojson").read_text())
        point = {"type": "Point", "coordinates": [11.5, 48.1]}
        expected = {"type": "Feature", "id": "0", "geometry": point, "properties": {"name": "Isar"}}
        assert written == {"type": "FeatureCollection", "features": [expected]}

    async def test_geometries_of_another_projection_are_written_in_longitude_and_latitude(
        self, api: httpx.AsyncClient, inside: Emulator
    ) -> None:
        place = call(
            "GeometryConstructors.Point", coordinates=[500000, 5_000_000], crs=call("Projection", crs="EPSG:32632")
        )
        await succeeded(api, export_of(features({"geometry": place}), "GEO_JSON"))
        written = json.loads((self.folder(inside) / "rivers.geojson").read_text())
        assert written["features"][0]["geometry"]["coordinates"] == pytest.approx([9, 45.15], abs=0.01)

    async def test_kml_has_places_with_their_data(self, api: httpx.AsyncClient, inside: Emulator) -> None:
        await succeeded(api, export_of(features(ISAR, LAKE), "KML"))
        root = ET.parse(self.folder(inside) / "rivers.kml").getroot()  # noqa: S314 - our own file
        space = {"k": "http://www.opengis.net/kml/2.2"}
        assert [place.get("id") for place in root.findall("k:Document/k:Placemark", space)] == ["0", "1"]
        assert [value.text for value in root.findall(".//k:Data[@name='name']/k:value", space)] == [
            "Isar",
            "Lake, large",
        ]
        assert root.find(".//k:Point/k:coordinates", space).text == "11.5,48.1"  # type: ignore[union-attr]  # it is there
        ring = root.find(".//k:Polygon/k:outerBoundaryIs/k:LinearRing/k:coordinates", space)
        assert ring.text.split()[1] == "11.0,50.0"  # type: ignore[union-attr]  # it is there

    async def test_an_export_to_drive_is_a_file_in_its_folder(self, api: httpx.AsyncClient, inside: Emulator) -> None:
        drive = {"fileFormat": "CSV", "driveDestination": {"folder": "my folder", "filenamePrefix": "rivers"}}
        await succeeded(api, export_of(features(ISAR), fileExportOptions=drive))
        assert (inside.root / "drive" / "my folder" / "rivers.csv").is_file()

    async def test_a_prefix_that_names_no_file_is_completed(self, api: httpx.AsyncClient, inside: Emulator) -> None:
        options = {"fileFormat": "CSV", "cloudStorageDestination": BUCKET | {"filenamePrefix": "tables/"}}
        await succeeded(api, export_of(features(ISAR), fileExportOptions=options))
        assert (self.folder(inside) / "ee_export.csv").is_file()

    @pytest.mark.parametrize("file_format", ["SHP", "TF_RECORD_TABLE", "KMZ"])
    async def test_a_format_that_is_not_written_is_refused_at_submission(
        self, api: httpx.AsyncClient, inside: Emulator, file_format: str
    ) -> None:
        refused = await api.post(f"{P}/table:export", json=export_of(features(ISAR), file_format))
        assert (refused.status_code, refused.json()["error"]["status"]) == (400, "UNIMPLEMENTED")
        assert file_format in refused.json()["error"]["message"]
        assert inside.control.operations() == []


class TestExpressions:
    async def test_an_image_is_no_table(self, api: httpx.AsyncClient) -> None:
        refused = await api.post(f"{P}/table:export", json=export_of(expression(image(1))))
        assert (refused.status_code, refused.json()["error"]["message"]) == (
            400,
            "The expression does not give a FeatureCollection.",
        )

    async def test_what_is_wrong_in_the_expression_can_fail_the_operation(
        self, api: httpx.AsyncClient, inside: Emulator
    ) -> None:
        inside.control.configure(expression_errors="operation")
        missing = expression(call("Collection.loadTable", tableId="projects/p/assets/missing"))
        message = await failure(api, export_of(missing))
        assert message.startswith("Collection.loadTable: Collection asset 'projects/p/assets/missing' not found")

    async def test_what_is_not_computed_is_refused_at_submission(self, api: httpx.AsyncClient) -> None:
        union = expression(call("Collection.union", collection=call("Collection", features=[call("Feature")])))
        refused = await api.post(f"{P}/table:export", json=export_of(union))
        assert refused.status_code == 400
        assert "Collection.union" in refused.json()["error"]["message"]

    async def test_geometries_that_would_have_to_be_cut_are_refused(self, api: httpx.AsyncClient) -> None:
        refused = await api.post(f"{P}/table:export", json=export_of(features(LAKE), maxVertices={"value": 4}))
        assert refused.status_code == 400
        assert "maxVertices (4)" in refused.json()["error"]["message"]
        await succeeded(api, export_of(features(LAKE), maxVertices={"value": 5}))


class TestAssets:
    async def test_a_table_is_described_and_loaded_again(self, api: httpx.AsyncClient, inside: Emulator) -> None:
        table = call("Collection", features=[call("Feature", **ISAR), call("Feature", **LAKE)])
        titled = expression(call("Element.set", object=table, key="title", value="Rivers"))
        operation = await succeeded(api, to_asset(titled))
        assert operation["metadata"]["destinationUris"] == [f"https://code.earthengine.google.com/?asset={ASSET}"]

        asset = (await api.get(f"/v1/{ASSET}")).json()
        assert (asset["type"], asset["featureCount"], asset["properties"]) == ("TABLE", "2", {"title": "Rivers"})
        assert int(asset["sizeBytes"]) > 0

        longest = call(
            "Collection.filter",
            collection=call("Collection.loadTable", tableId=ASSET),
            filter=call("Filter.greaterThan", leftField="length", rightValue=10),
        )
        await succeeded(api, export_of(expression(longest)))
        (row,) = rows(inside.root / "gs" / "my-bucket" / "tables" / "rivers.csv")
        assert (row["name"], row["length"]) == ("Isar", "295")

    async def test_a_table_that_is_there_is_replaced_only_if_asked(self, api: httpx.AsyncClient) -> None:
        await succeeded(api, to_asset(features(ISAR)))

        assert await failure(api, to_asset(features(ISAR))) == f"Cannot overwrite asset '{ASSET}'."

        await succeeded(api, to_asset(features(ISAR, LAKE), overwrite=True))
        assert (await api.get(f"/v1/{ASSET}")).json()["featureCount"] == "2"

    async def test_a_feature_without_a_geometry_fails_in_earth_engines_words(self, api: httpx.AsyncClient) -> None:
        assert await failure(api, to_asset(features({"metadata": {"a": 1}}))) == (
            "Unable to export features with null geometry."
        )

    async def test_a_table_is_copied_moved_and_deleted(self, api: httpx.AsyncClient, inside: Emulator) -> None:
        await succeeded(api, to_asset(features(ISAR)))
        await api.post(f"/v1/{ASSET}:copy", json={"destinationName": f"{ASSET}_2"})
        await api.delete(f"/v1/{ASSET}")
        await api.post(f"/v1/{ASSET}_2:move", json={"destinationName": f"{ASSET}_3"})

        listed = await api.get(f"/v1/{ASSET}_3:listFeatures")

        assert [feature["properties"]["name"] for feature in listed.json()["features"]] == ["Isar"]
        assert len(list((inside.root / "assets").rglob("*.ndjson"))) == 1

    async def test_a_table_is_no_image_and_no_image_collection(self, api: httpx.AsyncClient) -> None:
        await succeeded(api, to_asset(features(ISAR)))
        for function, words in (
            ("Image.load", "is not an Image"),
            ("ImageCollection.load", "is not an ImageCollection"),
        ):
            answer = await api.post(f"{P}/value:compute", json={"expression": expression(call(function, id=ASSET))})
            assert answer.status_code == 400
            assert words in answer.json()["error"]["message"]

    async def test_a_feature_view_lists_its_features_and_is_not_loaded(self, api: httpx.AsyncClient) -> None:
        thinning = {"thinningOptions": {"maxFeaturesPerTile": 100}}
        body = to("featureViewExportOptions", "featureViewDestination", features(ISAR), name=ASSET)
        body["featureViewExportOptions"]["ingestionTimeParameters"] = thinning
        await succeeded(api, body)

        asset = (await api.get(f"/v1/{ASSET}")).json()
        listed = (await api.get(f"/v1/{ASSET}:listFeatures")).json()
        loaded = expression(call("Collection.loadTable", tableId=ASSET))

        assert asset["type"] == "FEATURE_VIEW"
        assert asset["featureViewAssetLocation"]["assetOptions"]["ingestionTimeParameters"] == thinning
        assert len(listed["features"]) == 1
        assert (await api.post(f"{P}/value:compute", json={"expression": loaded})).status_code == 400
