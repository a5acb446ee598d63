"""Cloud Storage as the emulator has it: a bucket is a folder under the root, an object is a file in it."""

from pathlib import Path

__all__ = ["object_path"]


def object_path(root: Path, uri: str) -> Path:
    """Return where an object is, by its name as `schemas.objects.check_uri` lets it pass."""
    bucket, _, name = uri.removeprefix("gs://").partition("/")
    return root / "gs" / bucket / name
