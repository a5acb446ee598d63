"""The methods of other Google services that show what an export has written.

https://cloud.google.com/storage/docs/json_api/v1/objects/list
https://cloud.google.com/bigquery/docs/reference/rest/v2/tables/get
"""

from __future__ import annotations

from airflow_provider_ee.client.rest.request import Method, Repeat, Scopes

__all__ = ["bigquery_tables_get", "storage_objects_list"]

storage_objects_list = Method(
    "storage.objects.list",
    "GET",
    "b/{bucket}/o",
    ("storage.objects.list",),
    Scopes.STORAGE,
    Repeat.ALWAYS,
    version="storage/v1",
    versions=("storage/v1",),
    parameters=("prefix", "maxResults", "pageToken"),
    page_version=None,
)
bigquery_tables_get = Method(
    "bigquery.tables.get",
    "GET",
    "projects/{project}/datasets/{dataset}/tables/{table}",
    ("bigquery.tables.get",),
    Scopes.BIG_QUERY,
    Repeat.ALWAYS,
    version="bigquery/v2",
    versions=("bigquery/v2",),
    page_version=None,
)
