"""Which files an export writes: by name, and by asking Cloud Storage."""

import pytest

from airflow_provider_ee.client.errors import NotFound
from airflow_provider_ee.client.exports.outputs import find_files, is_output, table_exists


@pytest.mark.parametrize(
    ("name", "prefix", "file_format"),
    [
        ("a.tif", "a", "GEO_TIFF"),
        ("a-0000000000-0000010496.tif", "a", "GEO_TIFF"),
        ("f/0000000000-0000010496.tif", "f/", "GEO_TIFF"),
        ("a.npy", "a", "NPY"),
        ("a.tfrecord", "a", "TF_RECORD_IMAGE"),
        ("a-00000.tfrecord.gz", "a", "TF_RECORD_IMAGE"),
        ("a-mixer.json", "a", "TF_RECORD_IMAGE"),
        ("a.csv", "a", "CSV"),
        ("aee_export.csv", "a", "CSV"),
        ("aee_export.geojson", "a", "GEO_JSON"),
        ("a.shp", "a", "SHP"),
        ("a.dbf", "a", "SHP"),
        ("a.mp4", "a", "MP4"),
        ("a b(1).csv", "a b(1)", "CSV"),
    ],
)
def test_a_file_of_an_export_is_known_by_its_name(name, prefix, file_format):
    assert is_output(name, prefix, file_format)
    assert is_output(name, prefix)


@pytest.mark.parametrize(
    ("name", "prefix", "file_format"),
    [
        ("tile_10.tif", "tile_1", "GEO_TIFF"),
        ("a.tif", "a", "TF_RECORD_IMAGE"),
        ("a.csv", "a", "GEO_TIFF"),
        ("a_b.csv", "a", "CSV"),
        ("a/b.csv", "a", "CSV"),
        ("a-1-2.tif", "a", "GEO_TIFF"),
        ("b.tif", "a", "GEO_TIFF"),
        ("a.tif.aux.xml", "a", "GEO_TIFF"),
        ("a", "a", None),
    ],
)
def test_a_file_of_something_else_is_none(name, prefix, file_format):
    assert not is_output(name, prefix, file_format)


@pytest.mark.parametrize(
    ("name", "prefix", "counts"),
    [
        ("map/0/0/0", "map", True),
        ("map/12/100/200.png", "map", True),
        ("map/index.html", "map", True),
        ("map/0/0/0", "map/", True),
        ("map2/0/0/0", "map", False),
        ("map/notes.txt", "map", False),
    ],
)
def test_a_tile_of_a_map_is_known_by_its_path(name, prefix, counts):
    assert is_output(name, prefix, tiles=True) is counts


def play(flow, answers):
    """Give a flow these answers, and return its result and its requests."""
    requests, answers = [], iter(answers)
    try:
        request = next(flow)
        while True:
            requests.append(request)
            answer = next(answers)
            request = flow.throw(answer) if isinstance(answer, Exception) else flow.send(answer)
    except StopIteration as end:
        return end.value, requests


def page(*names, token=None):
    return {"items": [{"name": name} for name in names], **({"nextPageToken": token} if token else {})}


def test_only_names_with_the_prefix_are_asked_for():
    found, [request] = play(find_files("bucket", "a/b"), [page("a/b.tif", "a/b2.tif")])

    assert found == ["gs://bucket/a/b.tif"]
    assert (request.path, request.params["prefix"]) == ("b/bucket/o", "a/b")


def test_an_empty_bucket_has_no_files():
    assert play(find_files("bucket", "a"), [{}])[0] == []


def test_pages_are_followed():
    found, requests = play(find_files("bucket", "a"), [page("a.tif", token="2"), page("a-0000000000-0000000256.tif")])

    assert len(found) == 2
    assert requests[1].params["pageToken"] == "2"


def test_no_more_pages_are_read_than_are_needed_to_see_that_there_are_too_many():
    found, requests = play(find_files("bucket", "m", tiles=True, most=1), [page("m/0/0/0", "m/1/0/0", token="2")])

    assert found is None
    assert len(requests) == 1


def test_a_prefix_that_thousands_share_is_not_read_for_ever():
    found, requests = play(find_files("bucket", "a"), [page("ab", token="more")] * 100)

    assert found is None
    assert len(requests) == 20


def test_a_table_that_is_not_found_does_not_exist():
    assert play(table_exists("p.d.t"), [NotFound("no")])[0] is False
    assert play(table_exists("p.d.t"), [{"id": "p:d.t"}])[0] is True
