"""From settings to google-auth credentials of any kind. No request is sent, but to the metadata of the machine."""

from __future__ import annotations

import os
import re
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import google.auth
from google.auth import exceptions, impersonated_credentials
from google.auth.credentials import AnonymousCredentials, Credentials

from airflow_provider_ee.client.arguments.names import PUBLIC_CLIENTS_PROJECT
from airflow_provider_ee.client.arguments.scalars import is_list
from airflow_provider_ee.client.auth import keyfiles, kinds
from airflow_provider_ee.client.auth.kinds import SCOPES
from airflow_provider_ee.client.auth.token_transport import TokenRequests
from airflow_provider_ee.client.errors import InvalidArgument, Unauthenticated, shown

__all__ = ["SCOPES", "load_credentials", "project_of"]

_SCOPE = re.compile(r"https://www\.googleapis\.com/auth/[a-z0-9._-]+")
#: It becomes a part of a URL: https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts
_SERVICE_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9._-]*@[a-z0-9][a-z0-9.-]*|[0-9]+")

#: Kept beside the credentials, as few kinds of them have a place for it.
_projects: weakref.WeakKeyDictionary[Credentials, str] = weakref.WeakKeyDictionary()

_Read = Callable[[str, object], dict[str, Any]]
_Build = Callable[[str, Mapping[str, Any], Sequence[str] | None, Sequence[str]], Credentials]
_SOURCES: Mapping[str, tuple[_Read, _Build]] = {
    "keyfile_dict": (keyfiles.from_text, kinds.service_account),
    "key_path": (keyfiles.from_file, kinds.service_account),
    "user_credentials": (keyfiles.from_either, kinds.user),
    "credential_config_file": (keyfiles.from_either, kinds.workload_identity),
}


def load_credentials(
    *,
    keyfile_dict: str | Mapping[str, Any] | None = None,
    key_path: str | None = None,
    user_credentials: str | Mapping[str, Any] | None = None,
    credential_config_file: str | Mapping[str, Any] | None = None,
    anonymous: bool = False,
    impersonation_chain: str | Sequence[str] | None = None,
    scopes: str | Sequence[str] | None = None,
    trusted_hosts: Sequence[str] = (),
) -> Credentials:
    """Load credentials from the one source that is given, or Application Default Credentials if there is none.

    Args:
        keyfile_dict: A service account's key: a mapping or JSON text, maybe in base64.
        key_path: The path of such a key.
        user_credentials: What `earthengine authenticate` or `gcloud auth application-default login` wrote: a mapping,
            JSON text or the path of the file.
        credential_config_file: A workload-identity configuration: a mapping, JSON text or the path of the file.
        anonymous: No credentials at all; only an emulator answers to that.
        impersonation_chain: Service accounts to act as: the last one calls Earth Engine, each one before it may act
            as the next. A list, or text with commas between.
        scopes: OAuth scopes in full, a list or text with commas between. If None, a person's credentials keep those
            that they were made with, and all others get SCOPES.
        trusted_hosts: What a credential file may name outside of googleapis.com, as `is_trusted` reads it.

    Raises:
        InvalidArgument: Something given is wrong; the message never holds what a credential is made of.
        Unauthenticated: There are no Application Default Credentials.
    """
    sources = {
        "keyfile_dict": keyfile_dict,
        "key_path": key_path,
        "user_credentials": user_credentials,
        "credential_config_file": credential_config_file,
        "anonymous": anonymous or None,
    }
    given = [name for name, value in sources.items() if value is not None]
    if len(given) > 1:
        raise InvalidArgument(" and ".join(given), "credentials have one source", "only one of them")
    chain = _chain(impersonation_chain)
    if anonymous:
        if chain:
            raise InvalidArgument(
                "impersonation_chain",
                "anonymous requests have no credentials to impersonate with",
                "no chain if anonymous",
            )
        return AnonymousCredentials()
    wanted = _scopes(scopes)

    if given:
        read, build = _SOURCES[given[0]]
        credentials: Any = build(given[0], read(given[0], sources[given[0]]), wanted, trusted_hosts)
        project = getattr(credentials, "project_id", None) or credentials.quota_project_id
    else:
        credentials, project = _find_default(wanted or SCOPES)
    if chain:
        credentials = impersonated_credentials.Credentials(
            source_credentials=credentials,
            target_principal=chain[-1],
            delegates=chain[:-1],
            target_scopes=wanted or SCOPES,
        )
    if project and project != PUBLIC_CLIENTS_PROJECT:
        _projects[credentials] = project
    return credentials  # type: ignore[no-any-return]  # google-auth is typed in part


def project_of(credentials: Credentials) -> str | None:
    """Return the project that loaded credentials, or else the environment, name: where to work if no other is given."""
    return _projects.get(credentials) or os.environ.get("GOOGLE_CLOUD_PROJECT") or None


def _find_default(scopes: Sequence[str]) -> tuple[Any, str | None]:
    """Find Application Default Credentials and their project.

    https://cloud.google.com/docs/authentication/application-default-credentials
    """
    try:
        credentials, project = google.auth.default(scopes=scopes, request=TokenRequests())
        # A machine's metadata is asked for it once and then never again: now, and not on an event loop.
        _ = credentials.universe_domain
    except exceptions.DefaultCredentialsError as error:
        fault = str(error)
    except (exceptions.GoogleAuthError, OSError, ValueError) as error:
        fault = f"Application Default Credentials cannot be read: {type(error).__name__}."
    else:
        return credentials, project
    raise Unauthenticated(
        fault, hint="Give the connection a key, or run `gcloud auth application-default login` where tasks run."
    )


def _chain(given: str | Sequence[str] | None) -> list[str]:
    accounts = _listed("impersonation_chain", given)
    for account in accounts:
        if not _SERVICE_ACCOUNT.fullmatch(account):
            raise InvalidArgument(
                "impersonation_chain",
                f"{shown(account)} is not a service account",
                "e-mail addresses of service accounts",
            )
    return accounts


def _scopes(given: str | Sequence[str] | None) -> list[str] | None:
    scopes = _listed("scopes", given)
    for scope in scopes:
        if not _SCOPE.fullmatch(scope):
            raise InvalidArgument("scopes", f"{shown(scope)} is not a scope", "https://www.googleapis.com/auth/<name>")
    return scopes or None


def _listed(argument: str, given: object) -> list[str]:
    parts = given.split(",") if isinstance(given, str) else given
    if parts is None:
        return []
    if not is_list(parts) or not all(isinstance(part, str) for part in parts):
        raise InvalidArgument(argument, f"{shown(given)} is not a list of texts", "a list, or text with commas between")
    return [part.strip() for part in parts if part.strip()]
