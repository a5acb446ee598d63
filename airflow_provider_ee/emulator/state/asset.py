"""One asset: a folder, a collection, an image, a table; and its name."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_ee.emulator.compute import StoredClassifier, StoredImage, StoredTable
from airflow_provider_ee.emulator.state.clocks import timestamp

__all__ = ["PUBLIC", "Asset", "is_root", "parent_of"]

PUBLIC = "projects/earthengine-public/assets"


def is_root(name: str) -> bool:
    """Return whether a name is the top of a project's assets."""
    return name.count("/") == 2


def parent_of(name: str) -> str:
    """Return the name of the folder or collection that an asset is in."""
    return name.rpartition("/")[0]


@dataclass(slots=True)
class Asset:
    """An asset and what is known of it.

    Args:
        name: The full name.
        type: FOLDER, IMAGE_COLLECTION, IMAGE, TABLE, CLASSIFIER or FEATURE_VIEW.
        updated: When it was last changed.
        fields: The rest of its EarthEngineAsset: properties, times, bands and so on.
        stored: Its raster, its features or its trees, when an export or an import wrote them.
        bindings: Who may do what with it.
    """

    name: str
    type: str
    updated: float
    fields: dict[str, Any] = field(default_factory=dict)
    stored: StoredImage | StoredTable | StoredClassifier | None = None
    bindings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def container(self) -> bool:
        """Whether other assets can be in it."""
        return self.type in ("FOLDER", "IMAGE_COLLECTION")

    def shown(self, *, basic: bool = False) -> dict[str, Any]:
        """Return the asset as the API answers it."""
        plain = {
            "type": self.type,
            "name": self.name,
            "id": self.name.removeprefix(f"{PUBLIC}/"),
            "updateTime": timestamp(self.updated),
        }
        return plain if basic else plain | self.fields

    def policy(self) -> dict[str, Any]:
        """Return who may do what, with the etag that guards a change."""
        etag = hashlib.sha256(json.dumps(self.bindings, sort_keys=True).encode()).hexdigest()[:12]
        return {"bindings": self.bindings, "etag": etag}
