"""Where the emulator keeps BigQuery's tables: each a file of newline-delimited JSON below its root."""

import re
from pathlib import Path

__all__ = ["TableName", "table_name"]

# What a project, a dataset and a table may be called; here they are folders and a file.
_NAME = re.compile(r"([A-Za-z0-9:_-]+)\.(\w+)\.([\w-]+)", re.ASCII)


class TableName(tuple[str, str, str]):
    """The project, the dataset and the table."""

    __slots__ = ()

    def __str__(self) -> str:
        """Write it as BigQuery's messages do."""
        project, dataset, table = self
        return f"{project}:{dataset}.{table}"

    def path(self, root: Path) -> Path:
        """Return its file, whether that is there or not."""
        project, dataset, table = self
        return root / "bigquery" / project / dataset / f"{table}.ndjson"


def table_name(reference: str) -> TableName | None:
    """Read `project.dataset.table`."""
    found = _NAME.fullmatch(reference)
    return TableName(found.groups()) if found else None
