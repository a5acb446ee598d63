"""Send what google-auth asks for by httpx: within a time limit, with the proxies and certificates of every request.

google-auth's own transport waits 120 seconds for each piece of an answer, follows redirects, sends secrets to a proxy
between this machine and itself, and logs them at DEBUG.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from google.auth import exceptions, transport

from airflow_provider_ee.client.transport import TimeLimit, Transport

__all__ = ["SECONDS", "TokenRequests"]

#: How long one request for a token may take.
SECONDS = 10.0
#: An answer holds a token and little more.
_LONGEST_ANSWER = 2**20
#: A token is asked for once in an hour: no connection is worth keeping.
_CONNECTIONS = httpx.Limits(max_keepalive_connections=0)


#: Set to DEBUG, httpcore logs the headers of answers, in which a server may repeat what it was sent.
_asking = threading.local()
for _name in ("connection", "http11", "proxy", "socks"):
    logging.getLogger(f"httpcore.{_name}").addFilter(lambda _: not getattr(_asking, "now", False))


@dataclass(frozen=True, slots=True)
class _Response(transport.Response):
    status: int
    headers: Mapping[str, str]
    data: bytes


class TokenRequests(transport.Request):
    """The `request` that google-auth's credentials are given; threads may share it."""

    def __init__(self) -> None:
        self._transports: dict[tuple[str, str, int | None], Transport] = {}

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: Any,
    ) -> transport.Response:
        """Send one request. No redirect is followed: it would carry secrets to a host that is not known.

        Raises:
            google.auth.exceptions.TransportError: There was no answer, or not in time.
        """
        seconds = min(timeout or SECONDS, SECONDS)
        limits = {"connect": seconds, "read": TimeLimit(seconds), "write": seconds, "pool": seconds}
        _asking.now = True
        try:
            request = httpx.Request(method, url, headers=headers, content=body, extensions={"timeout": limits})
            response = self._transport_to(request.url).handle_request(request)
            try:
                return _Response(response.status_code, response.headers, _read(response))
            finally:
                response.close()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise exceptions.TransportError(error) from error
        finally:
            _asking.now = False

    def close(self) -> None:
        """Close all connections; the next request opens new ones."""
        while self._transports:
            self._transports.popitem()[1].close()

    def _transport_to(self, url: httpx.URL) -> Transport:
        origin = (url.scheme, url.host, url.port)
        known = self._transports.get(origin)
        if known is None:
            known = self._transports.setdefault(origin, Transport(url, _CONNECTIONS))
        return known


def _read(response: httpx.Response) -> bytes:
    data = b""
    for piece in response.iter_bytes():
        data += piece
        if len(data) > _LONGEST_ANSWER:
            raise httpx.DecodingError("The answer is too long for a token.")
    return data
