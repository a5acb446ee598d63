"""One case or more for every function: an expression on a pixel or a value, and what it must be."""

import math
from typing import Any

import pytest

from airflow_provider_ee.emulator.compute import ALGORITHMS, to_json
from airflow_provider_ee.emulator.compute.images import Image
from tests.emulator.compute import formulas
from tests.emulator.compute.classification import test_classifiers
from tests.emulator.compute.functions import test_table_functions
from tests.emulator.compute.nodes import (
    MUNICH,
    call,
    compute,
    days,
    image,
    masked,
    native,
    pixel,
    rectangle,
    scene,
)

POINT = call("GeometryConstructors.Point", coordinates=MUNICH)
NOWHERE = call("GeometryConstructors.Point", coordinates=[-60, 10])
SQUARE = [[0, 0], [2, 0], [2, 2], [0, 2]]
FEATURE = call("Feature", geometry=POINT, metadata={"a": 7})
JANUARY = call("DateRange", start="2024-01-01", end="2024-02-01")


def two(name: str, first: float, second: float) -> dict[str, Any]:
    return call(f"Image.{name}", image1=image(first), image2=image(second))


def one(name: str, value: float) -> dict[str, Any]:
    return call(f"Image.{name}", value=image(value))


def stack(*numbers: float) -> dict[str, Any]:
    return call("ImageCollection.fromImages", images=[*map(image, numbers), masked(1000)])


def chosen(condition: dict[str, Any]) -> dict[str, Any]:
    return call("Collection.size", collection=call("Collection.filter", collection=days(), filter=condition))


def cloudy(comparison: str, value: Any) -> dict[str, Any]:
    return chosen(call(f"Filter.{comparison}", leftField="CLOUDY_PIXEL_PERCENTAGE", rightValue=value))


def percentages() -> list[int]:
    return [37 * day % 101 for day in range(366)]


BINARY_CASES = {
    "add": (200, 100, 300), "subtract": (1, 2, -1), "multiply": (300, 300, 90000), "divide": (1, 4, 0.25),
    "mod": (-7, 3, -1), "pow": (2, 10, 1024), "min": (1, 2, 1), "max": (1, 2, 2), "atan2": (1, 1, math.pi / 4),
    "eq": (3, 3, 1), "neq": (3, 3, 0), "lt": (-1, 2, 1), "lte": (2, 2, 1), "gt": (-1, 2, 0), "gte": (2, 2, 1),
    "and": (2, 0, 0), "or": (2, 0, 1), "bitwiseAnd": (6, 3, 2), "bitwiseOr": (6, 3, 7), "bitwiseXor": (6, 3, 5),
    "leftShift": (3, 2, 12), "rightShift": (12, 2, 3),
}  # fmt: skip
UNARY_CASES = {
    "abs": (-3, 3), "signum": (-3, -1), "not": (3, 0), "sqrt": (9, 3), "exp": (0, 1), "log": (math.e, 1),
    "log10": (1000, 3), "sin": (0, 0), "cos": (0, 1), "tan": (0, 0), "floor": (-1.5, -2), "ceil": (-1.5, -1),
    "round": (2.5, 3),
}  # fmt: skip
CAST_CASES = {
    "toByte": 255, "toUint8": 255, "toInt8": 127, "toUint16": 65535, "toInt16": 32767, "toShort": 32767,
    "toUint32": 99999, "toInt32": 99999, "toInt": 99999, "toInt64": 99999, "toLong": 99999,
    "toFloat": 99999.8984375, "toDouble": 99999.9,
}  # fmt: skip
CAST_CASES |= {name[2:].lower(): value for name, value in CAST_CASES.items()}
REDUCED = {"mean": 4, "median": 3, "min": 1, "max": 8, "sum": 12, "count": 3, "stdDev": math.sqrt(26 / 3)}

#: The function that is tested, the expression, and the pixel or the value that it gives.
CASES: list[tuple[str, dict[str, Any], Any]] = [
    *((f"Image.{name}", two(name, a, b), result) for name, (a, b, result) in BINARY_CASES.items()),
    *((f"Image.{name}", one(name, a), result) for name, (a, result) in UNARY_CASES.items()),
    *((f"Image.{name}", one(name, 99999.9), result) for name, result in CAST_CASES.items()),
    *((f"reduce.{name}", call(f"reduce.{name}", collection=stack(1, 3, 8)), result) for name, result in REDUCED.items()),
    *(
        (f"Reducer.{name}", call("Image.reduce", image=image(1, 3, 8), reducer=call(f"Reducer.{name}")), result)
        for name, result in REDUCED.items()
    ),
    ("Reducer.minMax", call("Image.reduce", image=image(1, 3, 8), reducer=call("Reducer.minMax")), [1, 8]),
    ("Image.reduce", call("Image.reduce", image=masked(1), reducer=call("Reducer.mean")), None),
    ("Image.divide", two("divide", 5, 0), 0),
    ("Image.constant", call("Image.constant", value=[1, 2.5]), [1, 2.5]),
    ("Image.load", scene(), [formulas.scene(band, 0, 0) for band in ("B2", "B3", "B4", "B8")]),
    ("Image.select", call("Image.select", input=image(5, 6), bandSelectors=["constant_1"]), 6),
    ("Image.select", call("Image.select", input=image(5, 6), bandSelectors=[-1, 0]), [6, 5]),
    ("Image.select", call("Image.select", input=image(5, 6), bandSelectors=["const.*"], newNames=["a", "b"]), [5, 6]),
    ("Image.rename", call("Image.rename", input=image(5), names=["x"]), 5),
    ("Image.addBands", call("Image.addBands", dstImg=image(1), srcImg=image(2)), [1, 2]),
    ("Image.addBands", call("Image.addBands", dstImg=image(1), srcImg=image(2), overwrite=True), 2),
    ("Image.cat", call("Image.cat", images=[image(1), image(2, 3)]), [1, 2, 3]),
    ("Image.bandNames", call("Image.bandNames", image=scene()), ["B2", "B3", "B4", "B8"]),
    ("Image.normalizedDifference", call("Image.normalizedDifference", input=image(3, 1)), 0.5),
    ("Image.normalizedDifference", call("Image.normalizedDifference", input=image(3, -1)), None),
    ("Image.clamp", call("Image.clamp", input=image(300), low=0, high=10), 10),
    ("Image.unitScale", call("Image.unitScale", input=image(15), low=10, high=20), 0.5),
    ("Image.mask", call("Image.mask", image=masked(7)), 0),
    ("Image.mask", call("Image.mask", image=masked(7), mask=image(1)), 0),
    ("Image.updateMask", call("Image.updateMask", image=image(7), mask=image(2)), 7),
    ("Image.unmask", call("Image.unmask", input=masked(7)), 0),
    ("Image.unmask", call("Image.unmask", input=masked(7), value=image(-9)), -9),
    ("Image.where", call("Image.where", input=image(1), test=image(1), value=image(9)), 9),
    ("Image.where", call("Image.where", input=image(1), test=image(1), value=masked(9)), 1),
    ("Image.clip", call("Image.clip", input=image(1), geometry=NOWHERE), None),
    ("Image.clipToBoundsAndScale", call("Image.clipToBoundsAndScale", input=image(1), geometry=rectangle(0, 0, 1, 1), scale=9), 1),
    ("Image.reproject", call("Image.reproject", image=image(4), crs="EPSG:4326", scale=1000), 4),
    ("Image.setDefaultProjection", call("Image.setDefaultProjection", image=image(4), crs="EPSG:3857", scale=30), 4),
    (
        "Image.projection",
        call("Image.projection", image=scene()),
        {"type": "Projection", "crs": "EPSG:32632", "transform": [10, 0, 600000, 0, -10, 5400000]},
    ),
    ("Image.geometry", call("Image.geometry", feature=FEATURE), {"type": "Point", "coordinates": MUNICH}),
    ("Image.date", call("Date.millis", date=call("Image.date", image=scene())), 1704103200000),
    ("Image.reduceRegion", call("Image.reduceRegion", image=image(3), reducer=call("Reducer.mean"), geometry=POINT, scale=10), {"constant": 3}),
    ("Image.visualize", call("Image.visualize", image=image(5), min=0, max=10), 128),
    ("Image.visualize", call("Image.visualize", image=image(10), min=0, max=10, palette=["black", "ff8000"]), [255, 128, 0]),
    ("ImageCollection.load", call("Collection.size", collection=days()), 366),
    ("ImageCollection.fromImages", call("Collection.size", collection=stack(1, 2)), 3),
    ("ImageCollection.mosaic", call("ImageCollection.mosaic", collection=stack(1, 3, 8)), 8),
    ("ImageCollection.reduce", call("ImageCollection.reduce", collection=stack(1, 3), reducer=call("Reducer.minMax")), [1, 3]),
    ("Collection", call("Collection.size", collection=call("Collection", features=[FEATURE])), 1),
    ("Collection.filter", chosen(call("Filter.dateRangeContains", leftValue=JANUARY, rightField="system:time_start")), 31),
    ("Collection.first", call("Element.get", object=call("Collection.first", collection=days()), property="system:index"), "20240101"),
    ("Collection.limit", call("Collection.size", collection=call("Collection.limit", collection=days(), limit=5)), 5),
    (
        "Collection.limit",
        call(
            "AggregateFeatureCollection.array",
            collection=call("Collection.limit", collection=days(), limit=2, key="CLOUDY_PIXEL_PERCENTAGE", ascending=False),
            property="CLOUDY_PIXEL_PERCENTAGE",
        ),
        [100, 100],
    ),
    ("Collection.merge", call("Collection.size", collection=call("Collection.merge", collection1=stack(1), collection2=days())), 368),
    ("Collection.size", call("Collection.size", collection=stack()), 1),
    (
        "AggregateFeatureCollection.array",
        call("AggregateFeatureCollection.array", collection=days(), property="CLOUDY_PIXEL_PERCENTAGE"),
        percentages(),
    ),
    ("Filter.intersects", chosen(call("Filter.intersects", leftField=".all", rightValue=FEATURE)), 366),
    ("Filter.intersects", chosen(call("Filter.intersects", leftField=".all", rightValue=NOWHERE)), 0),
    ("Filter.dateRangeContains", chosen(call("Filter.dateRangeContains", leftValue=JANUARY, rightField="nothing")), 0),
    ("Filter.calendarRange", chosen(call("Filter.calendarRange", start=12, end=1, field="month")), 62),
    ("Filter.and", chosen(call("Filter.and", filters=[call("Filter.calendarRange", start=1, field="month"), call("Filter.calendarRange", start=3, field="day_of_month")])), 1),
    ("Filter.or", chosen(call("Filter.or", filters=[call("Filter.calendarRange", start=1), call("Filter.calendarRange", start=5)])), 2),
    ("Filter.not", chosen(call("Filter.not", filter=call("Filter.calendarRange", start=1))), 365),
    ("Filter.equals", cloudy("equals", 37), percentages().count(37)),
    ("Filter.notEquals", cloudy("notEquals", 37), 366 - percentages().count(37)),
    ("Filter.lessThan", cloudy("lessThan", 20), sum(p < 20 for p in percentages())),
    ("Filter.lessThan", cloudy("lessThan", "text"), 0),
    ("Filter.lessThanOrEquals", cloudy("lessThanOrEquals", 20), sum(p <= 20 for p in percentages())),
    ("Filter.greaterThan", cloudy("greaterThan", 20), sum(p > 20 for p in percentages())),
    ("Filter.greaterThanOrEquals", cloudy("greaterThanOrEquals", 20), sum(p >= 20 for p in percentages())),
    ("Filter.inList", cloudy("inList", [0, 1]), sum(p in (0, 1) for p in percentages())),
    ("Filter.listContains", chosen(call("Filter.listContains", leftValue=["20240101"], rightField="system:index")), 1),
    ("Element.set", call("Element.get", object=call("Element.set", object=image(1), key="a", value=5), property="a"), 5),
    ("Element.setMulti", call("Element.get", object=call("Element.setMulti", object=image(1), properties={"a": "b"}), property="a"), "b"),
    ("Element.get", call("Element.get", object=image(1), property="nothing"), None),
    ("Feature", FEATURE, {"type": "Feature", "geometry": {"type": "Point", "coordinates": MUNICH}, "properties": {"a": 7}}),
    ("Geometry.bounds", call("Geometry.bounds", geometry=call("GeometryConstructors.LineString", coordinates=[[0, 2], [2, 0]])), {"type": "Polygon", "coordinates": [[*SQUARE, [0, 0]]]}),
    ("GeometryConstructors.Point", POINT, {"type": "Point", "coordinates": MUNICH}),
    ("GeometryConstructors.MultiPoint", call("GeometryConstructors.MultiPoint", coordinates=SQUARE), {"type": "MultiPoint", "coordinates": SQUARE}),
    ("GeometryConstructors.LineString", call("GeometryConstructors.LineString", coordinates=SQUARE), {"type": "LineString", "coordinates": SQUARE}),
    ("GeometryConstructors.Polygon", call("GeometryConstructors.Polygon", coordinates=[SQUARE]), {"type": "Polygon", "coordinates": [[*SQUARE, [0, 0]]]}),
    ("GeometryConstructors.Polygon", call("GeometryConstructors.Polygon", coordinates=SQUARE), {"type": "Polygon", "coordinates": [[*SQUARE, [0, 0]]]}),
    ("GeometryConstructors.MultiPolygon", call("GeometryConstructors.MultiPolygon", coordinates=[[SQUARE]]), {"type": "MultiPolygon", "coordinates": [[[*SQUARE, [0, 0]]]]}),
    ("GeometryConstructors.Rectangle", rectangle(0, 0, 2, 2), {"type": "Polygon", "coordinates": [[*SQUARE, [0, 0]]]}),
    ("GeometryConstructors.BBox", call("GeometryConstructors.BBox", west=0, south=0, east=2, north=2), {"type": "Polygon", "coordinates": [[*SQUARE, [0, 0]]]}),
    ("Projection", call("Projection", crs="EPSG:3857", transform=[2, 0, 1, 0, -2, 5]), {"type": "Projection", "crs": "EPSG:3857", "transform": [2, 0, 1, 0, -2, 5]}),
    ("Projection.nominalScale", call("Projection.nominalScale", proj="EPSG:4326"), 111319.49079327358),
    ("Date", call("Date", value="2024-05-06"), {"type": "Date", "value": 1714953600000}),
    ("DateRange", call("DateRange", start=0), {"type": "DateRange", "dates": [0, 1]}),
    ("Date.millis", call("Date.millis", date="1970-01-01T00:00:01.5"), 1500),
    ("Date.advance", call("Date.format", date=call("Date.advance", date="2024-01-31", delta=1, unit="month")), "2024-02-29T00:00:00"),
    ("Date.advance", call("Date.millis", date=call("Date.advance", date=0, delta=1.5, unit="days")), 129600000),
    ("Date.format", call("Date.format", date="2024-05-06", format="'week of 'YYYY-MM-dd"), "week of 2024-05-06"),
    ("List.get", call("List.get", list=[4, 5], index=-1), 5),
    ("List.size", call("List.size", list=[4, 5]), 2),
    ("Dictionary.get", call("Dictionary.get", dictionary={"a": 1}, key="a"), 1),
    ("Number.add", call("Number.add", left=1, right=2), 3),
    ("Number.subtract", call("Number.subtract", left=1, right=2), -1),
    ("Number.multiply", call("Number.multiply", left=3, right=2), 6),
    ("Number.divide", call("Number.divide", left=3, right=2), 1.5),
]  # fmt: skip

#: Tested where their subject is: lon/lat needs a grid, the others need functions of functions.
ELSEWHERE = {
    "Image.pixelLonLat",
    "Image.parseExpression",
    "Collection.map",
    "Collection.loadTable",
    "FeatureCollection.loadBigQueryTable",
} | test_classifiers.FUNCTIONS


@pytest.mark.parametrize(("function", "result", "expected"), CASES, ids=[f"{i}-{c[0]}" for i, c in enumerate(CASES)])
def test_a_function_gives_what_earth_engine_documents(function: str, result: dict[str, Any], expected: Any) -> None:
    value = compute(result)
    found = pixel(result) if isinstance(value, Image) else to_json(value)
    assert found == (pytest.approx(expected) if isinstance(expected, float) else expected)


def test_every_function_of_the_table_has_a_case() -> None:
    offered = {algorithm["name"].removeprefix("algorithms/") for algorithm in ALGORITHMS}
    assert offered == {name for name, _, _ in [*CASES, *test_table_functions.CASES]} | ELSEWHERE


def test_lon_lat_are_those_of_the_pixel_centre() -> None:
    longitude, latitude = pixel(call("Image.pixelLonLat"), native(9130, 6570))
    assert (longitude, latitude) == pytest.approx((11.5755, 48.1374), abs=0.1)


def test_a_function_is_mapped_over_a_collection() -> None:
    body = call("Image.multiply", image1={"argumentReference": "x"}, image2=image(2))
    function = {"functionDefinitionValue": {"argumentNames": ["x"], "body": "body"}}
    doubled = call("Collection.map", collection=stack(1, 3, 8), baseAlgorithm=function)
    assert pixel(call("reduce.max", collection=doubled), body=body) == 16


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("b('x') + b(1) * 2", 13),
        ("(b(0) + b(1)) * 2 ** 2", 32),
        ("-b(0) ** 2", -9),
        ("b(0) > 2 && b(1) != 5 || 0", 0),
        ("b(0) < b('y') ? 10 : 20", 10),
        ("1 > 2 ? 1 : 2 > 1 ? 5 : 6", 5),
        ("other[0] / i.x", pytest.approx(7 / 3)),
        ("max(b(0), sqrt(16))", 4),
        ("!b(0)", 0),
        ("toByte(1e3)", 255),
        ("nd = b(0) % 2", 1),
    ],
)
def test_an_expression_is_computed_as_it_reads(text: str, expected: Any) -> None:
    two_bands = call("Image.rename", input=image(3, 5), names=["x", "y"])
    parsed = call("Image.parseExpression", expression=text, argName="i", vars=["i", "other"])
    invoked = {
        "functionInvocationValue": {"functionReference": "f", "arguments": {"i": two_bands, "other": image(7)}},
    }
    assert pixel(invoked, f=parsed) == expected


def test_a_mean_of_a_region_is_that_of_the_formula() -> None:
    region = rectangle(691000, 5334000, 691050, 5334030, "EPSG:32632")
    result = call("Image.reduceRegion", image=scene(), reducer=call("Reducer.mean"), geometry=region)
    column, row = (691000 - 600000) // 10, (5400000 - 5334030) // 10
    expected = sum(formulas.scene("B4", column + c, row + r) for c in range(5) for r in range(3)) / 15
    assert compute(result)["B4"] == pytest.approx(expected)


def test_best_effort_uses_larger_pixels_instead_of_failing() -> None:
    region = rectangle(691000, 5334000, 692000, 5335000, "EPSG:32632")
    arguments = {"image": scene(), "reducer": call("Reducer.count"), "geometry": region, "maxPixels": 100}
    assert compute(call("Image.reduceRegion", **arguments, bestEffort=True))["B4"] <= 100
