"""Errors as Google's APIs answer them: a code by name, its number, its HTTP status, and the envelope."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

__all__ = ["CODES", "ApiError", "Code", "envelope", "field_violation", "invalid", "name_of_status", "permission_denied"]


class Code(NamedTuple):
    """A google.rpc.Code: its number in an operation's error, and the HTTP status that carries it."""

    number: int
    http: int


CODES: Mapping[str, Code] = {
    "CANCELLED": Code(1, 499),
    "UNKNOWN": Code(2, 500),
    "INVALID_ARGUMENT": Code(3, 400),
    "DEADLINE_EXCEEDED": Code(4, 504),
    "NOT_FOUND": Code(5, 404),
    "ALREADY_EXISTS": Code(6, 409),
    "PERMISSION_DENIED": Code(7, 403),
    "RESOURCE_EXHAUSTED": Code(8, 429),
    "FAILED_PRECONDITION": Code(9, 400),
    "ABORTED": Code(10, 409),
    "OUT_OF_RANGE": Code(11, 400),
    # Google's own is 501, which its clients take for a failure of the service and repeat for half a minute.
    "UNIMPLEMENTED": Code(12, 400),
    "INTERNAL": Code(13, 500),
    "UNAVAILABLE": Code(14, 503),
    "DATA_LOSS": Code(15, 500),
    "UNAUTHENTICATED": Code(16, 401),
}

# Several names share these statuses; here is the one that Google's front end uses.
_FRONT_END = {400: "INVALID_ARGUMENT", 409: "ALREADY_EXISTS", 500: "INTERNAL", 501: "UNIMPLEMENTED", 502: "UNAVAILABLE"}


def name_of_status(status: int) -> str:
    """Return the code's name that goes with an HTTP status."""
    fitting = (name for name, code in CODES.items() if code.http == status)
    return _FRONT_END.get(status) or next(fitting, "UNKNOWN")


class ApiError(Exception):
    """A refusal, in the words of google.rpc.Status.

    Args:
        code: The name of the code, a key of `CODES`.
        message: What a person reads.
        details: google.rpc detail messages, each with its `@type`.
        status: The HTTP status, where it is not the code's own.
    """

    def __init__(
        self, code: str, message: str, *, details: Sequence[Mapping[str, Any]] = (), status: int | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = tuple(details)
        self.status = status or CODES[code].http

    def envelope(self) -> dict[str, Any]:
        """Return the JSON body that carries the refusal."""
        return envelope(self.status, self.code, self.message, self.details)


def envelope(status: int, code: str, message: str, details: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return Google's error envelope."""
    error: dict[str, Any] = {"code": status, "message": message, "status": code}
    if details:
        error["details"] = list(details)
    return {"error": error}


def invalid(field: str, fault: str) -> ApiError:
    """Refuse the value of a field of the request, naming it by its path."""
    return field_violation(field, fault, f"Invalid value at '{field}': {fault}")


def field_violation(field: str, description: str, message: str = "") -> ApiError:
    """Refuse a field of the request.

    Args:
        field: Its path.
        description: What is wrong with it.
        message: What a person reads, where that is more than the description.
    """
    violation = {"field": field, "description": description}
    return ApiError(
        "INVALID_ARGUMENT",
        message or description,
        details=[{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}],
    )


def permission_denied(permission: str, resource: str) -> ApiError:
    """Refuse a caller, naming the permission that is missing."""
    return ApiError(
        "PERMISSION_DENIED",
        f"Permission '{permission}' denied on resource '{resource}' (or it may not exist).",
        details=[
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "IAM_PERMISSION_DENIED",
                "domain": "iam.googleapis.com",
                "metadata": {"permission": permission, "resource": resource},
            }
        ],
    )
