"""Exports in the words of the REST API."""

from __future__ import annotations

from typing import Any, ClassVar

from airflow_provider_ee.operators.base.callables import wrap_callable
from airflow_provider_ee.operators.exports.base import EarthEngineExportOperator

__all__ = ["RawExport"]

#: The fields of the requests that say where something goes.
_PLACES = (
    "file_export_options",
    "asset_export_options",
    "tile_export_options",
    "bigquery_export_options",
    "feature_view_export_options",
)


class RawExport(EarthEngineExportOperator):
    """An export whose arguments are the fields of its request.

    Args:
        expression: What is exported.
    """

    words: ClassVar[tuple[str, ...]] = ("expression",)

    def __init__(self, *, expression: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.expression = wrap_callable(expression)

    def destination(self) -> dict[str, Any]:
        """Say where it goes."""
        from airflow_provider_ee.client.exports.destinations import destination

        given = (getattr(self, place, None) for place in _PLACES)
        return destination(next((options for options in given if options), {}))
