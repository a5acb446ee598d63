"""The formats in which Earth Engine encodes pixels."""

from __future__ import annotations

from airflow_provider_ee.client.arguments.scalars import choice

__all__ = ["GEO_TIFF", "check_file_format"]

GEO_TIFF = "GEO_TIFF"
_FORMATS = {name: name for name in (GEO_TIFF, "JPEG", "NPY", "PNG")}


def check_file_format(argument: str, value: object) -> str:
    """Check the name of a format of pixels."""
    return choice(argument, value, _FORMATS, "format of pixels")
