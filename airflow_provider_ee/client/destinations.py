"""Where an export goes, read back from its options, for those who go on with the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["destination"]


def destination(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what names the result: a bucket and a prefix, a folder of Drive and a prefix, or an asset."""
    if storage := options.get("cloudStorageDestination"):
        bucket, prefix = storage.get("bucket"), storage.get("filenamePrefix", "")
        return {"bucket": bucket, "file_name_prefix": prefix, "uri_prefix": f"gs://{bucket}/{prefix}"}
    if drive := options.get("driveDestination"):
        return {"folder": drive.get("folder"), "file_name_prefix": drive.get("filenamePrefix")}
    if asset := options.get("earthEngineDestination"):
        return {"asset_id": asset.get("name")}
    return {}
