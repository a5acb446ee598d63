"""Names that users write and Earth Engine answers: parse, check, bring to the one form that the API takes."""

from __future__ import annotations

import re

from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = [
    "PUBLIC_CLIENTS_PROJECT",
    "api_version",
    "asset_name",
    "destination_asset",
    "id_in_expressions",
    "is_operation_name",
    "is_request_id",
    "operation_name",
    "project_id",
    "project_path",
    "request_id",
    "workload_tag",
    "writable_asset",
]

_PROJECT = re.compile(r"(?:[a-z0-9][a-z0-9.-]*:)?[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
#: The project of the public OAuth client behind `earthengine authenticate`, in which no other application may work.
PUBLIC_CLIENTS_PROJECT = "517222506229"
_GOOGLES_OWN = frozenset({"earthengine-legacy", "earthengine-public", PUBLIC_CLIENTS_PROJECT})
_OPERATION = re.compile(r"(?:(projects/[^/]+)/operations/|operations/)?([A-Za-z0-9_-]{1,128})")
_ASSET_PATH = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_.-]+)*")
_MOST_SEGMENTS = 10
_API_VERSIONS = ("v1", "v1beta", "v1alpha")
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,60}")
_WORKLOAD_TAG = re.compile(r"[a-z0-9](?:[-_a-z0-9]{0,61}[a-z0-9])?")


def project_id(value: object, argument: str = "project_id") -> str:
    """Check a Google Cloud project id; `projects/my-project` is accepted for `my-project`."""
    project = value.removeprefix("projects/") if isinstance(value, str) else ""
    if not _PROJECT.fullmatch(project):
        raise InvalidArgument(
            argument, f"{shown(value)} is not a valid Google Cloud project id", "lower-case letters, digits and hyphens"
        )
    if project in _GOOGLES_OWN:
        raise InvalidArgument(argument, f"{project} is Google's own project", "a Cloud project that you may use")
    return project


def project_path(value: object, argument: str = "project_id") -> str:
    """Return `projects/my-project`."""
    return f"projects/{project_id(value, argument)}"


def operation_name(value: object, project: str, argument: str = "operation_name") -> str:
    """Return `projects/my-project/operations/ID`; the id alone is accepted and looked for in the project."""
    match = _OPERATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise InvalidArgument(
            argument,
            f"{shown(value)} is not a valid operation name",
            "projects/<project>/operations/<id>, or the id alone",
        )
    return f"{match[1] or project_path(project)}/operations/{match[2]}"


def is_operation_name(value: object) -> bool:
    """Return whether a value is the full name of an operation, `projects/my-project/operations/ID`."""
    match = _OPERATION.fullmatch(value) if isinstance(value, str) else None
    return match is not None and match[1] is not None


def is_request_id(value: object) -> bool:
    """Return whether a value is a request id."""
    return isinstance(value, str) and _REQUEST_ID.fullmatch(value) is not None


def asset_name(value: object, argument: str = "asset_id") -> str:
    """Return `projects/<project>/assets/<path>` for any form in which users know an asset.

    `COPERNICUS/S2` is in the public catalogue, `users/someone/x` among the assets of before Cloud projects.
    """
    text = value if isinstance(value, str) else ""
    if re.fullmatch("projects/[^/]+/assets/?", text):
        raise InvalidArgument(
            argument, f"{shown(value)} is not a valid asset id: it is the root of all", f"{text.rstrip('/')}/<path>"
        )
    project, separator, path = text.partition("/assets/")
    if not separator:
        owner = "earthengine-legacy" if text.startswith(("users/", "projects/")) else "earthengine-public"
        project, path = f"projects/{owner}", text
    if not re.fullmatch(r"projects/[a-z0-9.:-]+", project) or not _ASSET_PATH.fullmatch(path) or "/.." in f"/{path}":
        raise InvalidArgument(
            argument,
            f"{shown(value)} is not a valid asset id",
            "projects/<project>/assets/<path> with letters, digits, hyphens and underscores, "
            "or the id of a public asset such as USGS/SRTMGL1_003",
        )
    return f"{project}/assets/{path}"


def writable_asset(value: object, argument: str = "asset_id") -> str:
    """Return the name of an asset that a caller may change: none of the public catalogue's, and no root of a project.

    An id of before Cloud projects, `users/someone/x`, is brought to the form that the API takes, as anywhere else.
    """
    name = asset_name(value, argument)
    project, _, path = name.partition("/assets/")
    if project == "projects/earthengine-public":
        raise InvalidArgument(
            argument,
            f"{shown(value)} is in the public catalogue, which is Google's",
            "projects/<project>/assets/<path>",
        )
    if project == "projects/earthengine-legacy" and path.count("/") < 2:
        raise InvalidArgument(
            argument, f"{shown(value)} is a folder that is there already", "a path in it, such as users/<user>/<path>"
        )
    return name


def destination_asset(value: object, argument: str = "asset_id") -> str:
    """Return the name of an asset that a caller may make; there are older assets with other names.

    https://github.com/r-spatial/rgee/issues/135, and what Earth Engine answers: "An asset ID can only contain letters,
    numbers, hyphens, and underscores."
    """
    name = writable_asset(value, argument)
    path = name.partition("/assets/")[2]
    if "." in path:
        raise InvalidArgument(
            argument,
            f"{shown(value)} is not a valid name of a new asset: it has a dot",
            "letters, digits, hyphens and underscores",
        )
    if path.count("/") >= _MOST_SEGMENTS:
        problem = f"{shown(value)} is {path.count('/') + 1} names deep"
        raise InvalidArgument(argument, problem, f"at most {_MOST_SEGMENTS} names with slashes between them")
    return name


def id_in_expressions(name: str) -> str:
    """Return an asset's id as expressions have it, from its full name: public assets go without their project."""
    return name.removeprefix("projects/earthengine-public/assets/")


def api_version(value: object, argument: str = "api_version") -> str:
    """Check a version of the API."""
    if not isinstance(value, str) or value not in _API_VERSIONS:
        raise InvalidArgument(
            argument, f"{shown(value)} is not a version of Earth Engine's API", ", ".join(_API_VERSIONS)
        )
    return value


def request_id(value: object, argument: str = "request_id") -> str:
    """Check a request id, by which Earth Engine knows a request that it has seen before."""
    if not isinstance(value, str) or not is_request_id(value):
        raise InvalidArgument(argument, f"{shown(value)} is not a valid request id", "1 to 60 letters, digits, hyphens")
    return value


def workload_tag(value: object, argument: str = "workload_tag") -> str:
    """Check a workload tag, by which costs are told apart; the form that the official client allows too."""
    if not isinstance(value, str) or not _WORKLOAD_TAG.fullmatch(value):
        raise InvalidArgument(
            argument,
            f"{shown(value)} is not a valid workload tag",
            "1 to 63 lower-case letters, digits, - and _, with a letter or digit at both ends",
        )
    return value
