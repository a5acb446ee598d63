"""Ask Airflow for a connection, on a worker or on an event loop. A missing one is None."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from airflow.sdk import BaseHook, Connection
from asgiref.sync import sync_to_async

from airflow_provider_ee.compat import AirflowNotFoundException

__all__ = ["find_connection", "find_connection_async", "in_thread"]

T = TypeVar("T")


def find_connection(conn_id: str) -> Connection | None:
    """Return a connection, or None if there is none of this id."""
    try:
        return BaseHook.get_connection(conn_id)
    except AirflowNotFoundException:
        return None


async def find_connection_async(conn_id: str) -> Connection | None:
    """Return a connection without holding up the event loop, or None if there is none of this id."""
    try:
        return await BaseHook.aget_connection(conn_id)
    except AirflowNotFoundException:
        # `dag.test()` and tasks that a trigger starts cannot be asked this way, and say that there is none.
        return await in_thread(find_connection)(conn_id)


def in_thread(work: Callable[..., T]) -> Callable[..., Coroutine[Any, Any, T]]:
    """Let a thread do what would hold up the event loop, and may call Airflow's SDK.

    Airflow 3.1 finds its way back from a thread to the event loop only if asgiref made the thread. One thread for all,
    asgiref's default, would let one stuck connection freeze every trigger of the process.
    """
    return sync_to_async(work, thread_sensitive=False)
