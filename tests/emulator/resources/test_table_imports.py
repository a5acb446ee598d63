"""table.import from a CSV object to an asset."""

from typing import Any

import httpx
import pytest

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.tables import ASSET, P, failure, features, finished, succeeded, to_asset

pytestmark = pytest.mark.anyio

URI = "gs://my-bucket/in/rivers.csv"
CSV = 'name,length,longitude,latitude\nIsar,295,11.5,48.1\n"Inn, lower",,13.4,48.5\n'


def put(inside: Emulator, text: str | bytes, uri: str = URI) -> None:
    path = inside.root / "gs" / uri.removeprefix("gs://")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def imported(source: dict[str, Any] | None = None, uri: str = URI, **manifest: Any) -> dict[str, Any]:
    """Return the body of a table.import."""
    return {"tableManifest": {"name": ASSET, "sources": [{"uris": [uri]} | (source or {})]} | manifest}


async def listed(api: httpx.AsyncClient, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Import a table and return its features."""
    await succeeded(api, body, "table:import")
    answer = await api.get(f"/v1/{ASSET}:listFeatures")
    found: list[dict[str, Any]] = answer.json()["features"]
    return found


async def test_columns_of_longitude_and_latitude_are_points(api: httpx.AsyncClient, inside: Emulator) -> None:
    put(inside, CSV)
    isar, inn = await listed(api, imported())
    assert isar["geometry"] == {"type": "Point", "coordinates": [11.5, 48.1]}
    assert isar["properties"] == {"name": "Isar", "length": 295, "longitude": 11.5, "latitude": 48.1}
    assert inn["properties"]["name"] == "Inn, lower"
    assert "length" not in inn["properties"]
    assert [isar["id"], inn["id"]] == ["0" * 20, "0" * 19 + "1"]


async def test_the_asset_has_the_manifests_times_and_properties(api: httpx.AsyncClient, inside: Emulator) -> None:
    put(inside, CSV)
    times: dict[str, Any] = {"startTime": "2024-01-01T00:00:00Z", "endTime": "2024-02-01T00:00:00Z"}
    operation = await succeeded(api, imported(**times, properties={"source": "us"}), "table:import")
    asset = (await api.get(f"/v1/{ASSET}")).json()
    assert operation["metadata"]["type"] == "INGEST_TABLE"
    assert asset.items() >= {"type": "TABLE", "featureCount": "2", "properties": {"source": "us"}, **times}.items()


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("POINT (1 2)", {"type": "Point", "coordinates": [1, 2]}),
        ("point(1e0 -2.5)", {"type": "Point", "coordinates": [1, -2.5]}),
        ("LINESTRING (0 1, 2 3)", {"type": "LineString", "coordinates": [[0, 1], [2, 3]]}),
        ("POLYGON((0 0,2 0,2 2,0 0))", {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 0]]]}),
        ("MULTIPOINT ((1 2), (3 4))", {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}),
        ("MULTIPOINT (1 2, 3 4)", {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}),
        ("MULTIPOLYGON (((0 0, 2 0, 2 2, 0 0)))", {"type": "MultiPolygon", "coordinates": [[[[0, 0], [2, 0], [2, 2], [0, 0]]]]}),
        ('{"type":"Point","coordinates":[1,2]}', {"type": "Point", "coordinates": [1, 2]}),
    ],
)  # fmt: skip
async def test_a_column_of_wkt_or_geojson_is_the_geometry(
    api: httpx.AsyncClient, inside: Emulator, text: str, shape: dict[str, Any]
) -> None:
    quoted = text.replace('"', '""')
    put(inside, f'a,place\n1,"{quoted}"\n2,\n')
    first, second = await listed(api, imported())
    assert (first["geometry"], first["properties"]) == (shape, {"a": 1})
    assert second["geometry"] is None


@pytest.mark.parametrize("how", ["region", "filter"])
async def test_a_feature_without_a_geometry_touches_no_region(
    api: httpx.AsyncClient, inside: Emulator, how: str
) -> None:
    put(inside, 'a,place\n1,"POINT (1 2)"\n2,\n')
    await listed(api, imported())
    region = "{'type': 'Point', 'coordinates': [1, 2]}"
    query = {"region": region.replace("'", '"'), "filter": f'intersects("{region}")'}
    found = await api.get(f"/v1/{ASSET}:listFeatures", params={how: query[how]})
    assert [feature["properties"]["a"] for feature in found.json()["features"]] == [1]


async def test_the_words_of_the_source_say_how_to_read_it(api: httpx.AsyncClient, inside: Emulator) -> None:
    put(inside, "x;y;'wo'\n500000;5000000;'a;b'\n".encode("utf-16"))
    source = {"charset": "UTF-16", "csvDelimiter": ";", "csvQualifier": "'", "xColumn": "x", "yColumn": "y", "crs": "EPSG:32632"}  # fmt: skip
    (feature,) = await listed(api, imported(source))
    assert feature["geometry"]["coordinates"] == pytest.approx([9, 45.15], abs=0.01)
    assert feature["properties"]["wo"] == "a;b"


async def test_columns_have_the_types_that_the_manifest_gives_them(api: httpx.AsyncClient, inside: Emulator) -> None:
    put(inside, "code,whole,number\n007,5,5\n")
    types = {"code": "STRING", "whole": "LONG", "number": "NUMERIC"}
    overrides = {name: f"COLUMN_DATA_TYPE_{kind}" for name, kind in types.items()}
    (feature,) = await listed(api, imported(columnDataTypeOverrides=overrides))
    assert feature["properties"] == {"code": "007", "whole": 5, "number": 5.0}


async def test_sources_are_joined_and_a_prefix_completes_their_uris(api: httpx.AsyncClient, inside: Emulator) -> None:
    put(inside, "a\n1\n")
    put(inside, "a\n2\n", "gs://my-bucket/in/more.csv")
    sources = [{"uris": ["in/rivers.csv"]}, {"uris": ["in/more.csv"]}]
    found = await listed(api, imported(uriPrefix="gs://my-bucket/", sources=sources))
    assert [feature["properties"]["a"] for feature in found] == [1, 2]


async def test_what_was_exported_can_be_imported(api: httpx.AsyncClient, inside: Emulator) -> None:
    lake = {"geometry": {"constantValue": {"type": "Point", "coordinates": [1, 2]}}, "metadata": {"name": "Isar"}}
    options = {"fileFormat": "CSV", "cloudStorageDestination": {"bucket": "my-bucket", "filenamePrefix": "in/rivers"}}
    await succeeded(api, {"expression": features(lake), "fileExportOptions": options})
    (feature,) = await listed(api, imported())
    assert feature["geometry"] == {"type": "Point", "coordinates": [1, 2]}
    assert feature["properties"] == {"name": "Isar"}


@pytest.mark.parametrize(
    ("text", "source", "words"),
    [
        (None, {}, "the object does not exist"),
        ("a,b\n1\n", {}, "1 values in record 2, but 2 columns"),
        (b"\xff\xfe\xff", {}, "cannot be read as CSV"),
        ('a\n"x', {}, "cannot be read as CSV"),
        ("a\n1\n", {"charset": "klingon"}, "cannot be read as CSV"),
        ("a\n1\n", {"primaryGeometryColumn": "place"}, "has no column 'place'; it has a."),
        ("a\n1\n", {"xColumn": "lon"}, "has no column 'lon'"),
        ("a\nhere\n", {"primaryGeometryColumn": "a"}, "'here' is neither GeoJSON nor WKT"),
        ("longitude,latitude\nx,1\n", {}, "are no coordinates"),
        ("a,longitude,latitude\nb,1,2\n", {"crs": "EPSG:0"}, "could not be parsed"),
        ('a,p\n1,"POLYGON((0 0, 1 1))"\n', {}, "at least three"),
    ],
    ids=["missing", "short", "bytes", "quotes", "charset", "geometry", "x", "text", "coordinates", "crs", "ring"],
)  # fmt: skip
async def test_a_file_that_cannot_be_read_fails_the_operation(
    api: httpx.AsyncClient, inside: Emulator, text: str | bytes | None, source: dict[str, Any], words: str
) -> None:
    if text is not None:
        put(inside, text)
    assert words in await failure(api, imported(source), "table:import")
    assert (await api.get(f"/v1/{ASSET}")).status_code == 404


async def test_a_value_that_is_not_of_its_columns_type_fails_the_operation(
    api: httpx.AsyncClient, inside: Emulator
) -> None:
    put(inside, "a\n1.5\n")
    body = imported(csvColumnDataTypeOverrides={"a": "CSV_COLUMN_DATA_TYPE_LONG"})
    assert "Column 'a': '1.5' is not of the type LONG" in await failure(api, body, "table:import")


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (imported(uri="gs://my-bucket/in/rivers.zip"), 400, ".csv objects only"),
        (imported({"dateFormat": "YYYY"}), 400, "tableManifest.sources[0].dateFormat"),
        (imported({"csvDelimiter": "tab"}), 400, "tableManifest.sources[0].csvDelimiter"),
        (imported(uri="gs://my-bucket/../../x.csv"), 400, "tableManifest.sources[0].uris[0]"),
        (imported(uri="/etc/rivers.csv"), 400, "tableManifest.sources[0].uris[0]"),
        (imported(name="projects/p/assets/no/such/folder"), 404, "projects/p/assets/no/such"),
    ],
    ids=["zip", "dates", "delimiter", "upwards", "path", "folder"],
)  # fmt: skip
async def test_a_manifest_that_cannot_be_followed_is_refused_at_submission(
    api: httpx.AsyncClient, inside: Emulator, body: dict[str, Any], status: int, words: str
) -> None:
    refused = await api.post(f"{P}/table:import", json=body)
    assert refused.status_code == status
    assert words in refused.json()["error"]["message"]
    assert inside.control.operations() == []


async def test_a_table_is_overwritten_only_if_asked(api: httpx.AsyncClient, inside: Emulator) -> None:
    put(inside, CSV)
    place = {"constantValue": {"type": "Point", "coordinates": [1, 2]}}
    await succeeded(api, to_asset(features({"geometry": place})))

    refused = await api.post(f"{P}/table:import", json=imported())
    replaced = await finished(api, imported() | {"overwrite": True}, "table:import")

    assert refused.json()["error"]["message"] == f"Cannot overwrite asset '{ASSET}'."
    assert replaced["metadata"]["state"] == "SUCCEEDED"
