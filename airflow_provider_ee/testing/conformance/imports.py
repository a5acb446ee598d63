"""Imports: whether a description of ours comes back, and how duplicates are answered."""

from __future__ import annotations

from collections.abc import Iterator

from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.testing.conformance.findings import Finding
from airflow_provider_ee.testing.conformance.session import Session, new_id, one_feature

__all__ = ["check"]


def check(session: Session) -> Iterator[Finding]:
    """Export a table of one row to the bucket, and import it with a description."""
    if session.bucket is None:
        yield Finding("an import with a description", "handled either way", "not asked: there is no bucket")
        return
    body = {"expression": one_feature(), "description": session.label, "requestId": new_id()}
    destination = session.to_file(session.bucket, "row", "CSV")
    exported = session.submit(methods.table_export(session.project, body={**body, **destination}))
    if exported.name:
        session.wait(exported.name)
    for suffix in ("", "ee_export"):  # the older name, which exports of tables had in buckets
        uri = f"gs://{session.bucket}/{session.label}/row{suffix}.csv"
        manifest = {"name": session.asset("row"), "sources": [{"uris": [uri]}]}
        fields = {"tableManifest": manifest, "description": session.label, "requestId": new_id()}
        request = methods.table_import(session.project, body=fields)
        started = session.submit(request)
        yield Finding(f"an import of {uri} with a description", "accepted", started.text, replies=(started.number,))
        if not started.name:
            continue
        got = session.wait(started.name, until=lambda reply: reply.ok)
        kept = {key: got.metadata.get(key) for key in ("description", "type")}
        assumed = "our description, or the default one"
        yield Finding("what its operation says", assumed, str(kept), replies=(got.number,))
        again = session.submit(request)
        same = again.name == started.name
        seen = "the same operation" if same else again.text
        yield Finding("the same import again", "no second operation", seen, same or not again.name, (again.number,))
        over = session.wait(started.name)
        yield Finding("how it ends", "SUCCEEDED, if the file has this name", over.state, replies=(over.number,))
        if over.state == "SUCCEEDED":
            return
