"""What poller and gate have in common, seen at a poller that only counts. Time is the event loop's own."""

import asyncio
import contextvars
import gc
import time
import weakref
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from airflow_provider_ee.client.errors import EarthEngineError
from airflow_provider_ee.triggers.polling import shared as module
from airflow_provider_ee.triggers.polling.shared import SharedPoller, Subscriber, Update
from tests.triggers.fakes import FakeClient, until

pytestmark = pytest.mark.anyio

WHO = contextvars.ContextVar("WHO", default="nobody")


class Counter(SharedPoller):
    """Tells everybody the number of the look, and notes for whom it looked, in whose name, and how often it planned."""

    def __init__(self, key, open_client):
        super().__init__(key, open_client)
        self.looks = []
        self.plans = 0
        self.seen_as = set()
        self.fault = None

    def wait(self, interval=0.01, first_poll_after=0.0):
        return self._subscribe(Subscriber(interval, asyncio.get_running_loop().time() + first_poll_after))

    async def _poll(self, client):
        self.seen_as.add(WHO.get())
        self.looks.append(len(self._subscribers))
        if self.fault:
            raise self.fault
        for subscriber in self._subscribers:
            subscriber.updates.put_nowait(Update(str(len(self.looks))))

    def _plan(self, now):
        self.plans += 1
        return super()._plan(now)


async def first_update(poller, **timing):
    async with asyncio.timeout(10), poller.wait(**timing) as updates:
        await poller.client()
        return await updates.get()


def held():
    """How many tasks and files there are."""
    return len(asyncio.all_tasks()), len(list(Path("/proc/self/fd").iterdir()))


async def test_all_who_share_a_key_share_one_lookout_and_one_client():
    client = FakeClient()
    pollers = [Counter.shared("k", client.open) for _ in range(5)]
    await asyncio.gather(*(first_update(poller) for poller in pollers))
    assert len(set(pollers)) == 1
    assert client.opened == 1


async def test_other_keys_and_other_kinds_have_lookouts_of_their_own():
    class Other(Counter):
        pass

    client = FakeClient()
    assert (
        len({Counter.shared("k", client.open), Counter.shared("l", client.open), Other.shared("k", client.open)}) == 3
    )


def test_each_event_loop_has_a_lookout_of_its_own():
    async def wait():
        poller = Counter.shared("k", FakeClient().open)
        await first_update(poller)
        return poller

    assert len({asyncio.run(wait()) for _ in range(3)}) == 3


def test_when_a_loop_ends_clients_are_closed_and_nothing_of_it_is_kept():
    async def wait():
        client = FakeClient()
        await first_update(Counter.shared("k", client.open))
        return client, weakref.ref(asyncio.get_running_loop())

    clients, loops = zip(*(asyncio.run(wait()) for _ in range(3)), strict=True)
    gc.collect()
    assert all(client.closed.is_set() for client in clients)
    assert [loop() for loop in loops] == [None, None, None]


async def test_when_the_last_waiter_has_been_gone_for_a_while_the_client_is_closed(monkeypatch):
    monkeypatch.setattr(module, "_LINGER_SECONDS", 0.01)  # a minute, in which a trigger that was killed may cancel
    client = FakeClient()
    poller = Counter.shared("k", client.open)
    await first_update(poller)
    async with asyncio.timeout(10):
        await client.closed.wait()
    assert Counter.shared("k", client.open) is not poller
    await first_update(poller)  # as one who had found it a moment ago
    assert client.opened == 2


async def test_who_comes_while_a_client_is_kept_for_those_who_come_back_is_looked_for():
    client = FakeClient()
    poller = Counter.shared("k", client.open)
    for _ in range(3):
        await first_update(poller)  # in less than the minute for which it is kept
    assert client.opened == 1


async def test_who_leaves_just_when_a_look_is_due_does_not_end_it_at_once():
    client = FakeClient()
    poller = Counter.shared("k", client.open)
    waiting = poller.wait(interval=0.05)
    updates = await waiting.__aenter__()
    await poller.client()
    await updates.get()
    loop = asyncio.get_running_loop()
    await until(lambda: poller._next_poll > loop.time())

    def leave():
        with pytest.raises(StopIteration):
            waiting.__aexit__(None, None, None).send(None)

    loop.call_at(poller._next_poll + 1e-6, leave)
    time.sleep(poller._next_poll + 0.01 - loop.time())  # noqa: ASYNC251  # both have to be due when the loop goes on
    for _ in range(5):
        await asyncio.sleep(0)
    assert not client.closed.is_set()


async def test_it_runs_in_nobodys_name():
    WHO.set("the first trigger")
    poller = Counter.shared("k", FakeClient().open)
    await first_update(poller)
    assert poller.seen_as == {"nobody"}


async def test_nobody_is_looked_for_before_its_time():
    poller = Counter.shared("k", FakeClient().open)
    async with poller.wait(first_poll_after=3600.0) as updates:
        await first_update(poller)
        await first_update(poller)
        assert updates.empty()
    assert set(poller.looks) == {1}


async def test_the_most_eager_waiter_decides_for_all():
    poller = Counter.shared("k", FakeClient().open)
    async with poller.wait(interval=3600.0) as patient, asyncio.timeout(10):
        await poller.client()
        assert await patient.get() == Update("1")
        await first_update(poller, interval=0.01)
        assert await patient.get() == Update("2")


async def test_those_who_join_do_not_make_it_plan_anew_unless_they_want_an_earlier_look():
    poller = Counter.shared("k", FakeClient().open)
    async with AsyncExitStack() as subscribers:
        for _ in range(1000):
            await subscribers.enter_async_context(poller.wait(interval=3600.0, first_poll_after=3600.0))
            await poller.client()
            await asyncio.sleep(0)
        planned = poller.plans
        await first_update(poller)
    assert planned == 1
    assert poller.plans > 1


async def test_joining_and_leaving_leave_nothing_behind():
    poller = Counter.shared("k", FakeClient().open)
    await first_update(poller)
    before = held()
    for _ in range(5000):
        async with poller.wait(interval=3600.0, first_poll_after=3600.0):
            await poller.client()
    assert not poller._newcomers
    assert not poller._subscribers
    assert held() == before


async def test_a_fault_of_our_own_reaches_everybody_instead_of_nobody():
    poller = Counter.shared("k", FakeClient().open)
    poller.fault = ZeroDivisionError("bug")
    async with asyncio.timeout(10), poller.wait(first_poll_after=3600.0) as late:
        told = await asyncio.gather(*(first_update(poller) for _ in range(3)))
        told.append(await late.get())
    assert {type(update.error) for update in told} == {ZeroDivisionError}


async def test_after_a_fault_of_our_own_the_next_one_begins_anew():
    client = FakeClient()
    poller = Counter.shared("k", client.open)
    poller.fault = ZeroDivisionError("bug")
    await first_update(poller)
    assert (await first_update(Counter.shared("k", client.open))).line == "1"
    assert client.opened == 2


async def test_a_client_that_cannot_be_opened_is_the_callers_trouble_and_tried_anew():
    attempts = iter([OSError("no route"), FakeClient()])

    async def open_client():
        opened = next(attempts)
        if isinstance(opened, Exception):
            raise opened
        return opened

    poller = Counter.shared("k", open_client)
    with pytest.raises(OSError, match="no route"):
        await poller.client()
    assert await first_update(poller)


async def test_those_who_wait_for_a_client_together_share_the_attempt_to_open_it():
    attempts, may_fail = [], asyncio.Event()

    async def open_client():
        attempts.append("open")
        await may_fail.wait()
        raise EarthEngineError("no")

    asking = [asyncio.create_task(Counter.shared("k", open_client).client()) for _ in range(100)]
    await asyncio.sleep(0)
    may_fail.set()
    outcomes = await asyncio.gather(*asking, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {EarthEngineError}
    assert attempts == ["open"]


async def test_if_the_one_who_opens_the_client_is_cancelled_another_does_it():
    client, opening = FakeClient(), asyncio.Event()
    stuck = iter([True])

    async def open_client():
        if next(stuck, False):
            opening.set()
            await asyncio.Event().wait()
        return client

    poller = Counter.shared("k", open_client)
    first, second = (asyncio.create_task(poller.client()) for _ in range(2))
    await opening.wait()
    first.cancel()
    assert await second is client
