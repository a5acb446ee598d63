"""No subscriber is lost or told wrongly, whatever Earth Engine answers and whoever joins and leaves, in virtual time."""

import asyncio
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_ee.client.errors import (
    InvalidRequest,
    NotFound,
    PermissionDenied,
    Transient,
    Unauthenticated,
)
from airflow_provider_ee.triggers.polling.operations import OperationPoller
from tests.triggers.fakes import FakeClient
from tests.virtual_time import run_in_virtual_time

INTERVAL = 10.0
#: The longest outage; less than the patience with any kind of trouble.
OUTAGE = 300.0

TROUBLE = [Transient("busy"), Unauthenticated("who?"), PermissionDenied("no"), NotFound("what?")]

JUNK = [None, 7, "A", [], {}, {"name": 7}, {"name": None, "done": True}, {"metadata": {"progress": 1e308}}]
ODD_METADATA = [
    None,
    "RUNNING",
    {"state": 7, "progress": 1e308, "attempt": "many", "stages": {"a": 1}},
    {"state": "RUNNING", "progress": "NaN", "createTime": 3, "batchEecuUsageSeconds": [1]},
    {"state": "RUNNING", "progress": -1, "attempt": 1e300, "stages": [None, "x", {"totalWorkUnits": "∞"}]},
]


@dataclass
class Fate:
    """What becomes of one operation.

    Attributes:
        ends: When it ends.
        forgotten: Whether Earth Engine forgets it instead.
        listed: When the list shows it first.
        known: When it can be asked for first.
        odd: What its metadata are until it ends.
    """

    ends: float
    forgotten: bool
    listed: float
    known: float
    odd: object


@dataclass
class Wait:
    """One subscriber: when it comes, for which operations, and when it is cancelled, if it is."""

    comes: float
    names: list[str]
    goes: float | None
    heard: dict[str, tuple[float, object]] = field(default_factory=dict)


class Weather(FakeClient):
    """Earth Engine in any weather."""

    def __init__(self, fates, outages, junk, *, listing, fields):
        super().__init__()
        self.fates = fates
        self.outages = outages
        self.junk = junk
        self.listing = listing
        self.fields = fields

    async def send(self, request):
        await asyncio.sleep(0.1)
        now = asyncio.get_running_loop().time()
        for begins, ends, error in self.outages:
            if begins <= now < ends:
                raise type(error)(error.message)
        if "fields" in request.params and not self.fields:
            raise InvalidRequest("no fields")
        if request.path.endswith("/operations"):
            if not self.listing:
                raise PermissionDenied("no list")
            shown = [self._about(name, now) for name, fate in self.fates.items() if self._is_there(fate.listed, fate)]
            return self.page(request, [*self.junk, *shown])
        fate = self.fates[request.path]
        if not self._is_there(fate.known, fate):
            raise NotFound("no such operation")
        return self._about(request.path, now)

    @staticmethod
    def _is_there(since, fate):
        now = asyncio.get_running_loop().time()
        return now >= since and not (fate.forgotten and now >= fate.ends)

    def _about(self, name, now):
        fate = self.fates[name]
        if now >= fate.ends:
            return {"name": name, "done": True, "metadata": {"state": "SUCCEEDED"}}
        return {"name": name, "metadata": fate.odd}


async def play(weather, waits):
    """Let all wait; return the poller when all have heard everything or have gone."""
    poller = OperationPoller.shared("k", weather.open)
    clock = asyncio.get_running_loop().time

    async def wait(one):
        await asyncio.sleep(one.comes)
        async with poller.subscribe(one.names, interval=INTERVAL, first_poll_after=1.0) as updates:
            await poller.client()
            while len(one.heard) < len(one.names):
                update = await updates.get()
                ended = update.error or (update.operation and update.operation.done and update.operation)
                assert not (ended and update.name in one.heard), "told twice"
                if ended:
                    one.heard[update.name] = (clock(), ended)

    tasks = {id(one): asyncio.create_task(wait(one)) for one in waits}
    for one in sorted((one for one in waits if one.goes is not None), key=lambda one: one.goes):
        await asyncio.sleep(max(0.0, one.goes - clock()))
        tasks[id(one)].cancel()
    outcomes = await asyncio.gather(*tasks.values(), return_exceptions=True)
    faults = [outcome for outcome in outcomes if outcome and not isinstance(outcome, asyncio.CancelledError)]
    assert faults == []
    return poller


NAMES = [f"projects/p/operations/{number:02}" for number in range(30)]

moments = st.floats(0.0, 1000.0)
fates = st.builds(
    Fate,
    ends=moments,
    forgotten=st.sampled_from([False, False, False, True]),
    listed=st.floats(0.0, 200.0),
    known=st.floats(0.0, 100.0),
    odd=st.sampled_from(ODD_METADATA),
)
waits = st.builds(
    Wait,
    comes=moments,
    names=st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=30),
    goes=st.one_of(st.none(), moments),
)


@st.composite
def outages(draw):
    """Outages that do not follow each other so closely that they seem to be one."""
    found, begins = [], 0.0
    for gap, length, error in draw(
        st.lists(st.tuples(st.floats(100.0, 500.0), st.floats(1.0, OUTAGE), st.sampled_from(TROUBLE)), max_size=3)
    ):
        begins += gap
        found.append((begins, begins + length, error))
        begins += length
    return found


weathers = st.builds(
    Weather,
    st.fixed_dictionaries(dict.fromkeys(NAMES, fates)),
    outages(),
    st.lists(st.sampled_from(JUNK), max_size=8),
    listing=st.booleans(),
    fields=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(weathers, st.lists(waits, min_size=1, max_size=12))
def test_everybody_hears_the_truth_once_and_in_time(weather, waits):
    poller = run_in_virtual_time(play(weather, waits))
    assert not poller._operations
    trouble = sum(ends - begins for begins, ends, _ in weather.outages)
    # GETs of thirty operations take six seconds; where nothing may be listed, they are all there is.
    slow = trouble + 3 * INTERVAL + 100.0
    for one in waits:
        if one.goes is None:
            assert one.heard.keys() == set(one.names), "lost"
        for name, (heard, ended) in one.heard.items():
            fate = weather.fates[name]
            begins = max(fate.ends, one.comes)
            if fate.forgotten:
                assert isinstance(ended, NotFound)
                assert heard <= begins + 600.0 + slow
            else:
                assert getattr(ended, "state", ended) == "SUCCEEDED"
                assert fate.ends <= heard <= begins + slow
