"""Bodies of the methods that compute while the caller waits, and of waiting itself."""

from airflow_provider_ee.emulator.schemas.common import BAND_IDS, EXPRESSION, IMAGE_FORMATS, PIXEL_GRID, WORKLOAD_TAG
from airflow_provider_ee.emulator.schemas.kinds import Choice, Float, Integer, Kind, Many, Message, Table, Text

__all__ = ["COMPUTE_FEATURES", "COMPUTE_IMAGES", "COMPUTE_PIXELS", "COMPUTE_VALUE", "EMPTY", "GET_PIXELS", "WAIT"]

_COLOUR = Text(r"#?[0-9A-Fa-f]{3,8}|[A-Za-z]+", "a colour such as 'FF0000' or 'red'")
_VISUALIZATION = Message(
    {
        "ranges": Many(Message({"min": Float(), "max": Float()})),
        "paletteColors": Many(_COLOUR),
        "gamma": Float(minimum=0, wrapped=True),
        "opacity": Float(minimum=0, maximum=1, wrapped=True),
    }
)
_PIXELS: dict[str, Kind] = {
    "fileFormat": Choice(IMAGE_FORMATS),
    "grid": PIXEL_GRID,
    "bandIds": BAND_IDS,
    "visualizationOptions": _VISUALIZATION,
    "workloadTag": WORKLOAD_TAG,
}
_PAGE: dict[str, Kind] = {
    "pageSize": Integer(minimum=0),
    "pageToken": Text(),
    "workloadTag": WORKLOAD_TAG,
}

GET_PIXELS = Message(_PIXELS | {"region": Table()})
COMPUTE_PIXELS = Message(_PIXELS | {"expression": EXPRESSION}, required=("expression",))
COMPUTE_VALUE = Message({"expression": EXPRESSION, "workloadTag": WORKLOAD_TAG}, required=("expression",))
COMPUTE_IMAGES = Message(_PAGE | {"expression": EXPRESSION}, required=("expression",))
COMPUTE_FEATURES = Message(
    _PAGE
    | {
        "expression": EXPRESSION,
        "featureProjection": Choice(
            ("FEATURE_PROJECTION_UNSPECIFIED", "FEATURE_PROJECTION_NATIVE", "FEATURE_PROJECTION_WGS_84_PLANAR")
        ),
    },
    required=("expression",),
)

WAIT = Message({"timeout": Text(r"\d+(\.\d{1,9})?s", "a duration such as '3.5s'")})
EMPTY = Message({})
