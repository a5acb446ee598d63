"""table.export to BigQuery, which is newline-delimited JSON here."""

import json
from pathlib import Path

import httpx
import pytest

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.compute.nodes import call, expression
from tests.emulator.tables import ISAR, LAKE, P, failure, features, lines, succeeded, to_big_query

pytestmark = pytest.mark.anyio


def table(inside: Emulator) -> Path:
    return inside.root / "bigquery" / "my-project" / "rivers" / "lengths.ndjson"


async def test_rows_have_the_geometry_as_geojson_text_in_the_column_geo(
    api: httpx.AsyncClient, inside: Emulator
) -> None:
    operation = await succeeded(api, to_big_query(features(ISAR)))
    (row,) = lines(table(inside))
    assert (row["name"], row["length"], set(row)) == ("Isar", 295, {"name", "length", "geo"})
    assert json.loads(row["geo"]) == {"type": "Point", "coordinates": [11.5, 48.1]}
    assert "my-project" in operation["metadata"]["destinationUris"][0]


async def test_a_table_that_is_there_fails_the_export_unless_it_is_replaced_or_added_to(
    api: httpx.AsyncClient, inside: Emulator
) -> None:
    await succeeded(api, to_big_query(features(ISAR)))

    assert await failure(api, to_big_query(features(LAKE))) == "Already Exists: Table my-project:rivers.lengths"
    assert [row["name"] for row in lines(table(inside))] == ["Isar"]
    await succeeded(api, to_big_query(features(LAKE), append=True))
    assert [row["name"] for row in lines(table(inside))] == ["Isar", "Lake, large"]
    await succeeded(api, to_big_query(features(LAKE), overwrite=True))
    assert [row["name"] for row in lines(table(inside))] == ["Lake, large"]


async def test_what_is_in_a_table_is_loaded_again(api: httpx.AsyncClient) -> None:
    await succeeded(api, to_big_query(features(ISAR, LAKE)))

    loaded = call("FeatureCollection.loadBigQueryTable", table="my-project.rivers.lengths")
    answer = await api.post(f"{P}/table:computeFeatures", json={"expression": expression(loaded)})

    found = answer.json()["features"]
    assert [feature["properties"]["name"] for feature in found] == ["Isar", "Lake, large"]
    assert found[0]["geometry"] == {"type": "Point", "coordinates": [11.5, 48.1]}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        pytest.param({"table": "my-project.rivers.none"}, "Not found: Table my-project.rivers.none", id="no table"),
        pytest.param({"table": "../../x"}, "Not found: Table ../../x", id="no name"),
        pytest.param({"table": "my-project.rivers.lengths", "geometryColumn": "place"}, "has no column 'place'", id="no column"),
    ],
)  # fmt: skip
async def test_what_cannot_be_loaded_is_refused_in_bigquerys_words(
    api: httpx.AsyncClient, arguments: dict[str, str], problem: str
) -> None:
    await succeeded(api, to_big_query(features(ISAR), overwrite=True))

    loaded = expression(call("FeatureCollection.loadBigQueryTable", **arguments))
    answer = await api.post(f"{P}/table:computeFeatures", json={"expression": loaded})

    assert answer.status_code == 400
    assert problem in answer.json()["error"]["message"]


async def test_selectors_choose_the_columns(api: httpx.AsyncClient, inside: Emulator) -> None:
    await succeeded(api, to_big_query(features(ISAR)) | {"selectors": ["name"]})
    assert lines(table(inside)) == [{"name": "Isar"}]


async def test_columns_that_the_table_does_not_have_are_not_added(api: httpx.AsyncClient) -> None:
    await succeeded(api, to_big_query(features(ISAR)))
    other = features({"metadata": {"depth": 3}})
    message = await failure(api, to_big_query(other, append=True))
    assert message.endswith("Cannot add fields (field: depth)")


async def test_an_invalid_column_name_fails(api: httpx.AsyncClient, inside: Emulator) -> None:
    message = await failure(api, to_big_query(features({"metadata": {"a-b": 3}})))
    assert message.startswith('Invalid field name "a-b"')
    assert not table(inside).exists()


@pytest.mark.parametrize("table", ["../../x.d.t", "/etc/x.d.t", "p.d/e.t", "p.d.t\x00"])
async def test_a_table_stays_under_the_root(api: httpx.AsyncClient, table: str) -> None:
    refused = await api.post(f"{P}/table:export", json=to_big_query(features(ISAR), table=table))
    assert refused.status_code == 400
    assert "bigqueryExportOptions.bigqueryDestination.table" in refused.json()["error"]["message"]
