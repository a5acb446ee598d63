"""The result of a bulk export: a file with a line for each item, an XCom, or an error that lists what has failed."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from airflow_provider_ee.compat import AirflowException, AirflowFailException
from airflow_provider_ee.operators.base.output_files import whole_file

if TYPE_CHECKING:
    from airflow_provider_ee.client.bulk.run import BulkRun

__all__ = ["build_failure", "list_items", "write_report"]

_LOG = logging.getLogger(__name__)

#: More do not belong in Airflow's database.
_MAX_ITEMS_IN_XCOM = 1000
_FAILURES_IN_MESSAGE = 20


def write_report(url: str, run: BulkRun) -> None:
    """Write a line of JSON for each item."""
    from airflow_provider_ee.client.bulk.results import list_results

    with whole_file(url, "report") as file:
        for row in list_results(run.items, run.item_states):
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


def list_items(run: BulkRun) -> dict[str, Any]:
    """Return the result of each item by its key; of more than 1,000 items, only of those that have failed."""
    from airflow_provider_ee.client.bulk.results import list_results

    results = {row.pop("key"): row for row in list_results(run.items, run.item_states)}
    if len(results) <= _MAX_ITEMS_IN_XCOM:
        return results
    _LOG.warning("There are too many items for an XCom: it holds those that have failed. report= writes all of them.")
    failed = [item.key for item in run.items if run.item_states[item.digest].failed]
    return {key: results[key] for key in failed[:_MAX_ITEMS_IN_XCOM]}


def build_failure(run: BulkRun) -> Exception:
    """Return the error that lists the failed items; a final one where another try cannot help any of them."""
    from airflow_provider_ee.client.bulk.results import list_results

    failed = {item.digest for item in run.items if run.item_states[item.digest].failed}
    reasons = [
        f"{row['key']}: {row['error'] or row['state']}"
        for row in list_results([item for item in run.items if item.digest in failed], run.item_states)
    ]
    may_help = any(run.item_states[digest].retry_may_help for digest in failed)
    kind = AirflowException if may_help else AirflowFailException
    listed = "; ".join(reasons[:_FAILURES_IN_MESSAGE])
    return kind(f"{len(failed):,} of {len(run.items):,} exports failed: {listed}")
