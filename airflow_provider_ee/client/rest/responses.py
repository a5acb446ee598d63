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
    QueueFull,
    QuotaExhausted,
    Transient,
    Unauthenticated,
)
from airflow_provider_ee.client.rest.request import Request

__all__ = ["Answer", "read", "retry_after"]

_LONGEST_MESSAGE = 1000

#: Texts that mean more than the status they come with, which for several of them is undocumented. First match counts.
#: https://developers.google.com/earth-engine/guides/usage
_MEANINGS: tuple[tuple[re.Pattern[str], type[EarthEngineError]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), meaning)
    for pattern, meaning in (
        (r"too many tasks already in the queue", QueueFull),
        (r"different operation was already started with the given request_id", AlreadyExists),
        (r"usage exceeded the custom quota|daily_eecu_usage_time", QuotaExhausted),
        (r"user memory limit exceeded|computation timed out|computed value too large", InvalidRequest),
        (r"request payload size exceeds|total request size .* must be less than", InvalidRequest),
        (r"too many concurrent aggregations|rate or concurrency limit|concurrency limit was exceeded", Transient),
        (r"memory capacity exceeded|^internal error|an internal error has occurred", Transient),
        (r"service (is currently )?unavailable|^deadline exceeded", Transient),
    )
)

_REASONS: Mapping[str, type[EarthEngineError]] = {
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

#: What usually helps, by the text or the reason of the error.
_HINTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), hint)
    for pattern, hint in (
        (
            r"SERVICE_DISABLED|has not been used in project|is disabled",
            "Enable the API for the project: https://console.cloud.google.com/apis/library/earthengine.googleapis.com",
        ),
        (
            r"not signed up for earth engine|project is not registered",
            "Register the project for Earth Engine: https://code.earthengine.google.com/register",
        ),
        (
            r"USER_PROJECT_DENIED|required permission to use project|serviceusage\.services\.use",
            "The caller needs roles/serviceusage.serviceUsageConsumer on the project.",
        ),
        (
            r"user memory limit exceeded|computation timed out",
            "Ask for less at once: a smaller region, a coarser scale, or an export instead of an interactive call.",
        ),
        (r"export too large", "Raise max_pixels, or export a smaller region or at a coarser scale."),
        (r"unable to export unbounded image", "Give a region."),
        (r"cannot overwrite asset", "Delete the asset first, or allow the destination to be overwritten."),
        (r"total request size", "Ask for fewer pixels or bands in one request."),
        (r"custom quota|daily_eecu_usage_time", "The quota is refilled the next day; a project owner can raise it."),
    )
)


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
            f"The answer is no JSON object but {_excerpt(answer.body)!r}.",
            status=answer.status,
            method=request.method.id,
            name=request.name,
        )
    return content


def _error(request: Request, answer: Answer) -> EarthEngineError:
    message, reason = _words(answer)
    kind = _kind(answer.status, reason, message)
    known: dict[str, Any] = {
        "status": answer.status,
        "reason": reason,
        "method": request.method.id,
        "name": request.name,
        "hint": _hint(kind, request, reason, message),
    }
    if kind is Transient:
        return Transient(message, retry_after=retry_after(answer.headers), **known)
    return kind(message, **known)


def _words(answer: Answer) -> tuple[str, str | None]:
    """Return Earth Engine's own message and reason; https://cloud.google.com/apis/design/errors#http_mapping."""
    try:
        content = json.loads(answer.body)
    except (ValueError, RecursionError):
        content = None
    if isinstance(content, list) and content:
        content = content[0]
    error = content.get("error") if isinstance(content, dict) else None
    if not isinstance(error, dict):
        return f"The server answered {_excerpt(answer.body)!r}.", None
    message = str(error.get("message") or "no message")[:_LONGEST_MESSAGE]
    reasons = [
        detail["reason"]
        for key in ("details", "errors")
        for detail in _list(error.get(key))
        if isinstance(detail, dict) and isinstance(detail.get("reason"), str)
    ]
    status = error.get("status")
    return message, reasons[0] if reasons else status if isinstance(status, str) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _excerpt(body: bytes) -> str:
    text = re.sub(r"<[^>]*>|\s+", " ", body[: 4 * _LONGEST_MESSAGE].decode("utf-8", "replace"))
    return " ".join(text.split())[:200]


def _kind(status: int, reason: str | None, message: str) -> type[EarthEngineError]:
    for pattern, kind in _MEANINGS:
        if pattern.search(message):
            return kind
    if reason and reason in _REASONS:
        return _REASONS[reason]
    if status in _STATUSES:
        return _STATUSES[status]
    return Transient if status >= 500 else InvalidRequest


def _hint(kind: type[EarthEngineError], request: Request, reason: str | None, message: str) -> str | None:
    for pattern, hint in _HINTS:
        if pattern.search(f"{reason} {message}"):
            return hint
    method = request.method
    if kind is PermissionDenied and reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT":
        return f"{method.id} needs a token with one of these scopes: {', '.join(method.scopes.urls)}."
    if kind is PermissionDenied and method.permissions:
        needed = " and ".join(method.permissions)
        return f"{method.id} needs the permission {needed}." + (f" See {method.page}" if method.page else "")
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
