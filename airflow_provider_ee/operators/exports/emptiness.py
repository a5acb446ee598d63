"""Exports of images that would hold nothing: the argument `on_empty`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from airflow_provider_ee.client.arguments.scalars import choice
from airflow_provider_ee.operators.exports.base import EarthEngineExportOperator

if TYPE_CHECKING:
    from airflow_provider_ee.hooks.earthengine import EarthEngineHook

__all__ = ["OfAnImage"]

_WAYS = {name: name for name in ("warn", "fail", "ignore")}


class OfAnImage(EarthEngineExportOperator):
    """An export of an image, which may have no data in the region."""

    arguments: ClassVar[tuple[str, ...]] = ()  # `on_empty` is not for Earth Engine

    def __init__(self, *, on_empty: Literal["warn", "fail", "ignore"] = "warn", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.on_empty = choice("on_empty", on_empty, _WAYS, "way")

    def check_result(self, hook: EarthEngineHook, export: Any) -> None:
        """Say so if the region does not meet the image: one request, if the image is a stored one and nothing else."""
        from airflow_provider_ee.client.errors import EmptyResult

        miss = None if self.on_empty == "ignore" else _describe_miss(hook, export)
        if miss is None:
            return
        if self.on_empty == "fail":
            raise EmptyResult(miss)
        self.log.warning(miss)


def _describe_miss(hook: EarthEngineHook, export: Any) -> str | None:
    from airflow_provider_ee.client.arguments.boxes import box_around, describe_miss, footprint
    from airflow_provider_ee.client.arguments.expressions import only_image
    from airflow_provider_ee.client.errors import NotFound, PermissionDenied

    image = only_image(export.computed())
    wanted = None if export.region is None else box_around(export.region)
    if image is None or wanted is None:
        return None
    try:
        covered = footprint(hook.get_asset(image))
    except (NotFound, PermissionDenied):
        return None  # Earth Engine will say so itself
    return None if covered is None else describe_miss(covered, wanted)
