"""Every request for what Earth Engine does at once has only fields that Google's own client knows."""

import pytest

from airflow_provider_ee.client.assets import access, fields, tree
from airflow_provider_ee.client.computing import computations
from airflow_provider_ee.client.errors import NotFound
from tests.client.playing import play
from tests.contract import problems

A, B = "projects/p/assets/a", "projects/p/assets/b"
ONE = {"result": "0", "values": {"0": {"constantValue": 1}}}
GONE = NotFound("no such asset")
FIELDS = fields.collection_fields(properties={"n": 1}, start_time="2026-01-01", end_time="2026-02-01")
EVERYBODY = access.AccessChange.of(public=True, readers=["ann@x.org"], owners=["bob@x.org"])

FLOWS = {
    "EarthEngineAsset": (tree.create_asset(A, "IMAGE_COLLECTION", FIELDS), [GONE, {}]),
    "CopyAssetRequest": (tree.copy_asset(A, B, if_exists="overwrite"), [GONE, {}]),
    "MoveAssetRequest": (tree.move_asset(A, B), [GONE, {}]),
    "SetIamPolicyRequest": (access.set_access(A, EVERYBODY), [{"etag": "e", "version": 1}, {}]),
    "GetIamPolicyRequest": (access.set_access(A, access.AccessChange.of(public=False)), [{"etag": "e"}]),
    "ComputeValueRequest": (computations.compute_value("projects/p", ONE, workload_tag="t"), [{}]),
    "ComputeFeaturesRequest": (
        computations.compute_features("projects/p", ONE, lambda page: None, workload_tag="t"),
        [{"nextPageToken": "t"}, {}],
    ),
}


@pytest.mark.parametrize("message", FLOWS)
def test_a_request_has_only_known_fields(message):
    flow, answers = FLOWS[message]
    request = play(flow, answers)[1][-1]
    assert problems(message, request.body) == []


def test_an_update_has_only_known_fields_but_two_that_the_reference_alone_names():
    body = fields.asset_update(properties={"n": 1}, start_time="2026-01-01", title="t", description="d")
    # https://developers.google.com/earth-engine/reference/rest/v1/projects.assets/patch
    assert [text.split(" ")[0] for text in problems("UpdateAssetRequest", {"asset": body["asset"]})] == [
        "UpdateAssetRequest.asset.title",
        "UpdateAssetRequest.asset.description",
    ]
