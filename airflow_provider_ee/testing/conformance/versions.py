"""Which API version has which method and field. Bodies are empty, so that nothing is started."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.request import Request
from airflow_provider_ee.testing.conformance.findings import Finding
from airflow_provider_ee.testing.conformance.session import Reply, Session

__all__ = ["check"]

_VERSIONS = ("v1", "v1beta", "v1alpha")


def check(session: Session) -> Iterator[Finding]:
    """Call what the pages give in other versions than v1, in each of them."""
    asset = f"{session.folder}-missing"
    calls = {
        "image:import": methods.image_import(session.project, body={}),
        "image:importExternal": methods.image_import_external(session.project, body={}),
        "classifier:export": methods.classifier_export(session.project, body={}),
        "getPixels": methods.assets_get_pixels(asset, body={"fileFormat": "NPY"}),
    }
    for name, request in calls.items():
        for version in _VERSIONS:
            reply = session.ask(_in_version(request, version))
            yield Finding(
                f"{name} in {version}", "it exists there", reply.text, not _is_unknown(reply), (reply.number,)
            )
    for version in _VERSIONS:
        options = {"earthEngineDestination": {"name": asset, "overwrite": True}}
        body = {"assetExportOptions": options}
        reply = session.ask(_in_version(methods.classifier_export(session.project, body=body), version))
        yield Finding(
            f"overwrite of a classifier's destination in {version}",
            "sent only when it is true",
            "known" if "Unknown name" not in reply.text else "unknown",
            replies=(reply.number,),
        )
    reply = session.ask(methods.image_export(session.project, body={"nonsense": 1}))
    yield Finding(
        "an unknown field",
        "400",
        reply.text,
        reply.status == 400,
        (reply.number,),
    )


def _in_version(request: Request, version: str) -> Request:
    return replace(request, method=replace(request.method, version=version))


def _is_unknown(reply: Reply) -> bool:
    """Whether the path itself is unknown: Google answers that with a page, and not with JSON."""
    return reply.status == 404 and not isinstance(reply.body, dict)
