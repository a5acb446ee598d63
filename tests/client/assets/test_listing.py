import pytest

from airflow_provider_ee.client.assets.listing import list_assets, parent_name
from airflow_provider_ee.client.errors import InvalidArgument
from tests.client.playing import play

ROOT = "projects/p/assets"


def asset(path, kind="IMAGE"):
    return {"name": f"{ROOT}/{path}", "type": kind}


A, B, C = asset("a"), asset("b", "TABLE"), asset("c")
FOLDER, COLLECTION = asset("f", "FOLDER"), asset("f/g", "IMAGE_COLLECTION")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (None, "projects/mine"),
        ("projects/other", "projects/other"),
        ("projects/other/assets", "projects/other"),
        ("projects/other/assets/", "projects/other"),
        ("projects/other/assets/a", "projects/other/assets/a"),
        ("COPERNICUS/S2", "projects/earthengine-public/assets/COPERNICUS/S2"),
        ("users/ann", "projects/earthengine-legacy/assets/users/ann"),
    ],
)
def test_a_project_an_asset_or_nothing_can_be_listed(given, name):
    assert parent_name(given, "mine") == name


def test_what_is_none_of_them_is_refused():
    with pytest.raises(InvalidArgument, match="parent: 'a b' is not a valid asset id"):
        parent_name("a b", "mine")


def test_the_top_of_a_project_has_a_method_of_its_own():
    [request] = play(list_assets("projects/p"), [{}])[1]
    assert (request.method.id, request.path) == ("projects.listAssets", "projects/p:listAssets")


def test_pages_are_followed():
    found, requests = play(list_assets(ROOT + "/f"), [{"assets": [A, B], "nextPageToken": "t"}, {"assets": [C]}])
    assert found == [A, B, C]
    assert requests[1].params == {"pageSize": 1000, "pageToken": "t"}


def test_names_alone_come_in_large_pages():
    [request] = play(list_assets(ROOT + "/f", names_only=True), [{}])[1]
    assert request.params == {"pageSize": 10000, "view": "BASIC"}


def test_no_more_is_asked_for_than_wanted():
    found, [request] = play(list_assets(ROOT + "/f", limit=2), [{"assets": [A, B], "nextPageToken": "t"}])
    assert (found, request.params["pageSize"]) == ([A, B], 2)


def test_types_are_chosen_page_by_page_until_there_are_enough():
    answers = [{"assets": [B, A], "nextPageToken": "t"}, {"assets": [B, C], "nextPageToken": "u"}]
    assert play(list_assets(ROOT + "/f", types=["IMAGE"], limit=2), answers)[0] == [A, C]


def test_folders_are_entered_on_request_and_come_before_what_is_in_them():
    answers = [{"assets": [FOLDER, A]}, {"assets": [COLLECTION]}, {"assets": [C]}]
    assert play(list_assets("projects/p", recursive=True), answers)[0] == [FOLDER, A, COLLECTION, C]
    assert play(list_assets("projects/p"), answers[:1])[0] == [FOLDER, A]


def test_folders_are_entered_in_the_order_in_which_they_are_found():
    other = asset("g", "FOLDER")
    _, requests = play(list_assets("projects/p", recursive=True), [{"assets": [FOLDER, other]}, {}, {}])
    assert [request.name for request in requests[1:]] == [FOLDER["name"], other["name"]]


def test_a_collection_is_filtered_by_earth_engine():
    _, requests = play(list_assets(COLLECTION["name"], filter_text="startTime > 1"), [COLLECTION, {}])
    assert requests[1].params["filter"] == "startTime > 1"


@pytest.mark.parametrize(("parent", "answers"), [("projects/p", []), (FOLDER["name"], [FOLDER])])
def test_a_filter_that_would_be_ignored_is_refused(parent, answers):
    with pytest.raises(InvalidArgument, match="filter: 'x=1' would be ignored in a FOLDER"):
        play(list_assets(parent, filter_text="x=1"), answers)


@pytest.mark.parametrize("listed", [None, "A", [7, None, {}, {"name": 7}]], ids=str)
def test_what_is_no_list_of_assets_is_an_empty_one(listed):
    assert play(list_assets("projects/p"), [{"assets": listed}])[0] == []


@pytest.mark.parametrize(
    ("more", "size"),
    [({}, 1), ({"types": ["IMAGE"]}, 1000), ({"recursive": True}, 1000)],
    ids=["all", "a type", "a tree"],
)
def test_pages_are_small_only_if_each_asset_on_them_counts(more, size):
    _, [request] = play(list_assets(ROOT + "/f", limit=1, **more), [{"assets": [A]}])
    assert request.params["pageSize"] == size
