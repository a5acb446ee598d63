"""Where credentials may go: to Google over https, to this machine, and where the user said so."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

__all__ = ["is_trusted"]

#: Only plain URLs are read, so that no two programs can disagree on which host they name: no user name, no backslash,
#: no trailing dot, no letters outside of ASCII.
_PLAIN_URL = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?:[/?][!-\[\]-~]*)?",
    re.IGNORECASE,
)
_PORTS = {"http": "80", "https": "443"}
_GOOGLE = "googleapis.com"


def is_trusted(url: str, trusted_hosts: Sequence[str] = ()) -> bool:
    """Whether credentials may be sent to a URL.

    Args:
        url: The URL in full.
        trusted_hosts: What is trusted besides Google and this machine. A host name stands for https to this host and
            to all hosts below it; an origin such as `http://emulator:8085` stands for itself.
    """
    match = _PLAIN_URL.fullmatch(url)
    if match is None:
        return False
    scheme, host = match["scheme"].lower(), match["host"].lower()
    port = match["port"] or _PORTS[scheme]
    if _is_loopback(host) or f"{scheme}://{host}:{port}" in map(_origin, trusted_hosts):
        return True
    is_plain_https = scheme == "https" and port == _PORTS["https"]
    return is_plain_https and any(_covers(trusted, host) for trusted in (_GOOGLE, *trusted_hosts))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _origin(trusted: str) -> str | None:
    match = _PLAIN_URL.fullmatch(trusted.strip().rstrip("/"))
    if match is None:
        return None
    scheme = match["scheme"].lower()
    return f"{scheme}://{match['host'].lower()}:{match['port'] or _PORTS[scheme]}"


def _covers(trusted: str, host: str) -> bool:
    name = trusted.strip().lower()
    return host == name or ("." in name and host.endswith(f".{name}"))
