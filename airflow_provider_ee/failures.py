"""What becomes of an error in a task: an end for good where trying again cannot help, else a failure to be retried."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from airflow_provider_ee.client import errors
from airflow_provider_ee.compat import AirflowException, AirflowFailException

__all__ = ["explained"]

_LOG = logging.getLogger(__name__)

#: What another try may not meet again.
_PASSING = (errors.Transient, errors.TimedOut, errors.QueueFull, errors.QuotaExhausted)

_kinds: dict[tuple[type, type], type[BaseException]] = {}


@contextmanager
def explained() -> Iterator[None]:
    """Turn errors of the client into the exceptions by which Airflow decides whether to try again.

    They are both: a `retry_policy` of Airflow 3.3 finds them by the client's classes too, such as
    `airflow_provider_ee.client.errors.QuotaExhausted`.
    """
    try:
        yield
    except errors.EarthEngineError as error:
        _LOG.debug("Where it came from:", exc_info=error)
        raise _explanation(error) from None  # Airflow logs it whole: our own frames would tell a reader nothing


def _explanation(error: errors.EarthEngineError) -> BaseException:
    kind = _kind(type(error), AirflowException if _may_pass(error) else AirflowFailException)
    explanation: BaseException = kind.__new__(kind, *error.args)
    explanation.args = error.args or (str(error),)
    explanation.__dict__.update(error.__dict__)
    return explanation


def _may_pass(error: errors.EarthEngineError) -> bool:
    if isinstance(error, errors.OperationFailed):
        return error.retry_may_help and not isinstance(error, errors.OperationCancelled)
    return isinstance(error, _PASSING)


def _kind(ours: type[errors.EarthEngineError], airflows: type[BaseException]) -> type[BaseException]:
    if (ours, airflows) not in _kinds:
        # Named after Airflow's: a log shows at once what becomes of the task.
        _kinds[ours, airflows] = type(airflows.__name__, (ours, airflows), {"__doc__": ours.__doc__})
    return _kinds[ours, airflows]
