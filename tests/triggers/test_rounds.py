"""A round of looking, with a client that answers from a dict."""

import pytest

from airflow_provider_ee.client.errors import EarthEngineError, NotFound, PermissionDenied, Transient
from airflow_provider_ee.triggers.rounds import look_at

pytestmark = pytest.mark.anyio


class FakeClient:
    """Earth Engine with so many operations in its list, newest first; all of them can be looked at by name."""

    def __init__(self, listed, *, list_error=None):
        self.listed = listed
        self.list_error = list_error
        self.asked = []

    async def send(self, request):
        self.asked.append(request.path)
        if not request.path.endswith("/operations"):
            return operation(request.path)
        if self.list_error:
            raise self.list_error
        start = int(request.params.get("pageToken", 0))
        page = {"operations": [operation(name) for name in self.listed[start : start + 500]]}
        return {**page, "nextPageToken": str(start + 500)} if start + 500 < len(self.listed) else page

    async def run(self, flow):
        answer = None
        try:
            while True:
                try:
                    request = flow.send(answer)
                    answer = await self.send(request)
                except EarthEngineError as error:
                    flow.throw(error)
        except StopIteration as end:
            return end.value


def operation(name):
    return {"name": name, "metadata": {"state": "RUNNING"}}


def names(count, project="p"):
    return [f"projects/{project}/operations/{number:05}" for number in range(count)]


async def seen_of(client, wanted):
    seen = {}
    await look_at(client, wanted, seen.__setitem__)
    return seen


async def test_a_few_are_asked_for_by_name():
    client = FakeClient(names(1000))
    assert set(await seen_of(client, names(5))) == set(names(5))
    assert sorted(client.asked) == names(5)


async def test_many_are_found_with_one_listing():
    client = FakeClient(names(400))
    assert set(await seen_of(client, names(300))) == set(names(300))
    assert client.asked == ["projects/p/operations"]


async def test_paging_stops_when_all_are_found():
    client = FakeClient(names(20_000))
    await seen_of(client, names(600))
    assert client.asked == ["projects/p/operations"] * 2


async def test_what_the_list_does_not_show_soon_is_asked_for_by_name():
    client = FakeClient(names(20_000))
    old = names(20_000)[-3:]
    seen = await seen_of(client, names(100) + old)
    assert set(old) < set(seen)
    assert client.asked[:4] == ["projects/p/operations"] * 4
    assert sorted(client.asked[4:]) == old


async def test_each_project_has_a_list_of_its_own():
    client = FakeClient(names(6) + names(6, "q"))
    assert len(await seen_of(client, names(6) + names(6, "q"))) == 12
    assert client.asked == ["projects/p/operations", "projects/q/operations"]


async def test_a_list_that_cannot_be_read_for_now_is_not_made_up_for_by_a_storm_of_requests():
    client = FakeClient(names(100), list_error=Transient("busy"))
    seen = await seen_of(client, names(100))
    assert {type(error) for error in seen.values()} == {Transient}
    assert len(client.asked) == 1


@pytest.mark.parametrize("error", [PermissionDenied("no"), NotFound("no")])
async def test_a_list_that_may_not_be_read_is_done_without(error):
    client = FakeClient(names(100), list_error=error)
    seen = await seen_of(client, names(100))
    assert set(seen) == set(names(100))
    assert len(client.asked) == 101
