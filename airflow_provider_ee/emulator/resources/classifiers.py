"""projects.classifier: export to an asset."""

from typing import Any

from airflow_provider_ee.emulator.compute.classification.classifiers import check_classifier_export, export_classifier
from airflow_provider_ee.emulator.computing import computed, translated
from airflow_provider_ee.emulator.http.call import Call
from airflow_provider_ee.emulator.resources.expressions import work_on
from airflow_provider_ee.emulator.resources.submitting import Prepared, submit
from airflow_provider_ee.emulator.state.operation import Work
from airflow_provider_ee.emulator.storage.files import asset_page

__all__ = ["export"]

_KIND = "CLASSIFIER"


async def export(call: Call) -> dict[str, Any]:
    """Answer classifier.export: train now, and leave the asset to the operation."""
    wanted, assets = call.body["assetExportOptions"]["earthEngineDestination"], call.world.assets
    name, overwrite = wanted["name"], wanted.get("overwrite", False)

    async def work(classifier: Any) -> Work:
        await computed(check_classifier_export, classifier)

        def write() -> None:
            target = assets.file_path(name, ".json")
            assets.put(translated(export_classifier, classifier, name=name, target=target), _KIND, overwrite=overwrite)

        return write

    async def prepare() -> Prepared:
        call.world.check_export_place(name, _KIND, overwrite=overwrite)
        return await work_on(call, work), asset_page(name)

    return await submit(call, "EXPORT_CLASSIFIER", prepare)
