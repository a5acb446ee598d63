"""Stand-ins under the ids of Google's catalogue: their bands, types, masks and properties; any date and any place."""

import io
from typing import Any

import numpy as np
import pytest

from airflow_provider_ee.emulator.compute import image_pixels
from airflow_provider_ee.emulator.compute.catalogue.products import PRODUCTS
from airflow_provider_ee.emulator.compute.catalogue.tables import TABLES
from tests.emulator.compute.nodes import MUNICH, call, compute

S2 = "COPERNICUS/S2_SR_HARMONIZED"
SRTM = call("Image.load", id="USGS/SRTMGL1_003")
BERNE = [7.44, 46.95]


def load(collection: str) -> dict[str, Any]:
    return call("ImageCollection.load", id=collection)


def dated(collection: dict[str, Any], start: str, end: str) -> dict[str, Any]:
    dates = call("DateRange", start=start, end=end)
    wanted = call("Filter.dateRangeContains", leftValue=dates, rightField="system:time_start")
    return call("Collection.filter", collection=collection, filter=wanted)


def at(collection: dict[str, Any], place: list[float]) -> dict[str, Any]:
    point = call("GeometryConstructors.Point", coordinates=place)
    wanted = call("Filter.intersects", leftField=".all", rightValue=point)
    return call("Collection.filter", collection=collection, filter=wanted)


def size(collection: dict[str, Any]) -> int:
    number: int = compute(call("Collection.size", collection=collection))
    return number


def first(collection: dict[str, Any]) -> dict[str, Any]:
    return call("Collection.first", collection=collection)


def grid(west: float, north: float, degrees: float = 1 / 3600, side: int = 64) -> dict[str, Any]:
    affine = {"scaleX": degrees, "translateX": west, "scaleY": -degrees, "translateY": north}
    return {"crsCode": "EPSG:4326", "affineTransform": affine, "dimensions": {"width": side, "height": side}}


UTM = {
    "crsCode": "EPSG:32632",
    "affineTransform": {"scaleX": 10, "translateX": 690000, "scaleY": -10, "translateY": 5340000},
    "dimensions": {"width": 64, "height": 64},
}


def pixels(image: dict[str, Any], where: dict[str, Any], bands: list[str] | None = None) -> Any:
    body, _ = image_pixels(compute(image), grid=where, band_ids=bands, file_format="NPY")
    return np.load(io.BytesIO(body))


def image_of(product_id: str) -> dict[str, Any]:
    if PRODUCTS[product_id].start is None:
        return call("Image.load", id=product_id)
    return first(dated(load(product_id), "2020-06-01" if "v100" not in product_id else "2020-01-01", "2022-06-01"))


@pytest.mark.parametrize("product_id", PRODUCTS)
def test_every_stand_in_has_an_image_with_values(product_id: str) -> None:
    image = image_of(product_id)
    values = pixels(image, grid(0, 49, 1, 32))
    assert len(values.dtype.names) == len(compute(image).bands)
    assert all(np.isfinite(values[name].astype(float)).all() for name in values.dtype.names)
    assert any(values[name].any() for name in values.dtype.names)


def test_the_first_dags_box_is_land_with_hills() -> None:
    heights = pixels(SRTM, grid(7, 47, 1 / 360, 360))["elevation"]
    assert heights.dtype == np.int16
    assert (heights > 0).mean() > 0.9
    assert np.ptp(heights) > 300


def test_heights_end_at_60_north_and_56_south() -> None:
    for north, known in ((60.5, False), (59.5, True), (-55.5, True), (-56.5, False)):
        mask = call("Image.mask", image=SRTM)
        assert bool(pixels(mask, grid(10, north, side=8))["elevation"].any()) is known


def test_sentinel_has_its_bands_in_order_and_their_types() -> None:
    bands = compute(first(dated(load(S2), "2024-06-01", "2024-06-02"))).bands
    types = {band.id: band.raster.dtype.name for band in bands}
    assert list(types)[:12] == ["B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B8A", "B9", "B11", "B12"]
    assert {types[name] for name in ("B2", "B8A", "QA60")} == {"uint16"}
    assert {types[name] for name in ("SCL", "TCI_R", "MSK_CLDPRB")} == {"uint8"}


def test_a_place_has_scenes_of_its_tile_every_five_days() -> None:
    june = at(dated(load(S2), "2024-06-01", "2024-07-01"), MUNICH)
    assert size(june) == 6
    properties = compute(first(june)).properties
    assert properties["MGRS_TILE"] == "32UPU"
    assert properties["system:index"].endswith("_T32UPU")
    assert 0 <= properties["CLOUDY_PIXEL_PERCENTAGE"] <= 100


def test_the_order_of_filters_does_not_matter() -> None:
    one = at(dated(load(S2), "2024-06-01", "2024-07-01"), BERNE)
    other = dated(at(load(S2), BERNE), "2024-06-01", "2024-07-01")
    both = call("Filter.and", filters=[])
    assert size(one) == size(other) == 6
    assert size(call("Collection.filter", collection=one, filter=both)) == 6


def test_without_a_place_there_is_an_image_of_the_whole_earth_for_every_day() -> None:
    month = dated(load(S2), "2026-01-01", "2026-01-31")
    assert size(month) == 30
    assert size(dated(month, "2026-01-05", "2026-01-06")) == 1


def test_there_are_no_images_of_the_future() -> None:
    assert size(dated(load(S2), "2200-01-01", "2201-01-01")) == 0


def test_a_filter_on_properties_looks_through_what_time_and_place_left() -> None:
    clear = call("Filter.lessThan", leftField="CLOUDY_PIXEL_PERCENTAGE", rightValue=50)
    june = at(dated(load(S2), "2024-06-01", "2024-07-01"), MUNICH)
    found = compute(call("Collection.filter", collection=june, filter=clear))
    assert 0 < len(found.elements) < 6
    assert all(image.properties["CLOUDY_PIXEL_PERCENTAGE"] < 50 for image in found.images)


def test_an_image_is_loaded_by_its_index_alone() -> None:
    name = f"{S2}/20240629T101559_20240629T102218_T32UPU"
    image = compute(call("Image.load", id=name))
    assert image.properties["MGRS_TILE"] == "32UPU"
    assert image.properties["system:time_start"] == 1719656159000


def test_a_scene_is_masked_outside_of_its_tile() -> None:
    scene = call("Image.mask", image=first(at(dated(load(S2), "2024-06-01", "2024-07-01"), MUNICH)))
    assert pixels(scene, UTM, ["B4"])["B4"].all()
    assert not pixels(scene, grid(7.3, 47), ["B4"])["B4"].any()


def test_a_pixel_has_the_same_value_in_every_window_and_every_scene() -> None:
    scene = first(at(dated(load(S2), "2024-06-01", "2024-07-01"), MUNICH))
    window = {
        **UTM,
        "affineTransform": {**UTM["affineTransform"], "translateX": 690000 + 370, "translateY": 5340000 - 210},
    }
    whole, part = pixels(scene, UTM, ["B8"])["B8"], pixels(scene, window, ["B8"])["B8"]
    assert (whole[21:, 37:] == part[: 64 - 21, : 64 - 37]).all()


def test_clouds_are_the_same_in_all_that_is_said_of_them() -> None:
    scene = first(at(dated(load(S2), "2024-06-06", "2024-07-01"), MUNICH))
    values = pixels(scene, UTM, ["SCL", "QA60", "MSK_CLDPRB", "B2"])
    cloudy = values["SCL"] == 9
    assert ((values["QA60"] == 1 << 10) == cloudy).all()
    assert ((values["MSK_CLDPRB"] > 50) == cloudy).all()
    assert ((values["B2"] > 5000) == cloudy).all()


def test_landsat_scenes_have_paths_and_rows_every_sixteen_days() -> None:
    year = at(dated(load("LANDSAT/LC08/C02/T1_L2"), "2023-01-01", "2024-01-01"), MUNICH)
    scenes = compute(year).images
    paths = {scene.properties["WRS_PATH"] for scene in scenes}
    assert paths <= {192, 193, 194}
    assert 22 * len(paths) <= len({scene.properties["system:time_start"] for scene in scenes}) <= 24 * len(paths)
    assert scenes[0].properties["system:index"].startswith("LC08_19")


def test_landsats_quality_bits_say_where_it_is_clear() -> None:
    scene = first(at(dated(load("LANDSAT/LC09/C02/T1_L2"), "2023-01-01", "2024-01-01"), MUNICH))
    values = set(pixels(scene, UTM, ["QA_PIXEL"])["QA_PIXEL"].ravel().tolist())
    assert values <= {21824, 21952, 22280}


def test_an_embedding_is_a_vector_of_length_one() -> None:
    image = image_of("GOOGLE/SATELLITE_EMBEDDING/V1/ANNUAL")
    values = pixels(image, grid(7, 47, side=8))
    assert len(values.dtype.names) == 64
    length = sum(values[name] ** 2 for name in values.dtype.names)
    assert length == pytest.approx(np.ones((8, 8)))


def test_water_is_water_in_every_dataset() -> None:
    where = grid(7, 46.9, 1 / 10800, 200)
    cover = pixels(image_of("ESA/WorldCover/v200"), where)["Map"] == 80
    label = pixels(image_of("GOOGLE/DYNAMICWORLD/V1"), where)["label"]
    assert (label[cover] == 0).all()


@pytest.mark.parametrize("table_id", TABLES)
def test_tables_have_names_and_places(table_id: str) -> None:
    table = compute(call("Collection.loadTable", tableId=table_id))
    assert all(feature.geometry is not None for feature in table.features)
    names = {feature.properties.get("ADM0_NAME", feature.properties.get("ISO3")) for feature in table.features}
    assert names & {"Kenya", "KEN"}
