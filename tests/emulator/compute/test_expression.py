"""The graph of nodes: references, scopes, limits, and whatever else may be sent."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_provider_ee.emulator.compute import ALGORITHMS, ComputeError, NotComputed, evaluate, image_pixels, to_json
from airflow_provider_ee.emulator.compute.images import Image
from tests.emulator.compute.nodes import (
    call,
    compute,
    expression,
    grid,
    image,
    no_assets,
    pixel,
    planes,
    rectangle,
    scene,
)


def reference(key: str) -> dict[str, Any]:
    return {"valueReference": key}


def test_values_are_shared_by_reference() -> None:
    assert compute(call("Number.add", left=reference("a"), right=reference("a")), a={"integerValue": "21"}) == 42


def test_arrays_and_dictionaries_are_made_of_nodes() -> None:
    array = {"arrayValue": {"values": [{"constantValue": 1}, reference("a")]}}
    both = {"dictionaryValue": {"values": {"list": array, "empty": {"arrayValue": {}}}}}
    assert compute(both, a={"constantValue": "x"}) == {"list": [1, "x"], "empty": []}


def test_a_chain_of_a_thousand_references_is_followed() -> None:
    values = {str(n): call("Number.add", left=reference(str(n + 1)), right=1) for n in range(1000)}
    assert evaluate({"result": "0", "values": {**values, "1000": {"constantValue": 0}}}, no_assets) == 1000


def test_an_image_that_is_doubled_sixty_times_is_computed_sixty_times_only() -> None:
    halves = {str(n): call("Image.max", image1=reference(str(n + 1)), image2=reference(str(n + 1))) for n in range(60)}
    doubled = evaluate({"result": "0", "values": {**halves, "60": image(7)}}, no_assets)
    assert planes(doubled)[0].values[0, 0] == 7


def nested(levels: int) -> dict[str, Any]:
    node = {"constantValue": 0}
    for _ in range(levels):
        node = call("Number.add", left=node, right=1)
    return node


def test_a_hundred_levels_are_computed_and_more_are_refused() -> None:
    assert compute(nested(99)) == 99
    with pytest.raises(ComputeError, match="nested deeper than 100 levels"):
        compute(nested(100))


BROKEN: list[tuple[str, Any, str]] = [
    ("nothing", {}, "'result' must be the key"),
    ("a key that is missing", {"result": "9", "values": {"0": {"constantValue": 1}}}, "no value '9'"),
    ("a node of two kinds", expression({"constantValue": 1, "integerValue": "1"}), "exactly one of"),
    ("a node of an unknown kind", expression({"imageValue": 1}), "exactly one of"),
    ("itself", expression(reference("0")), "depends on itself"),
    ("a circle", expression(reference("a"), a=reference("b"), b=reference("a")), "depends on itself"),
    ("an argument outside of a function", expression({"argumentReference": "x"}), "no argument 'x'"),
    ("an integer that is none", expression({"integerValue": "x"}), "is no integer"),
    ("not a number", expression({"constantValue": float("nan")}), "must be a finite number"),
    ("arguments that are a list", expression({"functionInvocationValue": {"functionName": "Date", "arguments": []}}), "'arguments' is missing"),
    ("no function", expression({"functionInvocationValue": {}}), "'functionName' is missing"),
    ("a reference to no function", expression({"functionInvocationValue": {"functionReference": "f"}}, f={"constantValue": 1}), "does not lead to a function"),
]  # fmt: skip


@pytest.mark.parametrize(("broken", "message"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_expression_is_explained(broken: dict[str, Any], message: str) -> None:
    with pytest.raises(ComputeError, match=message):
        evaluate(broken, no_assets)


def test_a_function_that_calls_itself_is_refused() -> None:
    again = {"functionInvocationValue": {"functionReference": "f", "arguments": {"x": {"argumentReference": "x"}}}}
    definition = {"functionDefinitionValue": {"argumentNames": ["x"], "body": "body"}}
    start = {"functionInvocationValue": {"functionReference": "f", "arguments": {"x": {"constantValue": 1}}}}
    with pytest.raises(ComputeError, match=r"nested too deeply|depends on itself"):
        compute(start, f=definition, body=again)


MESSAGES: list[tuple[dict[str, Any], str]] = [
    (call("Image.select", input=scene(), bandSelectors=["B9"]), "Image.select: Band pattern 'B9' did not match any bands. Available bands: [B2, B3, B4, B8]"),
    (call("Image.select", input=scene(), bandSelectors=[9]), "Image.select: Band index 9 is out of range. Available bands: [B2, B3, B4, B8]"),
    (call("Image.rename", input=image(1), names=["a", "b"]), "Image.rename: The number of names (2) must match the number of bands (1)."),
    (call("Image.add", image1=image(1, 2), image2=image(1, 2, 3)), "Image.add: Images must have the same number of bands, or one of them one band; found (2, 3)."),
    (call("Image.load", id="projects/p/assets/no"), "Image.load: Image asset 'projects/p/assets/no' not found (does not exist or caller does not have access)."),
    (call("Image.select", bandSelectors=[0]), "Image.select: Parameter 'input' is required and may not be null."),
    (call("Image.abs", value=image(1), extra=1), "Image.abs: Unrecognized argument 'extra'."),
    (call("Image.abs", value="text"), "Image.abs, argument 'value': Invalid type.\nExpected type: Image.\nActual type: String.\nActual value: text"),
    (call("Image.normalizedDifference", input=scene(), bandNames=["B8", "B9"]), "Image.normalizedDifference: No band named 'B9'. Available band names: [B2, B3, B4, B8]."),
    (call("Date", value="soon"), "Date: Invalid argument specified for ee.Date(): 'soon'."),
    (call("DateRange", start="2024-01-02", end="2024-01-01"), "DateRange: Empty date ranges not supported for the current operation."),
    (call("Dictionary.get", dictionary={}, key="a"), "Dictionary.get: Dictionary does not contain key: 'a'."),
    (call("Projection", crs="EPSG:0"), "Projection: The CRS of a map projection could not be parsed: 'EPSG:0'."),
    (call("Projection", crs="EPSG:no"), "Projection: The CRS of a map projection could not be parsed: 'EPSG:no'."),
    (call("Image.reproject", image=image(1), crs="EPSG:4326", crsTransform=[1, 0]), "Image.reproject: A crsTransform has 6 numbers, not 2."),
    (call("Image.reproject", image=image(1), crs="EPSG:4326", scale=0), "Image.reproject: The scale must be a positive number of meters, but is 0.0."),
]  # fmt: skip


@pytest.mark.parametrize(("result", "message"), MESSAGES, ids=[message[:40] for _, message in MESSAGES])
def test_a_refusal_reads_as_that_of_earth_engine(result: dict[str, Any], message: str) -> None:
    with pytest.raises(ComputeError) as caught:
        compute(result)
    assert str(caught.value) == message
    assert not isinstance(caught.value, NotComputed)


def test_too_many_pixels_of_a_region_are_refused_with_their_number() -> None:
    region = rectangle(691000, 5334000, 692000, 5335000, "EPSG:32632")
    with pytest.raises(
        ComputeError,
        match=r"^Image.reduceRegion: Too many pixels in the region. Found 10000, but maxPixels allows only 99",
    ):
        compute(call("Image.reduceRegion", image=scene(), reducer=call("Reducer.mean"), geometry=region, maxPixels=99))


def test_what_is_not_computed_is_said_and_not_faked() -> None:
    with pytest.raises(NotComputed, match=r"'Image.convolve' is not computed by the emulator"):
        compute(call("Image.convolve", image=image(1)))


@pytest.mark.parametrize(
    "text", ["", "b(", "1 +", "a b", "b('x", "x ? 1", "nothing", "foo(1)", "b(9)", "b('z')", "(" * 5000, "1 $ 2"]
)
def test_a_wrong_formula_is_refused(text: str) -> None:
    parsed = call("Image.parseExpression", expression=text, argName="i", vars=["i"])
    invoked = {"functionInvocationValue": {"functionReference": "f", "arguments": {"i": image(1)}}}
    with pytest.raises(ComputeError):
        compute(invoked, f=parsed)


def test_an_image_describes_itself() -> None:
    assert to_json(compute(call("Image.select", input=scene(), bandSelectors=["B4"])))["bands"] == [
        {
            "id": "B4",
            "data_type": {"type": "PixelType", "precision": "int", "min": 0, "max": 65535},
            "dimensions": [20000, 20000],
            "crs": "EPSG:32632",
            "crs_transform": [10, 0, 600000, 0, -10, 5400000],
        }
    ]


PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-3, 300), st.floats(), st.text(max_size=8),
    st.lists(st.integers(-3, 300), max_size=7), st.lists(st.lists(st.floats(-200, 200), min_size=2, max_size=2), max_size=5),
    st.sampled_from(["B4", "EPSG:4326", "EPSG:32632", "2024-01-01", "EMULATOR/S2", "month", "system:index", "b(0) / 2", "B."]),
    st.lists(st.text(max_size=3), max_size=3), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
).map(lambda value: {"constantValue": value})  # fmt: skip
DAYS = call(
    "ImageCollection.fromImages", images=[call("Image.load", id="EMULATOR/S2_DAILY/20240101"), image(1), image(2)]
)
FITTING = {
    "Image<unknown bands>": [scene(), image(1), image(1, -2.5), call("Image.load", id="EMULATOR/DEM")],
    "ImageCollection": [DAYS],
    "Collection": [DAYS],
    "Geometry": [rectangle(11, 48, 11.01, 48.01), call("GeometryConstructors.Point", coordinates=[11, 48])],
    "Projection": [call("Projection", crs="EPSG:3857"), call("Projection", crs="EPSG:4326", transform=[1e-9, 0, 0, 0, 1e9, 0])],
    "Reducer": [call("Reducer.minMax"), call("Reducer.median")],
    "Filter": [call("Filter.calendarRange", start=3)],
    "Element": [image(1), call("Feature")],
}  # fmt: skip


def fitting(parts: st.SearchStrategy[Any], kind: str) -> st.SearchStrategy[Any]:
    """A value of the right type more often than not, so that functions are reached and not only their doors."""
    known = FITTING.get(kind)
    return parts if known is None else st.one_of(st.sampled_from(known), st.sampled_from(known), parts)


def calls(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    def invocation(algorithm: dict[str, Any]) -> st.SearchStrategy[Any]:
        needed = {a["argumentName"]: fitting(parts, a["type"]) for a in algorithm["arguments"] if not a.get("optional")}
        optional = {a["argumentName"]: fitting(parts, a["type"]) for a in algorithm["arguments"] if a.get("optional")}
        name = algorithm["name"].removeprefix("algorithms/")
        return st.fixed_dictionaries(needed, optional=optional).map(
            lambda nodes: {"functionInvocationValue": {"functionName": name, "arguments": nodes}}
        )

    return st.sampled_from(ALGORITHMS).flatmap(invocation)


NODES = st.recursive(PLAIN | st.just(reference("0")) | st.just({"constantValue": 1, "x": 2}), calls, max_leaves=8)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NODES)
def test_whatever_is_sent_is_computed_or_refused_with_a_compute_error(result: Any) -> None:
    with suppress(ComputeError):
        value = evaluate({"result": "0", "values": {"0": result}}, no_assets)
        to_json(value)
        if isinstance(value, Image):
            image_pixels(value, grid=grid(10, 0, 691000, 0, -10, 5334000, width=3, height=2), file_format="NPY")


def test_a_value_may_be_named_by_several() -> None:
    assert pixel(call("Image.add", image1=reference("a"), image2=reference("b")), a=image(1), b=reference("a")) == 2


def test_a_function_that_is_not_computed_is_named_with_those_of_its_class_that_are() -> None:
    with pytest.raises(
        NotComputed, match=r"'Image.paint' is not computed.* Of Image, these are: Image.abs, .*Image.add"
    ):
        compute(call("Image.paint"))


def test_a_missing_name_of_the_public_catalogue_says_that_this_is_an_emulator() -> None:
    with pytest.raises(ComputeError, match=r"'NO/SUCH' not found .* This is an emulator: its public catalogue has"):
        compute(call("Image.load", id="NO/SUCH"))
