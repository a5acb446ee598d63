"""Read the JSON of credentials in every shape in which people paste it, and never say what is in it."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from airflow_provider_ee.client.errors import InvalidArgument

__all__ = ["from_either", "from_file", "from_text", "optional_text", "text"]

_LONGEST = 2**16
_JSON_OBJECT = "the JSON object of a credential file, as it is or in base64"


def from_either(argument: str, value: object) -> dict[str, Any]:
    """Read credentials given as a mapping, as JSON text, or as the path of a JSON file."""
    is_path = isinstance(value, str) and value.strip() and not _stripped(value).startswith("{")
    return from_file(argument, value) if is_path else from_text(argument, value)


def from_file(argument: str, path: object) -> dict[str, Any]:
    """Read credentials from the path of a JSON file."""
    if not isinstance(path, str) or not path.strip():
        raise InvalidArgument(argument, "it names no file", "the path of a JSON file")
    if _stripped(path).startswith("{"):
        raise InvalidArgument(argument, "it holds JSON where a path belongs", "the path of a JSON file")
    content, fault = _read(path.strip())
    if fault:
        raise InvalidArgument(argument, f"the file cannot be read: {fault}", "the path of a JSON file")
    return from_text(argument, content)


def from_text(argument: str, value: object) -> dict[str, Any]:
    """Read credentials given as a mapping or as JSON text, maybe in base64."""
    if isinstance(value, Mapping):
        return dict(value)
    if not isinstance(value, str) or not value.strip():
        raise InvalidArgument(argument, "it holds no credentials", _JSON_OBJECT)
    if len(value) > _LONGEST:
        raise InvalidArgument(argument, f"it is longer than {_LONGEST:,} characters", _JSON_OBJECT)
    stripped = _stripped(value)
    if stripped.endswith(".json") or stripped.startswith(("/", "~", "./")):
        raise InvalidArgument(argument, "it is a path where JSON belongs", _JSON_OBJECT)
    content, fault = _parse(stripped if stripped.startswith("{") else _decoded(stripped))
    if not isinstance(content, dict):
        raise InvalidArgument(argument, f"it is not a JSON object{fault}", _JSON_OBJECT)
    return content


def text(argument: str, info: Mapping[str, Any], field: str) -> str:
    """Return a field that must be there."""
    value = optional_text(argument, info, field)
    if value is None:
        raise InvalidArgument(f"{argument}.{field}", "it is missing", "what Google's file has there")
    return value


def optional_text(argument: str, info: Mapping[str, Any], field: str) -> str | None:
    """Return a field that may be missing."""
    value = info.get(field)
    if value is None or (isinstance(value, str) and value.strip() and value.isprintable()):
        return value
    raise InvalidArgument(f"{argument}.{field}", "it is not a text on one line", "what Google's file has there")


def _stripped(value: str) -> str:
    """Cut off white space and the byte-order mark that some editors put in front."""
    return value.strip().removeprefix("\ufeff").strip()


def _decoded(value: str) -> str:
    try:
        return _stripped(base64.b64decode("".join(value.split()), validate=True).decode())
    except (binascii.Error, ValueError):
        return value


# The errors of Python quote what they could not read, so they end where they arise and leave their reason behind.


def _parse(value: str) -> tuple[object, str]:
    try:
        # A private key that was pasted line by line has bare line ends, which only the lenient parser takes.
        return json.loads(value, strict=False), ""
    except json.JSONDecodeError as error:
        return None, f" (line {error.lineno}, column {error.colno})"
    except (ValueError, RecursionError):
        return None, ""


def _read(path: str) -> tuple[str, str]:
    try:
        file = Path(path).expanduser()
        if not file.is_file():
            return "", "there is no such file"
        with file.open(encoding="utf-8") as opened:
            return opened.read(_LONGEST + 1), ""
    except UnicodeDecodeError:
        return "", "it is not a text file (nor is a .p12 key: make a JSON key)"
    except OSError as error:
        return "", error.strerror or type(error).__name__
    except RuntimeError:
        return "", "this user has no home directory"
