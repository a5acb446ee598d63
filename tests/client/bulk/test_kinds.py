"""What is exported in bulk is what the single operators export, with the same arguments."""

import inspect

import pytest

from airflow_provider_ee.client.bulk.items import read_items
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.exports import EXPORTS, find_export
from airflow_provider_ee.decorators import exports as decorators
from airflow_provider_ee.operators import exports as operators
from tests.client.bulk.histories import TICKET
from tests.operators.test_every_export import CASES

#: What every export may say, and the least that it may.
ALL = {"priority": 5, "workload_tag": "tag", "max_workers": 2}
LEAST = {"file_name_prefix": None, "path": None, "folder": None}


def case(name):
    """The case of an operator, such as `ImageToAsset`, for an export, such as `image_to_asset`."""
    [words] = [words for operator, (words, *_) in CASES.items() if operator.lower() == name.replace("_", "")]
    return words


def operator_of(name):
    [operator] = [
        known for known in operators.__all__ if known.lower() == f"earthengineexport{name.replace('_', '')}operator"
    ]
    return getattr(operators, operator)


def item_of(name, words):
    common = {word: value for word, value in words.items() if word in EXPORTS[name].needed}
    [item] = read_items([{"key": "made", **common}], TICKET, kind=name, common={})
    return item


def given(name, how):
    """The words of an export: those of the case, with others that all have, or without those that may be missing."""
    words = {word: value for word, value in case(name).items() if word in EXPORTS[name].needed}
    return {
        "all": {**words, **ALL},
        "case": words,
        "least": {**words, **{word: None for word in LEAST if word in words}},
    }[how]


EVERY = pytest.mark.parametrize("name", EXPORTS)


def work_of(request):
    return {name: value for name, value in request.body.items() if name not in {"description", "requestId"}}


@EVERY
@pytest.mark.parametrize("how", ["all", "case", "least"])
def test_an_item_asks_for_what_the_single_operator_asks_for(name, how):
    words = given(name, how)
    files = {
        word: "made" for word in ("file_name_prefix", "path") if word in EXPORTS[name].needed and not words.get(word)
    }
    no_look = {"on_empty": "ignore"} if "on_empty" in inspect.signature(operator_of(name).__init__).parameters else {}
    operator = operator_of(name)(task_id="made", **{**words, **files, **no_look})

    # Its own `request` also looks at the image, for which there is an Earth Engine in the tests of operators alone.
    single, item = operator.build(operator.given()).request("projects/p"), item_of(name, words)

    request = item.request("projects/p", "id-1")
    assert (request.method, request.path) == (single.method, single.path)
    assert work_of(request) == work_of(single)
    assert item.destination().items() <= operator.destination(single).items()


def test_all_is_there_that_has_an_operator_in_the_words_of_ee():
    assert {name.replace("_", "") for name in EXPORTS} == {name.lower() for name in CASES if "To" in name}
    assert len(EXPORTS) == 12


@EVERY
def test_an_export_has_the_name_of_its_decorator(name):
    assert EXPORTS[name].name == name
    assert hasattr(decorators, f"ee_export_{name}")


@EVERY
def test_a_kind_has_the_parameters_of_its_builder(name):
    words = inspect.signature(EXPORTS[name]).parameters
    assert "description" in words
    assert all(parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in words.values())
    assert not {"key", "export"} & set(words)


@pytest.mark.parametrize("name", ["image_to_asset", "imageToAsset", "IMAGE_TO_ASSET"])
def test_an_export_is_found_by_its_name(name):
    assert find_export(name, "export") is EXPORTS["image_to_asset"]


@pytest.mark.parametrize("name", [None, "", "image", "to_asset", 5, ["image_to_asset"]], ids=str)
def test_what_is_no_export_is_refused(name):
    with pytest.raises(InvalidArgument) as caught:
        find_export(name, "exports[3].export")
    assert caught.value.argument == "exports[3].export"
    assert caught.value.allowed == ", ".join(EXPORTS)
