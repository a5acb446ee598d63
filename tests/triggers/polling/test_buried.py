"""How soon thousands of subscribers hear, and what that takes, in virtual time."""

import asyncio
import random

import pytest

from airflow_provider_ee.triggers.polling import rounds
from airflow_provider_ee.triggers.polling.operations import OperationPoller
from tests.triggers.fakes import FakeClient, answer
from tests.virtual_time import run_in_virtual_time


class Earth(FakeClient):
    """Takes some time for each answer about operations, newest first, each of which ends at its time."""

    def __init__(self, names, ends, latency):
        super().__init__()
        self.names = names
        self.ends = ends
        self.latency = latency

    async def send(self, request):
        self.asked.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self.latency)
        if not request.path.endswith("/operations"):
            return self._about(request.path)
        page = self.page(request, self.names)
        return {**page, "operations": [self._about(name) for name in page["operations"]]}

    def _about(self, name):
        ended = self.ends.get(name, 0.0) <= asyncio.get_running_loop().time()
        return answer(name, "SUCCEEDED" if ended else "RUNNING")


async def delays_of(earth, interval):
    """Wait for all operations that end, each as a trigger does, and return how late their ends were heard of."""
    poller, delays = OperationPoller.shared("k", earth.open), []

    async def wait(name):
        async with poller.subscribe([name], interval=interval, first_poll_after=0.0) as updates:
            await poller.client()
            while not ((update := await updates.get()).operation and update.operation.done):
                pass
            delays.append(asyncio.get_running_loop().time() - earth.ends[name])

    await asyncio.gather(*map(wait, earth.ends))
    return delays


@pytest.mark.parametrize(
    ("waiting", "newer", "interval", "latency"),
    [
        pytest.param(1000, 5000, 10.0, 0.05, id="1,000 behind 5,000"),
        pytest.param(1000, 5000, 10.0, 0.3, id="1,000 behind 5,000, slow answers"),
        pytest.param(50, 5000, 10.0, 0.05, id="50 behind 5,000"),
        pytest.param(10_000, 5000, 30.0, 0.3, id="10,000 behind 5,000"),
    ],
)
def test_all_hear_within_an_interval_and_a_half_in_no_more_requests_than_the_list_has_pages(
    monkeypatch, waiting, newer, interval, latency
):
    monkeypatch.setattr(rounds, "PAUSE_BETWEEN_PAGES", 0.1)
    monkeypatch.setattr(rounds, "PAUSE_BETWEEN_GETS", 0.2)
    names = [f"projects/p/operations/{number:05}" for number in range(newer + waiting)]
    moments = random.Random(1)  # noqa: S311  # the same each time
    ends = {name: moments.uniform(5.0, 6 * interval) for name in names[newer:]}
    earth = Earth(names, ends, latency)
    delays = run_in_virtual_time(delays_of(earth, interval))
    assert max(delays) <= 1.5 * interval
    pages, polls = -(-len(names) // 500), 1 + (earth.asked[-1] - earth.asked[0]) / (0.9 * interval)
    assert len(earth.asked) <= pages * polls
