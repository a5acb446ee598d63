import re

import pytest

from airflow_provider_ee.client.errors import NotFound, OverBudget, PermissionDenied, Transient, Unauthenticated
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.operations.waiting import OperationMonitor, PollFailures

HALF = Operation("n", state="RUNNING", progress=0.5)


@pytest.fixture
def monitor():
    """What is known of an operation that was half done at second 0."""
    monitor = OperationMonitor()
    assert monitor.observe(HALF, 0.0) == str(HALF)
    return monitor


def test_a_poll_that_shows_nothing_new_says_nothing(monitor):
    assert monitor.observe(HALF, 299.0) is None


def test_a_long_wait_says_every_five_minutes_that_it_goes_on(monitor):
    assert monitor.observe(HALF, 300.0) == str(HALF)
    assert monitor.observe(HALF, 599.0) is None


def test_time_and_cost_alone_are_no_news(monitor):
    later = Operation("n", state="RUNNING", progress=0.5, eecu_seconds=3.0, update_time="2026-01-01T00:00:00Z")
    assert monitor.observe(later, 0.0) is None


def test_progress_is_news_by_tenths(monitor):
    assert monitor.observe(Operation("n", state="RUNNING", progress=0.59), 0.0) is None


@pytest.mark.parametrize(
    "changed", [{"progress": 0.6}, {"state": "CANCELLING"}, {"attempt": 2}, {"stage": "Write"}, {"done": True}], ids=str
)
def test_every_change_is_news(monitor, changed):
    assert monitor.observe(Operation("n", **{"state": "RUNNING", "progress": 0.5, **changed}), 0.0)


def test_an_outage_is_told_every_five_minutes_and_waited_out_for_ever():
    failures = PollFailures()
    assert failures.record(Transient("busy"), 0.0) == "Cannot poll just now, trying again: busy"
    assert failures.record(Transient("busy"), 299.0) is None
    assert failures.record(Transient("busy"), 300.0)
    assert failures.record(Transient("busy"), 1e9)


def test_trouble_is_told_again_after_it_was_over(monitor):
    monitor.record_failure(Transient("busy"), 0.0)
    monitor.observe(HALF, 0.0)
    assert monitor.record_failure(Transient("busy"), 1.0)


FINAL = [(NotFound("lag?"), 600.0), (PermissionDenied("for now?"), 900.0), (Unauthenticated("who?"), 900.0)]


@pytest.mark.parametrize(("error", "patience"), FINAL)
def test_what_looks_final_is_given_time_before_it_is_believed(error, patience):
    failures = PollFailures()
    for now in (100.0, 400.0, 100.0 + patience - 1):
        failures.record(error, now)
    with pytest.raises(type(error)):
        failures.record(error, 100.0 + patience)


@pytest.mark.parametrize(("error", "patience"), FINAL)
def test_when_it_will_be_given_up_is_said(error, patience, monkeypatch):
    monkeypatch.setattr("airflow_provider_ee.client.operations.waiting.time.time", lambda: 12 * 3600.0)
    line = PollFailures().record(error, 0.0)
    assert f"giving up at 12:{patience / 60:.0f} UTC: {error}" in line


def test_trouble_that_changes_its_kind_is_given_no_more_time_for_that():
    failures = PollFailures()
    for minute in range(10):
        failures.record(NotFound("no") if minute % 2 else PermissionDenied("no"), 60.0 * minute)
    with pytest.raises(NotFound):
        failures.record(NotFound("no"), 600.0)


def test_trouble_that_changes_its_kind_all_the_time_is_not_told_all_the_time():
    failures = PollFailures()
    told = [failures.record(error, float(now)) for now in range(100) for error in (NotFound("a"), Transient("b"))]
    assert sum(line is not None for line in told) == 2


def test_an_outage_ends_no_wait_and_renews_no_patience():
    failures = PollFailures()
    failures.record(NotFound("gone"), 0.0)
    failures.record(Transient("busy"), 1000.0)
    with pytest.raises(NotFound):
        failures.record(NotFound("gone"), 1001.0)


def test_trouble_that_earlier_polls_have_met_is_given_what_is_left_of_its_time():
    with pytest.raises(NotFound):
        PollFailures(since=0.0).record(NotFound("gone"), 600.0)


def test_a_good_poll_renews_the_patience(monitor):
    monitor.record_failure(NotFound("lag?"), 0.0)
    monitor.observe(HALF, 0.0)
    assert monitor.record_failure(NotFound("again?"), 601.0)


def test_more_computing_time_than_allowed_is_said_with_both_numbers():
    monitor = OperationMonitor(max_eecu_seconds=1000.0)
    monitor.observe(Operation("n", eecu_seconds=1000.0), 0.0)
    with pytest.raises(OverBudget, match=r"used 1,000\.5 EECU-seconds; max_eecu_seconds allows 1,000\.0"):
        monitor.observe(Operation("n", eecu_seconds=1000.5), 0.0)


@pytest.mark.parametrize(
    ("allowed", "operation"),
    [
        pytest.param(None, Operation("n", eecu_seconds=1e9), id="no limit"),
        pytest.param(1.0, Operation("n", eecu_seconds=None), id="nothing known"),
        pytest.param(1.0, Operation("n", eecu_seconds=2.0, done=True), id="over anyway"),
    ],
)
def test_computing_time_ends_no_wait_where(allowed, operation):
    assert OperationMonitor(allowed).observe(operation, 0.0)


def test_the_bar_is_full_only_when_the_work_is_done():
    almost = str(Operation("n", state="RUNNING", progress=0.999))
    assert re.match(r"\[#{19} \]  99% RUNNING", almost)
    assert str(Operation("n", done=True, state="SUCCEEDED", progress=0.3)).startswith(
        "[" + 20 * "#" + "] 100% SUCCEEDED"
    )


@pytest.mark.parametrize("state", ["FAILED", "CANCELLED"])
def test_what_has_failed_has_no_progress(state):
    assert str(Operation("n", done=True, state=state, progress=1.0, error="no")).startswith(state)


def test_what_waits_in_the_queue_is_told_from_what_runs():
    assert "PENDING · waits in the project's queue" in str(Operation("n", state="PENDING"))
