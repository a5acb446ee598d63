"""Keep the tiles that have arrived as files until the image is whole, so that a download that broke off goes on.

They are in a folder with a mark: the file OWNER, which says by whom it was made, and the digest of what was asked for.
Nothing is written or deleted in a folder without it. Tiles of another order, or older than their order allows, are
deleted; files of other names never are.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.pixels.grids.requests import TileRequest

__all__ = ["OWNER", "Staging", "digest", "remove_expired", "temporary_folder"]

#: The mark, which is locked while a download is at work.
OWNER = ".airflow-provider-ee"
_EXPLAINED = "Tiles of a download that is not finished. It goes on from them; without this folder, it begins anew."

_UNFINISHED, _TILE, _SPLIT = ".unfinished", ".npy", ".split"
#: What a download writes: tiles, those that were too much, and files that are whole only in the end.
_OURS = re.compile(
    r"\d+-\d+-\d+x\d+-[0-9a-f]{8}(\.npy|\.npy\.unfinished|\.split)|whole(\.tif)?|optimized\.tif|preview\.png"
)

#: Tiles of other orders in the temporary folder are deleted after a week: nobody goes on with them.
_FORGOTTEN_SECONDS = 7 * 86400.0


def digest(order: Mapping[str, Any]) -> str:
    """Return a short text that is another one for every other order."""
    return hashlib.sha256(json.dumps(order, sort_keys=True).encode()).hexdigest()[:32]


def temporary_folder(order: str) -> Path:
    """Return where tiles are kept if there is no folder beside the output, in one that only this user may read.

    Args:
        order: The digest of the order.
    """
    folder = Path(tempfile.gettempdir()) / f"earthengine-pixels-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    # Anybody may have made it before.
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise InvalidArgument(
            "output_path", f"{folder} belongs to another user", "a folder of your own, named by TMPDIR"
        )
    return folder / order


class Staging:
    """The finished tiles of an order.

    Args:
        folder: Where they are; it is made when needed.
        order: The digest of the order.
        lifetime: For how many seconds after the first tile a download may go on with them.
    """

    def __init__(self, folder: Path, order: str, lifetime: float = _FORGOTTEN_SECONDS) -> None:
        self.folder = folder
        self._order = order
        self._lifetime = lifetime
        self._mark: int | None = None

    def __enter__(self) -> Self:
        self._mark = self._claim()
        try:
            # The system releases the lock of a process that was killed.
            fcntl.flock(self._mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held it until now may have deleted the folder.
            is_there = os.path.samestat(os.fstat(self._mark), (self.folder / OWNER).stat(follow_symlinks=False))
        except OSError:
            is_there = False
        if not is_there:
            self._unlock()
            raise InvalidArgument(
                "output_path",
                f"another download is at work in {self.folder}",
                "one download at a time, or another output",
            )
        if not self._may_go_on():
            self._begin()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._unlock()

    def read(self, tile: TileRequest) -> bytes | None:
        """Return the answer with a tile, or None if it is missing."""
        try:
            return self._path(tile, _TILE).read_bytes()
        except FileNotFoundError:
            return None

    def keep(self, tile: TileRequest, body: bytes | memoryview) -> None:
        """Keep the answer with a tile: all of it or nothing."""
        path = self._path(tile, _TILE)
        unfinished = path.with_name(f"{path.name}{_UNFINISHED}")
        # Not through a link, whoever put one there.
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as file:
            file.write(body)
        unfinished.replace(path)

    def note_split(self, tile: TileRequest) -> None:
        """Remember that a tile is too much for Earth Engine."""
        self._path(tile, _SPLIT).touch()

    def as_split(self, tiles: Iterable[TileRequest]) -> Iterator[TileRequest]:
        """Return tiles, and of those that are too much for Earth Engine their quarters."""
        for tile in tiles:
            if self._path(tile, _SPLIT).exists():
                yield from self.as_split(tile.quarters())
            else:
                yield tile

    def new_file(self, name: str) -> Path:
        """Return the path of a file to write; none is there, nor a link."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        return path

    def discard(self) -> None:
        """Delete every file of the download, and the folder if nothing else is in it."""
        self._clear()
        (self.folder / OWNER).unlink()
        # Somebody has put a file there.
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    def _claim(self) -> int:
        """Make the folder and its mark if there is none, and open the mark.

        Raises:
            InvalidArgument: There is something that no download has made.
        """
        with contextlib.suppress(FileExistsError):
            self.folder.mkdir(parents=True)
        mark = self.folder / OWNER
        is_folder = self.folder.is_dir() and not self.folder.is_symlink()
        found = list(self.folder.iterdir()) if is_folder else []
        if not is_folder or (found and mark not in found):
            raise InvalidArgument(
                "output_path",
                f"{self.folder}, where unfinished tiles would be kept, is there already and not of a download",
                "another output_path, or move it away",
            )
        try:
            return os.open(mark, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise InvalidArgument(
                "output_path", f"{mark} cannot be opened ({error.strerror})", "another output"
            ) from None

    def _may_go_on(self) -> bool:
        assert self._mark is not None  # noqa: S101  # it is entered
        begun = os.fstat(self._mark).st_mtime
        written = os.pread(self._mark, 1024, 0).decode("ascii", errors="replace")
        return written == self._text and time.time() - begun <= self._lifetime

    def _begin(self) -> None:
        assert self._mark is not None  # noqa: S101  # it is entered
        # Without an order until the tiles of the earlier one are deleted, so that nobody goes on with some of them.
        os.ftruncate(self._mark, 0)
        self._clear()
        os.pwrite(self._mark, self._text.encode(), 0)

    @property
    def _text(self) -> str:
        return f"{_EXPLAINED}\n{self._order}\n"

    def _clear(self) -> None:
        for path in self.folder.iterdir():
            if _OURS.fullmatch(path.name) and (path.is_symlink() or path.is_file()):
                path.unlink()

    def _path(self, tile: TileRequest, ending: str) -> Path:
        column, row, width, height = tile.tile
        bands = hashlib.sha256("\n".join(tile.band_ids).encode()).hexdigest()[:8]
        return self.folder / f"{column}-{row}-{width}x{height}-{bands}{ending}"

    def _unlock(self) -> None:
        if self._mark is not None:
            os.close(self._mark)
            self._mark = None


def remove_expired(folder: Path, lifetime: float = _FORGOTTEN_SECONDS) -> None:
    """Delete the tiles of orders in a temporary folder with which no download has gone on for a week."""
    for mark in folder.glob(f"*/{OWNER}"):
        with contextlib.suppress(OSError, InvalidArgument):
            if time.time() - mark.stat(follow_symlinks=False).st_mtime > lifetime:
                with Staging(mark.parent, "") as expired:
                    expired.discard()
