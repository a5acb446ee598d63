"""The moments at which triggers fire: Python runs this before all else where it is found on the path.

Only the benchmark puts it there, and names the folder in which the moments are kept in FIRINGS.
"""
# ruff: noqa: INP001 - found on the path, not in a package

import logging
import os
import time
from pathlib import Path


class Witness(logging.Filter):
    """Writes down when which trigger fires, and lets no step go on to Airflow's logs, where it would cost something.

    A filter, for Airflow replaces the handlers in each process.

    Args:
        file: For a line of each.
    """

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def filter(self, record: logging.LogRecord) -> bool:
        label, about = record.args
        if label == "firing":
            with self._file.open("a", encoding="utf-8") as file:
                file.write(f"{about} {time.time()}\n")
        return False


if "FIRINGS" in os.environ:
    steps = logging.getLogger("airflow_provider_ee.checkpoints")
    steps.setLevel(logging.DEBUG)
    steps.addFilter(Witness(Path(os.environ["FIRINGS"]) / "fired"))
