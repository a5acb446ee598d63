"""Tables: the files are copied into an asset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.sdk import Context

from airflow_provider_ee.operators.base.if_exists import AssetMayExist
from airflow_provider_ee.operators.imports.forms import ImportForm

if TYPE_CHECKING:
    from airflow_provider_ee.client.rest.request import Request

__all__ = ["EarthEngineImportTableOperator"]


class EarthEngineImportTableOperator(ImportForm, AssetMayExist):
    """Import a table from Cloud Storage, as `earthengine upload table` does: CSV, shapefile, zip or TFRecord.

    https://developers.google.com/earth-engine/reference/rest/v1/projects.table/import

    Args:
        asset_id: The asset, `projects/<project>/assets/<path>`, unless a manifest names it.
        description: What the operation is called; the task's id if None.
        charset: How its texts are encoded; Earth Engine's default is UTF-8.
        max_error_meters: By how many metres a geometry may be off after a change of projection.
        max_vertices: The most vertices of a geometry; one with more is cut into pieces.
        geodesic: Whether edges follow the shortest path on the Earth's surface instead of a straight line.
        primary_geometry_column: The column whose geometry is the row's, where there are several.
        x_column: The column of x coordinates, for points; Earth Engine's default is `longitude`.
        y_column: The column of y coordinates, for points; Earth Engine's default is `latitude`.
        date_format: A Joda pattern by which dates are read; they stay texts without one.
        csv_delimiter: The character between two values.
        csv_qualifier: The character around a value.
        column_data_types: `STRING`, `NUMERIC` or `LONG`, by column, where Earth Engine would guess otherwise.
    """

    words: ClassVar[tuple[str, ...]] = (
        *ImportForm.words,
        "charset",
        "max_error_meters",
        "max_vertices",
        "geodesic",
        "primary_geometry_column",
        "x_column",
        "y_column",
        "date_format",
        "csv_delimiter",
        "csv_qualifier",
        "column_data_types",
    )
    template_fields: Sequence[str] = (*AssetMayExist.template_fields, "manifest", *words, "description")
    template_fields_renderers: ClassVar[dict[str, str]] = {
        **ImportForm.template_fields_renderers,
        "column_data_types": "json",
    }

    def __init__(
        self,
        *,
        asset_id: str | None = None,
        description: str | None = None,
        charset: str | None = None,
        max_error_meters: float | str | None = None,
        max_vertices: int | str | None = None,
        geodesic: bool | str | None = None,
        primary_geometry_column: str | None = None,
        x_column: str | None = None,
        y_column: str | None = None,
        date_format: str | None = None,
        csv_delimiter: str | None = None,
        csv_qualifier: str | None = None,
        column_data_types: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(asset_id=asset_id, **kwargs)
        self.description = description
        self.charset = charset
        self.max_error_meters = max_error_meters
        self.max_vertices = max_vertices
        self.geodesic = geodesic
        self.primary_geometry_column = primary_geometry_column
        self.x_column = x_column
        self.y_column = y_column
        self.date_format = date_format
        self.csv_delimiter = csv_delimiter
        self.csv_qualifier = csv_qualifier
        self.column_data_types = column_data_types

    def request(self, project: str, _: Context) -> Request:
        """Build the request."""
        from airflow_provider_ee.client.rest import methods

        return methods.table_import(project, body=self._body())

    def destination(self) -> dict[str, Any]:
        """Say which asset it makes."""
        return {"asset_id": self._body()["tableManifest"]["name"]}

    def _body(self) -> dict[str, Any]:
        from airflow_provider_ee.client.imports.requests import import_table

        return import_table(
            **self.said(),
            description=self.task_id if self.description is None else self.description,
            overwrite=self.overwrite,
        )
