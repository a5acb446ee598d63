"""Where requests go: Earth Engine's own endpoints by name, or any trusted URL."""

from __future__ import annotations

import os
from collections.abc import Sequence

import httpx

from airflow_provider_ee.client.auth.trust import is_trusted
from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["EMULATOR_VARIABLE", "ENDPOINTS", "base_url", "emulator_url"]

#: Points everything at an emulator, whatever the connections say.
EMULATOR_VARIABLE = "EARTHENGINE_EMULATOR_HOST"

#: https://developers.google.com/earth-engine/guides/processing_environments#endpoints
ENDPOINTS = {"standard": "earthengine", "high-volume": "earthengine-highvolume"}


def emulator_url() -> httpx.URL | None:
    """Return the URL of the emulator that the environment names, if any. It may be anywhere: it gets no token."""
    host = os.environ.get(EMULATOR_VARIABLE, "").strip()
    if not host:
        return None
    try:
        url = httpx.URL(host if "://" in host else f"http://{host}")
    except httpx.InvalidURL:
        url = httpx.URL()
    if not url.host or url.scheme not in {"http", "https"}:
        raise InvalidArgument(EMULATOR_VARIABLE, f"{shown(host)} is no address", "host:port, or a URL")
    return url


def base_url(endpoint: str, *, universe_domain: str = "googleapis.com", trusted_hosts: Sequence[str] = ()) -> httpx.URL:
    """Return the URL that requests begin with.

    Args:
        endpoint: `standard`, `high-volume`, or the URL of an emulator or a private endpoint.
        universe_domain: The domain of the Google cloud that the credentials belong to.
        trusted_hosts: Hosts outside of it that credentials may be sent to.
    """
    if endpoint in ENDPOINTS:
        return httpx.URL(f"https://{ENDPOINTS[endpoint]}.{universe_domain}")
    try:
        url = httpx.URL(endpoint)
    except (httpx.InvalidURL, TypeError):
        raise InvalidArgument("endpoint", "it is no URL", _ALLOWED) from None
    if not is_trusted(endpoint, [*trusted_hosts, universe_domain]):
        raise InvalidArgument(
            "endpoint",
            f"credentials may not be sent to {shown(str(url.copy_with(userinfo=b'')))}",
            f"{_ALLOWED}; list the host in the connection's trusted_hosts if you own it",
        )
    return url


_ALLOWED = "standard, high-volume, an https URL under googleapis.com, or a loopback address"
