"""Files that appear when they are complete."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from airflow_provider_ee.emulator.compute.interruption import check_interrupted

__all__ = ["appearing", "is_unfinished"]

_UNFINISHED = re.compile(r"\.[0-9a-f]{8}-")


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """Give a path to write to, whose file takes the place of `path` once it is complete.

    Each writer has its own, so that several can write one file at the same time, and the last one stays.

    Raises:
        Interrupted: The work is not wanted any more. Nothing has appeared.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{uuid.uuid4().hex[:8]}-{path.name}"[-250:])
    try:
        yield unfinished
        check_interrupted()
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def is_unfinished(path: Path) -> bool:
    """Return whether a file is one that is still written to."""
    return _UNFINISHED.match(path.name) is not None
