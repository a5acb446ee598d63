"""Check the arguments about the output: its format, its path, what is written beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from airflow_provider_ee.client.arguments.scalars import choice, optional
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.pixels.geotiff import COMPRESSIONS

__all__ = ["Deliver", "OutputOptions"]

_GEO_TIFF = "GEO_TIFF"
_FORMATS = {name: name for name in (_GEO_TIFF, "JPEG", "NPY", "PNG")}
_COMPRESSIONS = {name: name for name in COMPRESSIONS}

#: Called with the path of a finished file and the output, to upload it.
Deliver: TypeAlias = Callable[[Path, str], object]


@dataclass(frozen=True)
class OutputOptions:
    """The arguments about the output that `download.fetch_async` explains, checked."""

    file_format: str | None
    visualization: Mapping[str, Any] | None
    output: str | None
    deliver: Deliver | None
    cloud_optimized: bool
    preview: bool
    compression: str | None

    @classmethod
    def of(
        cls,
        *,
        file_format: object,
        output: str | Path | None,
        deliver: Deliver | None,
        compression: object,
        **others: Any,
    ) -> OutputOptions:
        """Check arguments, also whether they can be combined.

        Raises:
            InvalidArgument: One is wrong, or two contradict each other.
        """
        chosen = None if file_format is None else choice("file_format", file_format, _FORMATS, "format of pixels")
        compressed = optional(choice, "compression", compression, _COMPRESSIONS, "compression")
        path = None if output is None else str(output)
        if path is not None and (not path or ("://" in path and deliver is None)):
            raise InvalidArgument("output", f"{shown(path)} is not a path on this machine", "a path")
        if path is not None and deliver is None and Path(path).is_dir():
            raise InvalidArgument("output", f"{shown(path)} is a folder", "the path of a file")
        options = cls(chosen, output=path, deliver=deliver, compression=compressed, **others)
        for name in ("cloud_optimized", "preview", "compression"):
            made_of_tiles = chosen in (None, _GEO_TIFF) and options.visualization is None
            if getattr(options, name) and (path is None or not made_of_tiles):
                raise InvalidArgument(
                    name,
                    "only a GeoTIFF can have it",
                    "an output, no file_format but GEO_TIFF, and no visualization_options",
                )
        if options.visualization is not None and chosen is None:
            raise InvalidArgument(
                "visualization_options", "only a picture can have them", "with file_format PNG, JPEG or GEO_TIFF"
            )
        return options
