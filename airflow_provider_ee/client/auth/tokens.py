"""One token for all who use the same credentials, renewed once however many ask, before it expires if possible."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow_provider_ee.client.auth.token_requests import ask_for_token
from airflow_provider_ee.client.auth.token_transport import TokenRequests

__all__ = ["Tokens"]

_LOG = logging.getLogger(__name__)

#: A token is renewed in the last quarter of its life, but not sooner than this before its end.
_EARLY = timedelta(minutes=5)


class Tokens:
    """The current token of some credentials, for any number of threads and event loops.

    Args:
        credentials: google-auth credentials; they must not be refreshed elsewhere.
        on_token: Called with every new token before it is used.
        now: The clock.
    """

    def __init__(
        self,
        credentials: Any,
        *,
        on_token: Callable[[str], None] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._credentials = credentials
        self._on_token = on_token
        self._now = now
        self._request = TokenRequests()
        self._lock = threading.Lock()
        self._usable: Future[str] | None = None
        self._underway: Future[str] | None = None
        self._expiry = self._renew_at = now()
        if credentials.token:
            self._report()
            self._accept(Future())

    def get(self) -> Future[str]:
        """Return the token that is valid now: a future that is done, unless a refresh has to be waited for."""
        with self._lock:
            now = self._now()
            if self._usable and now < self._renew_at:
                return self._usable
            refresh = self._underway or self._start_refresh()
            return self._usable if self._usable and now < self._expiry else refresh

    def reject(self, token: str) -> None:
        """Never hand out this token again: Google refused it."""
        with self._lock:
            if self._usable and self._usable.result() == token:
                self._usable = None

    def close(self) -> None:
        """Close the connections to the token endpoint; the next refresh opens new ones."""
        self._request.close()

    def _start_refresh(self) -> Future[str]:
        """Refresh in a thread of its own, so that an endpoint that hangs holds up only those who wait for it.

        Not in a pool: a process that Airflow forks has the pool but not its threads.
        """
        refresh: Future[str] = Future()
        # From now on it cannot be cancelled, so a task that gives up waiting does not give up for all the others.
        refresh.set_running_or_notify_cancel()
        threading.Thread(target=self._refresh, args=[refresh], name="earthengine-auth", daemon=True).start()
        self._underway = refresh
        return refresh

    def _refresh(self, refresh: Future[str]) -> None:
        failure: Exception | None
        try:
            failure = ask_for_token(self._credentials, self._request)
            if failure is None:
                self._report()
        except Exception as error:  # noqa: BLE001  # of on_token: those who wait must hear of it, or they wait for ever
            failure = error
        with self._lock:
            self._underway = None
            if failure is None:
                self._accept(refresh)
            else:
                # The token in use may still be good. An endpoint that is down is left in peace for half of that time.
                self._renew_at = self._now() + self._left() / 2
                refresh.set_exception(failure)
        if failure and self._usable and self._left():
            _LOG.warning("The access token cannot be renewed, and is good for %s more: %s", self._left(), failure)

    def _report(self) -> None:
        if self._on_token:
            self._on_token(self._credentials.token)

    def _accept(self, refresh: Future[str]) -> None:
        expiry = self._credentials.expiry
        # google-auth counts in UTC and does not say so.
        self._expiry = expiry.replace(tzinfo=UTC) if expiry else datetime.max.replace(tzinfo=UTC)
        self._renew_at = self._expiry - min(_EARLY, self._left() / 4)
        self._usable = refresh
        refresh.set_result(self._credentials.token)

    def _left(self) -> timedelta:
        return max(self._expiry - self._now(), timedelta())
