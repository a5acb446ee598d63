"""What the Test button of a connection answers."""

from __future__ import annotations

import contextvars
import queue
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow_provider_ee.client.errors import EarthEngineError, PermissionDenied
from airflow_provider_ee.client.rest.error_texts import REGISTRATION_PAGE

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

__all__ = ["describe_connection", "explain", "run_within"]

_REGISTRATIONS = {
    "REGISTERED_COMMERCIALLY": "registered commercially",
    "REGISTERED_NOT_COMMERCIALLY": "registered noncommercially",
}
#: https://developers.google.com/earth-engine/guides/access_control
_ROLES = (
    "roles/earthengine.viewer has it, roles/earthengine.writer may export too; "
    "roles/serviceusage.serviceUsageConsumer is needed with either."
)


def run_within(work: Callable[[], str], seconds: float) -> tuple[bool, str]:
    """Do some work for so long at most; return whether it went well, and what there is to say about it."""
    outcomes: queue.SimpleQueue[tuple[bool, str]] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcomes.put((True, work()))
        except EarthEngineError as error:
            outcomes.put((False, explain(error)))
        except Exception as error:  # noqa: BLE001  # a button gets an answer; the text of an unknown error may hold a secret
            outcomes.put((False, f"Unexpected {type(error).__name__}."))

    # Airflow hands the connection to be tested to its hook in the context, not in its database.
    threading.Thread(target=contextvars.copy_context().run, args=(run,), daemon=True).start()
    try:
        return outcomes.get(timeout=seconds)
    except queue.Empty:
        return False, f"There was no answer within {seconds:.0f} seconds."


def describe_connection(project: str, credentials: Credentials | None, config: Mapping[str, Any]) -> str:
    """Say who is connected to what, from Earth Engine's configuration of the project.

    Raises:
        EarthEngineError: The project is not registered.
    """
    registration = config.get("registrationState")
    if registration == "NOT_REGISTERED":
        raise EarthEngineError(
            f"Project {project} is not registered for Earth Engine.",
            hint=f"Register it: {REGISTRATION_PAGE}?project={project}",
        )
    facts = [_REGISTRATIONS.get(str(registration)), _expiry(config, project)]
    text = "; ".join(fact for fact in (f"Connected to project {project} {_principal(credentials)}", *facts) if fact)
    return f"{text}."


def _expiry(config: Mapping[str, Any], project: str) -> str | None:
    """Say when the registration ends: from then on Earth Engine refuses everything."""
    details = config.get("registration")
    time = details.get("expiryTime") if isinstance(details, Mapping) else None
    if not isinstance(time, str):
        return None
    try:
        expiry = datetime.fromisoformat(time)
    except ValueError:
        return None
    if expiry.tzinfo is None or expiry.year <= 1970:
        return None
    verb = "ended" if expiry <= datetime.now(UTC) else "ends"
    return f"the registration {verb} on {expiry:%Y-%m-%d}, renew it at {REGISTRATION_PAGE}?project={project}"


def explain(error: EarthEngineError) -> str:
    """Say what went wrong, and which role a missing permission is part of."""
    lacks_permission = isinstance(error, PermissionDenied) and "needs the permission" in (error.hint or "")
    return f"{error} {_ROLES}" if lacks_permission else str(error)


def _principal(credentials: Credentials | None) -> str:
    from google.auth.credentials import AnonymousCredentials

    if credentials is None or isinstance(credentials, AnonymousCredentials):
        return "without credentials"
    known = getattr(credentials, "service_account_email", None) or getattr(credentials, "account", None)
    return f"as {known}" if known else "as an account that the credentials do not name"
