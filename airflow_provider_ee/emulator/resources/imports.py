"""projects.image: import, which copies images into assets, and importExternal, which leaves them in their bucket."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from airflow_provider_ee.emulator.compute import check_ingestion, ingest, link_external
from airflow_provider_ee.emulator.computing import computed, translated
from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.http.call import Call
from airflow_provider_ee.emulator.resources.submitting import Prepared, check_manifest_properties, submit
from airflow_provider_ee.emulator.schemas.image_manifests import read_image_manifest
from airflow_provider_ee.emulator.state.operation import Work
from airflow_provider_ee.emulator.storage.buckets import object_path
from airflow_provider_ee.emulator.storage.files import asset_page

__all__ = ["import_external_image", "import_image"]


async def import_image(call: Call) -> dict[str, Any]:
    """Answer image.import: check the manifest now, and leave the files to the operation."""

    async def prepare() -> Prepared:
        if call.body.get("mode") == "VIRTUAL":
            raise ApiError(
                "UNIMPLEMENTED", "The emulator imports in the mode INGEST only; or use image.importExternal."
            )
        manifest = _manifest(call)
        return await _work(call, manifest), asset_page(manifest["name"])

    name = call.body["imageManifest"]["name"]
    return await submit(call, "INGEST_IMAGE", prepare, import_description=f'Ingest image: "{name}"')


async def import_external_image(call: Call) -> dict[str, Any]:
    """Answer image.importExternal, which is done when it answers, and answers nothing."""
    manifest = _manifest(call)
    pinned = not call.body.get("useLatestObjectVersion", False)
    stored = await computed(link_external, manifest, partial(object_path, call.world.root), pinned=pinned)
    call.world.assets.put(stored, overwrite=call.body.get("overwrite", False))
    return {}


def _manifest(call: Call) -> dict[str, Any]:
    manifest = read_image_manifest(call.body["imageManifest"])
    check_manifest_properties(call, manifest, "imageManifest")
    call.world.assets.check_place(manifest["name"], "IMAGE", overwrite=call.body.get("overwrite", False))
    return manifest


async def _work(call: Call, manifest: Mapping[str, Any]) -> Work:
    """Return the work of an import.

    What the emulator does not compute is refused now. What is wrong with the files is found by the operation when it
    opens them, and it fails.
    """
    assets, overwrite = call.world.assets, call.body.get("overwrite", False)
    locate = partial(object_path, call.world.root)
    try:
        await computed(check_ingestion, manifest, locate)
    except ApiError as refused:
        if refused.code == "UNIMPLEMENTED":
            raise

    def work() -> None:
        stored = translated(ingest, manifest, locate, assets.raster_path(manifest["name"]))
        assets.put(stored, overwrite=overwrite)

    return work
