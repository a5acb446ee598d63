"""The short form of a manifest: the arguments of the command `earthengine upload`.

https://developers.google.com/earth-engine/guides/command_line#upload
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from airflow_provider_ee.client.arguments.group import Arguments, argument
from airflow_provider_ee.client.arguments.messages import Kind, asset, number, properties, snake_case, uri
from airflow_provider_ee.client.arguments.scalars import flag, items, optional, texts, without_none
from airflow_provider_ee.client.arguments.times import check_period, moment
from airflow_provider_ee.client.arguments.types import Flag, Number, Numbers, Texts, TimeLike
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.imports.images import PYRAMIDING
from airflow_provider_ee.client.imports.tables import COLUMN_TYPES, SOURCE_FIELDS

__all__ = ["ImageUpload", "TableUpload", "Upload"]

_TILESET = "ts"
_TF_RECORD = (".tfrecord", ".tfrecord.gz")


class Upload(Arguments):
    """What becomes an asset.

    Args:
        asset_id: The asset, `projects/<project>/assets/<path>`.
        uris: The files in Cloud Storage, `gs://<bucket>/<object>`.
        crs: The coordinate reference system, where the files name none or a wrong one.
        start_time: When it was taken.
        end_time: The first moment after it.
        properties: Texts and numbers by name.
    """

    asset_id: str | None = argument(asset, default=None)
    uris: Texts | None = None
    crs: str | None = argument(SOURCE_FIELDS["crs"], default=None)
    start_time: TimeLike | None = argument(moment, default=None)
    end_time: TimeLike | None = argument(moment, default=None)
    properties: Mapping[str, str | Number] | None = argument(properties, default=None)

    @abstractmethod
    def short_manifest(self) -> dict[str, Any]:
        """Return the manifest that the arguments describe."""

    def described_asset(self) -> dict[str, Any]:
        """Return the fields that every manifest has."""
        start, end = optional(moment, "start_time", self.start_time), optional(moment, "end_time", self.end_time)
        check_period(start, end, "start_time", "end_time")
        return {
            "name": self.asset_id,
            "properties": self.properties or {},
            **without_none(startTime=start, endTime=end),
        }


class ImageUpload(Upload):
    """What becomes an image.

    Args:
        bands: The names of its bands: a list, or one text with commas.
        pyramiding_policy: How its overviews are made: `MEAN`, `MODE`, `SAMPLE`, `MIN`, `MAX` or `MEDIAN`, for all bands
            or one for each.
        nodata_value: The number that marks pixels without data, for all bands or one for each.
        last_band_alpha: Whether its last band masks the others.
    """

    bands: Texts | None = argument(texts, default=None)
    pyramiding_policy: Texts | None = None
    nodata_value: Number | Numbers | str | None = None
    last_band_alpha: Flag | None = argument(flag, default=None)

    def short_manifest(self) -> dict[str, Any]:
        """Return the manifest that `earthengine upload image` sends."""
        if self.last_band_alpha and self.nodata_value is not None:
            raise InvalidArgument("nodata_value", "last_band_alpha says what is masked", "either of the two")
        policies = _several("pyramiding_policy", self.pyramiding_policy, PYRAMIDING)
        missing = [{"values": [value]} for value in _several("nodata_value", self.nodata_value, number())]
        names = texts("bands", self.bands) or []
        for name, values in (("pyramiding_policy", policies), ("nodata_value", missing)):
            names = _as_many(name, names, len(values))
        described: list[dict[str, Any]] = [
            {"id": name, "tilesetId": _TILESET, "tilesetBandIndex": index} for index, name in enumerate(names)
        ]
        for_all = _spread("pyramidingPolicy", policies, described) | _spread("missingData", missing, described)
        return {
            **self.described_asset(),
            "tilesets": [{"id": _TILESET, "sources": _image_sources(self.uris), **without_none(crs=self.crs)}],
            **({"bands": described} if described else {}),
            **for_all,
            **({"maskBands": [{"tilesetId": _TILESET}]} if self.last_band_alpha else {}),
        }


class TableUpload(Upload):
    """What becomes a table.

    Args:
        charset: The character encoding of the files; UTF-8 if None.
        max_error_meters: By how many metres geometries may be off when they are transformed; 1 if None.
        max_vertices: Geometries with more vertices are cut into several.
        geodesic: Whether edges are geodesic; those of planar coordinate systems are straight if None.
        primary_geometry_column: The column with the geometry, if there are several.
        x_column: The column with the longitude, of CSV; `longitude` if None.
        y_column: The column with the latitude, of CSV; `latitude` if None.
        date_format: How dates are written, in Joda's notation.
        csv_delimiter: The character between two columns; a comma if None.
        csv_qualifier: The character around texts; a double quote if None.
        column_data_types: `STRING`, `NUMERIC` or `LONG` by column, where Earth Engine would take it for another.
    """

    charset: str | None = argument(SOURCE_FIELDS["charset"], default=None)
    max_error_meters: Number | None = argument(SOURCE_FIELDS["maxErrorMeters"], default=None)
    max_vertices: Number | None = argument(SOURCE_FIELDS["maxVertices"], default=None)
    geodesic: Flag | None = argument(SOURCE_FIELDS["geodesic"], default=None)
    primary_geometry_column: str | None = argument(SOURCE_FIELDS["primaryGeometryColumn"], default=None)
    x_column: str | None = argument(SOURCE_FIELDS["xColumn"], default=None)
    y_column: str | None = argument(SOURCE_FIELDS["yColumn"], default=None)
    date_format: str | None = argument(SOURCE_FIELDS["dateFormat"], default=None)
    csv_delimiter: str | None = argument(SOURCE_FIELDS["csvDelimiter"], default=None)
    csv_qualifier: str | None = argument(SOURCE_FIELDS["csvQualifier"], default=None)
    column_data_types: Mapping[str, str] | None = argument(COLUMN_TYPES, default=None)

    def short_manifest(self) -> dict[str, Any]:
        """Return the manifest that `earthengine upload table` sends; of several files, each is a source."""
        given = {field: getattr(self, snake_case(field), None) for field in SOURCE_FIELDS}
        overrides = {"columnDataTypeOverrides": self.column_data_types} if self.column_data_types else {}
        return {
            **self.described_asset(),
            "sources": [{"uris": [address], **without_none(**given)} for address in _uris(self.uris)],
            **overrides,
        }


def _uris(value: object) -> list[str]:
    """Check the addresses of one file or of several."""
    listed = items(value)
    if listed is not None and not listed:
        raise InvalidArgument("uris", "it names no file", "one address, or a list of addresses")
    found = [uri("uris", value)] if listed is None else [uri(f"uris[{at}]", one) for at, one in enumerate(listed)]
    for one in found:
        if "*" in one:
            # The command lists the bucket to find out which they are; Earth Engine itself knows no patterns.
            raise InvalidArgument("uris", f"{shown(one)} is a pattern", "the address of each file")
    return found


def _image_sources(uris: object) -> list[dict[str, Any]]:
    """Return a source for each file; those of TFRecord are one, with the file that says how they fit together."""
    addresses = _uris(uris)
    if any(address.lower().endswith(_TF_RECORD) for address in addresses):
        return [{"uris": addresses}]
    return [{"uris": [address]} for address in addresses]


def _several(argument: str, value: object, kind: Kind) -> list[Any]:
    """Check one value, a list of values, or one text with commas."""
    if value is None:
        return []
    listed = items(value)
    values = value.split(",") if isinstance(value, str) else [value] if listed is None else listed
    return [kind(argument, one.strip() if isinstance(one, str) else one) for one in values]


def _as_many(argument: str, bands: list[str], count: int) -> list[str]:
    """Return as many bands as there are values for bands; one value is for all of them."""
    if count <= 1 or len(bands) == count:
        return bands
    if bands:
        raise InvalidArgument(argument, f"it has {count} values for {len(bands)} bands", "one value, or one per band")
    return [f"b{index + 1}" for index in range(count)]


def _spread(field: str, values: list[Any], bands: list[dict[str, Any]]) -> dict[str, Any]:
    """Give each band its value; return what is said of all of them, if there is only one."""
    if len(values) == 1:
        return {field: values[0]}
    for band, value in zip(bands, values, strict=False):
        band[field] = value
    return {}
