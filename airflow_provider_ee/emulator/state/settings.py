"""The switches of the emulator, all of them, and how they are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from airflow_provider_ee.emulator.state.delays import FORMS, Delay
from airflow_provider_ee.emulator.state.switches import (
    AssetIds,
    Buckets,
    Cancelling,
    Descriptions,
    Duplicate,
    Files,
    Finding,
    ForeignAssets,
    ImportDescriptions,
    Keys,
    Partial,
    Registration,
    Uncomputed,
    UnknownFields,
    UserProject,
)

__all__ = ["Settings"]


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
        descriptions: Which descriptions of operations are accepted.
        import_descriptions: What the operation of an import is called.
        cannot_overwrite: When an export to an asset that exists is refused. An import is always refused at once.
        cannot_overwrite_status: The HTTP status where it is refused at once. The real one is unknown.
        expression_errors: When a fault of an export's expression is found, such as an asset that does not exist.
        missing_bucket: What becomes of an export to a bucket that nobody made.
        table_file_names: How a table's object in a bucket is called.
        foreign_assets: What a missing asset is answered in a project that neither pays nor is known here.
        cancelling: How a cancelled operation ends.
        cancel_finished_status: The HTTP status of cancelling what has ended. The real one is unknown.
        retention_days: After how many days an operation that ended is forgotten, with its requestId; 0 for never.
        not_computed: Whether exports of videos and video maps are refused, or checked and answered with an operation
            that succeeds without writing a file; its destinationUris are empty.
        eecu_seconds: What each attempt of an operation costs.
        registration: The registration of every project.
        registration_expiry: When it expires, such as `2027-01-31T00:00:00Z`; empty for never.
        restricted: Whether projects are over their quota, which a header of every answer says.
        unknown_fields: What becomes of fields that the called version does not have.
        property_keys: Which names of properties are accepted when they are written.
        asset_ids: Which names are accepted for new assets.
        npy_exports: Whether images are exported as NPY, which Google's own client asks for since January 2026.
        partial_responses: What the query parameter `fields` does.
        max_request_bytes: A larger body is refused.
        user_project: Whether a caller with a token has to name the project that pays.
        require_bearer: Whether a request without any bearer token is refused.
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
    duplicate_request_id: Duplicate = Duplicate.INVALID
    descriptions: Descriptions = Descriptions.STRICT
    import_descriptions: ImportDescriptions = ImportDescriptions.DEFAULT
    cannot_overwrite: Finding = Finding.OPERATION
    cannot_overwrite_status: int = 400
    expression_errors: Finding = Finding.SUBMISSION
    missing_bucket: Buckets = Buckets.MADE
    table_file_names: Files = Files.PREFIX
    foreign_assets: ForeignAssets = ForeignAssets.FORBIDDEN
    cancelling: Cancelling = Cancelling.PROMPT
    cancel_finished_status: int = 200
    retention_days: float = 10.0
    not_computed: Uncomputed = Uncomputed.REFUSE
    eecu_seconds: float = 12.5
    registration: Registration = Registration.NONCOMMERCIAL
    registration_expiry: str = ""
    restricted: bool = False
    unknown_fields: UnknownFields = UnknownFields.REFUSED
    property_keys: Keys = Keys.STRICT
    asset_ids: AssetIds = AssetIds.STRICT
    npy_exports: bool = True
    partial_responses: Partial = Partial.HONOURED
    max_request_bytes: int = 10 * 1024 * 1024
    user_project: UserProject = UserProject.REQUIRED
    require_bearer: bool = False
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
    if kind is str and isinstance(value, str) and (not value or _is_time(value)):
        return value
    if kind in (int, float) and type(value) in (int, kind) and 0 <= value < _ENDLESS:
        return kind(value)
    raise ValueError(f"{name} cannot be {value!r}: it has to be {_allowed(kind)}.")


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _allowed(kind: type) -> str:
    if issubclass(kind, StrEnum):
        return f"one of {', '.join(kind)}"
    words = {bool: "true or false", int: "a whole number from 0 up", float: "a number from 0 up", str: "a time"}
    return words.get(kind, FORMS)
