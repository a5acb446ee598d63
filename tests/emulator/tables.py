"""Tables, requests about them and what becomes of these, in the words of the tests."""

import csv
import json
from pathlib import Path
from typing import Any

import httpx

from tests.emulator.compute.nodes import call, expression

P = "/v1/projects/p"
ASSET = "projects/p/assets/rivers"
BUCKET = {"bucket": "my-bucket", "filenamePrefix": "tables/rivers"}

SQUARE = [[[10, 50], [11, 50], [11, 51], [10, 51], [10, 50]]]
ISAR = {
    "geometry": call("GeometryConstructors.Point", coordinates=[11.5, 48.1]),
    "metadata": {"name": "Isar", "length": 295},
}
LAKE = {
    "geometry": call("GeometryConstructors.Polygon", coordinates=SQUARE),
    "metadata": {"name": "Lake, large", "length": 1.5},
}


def features(*described: dict[str, Any]) -> dict[str, Any]:
    """Return the expression of a table."""
    return expression(call("Collection", features=[call("Feature", **feature) for feature in described]))


def points(count: int) -> dict[str, Any]:
    shape = call("GeometryConstructors.Point", coordinates=[1, 2])
    return features(*({"geometry": shape, "metadata": {"n": number}} for number in range(count)))


def export_of(table: dict[str, Any], file_format: str = "CSV", **changes: Any) -> dict[str, Any]:
    """Return the body of a table.export to a bucket."""
    return {
        "expression": table,
        "fileExportOptions": {"fileFormat": file_format, "cloudStorageDestination": BUCKET},
    } | changes


def to(options: str, destination: str, table: dict[str, Any], /, **wanted: Any) -> dict[str, Any]:
    """Return the body of a table.export to another place than files."""
    return {"expression": table, options: {destination: wanted}}


def to_asset(table: dict[str, Any], **wanted: Any) -> dict[str, Any]:
    return to("assetExportOptions", "earthEngineDestination", table, **({"name": ASSET} | wanted))


def to_big_query(table: dict[str, Any], /, **wanted: Any) -> dict[str, Any]:
    return to(
        "bigqueryExportOptions", "bigqueryDestination", table, **({"table": "my-project.rivers.lengths"} | wanted)
    )


async def finished(api: httpx.AsyncClient, body: dict[str, Any], method: str = "table:export") -> dict[str, Any]:
    """Start an operation, look once, and return it."""
    submitted = await api.post(f"{P}/{method}", json=body)
    assert submitted.status_code == 200, submitted.text
    operation: dict[str, Any] = (await api.get(f"/v1/{submitted.json()['name']}")).json()
    return operation


async def succeeded(api: httpx.AsyncClient, body: dict[str, Any], method: str = "table:export") -> dict[str, Any]:
    operation = await finished(api, body, method)
    assert operation["metadata"]["state"] == "SUCCEEDED", operation
    return operation


async def failure(api: httpx.AsyncClient, body: dict[str, Any], method: str = "table:export") -> str:
    operation = await finished(api, body, method)
    assert operation["metadata"]["state"] == "FAILED", operation
    message: str = operation["error"]["message"]
    return message


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
