"""projects.map: export of tiles to Cloud Storage."""

from typing import Any

from airflow_provider_ee.emulator.compute.files.map_tiles import check_map, export_map
from airflow_provider_ee.emulator.computing import computed, translated
from airflow_provider_ee.emulator.envelope import invalid
from airflow_provider_ee.emulator.http.call import Call
from airflow_provider_ee.emulator.resources.expressions import work_on
from airflow_provider_ee.emulator.resources.submitting import Prepared, submit
from airflow_provider_ee.emulator.state.operation import Work
from airflow_provider_ee.emulator.storage.files import file_target

__all__ = ["export"]


async def export(call: Call) -> dict[str, Any]:
    """Answer map.export: check all that can be checked now, and leave the tiles to the operation."""
    options, files = call.body["tileOptions"], call.body["tileExportOptions"]

    async def prepare() -> Prepared:
        if "driveDestination" in files:
            raise invalid("tileExportOptions.driveDestination", "maps are exported to Cloud Storage only.")
        target = file_target(files, call.world, call.caller.user)

        async def work(image: Any) -> Work:
            await computed(check_map, image, options, files["fileFormat"])

            def write() -> None:
                target.check()
                translated(export_map, image, options, files["fileFormat"], target.folder / target.prefix)

            return write

        return await work_on(call, work), target.uris

    return await submit(call, "EXPORT_TILES", prepare)
