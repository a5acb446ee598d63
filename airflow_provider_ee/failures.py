"""What becomes of an error in a task: an end for good where trying again cannot help, else a failure to be retried."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from airflow_provider_ee.compat import AirflowException, AirflowFailException

__all__ = ["explained"]


@contextmanager
def explained() -> Iterator[None]:
    """Turn errors of the client into the exceptions by which Airflow decides whether to try again."""
    from airflow_provider_ee.client import errors

    try:
        yield
    except errors.OperationCancelled as error:
        raise AirflowFailException(str(error)) from error
    except errors.OperationFailed as error:
        raise (AirflowException if error.retry_may_help else AirflowFailException)(str(error)) from error
    except (errors.Transient, errors.TimedOut, errors.QueueFull, errors.QuotaExhausted) as error:
        raise AirflowException(str(error)) from error
    except errors.EarthEngineError as error:
        raise AirflowFailException(str(error)) from error
