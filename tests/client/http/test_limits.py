import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.http.limits import Limits, Pacer


@given(
    gaps=st.lists(st.floats(0, 0.05), min_size=1, max_size=400),
    stalls=st.lists(st.sampled_from([0.0, 0.001, 0.2]), min_size=1, max_size=20),
    per_second=st.sampled_from([5.0, 40.0, 100.0]),
)
def test_no_second_sees_more_than_its_share_however_late_those_who_wait_wake_up(gaps, stalls, per_second):
    begun = requests(Pacer(per_second), itertools.accumulate(gaps), itertools.cycle(stalls))
    for start in begun:
        within = sum(start <= moment < start + 1.0 for moment in begun)
        assert within <= per_second


def requests(pacer, arrivals, stalls):
    """Return when requests begin, one after the other; who waits for a place wakes up late."""
    now, begun = 0.0, []
    for arrival in arrivals:
        now = max(now, arrival)
        while wait := pacer.wait(now):
            now += wait + next(stalls)
        begun.append(now)
    return begun


def test_who_comes_slowly_never_waits():
    pacer = Pacer(10.0)
    assert [pacer.wait(float(now)) for now in range(20)] == [0.0] * 20


def test_a_crowd_is_spread_evenly():
    begun = requests(Pacer(10.0), [0.0] * 5, itertools.repeat(0.0))
    assert [round(moment, 3) for moment in begun] == [0.0, 0.022, 0.144, 0.267, 0.389]


@pytest.mark.parametrize(("concurrency", "room"), [(None, 32), (1, 1), ("40", 40)])
def test_there_is_room_for_as_many_requests_as_were_asked_for(concurrency, room):
    assert Limits.of(concurrency) == Limits(in_flight=room)


@pytest.mark.parametrize("concurrency", [0, 41, 1.5, "many"])
def test_there_is_no_room_for_more_requests_than_earth_engine_allows(concurrency):
    with pytest.raises(
        InvalidArgument, match=r"^concurrency: .* is out of bounds. Allowed: a whole number from 1 to 40"
    ):
        Limits.of(concurrency)


@pytest.mark.parametrize(
    ("name", "value"),
    [("in_flight", 0), ("in_flight", -1), ("per_second", 0), ("per_second", float("nan")), ("longest_answer", 0)],
)
def test_limits_that_would_let_nothing_through_are_refused(name, value):
    with pytest.raises(InvalidArgument, match=f"^{name}: "):
        Limits(**{name: value})
