"""Trouble on request: what is armed for which method, and whether it was met."""

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from airflow_provider_ee.emulator.envelope import CODES
from airflow_provider_ee.emulator.schemas.kinds import Choice, Flag, Float, Integer, Many, Message, Table, Text

__all__ = ["Armed", "Fault", "Faults", "Kind"]


class Kind(StrEnum):
    """What goes wrong."""

    STATUS = "status"
    HTML = "html"
    REDIRECT = "redirect"
    DELAY = "delay"
    STALL = "stall"
    RESET = "reset"
    TRUNCATED = "truncated"
    BAD_JSON = "bad-json"
    EMPTY = "empty"
    NAMELESS = "nameless"
    MALFORMED = "malformed"
    SAME_PAGE = "same-page"
    ENDLESS_PAGES = "endless-pages"
    DRIP = "drip"
    DOUBLE_GZIP = "double-gzip"


_FAULT = Message(
    {
        "kind": Choice(tuple(Kind)),
        "method": Text(),
        "times": Integer(minimum=1),
        "skip": Integer(minimum=0),
        "after_work": Flag(),
        "status": Integer(minimum=300, maximum=599),
        "code": Choice(tuple(CODES)),
        "message": Text(),
        "retry_after": Text(),
        "details": Many(Table()),
        "seconds": Float(minimum=0, maximum=3600),
        "location": Text(),
        "without_work": Flag(),
        "megabytes": Integer(minimum=0, maximum=8192),
    },
    required=("kind",),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of trouble for one method.

    Args:
        kind: What goes wrong: `status` (Google's error envelope), `html` (an error page of a proxy), `redirect`,
            `delay` (the answer comes late), `stall` (no answer ever comes), `reset` (the connection breaks),
            `truncated` (half of the answer comes), `bad-json` (the answer is no JSON), `empty` (200 without a body),
            `nameless` (the answer without its name), `malformed` (operations that are malformed in many ways come
            first in the list, or the one that is asked for is malformed), `same-page` (the first page, again and
            again), `endless-pages` (empty pages, each with a token of another one), `drip` (the answer comes byte by
            byte), `double-gzip` (the answer is compressed twice).
        method: The API method, such as `projects.image.export`; `*` for every one.
        times: How many requests meet it.
        skip: How many requests pass before the first meets it.
        after_work: Whether the work is done before the trouble, so that only its answer is lost. An answer that comes
            in any form always comes after the work.
        without_work: Whether an `empty` or a `nameless` answer comes without the work.
        status: The HTTP status of `status` and `html`.
        code: The name of the code in the envelope; by default the one that goes with the status.
        message: The text of the envelope.
        retry_after: The value of the header Retry-After; empty for none.
        details: google.rpc details in the envelope.
        seconds: How long a `delay` lasts, or each byte of a `drip`; half a second where nothing is said.
        megabytes: How many megabytes of zeros a `double-gzip` holds, in the place of the answer.
        location: Where a `redirect` points.
    """

    kind: Kind
    method: str = "*"
    times: int = 1
    skip: int = 0
    after_work: bool = False
    status: int = 503
    code: str = ""
    message: str = "The service is currently unavailable."
    retry_after: str = ""
    details: tuple[Mapping[str, Any], ...] = ()
    seconds: float = 0.0
    location: str = ""
    without_work: bool = False
    megabytes: int = 0

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> "Fault":
        """Read a fault from JSON.

        Raises:
            ApiError: A field is unknown, missing or of the wrong type; the text names it.
        """
        plain = _FAULT.read(given, "")
        return cls(**{**plain, "kind": Kind(plain["kind"]), "details": tuple(plain.get("details", ()))})


@dataclass(slots=True)
class Armed:
    """A fault, and how often it was met.

    Args:
        number: By which it is asked for.
        fault: What goes wrong.
        passed: How many requests passed before it.
        met: How many requests met it.
    """

    number: int
    fault: Fault
    passed: int = 0
    met: int = 0

    @property
    def spent(self) -> bool:
        """Whether every one of its times has been met."""
        return self.met >= self.fault.times

    def shown(self) -> dict[str, Any]:
        """Return the fault and its counts as plain JSON."""
        return {"number": self.number, **asdict(self.fault), "met": self.met, "spent": self.spent}


class Faults:
    """The faults that are armed, in the order of arming: the first one that fits is met."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[Armed] = []

    def arm(self, fault: Fault) -> Armed:
        """Arm a fault."""
        with self._lock:
            armed = Armed(len(self._armed) + 1, fault)
            self._armed.append(armed)
            return armed

    def take(self, method: str) -> Fault | None:
        """Return the fault that a request to this method meets, and count it as met."""
        with self._lock:
            for armed in self._armed:
                if armed.spent or armed.fault.method not in ("*", method):
                    continue
                if armed.passed < armed.fault.skip:
                    armed.passed += 1
                    continue
                armed.met += 1
                return armed.fault
            return None

    def all(self) -> list[Armed]:
        """Return every fault that was armed."""
        with self._lock:
            return list(self._armed)

    def clear(self) -> None:
        """Disarm everything."""
        with self._lock:
            self._armed.clear()
