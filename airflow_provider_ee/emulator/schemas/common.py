"""Fields and messages that several requests share."""

from airflow_provider_ee.emulator.schemas.kinds import Choice, Float, Integer, Kind, Many, Message, OneOf, Table, Text

__all__ = [
    "AFFINE_TRANSFORM",
    "ASSET_ID",
    "ASSET_NAME",
    "BAND_IDS",
    "DIMENSIONS",
    "EXPORT_FIELDS",
    "EXPRESSION",
    "IMAGE_FORMATS",
    "PIXEL_COUNT",
    "PIXEL_GRID",
    "POSITIVE",
    "PYRAMIDING",
    "REQUEST_ID",
    "TIMESTAMP",
    "WORKLOAD_TAG",
]

# Names of assets become paths on this machine, so no part may be "." or "..".
_PATH = r"(?!\.\.?(?:/|$))[A-Za-z0-9._-]+(?:/(?!\.\.?(?:/|$))[A-Za-z0-9._-]+)*"

ASSET_ID = Text(_PATH, "a path of letters, digits, '-', '_' and '.'")
ASSET_NAME = Text(
    rf"projects/(?!\.)[^/\s]+/assets/{_PATH}",
    "an asset name of the form 'projects/PROJECT/assets/PATH' (letters, digits, '-', '_' and '.')",
)
TIMESTAMP = Text(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", "a time of the form '2026-01-31T00:00:00Z'"
)
POSITIVE = Integer(minimum=1)

REQUEST_ID = Text(r"[A-Za-z0-9-]{0,60}", "at most 60 letters, digits and '-'")
WORKLOAD_TAG = Text(
    r"|[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?",
    "1 to 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends",
)

# Int64 counts of pixels: JSON numbers and the official client's text both arrive.
PIXEL_COUNT = Integer(minimum=1, maximum=2**63 - 1, wrapped=True)

EXPRESSION = Message({"result": Text(), "values": Table(Table())}, required=("result", "values"))

DIMENSIONS = Message({"width": POSITIVE, "height": POSITIVE}, required=("width", "height"))
AFFINE_TRANSFORM = Message(
    {name: Float() for name in ("scaleX", "shearX", "translateX", "shearY", "scaleY", "translateY")}
)
PIXEL_GRID = Message(
    {"dimensions": DIMENSIONS, "affineTransform": AFFINE_TRANSFORM, "crsCode": Text(), "crsWkt": Text()},
    unions=(OneOf(("crsCode", "crsWkt")),),
)

PYRAMIDING = Choice(("PYRAMIDING_POLICY_UNSPECIFIED", "MEAN", "MODE", "SAMPLE", "MIN", "MAX", "MEDIAN"))
IMAGE_FORMATS = (
    "IMAGE_FILE_FORMAT_UNSPECIFIED",
    "JPEG",
    "PNG",
    "AUTO_JPEG_PNG",
    "NPY",
    "GEO_TIFF",
    "TF_RECORD_IMAGE",
    "ZIPPED_GEO_TIFF",
    "ZIPPED_GEO_TIFF_PER_BAND",
    "MULTI_BAND_IMAGE_TILE",
)

# `expression` and the rest of every export; imports have a description and a requestId only.
EXPORT_FIELDS: dict[str, Kind] = {
    "expression": EXPRESSION,
    "description": Text(),
    "requestId": REQUEST_ID,
    "workloadTag": WORKLOAD_TAG,
    "priority": Integer(minimum=0, maximum=9999, wrapped=True),
    "maxWorkers": Integer(minimum=1, wrapped=True),
}

BAND_IDS = Many(Text(r".+", "the id of a band"))
