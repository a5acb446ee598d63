"""Lists that are asked for as far as somebody wants them."""

from airflow_provider_ee.client.errors import NotFound
from airflow_provider_ee.client.rest.flows import Items, collect, each_page, next_items
from airflow_provider_ee.client.rest.methods import operations_list
from tests.client.playing import play

REQUEST = operations_list("projects/p")


def page(*names, more=None):
    return {"operations": [{"name": name} for name in names], **({"nextPageToken": more} if more else {})}


def test_no_page_is_asked_for_before_its_items_are_wanted():
    listing = each_page(REQUEST, "operations")
    first, requests = play(next_items(listing), [page("a", "b", more="2")])
    assert [item["name"] for item in first] == ["a", "b"]
    assert len(requests) == 1
    second, [request] = play(next_items(listing), [page("c")])
    assert (second[0]["name"], request.params["pageToken"]) == ("c", "2")
    assert play(next_items(listing), []) == (None, [])


def test_an_error_is_thrown_into_the_listing_that_met_it():
    def listing():
        try:
            yield REQUEST
        except NotFound:
            yield Items(["gone"])

    assert play(collect(listing()), [NotFound("no")])[0] == ["gone"]


def test_a_listing_that_is_collected_has_all_items():
    found, requests = play(
        collect(each_page(REQUEST, "operations")),
        [
            page("a", more="2"),
            page(),
        ],
    )
    assert ([item["name"] for item in found], len(requests)) == (["a"], 2)
