"""What every method that starts an operation does: a repetition gets the operation that there is."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.http.call import Call
from airflow_provider_ee.emulator.schemas.naming import check_description, check_properties
from airflow_provider_ee.emulator.state.operation import Submission, Work
from airflow_provider_ee.emulator.state.switches import Descriptions, ImportDescriptions, Keys

__all__ = ["Prepared", "check_manifest_properties", "failing", "submit"]

#: The work, and where a person finds its result.
Prepared = tuple[Work, tuple[str, ...]]


async def submit(
    call: Call, kind: str, prepare: Callable[[], Awaitable[Prepared]], *, import_description: str = ""
) -> dict[str, Any]:
    """Start an operation, or answer the one that an earlier request with the same id started.

    Args:
        call: The request.
        kind: Earth Engine's word for what the operation does, such as `EXPORT_IMAGE`.
        prepare: Checks all that can be checked now. It is not asked about a repetition, which must not be refused
            because the first one has written its result already.
        import_description: What Earth Engine calls the operation of an import; empty for an export.
    """
    body, operations = call.body, call.world.operations
    description = _description(call, import_description)
    user, request_id, fingerprint = call.caller.user, body.get("requestId", ""), call.entry.body_digest
    operation = operations.earlier(user, request_id, fingerprint)
    if operation is None:
        work, destination_uris = await prepare()
        operation = operations.submit(
            Submission(
                project=call.project,
                kind=kind,
                description=description,
                priority=body.get("priority", 100),
                request_id=request_id,
                user=user,
                destination_uris=destination_uris,
                work=work,
                version=call.version,
                fingerprint=fingerprint,
            )
        )
    call.entry.operation = operation.name
    return operation.shown()


def _description(call: Call, import_description: str) -> str:
    settings, given = call.world.settings, call.body.get("description", "")
    if settings.descriptions is not Descriptions.ANYTHING:
        check_description(given, spaces=settings.descriptions is Descriptions.SPACES)
    echoed = settings.import_descriptions is ImportDescriptions.ECHOED and given
    return import_description if import_description and not echoed else str(given)


def check_manifest_properties(call: Call, manifest: Mapping[str, Any], name: str) -> None:
    """Check the properties that a manifest gives to an asset.

    Raises:
        ApiError: The settings are strict, and a name or a text is not allowed.
    """
    if call.world.settings.property_keys is Keys.STRICT:
        check_properties(manifest.get("properties", {}), f"{name}.properties")


def failing(refused: ApiError) -> Work:
    """Return work that fails: what is wrong with an expression is told by the operation, not at submission."""

    def work() -> None:
        raise refused

    return work
