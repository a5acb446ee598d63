"""When to send a request again: one policy, used by both drivers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import tenacity

from airflow_provider_ee.client.errors import Transient
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
        longest_wait: The most to wait between two attempts, also when the server asks for more.
    """

    attempts: int = 8
    total_seconds: float = 300.0
    first_wait: float = 1.0
    longest_wait: float = 60.0

    def options(self, request: Request) -> dict[str, Any]:
        """The policy for one request, in the words of `tenacity.Retrying` and `tenacity.AsyncRetrying`."""
        return {
            "retry": tenacity.retry_if_exception(_may_help(request)),
            "stop": tenacity.stop_after_attempt(self.attempts) | tenacity.stop_before_delay(self.total_seconds),
            "wait": self._wait,
            "before_sleep": _tell,
            "reraise": True,
        }

    def _wait(self, state: tenacity.RetryCallState) -> float:
        jittered = tenacity.wait_random_exponential(multiplier=self.first_wait, max=self.longest_wait)(state)
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, Transient) else None
        return jittered if asked is None else min(asked, self.longest_wait)


def _may_help(request: Request) -> Callable[[BaseException], bool]:
    """Retry trouble that passes; but where a second request could do the work twice, only if nothing was sent."""
    return lambda error: isinstance(error, Transient) and (request.repeatable or not error.sent)


def _tell(state: tenacity.RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    wait = state.next_action.sleep if state.next_action else 0
    _LOG.info("Attempt %d: %s Trying again in %.1f s.", state.attempt_number, error, wait)
