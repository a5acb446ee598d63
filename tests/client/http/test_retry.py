from dataclasses import dataclass
from typing import Any

import pytest

from airflow_provider_ee.client.errors import InvalidRequest, QueueFull, Transient
from airflow_provider_ee.client.http.retry import RetryPolicy
from airflow_provider_ee.client.rest import methods

READ = methods.operations_get("projects/p/operations/A")
UNSAFE = methods.assets_copy("projects/p/assets/a")


@dataclass
class Attempt:
    """As much of tenacity's state as the policy looks at."""

    attempt_number: int = 1
    seconds_since_start: float = 0.0
    upcoming_sleep: float = 0.0
    error: Exception | None = None

    @property
    def outcome(self) -> Any:
        return self

    @property
    def failed(self) -> bool:
        return self.error is not None

    def exception(self) -> Exception | None:
        return self.error


@pytest.mark.parametrize(
    ("request_", "error", "again"),
    [
        pytest.param(READ, Transient("busy"), True, id="a read after trouble"),
        pytest.param(READ, InvalidRequest("no"), False, id="a read that was refused"),
        pytest.param(READ, QueueFull("full"), False, id="a full queue is no matter of seconds"),
        pytest.param(READ, ValueError("bug"), False, id="a bug"),
        pytest.param(UNSAFE, Transient("busy", sent=True), False, id="unsafe after bytes went out"),
        pytest.param(UNSAFE, Transient("no route", sent=False), True, id="unsafe before bytes went out"),
        pytest.param(UNSAFE, Transient("too many", status=429), True, id="unsafe but refused for its rate"),
        pytest.param(UNSAFE, Transient("aborted", status=409), True, id="unsafe but aborted"),
        pytest.param(UNSAFE, Transient("busy", status=503), False, id="unsafe while the server is busy"),
    ],
)
def test_what_is_sent_again(request_, error, again):
    assert RetryPolicy().options(request_)["retry"](Attempt(error=error)) is again


def waits(error: Exception, number: int = 1) -> list[float]:
    wait = RetryPolicy().options(READ)["wait"]
    return [wait(Attempt(attempt_number=number, error=error)) for _ in range(200)]


@pytest.mark.parametrize(
    ("asked", "least", "most"), [(8.0, 8.0, 10.0), (86400.0, 60.0, 75.0)], ids=["as it asks", "but not for a day"]
)
def test_the_server_says_how_long_to_wait_at_least_and_not_all_come_back_at_once(asked, least, most):
    waited = waits(Transient("busy", retry_after=asked))
    assert least <= min(waited) < max(waited) <= most
    assert len(set(waited)) > 100


def test_a_server_that_asks_for_no_wait_does_not_take_the_backoff_away():
    assert max(waits(Transient("busy", retry_after=0.0), number=6)) > 5.0


@pytest.mark.parametrize("number", [1, 4, 20])
def test_else_the_wait_doubles_with_full_jitter_up_to_a_cap(number):
    waited = waits(Transient("busy"), number)
    assert 0 <= min(waited) <= max(waited) <= min(60.0, 2.0**number)
    assert max(waited) > min(60.0, 2.0 ** (number - 1)) / 3


@pytest.mark.parametrize(
    ("state", "stops"),
    [
        (Attempt(attempt_number=7), False),
        (Attempt(attempt_number=8), True),
        (Attempt(seconds_since_start=299.0), False),
        (Attempt(seconds_since_start=290.0, upcoming_sleep=20.0), True),
    ],
    ids=["tries left", "no tries left", "time left", "no time left"],
)
def test_tries_and_total_time_are_bounded(state, stops):
    assert RetryPolicy().options(READ)["stop"](state) is stops
