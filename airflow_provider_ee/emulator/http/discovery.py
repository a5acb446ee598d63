"""The discovery document, from which Google's clients learn the methods; made from the emulator's own routes."""

import re
from functools import cache
from typing import Any

from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.http.route import VERSIONS, Route
from airflow_provider_ee.emulator.http.routes import ROUTES

__all__ = ["SYSTEM_PARAMETERS", "document"]

# Google's APIs take these with every method.
SYSTEM_PARAMETERS = {
    "$.xgafv": "V1 error format.",
    "access_token": "OAuth access token.",
    "alt": "Data format for response.",
    "callback": "JSONP",
    "fields": "Selector specifying which fields to include in a partial response.",
    "key": "API key.",
    "oauth_token": "OAuth 2.0 token for the current user.",
    "prettyPrint": "Returns response with indentations and line breaks.",
    "quotaUser": "Available to use for quota purposes for server-side applications.",
    "uploadType": "Legacy upload protocol for media.",
    "upload_protocol": "Upload protocol for media.",
}
_ANYTHING = {"type": "object", "additionalProperties": {"type": "any"}}
_SCHEMAS = {
    "Anything": {"id": "Anything", **_ANYTHING},
    # Google's client offers the next page only where the answer has a token for it.
    "Page": {"id": "Page", **_ANYTHING, "properties": {"nextPageToken": {"type": "string"}}},
}
_QUERY_TYPES = {"pageSize": "integer", "overwrite": "boolean", "returnPartialSuccess": "boolean"}


def document(version: str, base_url: str) -> dict[str, Any]:
    """Return the discovery document of a version.

    Args:
        version: The version, such as `v1`.
        base_url: Where the API is found, with a slash at the end.

    Raises:
        ApiError: There is no such version.
    """
    if version not in VERSIONS:
        raise ApiError("NOT_FOUND", f"Discovery document not found for version '{version}'.")
    return {
        "kind": "discovery#restDescription",
        "discoveryVersion": "v1",
        "id": f"earthengine:{version}",
        "name": "earthengine",
        "canonicalName": "Earth Engine",
        "version": version,
        "title": "Google Earth Engine API",
        "protocol": "rest",
        "rootUrl": base_url,
        "baseUrl": base_url,
        "servicePath": "",
        "basePath": "",
        "batchPath": "batch",
        "fullyEncodeReservedExpansion": True,
        "parameters": {
            name: {"type": "string", "location": "query", "description": text}
            for name, text in SYSTEM_PARAMETERS.items()
        },
        "schemas": _SCHEMAS,
        **_resources(version),
    }


@cache
def _resources(version: str) -> dict[str, Any]:
    """Return the tree of resources: each method under those that its name goes through."""
    top: dict[str, Any] = {}
    for route in ROUTES:
        *path, name = route.method.split(".")
        place = top
        for part in path:
            place = place.setdefault("resources", {}).setdefault(part, {})
        place.setdefault("methods", {})[name] = _method(route, version)
    return top


def _method(route: Route, version: str) -> dict[str, Any]:
    in_path = {
        name: {"type": "string", "location": "path", "required": True, "pattern": pattern}
        for name, pattern in route.parameters
    }
    in_query = {name: {"type": _QUERY_TYPES.get(name, "string"), "location": "query"} for name in route.query}
    method: dict[str, Any] = {
        "id": f"earthengine.{route.method}",
        "httpMethod": route.verb,
        "path": f"{version}/" + re.sub(r"\{(\w+)(=[^}]*)?\}", r"{+\1}", route.path),
        "parameters": in_path | in_query,
        "parameterOrder": list(in_path),
        "response": {"$ref": "Page" if "pageToken" in route.query else "Anything"},
    }
    method["flatPath"] = method["path"].replace("{+", "{")
    if route.body is not None:
        method["request"] = {"$ref": "Anything"}
    return method
