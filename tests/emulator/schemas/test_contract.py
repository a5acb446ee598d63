"""The emulator's own tables, held against the contract of Google's client (contract.json: its messages and methods)."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from airflow_provider_ee.emulator.http.route import VERSIONS, Route
from airflow_provider_ee.emulator.http.routes import ROUTES, find
from airflow_provider_ee.emulator.schemas import assets, computations, exports, iam, imports, tables
from airflow_provider_ee.emulator.schemas.kinds import Choice, Kind, Many, Message, Table
from tests.contract import CONTRACT

BY_METHOD = {route.method: route for route in ROUTES}

REQUESTS: dict[str, Message] = {
    "ExportImageRequest": exports.EXPORT_IMAGE,
    "ExportVideoRequest": exports.EXPORT_VIDEO,
    "ExportMapRequest": exports.EXPORT_MAP,
    "ExportVideoMapRequest": exports.EXPORT_VIDEO_MAP,
    "ExportClassifierRequest": exports.EXPORT_CLASSIFIER,
    "ExportTableRequest": tables.EXPORT_TABLE,
    "ImportImageRequest": imports.IMPORT_IMAGE,
    "ImportTableRequest": imports.IMPORT_TABLE,
    "ImportExternalImageRequest": imports.IMPORT_EXTERNAL_IMAGE,
    "EarthEngineAsset": assets.ASSET,
    "UpdateAssetRequest": assets.UPDATE_ASSET,
    "CopyAssetRequest": assets.COPY_ASSET,
    "MoveAssetRequest": assets.MOVE_ASSET,
    "GetPixelsRequest": computations.GET_PIXELS,
    "ComputePixelsRequest": computations.COMPUTE_PIXELS,
    "ComputeValueRequest": computations.COMPUTE_VALUE,
    "ComputeFeaturesRequest": computations.COMPUTE_FEATURES,
    "ComputeImagesRequest": computations.COMPUTE_IMAGES,
    "GetIamPolicyRequest": iam.GET_POLICY,
    "SetIamPolicyRequest": iam.SET_POLICY,
    "TestIamPermissionsRequest": iam.TEST_PERMISSIONS,
    "WaitOperationRequest": computations.WAIT,
}

# In the REST reference of v1alpha, but unknown to Google's own client.
ONLY_IN_THE_REFERENCE = {"projects.assets.listImages"}

# assets.patch documents them; the client's message does not list them.
ONLY_DOCUMENTED = {"EarthEngineAsset": {"title", "description"}}


def differences(kind: Kind, name: str, path: str) -> Iterator[str]:
    """Yield what the emulator's message and Google's do not have in common, all the way down."""
    if isinstance(kind, Many | Table):
        yield from differences(kind.item, name, path)
    if not isinstance(kind, Message):
        return
    theirs: Mapping[str, Mapping[str, Any]] = CONTRACT["messages"][name]
    for field in (set(kind.fields) - ONLY_DOCUMENTED.get(name, set())) ^ set(theirs):
        yield f"{path}.{field} is known on one side only"
    for field in set(kind.fields) & set(theirs):
        inside, described = kind.fields[field], theirs[field]
        if described.get("message"):
            yield from differences(inside, described["message"], f"{path}.{field}")
        if described.get("enum") and isinstance(inside, Choice):
            for extra in set(inside.names) - set(CONTRACT["enums"][described["enum"]]):
                yield f"{path}.{field} has no {extra}"
        if (described["type"] == "array") != isinstance(inside, Many) and described["type"] != "scalar":
            yield f"{path}.{field} is a list on one side only"


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_has_the_fields_and_enums_of_googles_message(name: str) -> None:
    assert sorted(differences(REQUESTS[name], name, name)) == []


def test_every_method_of_google_is_routed_and_no_other() -> None:
    assert set(BY_METHOD) - ONLY_IN_THE_REFERENCE == set(CONTRACT["methods"])


@pytest.mark.parametrize("name", CONTRACT["methods"])
def test_a_method_has_googles_verb_path_and_body(name: str) -> None:
    theirs, ours = CONTRACT["methods"][name], BY_METHOD[name]
    assert ours.verb == theirs["http"]
    assert (ours.body is not None) == theirs["hasBody"]
    assert "/{version}/" + template(ours) == theirs["path"]
    assert {key: value for key, value in ours.parameters if key in theirs["params"]} == theirs["params"]


@pytest.mark.parametrize("name", CONTRACT["methods"])
def test_a_path_of_a_method_leads_to_it(name: str) -> None:
    route = BY_METHOD[name]
    path = template(route)
    for parameter, pattern in route.parameters:
        example = pattern.strip("^$").replace("[^/]+", "some-part").replace(".*", "a/b_c")
        path = path.replace("{" + parameter + "}", example)

    found = find(route.verb, path)

    assert found is not None
    assert found[0].method == name


def test_there_are_three_versions() -> None:
    assert VERSIONS == ("v1", "v1beta", "v1alpha")


def template(route: Route) -> str:
    """Return a route's path with bare parameters, as the contract writes it."""
    path = route.path
    for part in path.split("{")[1:]:
        inside = part.split("}")[0]
        path = path.replace("{" + inside + "}", "{" + inside.split("=")[0] + "}")
    return path
