"""What poller and doorman have in common, seen at a lookout that only counts. Time is the event loop's own."""

import asyncio
import contextvars
import gc
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from airflow_provider_ee.client.errors import EarthEngineError
from airflow_provider_ee.triggers.polling import shared as module
from airflow_provider_ee.triggers.polling.shared import Lookout, News, Waiter
from tests.triggers.fakes import FakeClient, until

pytestmark = pytest.mark.anyio

WHO = contextvars.ContextVar("WHO", default="nobody")


class Counter(Lookout):
    """Tells everybody the number of the look, and notes for whom it looked, in whose name, and how often it planned."""

    def __init__(self, key, open_client):
        super().__init__(key, open_client)
        self.looks = []
        self.plans = 0
        self.seen_as = set()
        self.fault = None

    def wait(self, interval=0.01, first_look_after=0.0):
        return self._join(Waiter(interval, asyncio.get_running_loop().time() + first_look_after))

    async def _look(self, client):
        self.seen_as.add(WHO.get())
        self.looks.append(len(self._waiters))
        if self.fault:
            raise self.fault
        for waiter in self._waiters:
            waiter.news.put_nowait(News(str(len(self.looks))))

    def _plan(self, now):
        self.plans += 1
        return super()._plan(now)


async def first_news(lookout, **timing):
    async with asyncio.timeout(10), lookout.wait(**timing) as news:
        await lookout.client()
        return await news.get()


def held():
    """How many tasks and files there are."""
    return len(asyncio.all_tasks()), len(list(Path("/proc/self/fd").iterdir()))


async def test_all_who_share_a_key_share_one_lookout_and_one_client():
    client = FakeClient()
    lookouts = [Counter.shared("k", client.open) for _ in range(5)]
    await asyncio.gather(*(first_news(lookout) for lookout in lookouts))
    assert len(set(lookouts)) == 1
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
        lookout = Counter.shared("k", FakeClient().open)
        await first_news(lookout)
        return lookout

    assert len({asyncio.run(wait()) for _ in range(3)}) == 3


def test_when_a_loop_ends_clients_are_closed_and_nothing_of_it_is_kept():
    async def wait():
        client = FakeClient()
        await first_news(Counter.shared("k", client.open))
        return client

    clients = [asyncio.run(wait()) for _ in range(3)]
    gc.collect()
    assert all(client.closed.is_set() for client in clients)
    assert len(Lookout._of_loop) == 0


async def test_when_the_last_waiter_has_been_gone_for_a_while_the_client_is_closed(monkeypatch):
    monkeypatch.setattr(module, "_LINGER_SECONDS", 0.01)  # a minute, in which a trigger that was killed may cancel
    client = FakeClient()
    lookout = Counter.shared("k", client.open)
    await first_news(lookout)
    async with asyncio.timeout(10):
        await client.closed.wait()
    assert Counter.shared("k", client.open) is not lookout
    await first_news(lookout)  # as one who had found it a moment ago
    assert client.opened == 2


async def test_who_comes_while_a_client_is_kept_for_those_who_come_back_is_looked_for():
    client = FakeClient()
    lookout = Counter.shared("k", client.open)
    for _ in range(3):
        await first_news(lookout)  # in less than the minute for which it is kept
    assert client.opened == 1


async def test_who_leaves_just_when_a_look_is_due_does_not_end_it_at_once():
    client = FakeClient()
    lookout = Counter.shared("k", client.open)
    waiting = lookout.wait(interval=0.05)
    news = await waiting.__aenter__()
    await lookout.client()
    await news.get()
    loop = asyncio.get_running_loop()
    await until(lambda: lookout._next_round > loop.time())

    def leave():
        with pytest.raises(StopIteration):
            waiting.__aexit__(None, None, None).send(None)

    loop.call_at(lookout._next_round + 1e-6, leave)
    time.sleep(lookout._next_round + 0.01 - loop.time())  # noqa: ASYNC251  # both have to be due when the loop goes on
    for _ in range(5):
        await asyncio.sleep(0)
    assert not client.closed.is_set()


async def test_it_runs_in_nobodys_name():
    WHO.set("the first trigger")
    lookout = Counter.shared("k", FakeClient().open)
    await first_news(lookout)
    assert lookout.seen_as == {"nobody"}


async def test_nobody_is_looked_for_before_its_time():
    lookout = Counter.shared("k", FakeClient().open)
    async with lookout.wait(first_look_after=3600.0) as news:
        await first_news(lookout)
        await first_news(lookout)
        assert news.empty()
    assert set(lookout.looks) == {1}


async def test_the_most_eager_waiter_decides_for_all():
    lookout = Counter.shared("k", FakeClient().open)
    async with lookout.wait(interval=3600.0) as patient, asyncio.timeout(10):
        await lookout.client()
        assert await patient.get() == News("1")
        await first_news(lookout, interval=0.01)
        assert await patient.get() == News("2")


async def test_those_who_join_do_not_make_it_plan_anew_unless_they_want_an_earlier_look():
    lookout = Counter.shared("k", FakeClient().open)
    async with AsyncExitStack() as waiters:
        for _ in range(1000):
            await waiters.enter_async_context(lookout.wait(interval=3600.0, first_look_after=3600.0))
            await lookout.client()
            await asyncio.sleep(0)
        planned = lookout.plans
        await first_news(lookout)
    assert planned == 1
    assert lookout.plans > 1


async def test_joining_and_leaving_leave_nothing_behind():
    lookout = Counter.shared("k", FakeClient().open)
    await first_news(lookout)
    before = held()
    for _ in range(5000):
        async with lookout.wait(interval=3600.0, first_look_after=3600.0):
            await lookout.client()
    assert not lookout._newcomers
    assert not lookout._waiters
    assert held() == before


async def test_a_fault_of_our_own_reaches_everybody_instead_of_nobody():
    lookout = Counter.shared("k", FakeClient().open)
    lookout.fault = ZeroDivisionError("bug")
    async with asyncio.timeout(10), lookout.wait(first_look_after=3600.0) as late:
        told = await asyncio.gather(*(first_news(lookout) for _ in range(3)))
        told.append(await late.get())
    assert {type(news.error) for news in told} == {ZeroDivisionError}


async def test_after_a_fault_of_our_own_the_next_one_begins_anew():
    client = FakeClient()
    lookout = Counter.shared("k", client.open)
    lookout.fault = ZeroDivisionError("bug")
    await first_news(lookout)
    assert (await first_news(Counter.shared("k", client.open))).line == "1"
    assert client.opened == 2


async def test_a_client_that_cannot_be_opened_is_the_callers_trouble_and_tried_anew():
    attempts = iter([OSError("no route"), FakeClient()])

    async def open_client():
        opened = next(attempts)
        if isinstance(opened, Exception):
            raise opened
        return opened

    lookout = Counter.shared("k", open_client)
    with pytest.raises(OSError, match="no route"):
        await lookout.client()
    assert await first_news(lookout)


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

    lookout = Counter.shared("k", open_client)
    first, second = (asyncio.create_task(lookout.client()) for _ in range(2))
    await opening.wait()
    first.cancel()
    assert await second is client
