"""The fields of a connection: one table for the form that Airflow shows, its documentation and the parser. Pure."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from airflow_provider_ee.client.arguments import names
from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["FIELDS", "HIDDEN_FIELDS", "Field", "Kind", "form", "widgets"]

#: What Airflow's form shows for every connection and means nothing here.
HIDDEN_FIELDS = ("host", "schema", "login", "password", "port")

_MOST_RETRIES = 99
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class Kind:
    """How the values of a field are read, and what the form takes them for."""

    read: Callable[[Any, str], Any]
    schema: Mapping[str, Any]
    widget: str = "StringField"


@dataclass(frozen=True, slots=True)
class Field:
    """One extra of a connection."""

    name: str
    kind: Kind
    label: str
    description: str


def form() -> dict[str, dict[str, Any]]:
    """Return the fields in the words of `conn-fields` in a provider's info."""
    return {
        known.name: {"label": known.label, "description": known.description, "schema": dict(known.kind.schema)}
        for known in FIELDS.values()
    }


def widgets() -> dict[str, Any]:
    """Return the fields as widgets of WTForms, of which Airflow 3.1 has a stand-in while it asks."""
    wtforms = importlib.import_module("wtforms")
    return {
        known.name: getattr(wtforms, known.kind.widget)(known.label, description=known.description)
        for known in FIELDS.values()
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


_MAYBE_TEXT = {"type": ["string", "null"]}
_TEXT = Kind(_text, _MAYBE_TEXT)
_PROJECT = Kind(_project, _MAYBE_TEXT)
_CREDENTIALS = Kind(_credentials, _MAYBE_TEXT)
_SECRET = Kind(_credentials, {**_MAYBE_TEXT, "format": "password"}, "PasswordField")
_LIST = Kind(_list, _MAYBE_TEXT)
_VERSION = Kind(_version, _MAYBE_TEXT)
_NUMBER = Kind(_number, {"type": ["integer", "null"], "minimum": 0, "maximum": _MOST_RETRIES}, "IntegerField")
_FLAG = Kind(_flag, {"type": ["boolean", "null"]}, "BooleanField")

#: A field that holds a secret needs a name by which Airflow's masker knows it, else Airflow's API shows its value:
#: https://airflow.apache.org/docs/apache-airflow/stable/security/secrets/mask-sensitive-values.html
FIELDS: Mapping[str, Field] = {
    known.name: known
    for known in (
        Field("project", _PROJECT, "Project", "The Google Cloud project that is asked and billed."),
        Field("keyfile_dict", _SECRET, "Service account key", "The JSON of a service account's key file."),
        Field("key_path", _TEXT, "Service account key file", "Where such a key file is on the workers."),
        Field(
            "credential_config_file",
            _CREDENTIALS,
            "Workload identity configuration",
            "The credential configuration of workload identity federation: JSON, or where the file is on the workers.",
        ),
        Field(
            "user_token",
            _SECRET,
            "User credentials",
            "What `earthengine authenticate` writes: JSON, or where the file is on the workers.",
        ),
        Field(
            "impersonation_chain",
            _LIST,
            "Impersonation chain",
            "Service accounts to act as, with commas between; the last one is who calls Earth Engine.",
        ),
        Field(
            "quota_project_id",
            _PROJECT,
            "Quota project",
            "The project that pays, if it is another one; `none` leaves it to the credentials.",
        ),
        Field("scopes", _LIST, "Scopes", "OAuth scopes with commas between; those of Google's own client if empty."),
        Field("endpoint", _TEXT, "Endpoint", "`standard`, `high-volume`, or the URL of a private endpoint."),
        Field("api_version", _VERSION, "API version", "`v1`, `v1beta` or `v1alpha`; each method's own if empty."),
        Field(
            "trusted_hosts",
            _LIST,
            "Trusted hosts",
            "Hosts outside of googleapis.com that credentials may be sent to, with commas between.",
        ),
        Field("num_retries", _NUMBER, "Retries", "How often a request that meets passing trouble is sent again."),
        Field("anonymous", _FLAG, "No credentials", "Send no credentials at all: only an emulator answers then."),
    )
}
