"""Bodies of the export methods."""

from airflow_provider_ee.emulator.schemas.common import (
    DIMENSIONS,
    EXPORT_FIELDS,
    PIXEL_COUNT,
    PIXEL_GRID,
    POSITIVE,
    PYRAMIDING,
)
from airflow_provider_ee.emulator.schemas.destinations import (
    ASSET_ONLY,
    EARTH_ENGINE,
    FILE_DESTINATIONS,
    ONE_FILE_DESTINATION,
)
from airflow_provider_ee.emulator.schemas.kinds import Choice, Flag, Float, Integer, Many, Message, OneOf, Table, Text

__all__ = [
    "EXPORT_CLASSIFIER",
    "EXPORT_IMAGE",
    "EXPORT_MAP",
    "EXPORT_VIDEO",
    "EXPORT_VIDEO_MAP",
]

_GEO_TIFF_OPTIONS = Message(
    {
        "cloudOptimized": Flag(),
        "tileDimensions": DIMENSIONS,
        "tileSize": Integer(minimum=1, wrapped=True),
        "skipEmptyFiles": Flag(),
        "noData": Message(
            {"floatValue": Float(), "integerValue": Integer(minimum=-(2**63), maximum=2**63 - 1)},
            unions=(OneOf(("floatValue", "integerValue"), required=True),),
        ),
        "metadataKeys": Many(Text()),
        "pyramidOptions": Message(
            {
                "resamplingMethod": Choice(
                    (
                        "RESAMPLING_METHOD_UNSPECIFIED",
                        "NEAREST",
                        "AVERAGE",
                        "GAUSS",
                        "CUBIC",
                        "CUBIC_SPLINE",
                        "LANCZOS",
                        "MODE",
                        "RMS",
                        "BILINEAR",
                    )
                )
            }
        ),
    }
)
_TF_RECORD_OPTIONS = Message(
    {
        "tileDimensions": DIMENSIONS,
        "marginDimensions": Message({"width": Integer(minimum=0), "height": Integer(minimum=0)}),
        "compress": Flag(),
        "maxSizeBytes": PIXEL_COUNT,
        "defaultValue": Float(wrapped=True),
        "tensorDepths": Table(POSITIVE),
        "sequenceData": Flag(),
        "collapseBands": Flag(),
        "maxMaskedRatio": Float(minimum=0, maximum=1, wrapped=True),
    }
)


def _image_files(*formats: str) -> Message:
    return Message(
        {
            "fileFormat": Choice(formats),
            "geoTiffOptions": _GEO_TIFF_OPTIONS,
            "tfRecordOptions": _TF_RECORD_OPTIONS,
            **FILE_DESTINATIONS,
        },
        required=("fileFormat",),
        unions=(ONE_FILE_DESTINATION, OneOf(("geoTiffOptions", "tfRecordOptions"))),
    )


_VIDEO_FILES = Message(
    {"fileFormat": Choice(("MP4", "GIF", "VP9")), **FILE_DESTINATIONS},
    required=("fileFormat",),
    unions=(ONE_FILE_DESTINATION,),
)

EXPORT_IMAGE = Message(
    EXPORT_FIELDS
    | {
        "maxPixels": PIXEL_COUNT,
        "grid": PIXEL_GRID,
        # ZIPPED_* are answers of thumbnails, never files of an export.
        "fileExportOptions": _image_files("GEO_TIFF", "TF_RECORD_IMAGE", "NPY"),
        "assetExportOptions": Message(
            {
                "earthEngineDestination": EARTH_ENGINE,
                "pyramidingPolicy": PYRAMIDING,
                "pyramidingPolicyOverrides": Table(PYRAMIDING),
                "tileSize": Integer(minimum=1, wrapped=True),
            },
            required=("earthEngineDestination",),
        ),
    },
    required=("expression",),
    unions=(OneOf(("fileExportOptions", "assetExportOptions"), required=True),),
)

_VIDEO_OPTIONS = Message(
    {
        "framesPerSecond": Float(minimum=0.1, maximum=120, wrapped=True),
        "maxFrames": Integer(minimum=1, wrapped=True),
        "maxPixelsPerFrame": PIXEL_COUNT,
    }
)
_TILE_OPTIONS = Message(
    {
        "startZoom": Integer(minimum=0, maximum=24, wrapped=True),
        "endZoom": Integer(minimum=0, maximum=24, wrapped=True),
        "scale": Float(minimum=0, wrapped=True),
        "skipEmpty": Flag(),
        "mapsApiKey": Text(),
        "dimensions": DIMENSIONS,
        "stride": POSITIVE,
        "zoomSubset": Message({"start": Integer(minimum=0), "end": Integer(minimum=0)}),
    },
    unions=(OneOf(("endZoom", "scale"), required=True),),
)

EXPORT_VIDEO = Message(
    EXPORT_FIELDS | {"videoOptions": _VIDEO_OPTIONS, "fileExportOptions": _VIDEO_FILES},
    required=("expression", "fileExportOptions"),
)
EXPORT_MAP = Message(
    EXPORT_FIELDS
    | {
        "tileOptions": _TILE_OPTIONS,
        "tileExportOptions": _image_files("AUTO_JPEG_PNG", "JPEG", "PNG", "GEO_TIFF", "MULTI_BAND_IMAGE_TILE"),
    },
    required=("expression", "tileOptions", "tileExportOptions"),
)
EXPORT_VIDEO_MAP = Message(
    EXPORT_FIELDS
    | {
        "tileOptions": _TILE_OPTIONS,
        "videoOptions": _VIDEO_OPTIONS,
        "tileExportOptions": _VIDEO_FILES,
        "version": Choice(("VERSION_UNSPECIFIED", "V1", "V2")),
    },
    required=("expression", "tileOptions", "tileExportOptions"),
)
EXPORT_CLASSIFIER = Message(
    EXPORT_FIELDS | {"assetExportOptions": ASSET_ONLY}, required=("expression", "assetExportOptions")
)
