"""How users say what is to be imported: with a manifest, or in the words of `earthengine upload`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_ee.base import FilesBesideTheDag

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["ImageForm", "ImportForm"]


class ImportForm(FilesBesideTheDag):
    """A manifest, or the words of which one is made.

    Args:
        manifest: The manifest as a dict or JSON text, or the path of a `.json` file beside the DAG. Or leave it out,
            and say `asset_id` and `uris`, and what else there is to say.
        uris: The address of the file, `gs://<bucket>/<object>`, or those of several.
        crs: The projection, `EPSG:32632` or the like, or WKT, where the file does not say it.
        start_time: When what it shows was, or began: a datetime, or a text such as `2026-01-31`; in UTC unless it says
            so.
        end_time: The moment after its end.
        properties: Texts and numbers by name.
    """

    #: The arguments of the short form, each an attribute of the same name.
    words: ClassVar[tuple[str, ...]] = ("asset_id", "uris", "crs", "start_time", "end_time", "properties")

    file_arguments: ClassVar[tuple[str, ...]] = ("manifest",)
    template_fields_renderers: ClassVar[dict[str, str]] = {"manifest": "json", "properties": "json"}

    def __init__(
        self,
        *,
        manifest: Mapping[str, Any] | str | None = None,
        uris: Sequence[str] | str | None = None,
        crs: str | None = None,
        start_time: datetime | str | float | None = None,
        end_time: datetime | str | float | None = None,
        properties: Mapping[str, str | float] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.manifest = manifest
        self.uris = uris
        self.crs = crs
        self.start_time = start_time
        self.end_time = end_time
        self.properties = properties

    def said(self) -> dict[str, Any]:
        """Return what users have said, for a body to be made of it."""
        return {"manifest": self.manifest, **{word: getattr(self, word) for word in self.words}}


class ImageForm(ImportForm):
    """The manifest of an image.

    Args:
        bands: The names of its bands: a list, or one text with commas.
        pyramiding_policy: How its overviews are made: `MEAN`, `MODE`, `SAMPLE`, `MIN`, `MAX` or `MEDIAN`, for all bands
            or one for each.
        nodata_value: The number that says that there is nothing, for all bands or one for each.
        last_band_alpha: Whether its last band masks the others.
    """

    words: ClassVar[tuple[str, ...]] = (
        *ImportForm.words,
        "bands",
        "pyramiding_policy",
        "nodata_value",
        "last_band_alpha",
    )

    def __init__(
        self,
        *,
        bands: Sequence[str] | str | None = None,
        pyramiding_policy: Sequence[str] | str | None = None,
        nodata_value: Sequence[float] | float | str | None = None,
        last_band_alpha: bool | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.bands = bands
        self.pyramiding_policy = pyramiding_policy
        self.nodata_value = nodata_value
        self.last_band_alpha = last_band_alpha
