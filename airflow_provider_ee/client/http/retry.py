"""When to send a request again: one policy, used by both drivers."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from typing import Any

import tenacity

from airflow_provider_ee.client.errors import EarthEngineError, Transient
from airflow_provider_ee.client.rest.request import Request

__all__ = ["RetryPolicy"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long to go on in the face of trouble that passes.

    Attributes:
        attempts: How often a request is sent at most.
        total_seconds: No new attempt begins after so long.
        first_wait: The most to wait before the second attempt; doubled for each further one, with full jitter.
        longest_wait: The most to wait between two attempts, also when the server asks for more. Up to a quarter is
            added to what it asks for, so that its callers do not come back all at once.
    """

    attempts: int = 8
    total_seconds: float = 300.0
    first_wait: float = 1.0
    longest_wait: float = 60.0

    def options(self, request: Request) -> dict[str, Any]:
        """Return the policy for one request, as arguments of `tenacity.Retrying` and `tenacity.AsyncRetrying`."""
        return {
            "retry": tenacity.retry_if_exception(_Judge(request)),
            "stop": tenacity.stop_after_attempt(self.attempts) | tenacity.stop_before_delay(self.total_seconds),
            "wait": self._wait,
            "before_sleep": _log,
            "reraise": True,
        }

    def _wait(self, state: tenacity.RetryCallState) -> float:
        jittered = tenacity.wait_random_exponential(multiplier=self.first_wait, max=self.longest_wait)(state)
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, Transient) else None
        if not asked:  # 0 and a date that has passed ask for no wait, and a server in trouble needs one
            return jittered
        return min(asked, self.longest_wait) * random.uniform(1.0, 1.25)  # noqa: S311  # spreads callers, guards nothing


class _Judge:
    """Decides about each attempt of one request whether another one may help, and marks what follows a lost answer.

    Passing trouble is met with another attempt; but where a second request could do the work twice, only if none was
    started.
    """

    def __init__(self, request: Request) -> None:
        self._repeatable = request.repeatable
        self._answer_was_lost = False

    def __call__(self, error: BaseException) -> bool:
        if isinstance(error, EarthEngineError):
            error.after_lost_answer = self._answer_was_lost
        if not isinstance(error, Transient):
            return False
        self._answer_was_lost |= error.may_have_started
        return self._repeatable or not error.may_have_started


def _log(state: tenacity.RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    wait = state.next_action.sleep if state.next_action else 0
    _LOG.info("Attempt %d: %s Trying again in %.1f s.", state.attempt_number, error, wait)
