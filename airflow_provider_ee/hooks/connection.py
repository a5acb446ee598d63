"""What a connection says: its extras, checked, as Settings. Pure: no Airflow, no I/O."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.hooks.fields import READERS

__all__ = ["CONN_TYPE", "GOOGLE_CONN_TYPE", "Settings", "read_settings"]

CONN_TYPE = "earthengine"
GOOGLE_CONN_TYPE = "google_cloud_platform"

#: Where Google's connection has another name: https://airflow.apache.org/docs/apache-airflow-providers-google/stable/connections/gcp.html
_GOOGLE_NAMES = {"scope": "scopes", "is_anonymous": "anonymous"}
#: Ignoring these would mean to go on as another account.
_REFUSED = {
    "key_secret_name": "a key in keyfile_dict or key_path, or the whole connection in Airflow's secrets backend",
    "idp_issuer_url": "a credential_config_file, which names the identity provider too",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a connection says about how to reach Earth Engine, one attribute for each field of the form."""

    project: str | None = None
    keyfile_dict: str | Mapping[str, Any] | None = field(default=None, repr=False)
    key_path: str | None = None
    credential_config_file: str | Mapping[str, Any] | None = field(default=None, repr=False)
    user_token: str | Mapping[str, Any] | None = field(default=None, repr=False)
    impersonation_chain: tuple[str, ...] = ()
    quota_project_id: str | None = None
    scopes: tuple[str, ...] = ()
    endpoint: str = "standard"
    api_version: str | None = None
    trusted_hosts: tuple[str, ...] = ()
    num_retries: int | None = None
    anonymous: bool = False


def read_settings(conn_id: str, conn_type: str | None, extra: str | None) -> tuple[Settings, list[str]]:
    """Read a connection.

    Args:
        conn_id: Its id, for messages.
        conn_type: `earthengine`, or `google_cloud_platform`, whose extras have other names in part.
        extra: Its extras as Airflow keeps them: JSON text.

    Returns:
        The settings, and a warning for each extra that means nothing here.

    Raises:
        InvalidArgument: An extra has a value that cannot be meant.
    """
    if conn_type not in {CONN_TYPE, GOOGLE_CONN_TYPE}:
        raise InvalidArgument(
            f"connection {conn_id}: type", f"{shown(conn_type)} is another service", f"{CONN_TYPE}, {GOOGLE_CONN_TYPE}"
        )
    other_names, refused = (_GOOGLE_NAMES, _REFUSED) if conn_type == GOOGLE_CONN_TYPE else ({}, {})
    values: dict[str, Any] = {}
    warnings = []
    for given_name, value in _given(_load(conn_id, extra), prefix=f"extra__{conn_type}__"):
        argument = f"connection {conn_id}: extra.{given_name}"
        name = other_names.get(given_name, given_name)
        if name in refused:
            raise InvalidArgument(argument, "it is not supported", refused[name])
        if name in READERS:
            values[name] = READERS[name](value, argument)
        else:
            warnings.append(f"{argument} means nothing to Earth Engine. {_nearest(given_name, other_names)}")
    return Settings(**values), warnings


def _load(conn_id: str, extra: str | None) -> dict[str, Any]:
    try:
        content = json.loads(extra) if extra and extra.strip() else {}
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise InvalidArgument(f"connection {conn_id}: extra", "it is not a JSON object", '{"project": "p", ...}')
    return content


def _given(extras: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    """Yield each extra that was filled in; of a name with and without the prefix of old Airflows, the one without."""
    filled_in = {name: value for name, value in extras.items() if not _is_blank(value)}
    for name, value in filled_in.items():
        short_name = name.removeprefix(prefix)
        if short_name == name or short_name not in filled_in:
            yield short_name, value


def _is_blank(value: Any) -> bool:
    """Return whether a field was left alone: forms save empty text for it."""
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())


def _nearest(name: str, other_names: Mapping[str, str]) -> str:
    known = [*READERS, *other_names]
    close = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean {close[0]}?" if close else f"It knows {', '.join(known)}."
