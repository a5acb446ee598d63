"""The gate whom all triggers of a process share. Its client is a fake; time is the event loop's own."""

from contextlib import AsyncExitStack

import pytest

from airflow_provider_ee.client.errors import PermissionDenied, Transient
from airflow_provider_ee.client.operations import waiting
from airflow_provider_ee.triggers.polling import queue_room as module
from airflow_provider_ee.triggers.polling.queue_room import QueueGate
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


class Subscribers:
    """Triggers that wait for room, in the order in which they came."""

    def __init__(self, gate, stack):
        self.gate = gate
        self.stack = stack
        self.queues = []

    async def come(self, count, *, limit=10, first_poll_after=0.0, **more):
        for _ in range(count):
            subscription = self.gate.subscribe(limit=limit, interval=0.01, first_poll_after=first_poll_after, **more)
            self.queues.append(await self.stack.enter_async_context(subscription))
        await self.gate.client()

    async def all_in(self, count):
        """Wait until so many are in."""
        await until(lambda: len(self.inside()) >= count)

    def inside(self):
        return [number for number, queue in enumerate(self.queues) if any(update.room for update in queue._queue)]

    def lines(self):
        return [update.line for queue in self.queues for update in queue._queue if update.line]


@pytest.fixture
async def subscribers_to():
    async with AsyncExitStack() as stack:
        yield lambda client: Subscribers(QueueGate.shared("k", client.open), stack)


async def test_as_many_as_there_is_room_for_are_let_in_in_the_order_they_came(subscribers_to):
    client = Queue(7, 10)
    subscribers = subscribers_to(client)
    await subscribers.come(1000)
    await until(lambda: len(client.asked) >= 6)
    assert subscribers.inside() == [0, 1, 2]


async def test_one_look_serves_all(subscribers_to):
    client = Queue(10, 10, 0)
    subscribers = subscribers_to(client)
    await subscribers.come(10)
    await subscribers.all_in(10)
    assert len(client.asked) == 3


async def test_those_who_were_let_in_a_moment_ago_are_taken_to_be_on_their_way(subscribers_to):
    client = Queue(8)
    subscribers = subscribers_to(client)
    await subscribers.come(4)
    await subscribers.all_in(4)
    assert len(client.asked) >= 3, "two at the first look, nobody at the second, two at the third"


async def test_nobody_is_let_in_before_its_time(subscribers_to):
    client = Queue(9)
    subscribers = subscribers_to(client)
    await subscribers.come(1, first_poll_after=3600.0)
    await subscribers.come(1)
    await subscribers.all_in(1)
    assert subscribers.inside() == [1]


async def test_each_is_let_in_by_its_own_idea_of_how_many_places_there_are(subscribers_to):
    subscribers = subscribers_to(Queue(50))
    await subscribers.come(1, limit=10)
    await subscribers.come(1, limit=100)
    await subscribers.all_in(1)
    assert subscribers.inside() == [1]


async def test_one_that_wants_many_places_waits_for_all_of_them_and_takes_them(subscribers_to):
    subscribers = subscribers_to(Queue(8, 7, 6))
    await subscribers.come(1, slots=3)
    await subscribers.come(2)
    await subscribers.all_in(2)
    assert subscribers.inside() == [1, 2]
    await subscribers.all_in(3)


async def test_running_and_finished_operations_take_no_place(subscribers_to):
    others = [answer("projects/p/operations/B", state) for state in ("RUNNING", "CANCELLING", "SUCCEEDED")]
    subscribers = subscribers_to(Queue(9, then=others * 10))
    await subscribers.come(2)
    await subscribers.all_in(1)


async def test_when_there_was_no_room_for_long_one_is_let_in_unasked(subscribers_to, monkeypatch):
    monkeypatch.setattr(module, "_SECONDS_WITHOUT_ROOM", 0.2)  # ten minutes
    subscribers = subscribers_to(Queue(10))
    await subscribers.come(3)
    await subscribers.all_in(1)
    assert subscribers.inside() == [0]


async def test_one_that_does_not_insist_is_not_let_in_unasked(subscribers_to, monkeypatch):
    monkeypatch.setattr(module, "_SECONDS_WITHOUT_ROOM", 0.05)
    subscribers = subscribers_to(Queue(10))
    await subscribers.come(1, retries=False)
    await subscribers.come(1)
    await subscribers.all_in(1)
    assert subscribers.inside() == [1]


async def test_one_is_let_in_unasked_also_when_nobody_can_count(subscribers_to, monkeypatch):
    monkeypatch.setattr(module, "_SECONDS_WITHOUT_ROOM", 0.2)  # ten minutes
    subscribers = subscribers_to(Queue(Transient("busy")))
    await subscribers.come(2)
    await subscribers.all_in(1)


async def test_trouble_is_said_once_and_waited_out(subscribers_to):
    subscribers = subscribers_to(Queue(*[Transient("busy")] * 5, 9))
    await subscribers.come(2)
    await subscribers.all_in(1)
    assert sum("trying again: busy" in line for line in subscribers.lines()) == 2


async def test_trouble_is_said_again_after_it_was_over(subscribers_to):
    subscribers = subscribers_to(Queue(Transient("busy"), 10, Transient("busy"), 9))
    await subscribers.come(1)
    await subscribers.all_in(1)
    assert sum("trying again" in line for line in subscribers.lines()) == 2


async def test_trouble_that_does_not_pass_ends_the_wait(subscribers_to, monkeypatch):
    monkeypatch.setattr(waiting, "_PATIENCE", 0.05)  # a quarter of an hour
    subscribers = subscribers_to(Queue(PermissionDenied("no")))
    await subscribers.come(1)
    await until(lambda: any(isinstance(update.error, PermissionDenied) for update in subscribers.queues[0]._queue))


async def test_who_leaves_takes_no_place(subscribers_to):
    client = Queue(10, 10, 10, 9)
    subscribers = subscribers_to(client)
    async with subscribers.gate.subscribe(limit=10, interval=0.01, first_poll_after=0.0):
        await subscribers.come(1)
        await until(lambda: len(client.asked) >= 2)
    await subscribers.all_in(1)
