"""Map exports: an image as web-mercator tiles of 256 pixels, `<zoom>/<x>/<y>`, from the north-western corner.

Earth Engine adds two pages: `index.html`, which shows the tiles with Google's maps, and `earth.html`, which opens them
in Google Earth. Here `index.html` shows the tiles alone, and there is no `earth.html`.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from airflow_provider_ee.emulator.compute.assets import grid_fields
from airflow_provider_ee.emulator.compute.errors import ComputeError, NotComputed
from airflow_provider_ee.emulator.compute.images import Image
from airflow_provider_ee.emulator.compute.pixels.grids import Grid, Projection, invertible
from airflow_provider_ee.emulator.compute.pixels.rasters import render_whole
from airflow_provider_ee.emulator.compute.pixels.responses import image_pixels

__all__ = ["check_map", "export_map"]

_SIDE = 256
_EARTH = 2 * math.pi * 6378137
_DEEPEST = 24

#: Not of Earth Engine: each level has four times the tiles of the one above, and a typing error fills a disk.
_MOST_TILES = 10_000

#: What a tile's name ends in. Seen in public code: layers of "auto" tiles are read without a suffix, those of "png"
#: tiles with ".png".
_SUFFIXES = {"AUTO_JPEG_PNG": "", "JPEG": ".jpg", "PNG": ".png", "GEO_TIFF": ".tif"}

#: The page shows the deepest level with no more tiles than this.
_MOST_SHOWN = 64

#: TileOptions of video maps.
_OF_VIDEOS = ("dimensions", "stride", "zoomSubset")


@dataclass(frozen=True)
class _Level:
    """The tiles of one zoom level that an image touches: a rectangle of columns and rows."""

    zoom: int
    columns: range
    rows: range

    @property
    def count(self) -> int:
        return len(self.columns) * len(self.rows)


def check_map(image: Any, options: Mapping[str, Any], file_format: str) -> None:
    """Raise what the API raises at submission. Computes no pixel.

    Args:
        image: What is exported.
        options: The request's tileOptions.
        file_format: The format of the tiles.
    """
    if file_format not in _SUFFIXES:
        raise NotComputed(f"Map tiles of the format {file_format} are not computed by the emulator.")
    for name in _OF_VIDEOS:
        if name in options:
            raise NotComputed(f"tileOptions.{name} is of videos; the emulator does not do it.")
    if not isinstance(image, Image):
        raise ComputeError("The expression to export is not an Image.")
    if file_format != "GEO_TIFF" and not _is_rgb(image):
        kinds = ", ".join(f"{band.id}: {band.raster.dtype.name}" for band in image.bands)
        raise ComputeError(f"Map tiles are made of three bands of bytes, as visualize() gives; found [{kinds}].")
    tiles = sum(level.count for level in _levels(image, options))
    if tiles > _MOST_TILES:
        raise NotComputed(f"The map has {tiles} tiles; the emulator writes at most {_MOST_TILES}.")


def export_map(image: Image, options: Mapping[str, Any], file_format: str, target: Path) -> None:
    """Write the tiles of a map under a folder."""
    check_map(image, options, file_format)
    levels = _levels(image, options)
    for level in levels:
        for x, y, grid in _tiles(level):
            if options.get("skipEmpty") and not _any_valid(image, grid):
                continue
            content, _ = image_pixels(image, grid=grid_fields(grid), file_format=file_format)
            path = target / str(level.zoom) / str(x) / f"{y}{_SUFFIXES[file_format]}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    target.mkdir(parents=True, exist_ok=True)  # where every tile was empty and left out
    page = _page(target.name, levels, _SUFFIXES[file_format])
    (target / "index.html").write_text(page, encoding="utf-8")


def _page(name: str, levels: Sequence[_Level], suffix: str) -> str:
    few = [level for level in levels if level.count <= _MOST_SHOWN]
    shown = few[-1] if few else levels[0]
    rows = (
        "<tr>" + "".join(f'<td><img src="{shown.zoom}/{x}/{y}{suffix}" alt="">' for x in shown.columns)
        for y in shown.rows
    )
    table = '<table cellspacing="0" cellpadding="0">'
    return "\n".join(["<!DOCTYPE html>", f"<title>{html.escape(name)}</title>", table, *rows, ""])


def _is_rgb(image: Image) -> bool:
    return len(image.bands) == 3 and all(raster.dtype == np.uint8 for raster in image.rasters)


def _any_valid(image: Image, grid: Grid) -> bool:
    return any(bool(plane.valid.any()) for plane in render_whole(image.rasters, grid))


def _levels(image: Image, options: Mapping[str, Any]) -> list[_Level]:
    if image.footprint is None:
        raise ComputeError("Unable to export unbounded image.")
    first, last = options.get("startZoom", 0), options.get("endZoom")
    if last is None:
        last = _zoom_of(options["scale"])
    if first > last:
        raise ComputeError(f"tileOptions: startZoom {first} is greater than the greatest zoom level, {last}.")
    west, south, east, north = image.footprint.bounds("EPSG:4326")
    return [
        _Level(zoom, _between(_column(west), _column(east), zoom), _between(_row(north), _row(south), zoom))
        for zoom in range(first, last + 1)
    ]


def _zoom_of(scale: float) -> int:
    """Return the level whose pixels are nearest to this many metres at the equator."""
    if not scale > 0:
        raise ComputeError("tileOptions.scale must be positive.")
    return min(max(round(math.log2(_EARTH / _SIDE / scale)), 0), _DEEPEST)


def _column(longitude: float) -> float:
    """Return how far east in the square world a longitude is, 0 to 1."""
    return (longitude + 180) / 360


def _row(latitude: float) -> float:
    """Return how far south in the square world a latitude is: from 0 to 1, and beyond at the poles."""
    return 0.5 - math.asinh(math.tan(math.radians(latitude))) / (2 * math.pi)


def _between(first: float, last: float, zoom: int) -> range:
    """Return the tiles from one place of the square world to another; an edge that only touches a tile is not in it."""
    count = 2**zoom
    start = min(max(math.floor(first * count), 0), count - 1)
    return range(start, max(start + 1, min(math.ceil(last * count - 1e-9), count)))


def _tiles(level: _Level) -> Iterator[tuple[int, int, Grid]]:
    size = _EARTH / _SIDE / 2**level.zoom
    projection = Projection("EPSG:3857", invertible((size, 0, -_EARTH / 2, 0, -size, _EARTH / 2)))
    for x in level.columns:
        for y in level.rows:
            yield x, y, Grid(projection, x * _SIDE, y * _SIDE, _SIDE, _SIDE)
