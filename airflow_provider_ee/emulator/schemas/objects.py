"""Names of objects in Cloud Storage, as manifests write them."""

import re

from airflow_provider_ee.emulator.envelope import invalid

__all__ = ["check_uri"]

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
