import pytest

from airflow_provider_ee.client.bulk.standings import Standing
from airflow_provider_ee.client.bulk.tally import Tally
from tests.client.bulk.histories import operation

HOUR, DAY = 3600.0, 86400.0


@pytest.mark.parametrize(
    ("standing", "kind"),
    [
        pytest.param(Standing(wanted=True), "to_submit", id="wanted"),
        pytest.param(Standing(wanted=True, operation=operation("FAILED"), ended=1), "to_submit", id="wanted again"),
        pytest.param(Standing(operation=operation("PENDING")), "pending", id="pending"),
        pytest.param(Standing(operation=operation("RUNNING")), "running", id="running"),
        pytest.param(Standing(operation=operation("CANCELLING")), "running", id="being cancelled"),
        pytest.param(Standing(operation=operation("PAUSED")), "running", id="in a state of the future"),
        pytest.param(Standing(operation=operation("SUCCEEDED")), "succeeded", id="succeeded"),
        pytest.param(Standing(operation=operation("FAILED"), ended=1), "failed", id="failed"),
        pytest.param(Standing(operation=operation("CANCELLED"), ended=1), "failed", id="cancelled"),
        pytest.param(Standing(refusal="no"), "failed", id="refused"),
        pytest.param(Standing(operation=operation("FAILED"), ended=1, refusal="no"), "failed", id="refused again"),
    ],
)
def test_each_item_is_counted_once(standing, kind):
    assert Tally.of([standing]) == Tally(**{kind: 1})


def test_numbers_add_up():
    states = ["PENDING", "PENDING", "RUNNING", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "FAILED"]
    tally = Tally.of([Standing(operation=operation(state)) for state in states] + [Standing(wanted=True)], 5.5, 2)
    assert tally == Tally(succeeded=3, running=1, pending=2, to_submit=1, failed=1, eecu_seconds=5.5, kept=2)
    assert (tally.active, tally.total) == (3, 8)


def test_its_line_tells_a_person_how_far_all_is():
    tally = Tally(succeeded=5000, running=20, pending=2480, to_submit=2450, failed=50, eecu_seconds=123456.78)
    assert tally.line(HOUR) == (
        "[##########          ]  50% 5,000 done · 20 running · 2,480 pending · 2,450 to submit · 50 failed · "
        "123,456.8 EECU-seconds · about 58 minutes 49 seconds left"
    )


@pytest.mark.parametrize(
    ("tally", "line"),
    [
        pytest.param(Tally(), "[####################] 100% 0 done · 0 running · 0 pending · 0 to submit · 0 failed", id="nothing to do"),
        pytest.param(Tally(to_submit=3), "[                    ]   0% 0 done · 0 running · 0 pending · 3 to submit · 0 failed", id="nothing done yet"),
        pytest.param(Tally(succeeded=999, running=1), "[################### ]  99% 999 done · 1 running · 0 pending · 0 to submit · 0 failed · about 10 seconds left", id="nearly all done"),
        pytest.param(Tally(succeeded=2, failed=1), "[####################] 100% 2 done · 0 running · 0 pending · 0 to submit · 1 failed", id="all done"),
    ],
)  # fmt: skip
def test_its_line_says_no_more_than_is_known(tally, line):
    assert tally.line(10_000.0) == line


@pytest.mark.parametrize(
    ("tally", "seconds", "left"),
    [
        pytest.param(Tally(succeeded=1, to_submit=1), HOUR, "about 1 hour left", id="as long again"),
        pytest.param(Tally(succeeded=1, pending=3), DAY, "about 3 days left", id="thrice as long"),
        pytest.param(Tally(succeeded=1, failed=1, running=1), HOUR, "about 30 minutes left", id="failures are done too"),
        pytest.param(Tally(succeeded=11, to_submit=1, kept=10), HOUR, "about 1 hour left", id="what was kept took no time"),
        pytest.param(Tally(succeeded=1000, to_submit=1), 1.0, "about 1 second left", id="hardly any"),
        pytest.param(Tally(succeeded=10, to_submit=1, kept=10), HOUR, "", id="nothing done in this run"),
        pytest.param(Tally(succeeded=1, to_submit=1), 0.0, "", id="no time has passed"),
        pytest.param(Tally(succeeded=1, to_submit=1), -5.0, "", id="a clock was put back"),
    ],
)  # fmt: skip
def test_the_time_left_is_guessed_from_what_this_run_has_done(tally, seconds, left):
    assert tally.line(seconds).rpartition("failed")[2].removeprefix(" · ") == left
