"""Cloud Storage as the emulator has it: a bucket is a folder under the root, an object is a file in it."""

from pathlib import Path

from airflow_provider_ee.emulator.compute.files.appearing import is_unfinished

__all__ = ["list_objects", "object_path"]


def object_path(root: Path, uri: str) -> Path:
    """Return where an object is, by its name as `schemas.objects.check_uri` lets it pass."""
    bucket, _, name = uri.removeprefix("gs://").partition("/")
    return root / "gs" / bucket / name


def list_objects(root: Path, bucket: str) -> list[tuple[str, Path]] | None:
    """Return the objects of a bucket with their files, by name; None if there is no such bucket."""
    folder = root / "gs" / bucket
    if bucket in ("", ".", "..") or not folder.is_dir():
        return None
    found = ((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file())
    return sorted((name, path) for name, path in found if not is_unfinished(path))
