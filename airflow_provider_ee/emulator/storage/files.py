"""Files of an export: a bucket or a Drive folder under the emulator's root, and the prefix of the names in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.state.ledger import digest
from airflow_provider_ee.emulator.state.switches import Buckets
from airflow_provider_ee.emulator.state.world import World

__all__ = ["FileTarget", "asset_page", "file_target"]


@dataclass(frozen=True, slots=True)
class FileTarget:
    """A bucket or a Drive folder, and the prefix of the names in it.

    Args:
        folder: The bucket's or Drive folder's directory under the root.
        prefix: The request's filenamePrefix; empty where it has none.
        uris: Where a person finds the result; Earth Engine gives pages for people, not gs:// names.
        in_bucket: Whether it is a bucket.
        refusal: Why nothing can be written there; empty where it can.
        made: Whether a bucket that is missing is made.
    """

    folder: Path
    prefix: str
    uris: tuple[str, ...]
    in_bucket: bool
    refusal: str = ""
    made: bool = True

    def file(self, nameless: str) -> Path:
        """Return the path of a file without its suffix.

        Args:
            nameless: What the service calls a file whose prefix is empty or ends in "/".
        """
        return self.folder / (self.prefix + (nameless if not self.prefix or self.prefix.endswith("/") else ""))

    def check(self) -> None:
        """Check that files can be written, when the operation is about to do so.

        Raises:
            ApiError: They cannot.
        """
        if self.refusal:
            raise ApiError("PERMISSION_DENIED", self.refusal)
        if not self.made and not self.folder.is_dir():
            raise ApiError("NOT_FOUND", f"The specified bucket does not exist: '{self.folder.name}'.")


def file_target(options: Mapping[str, Any], world: World, user: str) -> FileTarget:
    """Return where file options, with a cloudStorageDestination or a driveDestination, want the files.

    Args:
        options: The request's file options.
        world: The state behind the API.
        user: Who asks.
    """
    if "cloudStorageDestination" in options:
        wanted = options["cloudStorageDestination"]
        bucket = wanted["bucket"]
        page = (f"https://console.developers.google.com/storage/browser/{bucket}",)
        made = world.settings.missing_bucket is Buckets.MADE
        return FileTarget(world.root / "gs" / bucket, wanted.get("filenamePrefix", ""), page, in_bucket=True, made=made)
    wanted = options["driveDestination"]
    name = wanted.get("folder", "")
    page = (f"https://drive.google.com/#folders/{digest(name)}",)
    # Seen in September 2026, for folders shared with the account too.
    refusal = "Service Accounts do not have storage quota." if user.endswith(".gserviceaccount.com") else ""
    folder = world.root / "drive" / name
    return FileTarget(folder, wanted.get("filenamePrefix", ""), page, in_bucket=False, refusal=refusal)


def asset_page(name: str) -> tuple[str, ...]:
    """Return the page of an asset in the Code Editor."""
    return (f"https://code.earthengine.google.com/?asset={name}",)
