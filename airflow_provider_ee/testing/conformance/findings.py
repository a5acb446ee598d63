"""What the checks found, as a table for people and as JSON to send with an issue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Finding", "format_line", "summarise"]

_VERDICTS = {True: "as assumed", False: "DIFFERENT", None: "seen"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One question, and what was seen.

    Attributes:
        question: What was asked.
        assumed: What the provider assumes, or that it handles either way.
        seen: What was answered.
        holds: Whether the assumption holds; None where nothing is assumed, or where it could not be asked.
        replies: Numbers of the raw answers in the report.
    """

    question: str
    assumed: str
    seen: str
    holds: bool | None = None
    replies: tuple[int, ...] = ()

    @property
    def verdict(self) -> str:
        """The verdict in a word or two."""
        return _VERDICTS[self.holds]


def format_line(subject: str, finding: Finding) -> str:
    """Return the line of the table that a person reads."""
    return f"{finding.verdict:<11} {subject:<13} {finding.question}: {finding.seen} (assumed: {finding.assumed})"


def summarise(findings: Iterable[tuple[str, Finding]], facts: Mapping[str, Any], replies: list[Any]) -> dict[str, Any]:
    """Return the whole report as plain JSON."""
    rows = [{"subject": subject, "verdict": finding.verdict, **asdict(finding)} for subject, finding in findings]
    return {**facts, "findings": rows, "replies": replies}
