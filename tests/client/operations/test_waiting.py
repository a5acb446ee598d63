import pytest

from airflow_provider_ee.client.errors import NotFound, OverBudget, PermissionDenied, Transient
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.operations.waiting import OperationMonitor

HALF = Operation("n", state="RUNNING", progress=0.5)


def test_a_look_that_shows_nothing_new_says_nothing():
    monitor = OperationMonitor()
    assert monitor.observe(HALF) == str(HALF)
    assert monitor.observe(HALF) is None


def test_time_and_cost_alone_are_no_news():
    monitor = OperationMonitor()
    monitor.observe(HALF)
    assert monitor.observe(Operation("n", state="RUNNING", progress=0.5, eecu_seconds=3.0, update_time="later")) is None


def test_progress_is_news_by_tenths():
    monitor = OperationMonitor()
    monitor.observe(HALF)
    assert monitor.observe(Operation("n", state="RUNNING", progress=0.59)) is None


@pytest.mark.parametrize(
    "changed", [{"progress": 0.6}, {"state": "CANCELLING"}, {"attempt": 2}, {"stage": "Write"}], ids=str
)
def test_every_change_is_news(changed):
    monitor = OperationMonitor()
    monitor.observe(HALF)
    assert monitor.observe(Operation("n", **{"state": "RUNNING", "progress": 0.5, **changed}))


def test_trouble_is_told_once_and_waited_out_for_ever_if_it_passes():
    monitor = OperationMonitor()
    assert "trying again" in monitor.record_failure(Transient("busy"), 0.0)
    assert monitor.record_failure(Transient("busy"), 1e9) is None


def test_trouble_is_told_again_after_it_was_over():
    monitor = OperationMonitor()
    monitor.record_failure(Transient("busy"), 0.0)
    monitor.observe(HALF)
    assert monitor.record_failure(Transient("busy"), 1.0)


@pytest.mark.parametrize(("error", "patience"), [(NotFound("lag?"), 600.0), (PermissionDenied("for now?"), 900.0)])
def test_what_looks_final_is_given_time_before_it_is_believed(error, patience):
    monitor = OperationMonitor()
    monitor.record_failure(error, 100.0)
    assert monitor.record_failure(error, 100.0 + patience - 1) is None
    with pytest.raises(type(error)):
        monitor.record_failure(error, 100.0 + patience)


def test_a_good_look_renews_the_patience():
    monitor = OperationMonitor()
    monitor.record_failure(NotFound("lag?"), 0.0)
    monitor.observe(HALF)
    assert monitor.record_failure(NotFound("again?"), 601.0)


def test_more_computing_time_than_allowed_is_said_with_both_numbers():
    monitor = OperationMonitor(max_eecu_seconds=1000.0)
    monitor.observe(Operation("n", eecu_seconds=1000.0))
    with pytest.raises(OverBudget, match=r"used 1,000\.5 EECU-seconds; max_eecu_seconds allows 1,000\.0"):
        monitor.observe(Operation("n", eecu_seconds=1000.5))


@pytest.mark.parametrize(
    ("allowed", "operation"),
    [
        pytest.param(None, Operation("n", eecu_seconds=1e9), id="no limit"),
        pytest.param(1.0, Operation("n", eecu_seconds=None), id="nothing known"),
        pytest.param(1.0, Operation("n", eecu_seconds=2.0, done=True), id="over anyway"),
    ],
)
def test_computing_time_ends_no_wait_where(allowed, operation):
    assert OperationMonitor(allowed).observe(operation)
