"""Expressions as Google's own `ee` package encodes them; only the values that the server computes are ours."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from airflow_provider_ee.emulator.compute import evaluate, to_json
from airflow_provider_ee.emulator.compute.images import own_grid
from tests.emulator.compute import formulas
from tests.emulator.compute.nodes import MUNICH, native, no_assets, planes

COLUMN, ROW = 9100, 6600


@pytest.fixture(scope="module")
def ee() -> Iterator[Any]:
    """The package, initialised offline with the algorithm list among its own test data."""
    import ee
    from ee import apitestcase

    # The package's own test case leaves this replaced; others in this process need it.
    install = ee.data._install_cloud_api_resource
    case = apitestcase.ApiTestCase()
    case.setUp()
    yield ee
    case.tearDown()
    ee.data._install_cloud_api_resource = install
    ee.Reset()


def computed(ee: Any, value: Any) -> Any:
    return evaluate(ee.serializer.encode(value, for_cloud_api=True), no_assets)


def first(ee: Any, value: Any) -> Any:
    found = planes(computed(ee, value), native(COLUMN, ROW))
    return [plane.values[0, 0].item() if plane.valid[0, 0] else None for plane in found]


def red() -> int:
    return formulas.scene("B4", COLUMN, ROW)


def infrared() -> int:
    return formulas.scene("B8", COLUMN, ROW)


def test_ndvi_is_computed_in_each_way_of_writing_it(ee: Any) -> None:
    scene = ee.Image("EMULATOR/S2")
    expected = (infrared() - red()) / (infrared() + red())
    by_function = scene.normalizedDifference(["B8", "B4"])
    by_operators = scene.select("B8").subtract(scene.select("B4")).divide(scene.select("B8").add(scene.select("B4")))
    by_text = scene.expression("(b('B8') - red) / (b('B8') + red)", {"red": scene.select("B4")})
    for image in (by_function, by_operators, by_text):
        assert first(ee, image) == [pytest.approx(expected, rel=1e-6)]


def test_bands_are_selected_renamed_added_masked_and_replaced(ee: Any) -> None:
    scene = ee.Image("EMULATOR/S2").select(["B4", "B8"], ["red", "nir"])
    masked = scene.addBands(scene.select("red").multiply(2).rename("twice")).updateMask(scene.select("nir").gt(0))
    assert first(ee, masked) == [red(), infrared(), 2 * red()]
    assert first(ee, masked.where(masked.gt(0), -1)) == [-1, -1, -1]
    assert first(ee, masked.updateMask(0).unmask(5).toInt16()) == [5, 5, 5]
    assert first(ee, masked.updateMask(ee.Image(0))) == [None] * 3
    assert computed(ee, masked.bandNames()) == ["red", "nir", "twice"]


def test_a_collection_is_filtered_mapped_and_reduced(ee: Any) -> None:
    days = (
        ee.ImageCollection("EMULATOR/S2_DAILY")
        .filterDate("2024-03-01", "2024-03-11")
        .filterBounds(ee.Geometry.Point(MUNICH))
        .filter(ee.Filter.lt("CLOUDY_PIXEL_PERCENTAGE", 60))
        .map(lambda image: image.select("B8").subtract(image.select("B4")).set("seen", image.date().millis()))
    )
    numbers = [day for day in range(60, 70) if 37 * day % 101 < 60]
    values = [formulas.day_scene("B8", COLUMN, ROW, d) - formulas.day_scene("B4", COLUMN, ROW, d) for d in numbers]
    assert computed(ee, days.size()) == len(numbers)
    assert computed(ee, days.aggregate_array("seen"))[0] == 1704103200000 + numbers[0] * 86400000
    assert first(ee, days.median()) == [np.median(values)]
    assert first(ee, days.mean()) == [pytest.approx(np.mean(values))]
    assert first(ee, days.max()) == [max(values)]
    assert first(ee, days.min()) == [min(values)]
    assert first(ee, days.mosaic()) == [values[-1]]
    assert first(ee, days.first()) == [values[0]]
    assert first(ee, days.sort("system:time_start", False).first()) == [values[-1]]
    assert computed(ee, days.reduce(ee.Reducer.minMax()).bandNames()) == ["B8_min", "B8_max"]


def test_filters_are_combined(ee: Any) -> None:
    days = ee.ImageCollection("EMULATOR/S2_DAILY")
    share = [37 * day % 101 for day in range(366)]
    field = "CLOUDY_PIXEL_PERCENTAGE"
    for condition, expected in [
        (ee.Filter.And(ee.Filter.gte(field, 10), ee.Filter.lte(field, 20)), sum(10 <= p <= 20 for p in share)),
        (ee.Filter.Or(ee.Filter.eq(field, 1), ee.Filter.gt(field, 90)), sum(p == 1 or p > 90 for p in share)),
        (ee.Filter.neq(field, 1), sum(p != 1 for p in share)),
        (ee.Filter.inList(field, [1, 2]), sum(p in (1, 2) for p in share)),
        (ee.Filter.calendarRange(6, 8, "month"), 92),
    ]:
        assert computed(ee, days.filter(condition).size()) == expected


def test_a_region_is_reduced_to_a_number(ee: Any) -> None:
    region = ee.Geometry.Rectangle([691000, 5333970, 691050, 5334000], "EPSG:32632", False)
    mean = ee.Image("EMULATOR/S2").reduceRegion(ee.Reducer.mean(), region, 10, maxPixels=1e9)
    expected = np.mean([[formulas.scene("B4", COLUMN + c, ROW + r) for c in range(5)] for r in range(3)])
    assert computed(ee, ee.Number(mean.get("B4")).multiply(2)) == pytest.approx(2 * expected)


EXPORTS: list[tuple[str, dict[str, Any], tuple[int, ...], tuple[float, ...]]] = [
    ("scale", {"scale": 20}, (50, 50), (20, 0, 691000, 0, -20, 5335000)),
    ("dimensions", {"dimensions": "100x40"}, (100, 40), (10, 0, 691000, 0, -25, 5335000)),
    ("longest side", {"dimensions": 10}, (10, 10), (100, 0, 691000, 0, -100, 5335000)),
    (
        "transform",
        {"crs": "EPSG:32632", "crsTransform": [50, 0, 5, 0, -50, 5]},
        (21, 21),
        (50, 0, 690955, 0, -50, 5335005),
    ),
    ("another scale", {"crs": "EPSG:32632", "scale": 30}, (34, 34), (30, 0, 690990, 0, -30, 5335020)),
]


@pytest.mark.parametrize(
    ("arguments", "size", "transform"), [case[1:] for case in EXPORTS], ids=[c[0] for c in EXPORTS]
)
def test_an_export_has_the_grid_that_its_arguments_say(
    ee: Any, arguments: dict[str, Any], size: tuple[int, ...], transform: tuple[float, ...]
) -> None:
    region = ee.Geometry.Rectangle([691000, 5334000, 692000, 5335000], "EPSG:32632", False)
    task = ee.batch.Export.image.toCloudStorage(ee.Image("EMULATOR/S2"), bucket="b", region=region, **arguments)
    grid = own_grid(computed(ee, task.config["expression"]))
    assert (grid.width, grid.height) == size
    assert tuple(grid.transform)[:6] == pytest.approx(transform)


def test_an_export_of_a_transform_and_dimensions_starts_at_the_transform(ee: Any) -> None:
    placed = {"crs": "EPSG:32632", "crsTransform": [10, 0, 691000, 0, -10, 5334000], "dimensions": "30x20"}
    task = ee.batch.Export.image.toCloudStorage(ee.Image("EMULATOR/S2"), bucket="b", **placed)
    grid = own_grid(computed(ee, task.config["expression"]))
    assert grid.bounds == (691000, 5333800, 691300, 5334000)


def test_dates_are_moved_and_written(ee: Any) -> None:
    assert computed(ee, ee.Date("2024-02-28").advance(2, "day").format("YYYY-MM-dd")) == "2024-03-01"
    assert computed(ee, ee.Image("EMULATOR/S2").date().format()) == "2024-01-01T10:00:00"


def test_an_image_is_described(ee: Any) -> None:
    described = to_json(computed(ee, ee.Image("EMULATOR/S2").select("B8").toFloat()))
    assert described["id"] == "EMULATOR/S2"
    assert described["properties"]["system:time_start"] == 1704103200000
    assert described["bands"][0]["data_type"] == {"type": "PixelType", "precision": "float"}


def test_a_long_chain_is_computed(ee: Any) -> None:
    image = ee.Image(0)
    for _ in range(100):
        image = image.max(1).subtract(1)
    assert first(ee, image) == [0]
