"""Who asks: from an Airflow context to the ticket and the notes by which work is started exactly once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow_provider_ee.compat import conf

if TYPE_CHECKING:
    from airflow_provider_ee.client.operations.markers import Note, Ticket

__all__ = ["dag_mark", "deployment_mark", "note_of", "remember", "stored", "task_mark", "ticket_of", "tries_of"]

_KEY = "earthengine_operation"


def deployment_mark() -> str:
    """What tells this Airflow from another one with the same DAGs and the same project."""
    configured = conf.get("earthengine", "deployment_id", fallback="")
    return _digest(configured or conf.get("api", "base_url", fallback=""))[:8]


def dag_mark(dag_id: str) -> str:
    """What tells a DAG from the others of a deployment."""
    return _digest(dag_id)[:12]


def task_mark(dag_id: str, run_id: str, task_id: str, map_index: int) -> str:
    """What tells a task instance from the others of a DAG."""
    return _digest(dag_id, run_id, task_id, str(map_index))[:12]


def ticket_of(context: Mapping[str, Any]) -> Ticket:
    """Return the ticket of a task instance: the same for every try, another one after a person cleared it."""
    from airflow_provider_ee.client.operations.markers import Ticket

    ti = context["ti"]
    index = -1 if ti.map_index is None else ti.map_index
    task = task_mark(ti.dag_id, ti.run_id, ti.task_id, index)
    return Ticket(deployment_mark(), dag_mark(ti.dag_id), task, _epoch(context))


def note_of(context: Mapping[str, Any]) -> Note | None:
    """Return what an earlier try, or an earlier part of this one, wrote down; Airflow 3.3 keeps it over retries."""
    from airflow_provider_ee.client.operations.markers import Note

    return Note.read(stored(context))


def stored(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what was written down last, whatever wrote it; nothing before Airflow 3.3."""
    store = context.get("task_state_store")
    kept = store.get(_KEY) if store is not None else None
    return kept if isinstance(kept, Mapping) else {}


def remember(context: Mapping[str, Any], kept: Mapping[str, Any]) -> None:
    """Write down what a later try should find, where Airflow 3.3 keeps such notes.

    Args:
        context: Airflow's context.
        kept: A note or another memory as plain JSON, the marker of its `ticket` among it.
    """
    store = context.get("task_state_store")
    if store is not None:
        store.set(_KEY, {**kept, **_counters(context)})


def _epoch(context: Mapping[str, Any]) -> str:
    """Say which demand to be run this is, from `max_tries`: a retry leaves it alone, a clear moves it.

    A clear sets it to `try_number + retries`. If somebody lowers `retries` in the DAG before, that can give the same
    number; then the number of clears of the run tells.
    """
    from airflow_provider_ee.client.operations.markers import Ticket

    now, before = _counters(context), stored(context)
    ticket = Ticket.read(str(before.get("ticket")))
    if ticket is None or before.get("max_tries") != now["max_tries"]:
        return str(now["max_tries"])
    new_try = now["try_number"] != before.get("try_number")
    as_on_a_clear = now["max_tries"] == now["try_number"] - 1 + context["ti"].task.retries
    cleared = new_try and as_on_a_clear and now["clears"] != before.get("clears")
    return f"{now['max_tries']}c{now['clears']}" if cleared else ticket.epoch


def tries_of(context: Mapping[str, Any]) -> int:
    """Return how many tries there have been since the task was last cleared, with this one."""
    before = max(0, (context["ti"].max_tries or 0) - int(context["ti"].task.retries))
    return max(1, int(context["ti"].try_number) - before)


def _counters(context: Mapping[str, Any]) -> dict[str, int]:
    clears = getattr(context.get("dag_run"), "clear_number", None)
    ti = context["ti"]
    return {"max_tries": max(0, ti.max_tries or 0), "try_number": ti.try_number, "clears": clears or 0}


def _digest(*identity: str) -> str:
    return hashlib.sha256("\n".join(identity).encode()).hexdigest()
