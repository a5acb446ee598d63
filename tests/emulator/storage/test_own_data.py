"""A user's own data under any id."""

import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.compute.nodes import call, expression
from tests.emulator.files import put_tiff, ramp

pytestmark = pytest.mark.anyio

SRTM = "projects/earthengine-public/assets/USGS/SRTMGL1_003"


def tiff(folder: Path, name: str, start: int = 1) -> Path:
    put_tiff(folder, f"gs://{name}", ramp(start=start), names=("elevation",))
    return folder / "gs" / name


async def value(api: httpx.AsyncClient, node: dict[str, Any]) -> Any:
    answer = await api.post("/v1/projects/p/value:compute", json={"expression": expression(node)})
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


async def test_an_image_stands_under_googles_id_before_the_stand_in(
    api: httpx.AsyncClient, inside: Emulator, tmp_path: Path
) -> None:
    inside.control.put_image("USGS/SRTMGL1_003", tiff(tmp_path, "dem.tif"), properties={"mine": 1})

    asset = (await api.get(f"/v1/{SRTM}")).json()
    assert asset["properties"] == {"mine": 1}
    assert asset["bands"][0]["grid"]["crsCode"] == "EPSG:32632"
    image = call("Image.load", id="USGS/SRTMGL1_003")
    assert await value(api, call("Image.bandNames", image=image)) == ["elevation"]
    body = {"fileFormat": "NPY"}
    pixels = (await api.post(f"/v1/{SRTM}:getPixels", json=body)).content
    (tmp_path / "a.npy").write_bytes(pixels)
    assert np.load(tmp_path / "a.npy")["elevation"].tolist() == ramp()[0].tolist()


async def test_nobody_can_change_what_is_in_the_public_catalogue(
    api: httpx.AsyncClient, inside: Emulator, tmp_path: Path
) -> None:
    inside.control.put_image("USGS/SRTMGL1_003", tiff(tmp_path, "dem.tif"))
    assert (await api.delete(f"/v1/{SRTM}")).status_code == 404
    assert (await api.get(f"/v1/{SRTM}")).status_code == 200


async def test_a_table_stands_under_googles_id(api: httpx.AsyncClient, inside: Emulator, tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [1, 2]}
    feature = {"type": "Feature", "geometry": point, "properties": {"ADM0_NAME": "Ours"}}
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    (tmp_path / "a.csv").write_text("longitude,latitude,name\n1,2,here\n3,4,there\n")
    inside.control.put_table("FAO/GAUL/2015/level0", tmp_path / "a.geojson")
    inside.control.put_table("projects/p/assets/points", tmp_path / "a.csv")

    names = call(
        "AggregateFeatureCollection.array",
        collection=call("Collection.loadTable", tableId="FAO/GAUL/2015/level0"),
        property="ADM0_NAME",
    )
    assert await value(api, names) == ["Ours"]
    assert (
        await value(
            api, call("Collection.size", collection=call("Collection.loadTable", tableId="projects/p/assets/points"))
        )
        == 2
    )


async def test_a_collection_stands_under_googles_id_and_is_listed(
    api: httpx.AsyncClient, inside: Emulator, tmp_path: Path
) -> None:
    tiff(tmp_path, "one.tif")
    tiff(tmp_path, "two.tif", start=100)
    known = {"one": {"startTime": "2024-01-01T00:00:00Z", "properties": {"cloud": 3}}}
    (tmp_path / "gs/collection.json").write_text(json.dumps(known))
    inside.control.put_collection("COPERNICUS/S2_SR_HARMONIZED", tmp_path / "gs")

    load = call("ImageCollection.load", id="COPERNICUS/S2_SR_HARMONIZED")
    assert await value(api, call("Collection.size", collection=load)) == 2
    name = "projects/earthengine-public/assets/COPERNICUS/S2_SR_HARMONIZED"
    listed = (await api.get(f"/v1/{name}:listAssets")).json()["assets"]
    assert [(asset["id"].rpartition("/")[2], asset.get("startTime")) for asset in listed] == [
        ("one", "2024-01-01T00:00:00Z"),
        ("two", None),
    ]


async def test_an_endless_collection_is_not_listed(api: httpx.AsyncClient) -> None:
    name = "projects/earthengine-public/assets/COPERNICUS/S2_SR_HARMONIZED"
    assert (await api.get(f"/v1/{name}")).json()["type"] == "IMAGE_COLLECTION"
    refused = (await api.get(f"/v1/{name}:listAssets")).json()["error"]
    assert (refused["code"], refused["status"]) == (400, "UNIMPLEMENTED")
    scene = (await api.get(f"/v1/{name}/20240629T101559_20240629T101559_T32UPU")).json()
    assert (scene["type"], scene["properties"]["MGRS_TILE"]) == ("IMAGE", "32UPU")


async def test_a_folder_of_data_is_there_from_the_start_and_after_a_reset(tmp_path: Path) -> None:
    tiff(tmp_path, "USGS/SRTMGL1_003.tif")
    tiff(tmp_path, "MINE/DAYS/a.tif")
    (tmp_path / "gs/MINE/DAYS/collection.json").write_text("{}")
    emulator = Emulator(tmp_path / "ee", catalogue=tmp_path / "gs")
    for _ in range(2):
        world = emulator.control.world
        assert world.assets.get(SRTM).stored is not None
        assert [
            one.name.rpartition("/")[2] for one in world.assets.children("projects/earthengine-public/assets/MINE/DAYS")
        ] == ["a"]
        emulator.control.reset()
    emulator.stop()


async def test_what_is_no_data_is_refused(inside: Emulator, tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_text("no image")
    (tmp_path / "a.geojson").write_text("{}")
    with pytest.raises(ApiError):
        inside.control.put_image("A/B", tmp_path / "a.tif")
    with pytest.raises(ApiError, match="There is no file"):
        inside.control.put_image("A/B", tmp_path / "missing.tif")
    with pytest.raises(ApiError, match="FeatureCollection"):
        inside.control.put_table("A/B", tmp_path / "a.geojson")
    with pytest.raises(ApiError):
        inside.control.put_image("A/../B", tmp_path / "a.tif")
