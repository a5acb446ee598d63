"""Names of places outside of Earth Engine, checked.

https://cloud.google.com/storage/docs/buckets#naming
https://cloud.google.com/storage/docs/objects#naming
https://cloud.google.com/bigquery/docs/tables#table_naming
"""

from __future__ import annotations

import ipaddress
import re

from airflow_provider_ee.client.arguments.scalars import is_text
from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["big_query_table", "bucket_name", "drive_name", "object_prefix"]

_BUCKET = re.compile(r"(?=.{3,222}$)[a-z0-9](?:[a-z0-9_-]|\.(?!\.))*[a-z0-9]")
_LONGEST_PART_OF_BUCKET = 63
_LONGEST_OBJECT_NAME = 1024
_BIG_QUERY_TABLE = re.compile(
    r"(?:[a-z0-9.-]+:)?[a-z0-9][a-z0-9-]{0,62}\.[A-Za-z0-9_]{1,1024}\.[\w-]{1,1024}"
    # A partition: https://cloud.google.com/bigquery/docs/managing-partitioned-table-data
    r"(?:\$(?:[0-9]{4}(?:[0-9]{2}){0,3}|[0-9]+|__NULL__|__UNPARTITIONED__))?"
)


def bucket_name(argument: str, value: object) -> str:
    """Check the name of a bucket."""
    if (
        not isinstance(value, str)
        or not _BUCKET.fullmatch(value)
        or max(map(len, value.split("."))) > _LONGEST_PART_OF_BUCKET
        or _is_address(value)
    ):
        raise InvalidArgument(
            argument, f"{shown(value)} is not a valid bucket name", "the bare name, without gs:// and without a path"
        )
    return value


def object_prefix(argument: str, value: object) -> str:
    """Check what the names of objects begin with."""
    if not isinstance(value, str) or not 1 <= len(value.encode(errors="replace")) <= _LONGEST_OBJECT_NAME:
        raise InvalidArgument(argument, f"{shown(value)} is not a valid object name", "1 to 1024 bytes of text")
    if value.startswith("/") or not is_text(value):
        raise InvalidArgument(
            argument, f"{shown(value)} is not a valid object name", "no leading slash, no control codes"
        )
    return value


def drive_name(argument: str, value: object) -> str:
    """Check the name of a folder or a file."""
    # A slash is a letter like any other in Drive: "path/to/file" is one name.
    if not isinstance(value, str) or not value.strip() or not is_text(value):
        raise InvalidArgument(argument, f"{shown(value)} is not a valid name in Drive", "a text without control codes")
    return value


def big_query_table(argument: str, value: object) -> str:
    """Check `project.dataset.table`."""
    if not isinstance(value, str) or not _BIG_QUERY_TABLE.fullmatch(value):
        raise InvalidArgument(
            argument,
            f"{shown(value)} is not a valid BigQuery table",
            "project.dataset.table with letters, digits and _, - in the project and the table, "
            "and perhaps a partition such as $20260131",
        )
    return value


def _is_address(value: str) -> bool:
    try:
        return bool(ipaddress.ip_address(value))
    except ValueError:
        return False
