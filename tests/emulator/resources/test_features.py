"""Features that are computed or stored, page by page."""

import json

import httpx
import pytest

from tests.emulator.compute.nodes import call, expression, image
from tests.emulator.tables import ASSET, ISAR, LAKE, P, features, points, succeeded, to_asset

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("count", "sizes"), [(7, [3, 3, 1]), (6, [3, 3]), (0, [0])])
async def test_computed_features_come_in_pages(api: httpx.AsyncClient, count: int, sizes: list[int]) -> None:
    body = {"expression": points(count), "pageSize": 3, "workloadTag": "tag"}
    pages = [(await api.post(f"{P}/table:computeFeatures", json=body)).json()]
    while token := pages[-1].get("nextPageToken"):
        pages.append((await api.post(f"{P}/table:computeFeatures", json=body | {"pageToken": token})).json())

    assert [len(page["features"]) for page in pages] == sizes
    assert {page["type"] for page in pages} == {"FeatureCollection"}
    assert [feature["properties"]["n"] for page in pages for feature in page["features"]] == list(range(count))


async def test_a_page_has_a_thousand_features_unless_fewer_are_asked_for(api: httpx.AsyncClient) -> None:
    page = (await api.post(f"{P}/table:computeFeatures", json={"expression": points(1001)})).json()
    assert len(page["features"]) == 1000
    assert page["nextPageToken"]


@pytest.mark.parametrize(
    ("projection", "x"), [("FEATURE_PROJECTION_NATIVE", 0), ("FEATURE_PROJECTION_WGS_84_PLANAR", 3)]
)
async def test_features_are_carried_to_longitude_and_latitude_unless_wanted_as_they_are(
    api: httpx.AsyncClient, projection: str, x: float
) -> None:
    place = call("GeometryConstructors.Point", coordinates=[333958.47, 0], crs=call("Projection", crs="EPSG:3857"))
    body = {"expression": features({"geometry": place}), "featureProjection": projection}
    (feature,) = (await api.post(f"{P}/table:computeFeatures", json=body)).json()["features"]
    assert feature["geometry"]["coordinates"][0] == pytest.approx(x or 333958.47, abs=0.001)
    assert ("crs" in feature["geometry"]) == (x == 0)


async def test_what_is_wrong_is_answered_at_once(api: httpx.AsyncClient) -> None:
    refused = await api.post(f"{P}/table:computeFeatures", json={"expression": expression(image(1))})
    assert refused.status_code == 400


async def test_stored_features_are_listed_by_region_and_property(api: httpx.AsyncClient) -> None:
    await succeeded(api, to_asset(features(ISAR, LAKE)))

    async def names(**query: str) -> list[str]:
        listed = await api.get(f"/v1/{ASSET}:listFeatures", params=query)
        assert listed.status_code == 200, listed.text
        return [feature["properties"]["name"] for feature in listed.json()["features"]]

    around = {"type": "Polygon", "coordinates": [[[11, 48], [12, 48], [12, 49], [11, 49], [11, 48]]]}
    assert await names() == ["Isar", "Lake, large"]
    assert await names(region=json.dumps(around)) == ["Isar"]
    assert await names(filter="properties.length<10") == ["Lake, large"]
    assert await names(pageSize="1") == ["Isar"]


@pytest.mark.parametrize(
    ("name", "value"), [("region", "here"), ("region", "[1]"), ("region", '{"type":"Box"}'), ("pageToken", "x"), ("filter", "<")]
)  # fmt: skip
async def test_a_bad_query_is_refused(api: httpx.AsyncClient, name: str, value: str) -> None:
    await succeeded(api, to_asset(features(ISAR)))
    refused = await api.get(f"/v1/{ASSET}:listFeatures", params={name: value})
    assert refused.status_code == 400, refused.text


async def test_a_folder_has_no_features(api: httpx.AsyncClient) -> None:
    await api.post(f"{P}/assets?assetId=folder", json={"type": "FOLDER"})
    refused = await api.get("/v1/projects/p/assets/folder:listFeatures")
    assert refused.status_code == 400
    assert "is FOLDER and has no features" in refused.json()["error"]["message"]
