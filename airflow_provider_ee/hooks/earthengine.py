"""EarthEngineHook: an Airflow connection becomes a Client or an AsyncClient."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from airflow.sdk import BaseHook, Connection

from airflow_provider_ee.client.arguments.names import project_path
from airflow_provider_ee.client.http.endpoints import ENDPOINTS, emulator_url
from airflow_provider_ee.connection_form import STANDARD_FIELDS
from airflow_provider_ee.hooks.calls import Calls
from airflow_provider_ee.hooks.check import describe_connection, run_within
from airflow_provider_ee.hooks.connection import CONN_TYPE, Settings, read_settings
from airflow_provider_ee.hooks.fields import READERS, widgets
from airflow_provider_ee.hooks.lookup import (
    find_connection,
    find_connection_async,
    in_thread,
    log_missing,
    missing_connection,
)
from airflow_provider_ee.hooks.masking import mask_settings

if TYPE_CHECKING:
    from airflow_provider_ee.client.earth_engine import AsyncClient, Client
    from airflow_provider_ee.client.http import clients
    from airflow_provider_ee.client.http.retry import RetryPolicy
    from airflow_provider_ee.hooks.access import Access

__all__ = ["EarthEngineHook"]

RawClient = TypeVar("RawClient", bound="clients.Client")

_LOG = logging.getLogger(__name__)


class EarthEngineHook(Calls, BaseHook):
    """Earth Engine, as a connection describes it, with every method of `airflow_provider_ee.client.Client`.

    Making a hook does no I/O. It opens one client when it first needs it, which threads may share, and closes it with
    `close()` or at the end of a `with`; a task's end will do as well.

        with EarthEngineHook() as hook:
            operation = hook.export_image_to_drive(image=image, region=[7, 46, 8, 47], scale=90)
            operation.wait(timeout=3600)

    Args:
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`. Only in place of the default
            one Application Default Credentials are used if there is none of this id.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the connection's; each method's own by default.
        endpoint: `standard` or `high-volume`, instead of the connection's, unless that is a URL, as of a private
            endpoint; or a URL, which goes before every other.
    """

    conn_name_attr: ClassVar[str] = "earthengine_conn_id"
    default_conn_name: ClassVar[str] = "earthengine_default"
    conn_type: ClassVar[str] = CONN_TYPE
    hook_name: ClassVar[str] = "Google Earth Engine"

    def __init__(
        self,
        earthengine_conn_id: str = default_conn_name,
        project_id: str | None = None,
        impersonation_chain: str | Sequence[str] | None = None,
        api_version: str | None = None,
        endpoint: str | None = None,
    ) -> None:
        super().__init__()
        self.earthengine_conn_id = earthengine_conn_id
        self.project_id = project_id
        self.impersonation_chain = impersonation_chain
        self.api_version = api_version
        self.endpoint = endpoint
        self._client: Client | None = None
        self._opening = threading.Lock()

    @classmethod
    def of(cls, task: Any) -> Self:
        """Return the hook for an operator, a sensor or a trigger: they have its arguments as attributes."""
        return cls(
            task.earthengine_conn_id,
            project_id=task.project_id,
            impersonation_chain=task.impersonation_chain,
            api_version=task.api_version,
            endpoint=getattr(task, "endpoint", None),  # only what fetches much lets users choose it
        )

    def client(self) -> Client:
        """Return the hook's client, which lives as long as the hook is open."""
        from airflow_provider_ee.client.earth_engine import Client

        with self._opening:
            if self._client is None:
                self._client = self._access(find_connection(self.earthengine_conn_id)).open(Client)
            return self._client

    def get_conn(self) -> Client:
        """Return the hook's client; Airflow calls it so."""
        return self.client()

    def open_client(
        self, kind: type[RawClient], retry: RetryPolicy | None = None, service: str | None = None
    ) -> RawClient:
        """Return a new client of a class of one's own, which the caller closes.

        Args:
            kind: `Client` or a class derived from it.
            retry: How long to go on in the face of trouble that passes, instead of what the connection says.
            service: Another Google service, such as `storage`. An emulator stands for all services.
        """
        access = self._access(find_connection(self.earthengine_conn_id))
        return (access.of_service(service) if service else access).open(kind, retry)

    def client_of(self, service: str) -> clients.Client:
        """Return a new client of another Google service, such as `storage`, with the connection's credentials.

        The caller closes it.
        """
        from airflow_provider_ee.client.http.clients import Client

        return self.open_client(Client, service=service)

    def close(self) -> None:
        """Close the hook's client, if it has one."""
        with self._opening:
            if self._client is not None:
                self._client.close()
                self._client = None

    async def async_client(self, retry: RetryPolicy | None = None, concurrency: object = None) -> AsyncClient:
        """Return a new client for the running event loop, which the caller closes.

        async with await hook.async_client() as client:
            ...

        Args:
            retry: How long to go on in the face of trouble that passes, instead of what the connection says.
            concurrency: How many requests may be under way at once, up to 40; 32 if None.
        """
        from airflow_provider_ee.client.http.limits import Limits

        def open_client() -> AsyncClient:
            from airflow_provider_ee.client.earth_engine import AsyncClient

            return self._access(connection).open(AsyncClient, retry, limits)

        limits = Limits.of(concurrency)

        connection = await find_connection_async(self.earthengine_conn_id)
        return await in_thread(open_client)()

    def initialize_ee(self) -> Any:
        """Return the module `ee`, Google's own client, initialised as the connection describes.

        There is one `ee` in a process: code that used it before uses this connection from now on.

        Raises:
            EarthEngineError: It is not installed, or Earth Engine does not let it in.
        """
        from airflow_provider_ee.hooks.official import initialize

        return initialize(self._access(find_connection(self.earthengine_conn_id)))

    def test_connection(self) -> tuple[bool, str]:
        """Ask Earth Engine about the project, for at most ten seconds, and say how that went."""
        return run_within(self._introduce, seconds=10.0)

    @classmethod
    def get_connection_form_widgets(cls) -> dict[str, Any]:
        """Describe the form to Airflow 3.1; later ones read it in the provider's info."""
        return widgets()

    @classmethod
    def get_ui_field_behaviour(cls) -> dict[str, Any]:
        """Describe the form's standard fields to Airflow 3.1; later ones read it in the provider's info."""
        return {name.replace("-", "_"): value for name, value in STANDARD_FIELDS.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _introduce(self) -> str:
        from airflow_provider_ee.client.http.clients import Client
        from airflow_provider_ee.client.http.retry import RetryPolicy
        from airflow_provider_ee.client.rest import methods

        access = self._access(find_connection(self.earthengine_conn_id))
        with access.open(Client, RetryPolicy(attempts=2, total_seconds=5.0)) as client:
            config = client.send(methods.get_config(f"{project_path(access.project)}/config"))
        return describe_connection(access.project, access.credentials, config)

    def _access(self, connection: Connection | None) -> Access:
        from airflow_provider_ee.hooks.access import Access

        settings, overrides = self._read(connection), self._overrides()
        if overrides.get("endpoint") in ENDPOINTS and settings.endpoint not in ENDPOINTS:
            del overrides["endpoint"]
        return Access(self.earthengine_conn_id, replace(settings, **overrides), overrides)

    def _overrides(self) -> dict[str, Any]:
        """Return the settings that the hook's arguments override, read as the connection's own are."""
        arguments = {
            "project": ("project_id", self.project_id),
            "impersonation_chain": ("impersonation_chain", self.impersonation_chain),
            "api_version": ("api_version", self.api_version),
            "endpoint": ("endpoint", self.endpoint),
        }
        return {name: READERS[name](value, argument) for name, (argument, value) in arguments.items() if value}

    def _read(self, connection: Connection | None) -> Settings:
        if connection is None:
            if self.earthengine_conn_id != self.default_conn_name and not emulator_url():
                raise missing_connection(self.earthengine_conn_id, self.default_conn_name)
            log_missing(
                self.earthengine_conn_id, "the emulator" if emulator_url() else "Application Default Credentials"
            )
            return Settings()
        settings, warnings = read_settings(self.earthengine_conn_id, connection.conn_type, connection.extra)
        for warning in warnings:
            _LOG.warning(warning)
        mask_settings(settings)
        return settings
