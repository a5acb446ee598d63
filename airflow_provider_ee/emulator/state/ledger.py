"""What happened: every request that came in, kept for tests to check. No secret is kept."""

import hashlib
import threading
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Entry", "Ledger", "digest"]

_KEPT = 200_000


def digest(secret: str | bytes) -> str:
    """Return a short digest that recognises a value again without keeping it."""
    data = secret.encode() if isinstance(secret, str) else secret
    return hashlib.sha256(data).hexdigest()[:16]


@dataclass(slots=True)
class Entry:
    """One request.

    Args:
        number: Its place in the order of arrival.
        time: When it arrived, in seconds since 1970.
        verb: The HTTP method.
        path: The path, without the query.
        method: The API method, such as `projects.image.export`; empty when there is none.
        version: The version of the API.
        bearer: A digest of the bearer token; empty when there was none.
        user: Whose token it is.
        quota_project: The project to be charged, from the header X-Goog-User-Project.
        request_id: The requestId in the body.
        body_digest: A digest of the body, which tells whether two requests were the same bytes.
        operation: The name of the operation that was started, looked at, cancelled or deleted.
        status: The HTTP status of the answer; None while there is none, and after a connection was reset.
        fault: The fault that was played.
        seconds: How long the answer took.
    """

    number: int
    time: float
    verb: str
    path: str
    method: str = ""
    version: str = ""
    bearer: str = ""
    user: str = ""
    quota_project: str = ""
    request_id: str = ""
    body_digest: str = ""
    operation: str = ""
    status: int | None = None
    fault: str = ""
    seconds: float = 0.0


class Ledger:
    """Every request, in the order of arrival, the newest 200,000 of them."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._lock = threading.Lock()
        self._seen = 0

    def open(self, time: float, verb: str, path: str) -> Entry:
        """Note the arrival of a request."""
        with self._lock:
            self._seen += 1
            entry = Entry(self._seen, time, verb, path)
            self._entries.append(entry)
            return entry

    def entries(self, method: str | None = None) -> list[Entry]:
        """Return the requests, oldest first, of one API method or of all."""
        with self._lock:
            return [entry for entry in self._entries if method is None or entry.method == method]

    def shown(self, method: str | None = None) -> list[dict[str, Any]]:
        """Return the requests as plain JSON."""
        return [asdict(entry) for entry in self.entries(method)]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
