"""The arguments of operators: type, default and docstring of each, and which class takes which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["CLASSES", "Argument"]


@dataclass(frozen=True)
class Argument:
    """An argument of a class."""

    name: str
    type: str
    doc: str
    default: str | None = None


Group = tuple[Argument, ...]


def group(text: str) -> Group:
    """Read arguments: `name: type = default`, and the indented lines of its docstring."""
    found: list[Argument] = []
    for block in text.strip().split("\n\n"):
        head, *lines = block.splitlines()
        name, _, rest = head.strip().partition(": ")
        type_, _, default = rest.partition(" = ")
        found.append(Argument(name, type_, " ".join(line.strip() for line in lines), default or None))
    return tuple(found)


def taking(*groups: Iterable[Argument]) -> list[Argument]:
    """Return the arguments of a class: those that it needs first, then the others in their order."""
    every = [argument for one in groups for argument in one]
    return sorted(every, key=lambda argument: argument.default is not None)


# What operators of several kinds take

CONNECTION = group("""
project_id: Text | None = None
    The Google Cloud project that is asked and billed, instead of the connection's.

earthengine_conn_id: str = EarthEngineHook.default_conn_name
    A connection of type `earthengine` or `google_cloud_platform`.

impersonation_chain: TextsLike | None = None
    Service accounts to act as, instead of the connection's; the last one calls Earth Engine.

api_version: str | None = None
    `v1`, `v1beta` or `v1alpha`, instead of the method's own.
""")

FUNCTION = group("""
op_args: Sequence[Any] | XComArg = ()
    Positional arguments of the functions among the arguments.

op_kwargs: Fields | None = None
    Keyword arguments of these functions. A function may also ask for names of Airflow's context, such as `dag_run`.
""")

OPERATION = group("""
request_id: Text | None = None
    The id by which Earth Engine recognises a repeated request, instead of one made of the task instance.

mark_description: bool = True
    Whether the description ends with a mark by which a later try finds the operation. Without it a try that was
    killed between the submission and its answer may lead to a second operation.

wait_for_completion: bool = True
    Whether to wait until the operation is done, or to return as soon as it has been started.

deferrable: bool = DEFAULT_DEFERRABLE
    Whether to wait without occupying a worker, for the operation and for room in the project's queue. Airflow's
    `[operators] default_deferrable` unless given.

poll_interval: float = DEFAULT_POLL_INTERVAL
    Seconds between two looks at the operation, and between two submissions while the project's queue is full.
    `[earthengine] poll_interval` in Airflow's configuration unless given.

cancel_on_kill: bool = True
    Whether the operation is cancelled when a person ends the task or its `execution_timeout` has passed.

on_clear: Literal["restart", "attach"] = "restart"
    What becomes of an operation that still runs when the task is cleared: `restart` cancels and replaces it,
    `attach` goes on with it.

max_eecu_seconds: float | None = None
    The computing time after which the operation is cancelled and the task fails for good.
""")

DESCRIPTION = group("""
description: Text | None = None
    What the operation is called at Earth Engine; made of the DAG, the task and the run if None.
""")

COST = group("""
priority: Number | None = None
    From 0 to 9999; operations with a higher one start first. Earth Engine's default is 100.

workload_tag: Text | None = None
    A label by which Google Cloud's billing tells its costs apart.

max_workers: Number | None = None
    How many machines Earth Engine may use at most.
""")

# What exports take

IMAGE = group("""
image: ImageLike
    The image: the id of an asset, an expression as a dict or JSON text, the path of a `.json` file beside the DAG,
    or a function that returns an `ee.Image` and runs on the worker, with `ee` initialised from the connection.
""")

TABLE = group("""
collection: TableLike
    The table: the id of an asset, an expression as a dict or JSON text, the path of a `.json` file beside the DAG,
    or a function that returns an `ee.FeatureCollection` and runs on the worker, with `ee` initialised from the
    connection.

selectors: TextsLike | None = None
    The properties that become columns, in this order, as a list or one text with commas; all of them if None.

max_vertices: Number | None = None
    The most vertices of a geometry; one with more is cut into several.
""")

VIDEO = group("""
collection: CollectionLike
    The frames: the id of an asset, an expression as a dict or JSON text, the path of a `.json` file beside the DAG,
    or a function that returns an `ee.ImageCollection` and runs on the worker, with `ee` initialised from the
    connection. Each has three bands of bytes, as `visualize` makes them.

frames_per_second: Number | None = None
    From 0.1 to 120; one if None.

max_frames: Number | None = None
    The most frames; Earth Engine's default is 1000.
""")

CLASSIFIER = group("""
classifier: ClassifierLike
    The classifier: the id of an asset, an expression as a dict or JSON text, the path of a `.json` file beside the
    DAG, or a function that returns an `ee.Classifier` and runs on the worker, with `ee` initialised from the
    connection.
""")

EXPRESSION = group("""
expression: ValueLike
    What is exported: the id of an asset, an expression as a dict or JSON text, the path of a `.json` file beside
    the DAG, or a function that returns an `ee` object and runs on the worker, with `ee` initialised from the
    connection.
""")

REGION = group("""
region: RegionLike | None = None
    What to cut out: `[west, south, east, north]`, a ring of positions, GeoJSON, anything with `__geo_interface__`,
    the path of a file of GeoJSON beside the DAG, or a function that returns an `ee.Geometry`. Its edges are
    straight in the projection of the coordinates. The whole image if None.

scale: Number | None = None
    Metres per pixel.
""")

CRS = group("""
crs: Text | None = None
    The projection, such as `EPSG:32632`, or WKT; the image's own if None.

crs_transform: TransformLike | None = None
    Six numbers: x scale, x shear, x origin, y shear, y scale, y origin.

dimensions: SizeLike | None = None
    The longest side in pixels, or `WIDTHxHEIGHT`.
""")

MAX_PIXELS = group("""
max_pixels: Number | None = None
    The most pixels that may be exported; Earth Engine's default is 100 million.
""")

VIDEO_CRS = group("""
crs: Text | None = None
    The projection, such as `EPSG:32632`, or WKT; web mercator if None.

crs_transform: TransformLike | None = None
    Six numbers: x scale, x shear, x origin, y shear, y scale, y origin.

dimensions: SizeLike | None = None
    The longest side of a frame in pixels, or `WIDTHxHEIGHT`.

max_pixels: Number | None = None
    The most pixels of a frame.
""")

SHARD_SIZE = group("""
shard_size: Number | None = None
    The side in pixels of the tiles in which the image is computed and stored; 256 if None.
""")

IMAGE_FILES = group("""
file_format: Text | None = None
    `GeoTIFF` or `TFRecord`; `GeoTIFF` if None.

format_options: Fields | None = None
    For GeoTIFF `cloudOptimized`, `noData`, `metadataKeys`; for TFRecord those of `ee`.

file_dimensions: SizeLike | None = None
    The side in pixels of each file, or (width, height), if the image is to be cut into several.

skip_empty_tiles: Flag = False
    Whether files without any data are left out.
""")

TABLE_FILES = group("""
file_format: Text | None = None
    `CSV`, `GeoJSON`, `KML`, `KMZ`, `SHP` or `TFRecord`; `CSV` if None.
""")

BUCKET = group("""
bucket: Text
    The bucket, without `gs://`.
""")

PREFIX = group("""
file_name_prefix: Text | None = None
    What the names of the files begin with; the description if None.
""")

IF_FILES_EXIST = group("""
if_exists: Literal["overwrite", "skip"] = "overwrite"
    What to do if there are such files: `overwrite` them, as Earth Engine does by itself, or `skip` the work: then the
    task succeeds at once, and its result says `skipped`. Needs the Google provider.

gcp_conn_id: str = "google_cloud_default"
    The Google provider's connection by which to look for the files.
""")

PUBLIC_FILES = group("""
write_public_tiles: Flag = False
    Whether everybody may read the files.

bucket_cors_uris: TextsLike | None = None
    From which web pages the files may be fetched; `*` is any.
""")

CLOUD_STORAGE = (*IF_FILES_EXIST, *PUBLIC_FILES)

DRIVE = group("""
folder: Text | None = None
    The name of a folder in the Drive; it is made if there is none. The top of the Drive if None.
""")

ASSET_ID = group("""
asset_id: Text
    The asset, `projects/<project>/assets/<path>`.
""")

ASSET_IF_EXISTS = group("""
if_exists: Literal["fail", "skip", "overwrite"] = "fail"
    What to do if there is such an asset: `fail`, `overwrite` it, or `skip` the work: then the task succeeds at
    once, and its result says `skipped`.

overwrite: bool = False
    The same as `if_exists="overwrite"`, in the words of `ee`.
""")

ASSET = (*ASSET_ID, *ASSET_IF_EXISTS)

PYRAMID = group("""
pyramiding_policy: Fields | Text | None = None
    How coarser levels are made: `mean`, `mode`, `sample`, `min`, `max` or `median` for all bands, or by band:
    `{".default": "mean", "classes": "mode"}`.
""")

BIG_QUERY = group("""
table: Text
    The table, `project.dataset.table`; the dataset must be there.

if_exists: Literal["fail", "skip", "overwrite", "append"] = "fail"
    What to do if there is such a table: `fail`, `overwrite` it, `append` to it, or `skip` the work: then the task
    succeeds at once, and its result says `skipped`. To skip takes the Google provider.

overwrite: bool = False
    The same as `if_exists="overwrite"`, in the words of `ee`.

append: bool = False
    The same as `if_exists="append"`, in the words of `ee`.

gcp_conn_id: str = "google_cloud_default"
    The Google provider's connection by which to look for the table.
""")

FEATURE_VIEW = group("""
max_features_per_tile: Number | None = None
    How many features a tile of the map shows at most.

thinning_strategy: Text | None = None
    Which features are left out: `HIGHER_DENSITY` or `GLOBALLY_CONSISTENT`.

thinning_ranking: TextsLike | None = None
    Which features stay, by rules such as `population DESC`.

z_order_ranking: TextsLike | None = None
    Which features lie on top, by such rules.
""")

MAP = group("""
image: ImageLike
    The image, with three or four bands of bytes, as `visualize` makes it: the id of an asset, an expression as a
    dict or JSON text, the path of a `.json` file beside the DAG, or a function that returns an `ee.Image` and runs
    on the worker, with `ee` initialised from the connection.

bucket: Text
    The bucket, without `gs://`.

path: Text | None = None
    The folder of the tiles in the bucket; the description if None.

file_format: Text | None = None
    `auto`, `png` or `jpg`; `auto` is JPEG where every pixel is opaque.

min_zoom: Number | None = None
    The first zoom level; 0 if None.

max_zoom: Number | None = None
    The last zoom level. Either this or `scale`.
""")

MAP_FILES = group("""
skip_empty_tiles: Flag | None = None
    Whether transparent tiles are left out.

write_public_tiles: Flag | None = None
    Whether everybody may see the tiles, which is so if None.

bucket_cors_uris: TextsLike | None = None
    From which web pages the tiles may be fetched; `*` is any.

maps_api_key: Text | None = None
    A key of the Maps API for the page that shows the tiles.
""")


def option(name: str, doc: str) -> Group:
    """Return an argument that is a part of a request."""
    return (Argument(name, "Fields | None", doc, "None"),)


FILE_OPTIONS = option("file_export_options", "Where the files go and what they are like.")
ASSET_OPTIONS = option("asset_export_options", "The asset that it becomes.")
TILE_FILES = option("tile_export_options", "Where the tiles go and what they are like.")
TILES = option("tile_options", "The zoom levels or the scale, and the size of the tiles.")
FRAMES = option("video_options", "Frames per second, the most frames, the most pixels of each.")
GRID = option("grid", "A PixelGrid; the image's own projection and extent if None.")

RAW_TABLE = (
    *FILE_OPTIONS,
    *ASSET_OPTIONS,
    *option("feature_view_export_options", "The feature view that it becomes."),
    *option("bigquery_export_options", "The BigQuery table that it becomes. Exactly one of these four is given."),
    *TABLE[1:],
    *group("""
max_error_meters: Number | None = None
    By how many metres geometries may be simplified.
"""),
    *option("policy", "Who may do what with the asset, as an IAM policy."),
)

EXPORT = (*DESCRIPTION, *COST, *FUNCTION, *OPERATION, *CONNECTION)

GRIDDED = (*REGION, *CRS, *MAX_PIXELS)

EXPORTS: Mapping[str, Mapping[str, list[Argument]]] = {
    "images": {
        "EarthEngineExportImageOperator": taking(EXPRESSION, GRID, FILE_OPTIONS, ASSET_OPTIONS, MAX_PIXELS, EXPORT),
        "EarthEngineExportImageToCloudStorageOperator": taking(
            IMAGE, BUCKET, PREFIX, GRIDDED, IMAGE_FILES, SHARD_SIZE, CLOUD_STORAGE, EXPORT
        ),
        "EarthEngineExportImageToDriveOperator": taking(IMAGE, DRIVE, PREFIX, GRIDDED, IMAGE_FILES, SHARD_SIZE, EXPORT),
        "EarthEngineExportImageToAssetOperator": taking(IMAGE, ASSET, GRIDDED, PYRAMID, SHARD_SIZE, EXPORT),
    },
    "tables": {
        "EarthEngineExportTableOperator": taking(EXPRESSION, RAW_TABLE, EXPORT),
        "EarthEngineExportTableToCloudStorageOperator": taking(
            TABLE, BUCKET, PREFIX, TABLE_FILES, CLOUD_STORAGE, EXPORT
        ),
        "EarthEngineExportTableToDriveOperator": taking(TABLE, DRIVE, PREFIX, TABLE_FILES, EXPORT),
        "EarthEngineExportTableToAssetOperator": taking(TABLE, ASSET, EXPORT),
        "EarthEngineExportTableToBigQueryOperator": taking(TABLE, BIG_QUERY, EXPORT),
        "EarthEngineExportTableToFeatureViewOperator": taking(TABLE, ASSET, FEATURE_VIEW, EXPORT),
    },
    "videos": {
        "EarthEngineExportVideoOperator": taking(EXPRESSION, FRAMES, FILE_OPTIONS, EXPORT),
        "EarthEngineExportVideoMapOperator": taking(
            EXPRESSION,
            TILES,
            FRAMES,
            TILE_FILES,
            group("""
version: Text | None = None
    `V1` or `V2`.
"""),
            EXPORT,
        ),
        "EarthEngineExportVideoToCloudStorageOperator": taking(
            VIDEO, BUCKET, PREFIX, REGION, VIDEO_CRS, CLOUD_STORAGE, EXPORT
        ),
        "EarthEngineExportVideoToDriveOperator": taking(VIDEO, DRIVE, PREFIX, REGION, VIDEO_CRS, EXPORT),
    },
    "maps": {
        "EarthEngineExportMapOperator": taking(EXPRESSION, TILES, TILE_FILES, EXPORT),
        "EarthEngineExportMapToCloudStorageOperator": taking(MAP, REGION, CRS, MAP_FILES, IF_FILES_EXIST, EXPORT),
    },
    "classifiers": {
        "EarthEngineExportClassifierOperator": taking(EXPRESSION, ASSET_OPTIONS, EXPORT),
        "EarthEngineExportClassifierToAssetOperator": taking(CLASSIFIER, ASSET, EXPORT),
    },
}

CLASSES: Mapping[str, Mapping[str, list[Argument]]] = {
    f"operators/exports/{module}.py": classes for module, classes in EXPORTS.items()
}
