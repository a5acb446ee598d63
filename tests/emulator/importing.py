"""Short words for image imports, shared by their tests."""

import io
from collections.abc import Mapping
from typing import Any

import httpx
import numpy as np

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.files import put_tiff

NAME = "projects/p/assets/image"
TILED = {"tiled": True, "blockxsize": 256, "blockysize": 256}
ONE, TWO = "gs://b/one.tif", "gs://b/two.tif"


def manifest(*uris: str, **fields: Any) -> dict[str, Any]:
    """Return the manifest of an image with one tileset."""
    return {"name": NAME, "tilesets": [tileset(*uris)], **fields}


def tileset(*uris: str, **fields: Any) -> dict[str, Any]:
    """Return a tileset with a source for each file."""
    return {"sources": [{"uris": [uri]} for uri in uris], **fields}


def band_ids(asset: Mapping[str, Any]) -> list[str]:
    return [band["id"] for band in asset["bands"]]


class Imports:
    """Short words for imports and what comes of them."""

    def __init__(self, api: httpx.AsyncClient, emulator: Emulator) -> None:
        self.api = api
        self.emulator = emulator

    def put(self, uri: str, values: Any, **more: Any) -> None:
        put_tiff(self.emulator.root, uri, values, **more)

    async def submit(self, image_manifest: Mapping[str, Any], **fields: Any) -> httpx.Response:
        return await self.api.post("/v1alpha/projects/p/image:import", json={"imageManifest": image_manifest, **fields})

    async def finished(self, image_manifest: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
        """Import, look once, and return the operation."""
        submitted = await self.submit(image_manifest, **fields)
        assert submitted.status_code == 200, submitted.text
        operation: dict[str, Any] = (await self.api.get(f"/v1/{submitted.json()['name']}")).json()
        return operation

    async def done(self, image_manifest: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
        """Import, and return the asset."""
        operation = await self.finished(image_manifest, **fields)
        assert operation["metadata"]["state"] == "SUCCEEDED", operation
        return await self.asset()

    async def failure(self, image_manifest: Mapping[str, Any]) -> str:
        """Import what fails, and return why."""
        operation = await self.finished(image_manifest)
        assert (operation["metadata"]["state"], operation["error"]["code"]) == ("FAILED", 3), operation
        return str(operation["error"]["message"])

    async def external(self, image_manifest: Mapping[str, Any], **fields: Any) -> httpx.Response:
        return await self.api.post(
            "/v1alpha/projects/p/image:importExternal", json={"imageManifest": image_manifest, **fields}
        )

    async def asset(self, name: str = NAME) -> dict[str, Any]:
        answer = await self.api.get(f"/v1/{name}")
        assert answer.status_code == 200, answer.text
        asset: dict[str, Any] = answer.json()
        return asset

    async def pixels(self, band: str, name: str = NAME) -> Any:
        """Return the pixels of a band, the masked ones as zeroes."""
        answer = await self.api.post(f"/v1/{name}:getPixels", json={"fileFormat": "NPY", "bandIds": [band]})
        assert answer.status_code == 200, answer.text
        return np.load(io.BytesIO(answer.content))[band]
