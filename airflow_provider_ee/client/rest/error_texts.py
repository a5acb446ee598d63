"""What the texts of Earth Engine's errors mean: one table for the answers to requests and for operations that failed.

Statuses and codes do not follow the causes: "User memory limit exceeded." comes as 400 and as 503, "Computation timed
out." with the code of an invalid argument. So the text counts first, then the reason, then the status or the code.
https://developers.google.com/earth-engine/guides/usage
"""

from __future__ import annotations

import re

from airflow_provider_ee.client.errors import (
    EarthEngineError,
    InvalidRequest,
    NotFound,
    QueueFull,
    QuotaExhausted,
    Transient,
)

__all__ = ["REGISTRATION_PAGE", "find_hint", "kind_of_text", "retry_may_help"]

#: The first row that matches counts.
_MEANINGS: tuple[tuple[re.Pattern[str], type[EarthEngineError]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), meaning)
    for pattern, meaning in (
        (r"too many tasks already in the queue", QueueFull),
        (r"usage exceeded the custom quota|daily_eecu_usage_time|quota exceeded.*per day", QuotaExhausted),
        (r"capacity exceeded", Transient),
        (r"user memory limit exceeded|memory limit exceeded|out of memory|too large", InvalidRequest),
        (r"request payload size exceeds|total request size .* must be less than", InvalidRequest),
        (r"pixel grid dimensions .* must be less than", InvalidRequest),
        (r"cannot overwrite asset|unable to export unbounded image", InvalidRequest),
        (r"(connection|request|gateway|upstream|backend|read|response) (has )?timed out", Transient),
        (r"timed out", InvalidRequest),
        (r"too many concurrent aggregations|rate or concurrency limit|concurrency limit was exceeded", Transient),
        (r"^internal error|an internal error has occurred", Transient),
        (r"service (is currently )?unavailable|^deadline exceeded", Transient),
        # Not of an asset that an expression names: "Image.load: Image asset 'x' not found" is a wrong expression.
        (r"^asset ['\"]?\S+ (not found|does not exist)|^resource \S+ could not be found", NotFound),
    )
)

#: Errors that a later try may not meet again.
_PASSING = (Transient, QueueFull, QuotaExhausted)

#: google.rpc codes of failures that a new operation may not meet again: DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED,
#: INTERNAL, UNAVAILABLE. Earth Engine itself has tried up to five times before it says so.
_PASSING_CODES = frozenset({4, 8, 10, 13, 14})

#: Where a project is registered, and its registration renewed.
REGISTRATION_PAGE = "https://console.cloud.google.com/earth-engine/configuration"

#: What usually helps, by the text or the reason of the error. `{0}` stands for what the pattern's group has found.
_HINTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), hint)
    for pattern, hint in (
        (
            r"USER_PROJECT_DENIED|required permission to use project|serviceusage\.services\.use",
            (
                "On the project that pays, the connection's quota project or else its project, the caller needs "
                "serviceusage.services.use, which roles/serviceusage.serviceUsageConsumer has."
            ),
        ),
        (
            r"SERVICE_DISABLED|has not been used in project|is disabled",
            "Enable the API for the project: https://console.cloud.google.com/apis/library/earthengine.googleapis.com",
        ),
        (
            r"project ['\"]?(?:projects/)?([a-z0-9:.-]+)['\"]? is not registered",
            f"Register the project for Earth Engine: {REGISTRATION_PAGE}?project={{0}}",
        ),
        (
            r"not signed up for earth engine|project is not registered",
            f"Register the project for Earth Engine: {REGISTRATION_PAGE}",
        ),
        (
            r"project ['\"]?(?:projects/)?([a-z0-9:.-]+)['\"]? not found or deleted",
            f"Check the ID of the project, or register it for Earth Engine: {REGISTRATION_PAGE}?project={{0}}",
        ),
        (
            r"user memory limit exceeded|out of memory|computation timed out",
            "Ask for less at once: a smaller region, a coarser scale, or an export instead of an interactive call.",
        ),
        (r"export too large", "Raise max_pixels, or export a smaller region or at a coarser scale."),
        (r"unable to export unbounded image", "Give a region."),
        (r"cannot overwrite asset", "Delete the asset first, or allow the destination to be overwritten."),
        (r"total request size", "Ask for fewer pixels or bands in one request."),
        (r"custom quota|daily_eecu_usage_time", "The quota is refilled the next day; a project owner can raise it."),
        (
            r"do not have storage quota",
            "A service account has no room in Drive: export to Cloud Storage, or as a person.",
        ),
    )
)


def kind_of_text(message: str) -> type[EarthEngineError] | None:
    """Return the error that a text stands for, or None if the text is not known."""
    return next((kind for pattern, kind in _MEANINGS if pattern.search(message)), None)


def retry_may_help(message: str | None, code: int | None) -> bool:
    """Return whether new work may not meet the failure again: by its text, or else by its google.rpc code."""
    kind = kind_of_text(message or "")
    return code in _PASSING_CODES if kind is None else issubclass(kind, _PASSING)


def find_hint(message: str, reason: str | None = None) -> str | None:
    """Return what usually helps against an error, or None if its cause is not known."""
    for pattern, hint in _HINTS:
        if match := pattern.search(f"{reason or ''} {message}"):
            return hint.format(*match.groups())
    return None
