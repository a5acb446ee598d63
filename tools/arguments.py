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

max_pending: int | None = None
    How many operations may wait in the project's queue, whoever started them, before this one waits for room instead of
    being submitted; Earth Engine's own limit, 3000, if None.
""")

DESCRIPTION = group("""
description: Text | None = None
    What the operation is called at Earth Engine; a name made of DAG, task, map index and run if None.
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
    `GeoTIFF`, `TFRecord` or `NUMPY`; `GeoTIFF` if None.

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
    What the names of the files begin with; a name made of DAG, task, map index and run if None.
""")

IF_FILES_EXIST = group("""
if_exists: Literal["overwrite", "fail", "ignore", "skip"] = "overwrite"
    What to do if there are files that Earth Engine would write: `overwrite` them, as Earth Engine does by itself;
    `fail`; `ignore`: succeed without any work, and say `already_existed` in the result; or `skip` the task. They
    are looked for with the connection's own credentials.
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
if_exists: Literal["fail", "overwrite", "ignore", "skip"] = "fail"
    What to do if there is such an asset: `fail`; `overwrite` it; `ignore`: succeed without any work, and say
    `already_existed` in the result; or `skip` the task.

overwrite: bool = False
    The same as `if_exists="overwrite"`, in the words of `ee`. Whoever might read the old asset may not read the new
    one: its sharing is not kept.
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

if_exists: Literal["fail", "overwrite", "append", "ignore", "skip"] = "fail"
    What to do if there is such a table: `fail`; `overwrite` it; `append` to it; `ignore`: succeed without any work,
    and say `already_existed` in the result; or `skip` the task. It is looked for with the connection's own
    credentials.

overwrite: bool = False
    The same as `if_exists="overwrite"`, in the words of `ee`.

append: bool = False
    The same as `if_exists="append"`, in the words of `ee`.
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
    The folder of the tiles in the bucket; a name made of DAG, task, map index and run if None.

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

ON_EMPTY = group("""
on_empty: Literal["warn", "fail", "ignore"] = "warn"
    What to do when the region does not meet the image, which is known for a stored image alone: `warn` in the log,
    `fail`, or `ignore`: do not look.
""")

GRIDDED = (*REGION, *CRS, *MAX_PIXELS)

EXPORTS: Mapping[str, Mapping[str, list[Argument]]] = {
    "images": {
        "EarthEngineExportImageOperator": taking(EXPRESSION, GRID, FILE_OPTIONS, ASSET_OPTIONS, MAX_PIXELS, EXPORT),
        "EarthEngineExportImageToCloudStorageOperator": taking(
            IMAGE, BUCKET, PREFIX, GRIDDED, IMAGE_FILES, SHARD_SIZE, CLOUD_STORAGE, ON_EMPTY, EXPORT
        ),
        "EarthEngineExportImageToDriveOperator": taking(
            IMAGE, DRIVE, PREFIX, GRIDDED, IMAGE_FILES, SHARD_SIZE, ON_EMPTY, EXPORT
        ),
        "EarthEngineExportImageToAssetOperator": taking(IMAGE, ASSET, GRIDDED, PYRAMID, SHARD_SIZE, ON_EMPTY, EXPORT),
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
        "EarthEngineExportMapToCloudStorageOperator": taking(
            MAP, REGION, CRS, MAP_FILES, IF_FILES_EXIST, ON_EMPTY, EXPORT
        ),
    },
    "classifiers": {
        "EarthEngineExportClassifierOperator": taking(EXPRESSION, ASSET_OPTIONS, EXPORT),
        "EarthEngineExportClassifierToAssetOperator": taking(CLASSIFIER, ASSET, EXPORT),
    },
}

# What imports take

MANIFEST = group("""
manifest: Fields | Text | None = None
    The manifest as a dict or JSON text, or the path of a `.json` file beside the DAG. Or leave it out, and give
    `asset_id`, `uris`, and what else there is to say.

asset_id: Text | None = None
    The asset, `projects/<project>/assets/<path>`, unless the manifest names it.

uris: TextsLike | None = None
    The address of the file, `gs://<bucket>/<object>`, or those of several.
""")

IMAGE_MANIFEST = group("""
bands: TextsLike | None = None
    The names of the bands: a list, or one text with commas.

crs: Text | None = None
    The projection, such as `EPSG:32632`, or WKT, where the file does not say it.

nodata_value: Number | Sequence[Number] | None = None
    The number that stands for pixels without a value, for all bands or one for each.

last_band_alpha: Flag | None = None
    Whether the last band masks the others.

pyramiding_policy: TextsLike | None = None
    How overviews are made: `MEAN`, `MODE`, `SAMPLE`, `MIN`, `MAX` or `MEDIAN`, for all bands or one for each.
""")

TABLE_MANIFEST = group("""
charset: Text | None = None
    How the texts are encoded; Earth Engine's default is UTF-8.

crs: Text | None = None
    The projection, such as `EPSG:32632`, or WKT, where the file does not say it.

max_error_meters: Number | None = None
    By how many metres a geometry may be off after a change of projection.

max_vertices: Number | None = None
    The most vertices of a geometry; one with more is cut into several.

geodesic: Flag | None = None
    Whether edges follow the shortest path on the Earth's surface instead of a straight line.

primary_geometry_column: Text | None = None
    The column whose geometry is the row's, where there are several.

x_column: Text | None = None
    The column of x coordinates, for points; Earth Engine's default is `longitude`.

y_column: Text | None = None
    The column of y coordinates, for points; Earth Engine's default is `latitude`.

date_format: Text | None = None
    A Joda pattern by which dates are read; without one they stay texts.

csv_delimiter: Text | None = None
    The character between two values.

csv_qualifier: Text | None = None
    The character around a value.

column_data_types: Fields | None = None
    `STRING`, `NUMERIC` or `LONG`, by column, where Earth Engine would guess otherwise.
""")

ABOUT_ASSET = group("""
start_time: TimeLike | None = None
    When what it shows was, or began: a datetime, or a text such as `2026-01-31`; in UTC unless it says so.

end_time: TimeLike | None = None
    The first moment after it, in the same forms.

properties: Fields | None = None
    Texts and numbers by name.
""")

MODE = group("""
mode: Text | None = None
    `VIRTUAL` leaves the file where it is; Earth Engine's default is `INGEST`.
""")

LATEST = group("""
use_latest_object_version: Flag | None = None
    Whether the asset follows its file, instead of being of the file as it is now. Google's own client has this
    field; the reference of the REST API does not.
""")

IMPORT = (*DESCRIPTION, *OPERATION, *CONNECTION)

IMPORTS = {
    "images": {
        "EarthEngineImportImageOperator": taking(MANIFEST, IMAGE_MANIFEST, ABOUT_ASSET, MODE, ASSET_IF_EXISTS, IMPORT)
    },
    "tables": {
        "EarthEngineImportTableOperator": taking(MANIFEST, TABLE_MANIFEST, ABOUT_ASSET, ASSET_IF_EXISTS, IMPORT)
    },
    "external": {
        "EarthEngineImportExternalImageOperator": taking(
            MANIFEST, IMAGE_MANIFEST, ABOUT_ASSET, LATEST, ASSET_IF_EXISTS, CONNECTION
        )
    },
}

# What operators of assets take

ANY_ASSET = group("""
asset_id: Text
    The asset; a public one will do.
""")

PARENTS = group("""
parents: Flag = True
    Whether the folders above it are created too, as by `mkdir -p`.
""")

FAIL_OR_SKIP = group("""
if_exists: Literal["fail", "ignore", "skip"] = "fail"
    What to do if there is an asset of that name: `fail`; `ignore`: succeed without any work; or `skip` the task.
""")

TIMES = group("""
start_time: TimeLike | None = None
    The time of the first image: a datetime, or a text such as `2026-01-31` or `2026-01-31T12:00:00Z`.

end_time: TimeLike | None = None
    The first moment after the last image.
""")

FROM_TO = group("""
source: Text
    The asset to begin with; to copy, a public one will do.

destination: Text
    Its new name, `projects/<project>/assets/<path>`.
""")

ASSETS = {
    "access": {
        "EarthEngineSetAssetAccessOperator": taking(
            ASSET_ID,
            group("""
public: Flag | None = None
    Whether everybody may read it; as it is if None.

readers: TextsLike | None = None
    Who may read it: a list, or one text with commas.

writers: TextsLike | None = None
    Who may change it.

owners: TextsLike | None = None
    Who may share it.

mode: Literal["add", "remove", "replace"] = "add"
    `add` or `remove` these, or `replace` by them all who are in the same role; `[]` leaves nobody there.
"""),
            CONNECTION,
        )
    },
    "details": {
        "EarthEngineGetAssetOperator": taking(ANY_ASSET, CONNECTION),
        "EarthEngineListAssetsOperator": taking(
            group("""
parent: Text | None = None
    The folder or collection, a public one will do; the top of the project's assets if None.

filter: Text | None = None
    Which images of a collection, such as `startTime >= "2026-01-01T00:00:00Z" AND properties.CLOUDY < 10`. Earth
    Engine ignores it in folders, so it is refused there.

recursive: Flag = False
    Whether to list what is in the folders and collections found, too.

types: TextsLike | None = None
    Which types of assets: `IMAGE`, `IMAGE_COLLECTION`, `TABLE`, `FOLDER`, `CLASSIFIER`, `FEATURE_VIEW`.

names_only: Flag = False
    Whether to return names, over which another task can be mapped.

limit: Number | None = None
    The most assets to return.
"""),
            CONNECTION,
        ),
        "EarthEngineUpdateAssetOperator": taking(
            ASSET_ID,
            group("""
properties: Fields | None = None
    New values by name: texts and numbers, or None to remove a property.

start_time: TimeLike | None = None
    A datetime, a text such as `2026-01-31` or `2026-01-31T12:00:00Z`, or an empty text to remove it.

end_time: TimeLike | None = None
    The first moment after it, in the same forms.

title: Text | None = None
    A title, or an empty text to remove it.

description: Text | None = None
    A description, or an empty text to remove it.
"""),
            CONNECTION,
        ),
    },
    "tree": {
        "EarthEngineCreateFolderOperator": taking(ASSET_ID, PARENTS, FAIL_OR_SKIP, CONNECTION),
        "EarthEngineCreateImageCollectionOperator": taking(
            ASSET_ID, ABOUT_ASSET[2:], TIMES, PARENTS, FAIL_OR_SKIP, CONNECTION
        ),
        "EarthEngineCopyAssetOperator": taking(
            FROM_TO,
            group("""
if_exists: Literal["fail", "overwrite", "ignore", "skip"] = "fail"
    What to do if there is an asset of that name: `fail`; `overwrite` it; `ignore`: succeed without any work; or
    `skip` the task.
"""),
            CONNECTION,
        ),
        "EarthEngineMoveAssetOperator": taking(FROM_TO, FAIL_OR_SKIP, CONNECTION),
        "EarthEngineDeleteAssetOperator": taking(
            ASSET_ID,
            group("""
recursive: Flag = False
    Whether a folder or collection is deleted with all that is in it.

dry_run: Flag = False
    Whether to delete nothing, and only say what would be deleted.

ignore_missing: Flag = False
    Whether it is no error if there is no such asset.
"""),
            CONNECTION,
        ),
    },
}

# What computations and pixels take

WORKLOAD_TAG = COST[1:2]

OUTPUT_FILE = group("""
output_path: Text | None = None
    The file to write: a path, or any URL that Airflow's ObjectStoragePath takes. The features are returned if None.

file_format: Text | None = None
    `CSV`, `GeoJSON` or `NDJSON`; that of the file's ending if None.

selectors: TextsLike | None = None
    The properties that become columns, in this order, as a list or one text with commas; all of them if None.

max_features: Number = 1000
    The most features that may be returned without a file; of more, none are.
""")

PIXELS = group("""
output_path: Text
    The file: a path, or any URL that Airflow's ObjectStoragePath takes, such as `gs://connection@bucket/name.tif`.
    It is not called `output`, which is what Airflow's operators call their result.

region: RegionLike | None = None
    A box `[west, south, east, north]` (west > east crosses the antimeridian), GeoJSON, anything with
    `__geo_interface__`, the path of a file of GeoJSON beside the DAG, or a function that returns an `ee.Geometry`;
    its bounds are taken. The whole image if None.

scale: Number | None = None
    Metres per pixel; the pixels are aligned to multiples of it, as in an export.

crs: Text | None = None
    The projection, such as `EPSG:32632`, or WKT; that of the first band if None.

crs_transform: TransformLike | None = None
    Six numbers; with a region the pixels of this transform that cover it.

dimensions: SizeLike | None = None
    The longest side in pixels, or `WIDTHxHEIGHT`.

grid: Fields | None = None
    A whole PixelGrid, instead of all these. If nothing says how large a pixel is, those of the first band are
    fetched as they are.

band_ids: TextsLike | None = None
    The bands in their order, as a list or one text with commas; all of them if None.

nodata: Number | None = None
    A value that stands for pixels without one.

mask_band: Flag = False
    Whether to add a band `mask`, 1 where every other band has a value and else 0.

file_format: Text | None = None
    `PNG`, `JPEG`, `NPY` or `GEO_TIFF`: one request, whose answer is the file, as it came. A GeoTIFF too large for
    that, or with more options, is made of tiles, as it is by default.

visualization_options: Fields | None = None
    How Earth Engine makes a picture of it: `ranges`, `paletteColors`, `gamma`, `opacity`.

cloud_optimized: Flag = False
    Whether to write a Cloud Optimized GeoTIFF, with overviews.

preview: Flag = False
    Whether to write a small PNG beside the file, `<output_path without its ending>.preview.png`.

compression: Text | None = None
    How the GeoTIFF is compressed: `deflate`, as it is if None; `zstd`, which is faster and smaller, but not read by
    every program (by GDAL since 2.3); `lzw`, or `none`.

on_empty: Literal["warn", "fail", "ignore"] = "warn"
    What to do when no pixel has a value: `warn` in the log, `fail` or `ignore`. Without `nodata` and `mask_band`, every
    pixel is 0 then, as in an image that is 0 everywhere. Pictures are not looked at.

concurrency: Number | None = None
    The most requests under way at once, up to 40; as many as a client has room for if None.

endpoint: Text | None = "high-volume"
    `high-volume`, which is made for many small requests, or `standard`; a connection whose endpoint is a URL goes
    before these. Or a URL, which goes before the connection.
""")

COMPUTED = (
    "the id of an asset, an expression as a dict or JSON text, the path of a `.json` file beside the DAG, or a "
    "function that returns an `ee` object and runs on the worker, with `ee` initialised from the connection."
)
COMPUTE = {
    "EarthEngineComputeValueOperator": taking(
        [Argument("expression", "ValueLike", f"What to compute: {COMPUTED}")], WORKLOAD_TAG, FUNCTION, CONNECTION
    ),
    "EarthEngineComputeFeaturesOperator": taking(
        group("""
expression: TableLike | None = None
    An expression as a dict or JSON text, the path of a `.json` file beside the DAG, or a function that returns an
    `ee.FeatureCollection` and runs on the worker, with `ee` initialised from the connection. Either this or
    `asset_id`.

asset_id: Text | None = None
    A stored table, all of whose features are taken.
"""),
        OUTPUT_FILE,
        WORKLOAD_TAG,
        FUNCTION,
        CONNECTION,
    ),
}
FETCH_PIXELS = {
    "EarthEngineGetPixelsOperator": taking(
        group("""
asset_id: Text
    The image, such as `USGS/SRTMGL1_003`.
"""),
        PIXELS,
        WORKLOAD_TAG,
        FUNCTION,
        CONNECTION,
    ),
    "EarthEngineComputePixelsOperator": taking(
        [Argument("expression", "ImageLike", f"The image: {COMPUTED}")], PIXELS, WORKLOAD_TAG, FUNCTION, CONNECTION
    ),
}

DRY_RUN = group("""
dry_run: Flag = False
    Whether to cancel nothing, and only say what would be cancelled.
""")

CANCEL = {
    "operations": {
        "EarthEngineCancelOperationsOperator": taking(
            group("""
operation_names: TextsLike | None = None
    `projects/my-project/operations/ID` or ids alone: a list, or one text with commas.

description_prefix: Text | None = None
    What their descriptions begin with; case matters.

states: TextsLike | None = None
    `PENDING`, `RUNNING`, or both, which they are in; by default both, which is no criterion by itself.
"""),
            DRY_RUN,
            CONNECTION,
        )
    },
    "orphans": {
        "EarthEngineCancelOrphansOperator": taking(
            group("""
dag_ids: TextsLike | None = None
    Whose orphans: one DAG or several, by default the DAG that this task stands in. Airflow does not tell a task which
    DAGs there are. One that was deleted may be named.
"""),
            DRY_RUN,
            group("""
task_states: Collection[str] = _ENDS - {"success"}
    The states of a task in which its operation is an orphan, `gone` where Airflow no longer has the task instance.
    `success` is left out by default: a task with `wait_for_completion=False` succeeds while its operation works on as
    it should, and nothing tells that from a success which a person declared. Add it if all tasks of these DAGs wait.

min_age: timedelta = timedelta(minutes=10)
    How long an operation must have existed: Airflow may be about to cancel a younger one by itself.
"""),
            CONNECTION,
        )
    },
}

CLASSES: Mapping[str, Mapping[str, list[Argument]]] = {
    **{f"operators/exports/{module}.py": classes for module, classes in EXPORTS.items()},
    **{f"operators/imports/{module}.py": classes for module, classes in IMPORTS.items()},
    **{f"operators/assets/{module}.py": classes for module, classes in ASSETS.items()},
    **{f"operators/cancel/{module}.py": classes for module, classes in CANCEL.items()},
    "operators/compute.py": COMPUTE,
    "operators/pixels.py": FETCH_PIXELS,
}
