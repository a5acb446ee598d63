"""What Client and AsyncClient share: where requests go, their HTTP arguments, how many may be under way."""

from __future__ import annotations

import asyncio
import functools
import ssl
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import httpx

from airflow_provider_ee import __version__
from airflow_provider_ee.client.arguments import names
from airflow_provider_ee.client.auth.bearer import GoogleAuth
from airflow_provider_ee.client.auth.credentials import load_credentials
from airflow_provider_ee.client.errors import EarthEngineError, InsecureConnection, InvalidRequest, Transient
from airflow_provider_ee.client.http import endpoints
from airflow_provider_ee.client.http.limits import Limits, Pacer
from airflow_provider_ee.client.http.retry import RetryPolicy
from airflow_provider_ee.client.rest.request import Request

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

__all__ = ["BaseClient", "connection_error"]

Pool = TypeVar("Pool", httpx.Client, httpx.AsyncClient)
Semaphore = TypeVar("Semaphore", threading.Semaphore, asyncio.Semaphore)

#: httpx searches all connections of a pool for each request that waits (https://github.com/encode/httpcore/issues/1035):
#: small pools that nothing waits for are faster than a large one.
_CONNECTIONS_PER_POOL = 8
_KEEP_ALIVE_SECONDS = 120.0

_CONNECT_SECONDS, _WRITE_SECONDS = 10.0, 60.0
_LOOK_SECONDS, _CHANGE_SECONDS = 60.0, 120.0
#: Interactive computations may take five minutes: https://developers.google.com/earth-engine/guides/processing_environments
_COMPUTE_SECONDS = 330.0


@functools.cache
def _tls(scheme: str) -> ssl.SSLContext:
    """One context for all pools: making one takes 40 ms of CPU. Without TLS it trusts no certificate."""
    return httpx.create_ssl_context() if scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class BaseClient(Generic[Pool, Semaphore]):
    """The settings and connections of a client; subclasses send requests.

    Args:
        project: The Google Cloud project that is asked and billed.
        credentials: Any google-auth credentials; Application Default Credentials if None. No matter to an emulator.
        endpoint: `standard`, `high-volume` or a URL; `EARTHENGINE_EMULATOR_HOST` in the environment overrides it.
        api_version: Overrides each method's own version: `v1`, `v1beta` or `v1alpha`.
        trusted_hosts: Hosts outside of googleapis.com that credentials may be sent to.
        limits: The share of the project's quota that this client takes.
        retry: How long to go on in the face of trouble that passes.
        on_token: Told every access token, so that a log can be kept from showing it.
        transport: Stands in for the network, in tests.
    """

    _pool_type: type[Pool]
    _semaphore: type[Semaphore]

    def __init__(
        self,
        project: str,
        *,
        credentials: Credentials | None = None,
        endpoint: str = "standard",
        api_version: str | None = None,
        trusted_hosts: Sequence[str] = (),
        limits: Limits | None = None,
        retry: RetryPolicy | None = None,
        on_token: Callable[[str], None] | None = None,
        transport: Any = None,
    ) -> None:
        self.project = names.project_id(project)
        self.api_version = None if api_version is None else names.api_version(api_version)
        self.limits = limits or Limits()
        self.retry = retry or RetryPolicy()
        emulator = endpoints.emulator_url()
        if emulator:
            credentials = load_credentials(anonymous=True)
        elif credentials is None:
            credentials = load_credentials()
        self.url = emulator or endpoints.base_url(
            endpoint, universe_domain=credentials.universe_domain, trusted_hosts=trusted_hosts
        )
        self._auth = GoogleAuth(credentials, origin=self.url, on_token=on_token)
        self._pacer = Pacer(self.limits.per_second)
        pools = range(-(-self.limits.in_flight // _CONNECTIONS_PER_POOL))
        self._pools: list[Pool] = [self._open_pool(transport) for _ in pools]
        self._in_flight: Semaphore = self._semaphore(self.limits.in_flight)
        self._pacing: Semaphore = self._semaphore(1)
        #: A pool for each connection that is free. The one left last is taken first: its connections are open.
        self._slots: list[Pool] = [pool for pool in self._pools for _ in range(_CONNECTIONS_PER_POOL)][
            : self.limits.in_flight
        ]

    def _open_pool(self, transport: Any) -> Pool:
        return self._pool_type(
            auth=self._auth,
            base_url=self.url,
            headers={"user-agent": f"airflow-provider-ee/{__version__}"},
            limits=httpx.Limits(
                max_connections=_CONNECTIONS_PER_POOL,
                max_keepalive_connections=_CONNECTIONS_PER_POOL,
                keepalive_expiry=_KEEP_ALIVE_SECONDS,
            ),
            follow_redirects=False,
            transport=transport,
            verify=_tls(self.url.scheme),
        )

    def _http_arguments(self, request: Request) -> dict[str, Any]:
        """Return a request as arguments of httpx."""
        method = request.method
        if method.answers_bytes or "earthengine.computations.create" in method.permissions:
            patience = _COMPUTE_SECONDS
        else:
            patience = _CHANGE_SECONDS if method.has_body else _LOOK_SECONDS
        return {
            "method": method.verb,
            "url": f"/{self.api_version or method.version}/{request.path}",
            "params": dict(request.params),
            "json": request.body,
            "timeout": httpx.Timeout(patience, connect=_CONNECT_SECONDS, write=_WRITE_SECONDS, pool=None),
        }


def connection_error(error: httpx.RequestError, request: Request) -> EarthEngineError:
    """Return the error for a connection that broke: whether it may pass, and whether anything was sent."""
    message = f"{type(error).__name__} {error}".strip()
    known: dict[str, Any] = {"method": request.method.id, "name": request.name}
    if _is_about_certificates(error):
        return InsecureConnection(message, hint=_CERTIFICATES, **known)
    if isinstance(error, (httpx.LocalProtocolError, httpx.UnsupportedProtocol)):
        return InvalidRequest(message, hint="The request cannot be sent as it is.", **known)
    unsent = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError))
    return Transient(message, sent=not unsent, **known)


_CERTIFICATES = (
    "Set SSL_CERT_FILE to the certificates that this machine trusts, or check the endpoint and this machine's clock."
)


def _is_about_certificates(error: BaseException) -> bool:
    """Return whether an error goes back to a certificate that is not trusted."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
