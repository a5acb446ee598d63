"""Read the fields of a connection, one function for each of CONNECTION_FORM. Pure: no Airflow, no I/O."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from airflow_provider_ee.client.arguments import names
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.connection_form import CONNECTION_FORM

__all__ = ["READERS", "widgets"]

_MOST_RETRIES = CONNECTION_FORM["num_retries"]["schema"]["maximum"]
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_WIDGETS = {"string": "StringField", "integer": "IntegerField", "boolean": "BooleanField"}


def widgets() -> dict[str, Any]:
    """Return the form as widgets of WTForms, of which Airflow 3.1 has a stand-in while it asks."""
    wtforms = importlib.import_module("wtforms")

    def widget(schema: Mapping[str, Any]) -> Any:
        is_secret = schema.get("format") == "password"
        return getattr(wtforms, "PasswordField" if is_secret else _WIDGETS[schema["type"][0]])

    return {
        name: widget(field["schema"])(field["label"], description=field["description"])
        for name, field in CONNECTION_FORM.items()
    }


def _text(value: Any, argument: str) -> str:
    if not isinstance(value, str):
        raise InvalidArgument(argument, f"it is a {type(value).__name__}", "text")
    if value.strip().startswith("{"):
        raise InvalidArgument(argument, "it holds JSON", "text; a key belongs in the field for it")
    return value.strip()


def _project(value: Any, argument: str) -> str:
    return names.project_id(_text(value, argument), argument)


def _credentials(value: Any, argument: str) -> str | Mapping[str, Any]:
    if not isinstance(value, (str, Mapping)):
        raise InvalidArgument(argument, f"it is a {type(value).__name__}", "the JSON of credentials")
    return value


def _list(value: Any, argument: str) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or not all(isinstance(part, str) for part in parts):
        raise InvalidArgument(argument, f"it is a {type(value).__name__}", "text with commas between, or a list")
    return tuple(part.strip() for part in parts if part.strip())


def _version(value: Any, argument: str) -> str:
    return names.api_version(_text(value, argument), argument)


def _number(value: Any, argument: str) -> int:
    if not isinstance(value, (int, str)) or not re.fullmatch("[0-9]{1,2}", str(value).strip()):
        raise InvalidArgument(argument, f"it is {shown(value)}", f"a whole number from 0 to {_MOST_RETRIES}")
    return int(value)


def _flag(value: Any, argument: str) -> bool:
    meaning = _FLAGS.get(str(value).strip().lower())
    if meaning is None:
        raise InvalidArgument(argument, f"it is {shown(value)}", "true or false")
    return meaning


#: How the value of each field is read; the second argument is what to call it in an error.
READERS: Mapping[str, Callable[[Any, str], Any]] = {
    "project": _project,
    "keyfile_dict": _credentials,
    "key_path": _text,
    "credential_config_file": _credentials,
    "user_token": _credentials,
    "impersonation_chain": _list,
    "quota_project_id": _project,
    "scopes": _list,
    "endpoint": _text,
    "api_version": _version,
    "trusted_hosts": _list,
    "num_retries": _number,
    "anonymous": _flag,
}
