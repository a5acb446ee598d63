"""Cloud Storage as the emulator has it: a bucket is a folder under the root, an object is a file in it."""

import re
from pathlib import Path

from airflow_provider_ee.emulator.envelope import invalid

__all__ = ["check_uri", "object_path"]

# Objects are paths on this machine, so no part of a name may be "." or "..".
_URI = re.compile(r"gs://(?!\.)[^/\s\\]+/(?!/)(?!(?:.*/)?\.\.?(?:/|$))[^\x00-\x1f\\]*[^\x00-\x1f\\/]")


def check_uri(uri: str, field: str) -> str:
    """Return the name of an object.

    Raises:
        ApiError: It is none.
    """
    if not _URI.fullmatch(uri):
        raise invalid(field, f"{uri[:200]!r} is not an object of the form 'gs://BUCKET/OBJECT'.")
    return uri


def object_path(root: Path, uri: str) -> Path:
    """Return where an object is, by its name as `check_uri` lets it pass."""
    bucket, _, name = uri.removeprefix("gs://").partition("/")
    return root / "gs" / bucket / name
