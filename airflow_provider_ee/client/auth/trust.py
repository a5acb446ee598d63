"""Where credentials may go: to Google over https, to this machine, and over https where the user said so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from airflow_provider_ee.client.transport import is_loopback

__all__ = ["is_listed", "is_trusted"]

#: Only plain URLs are read, so that no two programs can disagree on which host they name: no user name, no backslash,
#: no trailing dot, no letters outside of ASCII.
_PLAIN_URL = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?:[/?][!-\[\]-~]*)?",
    re.IGNORECASE | re.ASCII,
)
_PORTS = {"http": "80", "https": "443"}
_GOOGLE = "googleapis.com"


def is_trusted(url: str, trusted_hosts: Sequence[str] = ()) -> bool:
    """Whether credentials may be sent to a URL.

    Args:
        url: The URL in full.
        trusted_hosts: What is trusted besides Google and this machine. A host name stands for https to this host and
            to all hosts below it; an origin such as `https://proxy.example:8443` stands for itself.
    """
    match = _PLAIN_URL.fullmatch(url)
    if match is None:
        return False
    scheme, host = match["scheme"].lower(), match["host"].lower()
    if is_loopback(host):
        return True
    if scheme != "https":
        return False
    is_usual_port = (match["port"] or _PORTS[scheme]) == _PORTS[scheme]
    return is_listed(url, trusted_hosts) or (
        is_usual_port and any(_covers(trusted, host) for trusted in (_GOOGLE, *trusted_hosts))
    )


def is_listed(url: str, trusted_hosts: Sequence[str]) -> bool:
    """Return whether the origin of a URL, its scheme, host and port, is among those that the user trusts."""
    match = _PLAIN_URL.fullmatch(url)
    return match is not None and _origin_of(match) in map(_origin, trusted_hosts)


def _origin(trusted: str) -> str | None:
    match = _PLAIN_URL.fullmatch(trusted.strip().rstrip("/"))
    return _origin_of(match) if match else None


def _origin_of(match: re.Match[str]) -> str:
    scheme = match["scheme"].lower()
    return f"{scheme}://{match['host'].lower()}:{match['port'] or _PORTS[scheme]}"


def _covers(trusted: str, host: str) -> bool:
    name = trusted.strip().lower()
    return host == name or ("." in name and host.endswith(f".{name}"))
