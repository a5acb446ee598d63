"""Copies of stored images, whole or with some of their bands."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from airflow_provider_ee.emulator.compute.assets import StoredImage, open_stored
from airflow_provider_ee.emulator.compute.files.exports import export_asset
from airflow_provider_ee.emulator.compute.pixels.targets import chosen_bands

__all__ = ["copied_image"]


def copied_image(stored: StoredImage, name: str, target: Path, band_ids: Sequence[str] = ()) -> StoredImage:
    """Return a copy of an image under another name.

    Args:
        stored: The image.
        name: The copy's name.
        target: The file to write; none is written where the pixels are not in a file of the image's own.
        band_ids: The bands to copy; none for all.
    """
    image = chosen_bands(open_stored(stored), band_ids)
    by_id = {band["id"]: band for band in stored.fields["bands"]}
    fields = {**stored.fields, "bands": [by_id[band] for band in image.band_ids]}
    if stored.path is None:
        return StoredImage(name, None, fields, image)
    if not band_ids:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(stored.path, target)
        return replace(stored, name=name, path=target)
    written = export_asset(image, max_pixels=sys.maxsize, name=name, target=target)
    return replace(written, fields={**fields, "sizeBytes": written.fields["sizeBytes"]})
