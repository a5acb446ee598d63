"""Ask Airflow for a connection, on a worker or on an event loop. A missing one is None."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from airflow.sdk import BaseHook, Connection
from asgiref.sync import sync_to_async

from airflow_provider_ee.compat import AirflowNotFoundException

__all__ = ["find_connection", "find_connection_async", "in_thread"]

T = TypeVar("T")

#: What Airflow raises where nobody can be asked with await, as in `dag.test()` and outside of tasks. Since 3.2 it says
#: that there is no such connection; 3.1 raises whatever goes wrong.
_CANNOT_BE_AWAITED = (AirflowNotFoundException, AttributeError, ImportError, NotImplementedError)


def find_connection(conn_id: str) -> Connection | None:
    """Return a connection, or None if there is none of this id."""
    try:
        return BaseHook.get_connection(conn_id)
    except AirflowNotFoundException:
        return None
    except ImportError as error:
        # Outside of a task, in a notebook or a test, Airflow 3.1 has nobody to ask, and stumbles over that.
        if error.name != "airflow.sdk.execution_time.task_runner":
            raise
        return None


async def find_connection_async(conn_id: str) -> Connection | None:
    """Return a connection without holding up the event loop, or None if there is none of this id."""
    try:
        return await BaseHook.aget_connection(conn_id)
    except _CANNOT_BE_AWAITED:
        return await in_thread(find_connection)(conn_id)


def in_thread(work: Callable[..., T]) -> Callable[..., Coroutine[Any, Any, T]]:
    """Let a thread do what would hold up the event loop, and may call Airflow's SDK.

    Airflow 3.1 finds its way back from a thread to the event loop only if asgiref made the thread. One thread for all,
    asgiref's default, would let one stuck connection freeze every trigger of the process.
    """
    return sync_to_async(work, thread_sensitive=False)
