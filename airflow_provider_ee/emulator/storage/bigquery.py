"""BigQuery as the emulator has it: a table is a file of newline-delimited JSON in its project and dataset."""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from airflow_provider_ee.emulator.compute import Collection, row_columns, table_rows
from airflow_provider_ee.emulator.compute.files.appearing import appearing
from airflow_provider_ee.emulator.computing import translated
from airflow_provider_ee.emulator.envelope import ApiError, invalid
from airflow_provider_ee.emulator.state.big_query import TableName, table_name

__all__ = ["BigQueryTable", "big_query_table_of"]

# Operations run side by side, and several may append to one table.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class BigQueryTable:
    """A table of BigQuery, which is a file of newline-delimited JSON; its dataset is made when it is missing.

    Args:
        name: Its name.
        root: The emulator's root.
        options: The request's bigqueryDestination.
    """

    name: TableName
    root: Path
    options: Mapping[str, Any]

    @property
    def uris(self) -> tuple[str, ...]:
        """The table's page in the Cloud console."""
        project, dataset, table = self.name
        place = f"p={project}&d={dataset}&t={table}"
        return (f"https://console.cloud.google.com/bigquery?project={project}&page=table&{place}",)

    def write(self, table: Collection, selectors: Sequence[str]) -> None:
        """Write the rows, or add them to those that are there."""
        path = self.name.path(self.root)
        columns = translated(row_columns, table, selectors)
        rows = translated(table_rows, table, columns)
        with _ONE_AT_A_TIME:
            if path.exists() and self.options.get("append"):
                self._check_schema(path, columns)
                with path.open("a", encoding="utf-8") as file:
                    file.write(rows)
                return
            if path.exists() and not self.options.get("overwrite"):
                raise ApiError("ALREADY_EXISTS", f"Already Exists: Table {self.name}")
            # Who reads meanwhile sees the old table or the new one, as in BigQuery.
            with appearing(path) as unfinished:
                unfinished.write_text(rows, encoding="utf-8")

    def _check_schema(self, path: Path, columns: Sequence[str]) -> None:
        """Refuse columns that the table does not have; the first row is its schema."""
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        for name in columns:
            if first and name not in json.loads(first):
                raise ApiError(
                    "INVALID_ARGUMENT",
                    f"Provided Schema does not match Table {self.name}. Cannot add fields (field: {name})",
                )


def big_query_table_of(options: Mapping[str, Any], root: Path) -> BigQueryTable:
    """Return the table that a bigqueryDestination names.

    Raises:
        ApiError: It names none.
    """
    name = table_name(options["table"])
    if name is None:
        raise invalid(
            "bigqueryExportOptions.bigqueryDestination.table",
            f"{options['table'][:80]!r} is not of the form 'project.dataset.table' (letters, digits, '_' and '-').",
        )
    return BigQueryTable(name, root, options)
