"""What a bulk export leaves: a file with a line for each item, an XCom, or an error that says which have failed."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from airflow_provider_ee.compat import AirflowException, AirflowFailException
from airflow_provider_ee.operators.base.output_files import whole_file

if TYPE_CHECKING:
    from airflow_provider_ee.client.bulk.course import Course

__all__ = ["failure_of", "items_of", "write_report"]

_LOG = logging.getLogger(__name__)

#: More than so many are no matter for Airflow's database.
_MOST_ITEMS_IN_XCOM = 1000
_FAILURES_IN_MESSAGE = 20


def write_report(url: str, course: Course) -> None:
    """Write a line of JSON for each item."""
    from airflow_provider_ee.client.bulk.report import rows

    with whole_file(url, "report") as file:
        for row in rows(course.items, course.standings):
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


def items_of(course: Course) -> dict[str, Any]:
    """Return what became of each item by its key; of very many, only of those that have failed."""
    from airflow_provider_ee.client.bulk.report import rows

    told = {row.pop("key"): row for row in rows(course.items, course.standings)}
    if len(told) <= _MOST_ITEMS_IN_XCOM:
        return told
    _LOG.warning("There are too many items for an XCom: it tells of those that have failed. report= takes all of them.")
    failed = [item.key for item in course.items if course.standings[item.digest].failed]
    return {key: told[key] for key in failed[:_MOST_ITEMS_IN_XCOM]}


def failure_of(course: Course) -> Exception:
    """Return the error that says which items have failed; one for good where another try cannot help any of them."""
    from airflow_provider_ee.client.bulk.report import rows

    failed = {item.digest for item in course.items if course.standings[item.digest].failed}
    reasons = [
        f"{row['key']}: {row['error'] or row['state']}"
        for row in rows([item for item in course.items if item.digest in failed], course.standings)
    ]
    may_help = any(course.standings[digest].retry_may_help for digest in failed)
    kind = AirflowException if may_help else AirflowFailException
    told = "; ".join(reasons[:_FAILURES_IN_MESSAGE])
    return kind(f"{len(failed):,} of {len(course.items):,} exports failed: {told}")
