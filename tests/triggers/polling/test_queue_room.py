"""The doorman whom all triggers of a process share. Its client is a fake; time is the event loop's own."""

from contextlib import AsyncExitStack

import pytest

from airflow_provider_ee.client.errors import PermissionDenied, Transient
from airflow_provider_ee.client.operations import waiting
from airflow_provider_ee.triggers.polling import queue_room as module
from airflow_provider_ee.triggers.polling.queue_room import Doorman
from tests.triggers.fakes import FakeClient, answer, until

pytestmark = pytest.mark.anyio


class Queue(FakeClient):
    """A project with so many pending operations in its list at each look, and with the last number from then on."""

    def __init__(self, *pending, then=()):
        super().__init__()
        self.pending = list(pending)
        self.then = list(then)

    async def send(self, request):
        self.asked.append(request.path)
        first_page = "pageToken" not in request.params
        now = self.pending.pop(0) if len(self.pending) > 1 and first_page else self.pending[0]
        if isinstance(now, Exception):
            raise now
        return self.page(request, [answer("projects/p/operations/A", "PENDING")] * now + self.then)


class Guests:
    """Triggers that wait for room, in the order in which they came."""

    def __init__(self, doorman, stack):
        self.doorman = doorman
        self.stack = stack
        self.queues = []

    async def come(self, count, *, places=10, first_look_after=0.0, **more):
        for _ in range(count):
            queueing = self.doorman.queueing(places=places, interval=0.01, first_look_after=first_look_after, **more)
            self.queues.append(await self.stack.enter_async_context(queueing))
        await self.doorman.client()

    async def all_in(self, count):
        """Wait until so many are in."""
        await until(lambda: len(self.inside()) >= count)

    def inside(self):
        return [number for number, queue in enumerate(self.queues) if any(news.room for news in queue._queue)]

    def lines(self):
        return [news.line for queue in self.queues for news in queue._queue if news.line]


@pytest.fixture
async def guests_of():
    async with AsyncExitStack() as stack:
        yield lambda client: Guests(Doorman.shared("k", client.open), stack)


async def test_as_many_as_there_is_room_for_are_let_in_in_the_order_they_came(guests_of):
    client = Queue(7, 10)
    guests = guests_of(client)
    await guests.come(1000)
    await until(lambda: len(client.asked) >= 6)
    assert guests.inside() == [0, 1, 2]


async def test_one_look_serves_all(guests_of):
    client = Queue(10, 10, 0)
    guests = guests_of(client)
    await guests.come(10)
    await guests.all_in(10)
    assert len(client.asked) == 3


async def test_those_who_were_let_in_a_moment_ago_are_taken_to_be_on_their_way(guests_of):
    client = Queue(8)
    guests = guests_of(client)
    await guests.come(4)
    await guests.all_in(4)
    assert len(client.asked) >= 3, "two at the first look, nobody at the second, two at the third"


async def test_nobody_is_let_in_before_its_time(guests_of):
    client = Queue(9)
    guests = guests_of(client)
    await guests.come(1, first_look_after=3600.0)
    await guests.come(1)
    await guests.all_in(1)
    assert guests.inside() == [1]


async def test_each_is_let_in_by_its_own_idea_of_how_many_places_there_are(guests_of):
    guests = guests_of(Queue(50))
    await guests.come(1, places=10)
    await guests.come(1, places=100)
    await guests.all_in(1)
    assert guests.inside() == [1]


async def test_one_that_wants_many_places_waits_for_all_of_them_and_takes_them(guests_of):
    guests = guests_of(Queue(8, 7, 6))
    await guests.come(1, wants=3)
    await guests.come(2)
    await guests.all_in(2)
    assert guests.inside() == [1, 2]
    await guests.all_in(3)


async def test_running_and_finished_operations_take_no_place(guests_of):
    others = [answer("projects/p/operations/B", state) for state in ("RUNNING", "CANCELLING", "SUCCEEDED")]
    guests = guests_of(Queue(9, then=others * 10))
    await guests.come(2)
    await guests.all_in(1)


async def test_when_there_was_no_room_for_long_one_is_let_in_unasked(guests_of, monkeypatch):
    monkeypatch.setattr(module, "_SECONDS_WITHOUT_ROOM", 0.2)  # ten minutes
    guests = guests_of(Queue(10))
    await guests.come(3)
    await guests.all_in(1)
    assert guests.inside() == [0]


async def test_one_that_does_not_insist_is_not_let_in_unasked(guests_of, monkeypatch):
    monkeypatch.setattr(module, "_SECONDS_WITHOUT_ROOM", 0.05)
    guests = guests_of(Queue(10))
    await guests.come(1, insists=False)
    await guests.come(1)
    await guests.all_in(1)
    assert guests.inside() == [1]


async def test_one_is_let_in_unasked_also_when_nobody_can_count(guests_of, monkeypatch):
    monkeypatch.setattr(module, "_SECONDS_WITHOUT_ROOM", 0.2)  # ten minutes
    guests = guests_of(Queue(Transient("busy")))
    await guests.come(2)
    await guests.all_in(1)


async def test_trouble_is_said_once_and_waited_out(guests_of):
    guests = guests_of(Queue(*[Transient("busy")] * 5, 9))
    await guests.come(2)
    await guests.all_in(1)
    assert guests.lines() == ["Cannot look just now, trying again: busy"] * 2


async def test_trouble_is_said_again_after_it_was_over(guests_of):
    guests = guests_of(Queue(Transient("busy"), 10, Transient("busy"), 9))
    await guests.come(1)
    await guests.all_in(1)
    assert len(guests.lines()) == 2


async def test_trouble_that_does_not_pass_ends_the_wait(guests_of, monkeypatch):
    monkeypatch.setattr(waiting, "_PATIENCE", 0.05)  # a quarter of an hour
    guests = guests_of(Queue(PermissionDenied("no")))
    await guests.come(1)
    await until(lambda: any(isinstance(news.error, PermissionDenied) for news in guests.queues[0]._queue))


async def test_who_leaves_takes_no_place(guests_of):
    client = Queue(10, 10, 10, 9)
    guests = guests_of(client)
    async with guests.doorman.queueing(places=10, interval=0.01, first_look_after=0.0):
        await guests.come(1)
        await until(lambda: len(client.asked) >= 2)
    await guests.all_in(1)
