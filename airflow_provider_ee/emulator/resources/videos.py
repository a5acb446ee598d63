"""projects.video and projects.videoMap: nothing here encodes a video, so an export is refused, or written nowhere."""

from typing import Any

from airflow_provider_ee.emulator.envelope import ApiError, invalid
from airflow_provider_ee.emulator.http.call import Call
from airflow_provider_ee.emulator.resources.submitting import Prepared, submit
from airflow_provider_ee.emulator.state.switches import Uncomputed

__all__ = ["export", "export_map"]


async def export(call: Call) -> dict[str, Any]:
    """Answer video.export."""
    return await _without_files(call, "EXPORT_VIDEO")


async def export_map(call: Call) -> dict[str, Any]:
    """Answer videoMap.export."""
    if "driveDestination" in call.body["tileExportOptions"]:
        raise invalid("tileExportOptions.driveDestination", "maps are exported to Cloud Storage only.")
    # No page tells the type of these operations; the method's name follows that of the others.
    return await _without_files(call, "EXPORT_VIDEO_MAP")


async def _without_files(call: Call, kind: str) -> dict[str, Any]:
    """Start an operation that succeeds and has no destinationUris: nothing is computed, and no file is written."""
    if call.world.settings.not_computed is Uncomputed.REFUSE:
        raise ApiError(
            "UNIMPLEMENTED",
            f"The emulator does not do {call.entry.method}. With its setting not_computed={Uncomputed.ACCEPT} such an "
            "operation succeeds, without a file.",
        )

    async def prepare() -> Prepared:
        return lambda: None, ()

    return await submit(call, kind, prepare)
