"""Files that are there whole or not at all, wherever Airflow can write."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from airflow_provider_ee.client.errors import InvalidArgument, shown

if TYPE_CHECKING:
    from airflow.sdk import ObjectStoragePath

__all__ = ["place_of_file", "whole_file"]

_ALLOWED = (
    "the path or URL of a file, such as gs://connection@bucket/name.tif; "
    "gs:// needs `pip install 'airflow-provider-ee[google]'`, s3:// apache-airflow-providers-amazon"
)


@contextmanager
def whole_file(url: str, argument: str) -> Iterator[IO[bytes]]:
    """Open a file to be written; it gets its name when all of it is there. One that is there before is replaced.

    Storage that keeps what was written so far when a writer fails gives nobody a half file so.

    Args:
        url: What `ObjectStoragePath` takes.
        argument: Who to blame.

    Raises:
        InvalidArgument: This Airflow cannot write there.
    """
    path, is_local = _opened(url, argument)
    part, _ = _opened(f"{url}.{uuid.uuid4().hex[:8]}.part", argument)
    storage = part.fs
    if is_local:
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with storage.open(part.path, "wb") as file:  # not part.open, which tells Airflow's lineage of this name
            yield file
        storage.mv(part.path, path.path)
    except BaseException:
        with suppress(Exception):  # what went wrong is what the caller has to know
            storage.rm(part.path)
        raise


def place_of_file(url: object, argument: str) -> tuple[str, Callable[[Path, str], None] | None]:
    """Return the path of a file on this machine, or the URL of one elsewhere and what puts a local file there.

    Raises:
        InvalidArgument: This Airflow cannot write there.
    """
    if not isinstance(url, str) or not url:
        raise InvalidArgument(argument, f"{shown(url)} names no file", _ALLOWED)
    # In the main thread, where Airflow can be asked for a connection; it keeps open storage.
    path, is_local = _opened(url, argument)
    if not path.name or url.endswith("/"):
        raise InvalidArgument(argument, f"{shown(url)} is a folder", _ALLOWED)
    return (path.path, None) if is_local else (url, partial(_deliver, argument=argument))


def _opened(url: str, argument: str) -> tuple[ObjectStoragePath, bool]:
    """Return a path whose storage is open, and whether that is this machine."""
    from airflow.sdk import ObjectStoragePath
    from fsspec.implementations.local import LocalFileSystem  # type: ignore[import-untyped]  # ships no types

    # universal_pathlib before 0.3 has all relative paths begin at the root.
    place = url if "://" in url else str(Path(url).absolute())
    try:
        path = ObjectStoragePath(place)
        return path, isinstance(path.fs, LocalFileSystem)
    except (ImportError, ValueError, TypeError) as error:
        raise InvalidArgument(argument, f"{shown(url)} cannot be written to ({error})", _ALLOWED) from None


def _deliver(file: Path, url: str, *, argument: str) -> None:
    with file.open("rb") as source, whole_file(url, argument) as target:
        shutil.copyfileobj(source, target, 2**20)
