"""Google's own client at work, in the words of the tests."""

from typing import Any

import ee
import numpy as np
from google.oauth2.credentials import Credentials

from airflow_provider_ee.emulator.server import Emulator

PROJECT = "my-project"
ROOT = f"projects/{PROJECT}/assets"
SCENE = "EMULATOR/S2"


def initialise(emulator: Emulator) -> None:
    """Point `ee` at an emulator."""
    ee.Initialize(credentials=Credentials("token"), url=emulator.url, project=PROJECT)


def middle(asset_id: str) -> tuple[float, float]:
    """Return the middle of an asset's footprint."""
    ring = ee.data.getAsset(f"projects/earthengine-public/assets/{asset_id}")["geometry"]["coordinates"][0]
    corners = np.array(ring)
    west, south = corners.mean(axis=0)
    return float(west), float(south)


def started(task: Any) -> dict[str, Any]:
    """Start a task and return its status after one look."""
    task.start()
    status: dict[str, Any] = task.status()
    return status
