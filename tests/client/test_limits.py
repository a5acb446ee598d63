import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.limits import Limits, Pacer


@given(st.lists(st.floats(0, 0.05), min_size=1, max_size=400), st.sampled_from([5.0, 40.0, 100.0]))
def test_no_second_sees_more_than_its_share(gaps, per_second):
    pacer = Pacer(per_second)
    begun = [now + pacer.wait(now) for now in itertools.accumulate(gaps)]
    for start in begun:
        within = sum(start <= moment < start + 1.0 for moment in begun)
        assert within <= per_second


def test_who_comes_slowly_never_waits():
    pacer = Pacer(10.0)
    assert [pacer.wait(float(now)) for now in range(20)] == [0.0] * 20


def test_a_crowd_is_spread_evenly():
    pacer = Pacer(10.0)
    waits = [round(pacer.wait(0.0), 3) for _ in range(5)]
    assert waits == [0.0, 0.022, 0.144, 0.267, 0.389]


@pytest.mark.parametrize(("concurrency", "room"), [(None, 32), (1, 1), ("40", 40)])
def test_there_is_room_for_as_many_requests_as_were_asked_for(concurrency, room):
    assert Limits.of(concurrency) == Limits(in_flight=room)


@pytest.mark.parametrize("concurrency", [0, 41, 1.5, "many"])
def test_there_is_no_room_for_more_requests_than_earth_engine_allows(concurrency):
    with pytest.raises(
        InvalidArgument, match=r"^concurrency: .* is out of bounds. Allowed: a whole number from 1 to 40"
    ):
        Limits.of(concurrency)
