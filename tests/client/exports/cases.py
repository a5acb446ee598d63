"""Arguments for every method of `ee.batch.Export`: each that the official client knows, alone and with others."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

ASSET = "projects/my-project/assets/made"
BOX = [7.0, 46.0, 8.0, 47.0]
RING = [[7, 46], [8, 46], [8, 47], [7, 46]]
TRANSFORM = [10, 0, 600000, 0, -10, 5400000]
RULES = ["population DESC", ".minZoomLevel ASC", ".geometryType ASC"]


def polygon(ee: Any) -> Any:
    """A region that both read alike."""
    return ee.Geometry.Polygon([RING], None, False)


def computed(ee: Any) -> Any:
    """A region that only Earth Engine can tell, with a function in its expression."""
    return ee.FeatureCollection("EMULATOR/fields").map(lambda feature: feature.buffer(10)).geometry()


@dataclass(frozen=True)
class Case:
    """One call of the official client, and the same in our words.

    Attributes:
        method: Such as `image.toAsset`; `image` alone is the old form, with a config.
        theirs: What the official client is called with beside the thing and its description; functions are given `ee`.
        ours: Words of ours that are not simply theirs in snake_case; None takes a word away.
        why: Why the requests differ, or why we refuse what the official client sends; empty where they are the same.
        apart_from: The arguments of functions in the expression, or fields of the request, in which they differ.
        refused: Whether we refuse it.
    """

    method: str
    theirs: dict[str, Any] = field(default_factory=dict)
    ours: dict[str, Any] = field(default_factory=dict)
    why: str = ""
    apart_from: tuple[str, ...] = ()
    refused: bool = False


#: What a method cannot do without.
NEEDED: dict[str, dict[str, Any]] = {
    "image": {},
    "image.toAsset": {"assetId": ASSET},
    "image.toCloudStorage": {"bucket": "my-bucket"},
    "image.toDrive": {},
    "map.toCloudStorage": {"bucket": "my-bucket", "maxZoom": 7},
    "table": {},
    "table.toAsset": {"assetId": ASSET},
    "table.toBigQuery": {"table": "my-project.dataset.table"},
    "table.toCloudStorage": {"bucket": "my-bucket"},
    "table.toDrive": {},
    "table.toFeatureView": {"assetId": ASSET},
    "video": {},
    "video.toCloudStorage": {"bucket": "my-bucket"},
    "video.toDrive": {},
    "classifier": {"assetId": ASSET},
    "classifier.toAsset": {"assetId": ASSET},
}

PLANAR = "a region is planar for us; the official client draws great circles between the corners of a list"
A_LINE = "the official client takes a flat list for a line, and clips to it; for us it is the area"
EVEN_ODD = "evenOdd is written out, which is what Earth Engine takes for granted"
TWO_SCALES = "two sizes of a pixel: Earth Engine would follow one of them"

ALL = ({"priority": 5}, {"maxWorkers": 2})
GRID: tuple[dict[str, Any], ...] = (
    {"dimensions": 512},
    {"dimensions": "512"},
    {"dimensions": "20x10"},
    {"dimensions": (20, 10)},
    {"region": polygon},
    {"region": computed},
    {"crs": "EPSG:32632"},
    {"crs": 'GEOGCS["WGS 84",DATUM["WGS_1984"]]'},
    {"region": polygon, "dimensions": 512},
    {"region": polygon, "dimensions": "20x10"},
    {"crs": "EPSG:32632", "region": polygon},
    {"crs": "EPSG:32632", "crsTransform": TRANSFORM},
    {"crs": "EPSG:32632", "crsTransform": "[10, 0, 600000, 0, -10, 5400000]"},
    {"crs": "EPSG:32632", "crs_transform": TRANSFORM},
    {"crs": "EPSG:32632", "crsTransform": TRANSFORM, "region": polygon},
    {"crs": "EPSG:32632", "crsTransform": TRANSFORM, "dimensions": 512},
    {"crs": "EPSG:32632", "crsTransform": TRANSFORM, "dimensions": "20x10"},
    {"crs": "EPSG:32632", "crsTransform": TRANSFORM, "dimensions": "20x10", "region": polygon},
)
SCALED: tuple[dict[str, Any], ...] = (
    {"scale": 30},
    {"scale": 0.5},
    {"region": polygon, "scale": 30},
    {"region": computed, "scale": 30},
    {"crs": "EPSG:4326", "scale": 30, "region": polygon},
    {"maxPixels": 1e10},
    {"maxPixels": 2**40},
)
PUBLIC: tuple[dict[str, Any], ...] = (
    {"writePublicTiles": True},
    {"writePublicTiles": False},
    {"bucketCorsUris": ["https://example.com", "*"]},
)
TO: dict[str, tuple[dict[str, Any], ...]] = {
    "toCloudStorage": (
        {"fileNamePrefix": "a/b"},
        {"outputPrefix": "a/b"},
        {"bucket": None, "outputBucket": "other-bucket"},
        *PUBLIC,
    ),
    "toDrive": (
        {"folder": "my folder"},
        {"driveFolder": "my folder"},
        {"fileNamePrefix": "b"},
        {"driveFileNamePrefix": "b"},
        {"folder": "my folder", "fileNamePrefix": "b"},
    ),
    "toAsset": (
        {"overwrite": True},
        {"assetId": "users/me/made"},
        {"assetId": "projects/old-project/made/deeper"},
    ),
}
IMAGE_FILES: tuple[dict[str, Any], ...] = (
    {"shardSize": 128},
    {"fileDimensions": 512},
    {"fileDimensions": (512, 256)},
    {"fileDimensions": 256, "shardSize": 64},
    {"skipEmptyTiles": True},
    {"skipEmptyTiles": False},
    {"fileFormat": "GeoTIFF"},
    {"fileFormat": "TFRecord"},
    {"fileFormat": "GEO_TIFF"},
    {"fileFormat": "NUMPY"},
    {"fileFormat": "numpy"},
    {"formatOptions": {"cloudOptimized": True}},
    {"formatOptions": {"cloudOptimized": False}},
    {"formatOptions": {"noData": -9999}},
    {"formatOptions": {"fileDimensions": 512}},
    {"formatOptions": {"metadataKeys": "key"}},
    {"formatOptions": {"metadataKeys": ["one", "other"]}},
    {"fileFormat": "GeoTIFF", "tiffCloudOptimized": True, "tiffNoData": 0},
    {"fileFormat": "TFRecord", "tfrecordPatchDimensions": (256, 128), "tfrecordCompressed": True},
    *(
        {"fileFormat": "TFRecord", "formatOptions": {option: value}}
        for option, value in {
            "patchDimensions": 256,
            "kernelSize": (3, 5),
            "compressed": True,
            "maxFileSize": 2**31,
            "defaultValue": -1,
            "tensorDepths": {"B1": 4},
            "sequenceData": True,
            "collapseBands": True,
            "maskedThreshold": 0.5,
        }.items()
    ),
    {"kwargs": {"shardSize": 128}},
)
TABLE: tuple[dict[str, Any], ...] = (
    {"selectors": ["a", "b"]},
    {"selectors": ("a", "b")},
    {"selectors": "a,b"},
    {"maxVertices": 100},
)
TABLE_FILES: tuple[dict[str, Any], ...] = tuple(
    {"fileFormat": name} for name in ("CSV", "GeoJSON", "KML", "KMZ", "SHP", "TFRecord", "geojson")
)
VIDEO: tuple[dict[str, Any], ...] = (
    {"framesPerSecond": 12},
    {"framesPerSecond": 0.5},
    {"maxFrames": 100},
    {"framesPerSecond": 12, "maxFrames": 100, "maxPixels": 1e6},
    {"crsTransform": TRANSFORM},
)

#: What each method is called with beside what it needs; the first call is with nothing.
ALIKE: dict[str, tuple[dict[str, Any], ...]] = {
    "image.toAsset": (
        *GRID,
        *SCALED,
        *TO["toAsset"],
        {"pyramidingPolicy": {".default": "mode"}},
        {"pyramidingPolicy": {".default": "mode", "B4": "mean", "B5": "sample", "B6": "min", "B7": "max"}},
        {"shardSize": 128},
        {"tileSize": 128},
        {"region": polygon, "scale": 30, "crs": "EPSG:4326", "overwrite": True, "maxPixels": 1e9, "priority": 5},
    ),
    "image.toCloudStorage": (
        *GRID,
        *SCALED,
        *TO["toCloudStorage"],
        *IMAGE_FILES,
        {"region": polygon, "scale": 30, "fileNamePrefix": "a/b", "shardSize": 128, "priority": 5, "maxPixels": 1e9},
    ),
    "image.toDrive": (
        *GRID,
        *SCALED,
        *TO["toDrive"],
        *IMAGE_FILES,
        {"region": polygon, "scale": 30, "fileNamePrefix": "b", "shardSize": 128, "priority": 5, "maxPixels": 1e9},
    ),
    "image": (
        {"driveFolder": "f", "driveFileNamePrefix": "b", "scale": 30},
        {"outputBucket": "my-bucket", "outputPrefix": "a/b", "region": polygon},
    ),
    "map.toCloudStorage": (
        *GRID,
        *PUBLIC,
        {"bucket": None, "outputBucket": "other-bucket"},
        {"path": "a/b"},
        {"outputPrefix": "a/b"},
        {"fileNamePrefix": "a/b"},
        {"maxZoom": None, "endZoom": 9},
        {"maxZoom": None, "scale": 30},
        {"maxZoom": None, "scale": 30, "region": polygon, "crs": "EPSG:4326"},
        {"minZoom": 2},
        {"startZoom": 2},
        {"skipEmptyTiles": True},
        {"skipEmptyTiles": False},
        {"skipEmpty": True},
        {"mapsApiKey": "a-key"},
        *({"fileFormat": name} for name in ("auto", "png", "jpeg", "jpg", "PNG")),
    ),
    "table.toAsset": (*TO["toAsset"], *TABLE),
    "table.toBigQuery": ({"overwrite": True}, {"append": True}, {"table": "my-project.d_1.t-2"}, *TABLE),
    "table.toCloudStorage": (*TO["toCloudStorage"], *TABLE, *TABLE_FILES),
    "table.toDrive": (*TO["toDrive"], *TABLE, *TABLE_FILES),
    "table": (
        {"driveFolder": "f", "driveFileNamePrefix": "b", "fileFormat": "SHP"},
        {"outputBucket": "my-bucket", "outputPrefix": "a/b"},
    ),
    "table.toFeatureView": (
        *TABLE,
        {"assetId": "users/me/made"},
        *(
            {"ingestionTimeParameters": parameters}
            for parameters in (
                {"maxFeaturesPerTile": 2000},
                {"thinningStrategy": "HIGHER_DENSITY"},
                {"thinningRanking": RULES},
                {"zOrderRanking": "population DESC, .minZoomLevel ASC"},
                {"maxFeaturesPerTile": 10, "thinningStrategy": "GLOBALLY_CONSISTENT", "zOrderRanking": RULES},
            )
        ),
    ),
    "video.toCloudStorage": (*GRID, *SCALED, *TO["toCloudStorage"], *VIDEO),
    "video.toDrive": (*GRID, *SCALED, *TO["toDrive"], *VIDEO),
    "video": (
        {"driveFolder": "f", "driveFileNamePrefix": "b", "scale": 30},
        {"outputBucket": "my-bucket", "outputPrefix": "a/b", "framesPerSecond": 12},
    ),
    "classifier.toAsset": TO["toAsset"],
    "classifier": (),
}

UNLIKE: tuple[Case, ...] = (
    Case("image.toDrive", {"region": [RING]}, why=PLANAR, apart_from=("geodesic",)),
    Case("image.toDrive", {"region": RING}, why=A_LINE, apart_from=("geometry",)),
    Case("image.toDrive", {"region": str(RING)}, why=A_LINE, apart_from=("geometry",)),
    Case("image.toDrive", {"region": BOX}, why=A_LINE, apart_from=("geometry",)),
    Case("image.toDrive", {"region": BOX, "scale": 30}, why=A_LINE, apart_from=("geometry",)),
    Case("map.toCloudStorage", {"region": RING}, why=A_LINE, apart_from=("geometry",)),
    Case("video.toDrive", {"region": RING}, why=A_LINE, apart_from=("geometry",)),
    Case(
        "image.toDrive",
        {"region": polygon},
        ours={"region": {"type": "Polygon", "coordinates": [RING]}},
        why=EVEN_ODD,
        apart_from=("evenOdd",),
    ),
    Case("image.toDrive", {"dimensions": 512, "scale": 30}, why=TWO_SCALES, refused=True),
    Case("image.toDrive", {"crs": "EPSG:4326", "crsTransform": TRANSFORM, "scale": 30}, why=TWO_SCALES, refused=True),
    Case("image.toDrive", {"crs": "4326"}, why="no coordinate reference system is called so", refused=True),
    Case("image.toDrive", {"fileDimensions": 1000}, why="not a multiple of the tile, 256", refused=True),
    Case("image.toDrive", {"fileFormat": "PNG"}, why="no image is exported so", refused=True),
    Case("image.toAsset", {"assetId": "COPERNICUS/made"}, why="the public catalogue is Google's", refused=True),
    Case("image.toAsset", {"pyramidingPolicy": {".default": "best"}}, why="there is no such policy", refused=True),
    Case("image.toCloudStorage", {"bucket": "gs://my-bucket"}, why="no bucket is called so", refused=True),
    Case("image.toCloudStorage", {"priority": 10_000}, why="Earth Engine has 0 to 9999", refused=True),
    Case("table.toBigQuery", {"overwrite": True, "append": True}, why="Earth Engine refuses both", refused=True),
    Case("table.toBigQuery", {"table": "my project.d.t"}, why="no project is called so", refused=True),
    Case("table.toDrive", {"fileFormat": "GeoTIFF"}, why="no table is exported so", refused=True),
    Case("map.toCloudStorage", {"maxZoom": None}, why="Earth Engine needs a depth", refused=True),
    Case("map.toCloudStorage", {"minZoom": 9}, why="no level is between the two", refused=True),
    Case("map.toCloudStorage", {"fileFormat": "GeoTIFF"}, why="no browser shows such tiles", refused=True),
    Case("video.toDrive", {"framesPerSecond": 1000}, why="Earth Engine has 0.1 to 120", refused=True),
    Case(
        "table.toDrive",
        {"selectors": "a, b"},
        why="a space after a comma is no part of a property's name",
        apart_from=("selectors",),
    ),
    Case(
        "map.toCloudStorage",
        {"skipEmpty": False},
        why="what is false by itself is not sent",
        apart_from=("skipEmpty",),
    ),
    Case(
        "classifier.toAsset",
        {"maxWorkers": 2},
        why="the official client drops it, though the request has the field",
        apart_from=("maxWorkers",),
    ),
)


def cases() -> Iterator[Case]:
    """Yield every case."""
    for method, arguments in ALIKE.items():
        common = ALL[:1] if method.startswith("classifier") else ALL
        yield from (Case(method, theirs) for theirs in ({}, *arguments, *common))
    yield from UNLIKE
