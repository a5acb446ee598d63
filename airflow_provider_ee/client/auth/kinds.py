"""Turn the files that Google writes into google-auth credentials, each by its own kind and only after a look inside.

google-auth trusts such files: whatever host one names is sent the assertion, the secret or the token.
https://cloud.google.com/docs/authentication/external/externally-sourced-credentials
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from airflow_provider_ee.client.auth.keyfiles import optional_text, text
from airflow_provider_ee.client.auth.trust import is_listed, is_trusted
from airflow_provider_ee.client.errors import InvalidArgument

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

__all__ = ["SCOPES", "service_account", "user", "workload_identity"]

#: Those of Google's own client:
#: https://github.com/google/earthengine-api/blob/master/python/ee/oauth.py
SCOPES = (
    "https://www.googleapis.com/auth/earthengine",
    "https://www.googleapis.com/auth/cloud-platform",
    "https://www.googleapis.com/auth/drive",
    "https://www.googleapis.com/auth/devstorage.full_control",
)

#: The public OAuth client of `earthengine authenticate`, which its files leave out; from the same page.
_CLIENT_ID = "517222506229-vsmmajv00ul0bs7p89v5m89qs8eb9359.apps.googleusercontent.com"
_CLIENT_SECRET = "RUP0RZ6e0pPhDzsqIJ7KlNd1"  # noqa: S105  # no secret: Google publishes it for installed applications
_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address

_GOOGLE = "googleapis.com"
_KINDS = {
    "service_account": "keyfile_dict or key_path",
    "authorized_user": "user_credentials",
    "external_account": "credential_config_file",
}
_HOSTS = "an https URL under googleapis.com, a loopback address, or a host that trusted_hosts lists"


def service_account(
    argument: str, info: Mapping[str, Any], scopes: Sequence[str] | None, trusted_hosts: Sequence[str]
) -> Credentials:
    """Build the credentials of a service account's key file."""
    from google.oauth2 import service_account

    _check_kind(argument, info, "service_account")
    key = info.get("private_key")
    fields = {
        "client_email": text(argument, info, "client_email"),
        "token_uri": _trusted(argument, info, "token_uri", trusted_hosts) or _TOKEN_URI,
        "project_id": optional_text(argument, info, "project_id"),
        "universe_domain": _universe(argument, info, trusted_hosts),
        "private_key_id": optional_text(argument, info, "private_key_id"),
        # Line ends often arrive escaped once too often.
        "private_key": key.replace("\\n", "\n") if isinstance(key, str) else None,
    }
    # cryptography raises errors of many types, some quote the key, and some keys fail only when they are to sign.
    with suppress(Exception):
        credentials = service_account.Credentials.from_service_account_info(fields, scopes=scopes or SCOPES)
        credentials.sign_bytes(b"")
        return credentials  # type: ignore[no-any-return]  # google-auth types no from_service_account_info
    raise InvalidArgument(
        f"{argument}.private_key", "it is not a complete RSA key in PEM form", "the key as Google's file has it"
    )


def user(
    argument: str, info: Mapping[str, Any], scopes: Sequence[str] | None, trusted_hosts: Sequence[str]
) -> Credentials:
    """Build the credentials of a person, from the file of `earthengine authenticate` or of `gcloud auth`."""
    from google.oauth2 import credentials

    is_gcloud = "type" in info
    if is_gcloud:
        _check_kind(argument, info, "authorized_user")
    project_field = "quota_project_id" if is_gcloud else "project"
    return credentials.Credentials(
        token=None,
        refresh_token=text(argument, info, "refresh_token"),
        client_id=optional_text(argument, info, "client_id") or _CLIENT_ID,
        client_secret=optional_text(argument, info, "client_secret") or _CLIENT_SECRET,
        token_uri=_trusted(argument, info, "token_uri", trusted_hosts) or _TOKEN_URI,
        scopes=scopes or _granted(argument, info) or (None if is_gcloud else SCOPES),
        quota_project_id=optional_text(argument, info, project_field),
        universe_domain=_universe(argument, info, trusted_hosts),
        account=optional_text(argument, info, "account"),
    )


def workload_identity(
    argument: str, info: Mapping[str, Any], scopes: Sequence[str] | None, trusted_hosts: Sequence[str]
) -> Credentials:
    """Build the credentials of a workload-identity configuration whose token is in a file or at a URL."""
    from google.auth import identity_pool

    _check_kind(argument, info, "external_account")
    source = info.get("credential_source")
    _check_source(f"{argument}.credential_source", source, trusted_hosts)
    impersonation = info.get("service_account_impersonation") or {}
    lifetime = impersonation.get("token_lifetime_seconds") if isinstance(impersonation, Mapping) else impersonation
    if lifetime is not None and (not isinstance(lifetime, int) or isinstance(lifetime, bool)):
        raise InvalidArgument(f"{argument}.service_account_impersonation", "it says no lifetime", "whole seconds")
    fields = {
        "audience": text(argument, info, "audience"),
        "subject_token_type": text(argument, info, "subject_token_type"),
        "token_url": text(argument, info, "token_url") and _trusted(argument, info, "token_url", trusted_hosts),
        "token_info_url": _trusted(argument, info, "token_info_url", trusted_hosts),
        "service_account_impersonation_url": _trusted(
            argument, info, "service_account_impersonation_url", trusted_hosts
        ),
        "service_account_impersonation": impersonation,
        "client_id": optional_text(argument, info, "client_id"),
        "client_secret": optional_text(argument, info, "client_secret"),
        "quota_project_id": optional_text(argument, info, "quota_project_id"),
        "workforce_pool_user_project": optional_text(argument, info, "workforce_pool_user_project"),
        "universe_domain": _universe(argument, info, trusted_hosts),
        "credential_source": source,
    }
    wanted = scopes or SCOPES
    with suppress(ValueError):
        return identity_pool.Credentials.from_info(fields, scopes=wanted)  # type: ignore[no-any-return]  # not typed
    raise InvalidArgument(argument, "google-auth does not understand it", "the file as `gcloud iam` wrote it")


def _check_kind(argument: str, info: Mapping[str, Any], wanted: str) -> None:
    kind = info.get("type")
    if kind != wanted:
        known = kind if isinstance(kind, str) and kind in _KINDS else None
        problem = f"it is of type {known}, which belongs in {_KINDS[known]}" if known else "its type is another one"
        raise InvalidArgument(argument, problem, f'"type": "{wanted}"')


def _check_source(argument: str, source: object, trusted_hosts: Sequence[str]) -> None:
    """Allow a token in a file or at a trusted URL; never a program to be run."""
    if not isinstance(source, Mapping) or len({"file", "url"} & source.keys()) != 1:
        raise InvalidArgument(argument, "it names neither a file nor a URL", "either file or url")
    if not source.keys() <= {"file", "url", "headers", "format"}:
        raise InvalidArgument(argument, "it names a source of another kind", "file or url, with headers and format")
    if "url" in source:
        # Of the metadata services of other clouds, which speak plain http, nothing is known but the address.
        if not is_listed(text(argument, source, "url"), trusted_hosts):
            _trusted(argument, source, "url", trusted_hosts)
    else:
        text(argument, source, "file")
    for field in ("headers", "format"):
        pairs = source.get(field, {})
        if not isinstance(pairs, Mapping) or not all(isinstance(part, str) for pair in pairs.items() for part in pair):
            raise InvalidArgument(f"{argument}.{field}", "it holds no texts by name", "a JSON object of texts")


def _trusted(argument: str, info: Mapping[str, Any], field: str, trusted_hosts: Sequence[str]) -> str | None:
    url = optional_text(argument, info, field)
    if url is None or is_trusted(url, trusted_hosts):
        return url
    raise InvalidArgument(f"{argument}.{field}", "it would send credentials to a host that is not trusted", _HOSTS)


def _universe(argument: str, info: Mapping[str, Any], trusted_hosts: Sequence[str]) -> str:
    """Return the Google cloud that the file belongs to: all hosts below it will be sent tokens."""
    domain = optional_text(argument, info, "universe_domain") or _GOOGLE
    if domain == _GOOGLE or is_trusted(f"https://earthengine.{domain}", trusted_hosts):
        return domain
    raise InvalidArgument(
        f"{argument}.universe_domain", "it is not trusted", "googleapis.com, or a domain that trusted_hosts lists"
    )


def _granted(argument: str, info: Mapping[str, Any]) -> list[str] | None:
    scopes = info.get("scopes")
    if scopes is None or (isinstance(scopes, list) and all(isinstance(scope, str) for scope in scopes)):
        return scopes
    raise InvalidArgument(f"{argument}.scopes", "it is not a list of texts", "the scopes as the file was written")
