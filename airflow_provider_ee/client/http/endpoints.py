"""Where requests go: Earth Engine's own endpoints by name, or any trusted URL."""

from __future__ import annotations

import os
from collections.abc import Sequence

import httpx

from airflow_provider_ee.client.arguments.names import project_id
from airflow_provider_ee.client.auth.trust import is_listed, is_trusted
from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["EMULATOR_TOKEN", "EMULATOR_VARIABLE", "ENDPOINTS", "base_url", "emulator_url", "paying_project"]

#: Points everything at an emulator, whatever the connections say.
EMULATOR_VARIABLE = "EARTHENGINE_EMULATOR_HOST"

#: What an emulator gets for a token: some refuse requests without one, and so do proxies before them.
EMULATOR_TOKEN = "emulator"  # noqa: S105  # no secret

#: As a quota project: name no project that pays.
_NO_PROJECT = "none"

#: https://developers.google.com/earth-engine/guides/processing_environments#endpoints
ENDPOINTS = {"standard": "earthengine", "high-volume": "earthengine-highvolume"}


def emulator_url() -> httpx.URL | None:
    """Return the URL of the emulator that the environment names, if any. It may be anywhere: it gets no credentials."""
    host = os.environ.get(EMULATOR_VARIABLE, "").strip()
    if not host:
        return None
    try:
        url = httpx.URL(host if "://" in host else f"http://{host}")
    except httpx.InvalidURL:
        url = httpx.URL()
    if not url.host or url.scheme not in {"http", "https"}:
        raise InvalidArgument(EMULATOR_VARIABLE, f"{shown(host)} is not an address", "host:port, or a URL")
    return url


def paying_project(project: str, quota_project: str | None) -> str | None:
    """Return the project that X-Goog-User-Project names: as Google's own client does, the one that is asked.

    Without the header the project that owns the credentials pays, which may be another one and not know Earth Engine:
    https://cloud.google.com/docs/quotas/set-quota-project

    Args:
        project: The project that is asked.
        quota_project: Another one that pays, `none` for no header, or None.
    """
    if quota_project is None:
        return project
    return None if quota_project == _NO_PROJECT else project_id(quota_project, "quota_project")


def base_url(
    endpoint: str,
    *,
    universe_domain: str = "googleapis.com",
    trusted_hosts: Sequence[str] = (),
    anonymous: bool = False,
) -> httpx.URL:
    """Return the URL that requests begin with.

    Args:
        endpoint: `standard`, `high-volume`, or the URL of an emulator or a private endpoint.
        universe_domain: The domain of the Google cloud that the credentials belong to.
        trusted_hosts: Hosts outside of it that credentials may be sent to.
        anonymous: Whether there are no credentials. Only then an endpoint may be asked over plain http.
    """
    if endpoint in ENDPOINTS:
        return httpx.URL(f"https://{ENDPOINTS[endpoint]}.{universe_domain}")
    try:
        url = httpx.URL(endpoint)
    except (httpx.InvalidURL, TypeError):
        raise InvalidArgument("endpoint", "it is not a URL", _ALLOWED) from None
    if anonymous and is_listed(endpoint, trusted_hosts):
        return url
    if url.scheme == "http" and is_listed(endpoint, trusted_hosts):
        raise InvalidArgument("endpoint", "tokens are not sent over plain http", f"{_ALLOWED}; or no credentials")
    if not is_trusted(endpoint, [*trusted_hosts, universe_domain]):
        raise InvalidArgument(
            "endpoint",
            f"credentials may not be sent to {shown(str(url.copy_with(userinfo=b'')))}",
            f"{_ALLOWED}; list the host in the connection's trusted_hosts if you own it",
        )
    return url


_ALLOWED = "standard, high-volume, an https URL under googleapis.com, or a loopback address"
