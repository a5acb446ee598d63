"""What exports leave: the operation at its end, and what happens to assets that exist."""

from __future__ import annotations

from collections.abc import Iterator

from airflow_provider_ee.client.exports.outputs import is_output
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.google_cloud import storage_objects_list
from airflow_provider_ee.testing.conformance.findings import Finding
from airflow_provider_ee.testing.conformance.session import Session, new_id, one_feature

__all__ = ["check"]


def check(session: Session) -> Iterator[Finding]:
    """Export a pixel to its end, to an asset, and to the same asset again."""
    done = session.submit(session.export())
    if done.name:
        over = session.wait(done.name)
        yield Finding(
            "an export of one pixel",
            "SUCCEEDED",
            str(over.metadata.get("state")),
            over.metadata.get("state") == "SUCCEEDED",
        )
        yield Finding("its response", "not read", str(over.body.get("response") if over.ok else over.text))
        yield Finding("its destinationUris", "pages for people", str(over.metadata.get("destinationUris")))
        yield Finding("its batchEecuUsageSeconds", "may be missing", str(over.metadata.get("batchEecuUsageSeconds")))
    yield from _file_names(session)

    asset = session.asset("twice")
    first = session.submit(session.export(destination=session.to_asset(asset)))
    if not first.name:
        yield Finding("an export to an asset", "accepted", first.text, False, (first.number,))
        return
    session.wait(first.name)
    again = session.submit(session.export(destination=session.to_asset(asset)))
    seen = again.text
    if again.name:
        over = session.wait(again.name)
        seen = f"accepted, then {over.body.get('error') if over.ok else over.text}"
    yield Finding("an export to an asset that exists", "refused at once, or FAILED", seen, replies=(again.number,))
    overwriting = session.submit(session.export(destination=session.to_asset(asset, overwrite=True)))
    yield Finding("the same with overwrite", "accepted", overwriting.text, overwriting.ok, (overwriting.number,))
    if overwriting.name:
        session.wait(overwriting.name)
    found = session.ask(methods.assets_get(asset))
    yield Finding("the asset afterwards", "it exists", found.text, found.ok, (found.number,))


def _file_names(session: Session) -> Iterator[Finding]:
    """Export a table and an image to the bucket, and look at the names of their files."""
    if session.bucket is None or session.storage is None:
        yield Finding("the names of files", "handled in all known forms", "not asked: there is no bucket")
        return
    image = session.export(destination=session.to_file(session.bucket, "an-image"))
    body = {"expression": one_feature(), "description": session.label, "requestId": new_id()}
    table = methods.table_export(session.project, body={**body, **session.to_file(session.bucket, "a-table", "CSV")})
    for prefix, file_format, request in (("an-image", "GEO_TIFF", image), ("a-table", "CSV", table)):
        started = session.submit(request)
        if started.name:
            session.wait(started.name)
        whole = f"{session.label}/{prefix}"
        listed = session.ask(storage_objects_list(session.bucket, prefix=whole), session.storage)
        names = [one.get("name", "") for one in listed.body.get("items", [])] if listed.ok else []
        holds = bool(names) and all(is_output(name, whole, file_format) for name in names) if listed.ok else None
        seen = ", ".join(names) if listed.ok else listed.text
        yield Finding(f"the files of an export with the prefix {whole}", "a known form", seen, holds, (listed.number,))
