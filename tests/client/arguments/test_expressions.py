import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_ee.client.arguments.expressions import (
    applied,
    call,
    constant,
    expression,
    inlined,
    load_classifier,
    load_image,
    load_image_collection,
    load_table,
    mapped,
    only_image,
)
from airflow_provider_ee.client.errors import InvalidArgument

ONE = {"result": "0", "values": {"0": {"constantValue": 1}}}


@pytest.mark.parametrize("given_", [ONE, json.dumps(ONE), json.dumps(ONE).encode()], ids=["dict", "text", "bytes"])
def test_an_expression_is_read_from_a_dict_and_from_json(given_):
    assert expression(given_) == ONE


def test_an_ee_object_with_a_number_that_json_does_not_have_is_refused(ee):
    with pytest.raises(InvalidArgument, match=r"^image: it cannot be written as JSON"):
        expression(ee.Number(float("nan")), "image")


def test_an_ee_object_is_written_down(ee):
    assert expression(ee.Number(1)) == ONE


def test_the_users_own_dict_is_never_changed():
    mine = json.loads(json.dumps(ONE))
    applied(expression(mine), "Image.clip", "input", geometry=constant(None))
    assert mine == ONE


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        pytest.param(None, "image: None is of type NoneType", id="none"),
        pytest.param("{", "image: '{' is not valid JSON", id="broken text"),
        pytest.param("[" * 100_000, "is not valid JSON", id="deep text"),
        pytest.param([ONE], "is of type list", id="list"),
        pytest.param({}, "it has no values but nothing", id="empty"),
        pytest.param({"type": "CompoundValue", "scope": []}, "no values but 'type', 'scope'", id="old format"),
        pytest.param({**ONE, "result": "7"}, "image.result: '7' names none of its values", id="no result"),
        pytest.param({"result": "0", "values": {"0": 1}}, "image.values.0: 1 is not a valid node", id="bare value"),
        pytest.param({"result": "0", "values": {"0": {"a": 1}}}, "is not a valid node", id="unknown node"),
        pytest.param({"result": "0", "values": {"0": {"constantValue": float("nan")}}}, "cannot be written", id="NaN"),
        pytest.param({"result": "0", "values": {"0": {"constantValue": {1}}}}, "cannot be written", id="set"),
    ],
)
def test_what_is_no_expression_is_refused_by_the_name_of_the_argument(wrong, problem):
    with pytest.raises(InvalidArgument) as caught:
        expression(wrong, "image")
    assert problem in str(caught.value)
    assert "Allowed: " in str(caught.value)


def test_wrapping_refers_to_what_was_there():
    wrapped = applied(ONE, "Image.clip", "input", geometry=constant("g"))
    assert wrapped["values"][wrapped["result"]] == call(
        "Image.clip", input={"valueReference": "0"}, geometry=constant("g")
    )
    assert wrapped["values"]["0"] == ONE["values"]["0"]


@pytest.mark.parametrize("taken", ["0", "1", "2"])
def test_wrapping_never_overwrites_a_value(taken):
    whole = {"result": taken, "values": {taken: {"constantValue": 1}}}
    assert len(applied(whole, "Image.clip", "input")["values"]) == 2


def test_an_argument_that_is_an_expression_keeps_its_functions():
    function = {"functionDefinitionValue": {"argumentNames": ["x"], "body": "1"}}
    body = call("G", of={"argumentReference": "x"}, and_={"valueReference": "2"})
    region = {
        "result": "0",
        "values": {"0": call("F", of=function), "1": body, "2": {"constantValue": {"valueReference": "1"}}},
    }

    whole = applied(ONE, "Image.clip", "input", geometry=region)

    assert whole == {
        "result": "4",
        "values": {
            "0": {"constantValue": 1},
            "1": call("F", of={"functionDefinitionValue": {"argumentNames": ["x"], "body": "2"}}),
            "2": call("G", of={"argumentReference": "x"}, and_={"valueReference": "3"}),
            "3": {"constantValue": {"valueReference": "1"}},
            "4": call("Image.clip", input={"valueReference": "0"}, geometry={"valueReference": "1"}),
        },
    }


def test_a_function_is_mapped_over_a_collection():
    image = {"result": "0", "values": {"0": {"argumentReference": "image"}}}

    whole = mapped(ONE, applied(image, "Image.not", "value"), "image")

    definition = {"functionDefinitionValue": {"argumentNames": ["image"], "body": "1"}}
    assert whole == {
        "result": "2",
        "values": {
            "0": {"constantValue": 1},
            "1": call("Image.not", value={"argumentReference": "image"}),
            "2": call("Collection.map", collection={"valueReference": "0"}, baseAlgorithm=definition),
        },
    }


def test_a_small_expression_becomes_one_node():
    whole = {"result": "0", "values": {"0": call("F", a={"valueReference": "1"}), "1": {"constantValue": [0]}}}
    assert inlined(whole) == call("F", a={"constantValue": [0]})


@settings(max_examples=1000)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text() | st.binary(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["result", "values", "0", "constantValue"]), inner)
        ),
    )
)
def test_no_input_whatever_makes_reading_fall_over(value):
    try:
        assert expression(value).keys() >= {"result", "values"}
    except InvalidArgument as error:
        assert error.argument.startswith("expression")


@pytest.mark.parametrize(
    ("load", "function", "parameter"),
    [
        (load_image, "Image.load", "id"),
        (load_image_collection, "ImageCollection.load", "id"),
        (load_table, "Collection.loadTable", "tableId"),
        (load_classifier, "Classifier.load", "id"),
    ],
)
@pytest.mark.parametrize(
    ("given", "id_"),
    [
        ("USGS/SRTMGL1_003", "USGS/SRTMGL1_003"),
        (" projects/p/assets/a ", "projects/p/assets/a"),
        ("projects/earthengine-public/assets/USGS/SRTMGL1_003", "USGS/SRTMGL1_003"),
        ("users/me/a", "projects/earthengine-legacy/assets/users/me/a"),
    ],
)
def test_the_id_of_an_asset_stands_for_the_asset(load, function, parameter, given, id_):
    assert load(given) == {"result": "0", "values": {"0": call(function, **{parameter: constant(id_)})}}


@pytest.mark.parametrize("load", [load_image, load_image_collection, load_table, load_classifier])
def test_an_expression_stays_what_it_is_where_an_id_may_stand(load):
    whole = {"result": "0", "values": {"0": constant(1)}}

    assert load(whole) == load(json.dumps(whole)) == whole


@pytest.mark.parametrize(
    "given", ["", "a b", "image.json", "ee/image.geojson", "gs://bucket/image.tif", "{", 5, None, b"a"]
)
def test_what_is_neither_an_id_nor_an_expression_is_refused_by_the_arguments_name(given):
    with pytest.raises(InvalidArgument, match=r"^image: .*Allowed: .*an expression \{"):
        load_image(given)


def test_the_image_on_which_an_expression_rests_is_known_if_it_is_the_only_one():
    one = load_image("USGS/SRTMGL1_003")
    scaled = applied(one, "Image.multiply", "image1", image2=call("Image.constant", value=constant(2)))
    two = applied(one, "Image.add", "image1", image2=load_image("COPERNICUS/S2/x"))
    with_collection = applied(one, "Image.add", "image1", image2=load_image_collection("COPERNICUS/S2"))

    assert only_image(one) == only_image(scaled) == "USGS/SRTMGL1_003"
    assert only_image(two) is only_image(with_collection) is only_image(load_table("a/b")) is None
