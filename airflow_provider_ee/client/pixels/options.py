"""Check the arguments about the file that a download writes: its format, its path, what is written beside it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from airflow_provider_ee.client.arguments.scalars import choice, optional
from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["COMPRESSIONS", "DEFLATE", "GEO_TIFF", "Deliver", "FileOptions", "check_file_format"]

#: A higher level of deflate makes the file of a satellite image a third smaller, and takes eight times as long; zstd
#: takes three quarters of the time and four fifths of the room, but not every program reads it.
COMPRESSIONS: Mapping[str, Mapping[str, Any]] = {
    "deflate": {"compress": "deflate", "zlevel": 1},
    "zstd": {"compress": "zstd", "zstd_level": 1},
    "lzw": {"compress": "lzw"},
    "none": {},
}
DEFLATE = "deflate"


GEO_TIFF = "GEO_TIFF"
_FORMATS = {name: name for name in (GEO_TIFF, "JPEG", "NPY", "PNG")}


def check_file_format(argument: str, value: object) -> str:
    """Check the name of a format of pixels."""
    return choice(argument, value, _FORMATS, "format of pixels")


_COMPRESSIONS = {name: name for name in COMPRESSIONS}

#: Called with the path of a finished file and the output path, to upload it.
Deliver: TypeAlias = Callable[[Path, str], object]


@dataclass(frozen=True)
class FileOptions:
    """The arguments about the file that `calls.DownloadPixels` explains, checked."""

    file_format: str | None
    visualization: Mapping[str, Any] | None
    output_path: str
    deliver: Deliver | None
    cloud_optimized: bool
    preview: bool
    compression: str | None

    @classmethod
    def of(
        cls,
        *,
        file_format: object,
        output_path: object,
        deliver: Deliver | None,
        compression: object,
        **others: Any,
    ) -> FileOptions:
        """Check arguments, also whether they can be combined.

        Raises:
            InvalidArgument: One is wrong, or two contradict each other.
        """
        chosen = optional(check_file_format, "file_format", file_format)
        compressed = optional(choice, "compression", compression, _COMPRESSIONS, "compression")
        path = os.fspath(output_path) if isinstance(output_path, (str, os.PathLike)) else None
        if not path or "\0" in path or ("://" in path and deliver is None):
            raise InvalidArgument("output_path", f"{shown(output_path)} is not a path on this machine", "a path")
        if deliver is None and Path(path).is_dir():
            raise InvalidArgument("output_path", f"{shown(path)} is a folder", "the path of a file")
        options = cls(chosen, output_path=path, deliver=deliver, compression=compressed, **others)
        for name in ("cloud_optimized", "preview", "compression"):
            made_of_tiles = chosen in (None, GEO_TIFF) and options.visualization is None
            if getattr(options, name) and not made_of_tiles:
                raise InvalidArgument(
                    name, "only a GeoTIFF can have it", "with no file_format but GEO_TIFF, and no visualization_options"
                )
        if options.visualization is not None and chosen is None:
            raise InvalidArgument(
                "visualization_options", "only a picture can have them", "with file_format PNG, JPEG or GEO_TIFF"
            )
        return options
