"""Receive the body of an answer: no more of it than an answer may have."""

from __future__ import annotations

import mmap
from typing import Any, BinaryIO, Protocol

from airflow_provider_ee.client.errors import InvalidRequest
from airflow_provider_ee.client.rest.request import Request

__all__ = ["Body", "InFile", "Place"]

#: Memory that no child process shares.
_PRIVATE = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS


class Place(Protocol):
    """Where the body of an answer is put, piece by piece. Whatever Content-Length says of it is not relied on."""

    def begin(self, request: Request) -> None:
        """Forget what there was, and expect the answer to a request."""

    def take(self, piece: bytes) -> None:
        """Add a piece."""

    def whole(self) -> Any:
        """Return what there is now."""


class Body:
    """A place in memory, which the next body may have after this one.

    Args:
        longest: How many bytes a body may have; it is refused as soon as it has more.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._memory: bytearray | mmap.mmap = bytearray()
        self._length = 0

    def begin(self, request: Request) -> None:
        """Forget what there was, and expect the answer to a request."""
        self._request = request
        self._length = 0

    def take(self, piece: bytes) -> None:
        """Add a piece.

        Raises:
            InvalidRequest: That makes it too long.
        """
        start, self._length = self._length, self._length + len(piece)
        if self._length > self._longest:
            raise InvalidRequest(
                f"The answer is longer than {self._longest:,} bytes.",
                method=self._request.method.id,
                name=self._request.name,
                hint="Ask for less at once, or stream it.",
            )
        if self._length > len(self._memory):
            # Another memory, as somebody may still look at this one: it takes room only where it is written to.
            larger = mmap.mmap(-1, max(2 * len(self._memory), self._length), _PRIVATE)
            larger[:start] = self._memory[:start]
            self._memory = larger
        self._memory[start : self._length] = piece

    def whole(self) -> memoryview:
        """Return all of it, until the next one begins."""
        return memoryview(self._memory)[: self._length]


class InFile:
    """A place in a file, for bodies of any length."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def begin(self, _: Request) -> None:
        """Empty it."""
        self._file.seek(0)
        self._file.truncate()

    def take(self, piece: bytes) -> None:
        """Write a piece."""
        self._file.write(piece)

    def whole(self) -> int:
        """Return how long it is."""
        return self._file.tell()
