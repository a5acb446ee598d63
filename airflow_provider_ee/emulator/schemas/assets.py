"""Bodies of the methods that make, change and move assets."""

from airflow_provider_ee.emulator.schemas.common import ASSET_NAME, BAND_IDS, EXPRESSION, TIMESTAMP
from airflow_provider_ee.emulator.schemas.imports import TILESET
from airflow_provider_ee.emulator.schemas.kinds import Choice, Flag, Many, Mask, Message, Table, Text

__all__ = ["ASSET", "COPY_ASSET", "CREATE_ASSET", "MOVE_ASSET", "UPDATE_ASSET"]

_ASSET_TYPES = ("TYPE_UNSPECIFIED", "IMAGE", "IMAGE_COLLECTION", "TABLE", "FOLDER", "CLASSIFIER", "FEATURE_VIEW")

# Fields that only Earth Engine writes are accepted and ignored, as the API does with output-only fields.
ASSET = Message(
    {
        "type": Choice(_ASSET_TYPES),
        "name": Text(),
        "id": Text(),
        "startTime": TIMESTAMP,
        "endTime": TIMESTAMP,
        "properties": Table(),
        "title": Text(),
        "description": Text(),
        "bands": Many(Table()),
        "geometry": Table(),
        "updateTime": Text(),
        "sizeBytes": Text(),
        "featureCount": Text(),
        "quota": Table(),
        "cloudStorageLocation": Table(),
        "tilestoreLocation": Table(),
        "tableLocation": Table(),
        "featureViewAssetLocation": Table(),
        "tilesets": Many(TILESET),
        "expression": EXPRESSION,
    }
)

CREATE_ASSET = Message(ASSET.fields, required=("type",))
UPDATE_ASSET = Message({"asset": ASSET, "updateMask": Mask()})
COPY_ASSET = Message(
    {"destinationName": ASSET_NAME, "overwrite": Flag(), "bandIds": BAND_IDS}, required=("destinationName",)
)
MOVE_ASSET = Message({"destinationName": ASSET_NAME}, required=("destinationName",))
