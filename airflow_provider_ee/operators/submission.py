"""Who asks: from an Airflow context to the ticket and the notes by which work is started exactly once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow_provider_ee.compat import conf

if TYPE_CHECKING:
    from airflow_provider_ee.client.submission import Ticket

__all__ = ["known_operation", "note_operation", "ticket_of"]

_NOTE = "earthengine_operation"


def ticket_of(context: Mapping[str, Any]) -> Ticket:
    """Return the ticket of a task instance: the same for every try, another one after a person cleared it.

    Airflow leaves `max_tries` alone when it retries and raises it when somebody clears the task.
    """
    from airflow_provider_ee.client.submission import Ticket

    ti = context["ti"]
    identity = (_deployment(), ti.dag_id, ti.run_id, ti.task_id, str(ti.map_index))
    digest = hashlib.sha256("\n".join(identity).encode()).hexdigest()
    return Ticket(key=digest[:16], epoch=max(0, ti.max_tries or 0))


def note_operation(context: Mapping[str, Any], name: str) -> None:
    """Note down which operation was started, where Airflow 3.3 keeps such notes over retries."""
    store = context.get("task_state_store")
    if store is not None:
        store.set(_NOTE, name)


def known_operation(context: Mapping[str, Any]) -> str | None:
    """Return the operation that an earlier try noted down. It saves a listing and is never the only truth."""
    store = context.get("task_state_store")
    name = store.get(_NOTE) if store is not None else None
    return name if isinstance(name, str) else None


def _deployment() -> str:
    """What tells this Airflow from another one with the same DAGs and the same project."""
    return str(conf.get("earthengine", "deployment_id", fallback="") or conf.get("api", "base_url", fallback=""))
