"""The poller that all triggers of a process share. Its client is a fake; time is the event loop's own."""

import asyncio
import contextvars
import gc

import pytest

from airflow_provider_ee.client.errors import NotFound, Transient
from airflow_provider_ee.triggers import poller as module
from airflow_provider_ee.triggers.poller import News, Poller

pytestmark = pytest.mark.anyio

A, B = "projects/p/operations/A", "projects/p/operations/B"
WHO = contextvars.ContextVar("WHO", default="nobody")


class FakeClient:
    """Answers each look with the next of an operation's answers, and with the last of them from then on."""

    def __init__(self, **answers):
        self.answers = {f"projects/p/operations/{name}": list(listed) for name, listed in answers.items()}
        self.looks = []
        self.opened = 0
        self.closed = asyncio.Event()
        self.seen_as = set()

    async def open(self):
        self.opened += 1
        return self

    async def send(self, request):
        self.looks.append(request.path)
        self.seen_as.add(WHO.get())
        answers = self.answers[request.path]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return {"name": request.path, "done": answer == "SUCCEEDED", "metadata": {"state": answer}}

    async def close(self):
        self.closed.set()


async def news_of(poller, names, client=None, **timing):
    """Wait for operations as a trigger does, and return all news until each is done or given up."""
    found, ended = [], set()
    async with poller.watching(names, **{"interval": 0.01, "first_look_after": 0.0, **timing}) as queue:
        while ended < set(names):
            news = await queue.get()
            found.append(news)
            if news.operation or news.error:
                ended.add(news.name)
    return found


async def test_a_waiter_hears_of_every_change_once():
    client = FakeClient(A=["PENDING", "RUNNING", "RUNNING", "SUCCEEDED"])
    found = await news_of(Poller.shared("k", client.open), [A])
    assert [news.line.split()[-1] for news in found] == ["PENDING", "RUNNING", "SUCCEEDED"]
    assert found[-1].operation.succeeded


async def test_all_waiters_of_a_key_share_one_poller_and_one_client():
    client = FakeClient(A=["RUNNING", "RUNNING", "SUCCEEDED"], B=["SUCCEEDED"])
    pollers = [Poller.shared("k", client.open) for _ in range(5)]
    await asyncio.gather(*(news_of(poller, [A, B]) for poller in pollers))
    assert len(set(pollers)) == 1
    assert client.opened == 1


async def test_an_operation_that_many_wait_for_is_looked_at_once_a_round():
    client = FakeClient(A=["RUNNING", "RUNNING", "RUNNING", "SUCCEEDED"])
    poller = Poller.shared("k", client.open)
    await asyncio.gather(*(news_of(poller, [A], first_look_after=0.01) for _ in range(50)))
    assert len(client.looks) <= 6


async def test_other_keys_have_other_pollers():
    client = FakeClient(A=["SUCCEEDED"])
    assert Poller.shared("k", client.open) is not Poller.shared("l", client.open)


def test_another_event_loop_has_another_poller():
    async def wait():
        client = FakeClient(A=["SUCCEEDED"])
        poller = Poller.shared("k", client.open)
        await news_of(poller, [A])
        return poller

    first, second, third = (asyncio.run(wait()) for _ in range(3))
    assert len({id(first), id(second), id(third)}) == 3


def test_what_is_left_when_a_loop_ends_is_closed():
    async def wait():
        client = FakeClient(A=["SUCCEEDED"])
        await news_of(Poller.shared("k", client.open), [A])
        return client

    client = asyncio.run(wait())
    gc.collect()
    assert client.closed.is_set()


async def test_when_the_last_waiter_has_been_gone_for_a_while_the_client_is_closed(monkeypatch):
    monkeypatch.setattr(module, "_LINGER_SECONDS", 0.01)  # a minute, in which a trigger that was killed may cancel
    client = FakeClient(A=["SUCCEEDED"])
    poller = Poller.shared("k", client.open)
    await news_of(poller, [A])
    async with asyncio.timeout(10):
        await client.closed.wait()
    await news_of(poller, [A])
    assert client.opened == 2


async def test_the_poller_runs_in_nobodys_name():
    client = FakeClient(A=["RUNNING", "SUCCEEDED"])
    WHO.set("the first trigger")
    await news_of(Poller.shared("k", client.open), [A])
    assert client.seen_as == {"nobody"}


async def test_nothing_is_looked_at_for_a_waiter_before_its_time():
    client = FakeClient(A=["RUNNING"], B=["SUCCEEDED"])
    poller = Poller.shared("k", client.open)
    async with poller.watching([A], interval=0.01, first_look_after=3600.0):
        await news_of(poller, [B])
        assert set(client.looks) == {B}


@pytest.mark.parametrize("trouble", [Transient("busy"), NotFound("lag")], ids=["outage", "lag"])
async def test_bad_looks_are_waited_out(trouble):
    client = FakeClient(A=[trouble, trouble, trouble, "SUCCEEDED"])
    found = await news_of(Poller.shared("k", client.open), [A])
    assert len(found) == 2
    assert "trying again" in found[0].line
    assert found[1].operation.succeeded


async def test_trouble_with_one_operation_is_not_the_trouble_of_another():
    client = FakeClient(A=[Transient("busy")] * 100 + ["SUCCEEDED"], B=["RUNNING", "SUCCEEDED"])
    found = await news_of(Poller.shared("k", client.open), [A, B])
    assert {news.name for news in found if news.operation} == {A, B}


async def test_a_fault_of_our_own_reaches_everybody_instead_of_nobody():
    client = FakeClient(A=[ZeroDivisionError("bug")])
    [news] = await news_of(Poller.shared("k", client.open), [A])
    assert isinstance(news.error, ZeroDivisionError)


async def test_a_cancelled_waiter_leaves_nothing_behind():
    client = FakeClient(A=["RUNNING"], B=["RUNNING", "RUNNING", "SUCCEEDED"])
    poller = Poller.shared("k", client.open)
    gone = asyncio.create_task(news_of(poller, [A]))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    client.looks.clear()
    await news_of(poller, [B])
    assert set(client.looks) == {B}


async def test_a_client_that_cannot_be_opened_is_the_callers_trouble_and_tried_anew():
    client = FakeClient(A=["SUCCEEDED"])
    attempts = iter([OSError("no route"), client])

    async def open_client():
        opened = next(attempts)
        if isinstance(opened, Exception):
            raise opened
        return opened

    poller = Poller.shared("k", open_client)
    with pytest.raises(OSError, match="no route"):
        await poller.client()
    assert await news_of(poller, [A]) == [News(A, line=any_line(), operation=any_line())]


class any_line:  # noqa: N801  # reads as a word
    """Equal to everything but None."""

    def __eq__(self, other):
        return other is not None

    __hash__ = None
