"""What is said in the end of the items of a task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from airflow_provider_ee.client.bulk.items import Item
from airflow_provider_ee.client.bulk.standings import Standing
from airflow_provider_ee.client.bulk.tally import Tally

__all__ = ["rows", "summary"]


def rows(items: Iterable[Item], standings: Mapping[str, Standing]) -> Iterator[dict[str, Any]]:
    """Say of each item what became of it, as plain JSON."""
    for item in items:
        standing = standings[item.digest]
        operation = standing.operation
        yield {
            "key": item.key,
            "operation": operation and operation.name,
            "state": _state(standing),
            "error": standing.refusal or (operation and operation.error),
            "outputs": item.destination() if standing.succeeded else {},
            "destination_uris": list(operation.destination_uris) if operation else [],
            "eecu_seconds": operation and operation.eecu_seconds,
            "attempt": operation and operation.attempt,
            "start_time": operation and operation.start_time,
            "end_time": operation and operation.end_time,
        }


def summary(tally: Tally) -> dict[str, Any]:
    """Say how many items became what."""
    return {
        "total": tally.total,
        "succeeded": tally.succeeded,
        "failed": tally.failed,
        "not_started": tally.to_submit,
        "kept": tally.kept,
        "eecu_seconds": round(tally.eecu_seconds, 3),
    }


def _state(standing: Standing) -> str:
    if standing.wanted:
        return "NOT_STARTED"
    if standing.refusal or standing.operation is None:
        return "REFUSED"
    return standing.operation.state
