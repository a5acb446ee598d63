"""What the provider asks other Google APIs: which objects a bucket has, and whether a table of BigQuery is there.

https://cloud.google.com/storage/docs/json_api/v1/objects/list
https://cloud.google.com/bigquery/docs/reference/rest/v2/tables/get
"""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.http.pages import read_number, read_token, write_token
from airflow_provider_ee.emulator.http.partial import part_of, read_selection
from airflow_provider_ee.emulator.state.big_query import table_name
from airflow_provider_ee.emulator.state.world import World
from airflow_provider_ee.emulator.storage.buckets import list_objects

__all__ = ["routes"]

_PAGE = 1000


def routes(world: World) -> list[Route]:
    """Return the routes of the other APIs."""
    return [
        Route("/storage/v1/b/{bucket}/o", _endpoint(world, _list_objects)),
        Route("/bigquery/v2/projects/{project}/datasets/{dataset}/tables/{table}", _endpoint(world, _get_table)),
    ]


def _endpoint(
    world: World, answer: Callable[[World, Request], dict[str, Any]]
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            selection = read_selection(request.query_params.get("fields", "*"))
            return JSONResponse(part_of(answer(world, request), selection))
        except ApiError as refused:
            return JSONResponse(refused.envelope(), refused.status)

    return endpoint


def _list_objects(world: World, request: Request) -> dict[str, Any]:
    query, bucket = request.query_params, request.path_params["bucket"]
    objects = list_objects(world.root, bucket)
    if objects is None:
        raise ApiError("NOT_FOUND", "The specified bucket does not exist.")
    found = [(name, path) for name, path in objects if name.startswith(query.get("prefix", ""))]
    size = read_number(query, "maxResults", default=_PAGE, largest=_PAGE)
    start = read_token(query["pageToken"]) if query.get("pageToken") else 0
    items = [
        {"kind": "storage#object", "name": name, "bucket": bucket, "size": str(path.stat().st_size)}
        for name, path in found[start : start + size]
    ]
    answer: dict[str, Any] = {"kind": "storage#objects"} | ({"items": items} if items else {})
    return answer | ({"nextPageToken": write_token(start + size)} if start + size < len(found) else {})


def _get_table(world: World, request: Request) -> dict[str, Any]:
    project, dataset, table = (request.path_params[part] for part in ("project", "dataset", "table"))
    name = table_name(f"{project}.{dataset}.{table}")
    if name is None or not name.path(world.root).is_file():
        raise ApiError("NOT_FOUND", f"Not found: Table {project}:{dataset}.{table}")
    reference = {"projectId": project, "datasetId": dataset, "tableId": table}
    return {"kind": "bigquery#table", "id": str(name), "tableReference": reference}
