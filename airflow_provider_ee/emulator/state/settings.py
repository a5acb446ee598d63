"""The switches of the emulator, all of them, and how they are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from airflow_provider_ee.emulator.state.delays import FORMS, Delay

__all__ = ["Cancelling", "Duplicate", "Registration", "Settings", "Uncomputed"]


class Duplicate(StrEnum):
    """What a second submission with the same requestId is answered. Nobody outside Google knows for sure."""

    SAME_OPERATION = "same-operation"
    ALREADY_EXISTS = "already-exists"
    INVALID = "invalid"
    NEW_OPERATION = "new-operation"


class Cancelling(StrEnum):
    """How a cancelled operation ends: at once, not in time, or never."""

    PROMPT = "prompt"
    TOO_LATE = "too-late"
    NEVER = "never"


class Registration(StrEnum):
    """The registration of every project."""

    NONE = "NOT_REGISTERED"
    COMMERCIAL = "REGISTERED_COMMERCIALLY"
    NONCOMMERCIAL = "REGISTERED_NOT_COMMERCIALLY"


class Uncomputed(StrEnum):
    """What an export of a video is answered, which the emulator cannot encode: a refusal, or a success of nothing."""

    REFUSE = "refuse"
    ACCEPT = "accept"


@dataclass(frozen=True, slots=True)
class Settings:
    """How the emulator behaves.

    Args:
        time: How long an operation takes. Where looks count, nothing but a look moves it.
        list_lag: How long a new operation is missing from the list; a look is a listing.
        get_lag: How long a new operation is answered with 404; a look is a GET.
        max_queue: How many operations a project may have waiting.
        queue_full_status: The HTTP status of a submission to a full queue. The real one is unknown.
        queue_full_burns_request_id: Whether a submission to a full queue uses its requestId up, as people observed.
        max_running: How many operations of a project run at the same time; 0 for any number.
        duplicate_request_id: What a second submission with the same requestId is answered.
        cancelling: How a cancelled operation ends.
        not_computed: Whether exports of videos and video maps are refused, or checked and answered with an operation
            that succeeds without writing a file; its destinationUris are empty.
        eecu_seconds: What each attempt of an operation costs.
        registration: The registration of every project.
        require_token: Whether a request without a known bearer token is refused.
        max_requests_per_second: More are answered with 429 and counted as violations; 0 for any number.
        max_in_flight: More at the same time are answered with 429 and counted as violations; 0 for any number.
        latency_seconds: How much later every answer comes.
        latency_seconds_per_megabyte: How much later an answer comes for each megabyte of its body.
    """

    time: Delay = field(default_factory=Delay)
    list_lag: Delay = field(default_factory=Delay)
    get_lag: Delay = field(default_factory=Delay)
    max_queue: int = 3000
    queue_full_status: int = 429
    queue_full_burns_request_id: bool = True
    max_running: int = 0
    duplicate_request_id: Duplicate = Duplicate.SAME_OPERATION
    cancelling: Cancelling = Cancelling.PROMPT
    not_computed: Uncomputed = Uncomputed.REFUSE
    eecu_seconds: float = 12.5
    registration: Registration = Registration.NONCOMMERCIAL
    require_token: bool = False
    max_requests_per_second: int = 0
    max_in_flight: int = 0
    latency_seconds: float = 0.0
    latency_seconds_per_megabyte: float = 0.0

    def changed(self, changes: Mapping[str, Any]) -> "Settings":
        """Return these settings with some of them changed.

        Raises:
            ValueError: A name is unknown or a value is not of its kind; the text names it.
        """
        known = {item.name: getattr(self, item.name) for item in fields(self)}
        return replace(self, **{name: _read(name, value, known) for name, value in changes.items()})

    def shown(self) -> dict[str, Any]:
        """Return the settings as plain JSON, in the form that `changed` reads."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: str(value) if isinstance(value, Delay | StrEnum) else value for name, value in values.items()}


# Larger numbers mean nothing, and infinity is no JSON.
_ENDLESS = 10**12


def _read(name: str, value: Any, known: Mapping[str, Any]) -> Any:
    if name not in known:
        raise ValueError(f"{name!r} is no setting: there are {', '.join(known)}.")
    kind = type(known[name])
    if isinstance(value, kind) and kind in (Delay, bool):
        return value
    if kind is Delay and isinstance(value, str):
        return Delay.parse(value)
    if issubclass(kind, StrEnum) and value in list(kind):
        return kind(value)
    if kind in (int, float) and type(value) in (int, kind) and 0 <= value < _ENDLESS:
        return kind(value)
    raise ValueError(f"{name} cannot be {value!r}: it has to be {_allowed(kind)}.")


def _allowed(kind: type) -> str:
    if issubclass(kind, StrEnum):
        return f"one of {', '.join(kind)}"
    words = {bool: "true or false", int: "a whole number from 0 up", float: "a number from 0 up"}
    return words.get(kind, FORMS)
