"""Connections of httpx that end in time, and that use a proxy only where one belongs.

httpx limits the seconds between two pieces of an answer. A server that sends one byte now and then holds its caller for
ever, so a TimeLimit bounds the whole answer too. httpx has no option for that: httpcore, below it, takes a network
backend, which is given each limit as it was set (https://www.encode.io/httpcore/network-backends/).
"""

from __future__ import annotations

import functools
import ipaddress
import os
import ssl
import time
import urllib.request
from typing import Any, Self

import httpx

from airflow_provider_ee.client.errors import InvalidArgument

__all__ = ["AsyncTransport", "TimeLimit", "Transport", "is_loopback"]

#: Bytes a second of which every answer brings more, unless its server is in trouble. The largest one, of 48 MiB, may
#: so take eight minutes more than its limit.
_SLOWEST = 100_000
#: What is left to wait when all time is used up: a timeout of zero would mean not to wait for what is there already.
_AT_ONCE = 0.001

#: Servers of the machine's own network that answer in plain http:
#: https://cloud.google.com/compute/docs/metadata/overview
_METADATA_HOSTS = frozenset({"metadata.google.internal", "169.254.169.254"})


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


class TimeLimit(float):
    """The most seconds to wait for one piece of an answer, and for the whole of it; a timeout of httpx.

    Only waiting counts, not what a reader does between two pieces. What arrives adds time in proportion to its size.

    Args:
        seconds: How long to wait for a piece, and for an answer that brings nothing to speak of.
        piece: How many bytes to take from the connection at once; as many as httpcore likes if 0.
    """

    piece: int
    _left: float

    def __new__(cls, seconds: float, piece: int = 0) -> Self:
        """Start with all of the time."""
        limit = super().__new__(cls, seconds)
        limit.piece = piece
        limit._left = seconds
        return limit

    def next_wait(self) -> float:
        """Return how long to wait for the next piece."""
        return max(min(self, self._left), _AT_ONCE)

    def count(self, waited: float, received: int) -> None:
        """Take note of a piece."""
        self._left = min(self._left - waited + received / _SLOWEST, float(self))


class Transport(httpx.HTTPTransport):
    """Connections to one origin for httpx.Client."""

    def __init__(self, url: httpx.URL, limits: httpx.Limits) -> None:
        super().__init__(verify=_tls(url.scheme), limits=limits, proxy=_find_proxy(url), trust_env=False)
        self._pool: Any
        self._pool._network_backend = _Backend(self._pool._network_backend)  # noqa: SLF001  # httpx has no argument for it


class AsyncTransport(httpx.AsyncHTTPTransport):
    """Connections to one origin for httpx.AsyncClient."""

    def __init__(self, url: httpx.URL, limits: httpx.Limits) -> None:
        super().__init__(verify=_tls(url.scheme), limits=limits, proxy=_find_proxy(url), trust_env=False)
        self._pool: Any
        self._pool._network_backend = _AsyncBackend(self._pool._network_backend)  # noqa: SLF001  # nor here


class _Wrapper:
    """Something of httpcore, of which all but what a subclass has stays as it is."""

    __slots__ = ("_wrapped",)

    def __init__(self, wrapped: Any) -> None:
        self._wrapped = wrapped

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wrapped, name)


class _Backend(_Wrapper):
    def connect_tcp(self, *args: Any, **options: Any) -> _Stream:
        return _Stream(self._wrapped.connect_tcp(*args, **options))


class _Stream(_Wrapper):
    def read(self, max_bytes: int, timeout: float | None = None) -> Any:
        if not isinstance(timeout, TimeLimit):
            return self._wrapped.read(max_bytes, timeout)
        begun = time.monotonic()
        piece = self._wrapped.read(timeout.piece or max_bytes, timeout.next_wait())
        timeout.count(time.monotonic() - begun, len(piece))
        return piece

    def start_tls(self, *args: Any, **options: Any) -> _Stream:
        return _Stream(self._wrapped.start_tls(*args, **options))


class _AsyncBackend(_Wrapper):
    async def connect_tcp(self, *args: Any, **options: Any) -> _AsyncStream:
        return _AsyncStream(await self._wrapped.connect_tcp(*args, **options))


class _AsyncStream(_Wrapper):
    async def read(self, max_bytes: int, timeout: float | None = None) -> Any:  # noqa: ASYNC109  # httpcore's signature
        if not isinstance(timeout, TimeLimit):
            return await self._wrapped.read(max_bytes, timeout)
        begun = time.monotonic()
        piece = await self._wrapped.read(timeout.piece or max_bytes, timeout.next_wait())
        timeout.count(time.monotonic() - begun, len(piece))
        return piece

    async def start_tls(self, *args: Any, **options: Any) -> _AsyncStream:
        return _AsyncStream(await self._wrapped.start_tls(*args, **options))


@functools.cache
def _tls(scheme: str) -> ssl.SSLContext:
    """Return one context for all connections: making one takes 40 ms of CPU. Without TLS it trusts no certificate."""
    return httpx.create_ssl_context() if scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _find_proxy(url: httpx.URL) -> httpx.Proxy | None:
    """Return the proxy that the environment names for a URL. One between this machine and itself would see tokens."""
    host = os.environ.get("GCE_METADATA_HOST", "").partition(":")[0]
    if is_loopback(url.host) or url.host in {*_METADATA_HOSTS, host}:
        return None
    if urllib.request.proxy_bypass(url.netloc.decode("ascii")):
        return None
    proxies = urllib.request.getproxies()
    address = proxies.get(url.scheme) or proxies.get("all")
    if not address:
        return None
    try:
        return httpx.Proxy(address if "://" in address else f"http://{address}")
    except (ValueError, httpx.InvalidURL):
        raise InvalidArgument(
            f"{url.scheme.upper()}_PROXY", "it is not the URL of a proxy", "such as http://proxy.example:3128"
        ) from None
