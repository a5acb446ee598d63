"""The poller that all triggers of a process share. Its client is a fake; time is the event loop's own."""

import asyncio

import pytest

from airflow_provider_ee.client.errors import NotFound, OverBudget, PermissionDenied, Transient
from airflow_provider_ee.triggers.polling import rounds
from airflow_provider_ee.triggers.polling.operations import OperationPoller
from tests.triggers.fakes import FakeClient, answer, until

pytestmark = pytest.mark.anyio

A, B = "projects/p/operations/A", "projects/p/operations/B"


class Operations(FakeClient):
    """Answers each look with the next of an operation's answers, and with the last of them from then on."""

    def __init__(self, *, listed=True, **answers):
        super().__init__()
        self.listed = listed
        self.answers = {f"projects/p/operations/{name}": list(given) for name, given in answers.items()}

    async def send(self, request):
        self.asked.append(request.path)
        if not request.path.endswith("/operations"):
            return self._next(request.path)
        if isinstance(self.listed, Exception):
            raise self.listed
        return self.page(request, [self._next(name) for name in self.answers] if self.listed else [])

    def _next(self, name):
        given = self.answers[name]
        now = given.pop(0) if len(given) > 1 else given[0]
        if isinstance(now, Exception):
            raise now
        return now if isinstance(now, dict) else answer(name, now)


def shared(client):
    return OperationPoller.shared("k", client.open)


def state_in(line):
    return line.partition("% ")[2].partition(" ")[0]


async def updates_of(poller, names, **options):
    """Wait for operations as a trigger does, and return all update until each is done or given up."""
    found, ended = [], set()
    options = {"interval": 0.01, "first_poll_after": 0.0, **options}
    async with asyncio.timeout(10), poller.subscribe(names, **options) as queue:
        await poller.client()
        while ended < set(names):
            update = await queue.get()
            found.append(update)
            if update.error or (update.operation and update.operation.done):
                ended.add(update.name)
    return found


async def test_a_subscriber_hears_of_every_change_once():
    client = Operations(A=["PENDING", "RUNNING", "RUNNING", "SUCCEEDED"])
    found = await updates_of(shared(client), [A])
    assert [state_in(update.line) for update in found] == ["PENDING", "RUNNING", "SUCCEEDED"]
    assert found[-1].operation.succeeded


async def test_an_operation_that_many_wait_for_is_looked_at_once_a_round():
    client = Operations(A=["RUNNING", "RUNNING", "RUNNING", "SUCCEEDED"])
    await asyncio.gather(*(updates_of(shared(client), [A], first_poll_after=0.01) for _ in range(50)))
    assert len(client.asked) <= 6


async def test_who_comes_later_hears_how_far_an_operation_is_though_others_know():
    client = Operations(A=["RUNNING"])
    async with shared(client).subscribe([A], interval=0.01, first_poll_after=0.0) as early:
        await shared(client).client()
        await early.get()
        async with shared(client).subscribe([A], interval=0.01, first_poll_after=0.0) as late:
            assert "RUNNING" in (await late.get()).line
        assert early.empty()


@pytest.mark.parametrize("trouble", [Transient("busy"), NotFound("lag")], ids=["outage", "lag"])
async def test_failed_polls_are_waited_out(trouble):
    client = Operations(A=[trouble, trouble, trouble, "SUCCEEDED"])
    found = await updates_of(shared(client), [A])
    assert len(found) == 2
    assert "trying again" in found[0].line
    assert found[1].operation.succeeded


async def test_trouble_with_one_operation_is_not_the_trouble_of_another():
    client = Operations(A=[Transient("busy")] * 100 + ["SUCCEEDED"], B=["RUNNING", "SUCCEEDED"])
    found = await updates_of(shared(client), [A, B])
    assert {update.name for update in found if update.operation and update.operation.done} == {A, B}


async def test_a_cancelled_subscriber_leaves_nothing_behind():
    client = Operations(A=["RUNNING"], B=["RUNNING", "RUNNING", "SUCCEEDED"])
    poller = shared(client)
    gone = asyncio.create_task(updates_of(poller, [A]))
    await until(lambda: A in client.asked)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    await updates_of(poller, [B])  # while a request about A may still be under way
    client.asked.clear()
    await updates_of(poller, [B])
    assert set(client.asked) == {B}
    assert not poller._operations


async def test_who_leaves_while_a_look_is_under_way_is_not_told_and_no_harm_is_done():
    class Slow(Operations):
        async def send(self, request):
            looking.set()
            await may_answer.wait()
            return await super().send(request)

    looking, may_answer = asyncio.Event(), asyncio.Event()
    client = Slow(A=["SUCCEEDED"], B=["RUNNING", "SUCCEEDED"])
    poller = shared(client)
    gone, stays = (asyncio.create_task(updates_of(poller, [name])) for name in (A, B))
    await looking.wait()
    gone.cancel()
    may_answer.set()
    assert (await stays)[-1].operation.succeeded


async def test_what_uses_more_computing_time_than_it_may_is_given_up():
    costly = {**answer(A, "RUNNING"), "metadata": {"state": "RUNNING", "batchEecuUsageSeconds": 30.5}}
    [*_, last] = await updates_of(shared(Operations(A=["RUNNING", costly])), [A], max_eecu_seconds=30.0)
    assert isinstance(last.error, OverBudget)
    assert "30.5" in last.error.message
    assert "30.0" in last.error.message


async def test_who_hears_of_progress_only_to_log_it_does_not_where_nothing_may_be_logged_but_hears_of_the_end():
    poller = shared(Operations(A=["PENDING", "RUNNING", "SUCCEEDED"]))
    while poller.log_budget.take():
        pass
    [only] = await updates_of(poller, [A], only_lines=True)
    assert only.operation.succeeded


MANY = {f"N{number}": ("RUNNING", "SUCCEEDED") for number in range(60)}


async def test_one_listing_tells_everybody():
    client = Operations(**MANY)
    await asyncio.gather(*(updates_of(shared(client), [name]) for name in client.answers))
    assert client.asked == ["projects/p/operations"] * 2


@pytest.mark.parametrize("listed", [False, PermissionDenied("no")], ids=["a list that lags", "a list that is refused"])
async def test_with_no_help_from_the_list_everybodys_turn_comes(listed, monkeypatch):
    monkeypatch.setattr(rounds, "PAUSE_BETWEEN_GETS", 0.0001)
    client = Operations(listed=listed, **MANY)
    names = list(client.answers)
    await asyncio.gather(*(updates_of(shared(client), [name], interval=0.002) for name in names))
    first_looks = [path for path in client.asked if not path.endswith("/operations")][: len(names)]
    assert sorted(first_looks) == sorted(names), "somebody was looked at twice before others were once"
