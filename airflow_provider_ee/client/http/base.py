"""What Client and AsyncClient share: where requests go, their HTTP arguments, how many may be under way."""

from __future__ import annotations

import asyncio
import copy
import ssl
import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

import httpx

from airflow_provider_ee import __version__
from airflow_provider_ee.client.arguments import names
from airflow_provider_ee.client.arguments.scalars import finite
from airflow_provider_ee.client.auth.bearer import GoogleAuth, is_anonymous
from airflow_provider_ee.client.auth.credentials import load_credentials
from airflow_provider_ee.client.errors import EarthEngineError, InsecureConnection, InvalidRequest, Transient
from airflow_provider_ee.client.http import endpoints
from airflow_provider_ee.client.http.limits import Limits, Pacer
from airflow_provider_ee.client.http.retry import RetryPolicy
from airflow_provider_ee.client.rest.request import Request
from airflow_provider_ee.client.rest.versions import version_for
from airflow_provider_ee.client.transport import AsyncTransport, TimeLimit, Transport
from airflow_provider_ee.client.warnings import RestrictedProjectWarning

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

__all__ = ["BaseClient", "Received", "connection_error", "prepare_to_read", "warn_if_restricted"]

Pool = TypeVar("Pool", httpx.Client, httpx.AsyncClient)
Semaphore = TypeVar("Semaphore", threading.Semaphore, asyncio.Semaphore)

#: httpx searches all connections of a pool for each request that waits (https://github.com/encode/httpcore/issues/1035):
#: small pools that nothing waits for are faster than a large one.
_CONNECTIONS_PER_POOL = 8
_POOL_LIMITS = httpx.Limits(
    max_connections=_CONNECTIONS_PER_POOL, max_keepalive_connections=_CONNECTIONS_PER_POOL, keepalive_expiry=120.0
)

_CONNECT_SECONDS, _WRITE_SECONDS = 10.0, 60.0
_LOOK_SECONDS, _CHANGE_SECONDS = 60.0, 120.0
#: Interactive computations may take five minutes: https://developers.google.com/earth-engine/guides/processing_environments
_COMPUTE_SECONDS = 330.0

#: What asyncio takes from a socket at a time. httpcore asks for a quarter of it, and each piece passes five layers:
#: https://github.com/encode/httpcore/blob/1.0.9/httpcore/_async/http11.py#L45
_PIECE = 256 * 1024


class BaseClient(Generic[Pool, Semaphore]):
    """The settings and connections of a client; subclasses send requests.

    Args:
        project: The Google Cloud project that is asked and billed.
        credentials: Any google-auth credentials; Application Default Credentials if None. No matter to an emulator.
        endpoint: `standard`, `high-volume` or a URL; `EARTHENGINE_EMULATOR_HOST` in the environment overrides it.
        api_version: Overrides each method's own version: `v1`, `v1beta` or `v1alpha`. Methods that are not in that
            version keep their own.
        trusted_hosts: Hosts outside of googleapis.com that credentials may be sent to.
        quota_project: The project whose quota is used and that pays, in place of `project`. `none` names no project, so
            that Google takes the one that the credentials belong to.
        limits: The share of the project's quota that this client takes.
        retry: How long to go on in the face of trouble that passes.
        on_token: Called with every access token, so that a log can be kept from showing it.
        transport: Stands in for the network, in tests.

    Attributes:
        restricted: Whether the last answer said that the paying project is in restricted mode.
    """

    restricted = False

    _pool_type: type[Pool]
    _semaphore: type[Semaphore]
    _transport_type: type[Transport] | type[AsyncTransport]
    #: Seconds within which each answer has to be there, in place of those that go by the kind of request.
    timeout: float | None = None
    #: Whether to look for Application Default Credentials with the first request: that may take seconds.
    _looks_for_credentials_later = False

    def __init__(
        self,
        project: str,
        *,
        credentials: Credentials | None = None,
        endpoint: str = "standard",
        api_version: str | None = None,
        trusted_hosts: Sequence[str] = (),
        quota_project: str | None = None,
        limits: Limits | None = None,
        retry: RetryPolicy | None = None,
        on_token: Callable[[str], None] | None = None,
        transport: Any = None,
    ) -> None:
        self.project = names.project_id(project)
        self.api_version = None if api_version is None else names.api_version(api_version)
        self.quota_project = endpoints.paying_project(self.project, quota_project)
        self.limits = limits or Limits()
        self.retry = retry or RetryPolicy()

        # Not as attributes: those are shown in tracebacks, and someone may have put a key where hosts belong.
        def find_url(credentials: Credentials) -> httpx.URL:
            return endpoints.emulator_url() or endpoints.base_url(
                endpoint,
                universe_domain=credentials.universe_domain,
                trusted_hosts=trusted_hosts,
                anonymous=is_anonymous(credentials),
            )

        self._find_url = find_url
        self._on_token = on_token
        self._transport = transport
        # Empty as long as there are no credentials. Those that `with_options` returns share these lists.
        self._auths: list[GoogleAuth] = []
        self._pools: list[Pool] = []
        #: A pool for each connection that is free. The one left last is taken first: its connections are open.
        self._slots: list[Pool] = []
        self._pacer = Pacer(self.limits.per_second)
        self._in_flight: Semaphore = self._semaphore(self.limits.in_flight)
        self._pacing: Semaphore = self._semaphore(1)
        if endpoints.emulator_url():
            credentials = load_credentials(anonymous=True)
        elif credentials is None and not self._looks_for_credentials_later:
            credentials = load_credentials()
        if credentials is not None:
            self._connect(credentials)

    def with_options(self, *, timeout: float | None = None, retry: RetryPolicy | None = None) -> Self:
        """Return the same client with other options, for some calls: `client.with_options(timeout=5).get_asset(...)`.

        It uses the same connections, and need not be closed.

        Args:
            timeout: Seconds within which each answer has to be there, at each attempt; as before if None.
            retry: How long to go on when something fails that may pass; as before if None. `RetryPolicy(attempts=1)`
                never sends a request again.
        """
        same = copy.copy(self)
        if timeout is not None:
            same.timeout = finite("timeout", timeout, above=0)
        same.retry = retry or self.retry
        return same

    def _connect(self, credentials: Credentials) -> None:
        """Decide where requests go, and open the pools of connections."""
        self.url: httpx.URL = self._find_url(credentials)
        self._auths.append(GoogleAuth(credentials, origin=self.url, on_token=self._on_token))
        headers = {"user-agent": f"airflow-provider-ee/{__version__}", "accept-encoding": "gzip"}
        if self.quota_project:
            headers["x-goog-user-project"] = self.quota_project
        if endpoints.emulator_url():
            headers["authorization"] = f"Bearer {endpoints.EMULATOR_TOKEN}"
        pools = range(-(-self.limits.in_flight // _CONNECTIONS_PER_POOL))
        self._pools += [self._open_pool(headers) for _ in pools]
        slots = [pool for pool in self._pools for _ in range(_CONNECTIONS_PER_POOL)]
        self._slots += slots[: self.limits.in_flight]

    def _open_pool(self, headers: Mapping[str, str]) -> Pool:
        return self._pool_type(
            auth=self._auths[0],
            base_url=self.url,
            headers=headers,
            follow_redirects=False,
            transport=self._transport or self._transport_type(self.url, _POOL_LIMITS),  # type: ignore[arg-type]  # of the same kind
            trust_env=False,
        )

    def _http_arguments(self, request: Request) -> dict[str, Any]:
        """Return a request as arguments of httpx."""
        method = request.method
        if method.answers_bytes or "earthengine.computations.create" in method.permissions:
            seconds = _COMPUTE_SECONDS
        else:
            seconds = _CHANGE_SECONDS if method.has_body else _LOOK_SECONDS
        seconds = self.timeout or seconds
        return {
            "method": method.verb,
            "url": f"/{version_for(request, self.api_version)}/{request.path}",
            "params": request.params or None,
            "json": request.body,
            "timeout": httpx.Timeout(
                connect=min(_CONNECT_SECONDS, seconds),
                read=TimeLimit(seconds),
                write=min(_WRITE_SECONDS, seconds),
                pool=None,
            ),
        }


def warn_if_restricted(project: str, headers: Mapping[str, str]) -> bool:
    """Return whether an answer says that a project is in restricted mode, and warn of it once in a process."""
    if _RESTRICTED not in headers.get(_QUOTA_STATUS, ""):
        return False
    with _warning:
        is_new = project not in _warned_of
        _warned_of.add(project)
    if is_new:
        warnings.warn(RestrictedProjectWarning(_ABOUT_RESTRICTION.format(project)), stacklevel=2)
    return True


#: https://developers.google.com/earth-engine/guides/noncommercial_tiers#restricted_mode
_QUOTA_STATUS, _RESTRICTED = "x-earth-engine-quota-status", "parallelism_restricted=true"
_ABOUT_RESTRICTION = (
    "Project {} has used up its noncommercial quota and is in restricted mode: exports and computations are slow until "
    "the quota is refilled. https://developers.google.com/earth-engine/guides/noncommercial_tiers#restricted_mode"
)
_warning = threading.Lock()
_warned_of: set[str] = set()


def prepare_to_read(response: httpx.Response, request: Request) -> None:
    """Refuse a body that cannot be read within bounds, and have one that is not packed read in large pieces.

    One piece of a packed body swells to a thousand times its size; packed twice, to a million times.
    """
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing == "identity":
        response.request.extensions["timeout"]["read"].piece = _PIECE
    elif packing != "gzip":
        raise Transient(
            f"The answer is packed as {packing[:40]!r}, which was not asked for.",
            status=response.status_code,
            method=request.method.id,
            name=request.name,
        )


class Received:
    """The body of an answer in memory.

    Args:
        request: The request that is answered.
        longest: How many bytes the body may have; it is refused as soon as it has more.
    """

    def __init__(self, request: Request, longest: int) -> None:
        self._request = request
        self._longest = longest
        self._pieces: list[bytes] = []
        self._length = 0

    def take(self, piece: bytes) -> None:
        """Add a piece.

        Raises:
            InvalidRequest: That makes it too long.
        """
        self._length += len(piece)
        if self._length > self._longest:
            raise InvalidRequest(
                f"The answer is longer than {self._longest:,} bytes.",
                method=self._request.method.id,
                name=self._request.name,
                hint="Ask for less at once, or stream it.",
            )
        self._pieces.append(piece)

    def whole(self) -> bytes:
        """Return all of it."""
        return b"".join(self._pieces)


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
