"""Ask Airflow for a connection, on a worker or on an event loop, and say what is to be done if there is none."""

from __future__ import annotations

import asyncio
import difflib
import functools
import logging
import os
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from airflow.sdk import BaseHook, Connection
from asgiref.sync import sync_to_async

from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.compat import AirflowNotFoundException

__all__ = ["find_connection", "find_connection_async", "in_thread", "log_missing", "missing_connection"]

_LOG = logging.getLogger(__name__)

#: https://airflow.apache.org/docs/apache-airflow/stable/howto/connection.html#storing-connections-in-environment-variables
_VARIABLE_PREFIX = "AIRFLOW_CONN_"

T = TypeVar("T")


def find_connection(conn_id: str) -> Connection | None:
    """Return a connection, or None if there is none of this id."""
    try:
        return BaseHook.get_connection(conn_id)
    except AirflowNotFoundException:
        return None
    except ImportError as error:
        # Outside of tasks, as in a notebook, Airflow 3.1 imports whom to ask, who is not there.
        if error.name != "airflow.sdk.execution_time.task_runner":
            raise
        return None


def missing_connection(conn_id: str, default_id: str) -> InvalidArgument:
    """Return the error for a connection that there is not: to go on as someone else would bill another project.

    Tasks cannot list the connections of Airflow's database, so only those of the environment are offered.
    """
    known = [name.removeprefix(_VARIABLE_PREFIX).lower() for name in os.environ if name.startswith(_VARIABLE_PREFIX)]
    close = difflib.get_close_matches(conn_id.lower(), [*known, default_id], n=3)
    instead = f"did you mean {' or '.join(close)}? It can" if close else "it can"
    return InvalidArgument(
        "earthengine_conn_id",
        f"Airflow has no connection {shown(conn_id)}",
        f"an existing connection; {instead} be {default_id}, in place of which Application Default Credentials will do",
    )


@functools.cache
def log_missing(conn_id: str, instead: str) -> None:
    """Say once in a process, which is once in a task, that there is no connection and what is used in its place."""
    _LOG.info("There is no connection %s: using %s.", conn_id, instead)


async def find_connection_async(conn_id: str) -> Connection | None:
    """Return a connection without holding up the event loop, or None if there is none of this id."""
    # Not `BaseHook.aget_connection`: `dag.test()` and the workers of Airflow 3.1 cannot be asked that way.
    return await in_thread(find_connection)(conn_id)


def in_thread(work: Callable[..., T]) -> Callable[..., Coroutine[Any, Any, T]]:
    """Let a thread do what would hold up the event loop, and may call Airflow's SDK.

    Airflow 3.1 finds its way back from a thread to the event loop only if asgiref made the thread. One thread for all,
    asgiref's default, would let one stuck connection freeze every trigger of the process.

    The work goes on when its caller is cancelled: the triggerer of Airflow 3.1 ends, with every trigger in it, when a
    question to its supervisor is dropped half-way.
    """
    threaded = sync_to_async(work, thread_sensitive=False)

    async def to_its_end(*args: Any) -> T:
        return await asyncio.shield(threaded(*args))

    return to_its_end
