"""Files that are there whole or not at all, wherever Airflow can write."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["whole_file"]

_ALLOWED = (
    "the path or URL of a file, such as gs://connection@bucket/name.csv; "
    "gs:// needs apache-airflow-providers-google, s3:// apache-airflow-providers-amazon"
)


@contextmanager
def whole_file(url: str, argument: str) -> Iterator[IO[bytes]]:
    """Open a file to be written; it gets its name when all of it is there. One that is there before is replaced.

    Storage that keeps what was written so far when a writer fails gives nobody a half file so.

    Args:
        url: What `ObjectStoragePath` takes.
        argument: Who to blame.

    Raises:
        InvalidArgument: It is no place that this Airflow can write to.
    """
    from airflow.sdk import ObjectStoragePath

    part: Any = None
    try:
        path = ObjectStoragePath(url)
        part = ObjectStoragePath(f"{url}.{uuid.uuid4().hex[:8]}.part")
        storage = part.fs
    except (ImportError, ValueError, TypeError) as error:
        raise InvalidArgument(argument, f"{shown(url)} cannot be written to ({error})", _ALLOWED) from None
    if part.protocol in {"", "file"}:
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with storage.open(part.path, "wb") as file:  # not part.open, which tells Airflow's lineage of this name
            yield file
        storage.mv(part.path, path.path)
    except BaseException:
        with suppress(Exception):  # what went wrong is what the caller has to know
            storage.rm(part.path)
        raise
