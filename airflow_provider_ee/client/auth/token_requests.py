"""Ask for a token: requests that end in time, and failures that hold nothing of what was sent or received."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import tenacity
from google.auth import exceptions

from airflow_provider_ee.client.auth.token_transport import SECONDS, TokenRequests
from airflow_provider_ee.client.errors import EarthEngineError, Transient, Unauthenticated
from airflow_provider_ee.client.rest.responses import retry_after

__all__ = ["ask_for_token"]

_TRIES, _TOTAL_SECONDS = 3, 20.0

_OF_PASSING_TROUBLE = frozenset({408, 429, 500, 502, 503, 504})
_SECRET_FIELDS = ("assertion", "client_secret", "refresh_token", "subject_token")
_SHORTEST_SECRET = 8
_LONGEST_MESSAGE = 300
_CODE = re.compile(r"[A-Za-z_-]{1,40}")
#: What fits into a header. Whatever else is put into one is quoted in the error of the HTTP library.
_TOKEN = re.compile(r"[!-~]+")

#: https://datatracker.ietf.org/doc/html/rfc6749#section-5.2 and https://developers.google.com/identity/protocols/oauth2
_HINTS = {
    "invalid_grant": "The key or the sign-in was revoked or has expired, or this machine's clock is wrong: "
    "make a new key, run `earthengine authenticate` again, or set the clock.",
    "invalid_client": "The OAuth client of the user credentials was deleted or its secret changed: sign in again.",
    "unauthorized_client": "The account may not ask for these scopes.",
    "invalid_scope": "Ask for fewer scopes, or sign in again with these.",
    "invalid_target": "No workload identity pool has the audience that the configuration names.",
}
_IMPERSONATION = ":generateAccessToken"


def ask_for_token(
    credentials: Any, request: TokenRequests, *, sleep: Callable[[float], None] = time.sleep
) -> EarthEngineError | None:
    """Refresh google-auth credentials, and return what went wrong, if anything did.

    A failure is returned, not raised, so that it carries no exception of google-auth along: those quote keys.
    """
    exchange = _Exchange(request, sleep)
    try:
        credentials.refresh(exchange)
    except EarthEngineError as error:
        return error
    except exceptions.RefreshError as error:
        fault = str(error)
    except Exception as error:  # noqa: BLE001  # those who wait for the token get it as their error
        fault = type(error).__name__
    else:
        if isinstance(credentials.token, str) and _TOKEN.fullmatch(credentials.token):
            return None
        fault = "the answer holds none"
    who = getattr(credentials, "service_account_email", None) or "these credentials"
    if exchange.status is None:
        return Unauthenticated(f"There is no token for {who}: {fault}")
    return exchange.failure(who)


class _Exchange:
    """The requests of one refresh, in the form in which google-auth makes them."""

    def __init__(self, request: TokenRequests, sleep: Callable[[float], None]) -> None:
        self._request = request
        self._tries = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Transient),
            stop=tenacity.stop_after_attempt(_TRIES) | tenacity.stop_after_delay(_TOTAL_SECONDS),
            wait=tenacity.wait_random_exponential(multiplier=0.5, max=4),
            sleep=sleep,
            reraise=True,
        )
        self._sent: set[str] = set()
        self._url = ""
        self._answer = b""
        self.status: int | None = None

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = SECONDS,
        **more: Any,
    ) -> Any:
        self._url = url
        self._remember_secrets(body, headers or {})
        return self._tries(self._once, url, method=method, body=body, headers=headers, timeout=timeout, **more)

    def failure(self, who: str) -> EarthEngineError:
        """Say what the last answer means, which led to no token."""
        host = urlsplit(self._url).hostname
        if self.status is None or self.status < 400:
            return Transient(f"What {host} answered is not a token for {who}.", sent=False)
        code, message = self._read_error()
        hint = _HINTS.get(code or "")
        if self._url.endswith(_IMPERSONATION):
            target = self._url.removesuffix(_IMPERSONATION).rpartition("/")[2]
            hint = (
                f"An account that acts as {target} needs the role roles/iam.serviceAccountTokenCreator on it, "
                "and the IAM Credentials API has to be enabled."
            )
        return Unauthenticated(
            f"{host} gives no token for {who}" + (f": {message}" if message else "."),
            status=self.status,
            reason=code,
            hint=hint,
        )

    def _once(self, url: str, **how: Any) -> Any:
        host = urlsplit(url).hostname
        try:
            response = self._request(url, **how)
        except exceptions.TransportError as error:
            trouble = Transient(f"{host} cannot be asked for a token: {type(error.args[0]).__name__}.", sent=False)
        else:
            self.status, self._answer = response.status, response.data
            if response.status not in _OF_PASSING_TROUBLE:
                return response
            trouble = Transient(
                f"{host} gives no token now.",
                status=response.status,
                retry_after=retry_after(response.headers),
                sent=False,
            )
        raise trouble

    def _remember_secrets(self, body: bytes | None, headers: Mapping[str, str]) -> None:
        fields = parse_qs((body or b"").decode(errors="replace"))
        secrets = [value for field in _SECRET_FIELDS for value in fields.get(field, [])]
        secrets += [value.rpartition(" ")[2] for value in headers.values()]
        self._sent.update(secret for secret in secrets if len(secret) >= _SHORTEST_SECRET)

    def _read_error(self) -> tuple[str | None, str]:
        """Return the code and the message of an error, in the form of OAuth or of Google's APIs."""
        try:
            answer = json.loads(self._answer)
        except (ValueError, RecursionError):
            answer = None
        error = answer.get("error") if isinstance(answer, dict) else None
        if isinstance(error, dict):
            code, message = error.get("status"), error.get("message")
        else:
            code, message = error, isinstance(answer, dict) and answer.get("error_description")
        known_code = self._cleaned(code)
        return known_code if _CODE.fullmatch(known_code) else None, self._cleaned(message)

    def _cleaned(self, message: object) -> str:
        if not isinstance(message, str):
            return ""
        for secret in self._sent:
            message = message.replace(secret, "***")
        return " ".join(message.split())[:_LONGEST_MESSAGE]
