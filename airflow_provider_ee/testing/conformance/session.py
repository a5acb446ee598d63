"""Ask an Earth Engine raw requests, keep every answer without secrets, and clean up."""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from airflow_provider_ee.client.arguments.expressions import Expression, call, constant
from airflow_provider_ee.client.arguments.names import project_path
from airflow_provider_ee.client.errors import EarthEngineError
from airflow_provider_ee.client.http.clients import Client
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.request import Request
from airflow_provider_ee.client.rest.responses import Answer

__all__ = ["RecordingClient", "Reply", "Session", "new_id", "one_feature"]

_LOG = logging.getLogger(__name__)

#: What tells something, and holds no secret.
_HEADERS = ("content-type", "retry-after", "server", "x-earth-engine-quota-status")
_LONGEST_BODY = 20_000

_NO_ANSWER = Answer(0)


class RecordingClient(Client):
    """A client that remembers the last answer as it came."""

    last = _NO_ANSWER

    def _answer(self, request: Request, response: Any) -> Answer:
        self.last = super()._answer(request, response)
        return self.last


@dataclass(frozen=True, slots=True)
class Reply:
    """What one request was answered.

    Attributes:
        number: Its place in the report.
        status: The HTTP status; None if there was no answer.
        body: The JSON object, or a text.
        headers: Those that are kept.
        error: What our client makes of it, if it is an error.
    """

    number: int
    status: int | None
    body: Any
    headers: Mapping[str, str]
    error: EarthEngineError | None

    @property
    def ok(self) -> bool:
        """Whether the request was accepted."""
        return self.error is None

    @property
    def name(self) -> str:
        """The name of the operation or asset that was answered; empty if there is none."""
        name = self.body.get("name") if self.ok and isinstance(self.body, dict) else None
        return name if isinstance(name, str) else ""

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The metadata of the operation that was answered; empty if there is none."""
        metadata = self.body.get("metadata") if self.ok and isinstance(self.body, dict) else None
        return metadata if isinstance(metadata, dict) else {}

    @property
    def state(self) -> str:
        """The state of the operation that was answered, or what was answered in its place."""
        return str(self.metadata.get("state")) if self.ok else self.text

    @property
    def text(self) -> str:
        """Status and message, for a person."""
        if self.error is None:
            return f"{self.status} accepted"
        reason = f" {self.error.reason}" if self.error.reason else ""
        return f"{self.status or 'no answer'}{reason} {self.error.message!r:.300}"


class Session:
    """One run of the checks in one project.

    Args:
        client: Sends the requests; it should not repeat them.
        bucket: A Cloud Storage bucket that exports may write to; without it, what needs one is left out.
        storage: Sends requests to Cloud Storage; without it, the names of files are not looked at.
        unbilled: Sends requests that name no project to pay; without it, that is not tried.
        patience: Seconds to wait for one operation.
        pause: Seconds between two looks at it.
    """

    def __init__(
        self,
        client: RecordingClient,
        bucket: str | None = None,
        *,
        storage: RecordingClient | None = None,
        unbilled: RecordingClient | None = None,
        patience: float = 900.0,
        pause: float = 5.0,
    ) -> None:
        self.client = client
        self.bucket = bucket
        self.storage = storage
        self.unbilled = unbilled
        self.patience = patience
        self.pause = pause
        self.project = project_path(client.project)
        self.label = f"conformance-{uuid.uuid4().hex[:8]}"
        self.replies: list[dict[str, Any]] = []
        self._operations: list[str] = []
        self._assets: list[str] = []

    @property
    def folder(self) -> str:
        """The name of the folder for assets, which does not exist until somebody makes it."""
        return f"{self.project}/assets/{self.label}"

    def ask(self, request: Request, client: RecordingClient | None = None) -> Reply:
        """Send a request once and return whatever is answered."""
        client = client or self.client
        client.last, error = _NO_ANSWER, None
        try:
            client.send(request)
        except EarthEngineError as problem:
            error = problem
        answer = client.last
        headers = {key.lower(): value for key, value in answer.headers.items() if key.lower() in _HEADERS}
        reply = Reply(len(self.replies), answer.status or None, _readable(answer.body), headers, error)
        self.replies.append(
            {
                "request": {"method": request.method.id, "path": request.path, "body": request.body},
                "status": reply.status,
                "headers": headers,
                "body": reply.body,
                "read_as": type(error).__name__ if error else "success",
            }
        )
        return reply

    def submit(self, request: Request, client: RecordingClient | None = None) -> Reply:
        """Send a request that starts an operation, which is cancelled at the end if it still runs."""
        reply = self.ask(request, client)
        if "/operations/" in reply.name:
            self._operations.append(reply.name)
        return reply

    def export(
        self,
        *,
        request_id: str | None = None,
        description: str | None = None,
        destination: Mapping[str, Any] | None = None,
    ) -> Request:
        """Return the request for the smallest export that there is: one pixel, to the bucket or to an asset."""
        body = {
            "expression": _one_pixel(),
            "description": self.label if description is None else description,
            "requestId": request_id or new_id(),
            **(destination or self.somewhere()),
        }
        return methods.image_export(self.project, body=body)

    def somewhere(self) -> dict[str, Any]:
        """Return a destination for an export whose result does not matter."""
        return self.to_file(self.bucket, "pixel") if self.bucket else self.to_asset(self.asset())

    def to_file(self, bucket: str, name: str, file_format: str = "GEO_TIFF") -> dict[str, Any]:
        """Return the destination of an export to a file."""
        prefix = f"{self.label}/{name}"
        destination = {"cloudStorageDestination": {"bucket": bucket, "filenamePrefix": prefix}}
        return {"fileExportOptions": {"fileFormat": file_format, **destination}}

    def to_asset(self, name: str, *, overwrite: bool = False) -> dict[str, Any]:
        """Return the destination of an export to an asset."""
        destination = {"name": name, **({"overwrite": True} if overwrite else {})}
        return {"assetExportOptions": {"earthEngineDestination": destination}}

    def asset(self, name: str | None = None) -> str:
        """Return the name of an asset, which is deleted at the end if it exists."""
        asset = f"{self.folder}-{name or uuid.uuid4().hex[:6]}"
        self._assets.append(asset)
        return asset

    def look(self, name: str) -> Reply:
        """Get an operation."""
        return self.ask(methods.operations_get(name))

    def wait(self, name: str, until: Callable[[Reply], bool] | None = None) -> Reply:
        """Look at an operation until it is done, or something else holds, or the patience is over."""
        end = time.monotonic() + self.patience
        while True:
            reply = self.look(name)
            enough = until(reply) if until else reply.ok and reply.body.get("done") is True
            if enough or time.monotonic() >= end:
                return reply
            time.sleep(self.pause)

    def clean_up(self) -> None:
        """Cancel what still runs and delete the assets that were made; files in the bucket stay."""
        requests = [methods.operations_cancel(name) for name in self._operations]
        requests += [methods.assets_delete(name) for name in reversed(self._assets)]
        self._operations, self._assets = [], []
        for request in requests:
            try:
                self.client.send(request)
            except EarthEngineError as error:  # it has ended, or was never made
                _LOG.debug("Left as it is: %s", error)


def _one_pixel() -> Expression:
    """Return an image of one pixel: the smallest thing that can be exported."""
    corners = [[[0.0, 0.0], [0.01, 0.0], [0.01, 0.01], [0.0, 0.01], [0.0, 0.0]]]
    image = call(
        "Image.clipToBoundsAndScale",
        input=call("Image.constant", value=constant(1)),
        geometry=call("GeometryConstructors.Polygon", coordinates=constant(corners), geodesic=constant(False)),
        scale=constant(1000),
    )
    return {"result": "0", "values": {"0": image}}


def one_feature() -> Expression:
    """Return a table of one feature."""
    point = call("GeometryConstructors.Point", coordinates=constant([0.005, 0.005]))
    feature = call("Feature", geometry=point, metadata=constant({"a": 1}))
    table = call("Collection", features={"arrayValue": {"values": [feature]}})
    return {"result": "0", "values": {"0": table}}


def new_id() -> str:
    """Return a request id that nobody has used."""
    return str(uuid.uuid4())


def _readable(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        pass
    text = body[:_LONGEST_BODY].decode("utf-8", "replace")
    return text if text.isprintable() else f"{len(body)} bytes"
