"""A round of looking, with a client that answers from a dict."""

import asyncio

import pytest

from airflow_provider_ee.client.errors import NotFound, PermissionDenied, Transient
from airflow_provider_ee.triggers.polling.rounds import PAUSE_AFTER_PAGE, PAUSE_BETWEEN_GETS, poll_operations
from tests.triggers.fakes import FakeClient, answer

pytestmark = pytest.mark.anyio


class Listed(FakeClient):
    """Earth Engine with so many operations in its list, newest first; all of them can be looked at by name."""

    def __init__(self, listed, *, list_errors=()):
        super().__init__()
        self.listed = [answer(name, "RUNNING") for name in listed]
        self.list_errors = list(list_errors)

    async def send(self, request):
        self.asked.append(request.path)
        if not request.path.endswith("/operations"):
            return answer(request.path, "RUNNING")
        if error := self.list_errors.pop(0) if self.list_errors else None:
            raise error
        return self.page(request, self.listed)

    @property
    def pages(self):
        return sum(path.endswith("/operations") for path in self.asked)

    @property
    def gets(self):
        return [path for path in self.asked if not path.endswith("/operations")]


def names(count, project="p"):
    return [f"projects/{project}/operations/{number:05}" for number in range(count)]


async def seen_of(client, wanted, **options):
    seen = {}
    await poll_operations(client, wanted, seen.__setitem__, **options)
    return seen


def test_there_are_ten_requests_a_second_at_most_though_each_look_by_name_may_be_sent_twice():
    assert 1 / PAUSE_AFTER_PAGE <= 10
    assert 2 / PAUSE_BETWEEN_GETS <= 10


async def test_a_few_are_asked_for_by_name():
    client = Listed(names(1000))
    assert set(await seen_of(client, names(5))) == set(names(5))
    assert sorted(client.asked) == names(5)


async def test_many_are_found_with_one_listing():
    client = Listed(names(400))
    assert set(await seen_of(client, names(300))) == set(names(300))
    assert client.asked == ["projects/p/operations"]


async def test_paging_stops_when_all_are_found():
    client = Listed(names(20_000))
    await seen_of(client, names(600))
    assert client.asked == ["projects/p/operations"] * 2


async def test_what_the_list_does_not_show_soon_is_asked_for_by_name():
    client = Listed(names(20_000))
    old = names(20_000)[-3:]
    seen = await seen_of(client, names(100) + old)
    assert set(old) < set(seen)
    assert client.asked[:3] == ["projects/p/operations"] * 3
    assert sorted(client.asked[3:]) == old


async def test_many_that_lie_deep_in_the_list_are_worth_many_pages():
    client = Listed(names(20_000))
    await seen_of(client, names(20_000)[-1000:])
    assert client.asked == ["projects/p/operations"] * 40


async def test_each_project_has_a_list_of_its_own():
    client = Listed(names(6) + names(6, "q"))
    assert len(await seen_of(client, names(6) + names(6, "q"))) == 12
    assert client.asked == ["projects/p/operations", "projects/q/operations"]


async def test_a_list_that_cannot_be_read_for_now_is_not_made_up_for_by_a_storm_of_requests():
    client = Listed(names(100), list_errors=[Transient("busy")])
    seen = await seen_of(client, names(100))
    assert {type(error) for error in seen.values()} == {Transient}
    assert len(client.asked) == 1


async def test_what_was_found_before_the_list_broke_off_counts():
    client = Listed(names(1000), list_errors=[None, Transient("busy")])
    seen = await seen_of(client, names(1000))
    assert sum(isinstance(found, Transient) for found in seen.values()) == 500


@pytest.mark.parametrize("error", [PermissionDenied("no"), NotFound("no")])
async def test_a_list_that_may_not_be_read_is_done_without(error):
    client = Listed(names(100), list_errors=[error])
    assert set(await seen_of(client, names(100), seconds=3600.0)) == set(names(100))
    assert client.pages == 1
    assert sorted(client.gets) == names(100)


async def test_there_is_an_end_to_asking_one_by_one_and_who_waited_longest_comes_first():
    client = Listed([])
    await seen_of(client, names(10_000), seconds=0.04)
    assert client.gets == names(20)


async def test_only_a_few_are_asked_for_at_the_same_time():
    class Slow(Listed):
        most = under_way = 0

        async def send(self, request):
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            if request.path in names(100):
                await asyncio.sleep(0.05)
            self.under_way -= 1
            return await super().send(request)

    client = Slow([])
    await seen_of(client, names(100), seconds=3600.0)
    assert len(client.gets) == 100
    assert client.most == 8


async def test_thousands_who_are_told_of_trouble_leave_the_event_loop_to_others():
    async def count():
        while True:
            turns.append("turn")
            await asyncio.sleep(0)

    turns = []
    other = asyncio.create_task(count())
    await seen_of(Listed([], list_errors=[Transient("busy")]), names(1000))
    other.cancel()
    assert len(turns) >= 1000 / 50


async def test_a_fault_of_our_own_comes_out_as_what_it_is():
    class Broken(Listed):
        async def send(self, request):
            raise ZeroDivisionError("bug")

    with pytest.raises(ZeroDivisionError, match="bug"):
        await seen_of(Broken([]), names(3))
