"""The form of a connection: one table for Airflow's pages and for the parser. Imports nothing."""

from __future__ import annotations

from typing import Any

__all__ = ["CONNECTION_FORM", "STANDARD_FIELDS"]

_TEXT = {"type": ["string", "null"]}
_SECRET = {**_TEXT, "format": "password"}


def _field(label: str, description: str, schema: dict[str, Any] = _TEXT) -> dict[str, Any]:
    return {"label": label, "description": description, "schema": schema}


#: The extras of a connection, in the words of `conn-fields` in a provider's info. A field that holds a secret needs a
#: name by which Airflow's masker knows it, else Airflow's API shows its value:
#: https://airflow.apache.org/docs/apache-airflow/stable/security/secrets/mask-sensitive-values.html
CONNECTION_FORM: dict[str, dict[str, Any]] = {
    "project": _field("Project", "The Google Cloud project that is asked and billed."),
    "keyfile_dict": _field("Service account key", "The JSON of a service account's key file.", _SECRET),
    "key_path": _field("Service account key file", "Where such a key file is on the workers."),
    "credential_config_file": _field(
        "Workload identity configuration",
        "The credential configuration of workload identity federation: JSON, or where the file is on the workers.",
    ),
    "user_token": _field(
        "User credentials",
        "What `earthengine authenticate` writes: JSON, or where the file is on the workers.",
        _SECRET,
    ),
    "impersonation_chain": _field(
        "Impersonation chain",
        "Service accounts to act as, with commas between; the last one is who calls Earth Engine.",
    ),
    "quota_project_id": _field(
        "Quota project", "The project that pays, if it is another one; `none` leaves it to the credentials."
    ),
    "scopes": _field("Scopes", "OAuth scopes with commas between; those of Google's own client if empty."),
    "endpoint": _field("Endpoint", "`standard`, `high-volume`, or the URL of a private endpoint."),
    "api_version": _field("API version", "`v1`, `v1beta` or `v1alpha`; each method's own if empty."),
    "trusted_hosts": _field(
        "Trusted hosts", "Hosts outside of googleapis.com that credentials may be sent to, with commas between."
    ),
    "num_retries": _field(
        "Retries",
        "How often a request that meets passing trouble is sent again.",
        {"type": ["integer", "null"], "minimum": 0, "maximum": 99},
    ),
    "anonymous": _field(
        "No credentials",
        "Send no credentials at all: only an emulator answers then.",
        {"type": ["boolean", "null"]},
    ),
}

#: What the form does with the fields that every connection has. They mean nothing here, but the Test button of
#: Airflow 3.3.2 sends port 0 where none is stored, and refuses to test "another port" with the stored credentials.
STANDARD_FIELDS: dict[str, Any] = {
    "hidden-fields": ["host", "schema", "login", "password"],
    "relabeling": {"port": "Port (0, for the Test button)"},
    "placeholders": {"port": "0"},
}
