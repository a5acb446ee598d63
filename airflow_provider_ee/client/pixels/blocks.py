"""The blocks of a TIFF, taken out and put in as they are: packed.

https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf (sections 2 and 15),
https://www.awaresystems.be/imaging/tiff/bigtiff.html
"""

from __future__ import annotations

import io
import os
import struct
from dataclasses import dataclass
from operator import add
from typing import Any, BinaryIO

__all__ = ["Blocks", "NotWhole", "is_whole"]

_OFFSETS, _LENGTHS = 324, 325
#: The types of numbers that the two tables may consist of: SHORT, LONG and LONG8.
_NUMBERS = {3: "H", 4: "I", 16: "Q"}


@dataclass(frozen=True, slots=True)
class _Form:
    """How a TIFF lays out its directory: where its offset stands, and the forms of offset, count and entry."""

    start: int
    offset: str
    count: str
    entry: str


_FORMS = {b"II*\0": _Form(4, "<I", "<H", "<HHI4s"), b"II+\0": _Form(8, "<Q", "<Q", "<HHQ8s")}


class NotWhole(ValueError):
    """A file is no TIFF of blocks, or not all of one."""


@dataclass(frozen=True, slots=True)
class _Table:
    """Numbers in a file, one for each block: where they begin, and how they are written."""

    position: int
    form: str
    numbers: list[int]


class Blocks:
    """The blocks of a file.

    Args:
        file: A tiled TIFF in the order of bytes of Intel's machines, open for reading; for `put`, for writing too.

    Raises:
        NotWhole: It is none, or not all of it is there.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._end = file.seek(0, os.SEEK_END)
        self._offsets, self._lengths = self._tables()
        for end in map(add, self._offsets.numbers, self._lengths.numbers):
            if end > self._end:
                raise NotWhole(f"A block ends at {end}, and the file at {self._end}.")

    def __len__(self) -> int:
        return len(self._offsets.numbers)

    @property
    def missing(self) -> list[int]:
        """The numbers of the blocks that are not there."""
        return [number for number, length in enumerate(self._lengths.numbers) if not length]

    def take(self, number: int) -> bytes:
        """Return a block."""
        return self._read(self._offsets.numbers[number], self._lengths.numbers[number])

    def put(self, number: int, block: bytes) -> None:
        """Add a block at the end of the file."""
        self._file.seek(self._end)
        self._file.write(block)
        self._offsets.numbers[number], self._lengths.numbers[number] = self._end, len(block)
        self._end += len(block)

    def save(self) -> None:
        """Write down where the blocks are."""
        for table in (self._offsets, self._lengths):
            self._file.seek(table.position)
            self._file.write(struct.pack(table.form, *table.numbers))

    def _tables(self) -> tuple[_Table, _Table]:
        form = _FORMS.get(self._read(0, 4))
        if form is None:
            raise NotWhole("It is no TIFF.")
        (position,) = self._unpacked(form.offset, form.start)
        (count,) = self._unpacked(form.count, position)
        position += struct.calcsize(form.count)
        found = {}
        for _ in range(count):
            tag, kind, length, value = self._unpacked(form.entry, position)
            position += struct.calcsize(form.entry)
            if tag in {_OFFSETS, _LENGTHS}:
                found[tag] = self._table(form, kind, length, value, position)
        if len(found) != 2 or len(found[_OFFSETS].numbers) != len(found[_LENGTHS].numbers):
            raise NotWhole("It does not say where its blocks are.")
        return found[_OFFSETS], found[_LENGTHS]

    def _table(self, form: _Form, kind: int, count: int, value: bytes, end: int) -> _Table:
        """Read the table of an entry that ends there: numbers that fit into it are in the entry itself."""
        code = _NUMBERS.get(kind)
        if code is None:
            raise NotWhole(f"Its tables are of the type {kind}.")
        size = count * struct.calcsize(f"<{code}")
        position = end - len(value) if size <= len(value) else struct.unpack(form.offset, value)[0]
        content, layout = self._read(position, size), f"<{count}{code}"
        return _Table(position, layout, list(struct.unpack(layout, content)))

    def _unpacked(self, form: str, position: int) -> tuple[Any, ...]:
        return struct.unpack(form, self._read(position, struct.calcsize(form)))

    def _read(self, position: int, length: int) -> bytes:
        if position + length > self._end:
            raise NotWhole(f"It ends before {position + length}.")
        self._file.seek(position)
        return self._file.read(length)


def is_whole(content: bytes) -> bool:
    """Whether a file has all of its blocks."""
    try:
        return not Blocks(io.BytesIO(content)).missing
    except NotWhole:
        return False
