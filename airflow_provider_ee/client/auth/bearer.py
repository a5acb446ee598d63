"""Put google-auth credentials of any kind on the requests of httpx."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from datetime import UTC, datetime
from typing import Any

import httpx
from google.auth.credentials import AnonymousCredentials, Credentials

from airflow_provider_ee.client.auth.tokens import Tokens
from airflow_provider_ee.client.errors import InvalidArgument

__all__ = ["GoogleAuth", "is_anonymous"]

_UNAUTHORIZED = 401


class GoogleAuth(httpx.Auth):
    """Credentials for one origin; clients, threads and event loops may share it.

    A request waits for a token only if there is none that is valid. An answer of 401 makes it fetch a new token and
    go out once more; the second 401 is for the caller.

    Args:
        credentials: Any google-auth credentials; they must not be refreshed elsewhere.
        origin: The only place that they are sent to: scheme, host and port of this URL.
        on_token: Called with every new token before it is used, in the thread that fetched it.
        now: The clock.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        origin: httpx.URL | str,
        on_token: Callable[[str], None] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._credentials: Any = credentials
        self._origin = _origin(httpx.URL(origin))
        self._tokens = None if is_anonymous(credentials) else Tokens(credentials, on_token=on_token, now=now)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send a request with a token, and again with another one if Google refuses the first."""
        self._check_origin(request)
        if self._tokens is None:
            yield request
            return
        token = self._tokens.get().result()
        response = yield self._signed(request, token)
        if response.status_code == _UNAUTHORIZED:
            self._tokens.reject(token)
            yield self._signed(request, self._tokens.get().result())

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Do the same without holding up the event loop."""
        self._check_origin(request)
        if self._tokens is None:
            yield request
            return
        token = await asyncio.wrap_future(self._tokens.get())
        response = yield self._signed(request, token)
        if response.status_code == _UNAUTHORIZED:
            self._tokens.reject(token)
            yield self._signed(request, await asyncio.wrap_future(self._tokens.get()))

    def close(self) -> None:
        """Close the connections to the token endpoint."""
        if self._tokens:
            self._tokens.close()

    def _check_origin(self, request: httpx.Request) -> None:
        if _origin(request.url) != self._origin:
            raise InvalidArgument(
                "url",
                "credentials are not sent to {}://{}:{}".format(*_origin(request.url)),
                "{}://{}:{}".format(*self._origin),
            )

    def _signed(self, request: httpx.Request, token: str) -> httpx.Request:
        headers: dict[str, str] = {}
        self._credentials.apply(headers, token=token)
        headers.pop("x-goog-user-project", None)  # the client says who pays
        request.headers.update(headers)
        return request


def is_anonymous(credentials: Credentials) -> bool:
    """Return whether requests with these credentials carry no token."""
    return isinstance(credentials, AnonymousCredentials)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)
