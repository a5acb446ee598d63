"""Paging: sizes and tokens."""

import base64
import binascii
from collections.abc import Mapping

from airflow_provider_ee.emulator.envelope import invalid

__all__ = ["page_size", "read_number", "read_token", "write_token"]


def page_size(query: Mapping[str, str], *, default: int, largest: int) -> int:
    """Return the size of a page: larger ones are cut down silently, as the API does.

    Raises:
        ApiError: It is no number.
    """
    return read_number(query, "pageSize", default=default, largest=largest)


def read_number(query: Mapping[str, str], name: str, *, default: int, largest: int) -> int:
    """Return the size of a page, as a parameter of this name has it."""
    text = query.get(name, "0")
    if not text.isdecimal():
        raise invalid(name, f"{text!r} is not a whole number.")
    return min(int(text) or default, largest)


def write_token(position: int) -> str:
    """Return the token of the page that begins after a position."""
    return base64.urlsafe_b64encode(f"after:{position}".encode()).decode().rstrip("=")


def read_token(token: str) -> int:
    """Return the position that a token stands for.

    Raises:
        ApiError: It is no token of ours.
    """
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        return int(text.removeprefix("after:"))
    except (binascii.Error, ValueError) as fault:
        raise invalid("pageToken", f"{token[:40]!r} is not a token of an earlier page.") from fault
