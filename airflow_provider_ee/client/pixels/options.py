"""In which form pixels are wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from airflow_provider_ee.client.arguments.scalars import choice, optional
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.pixels.geotiff import COMPRESSIONS

__all__ = ["Deliver", "Wishes"]

_GEO_TIFF = "GEO_TIFF"
_FORMATS = {name: name for name in (_GEO_TIFF, "JPEG", "NPY", "PNG")}
_COMPRESSIONS = {name: name for name in COMPRESSIONS}

#: Puts a finished file where it belongs.
Deliver: TypeAlias = Callable[[Path, str], object]


@dataclass(frozen=True)
class Wishes:
    """The form in which pixels are wanted; `download.fetch_async` explains it."""

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
    ) -> Wishes:
        """Check that they go together.

        Raises:
            InvalidArgument: They do not.
        """
        chosen = None if file_format is None else choice("file_format", file_format, _FORMATS, "format of pixels")
        packed = optional(choice, "compression", compression, _COMPRESSIONS, "compression")
        place = None if output is None else str(output)
        if place is not None and (not place or ("://" in place and deliver is None)):
            raise InvalidArgument("output", f"{shown(place)} is no path on this machine", "a path")
        if place is not None and deliver is None and Path(place).is_dir():
            raise InvalidArgument("output", f"{shown(place)} is a folder", "the path of a file")
        wishes = cls(chosen, output=place, deliver=deliver, compression=packed, **others)
        for name in ("cloud_optimized", "preview", "compression"):
            made_of_tiles = chosen in (None, _GEO_TIFF) and wishes.visualization is None
            if getattr(wishes, name) and (place is None or not made_of_tiles):
                raise InvalidArgument(
                    name,
                    "only a GeoTIFF can have it",
                    "an output, no file_format but GEO_TIFF, and no visualization_options",
                )
        if wishes.visualization is not None and chosen is None:
            raise InvalidArgument("visualization_options", "they make a picture", "file_format PNG, JPEG or GEO_TIFF")
        return wishes
