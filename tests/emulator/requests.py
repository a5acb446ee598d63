"""Requests that the tests send: good ones, to be spoilt in one place."""

import copy
from typing import Any

GRID = {
    "crsCode": "EPSG:4326",
    "affineTransform": {"scaleX": 0.5, "translateX": 10, "scaleY": -0.5, "translateY": 50},
    "dimensions": {"width": 8, "height": 6},
}


def constant(value: float = 7) -> dict[str, Any]:
    """Return the expression of an image with one value everywhere."""
    invocation = {"functionName": "Image.constant", "arguments": {"value": {"constantValue": value}}}
    return {"result": "0", "values": {"0": {"functionInvocationValue": invocation}}}


def to_cloud_storage(**changes: Any) -> dict[str, Any]:
    """Return the body of a good image.export to Cloud Storage, with some top-level fields changed."""
    return {
        "expression": constant(),
        "grid": GRID,
        "description": "seven",
        "fileExportOptions": {
            "fileFormat": "GEO_TIFF",
            "cloudStorageDestination": {"bucket": "my-bucket", "filenamePrefix": "folder/seven"},
        },
    } | changes


def to_asset(name: str, **changes: Any) -> dict[str, Any]:
    """Return the body of a good image.export to an asset."""
    body = to_cloud_storage(assetExportOptions={"earthEngineDestination": {"name": name}}, **changes)
    del body["fileExportOptions"]
    return body


def spoilt(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a body with one field changed, or removed where the value is `...`."""
    result = copy.deepcopy(body)
    *parents, last = path.split(".")
    place: Any = result
    for parent in parents:
        place = place[int(parent)] if parent.isdigit() else place.setdefault(parent, {})
    if value is ...:
        del place[last]
    elif isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
    return result
