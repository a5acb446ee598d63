"""Which descriptions of exports are accepted, and whether they are given back unchanged."""

from __future__ import annotations

from collections.abc import Iterator

from airflow_provider_ee.testing.conformance.findings import Finding
from airflow_provider_ee.testing.conformance.session import Session

__all__ = ["check"]


def check(session: Session) -> Iterator[Finding]:
    """Submit exports with descriptions inside and outside of the rule that clients quote."""
    for what, text, allowed in (
        ("letters, digits and . , : ; _ -", "aZ09.,:;_-", True),
        ("100 characters", "x" * 100, True),
        ("101 characters", "x" * 101, None),
        ("a space", "a b", None),
        ("brackets", "a-[b]", None),
        ("a letter with an accent", "\u00e9", None),
    ):
        reply = session.submit(session.export(description=text))
        seen, holds = reply.text, None if allowed is None else reply.ok
        if reply.name:
            kept = session.look(reply.name).metadata.get("description")
            seen += ", given back unchanged" if kept == text else f", given back as {kept!r}"
            holds = holds and kept == text
        yield Finding(
            f"a description with {what}",
            "accepted and given back unchanged" if allowed else "never sent",
            seen,
            holds,
            (reply.number,),
        )
