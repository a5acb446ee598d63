"""A worker dies between any two requests; whoever comes next goes on."""

import threading

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.client.bulk.visits import Task, client_of


class Killed(BaseException):
    """What nobody catches."""


class Mortal(httpx.BaseTransport):
    """A transport with whom everything ends at one request: before it is sent, or before its answer is read."""

    def __init__(self, at, *, sent):
        self._inner = httpx.HTTPTransport()
        self._lock = threading.Lock()
        self._left, self._sent = at, sent

    def handle_request(self, request):
        with self._lock:
            self._left -= 1
            left = self._left
        if left > 0:
            return self._inner.handle_request(request)
        if left == 0 and self._sent:
            self._inner.handle_request(request).read()
        raise Killed

    def close(self):
        self._inner.close()


def killed_at(task, request, *, sent):
    """Let a visit die at one of its requests; false if it had no so many."""
    try:
        task.visit(client_of(task.emulator, transport=Mortal(request, sent=sent)))
    except Killed:
        return True
    return False


@example(deaths=[(1, False)], duplicate="invalid", lag=0, concurrency=1)
@example(deaths=[(2, True), (2, True), (2, True)], duplicate="invalid", lag=4, concurrency=1)
@example(deaths=[(5, True), (4, True)], duplicate="already-exists", lag=3, concurrency=3)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    deaths=st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=4),
    duplicate=st.sampled_from(["same-operation", "already-exists", "invalid"]),
    lag=st.integers(0, 4),
    concurrency=st.integers(1, 4),
)
def test_whenever_workers_die_each_item_is_started_once(emulator, deaths, duplicate, lag, concurrency):
    emulator.control.reset()
    emulator.control.configure(
        time="looks=6", duplicate_request_id=duplicate, list_lag=f"looks={lag}" if lag else "at once"
    )
    task = Task(emulator, 7, max_pending=5, concurrency=concurrency)

    for request, sent in deaths:
        if killed_at(task, request, sent=sent):
            task.tried_again()
    run = task.see_through()

    assert run.counts.succeeded == 7
    assert set(task.started().values()) == {1}


@pytest.mark.parametrize("sent", [False, True], ids=["before a request is sent", "before its answer is read"])
@pytest.mark.parametrize("request_", range(1, 16))
def test_whoever_dies_among_failures_starts_nothing_once_too_often(emulator, request_, sent):
    emulator.control.plan(code="UNAVAILABLE", message="Try again.", times=2)
    task = Task(emulator, 4, max_pending=2, concurrency=1, item_retries=1)

    killed_at(task, request_, sent=sent)
    run = task.see_through()

    assert run.counts.succeeded == 4
    assert sum(task.started().values()) == 6


@pytest.mark.parametrize("request_", range(1, 12))
def test_whoever_dies_at_a_full_queue_starts_nothing_twice(emulator, request_):
    emulator.control.configure(max_queue=3, max_running=1)
    task = Task(emulator, 6, concurrency=2)

    killed_at(task, request_, sent=True)
    run = task.see_through()

    assert set(task.started().values()) == {1}
    # A request id that a full queue used up, the answer being lost, is not known to be: the item is given up.
    assert run.counts.succeeded + run.counts.failed == 6
    assert run.counts.failed <= 2


def test_what_is_killed_says_so_when_tested():
    with pytest.raises(Killed):
        Mortal(1, sent=False).handle_request(httpx.Request("GET", "http://127.0.0.1"))
