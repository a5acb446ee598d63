"""The files and tables that an export writes: which there are.

Names of files, as seen in public buckets, issues and code (Google documents some of them only):

    images    prefix.tif, prefix-0000000000-0000010496.tif (below a prefix that ends with / without the first dash)
    TFRecord  prefix.tfrecord.gz, prefix-00000.tfrecord.gz, prefix-mixer.json
    tables    prefix.csv, in earlier years prefixee_export.csv
    videos    prefix.mp4
    maps      path/zoom/x/y, with or without an ending, and pages of HTML to look at them
"""

from __future__ import annotations

import re

from airflow_provider_ee.client.errors import NotFound
from airflow_provider_ee.client.rest.flows import Flow
from airflow_provider_ee.client.rest.google_cloud import bigquery_tables_get, storage_objects_list

__all__ = ["find_files", "is_output", "table_exists"]

#: How many objects of one listing are asked for: as many as Cloud Storage gives at once.
_PAGE = 1000
#: A prefix that others share, such as `a` of `a.tif` and 100,000 files `a1/...`, is not leafed through for ever.
_MOST_PAGES = 20

_OFFSETS = r"\d{10}-\d{10}"
_SHARD = r"-\d{5}(?:-of-\d{5})?"
#: What follows the prefix, by the ending of the file.
_SUFFIXES = {
    r"\.tif": rf"(?:-?{_OFFSETS})?",
    r"\.npy": rf"(?:-?{_OFFSETS})?",
    r"\.tfrecord(?:\.gz)?": rf"(?:ee_export)?(?:{_SHARD})?",
    r"mixer\.json": "-?",
    r"\.(?:csv|geojson|kml|kmz|shp|shx|dbf|prj|cpg|fix|zip)": rf"(?:ee_export)?(?:{_SHARD})?",
    r"\.(?:mp4|gif|webm)": r"(?:ee-export-video\w*)?",
}
_FILE = re.compile("|".join(f"(?:{middle}{ending})" for ending, middle in _SUFFIXES.items()), re.IGNORECASE)
_TILE = re.compile(r"/?(?:\d+/\d+/\d+(?:\.\w+)?|[\w-]+\.html)")
#: The endings of each format, as far as it is known which one an export has.
_ENDINGS = {
    "GEO_TIFF": (".tif",),
    "NPY": (".npy",),
    "TF_RECORD_IMAGE": (".tfrecord", ".tfrecord.gz", "mixer.json"),
    "TF_RECORD_TABLE": (".tfrecord", ".tfrecord.gz"),
    "CSV": (".csv",),
    "GEO_JSON": (".geojson",),
    "KML": (".kml",),
    "KMZ": (".kmz",),
    "SHP": (".shp", ".shx", ".dbf", ".prj", ".cpg", ".fix", ".zip"),
    "MP4": (".mp4",),
    "GIF": (".gif",),
    "VP9": (".webm",),
}


def is_output(name: str, prefix: str, file_format: str | None = None, *, tiles: bool = False) -> bool:
    """Return whether an export with a prefix writes an object of this name.

    Args:
        name: The object's name.
        prefix: What the export calls its files, or the folder of its tiles.
        file_format: The export's format in the words of the REST API; any if None.
        tiles: Whether it writes the tiles of a map.
    """
    if not name.startswith(prefix):
        return False
    rest = name[len(prefix) :]
    if tiles:
        return (prefix.endswith("/") or rest.startswith("/")) and bool(_TILE.fullmatch(rest))
    return bool(_FILE.fullmatch(rest)) and (file_format is None or rest.lower().endswith(_ENDINGS[file_format]))


def find_files(
    bucket: str, prefix: str, file_format: str | None = None, *, tiles: bool = False, most: int = 1000
) -> Flow[list[str] | None]:
    """Return the addresses of the files that an export with a prefix has written, or None if there are too many.

    Only names that begin with the prefix are asked for.

    Args:
        bucket: The bucket.
        prefix: What the export calls its files, or the folder of its tiles.
        file_format: The export's format in the words of the REST API; any if None.
        tiles: Whether it writes the tiles of a map.
        most: The most addresses wanted; more are too many. One tells whether there is any.
    """
    found: list[str] = []
    page: str | None = None
    for _ in range(_MOST_PAGES):
        answer = yield storage_objects_list(
            bucket, prefix=prefix, maxResults=_PAGE, pageToken=page, fields="items(name),nextPageToken"
        )
        names = [item["name"] for item in answer.get("items", ())]
        found += [f"gs://{bucket}/{name}" for name in names if is_output(name, prefix, file_format, tiles=tiles)]
        page = answer.get("nextPageToken")
        if page is None:
            return found if len(found) <= most else None
        if len(found) > most:
            return None
    return None


def table_exists(table: str) -> Flow[bool]:
    """Return whether there is a BigQuery table, `project.dataset.table`."""
    project, dataset, name = table.rsplit(".", 2)
    try:
        yield bigquery_tables_get(project, dataset, name, fields="id")
    except NotFound:
        return False
    return True
