"""A request goes to a version of the API that has all of its fields."""

import pytest

from airflow_provider_ee.client import exports, imports
from airflow_provider_ee.client.assets import fields
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.versions import FIELDS, version_for
from airflow_provider_ee.emulator.schemas import versions as emulated

VERSIONS = (None, "v1", "v1beta", "v1alpha")
THING = {"result": "0", "values": {"0": {"constantValue": 1}}}
PROJECT, ASSET = "projects/p", "projects/p/assets/a"
NEEDED = {
    "image": THING,
    "collection": THING,
    "classifier": THING,
    "expression": THING,
    "description": "d",
    "bucket": "my-bucket",
    "asset_id": ASSET,
    "table": "p.d.t",
    "max_zoom": 5,
    "tile_options": {"endZoom": 3},
    "uris": "gs://bucket/a",
}


def made(kind, **arguments):
    """The request of an export or import with what it needs, and what all of them may say."""
    return kind(**{name: value for name, value in NEEDED.items() if name in kind.needed}, **arguments).request(PROJECT)


def update(**changes):
    return methods.assets_patch(ASSET, body=fields.asset_update(**changes))


REQUESTS = {
    **{f"{name} {overwrite}": made(export, overwrite=overwrite) if "overwrite" in export.needed else made(export)
       for name, export in exports.EXPORTS.items() if "feature_view" not in name for overwrite in (True, False)},
    **{f"{kind.__name__} {overwrite}": made(kind, overwrite=overwrite)
       for kind in (imports.ImportImage, imports.ImportTable, imports.ImportExternalImage) for overwrite in (True, False)},
    "title": update(title="t"),
    "no title": update(title=""),
    "description": update(description="d"),
    "properties": update(properties={"a": 1}, start_time="2026-01-01"),
    "collection": methods.assets_create(PROJECT, assetId="a", body={"type": "IMAGE_COLLECTION", "properties": {"a": 1}}),
}  # fmt: skip


@pytest.mark.parametrize("wanted", VERSIONS)
@pytest.mark.parametrize("name", REQUESTS)
def test_no_field_is_sent_to_a_version_that_lacks_it(name, wanted):
    request = REQUESTS[name]
    try:
        version = version_for(request, wanted)
    except InvalidArgument as error:
        assert wanted is not None
        assert error.problem == f"{wanted} of Earth Engine's API has no such field"
    else:
        assert version in request.method.versions
        emulated.check_version(version, request.method.id, request.body)


@pytest.mark.parametrize(
    ("name", "wanted", "version"),
    [
        ("classifier_to_asset False", None, "v1beta"),
        ("classifier_to_asset True", None, "v1"),
        ("image_to_asset True", None, "v1"),
        ("image_to_asset True", "v1alpha", "v1alpha"),
        ("image_to_asset False", "v1beta", "v1beta"),
        ("title", None, "v1alpha"),
        ("no title", None, "v1alpha"),
        ("properties", None, "v1"),
    ],
)
def test_a_request_goes_to_the_methods_own_version_unless_that_lacks_a_field(name, wanted, version):
    assert version_for(REQUESTS[name], wanted) == version


@pytest.mark.parametrize(
    ("name", "wanted", "problem"),
    [
        ("image_to_asset True", "v1beta", "overwrite: v1beta of Earth Engine's API has no such field. Allowed: api_version v1"),
        ("title", "v1", "title: v1 of Earth Engine's API has no such field. Allowed: api_version v1alpha."),
        ("no title", "v1beta", "title: v1beta of Earth Engine's API has no such field"),
    ],
)  # fmt: skip
def test_a_version_that_was_asked_for_and_lacks_a_field_is_refused(name, wanted, problem):
    with pytest.raises(InvalidArgument) as caught:
        version_for(REQUESTS[name], wanted)
    assert str(caught.value).startswith(problem)


def test_the_emulator_knows_of_the_same_fields():
    known = {(field.method, field.path): field.versions for field in emulated._FIELDS}
    ours = {(method, path): versions for method, paths in FIELDS.items() for path, versions in paths.items()}

    assert {key: versions for key, versions in ours.items() if "updateMask" not in key[1]} == known
