"""Operations: how they are listed, cancelled and forgotten."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.testing.conformance.findings import Finding
from airflow_provider_ee.testing.conformance.session import Session

__all__ = ["check"]


def check(session: Session) -> Iterator[Finding]:
    """Look at a new operation, at the list, at what is cancelled twice, and at names that nobody has."""
    started = session.submit(session.export())
    if not started.name:
        yield Finding("a submission", "accepted", started.text, False, (started.number,))
        return
    yield from _lag(session, started.name)
    yield from _listing(session)
    yield from _cancelling(session, started.name)
    made_up = f"{session.project}/operations/AAAAAAAAAAAAAAAAAAAAAAAA"
    for what, request, assumed in (
        ("getting", methods.operations_get(made_up), "404"),
        ("cancelling", methods.operations_cancel(made_up), "an error, or nothing"),
        ("deleting", methods.operations_delete(made_up), "not used"),
    ):
        reply = session.ask(request)
        holds = reply.status == 404 if assumed == "404" else None
        yield Finding(f"{what} an operation that does not exist", assumed, reply.text, holds, (reply.number,))


def _lag(session: Session, name: str) -> Iterator[Finding]:
    begun = time.monotonic()
    got = session.wait(name, until=lambda reply: reply.ok)
    seconds = time.monotonic() - begun
    yield Finding("a new operation can be got", "within ten minutes", f"after {seconds:.0f} s", got.ok, (got.number,))
    kept = {key: got.metadata.get(key) for key in ("state", "startTime", "type", "@type")}
    yield Finding("its metadata", "a start in 1970 while it is pending", str(kept), replies=(got.number,))
    while name not in (listed := _names(session)) and time.monotonic() < begun + session.patience:
        time.sleep(session.pause)
    seconds = time.monotonic() - begun
    yield Finding("a new operation is listed", "within two minutes", f"after {seconds:.0f} s", name in listed)


def _names(session: Session) -> list[str]:
    reply = session.ask(methods.operations_list(session.project, pageSize=500))
    return [one.get("name") for one in reply.body.get("operations", [])] if reply.ok else []


def _listing(session: Session) -> Iterator[Finding]:
    reply = session.ask(methods.operations_list(session.project, pageSize=500))
    listed = [Operation.from_answer(one) for one in reply.body.get("operations", [])] if reply.ok else []
    moments = [one.create_time or "" for one in listed]
    newest_first = moments == sorted(moments, reverse=True)
    yield Finding("the order of the list", "newest first", "so" if newest_first else "otherwise", newest_first)
    yield Finding("the oldest operation on the first page", "ten days old at most", min(moments, default="none"))
    for what, parameters in (
        ("a page of 5,000", {"pageSize": 5000}),
        ("a filter by state", {"filter": "metadata.state=PENDING"}),
        ("a partial response", {"fields": "operations(name,done,metadata/state),nextPageToken", "pageSize": 5}),
    ):
        request = methods.operations_list(session.project)
        reply = session.ask(replace(request, params={**request.params, **parameters}))
        found: list[dict[str, Any]] = reply.body.get("operations", []) if reply.ok else []
        keys = sorted({key for one in found for key in one})
        seen = f"{reply.text}, {len(found)} operations with {', '.join(keys)}"
        yield Finding(what, "handled with and without", seen, replies=(reply.number,))


def _cancelling(session: Session, name: str) -> Iterator[Finding]:
    first = session.ask(methods.operations_cancel(name))
    yield Finding("cancelling", "accepted", first.text, first.ok, (first.number,))
    second = session.ask(methods.operations_cancel(name))
    yield Finding("cancelling twice", "handled either way", second.text, replies=(second.number,))
    over = session.wait(name)
    holds = over.ok and over.body.get("done") is True
    yield Finding("how it ends", "CANCELLED or SUCCEEDED", over.state, holds, (over.number,))
    late = session.ask(methods.operations_cancel(name))
    yield Finding("cancelling when it is over", "handled either way", late.text, replies=(late.number,))
