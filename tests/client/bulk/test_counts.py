import pytest

from airflow_provider_ee.client.bulk.counts import Counts
from airflow_provider_ee.client.bulk.item_states import ItemState, Refusal
from tests.client.bulk.histories import operation

HOUR, DAY = 3600.0, 86400.0


@pytest.mark.parametrize(
    ("item_state", "kind"),
    [
        pytest.param(ItemState(wanted=True), "to_submit", id="wanted"),
        pytest.param(ItemState(wanted=True, operation=operation("FAILED"), ended=1), "to_submit", id="wanted again"),
        pytest.param(ItemState(operation=operation("PENDING")), "pending", id="pending"),
        pytest.param(ItemState(operation=operation("RUNNING")), "running", id="running"),
        pytest.param(ItemState(operation=operation("CANCELLING")), "running", id="being cancelled"),
        pytest.param(ItemState(operation=operation("PAUSED")), "running", id="in a state of the future"),
        pytest.param(ItemState(operation=operation("SUCCEEDED")), "succeeded", id="succeeded"),
        pytest.param(ItemState(operation=operation("FAILED"), ended=1), "failed", id="failed"),
        pytest.param(ItemState(operation=operation("CANCELLED"), ended=1), "failed", id="cancelled"),
        pytest.param(ItemState(refusal=Refusal("no")), "failed", id="refused"),
        pytest.param(
            ItemState(operation=operation("FAILED"), ended=1, refusal=Refusal("no")), "failed", id="refused again"
        ),
    ],
)
def test_each_item_is_counted_once(item_state, kind):
    assert Counts.of([item_state]) == Counts(**{kind: 1})


def test_numbers_add_up():
    states = ["PENDING", "PENDING", "RUNNING", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "FAILED"]
    counts = Counts.of([ItemState(operation=operation(state)) for state in states] + [ItemState(wanted=True)], 5.5, 2)
    assert counts == Counts(succeeded=3, running=1, pending=2, to_submit=1, failed=1, eecu_seconds=5.5, kept=2)
    assert (counts.active, counts.total) == (3, 8)


def test_its_line_tells_a_person_how_far_all_is():
    counts = Counts(succeeded=5000, running=20, pending=2480, to_submit=2450, failed=50, eecu_seconds=123456.78)
    assert counts.line(HOUR) == (
        "[##########          ]  50% 5,000 done · 20 running · 2,480 pending · 2,450 to submit · 50 failed · "
        "123,456.8 EECU-seconds · about 58 minutes 49 seconds left"
    )


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        pytest.param(Counts(), "[####################] 100% 0 done · 0 running · 0 pending · 0 to submit · 0 failed", id="nothing to do"),
        pytest.param(Counts(to_submit=3), "[                    ]   0% 0 done · 0 running · 0 pending · 3 to submit · 0 failed", id="nothing done yet"),
        pytest.param(Counts(succeeded=999, running=1), "[################### ]  99% 999 done · 1 running · 0 pending · 0 to submit · 0 failed · about 10 seconds left", id="nearly all done"),
        pytest.param(Counts(succeeded=2, failed=1), "[####################] 100% 2 done · 0 running · 0 pending · 0 to submit · 1 failed", id="all done"),
    ],
)  # fmt: skip
def test_its_line_says_no_more_than_is_known(counts, line):
    assert counts.line(10_000.0) == line


@pytest.mark.parametrize(
    ("counts", "seconds", "left"),
    [
        pytest.param(Counts(succeeded=1, to_submit=1), HOUR, "about 1 hour left", id="as long again"),
        pytest.param(Counts(succeeded=1, pending=3), DAY, "about 3 days left", id="thrice as long"),
        pytest.param(Counts(succeeded=1, failed=1, running=1), HOUR, "about 30 minutes left", id="failures are done too"),
        pytest.param(Counts(succeeded=11, to_submit=1, kept=10), HOUR, "about 1 hour left", id="what was kept took no time"),
        pytest.param(Counts(succeeded=1000, to_submit=1), 1.0, "about 1 second left", id="hardly any"),
        pytest.param(Counts(succeeded=10, to_submit=1, kept=10), HOUR, "", id="nothing done in this run"),
        pytest.param(Counts(succeeded=1, to_submit=1), 0.0, "", id="no time has passed"),
        pytest.param(Counts(succeeded=1, to_submit=1), -5.0, "", id="a clock was put back"),
    ],
)  # fmt: skip
def test_the_time_left_is_guessed_from_what_this_run_has_done(counts, seconds, left):
    assert counts.line(seconds).rpartition("failed")[2].removeprefix(" · ") == left
