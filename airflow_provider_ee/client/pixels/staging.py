"""Tiles that have arrived, kept as files until the image is whole: a download that broke off goes on from them.

A folder belongs to one order, whose digest is in it; what another order left there is thrown away.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.pixels.requests import Part

__all__ = ["Staging", "digest", "temporary_folder"]

_ORDER, _LOCK = "order", "lock"


def digest(order: Mapping[str, Any]) -> str:
    """Return a short text that is another one for every other order."""
    return hashlib.sha256(json.dumps(order, sort_keys=True).encode()).hexdigest()[:32]


def temporary_folder(order: str) -> Path:
    """Return where the tiles of an order are kept if there is no folder beside its output: one that only we may read.

    Args:
        order: The digest of the order.
    """
    folder = Path(tempfile.gettempdir()) / f"earthengine-pixels-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    # Anybody may have made it before: files of theirs are none of ours.
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise InvalidArgument("output", f"{folder} belongs to somebody else", "a folder of your own, named by TMPDIR")
    return folder / order


class Staging:
    """The finished tiles of an order.

    Args:
        folder: Where they are; it is made when needed.
        order: The digest of the order.
    """

    def __init__(self, folder: Path, order: str) -> None:
        self.folder = folder
        self.order = order
        self._lock: int | None = None

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # The system takes it back from a process that was killed.
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._unlock()
            raise InvalidArgument(
                "output", f"another download is at work in {self.folder}", "one download at a time, or another output"
            ) from None
        self._begin()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._unlock()

    def read(self, part: Part) -> bytes | None:
        """Return a finished tile, or None if it is missing."""
        try:
            return self._path(part).read_bytes()
        except FileNotFoundError:
            return None

    def keep(self, part: Part, body: bytes) -> None:
        """Keep a finished tile: all of it or nothing."""
        _write_whole(self._path(part), body)

    def note_split(self, part: Part) -> None:
        """Remember that a tile is too much for Earth Engine."""
        self._path(part).with_suffix(".split").touch()

    def as_split(self, parts: Iterable[Part]) -> Iterator[Part]:
        """Return parts, and of those that are too much for Earth Engine their quarters."""
        for part in parts:
            if self._path(part).with_suffix(".split").exists():
                yield from self.as_split(part.quarters())
            else:
                yield part

    def discard(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.folder)

    def _begin(self) -> None:
        note = self.folder / _ORDER
        if note.is_file() and note.read_text(encoding="ascii", errors="replace") == self.order:
            return
        for leftover in self.folder.iterdir():
            if leftover.name != _LOCK:
                leftover.unlink()
        _write_whole(note, self.order.encode())

    def _path(self, part: Part) -> Path:
        column, row, width, height = part.tile
        bands = hashlib.sha256("\n".join(part.band_ids).encode()).hexdigest()[:8]
        return self.folder / f"{column}-{row}-{width}x{height}-{bands}.tif"

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name first, so that there is never half of it under its own."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_bytes(content)
    unfinished.replace(path)
