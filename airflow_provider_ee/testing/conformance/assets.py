"""Assets: what is missing, what may be written, what exists already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.testing.conformance.findings import Finding
from airflow_provider_ee.testing.conformance.session import Reply, Session

__all__ = ["check"]


def check(session: Session) -> Iterator[Finding]:
    """Get assets that are missing; make folders with allowed and refused names and properties."""
    for where, name, assumed, statuses in (
        ("in the own project", f"{session.folder}-missing", "404", {404}),
        (
            "in a public project",
            "projects/earthengine-public/assets/no/such/asset",
            "403 or 404",
            {403, 404},
        ),
        ("in a project of others", "projects/google/assets/missing", "403 or 404", {403, 404}),
    ):
        reply = session.ask(methods.assets_get(name))
        holds = reply.status in statuses
        yield Finding(f"an asset that is missing {where}", assumed, reply.text, holds, (reply.number,))
    yield from _names_and_properties(session)
    yield from _updates(session)


def _make(session: Session, name: str | None = None, **fields: Any) -> Reply:
    parent, _, asset_id = session.asset(name).partition("/assets/")
    body = {"type": "IMAGE_COLLECTION", **fields}
    return session.ask(methods.assets_create(parent, assetId=asset_id, body=body))


def _names_and_properties(session: Session) -> Iterator[Finding]:
    reply = _make(session, "with.dot")
    yield Finding("a dot in a new asset's name", "refused", reply.text, not reply.ok, (reply.number,))
    for what, properties, allowed in (
        ("letters, digits and _", {"a_B1": 1}, True),
        ("a colon", {"system:time_start": 1}, None),
        ("a hyphen", {"a-b": 1}, None),
        ("110 characters", {"a" * 110: 1}, True),
        ("a text of 1,025 bytes", {"a": "x" * 1025}, None),
    ):
        reply = _make(session, properties=properties)
        holds = None if allowed is None else reply.ok
        assumed = "accepted" if allowed else "never sent"
        yield Finding(f"a property with {what}", assumed, reply.text, holds, (reply.number,))


def _updates(session: Session) -> Iterator[Finding]:
    made = _make(session, "updated", properties={"a": 1})
    if not made.name:
        yield Finding("a new collection", "made", made.text, False, (made.number,))
        return
    again = _make(session, "updated")
    yield Finding("making it again", "refused", again.text, not again.ok, (again.number,))
    body = {"asset": {"properties": {"a": 2}}, "updateMask": {"paths": ['properties."a"']}}
    patched = session.ask(methods.assets_patch(made.name, body=body))
    after = session.ask(methods.assets_get(made.name))
    kept = after.body.get("properties") if after.ok else after.text
    yield Finding(
        "an update of a quoted property", "it is set", f"{patched.text}: {kept}", kept == {"a": 2}, (patched.number,)
    )
