"""Bodies of the import methods: manifests of images and tables."""

from airflow_provider_ee.emulator.schemas.common import (
    AFFINE_TRANSFORM,
    ASSET_NAME,
    DIMENSIONS,
    PYRAMIDING,
    REQUEST_ID,
    TIMESTAMP,
)
from airflow_provider_ee.emulator.schemas.iam import POLICY
from airflow_provider_ee.emulator.schemas.kinds import Choice, Flag, Float, Integer, Kind, Many, Message, Table, Text

__all__ = ["IMPORT_EXTERNAL_IMAGE", "IMPORT_IMAGE", "IMPORT_TABLE", "TILESET"]

_MISSING_DATA = Message({"values": Many(Float())})
_COLUMN_TYPES = ("UNSPECIFIED", "STRING", "NUMERIC", "LONG")

# The form of URIs is judged with the uriPrefix of their manifest.
_IMAGE_SOURCE = Message({"uris": Many(Text()), "affineTransform": AFFINE_TRANSFORM, "dimensions": DIMENSIONS})

TILESET = Message(
    {
        "id": Text(),
        "sources": Many(_IMAGE_SOURCE),
        "dataType": Choice(
            ("DATA_TYPE_UNSPECIFIED", "INT8", "UINT8", "INT16", "UINT16", "INT32", "UINT32", "FLOAT", "DOUBLE")
        ),
        "crs": Text(),
        "subdatasetPrefix": Text(),
        "subdatasetSuffix": Text(),
    }
)
_IMAGE_MANIFEST = Message(
    {
        "name": ASSET_NAME,
        "uriPrefix": Text(),
        "tilesets": Many(TILESET),
        "bands": Many(
            Message(
                {
                    "id": Text(),
                    "tilesetId": Text(),
                    "tilesetBandIndex": Integer(minimum=0),
                    "missingData": _MISSING_DATA,
                    "pyramidingPolicy": PYRAMIDING,
                }
            )
        ),
        "maskBands": Many(Message({"tilesetId": Text(), "bandIds": Many(Text())})),
        "footprint": Message(
            {"points": Many(Message({"x": Float(), "y": Float()}, required=("x", "y"))), "bandId": Text()}
        ),
        "missingData": _MISSING_DATA,
        "pyramidingPolicy": PYRAMIDING,
        "startTime": TIMESTAMP,
        "endTime": TIMESTAMP,
        "properties": Table(),
        "skipMetadataRead": Flag(),
        "memo": Text(),
        "minTileAreaRatio": Float(wrapped=True),
    },
    required=("name", "tilesets"),
)
_TABLE_MANIFEST = Message(
    {
        "name": ASSET_NAME,
        "uriPrefix": Text(),
        "sources": Many(
            Message(
                {
                    "uris": Many(Text(), most=1),
                    "charset": Text(),
                    "maxErrorMeters": Float(minimum=0, wrapped=True),
                    "maxVertices": Integer(minimum=0, wrapped=True),
                    "crs": Text(),
                    "geodesic": Flag(),
                    "primaryGeometryColumn": Text(),
                    "xColumn": Text(),
                    "yColumn": Text(),
                    "dateFormat": Text(),
                    "csvDelimiter": Text(),
                    "csvQualifier": Text(),
                    "simplifyErrorMeters": Float(minimum=0, wrapped=True),
                },
                required=("uris",),
            )
        ),
        "startTime": TIMESTAMP,
        "endTime": TIMESTAMP,
        "properties": Table(),
        "columnDataTypeOverrides": Table(Choice(tuple(f"COLUMN_DATA_TYPE_{name}" for name in _COLUMN_TYPES))),
        "csvColumnDataTypeOverrides": Table(Choice(tuple(f"CSV_COLUMN_DATA_TYPE_{name}" for name in _COLUMN_TYPES))),
        "memo": Text(),
        "policy": POLICY,
    },
    required=("name", "sources"),
)

_IMPORT_FIELDS: dict[str, Kind] = {"description": Text(), "overwrite": Flag(), "requestId": REQUEST_ID}

IMPORT_IMAGE = Message(
    _IMPORT_FIELDS
    | {"imageManifest": _IMAGE_MANIFEST, "mode": Choice(("IMPORT_MODE_UNSPECIFIED", "INGEST", "VIRTUAL"))},
    required=("imageManifest",),
)
IMPORT_TABLE = Message(_IMPORT_FIELDS | {"tableManifest": _TABLE_MANIFEST}, required=("tableManifest",))
IMPORT_EXTERNAL_IMAGE = Message(
    {"imageManifest": _IMAGE_MANIFEST, "overwrite": Flag(), "useLatestObjectVersion": Flag()},
    required=("imageManifest",),
)
