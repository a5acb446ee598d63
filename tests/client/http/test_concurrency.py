import signal
import threading
import time
from contextlib import closing
from types import SimpleNamespace

import httpx
import pytest
from google.auth.credentials import AnonymousCredentials

from airflow_provider_ee.client.errors import InvalidRequest, NotFound
from airflow_provider_ee.client.http.clients import Client
from airflow_provider_ee.client.http.concurrency import run_concurrently
from airflow_provider_ee.client.http.retry import RetryPolicy
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import Pause


class Runner:
    """Runs a flow by calling it, and counts how many run at the same time. Each waits until enough of them do."""

    def __init__(self, meeting=1):
        self._meeting = threading.Barrier(meeting, timeout=10)
        self._lock = threading.Lock()
        self.now = self.most = self.done = 0

    sleep = staticmethod(time.sleep)

    def __copy__(self):
        return SimpleNamespace(run=self.run)

    def run(self, flow):
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            self._meeting.wait()
            return flow()
        finally:
            with self._lock:
                self.now -= 1
                self.done += 1


def raising(error):
    def flow():
        raise error

    return flow


def test_all_flows_run_and_each_result_comes_with_what_it_is_known_by():
    flows = [(number, lambda number=number: number * number) for number in range(50)]
    assert dict(run_concurrently(Runner(), flows, 8)) == {number: number * number for number in range(50)}


def test_there_may_be_none():
    assert list(run_concurrently(Runner(), [], 8)) == []


@pytest.mark.parametrize("concurrency", [1, 2, 5])
def test_as_many_run_at_the_same_time_as_may(concurrency):
    runner = Runner(meeting=concurrency)
    list(run_concurrently(runner, [(number, str) for number in range(10 * concurrency)], concurrency))
    assert runner.most == concurrency


def test_flows_are_made_one_by_one_in_the_callers_thread():
    made = []

    def flows():
        for number in range(100):
            made.append(threading.current_thread())
            yield number, str

    with closing(run_concurrently(Runner(), flows(), 4)) as outcomes:
        next(outcomes)
        assert len(made) == 4
    assert set(made) == {threading.current_thread()}


def test_whoever_makes_them_may_stop_in_view_of_what_came_of_the_earlier_ones():
    seen = []

    def flows():
        number = 0
        while len(seen) < 5:
            yield number, str
            number += 1

    for key, _ in run_concurrently(Runner(), flows(), 3):
        seen.append(key)
    assert 5 <= len(seen) < 5 + 3


def test_a_result_is_handed_over_while_another_flow_still_runs():
    told = threading.Event()
    outcomes = run_concurrently(Runner(), [("slow", lambda: told.wait(10)), ("quick", lambda: "done")], 2)
    assert next(outcomes) == ("quick", "done")
    told.set()
    assert list(outcomes) == [("slow", True)]


@pytest.mark.parametrize("result", [None, 0, "", []], ids=repr)
def test_a_result_may_be_anything(result):
    assert list(run_concurrently(Runner(), [("key", lambda: result)], 1)) == [("key", result)]


def test_an_error_of_earth_engine_is_handed_over_and_the_others_go_on():
    refused, gone = InvalidRequest("no"), NotFound("gone")
    flows = [("a", raising(refused)), ("b", lambda: "done"), ("c", raising(gone))]
    assert dict(run_concurrently(Runner(), flows, 1)) == {"a": refused, "b": "done", "c": gone}


@pytest.mark.parametrize("error", [ValueError("a bug"), KeyboardInterrupt(), SystemExit(1)], ids=repr)
def test_any_other_error_is_raised_once_all_threads_are_done(error):
    runner = Runner()
    flows = iter([("a", raising(error)), *((number, str) for number in range(100))])
    with pytest.raises(type(error)):
        list(run_concurrently(runner, flows, 3))
    assert (runner.now, len(list(flows)) > 90) == (0, True)


def test_an_error_of_whoever_makes_the_flows_is_raised_once_all_threads_are_done():
    runner = Runner()

    def flows():
        yield 1, str
        yield 2, str
        raise LookupError("no third")

    with pytest.raises(LookupError, match="no third"):
        list(run_concurrently(runner, flows(), 8))
    assert runner.now == 0


def test_no_thread_is_left_when_somebody_closes_it():
    before, runner = threading.active_count(), Runner()
    with closing(run_concurrently(runner, ((number, str) for number in range(1000)), 4)) as outcomes:
        next(outcomes)
    assert (runner.now, threading.active_count()) == (0, before)
    assert runner.done <= 8


class Interruption(BaseException):
    """What a task is ended by."""


HOUR = 3600.0


def outage(answered):
    """A client of a server in trouble, whose next attempt is hours away."""

    def handler(request):
        answered.set()
        return httpx.Response(503, headers={"Retry-After": str(HOUR)})

    return Client(
        "my-project",
        credentials=AnonymousCredentials(),
        transport=httpx.MockTransport(handler),
        retry=RetryPolicy(total_seconds=100 * HOUR, longest_wait=10 * HOUR),
    )


def look():
    yield methods.operations_get("projects/p/operations/a")


def rest():
    yield Pause(HOUR)


@pytest.mark.parametrize("flow", [look, rest], ids=["an attempt", "a pause"])
def test_an_alarm_ends_it_however_long_its_flows_would_wait(flow):
    def ring(*_):
        raise Interruption

    before, earlier = threading.active_count(), signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with outage(threading.Event()) as client, pytest.raises(Interruption):
            list(run_concurrently(client, ((number, flow()) for number in range(3)), 3))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, earlier)
    assert threading.active_count() == before


def test_what_the_sleep_of_the_client_raises_ends_it():
    answered = threading.Event()

    def sleep(_):
        if answered.is_set():
            raise Interruption

    client = outage(answered)
    client.sleep = sleep
    with client, pytest.raises(Interruption):
        list(run_concurrently(client, [("a", look())], 1))


def test_a_request_that_never_ends_is_left_behind():
    never, done = threading.Event(), threading.Event()

    def flow():
        never.wait()
        done.set()

    class Impatient(Runner):
        def sleep(self, _):
            raise Interruption

    runner = Impatient()
    with pytest.raises(Interruption):
        list(run_concurrently(runner, [("a", flow)], 1))
    never.set()
    assert done.wait(10)
