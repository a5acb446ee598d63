"""Keep out of Airflow's logs: the secrets of a connection, and the tokens that they are traded for."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

from airflow.sdk import log

from airflow_provider_ee.client.auth.keyfiles import from_text
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.hooks.connection import Settings

__all__ = ["mask_settings", "mask_token"]

_SECRET_NAMES = frozenset({"private_key", "client_secret", "refresh_token"})
#: Shorter pieces of a key reveal nothing, and without them logs would become unreadable.
_SHORTEST_PIECE = 8


def mask_settings(settings: Settings) -> None:
    """Mask every secret that a connection holds. Airflow by itself knows only its whole extras, not what is in them."""
    secrets: list[Any] = [
        secret
        for credentials in (settings.keyfile_dict, settings.user_token, settings.credential_config_file)
        for secret in _secrets_in(credentials)
    ]
    if secrets:
        log.mask_secret(secrets)


def mask_token(token: str) -> None:
    """Mask an access token, from whatever thread fetched it, and without waiting for Airflow.

    Before Airflow 3.3 only its own threads may speak to a task's supervisor; there a token is not masked. None is ever
    logged by this package.
    """
    if hasattr(log, "amask_secret"):
        threading.Thread(target=log.mask_secret, args=(token,), name="mask-token", daemon=True).start()


def _secrets_in(credentials: object) -> Iterator[str]:
    """Yield the secrets of credentials in whatever shape they were pasted; a path holds none."""
    if isinstance(credentials, str):
        try:
            content = from_text("credentials", credentials)
        except InvalidArgument:
            return
        if not credentials.lstrip("\ufeff \n\t\r").startswith("{"):  # base64, which says the same
            yield from _pieces(credentials)
        credentials = content
    if isinstance(credentials, Mapping):
        for name in _SECRET_NAMES & credentials.keys():
            yield from _pieces(credentials[name])
        source = credentials.get("credential_source")
        headers = source.get("headers") if isinstance(source, Mapping) else None
        for value in headers.values() if isinstance(headers, Mapping) else ():
            if isinstance(value, str) and len(value) >= _SHORTEST_PIECE:
                yield value


def _pieces(secret: object) -> Iterator[str]:
    """Yield a secret and each of its lines: a log may be cut at line ends."""
    if isinstance(secret, str):
        yield secret
        for line in secret.replace("\\n", "\n").splitlines():
            if len(line) >= _SHORTEST_PIECE and not line.startswith("-----"):
                yield line
