"""One case or more for every function of a table pipeline: an expression, and what it must be."""

from typing import Any

import pytest

from airflow_provider_ee.emulator.compute import ComputeError, NotComputed, to_json
from airflow_provider_ee.emulator.compute.geometry import Geometry, rectangle
from airflow_provider_ee.emulator.compute.measures import area
from tests.emulator.compute import formulas
from tests.emulator.compute.nodes import call, compute, constant, image, masked, node, scene

#: The upper left corner of pixel (9100, 6600) of the scene.
X, Y = 691000, 5334000
COLUMN, ROW = 9100, 6600


def point(x: float, y: float, crs: str | None = None) -> dict[str, Any]:
    if crs is None:
        return call("GeometryConstructors.Point", coordinates=[x, y])
    return call("GeometryConstructors.Point", coordinates=[x, y], crs=call("Projection", crs=crs))


def square(x: float, y: float, side: float, crs: str = "EPSG:32632") -> dict[str, Any]:
    corners = [x, y, x + side, y + side]
    projection = call("Projection", crs=crs)
    return call("GeometryConstructors.Rectangle", coordinates=corners, crs=projection, geodesic=False)


def feature(shape: dict[str, Any] | None = None, **properties: Any) -> dict[str, Any]:
    if shape is None:
        return call("Feature", metadata=properties)
    return call("Feature", geometry=shape, metadata=properties)


def features(*elements: dict[str, Any]) -> dict[str, Any]:
    return call("Collection", features=list(elements))


def values(collection: dict[str, Any], name: str) -> dict[str, Any]:
    return call("AggregateFeatureCollection.array", collection=collection, property=name)


def aggregated(name: str, collection: dict[str, Any], field: str = "a") -> dict[str, Any]:
    return call(f"AggregateFeatureCollection.{name}", collection=collection, property=field)


def size(collection: dict[str, Any]) -> dict[str, Any]:
    return call("Collection.size", collection=collection)


def filtered(collection: dict[str, Any], condition: str, **arguments: Any) -> dict[str, Any]:
    return call("Collection.filter", collection=collection, filter=call(f"Filter.{condition}", **arguments))


HERE = point(11.5, 48.1)
NAMED = feature(HERE, name="Isar", a=7, b=2.5)
NUMBERS = features(*(feature(a=number) for number in (4, 1, 1, 2)), feature(b=100))
NAMES = features(*(feature(name=name) for name in ("Isar", "Inn", "Donau")))
PIXEL = feature(square(X, Y - 10, 10), label=3)
FOUR = feature(square(X, Y - 20, 20), label=4)
TWO_BANDS = call("Image.rename", input=image(3, 5), names=["x", "y"])
MEAN = call("Reducer.mean")


def red(column: int = 0, row: int = 0) -> int:
    return formulas.scene("B4", COLUMN + column, ROW + row)


def sampled(collection: dict[str, Any], **more: Any) -> dict[str, Any]:
    only_red = call("Image.select", input=scene(), bandSelectors=["B4"])
    return call("Image.sampleRegions", image=only_red, collection=collection, **more)


def reduced(of: dict[str, Any], reducer: str = "mean", **more: Any) -> dict[str, Any]:
    shape = features(PIXEL)
    return call("Image.reduceRegions", image=of, collection=shape, reducer=call(f"Reducer.{reducer}"), scale=10, **more)


CASES: list[tuple[str, dict[str, Any], Any]] = [
    ("Feature.select", call("Element.toDictionary", element=call("Feature.select", input=NAMED, propertySelectors=["b", "n.*"])), {"b": 2.5, "name": "Isar"}),
    ("Feature.select", call("Element.toDictionary", element=call("Feature.select", input=NAMED, propertySelectors=["a"], newProperties=["c"])), {"c": 7}),
    ("Feature.select", call("Feature.select", input=NAMED, propertySelectors=["a"], retainGeometry=False), {"type": "Feature", "geometry": None, "properties": {"a": 7}}),
    ("Feature.geometry", call("Feature.geometry", feature=NAMED), {"type": "Point", "coordinates": [11.5, 48.1]}),
    ("Element.geometry", call("Geometry.bounds", geometry=call("Element.geometry", feature=NAMED, proj="EPSG:3857")), {"type": "Polygon", "coordinates": [[[pytest.approx(11.5), pytest.approx(48.1)]] * 4]}),
    ("Feature.setGeometry", call("Feature.setGeometry", feature=feature(a=1), geometry=HERE), {"type": "Feature", "geometry": {"type": "Point", "coordinates": [11.5, 48.1]}, "properties": {"a": 1}}),
    ("Feature.id", call("Feature.id", element=call("Collection.first", collection=NAMES)), "0"),
    ("Feature.area", call("Feature.area", feature=NAMED), 0.0),
    ("Feature.centroid", call("Feature.geometry", feature=call("Feature.centroid", feature=feature(square(10, 40, 2, "EPSG:4326")))), {"type": "Point", "coordinates": [11, 41]}),
    ("Feature.bounds", call("Feature.geometry", feature=call("Feature.bounds", feature=NAMED)), {"type": "Polygon", "coordinates": [[[11.5, 48.1]] * 4]}),
    ("Feature.buffer", call("Feature.area", feature=call("Feature.buffer", feature=NAMED, distance=1000)), pytest.approx(3.14e6, rel=0.01)),
    ("Geometry.area", call("Geometry.area", geometry=square(X, Y, 1000)), pytest.approx(1e6, rel=0.001)),
    ("Geometry.centroid", call("Geometry.centroid", geometry=call("GeometryConstructors.MultiPoint", coordinates=[[0, 0], [2, 4]])), {"type": "Point", "coordinates": [1, 2]}),
    ("Geometry.buffer", call("Geometry.area", geometry=call("Geometry.buffer", geometry=HERE, distance=10)), pytest.approx(314, rel=0.01)),
    ("ErrorMargin", call("ErrorMargin", value=2), {"type": "ErrorMargin", "unit": "meters", "value": 2}),
    ("Element.propertyNames", call("Element.propertyNames", element=NAMED), ["name", "a", "b"]),
    ("Element.getNumber", call("Number.add", left=call("Element.getNumber", object=NAMED, property="a"), right=1), 8),
    ("Element.getString", call("Element.getString", object=NAMED, property="name"), "Isar"),
    ("Element.toDictionary", call("Element.toDictionary", element=call("Collection.first", collection=NAMES)), {"name": "Isar"}),
    ("Element.toDictionary", call("Element.toDictionary", element=NAMED, properties=["a", "none"]), {"a": 7}),
    ("Element.copyProperties", call("Element.toDictionary", element=call("Element.copyProperties", destination=feature(c=1), source=NAMED, exclude=["name"])), {"c": 1, "a": 7, "b": 2.5}),
    ("Collection.flatten", values(call("Collection.flatten", collection=features(NAMES, features(feature(name="Lech")))), "system:index"), ["0_0", "0_1", "0_2", "1_0"]),
    ("Collection.distinct", values(call("Collection.distinct", collection=NUMBERS, properties="a"), "a"), [4, 1, 2]),
    ("Collection.toList", call("List.size", list=call("Collection.toList", collection=NAMES, count=5, offset=1)), 2),
    ("Collection.randomColumn", size(filtered(call("Collection.randomColumn", collection=NAMES), "notNull", properties=["random"])), 3),
    ("Filter.notNull", size(filtered(NUMBERS, "notNull", properties=["a"])), 4),
    ("Filter.stringContains", size(filtered(NAMES, "stringContains", leftField="name", rightValue="n")), 2),
    ("Filter.stringStartsWith", size(filtered(NAMES, "stringStartsWith", leftField="name", rightValue="I")), 2),
    ("Filter.stringEndsWith", size(filtered(NAMES, "stringEndsWith", leftField="name", rightValue="ar")), 1),
    ("Image.reduceRegions", values(reduced(image(3)), "mean"), [3]),
    ("Image.reduceRegions", values(reduced(TWO_BANDS), "y"), [5]),
    ("Reducer.first", values(call("Image.reduceRegions", image=scene(), collection=features(FOUR), reducer=call("Reducer.first")), "B4"), [red()]),
    ("Image.reduceRegions", values(reduced(image(3), "minMax"), "max"), [3]),
    ("Image.reduceRegions", values(reduced(image(3)), "label"), [3]),
    ("Image.sample", values(call("Image.sample", image=scene(), region=square(X, Y - 10, 10)), "B4"), [red()]),
    ("Image.sampleRegions", values(sampled(features(PIXEL)), "B4"), [red()]),
    ("Image.sampleRegions", values(sampled(features(PIXEL, FOUR)), "label"), [3, 4, 4, 4, 4]),
    ("Image.sampleRegions", values(sampled(features(PIXEL, FOUR)), "system:index"), ["0_0", "1_0", "1_1", "1_2", "1_3"]),
    ("AggregateFeatureCollection.count", aggregated("count", NUMBERS), 4),
    ("AggregateFeatureCollection.sum", aggregated("sum", NUMBERS), 8),
    ("AggregateFeatureCollection.mean", aggregated("mean", NUMBERS), 2.0),
    ("AggregateFeatureCollection.min", aggregated("min", NAMES, "name"), "Donau"),
    ("AggregateFeatureCollection.max", aggregated("max", NUMBERS), 4),
    ("AggregateFeatureCollection.first", aggregated("first", NUMBERS), 4),
    ("AggregateFeatureCollection.total_var", aggregated("total_var", NUMBERS), 1.5),
    ("AggregateFeatureCollection.total_sd", aggregated("total_sd", NUMBERS), 1.5**0.5),
    ("AggregateFeatureCollection.sample_var", aggregated("sample_var", NUMBERS), 2.0),
    ("AggregateFeatureCollection.sample_sd", aggregated("sample_sd", NUMBERS), 2**0.5),
    ("AggregateFeatureCollection.count_distinct", aggregated("count_distinct", NUMBERS), 3),
    ("AggregateFeatureCollection.histogram", aggregated("histogram", NUMBERS), {"4": 1, "1": 2, "2": 1}),
    ("AggregateFeatureCollection.mean", aggregated("mean", NUMBERS, "nothing"), None),
]  # fmt: skip


@pytest.mark.parametrize(("function", "result", "expected"), CASES, ids=[f"{i}-{c[0]}" for i, c in enumerate(CASES)])
def test_a_function_gives_what_earth_engine_documents(function: str, result: dict[str, Any], expected: Any) -> None:
    found = to_json(compute(result))
    assert found == (pytest.approx(expected) if isinstance(expected, float) else expected)


def test_a_degree_at_the_equator_has_the_area_that_tables_give() -> None:
    # https://pubs.usgs.gov/pp/1395/report.pdf, table 6 and equation 3-12: 111.32 km by 110.57 km
    assert area(rectangle((0, 0, 1, 1))) == pytest.approx(111_319.49 * 110_574.3, rel=1e-3)


def test_a_hole_counts_neither_to_the_area_nor_to_the_centre() -> None:
    whole = [[0, 0], [4, 0], [4, 2], [0, 2]]
    hole = [[2, 0], [4, 0], [4, 2], [2, 2]]
    half = call("GeometryConstructors.Polygon", coordinates=[whole, hole])
    assert compute(call("Geometry.area", geometry=half)) == pytest.approx(area(rectangle((0, 0, 2, 2))))
    assert compute(call("Geometry.centroid", geometry=half)) == Geometry.of("Point", [1, 1])


def test_a_mapped_function_adds_a_property_to_every_feature() -> None:
    area_of = call("Geometry.area", geometry=call("Feature.geometry", feature={"argumentReference": "f"}))
    body = call("Element.set", object={"argumentReference": "f"}, key="area", value=area_of)
    function = {"functionDefinitionValue": {"argumentNames": ["f"], "body": "body"}}
    mapped = call("Collection.map", collection=features(PIXEL, FOUR), baseAlgorithm=function)
    assert compute(values(mapped, "area"), body=body) == [pytest.approx(100, rel=0.01), pytest.approx(400, rel=0.01)]


def test_collections_of_a_mapped_function_are_flattened() -> None:
    arguments = {"collection": features(PIXEL), "reducer": MEAN, "scale": 10}
    body = call("Image.reduceRegions", image={"argumentReference": "i"}, **arguments)
    function = {"functionDefinitionValue": {"argumentNames": ["i"], "body": "body"}}
    images = call("ImageCollection.fromImages", images=[image(1), image(2)])
    mapped = call("Collection.map", collection=images, baseAlgorithm=function)
    assert compute(values(call("Collection.flatten", collection=mapped), "mean"), body=body) == [1, 2]


def test_a_feature_of_masked_pixels_gets_no_mean_and_keeps_its_properties() -> None:
    assert compute(values(reduced(masked(3)), "mean")) == []
    assert compute(values(reduced(masked(3)), "label")) == [3]


def test_a_feature_without_a_geometry_is_not_reduced_and_not_within_bounds() -> None:
    nowhere = features(feature(label=1))
    result = call("Image.reduceRegions", image=image(3), collection=nowhere, reducer=MEAN)
    assert to_json(compute(result))["features"] == [
        {"type": "Feature", "geometry": None, "properties": {"label": 1}, "id": "0"}
    ]
    assert compute(size(filtered(nowhere, "intersects", leftField=".all", rightValue=HERE))) == 0


def test_more_pixels_than_allowed_for_a_feature_are_refused() -> None:
    with pytest.raises(ComputeError, match="maxPixels allows only 3"):
        compute(
            call("Image.reduceRegions", image=scene(), collection=features(FOUR), reducer=MEAN, maxPixelsPerRegion=3)
        )


def test_samples_have_the_centres_of_their_pixels_and_none_that_is_masked() -> None:
    arguments = {"region": square(X, Y - 20, 20), "scale": 10, "geometries": True}
    half = call("Image.clip", input=scene(), geometry=square(X, Y - 20, 10))
    shown = to_json(compute(call("Image.sample", image=half, **arguments)))["features"]
    assert [place["properties"]["B4"] for place in shown] == [red(0, 1)]
    with_gaps = compute(call("Image.sample", image=half, **arguments, dropNulls=False))
    assert len(with_gaps.elements) == 4
    expected = Geometry.of("Point", [X + 5, Y - 15], "EPSG:32632").carried("EPSG:4326")
    assert shown[0]["geometry"] == expected.to_json()


def test_a_pixel_without_a_number_is_no_sample() -> None:
    nothing = call("Image.log", value=image(-1))
    assert compute(size(call("Image.sample", image=nothing, region=square(X, Y, 20), scale=10))) == 0


def test_a_part_of_the_pixels_is_the_same_part_for_the_same_seed() -> None:
    def some(**how: Any) -> Any:
        arguments = {"region": square(X, Y - 1000, 1000), "scale": 10, **how}
        return compute(values(call("Image.sample", image=scene(), **arguments), "B4"))

    assert some(numPixels=40, seed=1) == some(numPixels=40, seed=1)
    assert some(numPixels=40, seed=1) != some(numPixels=40, seed=2)
    assert len(some(numPixels=40)) == 40
    assert 2000 < len(some(factor=0.25)) < 3000


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"factor": 0.5, "numPixels": 3}, "Cannot specify both"),
        ({"factor": 2}, "within"),
        ({"region": square(0, 0, 1_000_000)}, "Too many pixels"),
    ],
    ids=["both", "factor", "large"],
)
def test_an_impossible_sample_is_refused(how: dict[str, Any], words: str) -> None:
    with pytest.raises(ComputeError, match=words):
        compute(call("Image.sample", **{"image": scene(), "region": square(X, Y, 20), **how}))


def test_a_region_is_needed_to_sample_an_image_that_is_everywhere() -> None:
    with pytest.raises(ComputeError, match="A region must be given"):
        compute(call("Image.sample", image=image(1)))


def test_random_numbers_split_a_table_in_the_same_way_each_time() -> None:
    many = features(*(feature(a=number) for number in range(200)))
    column = call("Collection.randomColumn", collection=many, columnName="r", seed=3)
    train = size(filtered(column, "lessThan", leftField="r", rightValue=0.7))
    assert 110 < compute(train) < 170
    assert compute(values(column, "r")) == compute(values(column, "r"))
    normal = call("Collection.randomColumn", collection=many, columnName="r", distribution="normal")
    assert abs(compute(aggregated("mean", normal, "r"))) < 0.3


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (call("Geometry.buffer", geometry=square(X, Y, 10), distance=5), "buffers points"),
        (call("Geometry.buffer", geometry=HERE, distance=-5), "positive distance"),
        (call("Geometry.area", geometry=HERE, proj="EPSG:3857"), "'proj' is not computed"),
        (call("Geometry.centroid", geometry=call("GeometryConstructors.LineString", coordinates=[[0, 0], [1, 1]])), "line"),
    ],
    ids=["a square", "inwards", "projection", "line"],
)  # fmt: skip
def test_what_is_not_measured_is_refused(result: dict[str, Any], words: str) -> None:
    with pytest.raises(NotComputed, match=words):
        compute(result)


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (aggregated("sum", NAMES, "name"), "must be numbers"),
        (aggregated("min", features(feature(a=1), feature(a="b"))), "types differ"),
        (call("Collection.flatten", collection=NAMES), "collection of collections"),
        (call("Feature.select", input=NAMED, propertySelectors=["a"], newProperties=["b", "c"]), "new names"),
        (call("Feature.select", input=image(1), propertySelectors=["a"]), "A Feature is needed"),
        (call("Element.getNumber", object=NAMED, property="name"), "is not a Number"),
        (call("Collection.loadTable", tableId="projects/p/assets/t"), "^Collection.loadTable: Collection asset 'projects/p/assets/t' not found"),
        (call("Collection.randomColumn", collection=NAMES, distribution=node(constant("even"))), "'uniform' or 'normal'"),
    ],
    ids=["texts", "types", "flat", "names", "image", "number", "missing", "distribution"],
)  # fmt: skip
def test_what_is_wrong_is_refused_in_words(result: dict[str, Any], words: str) -> None:
    with pytest.raises(ComputeError, match=words):
        compute(result)
