"""What a second submission with the same request id is answered."""

from __future__ import annotations

from collections.abc import Iterator

from airflow_provider_ee.client.errors import AlreadyExists
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.testing.conformance.findings import Finding
from airflow_provider_ee.testing.conformance.session import Reply, Session, new_id

__all__ = ["check"]

_ASSUMED = "the same operation, or an error that is recognised as a duplicate"


def check(session: Session) -> Iterator[Finding]:
    """Submit again: the same body, another body, after a cancel, after a success and after a failure."""
    request_id = new_id()
    request = session.export(request_id=request_id)
    first = session.submit(request)
    if not first.name:
        yield Finding("a first submission", "accepted", first.text, False, (first.number,))
        return
    yield _finding("the same id and body again", first, session.submit(request))
    other = session.export(request_id=request_id, description=f"{session.label}-other")
    yield _finding("the same id with another body", first, session.submit(other))
    session.ask(methods.operations_cancel(first.name))
    over = session.wait(first.name)
    yield _finding(f"the same id after its operation was cancelled ({over.state})", first, session.submit(request))

    done = session.submit(session.export(request_id=(request_id := new_id())))
    if done.name:
        session.wait(done.name)
        again = session.submit(session.export(request_id=request_id))
        yield _finding("the same id after its operation succeeded", done, again)

    doomed = session.export(destination=session.to_file(f"{session.label}-missing", "pixel"))
    failing = session.submit(doomed)
    yield Finding(
        "an export to a bucket that does not exist",
        "accepted, and fails later; handled either way",
        failing.text,
        replies=(failing.number,),
    )
    if failing.name:
        over = session.wait(failing.name)
        told = (over.body.get("error") or {}) if over.ok else {}
        yield Finding("how it ends", "FAILED", f"{told or over.text}", replies=(over.number,))
        yield _finding("the same id after its operation ended there", failing, session.submit(doomed))


def _finding(question: str, first: Reply, second: Reply) -> Finding:
    same = second.name == first.name
    seen = "the same operation" if same else f"another operation, {second.name}" if second.name else second.text
    return Finding(question, _ASSUMED, seen, same or isinstance(second.error, AlreadyExists), (second.number,))
