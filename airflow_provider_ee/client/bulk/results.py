"""What the task returns and reports of its items in the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from airflow_provider_ee.client.bulk.counts import Counts
from airflow_provider_ee.client.bulk.item_states import ItemState
from airflow_provider_ee.client.bulk.items import Item

__all__ = ["list_results", "summarize"]


def list_results(items: Iterable[Item], item_states: Mapping[str, ItemState]) -> Iterator[dict[str, Any]]:
    """Yield the result of each item, as plain JSON."""
    for item in items:
        state = item_states[item.digest]
        operation = state.operation
        written = item.written_by(operation) if operation and state.succeeded else None
        yield {
            "key": item.key,
            "operation": operation and operation.name,
            "state": _name_state(state),
            "error": state.refusal.reason if state.refusal else operation and operation.error,
            "outputs": written or {},
            "destination_changed": state.succeeded and written is None,
            "destination_uris": list(operation.destination_uris) if operation else [],
            "eecu_seconds": operation and operation.eecu_seconds,
            "attempt": operation and operation.attempt,
            "start_time": operation and operation.start_time,
            "end_time": operation and operation.end_time,
        }


def summarize(counts: Counts) -> dict[str, Any]:
    """Return the numbers of items, as plain JSON."""
    return {
        "total": counts.total,
        "succeeded": counts.succeeded,
        "failed": counts.failed,
        "not_started": counts.to_submit,
        "kept": counts.kept,
        "eecu_seconds": round(counts.eecu_seconds, 3),
    }


def _name_state(state: ItemState) -> str:
    if state.wanted:
        return "NOT_STARTED"
    if state.refusal or state.operation is None:
        return "REFUSED"
    return state.operation.state
