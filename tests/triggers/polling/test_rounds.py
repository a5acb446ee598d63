"""A round of looking, with a client that answers from a dict."""

import asyncio

import pytest

from airflow_provider_ee.client.errors import InvalidRequest, NotFound, PermissionDenied, Transient, Unauthenticated
from airflow_provider_ee.triggers.polling.rounds import PAUSE_BETWEEN_GETS, PAUSE_BETWEEN_PAGES, PollRounds, Target
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


class Rounds:
    """Polls operations round after round, and keeps what was learned in the last one."""

    def __init__(self, client, wanted):
        self.client = client
        self.targets = {name: Target(name) for name in wanted}
        self.rounds = PollRounds(lambda target, seen: self.seen.__setitem__(target.name, seen))
        self.seen = {}

    async def poll(self, **options):
        """Poll once, and return what was asked for."""
        self.seen = {}
        self.client.asked.clear()
        await self.rounds.poll(self.client, self.targets.values(), **options)
        return self.client.asked


async def seen_of(client, wanted, **options):
    rounds = Rounds(client, wanted)
    await rounds.poll(**options)
    return rounds.seen


def test_there_are_ten_requests_a_second_at_most_though_each_look_by_name_may_be_sent_twice():
    assert 1 / PAUSE_BETWEEN_PAGES <= 10
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
    assert client.pages <= 4
    assert sorted(client.gets) == old


async def test_once_it_is_known_where_they_are_buried_no_more_pages_are_read_than_gets_would_be_sent():
    client = Listed(names(6000))
    deep = names(6000)[5000:]
    rounds = Rounds(client, deep)
    assert len(await rounds.poll(seconds=3600.0)) == 12, "all pages, to find 1,000"
    rounds.targets = {name: rounds.targets[name] for name in deep[:10]}
    assert sorted(await rounds.poll(seconds=3600.0)) == deep[:10], "each by a GET, for the list would take 11"
    rounds.targets |= {name: Target(name) for name in names(400)}
    asked = await rounds.poll(seconds=3600.0)
    assert len(asked) == 1 + 10, "the newest in one page"
    assert rounds.seen.keys() == rounds.targets.keys()


@pytest.mark.parametrize("depth", [0, 3, 10, 40])
@pytest.mark.parametrize("count", [6, 20, 200])
async def test_no_more_requests_are_sent_than_the_list_has_pages_but_while_nothing_is_known(depth, count):
    client = Listed(names(500 * depth + 500))
    rounds = Rounds(client, names(500 * depth + count)[-count:])
    for _ in range(5):
        asked = await rounds.poll(seconds=3600.0)
        assert rounds.seen.keys() == rounds.targets.keys()
    assert len(asked) <= max(depth + 1, 6 + 1)


async def test_what_newer_operations_push_on_is_followed():
    client = Listed(names(1000))
    rounds = Rounds(client, names(500))
    await rounds.poll()
    client.listed = [answer(f"projects/p/operations/new{number}", "RUNNING") for number in range(700)] + client.listed
    assert await rounds.poll(seconds=3600.0) == ["projects/p/operations"] * 3
    assert rounds.seen.keys() == rounds.targets.keys()


async def test_what_a_list_shows_late_is_found_there_later():
    client = Listed([])
    rounds = Rounds(client, names(100))
    assert len(await rounds.poll(seconds=3600.0)) == 1 + 100
    client.listed = [answer(name, "RUNNING") for name in names(100)]
    assert await rounds.poll(seconds=3600.0) == ["projects/p/operations"]


async def test_an_answer_about_another_operation_is_not_believed():
    class Confused(Listed):
        async def send(self, request):
            return answer("projects/p/operations/B", "SUCCEEDED")

    seen = await seen_of(Confused([]), ["projects/p/operations/A"])
    assert isinstance(seen["projects/p/operations/A"], Transient)


async def test_credentials_that_are_refused_are_not_tried_for_each_operation():
    client = Listed(names(100), list_errors=[Unauthenticated("who?")])
    seen = await seen_of(client, names(100), seconds=3600.0)
    assert {type(error) for error in seen.values()} == {Unauthenticated}
    assert len(client.asked) == 1


async def test_only_what_is_read_is_asked_for_unless_that_is_refused():
    class Whole(Listed):
        async def send(self, request):
            if "fields" in request.params:
                refused.append(request.path)
                raise InvalidRequest("fields")
            return await super().send(request)

    refused = []
    rounds = Rounds(Whole(names(100)), [*names(100), "projects/q/operations/A"])
    await rounds.poll()
    assert rounds.seen.keys() == rounds.targets.keys()
    await rounds.poll()
    assert refused == ["projects/p/operations"]


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


async def test_a_list_that_cannot_be_read_for_long_is_done_without():
    client = Listed(names(100), list_errors=[Transient("busy")] * 9)
    rounds = Rounds(client, names(100))
    for _ in range(3):
        assert len(await rounds.poll(seconds=0.04)) == 1
    polled = set()
    for _ in range(5):
        assert len(await rounds.poll(seconds=0.04)) == 1 + 20
        polled |= rounds.seen.keys()
    assert polled == set(names(100))


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
