from functools import partial

import ee
import pytest

from airflow_provider_ee.client.arguments.descriptions import description
from airflow_provider_ee.client.bulk.items import read_items
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.exports import EXPORTS
from airflow_provider_ee.client.operations.markers import Ticket
from airflow_provider_ee.client.operations.operation import Operation
from tests.client.bulk.histories import TICKET
from tests.emulator.requests import constant

TABLE = {"collection": constant(), "asset_id": "projects/p/assets/a"}


def to_files(key="May", **words):
    return {"key": key, "image": constant(), "bucket": "my-bucket", **words}


def read(*given, kind="image_to_cloud_storage", **common):
    return read_items(list(given), TICKET, kind=kind, common=common)


def body(item):
    return dict(item.request("projects/p", "id-1").body)


def test_an_item_becomes_the_request_of_its_export():
    [item] = read(to_files("2024-05-01", file_name_prefix="tiles/1", priority=7))
    request = item.request("projects/p", "id-1")
    assert (request.method.id, request.path) == ("projects.image.export", "projects/p/image:export")
    assert request.body["priority"] == 7
    destination = request.body["fileExportOptions"]["cloudStorageDestination"]
    assert destination == {"bucket": "my-bucket", "filenamePrefix": "tiles/1"}


def text_of(item):
    """The description without the marker."""
    return body(item)["description"].rpartition(";af:")[0]


def test_an_item_is_described_and_named_by_its_key():
    [item] = read(to_files("2024-05-01"))
    assert text_of(item) == "2024-05-01"
    assert item.destination()["uri_prefix"] == "gs://my-bucket/2024-05-01"


def test_an_item_may_have_a_description_of_its_own():
    [item] = read(to_files("2024-05-01", description="May"))
    assert text_of(item) == "May"
    assert item.destination()["uri_prefix"] == "gs://my-bucket/May"


def test_an_item_is_known_by_a_digest_of_its_key_and_nothing_else():
    [first], [again], [another] = read(to_files("a")), read(to_files("a", priority=1)), read(to_files("b"))
    assert first.digest == again.digest != another.digest
    assert first.ticket == TICKET.for_item("a")


def test_items_keep_their_order():
    assert [item.key for item in read(*map(to_files, "cab"))] == ["c", "a", "b"]


@pytest.mark.parametrize("given", [(), [], iter(()), {}.values()], ids=["tuple", "list", "iterator", "view"])
def test_there_may_be_none(given):
    assert read_items(given, TICKET, kind="image_to_cloud_storage", common={"priority": 5}) == []


def test_a_generator_yields_items():
    items = read_items((to_files(key) for key in "ab"), TICKET, kind="image_to_cloud_storage", common={})
    assert [item.key for item in items] == ["a", "b"]


def test_each_item_may_be_another_kind_of_export():
    image, table = read(to_files("a"), {"key": "b", "export": "table_to_asset", **TABLE})
    assert (image.kind.name, table.kind.name) == ("image_to_cloud_storage", "table_to_asset")
    assert table.request("projects/p", "id-1").method.id == "projects.table.export"


def test_a_kind_is_known_however_it_is_written():
    [item] = read({"key": "b", **TABLE}, kind="TABLE_toAsset")
    assert item.kind is EXPORTS["table_to_asset"]


def test_common_arguments_are_those_of_all_items_that_give_no_other():
    first, second = read(to_files("a"), to_files("b", priority=9), priority=5, workload_tag="tag")
    assert [(body(item)["priority"], body(item)["workloadTag"]) for item in (first, second)] == [(5, "tag"), (9, "tag")]


def test_common_arguments_go_to_the_kinds_that_have_them():
    image, table = read(
        to_files("a"), {"key": "b", "export": "table_to_asset", **TABLE}, crs="EPSG:4326", max_vertices=9
    )
    assert "max_vertices" not in image.arguments
    assert "crs" not in table.arguments


def test_a_description_in_common_is_no_items_key():
    [item] = read(to_files("a"), description="all-the-same")
    assert text_of(item) == "all-the-same"


def test_functions_among_the_arguments_are_called_when_the_request_is_built():
    calls = []

    def image():
        calls.append("image")
        return constant(5)

    [item] = read(to_files(image=image, priority=lambda: 3))
    assert calls == []
    assert body(item)["priority"] == 3
    assert body(item)["expression"] == constant(5)
    assert calls == ["image", "image"]


def test_a_function_may_be_common_to_all():
    items = read({"key": "a"}, {"key": "b"}, image=lambda: constant(5), bucket="my-bucket")
    assert [body(item)["expression"] for item in items] == [constant(5)] * 2


def test_an_ee_object_is_taken_as_it_is_though_it_can_be_called():
    class Callable(ee.ComputedObject):
        def __call__(self):
            raise AssertionError("It was called.")

    known = {"name": "Image.load", "args": [{"name": "id", "type": "String"}], "returns": "Image"}
    image = Callable(ee.ApiFunction("Image.load", known), {"id": "EMULATOR/DEM"})
    [item] = read(to_files(image=image))
    assert "EMULATOR/DEM" in str(body(item)["expression"])


def test_where_an_item_goes_may_be_a_function_too():
    calls = []
    [item] = read(
        {"key": "b", "collection": lambda: calls.append(1), "asset_id": lambda: TABLE["asset_id"]},
        kind="table_to_asset",
    )
    assert item.destination() == {"asset_id": TABLE["asset_id"]}
    assert calls == []


AN_ITEM = "a dict with a key and the arguments of the export"
KEYS = "a text of 1 to 200 characters"


@pytest.mark.parametrize(
    ("given", "argument", "problem", "allowed"),
    [
        pytest.param(None, "exports", "None is not a list of items", AN_ITEM, id="nothing"),
        pytest.param("May", "exports", "'May' is not a list of items", AN_ITEM, id="a text"),
        pytest.param(b"May", "exports", "b'May' is not a list of items", AN_ITEM, id="bytes"),
        pytest.param({"a": {}}, "exports", "{'a': {}} is not a list of items", AN_ITEM, id="a dict of items"),
        pytest.param(5, "exports", "5 is not a list of items", AN_ITEM, id="a number"),
        pytest.param([to_files("a"), "b"], "exports[1]", "'b' is not an item", AN_ITEM, id="an item that is a text"),
        pytest.param([None], "exports[0]", "None is not an item", AN_ITEM, id="an item that is nothing"),
        pytest.param([["key", "a"]], "exports[0]", "['key', 'a'] is not an item", AN_ITEM, id="an item that is a list"),
        pytest.param([{}], "exports[0].key", "is missing", KEYS, id="no key"),
        pytest.param([to_files("")], "exports[0].key", "'' is not a key", KEYS, id="an empty key"),
        pytest.param([to_files(5)], "exports[0].key", "5 is not a key", KEYS, id="a number as key"),
        pytest.param([to_files("a" * 201)], "exports[0].key", "aaa… is not a key", KEYS, id="a long key"),
        pytest.param([to_files("a"), to_files("b"), to_files("a")], "exports[2].key", "'a' is the key of an earlier item", "a key of its own", id="a key twice"),
        pytest.param([to_files(colour=1)], "exports[0].colour", "image_to_cloud_storage has no such argument", "bucket, image, ", id="an unknown argument"),
        pytest.param([to_files(asset_id="a")], "exports[0].asset_id", "image_to_cloud_storage has no such argument", "bucket", id="an argument of another kind"),
        pytest.param([{**to_files(), 5: 6}], "exports[0].5", "image_to_cloud_storage has no such argument", "bucket", id="a number as argument"),
        pytest.param([{"key": "May", "image": {}}], "exports[0].bucket", "'May' lacks it", "what image_to_cloud_storage needs", id="an argument is missing"),
        pytest.param([to_files(), to_files("b", export="image_to_moon")], "exports[1].export", "'image_to_moon' is not a valid kind of export", "table_to_big_query", id="an unknown kind"),
        pytest.param([to_files(export=None)], "exports[0].export", "None is not a valid kind of export", "table_to_drive", id="no kind"),
        pytest.param([to_files(export=["image_to_asset"])], "exports[0].export", "['image_to_asset'] is not a valid kind of export", "image_to_asset", id="a list of kinds"),
        pytest.param([to_files(export={})], "exports[0].export", "{} is not a valid kind of export", "image_to_asset", id="a dict as kind"),
    ],
)  # fmt: skip
def test_a_wrong_item_is_refused_by_its_place(given, argument, problem, allowed):
    with pytest.raises(InvalidArgument) as caught:
        read_items(given, TICKET, kind="image_to_cloud_storage", common={})
    assert caught.value.argument == argument
    assert problem in caught.value.problem
    assert allowed in caught.value.allowed


@pytest.mark.parametrize("kind", [None, "", "image", 5, ["image_to_asset"], {}], ids=str)
def test_a_wrong_kind_for_all_is_refused_by_its_own_name(kind):
    with pytest.raises(
        InvalidArgument, match=r"^export: .* is not a valid kind of export\. Allowed: image_to_cloud_storage, "
    ):
        read(to_files(), kind=kind)


def test_a_common_argument_that_no_kind_has_is_refused():
    table = {"key": "b", "export": "table_to_asset", **TABLE}
    with pytest.raises(InvalidArgument) as caught:
        read(to_files("a"), table, colour=1)
    assert caught.value.argument == "common.colour"
    assert caught.value.problem == "image_to_cloud_storage, table_to_asset has no such argument"


@pytest.mark.parametrize("words", [{"bucket": "gs://b"}, {"bucket": lambda: "gs://b"}], ids=["given", "made"])
def test_what_a_builder_refuses_is_told_with_the_items_key(words):
    [item] = read(to_files("May", **words))
    with pytest.raises(
        InvalidArgument, match=r"^May: bucket: 'gs://b' is not a valid bucket name\. Allowed: the bare name"
    ):
        item.request("projects/p", "id-1")


@pytest.mark.parametrize("key", ["2024-05-01/31TGL", "ÄÖ 🛰 [b]", "x" * 200, "x" * 57, "x" * 58, ";af:"], ids=len)
def test_a_key_may_be_any_text_and_is_found_in_a_description_that_earth_engine_takes(key):
    [item], [other] = read(to_files(key)), read(to_files(f"{key}.") if len(key) < 200 else to_files("x" * 199))

    described = body(item)["description"]

    assert description(described) == described
    assert len(described) <= 100
    assert Ticket.read(described) == TICKET.for_item(key)
    assert text_of(item) != text_of(other)


@pytest.mark.parametrize("text", ["May 2024", "x" * 58, ""], ids=["a space", "58 characters", "nothing"])
def test_a_description_that_earth_engine_or_the_marker_has_no_room_for_is_refused(text):
    [item] = read(to_files("May", description=text))
    with pytest.raises(InvalidArgument, match=r"^May: description: "):
        item.request("projects/p", "id-1")


def operation_of(item):
    """What was started for an item."""
    return Operation("projects/p/operations/a", description=body(item)["description"])


def test_an_operation_has_written_where_its_item_still_goes():
    [item] = read(to_files("May", file_name_prefix="may"))
    assert item.written_by(operation_of(item)) == item.destination()


@pytest.mark.parametrize(
    "change",
    [{"file_name_prefix": "april"}, {"bucket": "other"}, {"bucket": partial(str, "other")}, {"bucket": "gs://b"}],
    ids=["prefix", "bucket", "function", "wrong"],
)
def test_where_an_operation_has_written_is_unknown_once_its_item_goes_elsewhere(change):
    [before], [now] = read(to_files("May", file_name_prefix="may")), read(to_files("May", **change))
    assert now.written_by(operation_of(before)) is None


def test_another_image_does_not_change_where_an_item_is_written():
    [before], [now] = read(to_files("May")), read(to_files("May", image=constant(), priority=7))
    assert now.written_by(operation_of(before)) == now.destination()
