from airflow_provider_ee.triggers.polling import log_budget as lines
from airflow_provider_ee.triggers.polling.log_budget import LogBudget


def test_a_hundred_lines_may_be_said_at_once_and_ten_a_second_after_that(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(lines.time, "monotonic", lambda: now[0])
    allowance = LogBudget()

    assert [allowance.take() for _ in range(101)] == [True] * 100 + [False]
    now[0] += 1.0
    assert [allowance.take() for _ in range(11)] == [True] * 10 + [False]
    now[0] += 3600.0
    assert [allowance.take() for _ in range(101)] == [True] * 100 + [False]
