"""Tell Airflow what its logs must not show: the secrets of a connection, and the tokens that they are traded for."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from airflow.sdk import log

from airflow_provider_ee.hooks.connection import Settings

__all__ = ["mask_settings", "mask_token"]

_SECRET_NAMES = frozenset({"private_key", "client_secret", "refresh_token"})
#: Shorter pieces of a key tell nothing, and without them logs would become unreadable.
_SHORTEST_PIECE = 8


def mask_settings(settings: Settings) -> None:
    """Mask every secret that a connection holds. Airflow by itself knows only its whole extras, not what is in them."""
    secrets: list[Any] = [*_secrets_in(settings.keyfile_dict), *_secrets_in(settings.user_token)]
    if secrets:
        log.mask_secret(secrets)


def mask_token(token: str) -> None:
    """Mask an access token, from whatever thread fetched it, and without waiting for Airflow.

    Before Airflow 3.3 only its own threads may speak to a task's supervisor; there a token is not masked. None is ever
    logged by this package.
    """
    if hasattr(log, "amask_secret"):
        threading.Thread(target=log.mask_secret, args=(token,), name="mask-token", daemon=True).start()


def _secrets_in(credentials: str | Mapping[str, object] | None) -> Iterator[str]:
    if isinstance(credentials, str):
        try:
            credentials = json.loads(credentials, strict=False)
        except (ValueError, RecursionError):
            return
    if isinstance(credentials, Mapping):
        for name in _SECRET_NAMES & credentials.keys():
            yield from _pieces(credentials[name])


def _pieces(secret: object) -> Iterator[str]:
    """Yield a secret and each of its lines: a log may be cut at line ends."""
    if isinstance(secret, str):
        yield secret
        for line in secret.replace("\\n", "\n").splitlines():
            if len(line) >= _SHORTEST_PIECE and not line.startswith("-----"):
                yield line
