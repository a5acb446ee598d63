"""The fields that every export has."""

from __future__ import annotations

from typing import Any, TypeAlias

from airflow_provider_ee.client.arguments import names
from airflow_provider_ee.client.arguments.expressions import Expression
from airflow_provider_ee.client.arguments.scalars import optional, text, whole, without_none

__all__ = ["Body", "export_body", "most_pixels"]

Body: TypeAlias = dict[str, Any]

_LARGEST_INT32 = 2**31 - 1
_LARGEST_INT64 = 2**63 - 1


def export_body(
    expression: Expression,
    *,
    description: object,
    priority: object,
    workload_tag: object,
    max_workers: object,
    **fields: Any,
) -> Body:
    """Build the body of an export from the fields that all have, and those of its kind, checked already."""
    return without_none(
        expression=expression,
        description=text("description", description),
        **fields,
        priority=optional(whole, "priority", priority, 0, 9999),
        workloadTag=None if workload_tag is None else names.workload_tag(workload_tag),
        maxWorkers=optional(whole, "max_workers", max_workers, 1, _LARGEST_INT32),
    )


def most_pixels(value: object, argument: str = "max_pixels") -> str | None:
    """Return a limit of pixels; 64 bits are text in JSON."""
    number = optional(whole, argument, value, 1, _LARGEST_INT64)
    return None if number is None else str(number)
