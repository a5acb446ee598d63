"""Who is calling: bearer tokens that a test makes known, expired ones, and permissions that are missing."""

import threading
from collections.abc import Collection
from dataclasses import dataclass

from airflow_provider_ee.emulator.envelope import ApiError, permission_denied
from airflow_provider_ee.emulator.state.ledger import digest

__all__ = ["Identities", "Identity"]


@dataclass(frozen=True, slots=True)
class Identity:
    """A caller.

    Args:
        user: The name of the user. Tokens change every hour, so the user is what requestIds belong to.
        bearer: A digest of the token; empty for none.
        missing: Permissions that the user does not have.
        expired: Whether the token has expired.
        project: The project that owns the credentials and pays unless the caller names another; empty if not known.
    """

    user: str
    bearer: str = ""
    missing: frozenset[str] = frozenset()
    expired: bool = False
    project: str = ""

    def check(self, permission: str, resource: str) -> None:
        """Refuse the caller who lacks a permission.

        Raises:
            ApiError: The permission is missing.
        """
        if permission in self.missing:
            raise permission_denied(permission, resource)


class Identities:
    """The tokens that are known. Every other one belongs to the user `anyone`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, Identity] = {}

    def learn(
        self, token: str, *, user: str, missing: Collection[str] = (), expired: bool = False, project: str = ""
    ) -> Identity:
        """Make a token known."""
        bearer = digest(token)
        with self._lock:
            self._known[bearer] = Identity(user, bearer, frozenset(missing), expired, project)
            return self._known[bearer]

    def clear(self) -> None:
        """Forget all tokens."""
        with self._lock:
            self._known.clear()

    def recognise(self, authorization: str, *, known: bool, bearer: bool) -> Identity:
        """Return the caller that an Authorization header stands for.

        Args:
            authorization: The header's value; empty for none.
            known: Whether the token has to be known.
            bearer: Whether there has to be one.

        Raises:
            ApiError: The token has expired, or is missing, or is not known and has to be.
        """
        scheme, _, token = authorization.partition(" ")
        sent = digest(token) if token and scheme.lower() == "bearer" else ""
        if bearer and not sent:
            raise _unauthenticated("CREDENTIALS_MISSING", "is missing required authentication credential")
        with self._lock:
            identity = self._known.get(sent)
        if identity is not None and identity.expired:
            raise _unauthenticated("ACCESS_TOKEN_EXPIRED", "had invalid authentication credentials")
        if identity is None and known:
            raise _unauthenticated("ACCESS_TOKEN_TYPE_UNSUPPORTED", "had invalid authentication credentials")
        return identity or Identity("anyone", sent)


def _unauthenticated(reason: str, fault: str) -> ApiError:
    return ApiError(
        "UNAUTHENTICATED",
        f"Request {fault}. Expected OAuth 2 access token, login cookie or other valid authentication credential. "
        "See https://developers.google.com/identity/sign-in/web/devconsole-project.",
        details=[{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}],
    )
