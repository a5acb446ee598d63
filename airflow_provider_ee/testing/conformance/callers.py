"""Who calls, who pays, and what the project may do."""

from __future__ import annotations

from collections.abc import Iterator

from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.testing.conformance.findings import Finding
from airflow_provider_ee.testing.conformance.session import Session

__all__ = ["check"]


def check(session: Session) -> Iterator[Finding]:
    """Ask for the project's configuration, and for a public asset, which names no project of ours."""
    config = session.ask(methods.get_config(f"{session.project}/config"))
    told = config.body if config.ok else {}
    yield Finding(
        "the configuration of the project",
        "200 with registrationState",
        config.text if not config.ok else f"registrationState={told.get('registrationState')}",
        config.ok and "registrationState" in told,
        (config.number,),
    )
    expiry = (told.get("registration") or {}).get("expiryTime") if isinstance(told, dict) else None
    yield Finding("registration.expiryTime", "handled with and without", str(expiry), replies=(config.number,))
    status = config.headers.get("x-earth-engine-quota-status")
    yield Finding("the header x-earth-engine-quota-status", "handled with and without", str(status))
    listed = session.ask(methods.assets_list_roots(session.project))
    yield Finding(
        "a call that needs a project to pay, with X-Goog-User-Project",
        "accepted",
        listed.text,
        listed.ok,
        (listed.number,),
    )
    if session.unbilled:
        unnamed = session.ask(methods.assets_list_roots(session.project), session.unbilled)
        assumed = "refused if the credentials are of another project; not sent so"
        yield Finding("the same without that header", assumed, unnamed.text, replies=(unnamed.number,))
