"""From settings to clients: as whom requests go, whose project pays, and where they go."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from airflow_provider_ee.client.arguments.names import project_id
from airflow_provider_ee.client.auth.credentials import load_credentials, project_of
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.http.clients import AsyncClient, Client
from airflow_provider_ee.client.http.endpoints import base_url, emulator_url, paying_project
from airflow_provider_ee.client.http.retry import RetryPolicy
from airflow_provider_ee.hooks.connection import Settings
from airflow_provider_ee.hooks.masking import mask_token

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

    from airflow_provider_ee.client.http.limits import Limits

__all__ = ["Access"]

AnyClient = TypeVar("AnyClient", bound=Client | AsyncClient)


class Access:
    """What the settings of a connection open up. Making it may read files and ask the machine for its identity.

    Args:
        conn_id: The connection's id, for messages.
        settings: The settings of the connection, some overridden by the hook.
        overridden: The names of the settings that the hook's arguments override: errors name those, not the connection.

    Attributes:
        credentials: As whom requests go; None if the environment names an emulator, which needs none.
        project: The Google Cloud project that is asked and billed.
    """

    def __init__(self, conn_id: str, settings: Settings, overridden: Collection[str] = ()) -> None:
        self._conn_id = conn_id
        self._settings = settings
        self._overridden = overridden
        self.credentials = None if emulator_url() else self._load()
        self.project = self._find_project()

    @property
    def url(self) -> str:
        """What the addresses of requests begin with; credentials may be sent there."""
        settings = self._settings
        domain = self.credentials.universe_domain if self.credentials else "googleapis.com"
        with self._naming_the_connection():
            url = emulator_url() or base_url(
                settings.endpoint,
                universe_domain=domain,
                trusted_hosts=settings.trusted_hosts,
                anonymous=settings.anonymous,
            )
        return str(url).rstrip("/")

    @property
    def quota_project(self) -> str | None:
        """The project that X-Goog-User-Project names, if any."""
        return paying_project(self.project, self._settings.quota_project_id)

    @property
    def retries(self) -> int | None:
        """How often a request that meets passing trouble is sent again, if the connection says so."""
        return self._settings.num_retries

    @property
    def way(self) -> tuple[object, ...]:
        """What differs from an access to another place, or as another account."""
        return self.url, self.project, self._settings

    def open(self, kind: type[AnyClient], retry: RetryPolicy | None = None, limits: Limits | None = None) -> AnyClient:
        """Open a client of this kind; the connection says how often it retries unless the caller does."""
        settings = self._settings
        if retry is None and settings.num_retries is not None:
            retry = RetryPolicy(attempts=settings.num_retries + 1)
        with self._naming_the_connection():
            return kind(
                self.project,
                credentials=self.credentials,
                endpoint=settings.endpoint,
                api_version=settings.api_version,
                trusted_hosts=settings.trusted_hosts,
                quota_project=settings.quota_project_id,
                limits=limits,
                retry=retry,
                on_token=mask_token,
            )

    def of_service(self, service: str) -> Access:
        """Return the access to another Google service, `storage` or the like, with the same credentials.

        An emulator stands for all services.
        """
        if emulator_url() or _is_on_this_machine(self.url):
            return self
        domain = self.credentials.universe_domain if self.credentials else "googleapis.com"
        settings = replace(self._settings, endpoint=f"https://{service}.{domain}", api_version=None)
        return Access(self._conn_id, settings, self._overridden)

    def _load(self) -> Credentials:
        settings = self._settings
        with self._naming_the_connection():
            return load_credentials(
                keyfile_dict=settings.keyfile_dict,
                key_path=settings.key_path,
                credential_config_file=settings.credential_config_file,
                user_credentials=settings.user_token,
                impersonation_chain=settings.impersonation_chain,
                scopes=settings.scopes,
                anonymous=settings.anonymous,
                trusted_hosts=settings.trusted_hosts,
            )

    def _find_project(self) -> str:
        project = self._settings.project or (project_of(self.credentials) if self.credentials else "emulator")
        if not project:
            raise InvalidArgument(
                "project_id",
                "no Google Cloud project is known",
                f"a project in the argument project_id, in the field Project of connection {self._conn_id}, "
                "or in the environment variable GOOGLE_CLOUD_PROJECT",
            )
        return project_id(project)

    @contextmanager
    def _naming_the_connection(self) -> Iterator[None]:
        """Name in an error about an argument of the client the field of the connection that holds it."""
        try:
            yield
        except InvalidArgument as error:
            if error.argument in self._overridden:
                raise
            extra = error.argument.replace("user_credentials", "user_token")
            raise InvalidArgument(f"connection {self._conn_id}: extra.{extra}", error.problem, error.allowed) from None


def _is_on_this_machine(url: str) -> bool:
    return urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}
