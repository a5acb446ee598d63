"""Understand an answer of Earth Engine: the JSON or bytes that it carries, or the error that it means. No I/O."""

from __future__ import annotations

import email.utils
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from airflow_provider_ee.client.errors import (
    AlreadyExists,
    EarthEngineError,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    Transient,
    Unauthenticated,
)
from airflow_provider_ee.client.rest.error_texts import find_hint, kind_of_text
from airflow_provider_ee.client.rest.request import Repeat, Request

__all__ = ["Answer", "read", "retry_after"]

_LONGEST_MESSAGE = 1000

#: Since July 2025: https://developers.google.com/earth-engine/docs/server/release-notes
_DRIVE_SCOPE = "Exports to Drive need https://www.googleapis.com/auth/drive besides."

#: How Earth Engine speaks of a request id that it knows already: in texts that are not documented.
_REQUEST_ID = re.compile(
    r"request_id|requestId"
    r"|(already|duplicate|different|reuse|used).*request id|request id.*(already|duplicate|used|exist)"
    r"|duplicate request|operation .*already (been )?(exists|started|running|submitted)",
    re.IGNORECASE,
)
_FIELDS_OF_REQUEST_ID = frozenset({"request_id", "requestId"})

_REASONS: Mapping[str, type[EarthEngineError]] = {
    "ALREADY_EXISTS": AlreadyExists,
    "rateLimitExceeded": Transient,
    "userRateLimitExceeded": Transient,
    "RATE_LIMIT_EXCEEDED": Transient,
}

_STATUSES: Mapping[int, type[EarthEngineError]] = {
    401: Unauthenticated,
    403: PermissionDenied,
    404: NotFound,
    408: Transient,
    409: AlreadyExists,
    429: Transient,
    501: InvalidRequest,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over HTTP."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def read(request: Request, answer: Answer) -> Any:
    """Return what the answer carries: a dict, or bytes where the method answers with a file.

    Raises:
        EarthEngineError: The one that says what to do about it.
    """
    if not 200 <= answer.status < 300:
        raise _error(request, answer)
    if request.method.answers_bytes:
        return answer.body
    try:
        content = json.loads(answer.body or b"{}")
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise Transient(
            f"The answer is not a JSON object but {_excerpt(answer.body)!r}.",
            status=answer.status,
            method=request.method.id,
            name=request.name,
        )
    return content


def _error(request: Request, answer: Answer) -> EarthEngineError:
    refusal = _Refusal.of(answer)
    kind = _kind(request, answer.status, refusal)
    known: dict[str, Any] = {
        "status": answer.status,
        "reason": refusal.reason,
        "method": request.method.id,
        "name": request.name,
        "hint": _hint(kind, request, refusal),
    }
    if kind is Transient:
        return Transient(refusal.message, retry_after=retry_after(answer.headers), **known)
    return kind(refusal.message, **known)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """What an answer says about an error; https://cloud.google.com/apis/design/errors#http_mapping.

    Attributes:
        message: Earth Engine's own message; or an excerpt of what a proxy answered.
        status: Google's name for the status, such as `RESOURCE_EXHAUSTED`.
        reason: Google's name for the cause, or else the status.
        fields: The fields of the request that were found to be wrong.
        is_googles: Whether the answer has the form of Google's errors.
    """

    message: str
    status: str | None = None
    reason: str | None = None
    fields: tuple[str, ...] = ()
    is_googles: bool = True

    @classmethod
    def of(cls, answer: Answer) -> _Refusal:
        """Read the body of an answer, which a proxy may have written."""
        try:
            content = json.loads(answer.body)
        except (ValueError, RecursionError):
            content = None
        if isinstance(content, list) and content:
            content = content[0]
        error = content.get("error") if isinstance(content, dict) else None
        if not isinstance(error, dict):
            return cls(f"The server answered {_excerpt(answer.body)!r}.", is_googles=False)
        details = [detail for key in ("details", "errors") for detail in _dicts(error.get(key))]
        violations = [violation for detail in details for violation in _dicts(detail.get("fieldViolations"))]
        reasons = _texts(details, "reason")
        status = error.get("status")
        status = status if isinstance(status, str) else None
        return cls(
            message=str(error.get("message") or "no message")[:_LONGEST_MESSAGE],
            status=status,
            reason=reasons[0] if reasons else status,
            fields=_texts(violations, "field"),
        )


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _texts(items: list[dict[str, Any]], key: str) -> tuple[str, ...]:
    return tuple(item[key] for item in items if isinstance(item.get(key), str))


def _excerpt(body: bytes) -> str:
    text = re.sub(r"<[^>]*>|\s+", " ", body[: 4 * _LONGEST_MESSAGE].decode("utf-8", "replace"))
    return " ".join(text.split())[:200]


def _kind(request: Request, status: int, refusal: _Refusal) -> type[EarthEngineError]:
    kind = kind_of_text(refusal.message) if refusal.is_googles else None
    if kind is not None:
        return kind
    if 400 <= status < 500 and _is_about_request_id(request, refusal):
        return AlreadyExists
    if refusal.status == "ABORTED" and not _depends_on_etag(request):
        return Transient
    for reason in (refusal.reason, refusal.status):
        if reason and reason in _REASONS:
            return _REASONS[reason]
    if status in _STATUSES:
        return _STATUSES[status]
    return Transient if status >= 500 else InvalidRequest


def _is_about_request_id(request: Request, refusal: _Refusal) -> bool:
    """Return whether a refusal speaks of the request id: then the work may have been started before."""
    return request.method.repeat is Repeat.WITH_REQUEST_ID and bool(
        _FIELDS_OF_REQUEST_ID.intersection(refusal.fields) or _REQUEST_ID.search(refusal.message)
    )


def _depends_on_etag(request: Request) -> bool:
    """Return whether a request changes a state that was read before: it is not to be sent again as it is."""
    policy = request.body.get("policy") if request.body else None
    return isinstance(policy, Mapping) and "etag" in policy


def _hint(kind: type[EarthEngineError], request: Request, refusal: _Refusal) -> str | None:
    if hint := find_hint(refusal.message, refusal.reason):
        return hint
    method = request.method
    if kind is PermissionDenied and refusal.reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT":
        hint = f"{method.id} needs a token with one of these scopes: {', '.join(method.scopes.urls)}."
        return f"{hint} {_DRIVE_SCOPE}" if _goes_to_drive(request) else hint
    if kind is PermissionDenied and method.permissions:
        needed = " and ".join(method.permissions)
        name = " Check the name too." if PermissionDenied(refusal.message).may_not_exist else ""
        return f"{method.id} needs the permission {needed}.{name}" + (f" See {method.page}" if method.page else "")
    if kind is Unauthenticated:
        return "Check the credentials of the connection."
    return None


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the seconds that a Retry-After header asks for, given as seconds or as a date; None without a usable one.

    https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
    """
    value = next((value.strip() for name, value in headers.items() if name.lower() == "retry-after"), "")
    if re.fullmatch(r"\d{1,9}", value):
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def _goes_to_drive(request: Request) -> bool:
    options = (request.body or {}).values()
    return any(isinstance(one, Mapping) and "driveDestination" in one for one in options)
