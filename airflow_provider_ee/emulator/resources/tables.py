"""projects.table: export, import and computeFeatures; and the features of stored tables."""

import json
from collections.abc import Mapping
from itertools import chain
from typing import Any

from airflow_provider_ee.emulator.compute import (
    Feature,
    check_table,
    evaluate,
    read_csv,
    stored_features,
    table_of,
    to_geojson,
)
from airflow_provider_ee.emulator.computing import computed, translated
from airflow_provider_ee.emulator.envelope import ApiError, invalid
from airflow_provider_ee.emulator.http.call import Call
from airflow_provider_ee.emulator.http.pages import page_size, read_token, write_token
from airflow_provider_ee.emulator.resources.expressions import work_on
from airflow_provider_ee.emulator.resources.submitting import Prepared, check_manifest_properties, submit
from airflow_provider_ee.emulator.schemas.common import ASSET_NAME
from airflow_provider_ee.emulator.schemas.table_manifests import column_types, read_table_manifest
from airflow_provider_ee.emulator.state import asset_filters
from airflow_provider_ee.emulator.state.operation import Work
from airflow_provider_ee.emulator.storage.buckets import object_path
from airflow_provider_ee.emulator.storage.tables import TableAsset, table_destination

__all__ = ["compute_features", "export", "list_features", "start_import"]

_PAGE = 1000


async def export(call: Call) -> dict[str, Any]:
    """Answer table.export: compute the table, and leave writing it to the operation."""

    async def prepare() -> Prepared:
        destination = table_destination(call.body, call.world, call.caller.user)

        async def writing(value: Any) -> Work:
            table = await computed(check_table, value, max_vertices=call.body.get("maxVertices", 0))
            return lambda: destination.write(table, call.body.get("selectors", []))

        return await work_on(call, writing), destination.uris

    return await submit(call, "EXPORT_FEATURES", prepare)


async def compute_features(call: Call) -> dict[str, Any]:
    """Answer table.computeFeatures: a page of the features, in longitude and latitude unless asked otherwise."""
    value = await computed(evaluate, call.body["expression"], call.world.stored)
    table = await computed(check_table, value)
    native = call.body.get("featureProjection") == "FEATURE_PROJECTION_NATIVE"
    wanted = {"pageSize": str(call.body.get("pageSize", 0)), "pageToken": call.body.get("pageToken", "")}

    def shown(feature: Feature) -> dict[str, Any]:
        return to_geojson(feature, None) if native else to_geojson(feature)

    answer, features = _page(table.features, wanted)
    return answer | {"features": await computed(lambda: [shown(feature) for feature in features])}


async def list_features(call: Call) -> dict[str, Any]:
    """Answer assets.listFeatures: a page of the features of a table or a feature view."""
    asset = call.world.assets.get(ASSET_NAME.read(call.name, "asset"))
    if asset.type not in ("TABLE", "FEATURE_VIEW") or asset.stored is None:
        raise ApiError("INVALID_ARGUMENT", f"Asset '{call.name}' is {asset.type} and has no features.")
    region = _region(call.query.get("region", ""))
    fits = asset_filters.parse(call.query.get("filter", ""))
    answer, features = _page(await computed(stored_features, asset.stored, region, fits), call.query)
    return answer | {"features": features}


def _region(text: str) -> dict[str, Any] | None:
    if not text:
        return None
    try:
        region = json.loads(text)
    except (ValueError, RecursionError):
        region = None
    if not isinstance(region, dict):
        raise invalid("region", f"{text[:60]!r} is not a GeoJSON geometry.")
    return region


def _page(features: Any, wanted: Mapping[str, str]) -> tuple[dict[str, Any], Any]:
    """Return an answer without its features, and the features of the page that is asked for."""
    size = page_size(wanted, default=_PAGE, largest=_PAGE)
    token = wanted.get("pageToken", "")
    start = read_token(token) if token else 0
    answer = {"type": "FeatureCollection"}
    if start + size < len(features):
        answer["nextPageToken"] = write_token(start + size)
    return answer, features[start : start + size]


async def start_import(call: Call) -> dict[str, Any]:
    """Answer table.import: check the manifest, and leave the files to the operation."""

    async def prepare() -> Prepared:
        manifest = read_table_manifest(call.body["tableManifest"])
        check_manifest_properties(call, manifest, "tableManifest")
        overwrite = call.body.get("overwrite", False)
        call.world.assets.check_place(manifest["name"], "TABLE", overwrite=overwrite)
        times: dict[str, Any] = {key: manifest[key] for key in ("startTime", "endTime") if key in manifest}
        destination = TableAsset(manifest["name"], "TABLE", overwrite, call.world.assets, times)

        def work() -> None:
            tables = [
                translated(read_csv, object_path(call.world.root, source["uris"][0]), source, column_types(manifest))
                for source in manifest["sources"]
            ]
            destination.put(translated(table_of, chain(*tables), manifest.get("properties", {})))

        return work, destination.uris

    name = call.body["tableManifest"]["name"]
    return await submit(call, "INGEST_TABLE", prepare, import_description=f'Ingest table: "{name}"')
