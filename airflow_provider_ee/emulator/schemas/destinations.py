"""Where an export goes: Cloud Storage, Drive, an Earth Engine asset."""

from airflow_provider_ee.emulator.schemas.common import ASSET_NAME
from airflow_provider_ee.emulator.schemas.kinds import Choice, Flag, Kind, Many, Message, OneOf, Text

__all__ = [
    "ASSET_ONLY",
    "EARTH_ENGINE",
    "FILE_DESTINATIONS",
    "ONE_FILE_DESTINATION",
]

# Bucket names become folders on this machine, so their form is checked as Cloud Storage does.
_BUCKET = Text(
    r"(?!.*\.\.)[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]",
    "the name of a bucket: 3 to 222 lower-case letters, digits, '-', '_' and '.', without 'gs://'",
)
_PREFIX = Text(
    r"(?!/)(?!(.*/)?\.\.?(/|$))[^\x00-\x1f\\]*",
    "a prefix of an object's name, without '..', without a '/' at the start",
)

_CLOUD_STORAGE = Message(
    {
        "bucket": _BUCKET,
        "filenamePrefix": _PREFIX,
        "permissions": Choice(("TILE_PERMISSIONS_UNSPECIFIED", "PUBLIC", "DEFAULT_OBJECT_ACL")),
        "bucketCorsUris": Many(Text()),
    },
    required=("bucket",),
)
_DRIVE = Message(
    {
        "folder": Text(r"(?!\.\.?$)[^\x00-\x1f/\\]*", "the name of one folder, without '/'"),
        "filenamePrefix": Text(r"(?!\.\.?$)[^\x00-\x1f/\\]*", "a file name's prefix, without '/'"),
    }
)
EARTH_ENGINE = Message({"name": ASSET_NAME, "overwrite": Flag()}, required=("name",))

FILE_DESTINATIONS: dict[str, Kind] = {"driveDestination": _DRIVE, "cloudStorageDestination": _CLOUD_STORAGE}
ONE_FILE_DESTINATION = OneOf(("driveDestination", "cloudStorageDestination"), required=True)

# What the exports of tables and classifiers to an asset take.
ASSET_ONLY = Message({"earthEngineDestination": EARTH_ENGINE}, required=("earthEngineDestination",))
