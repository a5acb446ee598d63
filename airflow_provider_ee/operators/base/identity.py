"""Who asks: from an Airflow context to the ticket and the notes by which work is started exactly once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from airflow_provider_ee.compat import conf

if TYPE_CHECKING:
    from airflow_provider_ee.client.operations.markers import Note, Ticket

__all__ = [
    "default_description",
    "deployment",
    "may_be_mistaken",
    "note_of",
    "remember",
    "start_of_run",
    "stored",
    "ticket_of",
    "tries_of",
    "was_cleared",
]

_KEY = "earthengine_operation"

#: The hosts of an Airflow that was not told its own address.
_OF_ANYBODY = frozenset({"", "localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - nothing listens here


def deployment() -> str:
    """Return what tells this Airflow from another one with the same DAGs and the same project.

    That is `[earthengine] deployment_id`, else the host, the port and the path of `[api] base_url`.
    """
    return _configured() or "".join(_address())


def may_be_mistaken() -> bool:
    """Return whether another Airflow in the same project may take this one's operations for its own."""
    return not _configured() and _address()[0] in _OF_ANYBODY


def _configured() -> str:
    return str(conf.get("earthengine", "deployment_id", fallback="")).strip()


def _address() -> tuple[str, str]:
    """Return host and port with path of `[api] base_url`, as they are in every spelling of it."""
    url = str(conf.get("api", "base_url", fallback="")).strip()
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        port = "" if parts.port in {None, 80, 443} else f":{parts.port}"
    except ValueError:
        return url, ""
    return parts.hostname or "", port + parts.path.rstrip("/")


def ticket_of(context: Mapping[str, Any]) -> Ticket:
    """Return the ticket of a task instance: the same for every try, another one after a person cleared it.

    So it is after a person deleted its run, when another run of the same name has a task instance like it.
    """
    from airflow_provider_ee.client.operations.markers import Ticket

    ti = context["ti"]
    now, before = _counters(context), stored(context)
    ticket = Ticket.of(
        deployment(),
        dag_id=ti.dag_id,
        run_id=ti.run_id,
        task_id=ti.task_id,
        map_index=_map_index(context),
        run_start=f"{start_of_run(context):.6f}",
        demand=_demand(context),
    )
    noted = Ticket.read(str(before.get("ticket")))
    goes_on = before.get("max_tries") == now["max_tries"] and not _cleared_unnoticed(context)
    return noted if noted is not None and noted.same_task(ticket) and goes_on else ticket


def default_description(context: Mapping[str, Any], longest: int, separator: str = ":") -> str:
    """Return a text that tells DAG, task, map index and run, as far as there is room."""
    from airflow_provider_ee.client.arguments.descriptions import readable

    ti, index = context["ti"], _map_index(context)
    names = [ti.dag_id, ti.task_id, *([str(index)] if index >= 0 else []), ti.run_id]
    return readable(names, longest=longest, separator=separator)


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


def tries_of(context: Mapping[str, Any]) -> int:
    """Return how many tries there have been since the task was last cleared, with this one."""
    before = max(0, (context["ti"].max_tries or 0) - int(context["ti"].task.retries))
    return max(1, int(context["ti"].try_number) - before)


def was_cleared(context: Mapping[str, Any]) -> bool:
    """Return whether a person has cleared this task instance: whatever is of another epoch is of a deleted run else."""
    return int(context["ti"].max_tries or 0) > int(context["ti"].task.retries)


def _demand(context: Mapping[str, Any]) -> str:
    """Return which demand of a person to be run this is: equal for all retries, different after a clear.

    A retry leaves `max_tries` alone, a clear moves it.
    """
    counters = _counters(context)
    clears = f"c{counters['clears']}" if _cleared_unnoticed(context) else ""
    return f"{counters['max_tries']}{clears}"


def _cleared_unnoticed(context: Mapping[str, Any]) -> bool:
    """Return whether a person has cleared the task, and `max_tries` is the same by chance.

    A clear sets it to `try_number + retries`. If somebody lowers `retries` in the DAG before, that can give the same
    number; then the number of clears of the run tells.
    """
    now, before = _counters(context), stored(context)
    return (
        before.get("max_tries") == now["max_tries"]
        and now["try_number"] != before.get("try_number")
        and now["max_tries"] == now["try_number"] - 1 + context["ti"].task.retries
        and now["clears"] != before.get("clears")
    )


def start_of_run(context: Mapping[str, Any]) -> float:
    """Return when the run of a task began, in seconds since 1970.

    That tells it from one of the same name that was deleted before: Airflow sets it once, and again only when a person
    queues the whole run anew.
    """
    start = getattr(context.get("dag_run"), "start_date", None)
    return 0.0 if start is None else float(start.timestamp())


def _map_index(context: Mapping[str, Any]) -> int:
    index = context["ti"].map_index
    return -1 if index is None else int(index)


def _counters(context: Mapping[str, Any]) -> dict[str, int]:
    clears = getattr(context.get("dag_run"), "clear_number", None)
    ti = context["ti"]
    return {"max_tries": max(0, ti.max_tries or 0), "try_number": ti.try_number, "clears": clears or 0}
