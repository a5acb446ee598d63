"""Requests for pixels have only fields that Earth Engine's own contract knows."""

import pytest

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.client.pixels.images import read_image
from tests.client.pixels.earth import image, load
from tests.contract import problems

GRID = PixelGrid("EPSG:4326", (1, 0, 0, 0, -1, 0), 5, 4).fields()
WORDS = {"grid": GRID, "bands": ["b"], "visualization": {"ranges": [{"min": 0, "max": 1}]}}


def test_pixels_of_an_asset_are_asked_for_as_the_contract_says():
    request = read_image("p", asset_id="a/b", workload_tag="t").request("PNG", **WORDS)
    assert request.path == "projects/earthengine-public/assets/a/b:getPixels"
    assert problems("GetPixelsRequest", request.body) == []


def test_pixels_of_an_expression_are_asked_for_as_the_contract_says():
    request = read_image("p", image=image(load("a/b")), workload_tag="t").request("NPY", **WORDS)
    assert request.path == "projects/p/image:computePixels"
    assert problems("ComputePixelsRequest", request.body) == []


def test_an_asset_with_a_value_for_no_data_is_an_expression(ee):
    request = read_image("p", asset_id="EMULATOR/S2").unmasked(-9).request("NPY")
    ours = ee.data.computeValue(ee.deserializer.decodeCloudApi(request.body["expression"]))
    theirs = ee.data.computeValue(ee.Image("EMULATOR/S2").unmask(-9, False))
    assert request.path == "projects/p/image:computePixels"
    assert ours == theirs


def test_a_mask_band_is_what_the_official_client_would_compute(ee):
    request = read_image("p", asset_id="EMULATOR/S2").with_mask_band(["B4", "B8"]).request("NPY")
    ours = ee.data.computeValue(ee.deserializer.decodeCloudApi(request.body["expression"]))
    chosen = ee.Image("EMULATOR/S2").select(["B4", "B8"])
    mask = chosen.mask().reduce(ee.Reducer.min()).gt(0).rename(["mask"])
    assert ours == ee.data.computeValue(chosen.addBands(mask))


def test_the_id_of_an_asset_is_that_asset():
    assert read_image("p", image="USGS/SRTMGL1_003") == read_image("p", asset_id="USGS/SRTMGL1_003")


@pytest.mark.parametrize("words", [{}, {"image": image(load("a")), "asset_id": "a/b"}], ids=["neither", "both"])
def test_there_is_one_image(words):
    with pytest.raises(InvalidArgument, match="image: it takes one image"):
        read_image("p", **words)
