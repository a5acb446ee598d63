"""Earth Engine for Python programs: Client, and AsyncClient, which is the same awaited.

with Client("my-project") as client:
operation = client.export_image_to_drive(image="USGS/SRTMGL1_003", region=[7, 46, 8, 47], scale=90)
operation.wait(timeout=3600)
for asset in client.list_assets("projects/my-project/assets/folder"):
print(asset["name"])
pixels = client.read_pixels(asset_id="USGS/SRTMGL1_003", region=[7, 46, 8, 47], scale=900)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from airflow_provider_ee.client import exports
from airflow_provider_ee.client.auth.credentials import load_credentials
from airflow_provider_ee.client.calls import assets, computing, operations
from airflow_provider_ee.client.calls.methods import (
    CallMethod,
    FlowMethod,
    HandleMethod,
    HandlesMethod,
    ListMethod,
    PixelCall,
    PixelMethod,
    StartMethod,
)
from airflow_provider_ee.client.http import clients
from airflow_provider_ee.client.http.endpoints import emulator_url
from airflow_provider_ee.client.http.limits import Limits
from airflow_provider_ee.client.http.retry import RetryPolicy
from airflow_provider_ee.client.http.threads import run_in_own_loop
from airflow_provider_ee.client.imports import requests as imports
from airflow_provider_ee.client.pixels import calls as pixels

if TYPE_CHECKING:
    import httpx
    from google.auth.credentials import Credentials

__all__ = ["AsyncClient", "Calls", "Client"]

T = TypeVar("T")


class Calls:
    """What Earth Engine can be asked: the methods of Client, AsyncClient and EarthEngineHook."""

    export_image = StartMethod(exports.ExportImage)
    export_image_to_asset = StartMethod(exports.ExportImageToAsset)
    export_image_to_cloud_storage = StartMethod(exports.ExportImageToCloudStorage)
    export_image_to_drive = StartMethod(exports.ExportImageToDrive)
    export_table = StartMethod(exports.ExportTable)
    export_table_to_asset = StartMethod(exports.ExportTableToAsset)
    export_table_to_big_query = StartMethod(exports.ExportTableToBigQuery)
    export_table_to_cloud_storage = StartMethod(exports.ExportTableToCloudStorage)
    export_table_to_drive = StartMethod(exports.ExportTableToDrive)
    export_table_to_feature_view = StartMethod(exports.ExportTableToFeatureView)
    export_map = StartMethod(exports.ExportMap)
    export_map_to_cloud_storage = StartMethod(exports.ExportMapToCloudStorage)
    export_video = StartMethod(exports.ExportVideo)
    export_video_to_cloud_storage = StartMethod(exports.ExportVideoToCloudStorage)
    export_video_to_drive = StartMethod(exports.ExportVideoToDrive)
    export_video_map = StartMethod(exports.ExportVideoMap)
    export_classifier = StartMethod(exports.ExportClassifier)
    export_classifier_to_asset = StartMethod(exports.ExportClassifierToAsset)

    import_image = StartMethod(imports.ImportImage)
    import_table = StartMethod(imports.ImportTable)
    import_external_image = CallMethod(assets.ImportExternalImage)

    get_operation = HandleMethod(operations.get_operation)
    list_operations = HandlesMethod(operations.list_operations)
    wait_for_operation = HandleMethod(operations.wait_for_operation)
    cancel_operation = FlowMethod(operations.cancel_operation)
    cancel_operations = FlowMethod(operations.cancel_operations)

    get_asset = FlowMethod(assets.get_asset)
    list_assets = ListMethod(assets.list_assets)
    create_folder = FlowMethod(assets.create_folder)
    create_image_collection = FlowMethod(assets.create_image_collection)
    copy_asset = FlowMethod(assets.copy_asset)
    move_asset = FlowMethod(assets.move_asset)
    delete_asset = FlowMethod(assets.delete_asset)
    update_asset = FlowMethod(assets.update_asset)
    set_asset_access = FlowMethod(assets.set_asset_access)

    compute_value = FlowMethod(computing.compute_value)
    compute_features = ListMethod(computing.compute_features)

    read_pixels = PixelMethod(pixels.ReadPixels)
    download_pixels = PixelMethod(pixels.DownloadPixels)
    encode_pixels = PixelMethod(pixels.EncodePixels)


class Client(Calls, clients.Client):
    """Earth Engine for one project; threads may share it.

    Args:
        project: The Google Cloud project that is asked and billed.
        credentials: Any google-auth credentials; Application Default Credentials if None. An emulator needs none.
        endpoint: `standard`, `high-volume` or a URL; `EARTHENGINE_EMULATOR_HOST` in the environment overrides it.
            Pixels are fetched from `high-volume` if it is `standard`.
        api_version: Overrides each method's own version: `v1`, `v1beta` or `v1alpha`.
        trusted_hosts: Hosts outside of googleapis.com that credentials may be sent to.
        quota_project: The project whose quota is used and that pays, in place of `project`. `none` names no project, so
            that Google takes the one that the credentials belong to.
        limits: The share of the project's quota that this client takes.
        retry: How long to go on when something fails that may pass.
        on_token: Called with every access token, so that a log can be kept from showing it.
        transport: Stands in for the network, in tests: `httpx.MockTransport(answer)`, where `answer` is given each
            `httpx.Request` and returns an `httpx.Response`.
        marks_descriptions: Whether the descriptions of operations end with a marker, such as `;af:...`. Without it, an
            operation cannot be found again when the answer to its request is lost, and AlreadyExists is raised.
    """

    def __init__(
        self,
        project: str,
        *,
        credentials: Credentials | None = None,
        endpoint: str = "standard",
        api_version: str | None = None,
        trusted_hosts: Sequence[str] = (),
        quota_project: str | None = None,
        limits: Limits | None = None,
        retry: RetryPolicy | None = None,
        on_token: Callable[[str], None] | None = None,
        transport: httpx.BaseTransport | None = None,
        marks_descriptions: bool = True,
    ) -> None:
        if credentials is None and not emulator_url():
            credentials = load_credentials()
        settings: dict[str, Any] = {
            "credentials": credentials,
            "api_version": api_version,
            "trusted_hosts": trusted_hosts,
            "quota_project": quota_project,
            "retry": retry,
            "on_token": on_token,
            "transport": transport,
        }
        super().__init__(project, endpoint=endpoint, limits=limits, **settings)
        self.marks_descriptions = marks_descriptions
        self._open_for_pixels = _opener(project, endpoint, settings)

    def fetch_pixels(self, call: PixelCall[T]) -> T:
        """Fetch pixels, with an event loop in a thread of its own."""

        async def fetch() -> T:
            async with self._open_for_pixels(self, call) as client:
                return await call.run(client)

        # An event loop in this thread would lose in a callback what a signal raises, such as the timeout of a task.
        return run_in_own_loop(fetch())

    def __repr__(self) -> str:
        return f"<Client of {self.project} at {self.url}>"


class AsyncClient(Calls, clients.AsyncClient):
    """The same as Client, awaited; it belongs to the event loop that first uses it. `Client` explains the arguments."""

    def __init__(
        self,
        project: str,
        *,
        credentials: Credentials | None = None,
        endpoint: str = "standard",
        api_version: str | None = None,
        trusted_hosts: Sequence[str] = (),
        quota_project: str | None = None,
        limits: Limits | None = None,
        retry: RetryPolicy | None = None,
        on_token: Callable[[str], None] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        marks_descriptions: bool = True,
    ) -> None:
        settings: dict[str, Any] = {
            "credentials": credentials,
            "api_version": api_version,
            "trusted_hosts": trusted_hosts,
            "quota_project": quota_project,
            "retry": retry,
            "on_token": on_token,
            "transport": transport,
        }
        super().__init__(project, endpoint=endpoint, limits=limits, **settings)
        self.marks_descriptions = marks_descriptions
        self._open_for_pixels = _opener(project, endpoint, settings)

    async def fetch_pixels(self, call: PixelCall[T]) -> T:
        """Fetch pixels."""
        async with self._open_for_pixels(self, call) as client:
            return await call.run(client)

    async def aclose(self) -> None:
        """Close every connection."""
        await self.close()

    def __repr__(self) -> str:
        return f"<AsyncClient of {self.project}>"


def _opener(project: str, endpoint: str, settings: dict[str, Any]) -> Callable[..., clients.AsyncClient]:
    """Return a function that opens a client for pixels with the settings of another client.

    The settings are kept in this function and not as attributes, which are shown in tracebacks.
    """
    for_pixels = "high-volume" if endpoint == "standard" else endpoint

    def open_client(client: Client | AsyncClient, call: Any) -> clients.AsyncClient:
        concurrency = getattr(call, "concurrency", None)  # what is one request has none
        limits = client.limits if concurrency is None else replace(client.limits, in_flight=concurrency)
        opened = clients.AsyncClient(project, endpoint=for_pixels, limits=limits, **{**settings, "retry": client.retry})
        opened.timeout = client.timeout
        return opened

    return open_client
