"""Images of the emulator, with their known values, in every form and place."""

import io
import json
import sys

import httpx
import numpy as np
import pytest
import rasterio

from airflow_provider_ee.client.arguments.expressions import call, constant
from airflow_provider_ee.client.errors import EarthEngineError, EmptyResult, InvalidArgument, InvalidRequest, NotFound
from airflow_provider_ee.client.http.limits import Limits
from airflow_provider_ee.client.warnings import EmptyResultWarning
from tests.client.drivers import refusal
from tests.client.pixels.earth import (
    COMPUTE_PIXELS,
    DEM,
    GET_PIXELS,
    S2,
    TinyEarth,
    fetch,
    image,
    load,
    patient_client,
    scene,
    truth,
)

#: Sea and land in the Pacific, some of it on each side of the antimeridian.
PACIFIC = [176, 15, -172, 35]
A_WINDOW = (5000, 7000, 300, 200)
RAW = {"asset_id": "a/b", "file_format": "GEO_TIFF"}


def requests(earth, method=None):
    return [entry.method for entry in earth.control.ledger.entries(method)]


def masked_scene(threshold):
    """EMULATOR/S2 where its band B8 is above a value, and the formula of that mask."""
    bright = call("Image.gt", image1=call("Image.select", input=load(S2), bandSelectors=constant(["B8"])),
                  image2=call("Image.constant", value=constant(threshold)))  # fmt: skip
    return image(call("Image.updateMask", image=load(S2), mask=bright))


@pytest.fixture
def bright():
    return truth("B8", *A_WINDOW) > 3000


def test_bands_come_in_the_order_asked_for(earth):
    pixels = fetch(patient_client, asset_id=S2, grid=scene(*A_WINDOW), band_ids="B8, B2")
    assert pixels.dtype == np.uint16
    assert (pixels == np.stack([truth("B8", *A_WINDOW), truth("B2", *A_WINDOW)])).all()


def test_an_expression_is_computed(earth):
    pixels = fetch(patient_client, image=image(load(S2)), grid=scene(*A_WINDOW), workload_tag="pixels")
    assert (pixels[3] == truth("B8", *A_WINDOW)).all()
    assert set(requests(earth)) == {"projects.value.compute", COMPUTE_PIXELS}


def test_bands_of_several_types_come_in_one_that_holds_them_all(earth):
    index = call("Image.normalizedDifference", input=load(S2), bandNames=constant(["B8", "B4"]))
    both = call("Image.addBands", dstImg=load(S2), srcImg=index)
    pixels = fetch(patient_client, image=image(both), grid=scene(*A_WINDOW), band_ids=["B8", "nd"])
    near, red = truth("B8", *A_WINDOW).astype(float), truth("B4", *A_WINDOW).astype(float)
    assert pixels.dtype == np.float32
    assert (pixels[0] == near).all()
    assert pixels[1] == pytest.approx((near - red) / (near + red), abs=1e-6)


def test_without_a_word_for_masks_they_are_zeroes(earth, bright):
    pixels = fetch(patient_client, image=masked_scene(3000), grid=scene(*A_WINDOW), band_ids="B4")
    assert (pixels[0] == np.where(bright, truth("B4", *A_WINDOW), 0)).all()


def test_nodata_stands_where_there_is_no_value(earth, bright, tmp_path):
    output = tmp_path / "image.tif"
    words = {"image": masked_scene(3000), "grid": scene(*A_WINDOW), "band_ids": "B4", "nodata": -9999}
    pixels = fetch(patient_client, **words)
    fetch(patient_client, **words, output=output)
    assert pixels.dtype == np.int32
    assert (pixels[0] == np.where(bright, truth("B4", *A_WINDOW).astype(int), -9999)).all()
    with rasterio.open(output) as file:
        assert file.nodata == -9999
        assert (file.read() == pixels).all()


def test_the_nodata_of_an_asset_reaches_beyond_its_footprint(earth):
    pixels = fetch(patient_client, asset_id=S2, grid=scene(-100, 0, 200, 50), band_ids="B4", nodata=65535)
    assert (pixels[0, :, :100] == 65535).all()
    assert (pixels[0, :, 100:] == truth("B4", 0, 0, 100, 50)).all()


def test_a_mask_band_says_where_there_is_a_value(earth, bright):
    pixels = fetch(
        patient_client, image=masked_scene(3000), grid=scene(*A_WINDOW), band_ids=["B8", "B4"], mask_band=True
    )
    assert pixels.shape[0] == 3
    assert (pixels[2] == bright).all()
    assert (pixels[1] == np.where(bright, truth("B4", *A_WINDOW), 0)).all()


def test_a_file_has_the_bands_the_place_and_the_pixels(earth, tmp_path):
    output = tmp_path / "deep" / "image.tif"
    window = (3000, 4000, 1300, 1100)
    result = fetch(patient_client, asset_id=S2, grid=scene(*window), band_ids=["B4", "B3"], output=output)
    with rasterio.open(output) as file:
        assert file.descriptions == ("B4", "B3")
        assert (file.crs.to_epsg(), tuple(file.transform)[:6]) == (32632, (10, 0, 630000, 0, -10, 5360000))
        assert (file.profile["tiled"], file.compression.name) == (True, "deflate")
        assert (file.read() == np.stack([truth("B4", *window), truth("B3", *window)])).all()
    assert (result.width, result.height, result.bands, result.crs) == (1300, 1100, ["B4", "B3"], "EPSG:32632")
    assert result.transform == [10, 0, 630000, 0, -10, 5360000]
    assert (result.output_path, result.bytes) == (str(output), output.stat().st_size)
    assert result.tiles == result.fetched == len(requests(earth, GET_PIXELS)) > 1
    assert list(output.parent.iterdir()) == [output]


def test_a_cloud_optimized_file_has_overviews_and_the_same_pixels(earth, tmp_path):
    output = tmp_path / "image.tif"
    window = (0, 0, 1100, 1100)
    fetch(patient_client, asset_id=S2, grid=scene(*window), band_ids="B4", output=output, cloud_optimized=True)
    with rasterio.open(output) as file:
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert file.overviews(1) == [2, 4]
        assert (file.read(1) == truth("B4", *window)).all()


@pytest.mark.parametrize(("bands", "layers"), [("B4,B3,B2", 4), ("B8,B4", 2)], ids=["colours", "greys"])
def test_a_preview_is_a_small_picture_beside_the_file(earth, tmp_path, bands, layers):
    output = tmp_path / "image.tif"
    words = {"asset_id": S2, "grid": scene(-400, 0, 1600, 800), "band_ids": bands, "nodata": 0}
    result = fetch(patient_client, **words, output=output, preview=True)
    assert result.preview == str(tmp_path / "image.preview.png")
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning), rasterio.open(result.preview) as file:
        pixels = file.read()
    assert pixels.shape == (layers, 512, 1024)
    assert not pixels[-1, :, :256].any()
    assert (pixels[-1, :, 256:] == 255).all()
    assert {0, 255} <= set(pixels[0, :, 256:].flat)
    assert {path.name for path in tmp_path.iterdir()} == {"image.tif", "image.preview.png"}


def test_who_delivers_the_file_is_given_it_whole(earth, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    delivered = {}
    result = fetch(
        patient_client, asset_id=S2, grid=scene(*A_WINDOW), band_ids="B4", output="gs://bucket/image.tif", preview=True,
        deliver=lambda path, url: delivered.update({url: path.read_bytes()}),
    )  # fmt: skip
    assert list(delivered) == ["gs://bucket/image.preview.png", "gs://bucket/image.tif"]
    assert (result.output_path, result.preview) == ("gs://bucket/image.tif", "gs://bucket/image.preview.png")
    with rasterio.MemoryFile(delivered["gs://bucket/image.tif"]) as memory, memory.open() as file:
        assert (file.read(1) == truth("B4", *A_WINDOW)).all()
    assert [path for folder in tmp_path.iterdir() for path in folder.iterdir()] == []


def test_a_picture_is_one_request_and_its_bytes_as_they_come(earth, tmp_path):
    output = tmp_path / "image.png"
    stretch = {"ranges": [{"min": 0, "max": 4000}]}
    words = {"asset_id": S2, "grid": scene(*A_WINDOW), "band_ids": "B4,B3,B2", "visualization_options": stretch}
    picture = fetch(patient_client, **words, file_format="PNG")
    result = fetch(patient_client, **words, file_format="png", output=output)
    assert picture.startswith(b"\x89PNG")
    assert output.read_bytes() == picture
    assert (result.tiles, result.bytes) == (1, len(picture))
    assert list(tmp_path.iterdir()) == [output]
    assert len(requests(earth, GET_PIXELS)) == 2


def test_a_raw_array_is_what_earth_engine_sent(earth):
    body = fetch(patient_client, asset_id=S2, grid=scene(*A_WINDOW), band_ids="B4", file_format="NPY")
    assert (np.load(io.BytesIO(body))["B4"] == truth("B4", *A_WINDOW)).all()


@pytest.mark.parametrize(
    "more", [{}, {"cloud_optimized": True}, {"nodata": 0}], ids=["as it comes", "cloud optimized", "nodata"]
)
def test_a_geotiff_comes_raw_unless_there_are_more_wishes(earth, tmp_path, more):
    output = tmp_path / "image.tif"
    words = {"asset_id": S2, "grid": scene(*A_WINDOW), "band_ids": "B4", "file_format": "GEO_TIFF"}
    fetch(patient_client, **words, output=output, **more)
    raw = fetch(patient_client, **words)
    assert (output.read_bytes() == raw) == (not more)
    with rasterio.open(output) as file:
        assert (file.read(1) == truth("B4", *A_WINDOW)).all()


def test_a_raw_answer_goes_to_its_file_as_it_comes(tmp_path):
    image, part = tmp_path / "image.tif", tmp_path / "image.tif.part" / "whole"
    written = []

    class Pieces(httpx.AsyncByteStream):
        async def __aiter__(self):
            yield b"II*\0"
            for _ in range(20):
                yield bytes(100_000)
                written.append(part.stat().st_size)

    earth = TinyEarth(meddle=lambda *_: httpx.Response(200, stream=Pieces()))
    # There is no need of memory for it.
    result = fetch(lambda: earth.client(limits=Limits(longest_answer=1000)), **RAW, output=image)
    assert written == [4 + 100_000 * (number + 1) for number in range(20)]
    assert result.bytes == image.stat().st_size == written[-1]
    assert list(tmp_path.iterdir()) == [image]


@pytest.mark.parametrize("to_file", [True, False], ids=["a file", "memory"])
def test_of_a_raw_answer_that_broke_off_nothing_is_left_in_the_next_one(tmp_path, to_file):
    class Torn(httpx.AsyncByteStream):
        async def __aiter__(self):
            yield b"II*\0" + bytes(100_000)
            raise httpx.ReadError("reset")

    whole = b"II*\0the pixels"
    earth = TinyEarth(meddle=lambda number, *_: httpx.Response(200, stream=Torn()) if number == 1 else whole)
    output = tmp_path / "image.tif" if to_file else None
    body = fetch(earth.client, **RAW, output=output)
    assert (output.read_bytes() if to_file else body) == whole
    assert len(earth.asked) == 2


@pytest.mark.parametrize(
    "answer", [b"<html>Sign in</html>", refusal(403, "no"), refusal(503, "busy")], ids=["another file", "no", "busy"]
)
def test_of_a_raw_answer_that_never_came_no_file_is_left(tmp_path, answer):
    with pytest.raises(EarthEngineError, match=r"begins with|no|busy"):
        fetch(TinyEarth(meddle=lambda *_: answer).client, **RAW, output=tmp_path / "image.tif")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("compression", ["zstd", "LZW", "none"])
def test_a_file_is_compressed_as_it_was_asked_for(earth, tmp_path, compression):
    words = {"asset_id": S2, "grid": scene(*A_WINDOW), "band_ids": "B4", "compression": compression}
    output = tmp_path / "image.tif"
    fetch(patient_client, **words, file_format="GEO_TIFF", output=output, cloud_optimized=True)
    with rasterio.open(output) as file:
        assert getattr(file.compression, "name", "none") == compression.lower()
        assert (file.read(1) == truth("B4", *A_WINDOW)).all()


def test_a_geotiff_too_large_for_one_answer_is_made_of_tiles(tmp_path):
    tiny = TinyEarth(side=4200)
    assert 3 * tiny.side**2 > 48 * 2**20
    result = fetch(tiny.client, asset_id="a/b", file_format="GEO_TIFF", output=tmp_path / "image.tif")
    assert (result.width, result.height) == (4200, 4200)
    assert {body["fileFormat"] for body in tiny.asked} == {"NPY"}


@pytest.mark.parametrize(
    "region",
    [
        [11.0, 47.5, 11.05, 47.53],
        json.dumps({"type": "Polygon", "coordinates": [[[11.0, 47.5], [11.05, 47.5], [11.02, 47.53], [11.0, 47.5]]]}),
    ],
    ids=["box", "GeoJSON"],
)
def test_the_native_pixels_that_cover_a_region_are_fetched(earth, region, tmp_path):
    output = tmp_path / "image.tif"
    fetch(patient_client, asset_id=S2, region=region, band_ids="B4", output=output)
    with rasterio.open(output) as file:
        column, row = (file.transform.c - 600000) / 10, (5400000 - file.transform.f) / 10
        assert (column, row) == (int(column), int(row))
        west, south, east, _ = rasterio.warp.transform_bounds(file.crs, 4326, *file.bounds)
        assert west <= 11.0
        assert south <= 47.5
        assert east >= 11.05
        assert file.width < 600
        assert (file.read(1) == truth("B4", int(column), int(row), file.width, file.height)).all()


def test_a_scale_in_metres_is_one_in_the_units_of_the_crs(earth):
    pixels = fetch(patient_client, asset_id=DEM, region=[0, 0, 1, 2], scale=11131.949079327358)
    assert pixels.shape == (1, 20, 10)


def test_dimensions_alone_are_stretched_over_the_region(earth):
    assert fetch(patient_client, asset_id=DEM, region=[0, 0, 20, 10], dimensions=100).shape == (1, 50, 100)


def test_an_image_smaller_than_a_tile_is_one_request(earth):
    assert fetch(patient_client, asset_id=S2, grid=scene(17, 23, 1, 1), band_ids="B4")[0, 0, 0] == truth(
        "B4", 17, 23, 1, 1
    )
    assert len(requests(earth, GET_PIXELS)) == 1


def test_across_the_antimeridian_degrees_go_on_beyond_180(earth, tmp_path):
    output = tmp_path / "image.tif"
    words = {"asset_id": DEM, "dimensions": "144x240"}
    across = fetch(patient_client, **words, region=PACIFIC)
    west = fetch(patient_client, asset_id=DEM, region=[176, 15, 180, 35], dimensions="48x240")
    east = fetch(patient_client, asset_id=DEM, region=[-180, 15, -172, 35], dimensions="96x240")
    assert (across == np.concatenate([west, east], axis=2)).all()
    assert west.any()
    assert east.any()
    assert (fetch(patient_client, **words, region=[176, 15, 188, 35]) == across).all()
    assert (fetch(patient_client, **words, region=[-184, 15, -172, 35]) == across).all()
    fetch(patient_client, **words, region=PACIFIC, output=output)
    with rasterio.open(output) as file:
        assert tuple(file.bounds) == (176, 15, 188, 35)
        assert (file.read() == across).all()


def test_a_zone_around_the_antimeridian_is_fetched_in_one_piece(earth):
    assert fetch(patient_client, asset_id=DEM, region=[179, 60, -179, 61], crs="EPSG:32601", scale=5000).all()


def test_the_poles_are_where_the_crs_shows_them(earth):
    cap = fetch(patient_client, asset_id=DEM, region=[-180, -90, 180, -80], crs="EPSG:3031", scale=50_000)
    assert cap.shape[1] == cap.shape[2]
    assert cap.any()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"region": [0, 80, 10, 89]}, "region: .* reaches farther than EPSG:3857 shows.*85.06"),
        ({"region": [0, 80, 10, 90]}, "region: .* reaches farther than EPSG:3857 shows"),
        ({"region": [170, 0, -170, 10]}, "region: it crosses the antimeridian, at which EPSG:3857 ends.*EPSG:4326"),
    ],
    ids=["beyond its end", "the pole", "the antimeridian"],
)
def test_what_web_mercator_does_not_show_is_refused(earth, words, problem):
    with pytest.raises(InvalidArgument, match=problem):
        fetch(patient_client, asset_id=DEM, crs="EPSG:3857", scale=10_000, **words)
    assert requests(earth, GET_PIXELS) == []


#: Beside the scene of EMULATOR/S2, which is around 48 degrees north and 11 east.
OUTSIDE = (-1000, 0, 30, 20)
NOTHING = call("Image.updateMask", image=load(S2), mask=call("Image.constant", value=constant(0)))
EMPTY = {
    "a region outside": {"asset_id": S2, "grid": scene(*OUTSIDE)},
    "a region outside, with nodata": {"asset_id": S2, "grid": scene(*OUTSIDE), "nodata": 7},
    "only zeroes": {"image": image(NOTHING), "grid": scene(*A_WINDOW)},
    "only nodata": {"image": image(NOTHING), "grid": scene(*A_WINDOW), "nodata": 7},
    "an empty mask": {"image": image(NOTHING), "grid": scene(*A_WINDOW), "mask_band": True},
}
SAID = {
    "a region outside": "has no data there",
    "only zeroes": "Every pixel is 0 within .* nodata or mask_band tells which",
}


@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize("to_file", [True, False], ids=["a file", "an array"])
def test_when_no_pixel_has_a_value_there_is_one_warning(earth, tmp_path, name, to_file):
    output = tmp_path / "image.tif" if to_file else None
    with pytest.warns(EmptyResultWarning, match=SAID.get(name, "has no data there")) as caught:
        result = fetch(patient_client, **EMPTY[name], band_ids="B4", output=output)
    assert len(caught) == 1
    assert not to_file or result.empty


@pytest.mark.parametrize("name", EMPTY)
def test_when_no_pixel_has_a_value_the_download_fails_if_it_shall(earth, tmp_path, name):
    with pytest.raises(EmptyResult, match=SAID.get(name, "has no data there")):
        fetch(patient_client, **EMPTY[name], band_ids="B4", output=tmp_path / "image.tif", on_empty="fail")
    assert not (tmp_path / "image.tif").exists()


@pytest.mark.parametrize("name", EMPTY)
def test_that_no_pixel_has_a_value_may_be_ignored(earth, name):
    fetch(patient_client, **EMPTY[name], band_ids="B4", on_empty="ignore")


def test_of_a_region_outside_of_a_stored_image_no_pixel_is_asked_for_if_that_fails(earth):
    with pytest.raises(EmptyResult, match=r"covers \[1\d.*\] degrees, and the region is"):
        fetch(patient_client, **EMPTY["a region outside"], band_ids="B4", on_empty="fail")
    assert requests(earth, GET_PIXELS) == []


def test_a_region_with_latitude_and_longitude_swapped_is_called_so(earth):
    with pytest.raises(EmptyResult, match=r"Are latitude and longitude swapped\?"):
        fetch(patient_client, asset_id=S2, region=[47.5, 11.0, 47.53, 11.05], scale=30, band_ids="B4", on_empty="fail")


def test_a_picture_of_a_region_outside_of_a_stored_image_is_a_warning(earth):
    ranges = {"ranges": [{"min": 0, "max": 4000}]}
    with pytest.warns(EmptyResultWarning, match="has no data there"):
        fetch(
            patient_client, **EMPTY["a region outside"], band_ids="B4", file_format="PNG", visualization_options=ranges
        )


def test_a_single_pixel_with_a_value_is_enough(earth):
    grid = scene(-299, 7000, 300, 200)
    assert fetch(patient_client, asset_id=S2, grid=grid, band_ids="B4").any()


REGION = {"region": [0, 0, 1, 1]}
WRONG = {
    "no image": ({}, "image: it takes one image"),
    "two images": ({"asset_id": DEM, "image": image(load(DEM))}, "image: it takes one image"),
    "no such band": ({"asset_id": S2, "band_ids": "B4,B1"}, "band_ids: the image has no band 'B1'. Allowed: B2, B3, B4"),
    "a band twice": ({"asset_id": S2, "band_ids": "B4,B4"}, "band_ids: 'B4' is named twice"),
    "nodata and a mask": ({"asset_id": S2, "nodata": 0, "mask_band": True}, "mask_band: it contradicts nodata"),
    "nodata without a value": ({"asset_id": S2, "nodata": float("nan")}, "nodata: nan is out of bounds"),
    "a grid and a scale": ({"asset_id": S2, "grid": scene(0, 0, 1, 1), "scale": 9}, "grid: it contradicts scale"),
    "half a grid": ({"asset_id": S2, "grid": {"crsCode": "EPSG:4326"}}, "grid"),
    "an endless image": ({"image": image(call("Image.constant", value=constant(1)))}, "region: nothing says where"),
    "no pixels": ({"image": image(call("Image.constant", value=constant(1))), **REGION}, "scale: the image has no pixels"),
    "an unknown crs": ({"asset_id": DEM, **REGION, "scale": 9, "crs": "EPSG:999999"}, "crs: 'EPSG:999999' is not known"),
    "a URL": ({"asset_id": S2, "output": "gs://bucket/x.tif"}, "output_path: 'gs://bucket/x.tif' is not a path"),
    "a folder": ({"asset_id": S2, "output": "/"}, "output_path: '/' is a folder"),
    "a preview of a PNG": (
        {"asset_id": S2, "file_format": "PNG", "output": "x", "preview": True}, "preview: only a GeoTIFF can have it",
    ),
    "a COG of a PNG": (
        {"asset_id": S2, "file_format": "PNG", "output": "x", "cloud_optimized": True}, "cloud_optimized: only a GeoTIFF",
    ),
    "a compression": (
        {"asset_id": S2, "output": "x", "compression": "zip"}, "compression: 'zip' is not .*: deflate, zstd, lzw, none",
    ),
    "a compressed array": (
        {"asset_id": S2, "file_format": "NPY", "output": "x", "compression": "lzw"}, "compression: only a GeoTIFF",
    ),
    "a COG of a picture": (
        {"asset_id": S2, "file_format": "GEO_TIFF", "output": "x", "cloud_optimized": True,
         "visualization_options": {"gamma": 1}}, "cloud_optimized: only a GeoTIFF can have it",
    ),
    "a format": ({"asset_id": S2, "file_format": "BMP"}, "file_format: 'BMP' is not a valid format of pixels"),
    "colours without a format": ({"asset_id": S2, "output": "x", "visualization_options": {"gamma": 1}}, "visualization_options: only a picture"),
    "a picture too large": (
        {"asset_id": S2, "file_format": "PNG"}, r"file_format: 20000 x 20000 pixels \([\d,]+ bytes\) are too many",
    ),
    "an unknown reaction": ({"asset_id": S2, "on_empty": "shout"}, "on_empty: 'shout' is not .*: warn, fail, ignore"),
    "too many at once": ({"asset_id": S2, "concurrency": 41}, "concurrency: 41 is out of bounds"),
    "a region around the world": ({"asset_id": DEM, "region": [-200, 0, 200, 1]}, "region: .* more than once"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_argument_is_named_before_any_pixel_is_asked_for(earth, name):
    words, problem = WRONG[name]
    with pytest.raises(InvalidArgument, match=problem):
        fetch(patient_client, **words)
    assert requests(earth, GET_PIXELS) == requests(earth, COMPUTE_PIXELS) == []


def test_what_is_no_image_is_refused(earth):
    with pytest.raises(InvalidRequest, match="The expression is not an image with bands but int"):
        fetch(patient_client, image=image(constant(5)))
    with pytest.raises(InvalidRequest, match="S2_DAILY is not an image with bands but IMAGE_COLLECTION"):
        fetch(patient_client, asset_id="EMULATOR/S2_DAILY")
    with pytest.raises(NotFound):
        fetch(patient_client, asset_id="EMULATOR/S3")


def test_without_rasterio_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "rasterio", None)
    with pytest.raises(EarthEngineError, match=r"need rasterio, .* pip install 'airflow-provider-ee\[raster\]'"):
        fetch(TinyEarth().client, asset_id=S2)
