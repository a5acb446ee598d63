import time
from datetime import UTC, date, datetime, timedelta, timezone

import pendulum
import pytest

from airflow_provider_ee.client.arguments.times import moment
from airflow_provider_ee.client.errors import InvalidArgument


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("2026-01-02", "2026-01-02T00:00:00Z"),
        ("2026-01-02T03:04:05", "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.123456Z"),
        ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05Z"),
        ("2026-01-02 00:00:00+00:00", "2026-01-02T00:00:00Z"),
        (date(2026, 1, 2), "2026-01-02T00:00:00Z"),
        (datetime(2026, 1, 2, 3), "2026-01-02T03:00:00Z"),  # noqa: DTZ001 - a time without a zone is the case
        (datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(hours=1))), "2026-01-02T02:00:00Z"),
        (pendulum.datetime(2026, 1, 2, 3, tz="Europe/Zurich"), "2026-01-02T02:00:00Z"),
        (datetime(2026, 1, 2, tzinfo=UTC).timestamp() * 1000, "2026-01-02T00:00:00Z"),
        (0, "1970-01-01T00:00:00Z"),
        ("1767312000123", "2026-01-02T00:00:00.123000Z"),
    ],
    ids=str,
)
def test_a_time_may_have_any_form_that_means_one_moment(written, sent):
    assert moment("start_time", written) == sent


@pytest.fixture
def _in_tokyo(monkeypatch):
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_in_tokyo")
@pytest.mark.parametrize("written", ["2026-01-02T03:00:00", datetime(2026, 1, 2, 3)], ids=str)  # noqa: DTZ001 - the case
def test_a_time_without_a_zone_is_in_utc_wherever_the_worker_is(written):
    assert moment("start_time", written) == "2026-01-02T03:00:00Z"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "2026",
        "20260102",
        "2026-13-01",
        "2026-01-02T25:00:00Z",
        "0001-01-01T00:00:00+14:00",
        1e300,
        True,
        {"seconds": 1},
    ],
    ids=str,
)
def test_what_may_mean_another_time_or_none_is_refused(written):
    with pytest.raises(InvalidArgument, match=r"^start_time: .* is not a valid time\. Allowed: RFC 3339"):
        moment("start_time", written)
