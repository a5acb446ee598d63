"""Make one file of packed tiles: their blocks are moved as they are, and packed anew only where tiles share one."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path

import numpy as np

from airflow_provider_ee.client.pixels.blocks import Blocks
from airflow_provider_ee.client.pixels.geotiff import GeoTiff, explained, unpacked
from airflow_provider_ee.client.pixels.grids.tiles import Tile
from airflow_provider_ee.client.pixels.npy import Pixels
from airflow_provider_ee.client.pixels.requests import Part

__all__ = ["join"]


def join(path: Path, form: GeoTiff, parts: Iterable[Part], packed: Callable[[Part], bytes]) -> None:
    """Write a file.

    Args:
        path: Where.
        form: What it is like.
        parts: All parts of it.
        packed: Returns the packed pixels of a part.

    Raises:
        OSError: It could not be written.
    """
    with explained(path):
        form.create(path)
        with path.open("r+b") as file:
            blocks, odd = Blocks(file), list[Part]()
            for part in parts:
                if form.is_aligned(part.tile):
                    _move(packed(part), blocks, form.numbers(part.tile, part.band_ids))
                else:
                    odd.append(part)
            for tile, bands, sharing in _shared(form, odd):
                pixels = _composed(tile, sharing, packed)
                _move(form.packed(pixels), blocks, form.numbers(tile, bands))
            blocks.save()


def _move(content: bytes, target: Blocks, numbers: Iterable[int]) -> None:
    source = Blocks(io.BytesIO(content))
    for number, place in zip(range(len(source)), numbers, strict=True):
        target.put(place, source.take(number))


def _shared(form: GeoTiff, parts: Sequence[Part]) -> Iterator[tuple[Tile, list[str], list[Part]]]:
    """Return each block that consists of several parts, as a tile of some bands, and these parts."""
    sharing: dict[tuple[int, int, tuple[str, ...]], list[Part]] = {}
    for part in parts:
        for top, left in product(*form.touched(part.tile)):
            sharing.setdefault((left, top, tuple(part.band_ids)), []).append(part)
    for (left, top, bands), several in sharing.items():
        column, row = left * form.block, top * form.block
        width, height = min(form.block, form.grid.width - column), min(form.block, form.grid.height - row)
        yield Tile(column, row, width, height), list(bands), several


def _composed(tile: Tile, parts: Iterable[Part], packed: Callable[[Part], bytes]) -> Pixels:
    """Return the pixels of a tile, of which each is in one of the parts."""
    whole: Pixels | None = None
    for part in parts:
        pixels = unpacked(packed(part))
        if whole is None:
            whole = np.empty((len(pixels), tile.height, tile.width), pixels.dtype)
        # Both begin somewhere, and what they have in common begins where the later one does.
        left, top = max(part.tile.column, tile.column), max(part.tile.row, tile.row)
        right = min(part.tile.column + part.tile.width, tile.column + tile.width)
        bottom = min(part.tile.row + part.tile.height, tile.row + tile.height)
        whole[:, top - tile.row : bottom - tile.row, left - tile.column : right - tile.column] = pixels[
            :, top - part.tile.row : bottom - part.tile.row, left - part.tile.column : right - part.tile.column
        ]
    assert whole is not None  # noqa: S101  # a shared block has parts
    return whole
