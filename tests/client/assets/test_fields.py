import time
from datetime import UTC, datetime

import pytest

from airflow_provider_ee.client.assets.fields import asset_update, collection_fields
from airflow_provider_ee.client.errors import InvalidArgument


def test_only_what_is_named_is_in_the_mask():
    assert asset_update(properties={"a": 1, "b": None}, start_time="2026-01-31", title="") == {
        "asset": {"startTime": "2026-01-31T00:00:00Z", "properties": {"a": 1}},
        "updateMask": {"paths": ["start_time", "title", "properties.a", "properties.b"]},
    }


def test_an_old_property_of_any_name_is_removed_by_its_quoted_name():
    [path] = asset_update(properties={"system:index.x": None})["updateMask"]["paths"]
    assert path == 'properties."system:index.x"'


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("2026-01-31", "2026-01-31T00:00:00Z"),
        ("2026-01-31T12:30:00Z", "2026-01-31T12:30:00Z"),
        ("2026-01-31T12:30:00+02:00", "2026-01-31T10:30:00Z"),
        (datetime(2026, 1, 31), "2026-01-31T00:00:00Z"),  # noqa: DTZ001
        (datetime(2026, 1, 31, 1, tzinfo=UTC), "2026-01-31T01:00:00Z"),
    ],
    ids=str,
)
def test_a_time_may_be_written_in_several_ways(given, written):
    assert collection_fields(start_time=given) == {"startTime": written}


def test_a_time_without_a_zone_is_not_in_that_of_the_worker(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert collection_fields(end_time="2026-01-31T12:00:00") == {"endTime": "2026-01-31T12:00:00Z"}
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_new_collection_takes_no_empty_fields():
    assert collection_fields(properties={"a": None}, end_time="") == {}


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({}, "properties: nothing is to be changed"),
        ({"properties": []}, "properties: [] is of type list"),
        ({"properties": {}}, "properties: nothing is to be changed"),
        ({"properties": {"": 1}}, "properties: '' is not a valid name"),
        ({"properties": {'a"': 1}}, "is not a valid name"),
        ({"properties": {"a": True}}, "properties.a: True is of type bool"),
        ({"properties": {"a": [1]}}, r"properties.a: [1] is of type list"),
        ({"properties": {"a": float("nan")}}, "properties.a: nan is of type float"),
        ({"start_time": "yesterday"}, "start_time: 'yesterday' is not a valid time"),
        ({"end_time": "5"}, "end_time: '5' is not a valid time"),
        ({"start_time": "2026-02-01", "end_time": "2026-01-01"}, "end_time: 2026-01-01T00:00:00Z is before start_time"),
        ({"title": 7}, "title: 7 is not a valid text"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named(words, problem):
    with pytest.raises(InvalidArgument) as caught:
        asset_update(**words)
    assert problem in str(caught.value)
