"""What computePixels and getPixels answer."""

import io
from typing import Any

import numpy as np
import pytest
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from airflow_provider_ee.emulator.compute import ComputeError, NotComputed, image_pixels
from tests.emulator.compute import formulas
from tests.emulator.compute.nodes import call, compute, grid, image, masked, rectangle, scene

GRID = grid(10, 0, 691000, 0, -10, 5334000, width=8, height=6)
COLUMN, ROW = 9100, 6600
POLYGON = {"type": "Polygon", "coordinates": [[[11.3, 48.2], [11.3, 48.0], [11.7, 48.0], [11.7, 48.2]]]}


def band(name: str) -> list[list[int]]:
    return [[formulas.scene(name, COLUMN + c, ROW + r) for c in range(8)] for r in range(6)]


def shown(body: bytes) -> tuple[str, np.ndarray[Any, Any]]:
    # rasterio warns of every picture without a place on Earth, which no picture has
    with pytest.warns(NotGeoreferencedWarning):
        return opened(body)


def opened(body: bytes) -> tuple[str, np.ndarray[Any, Any]]:
    with MemoryFile(body) as file, file.open() as dataset:
        return dataset.driver, dataset.read()


def test_npy_is_an_array_with_a_field_for_each_band_in_its_own_type() -> None:
    two = call("Image.addBands", dstImg=call("Image.select", input=scene(), bandSelectors=["B4"]), srcImg=image(2.5))
    body, content_type = image_pixels(compute(two), grid=GRID, file_format="NPY")
    array = np.load(io.BytesIO(body))
    assert content_type == "application/octet-stream"
    assert array.dtype == [("B4", "<u2"), ("constant", "<f8")]
    assert array["B4"].tolist() == band("B4")
    assert array["constant"][0, 0] == 2.5


def test_bands_come_in_the_order_in_which_they_are_asked_for() -> None:
    body, _ = image_pixels(compute(scene()), grid=GRID, band_ids=["B8", "B2"], file_format="NPY")
    assert np.load(io.BytesIO(body)).dtype.names == ("B8", "B2")


@pytest.mark.parametrize("number", [5, 5.5], ids=["integer", "float"])
@pytest.mark.parametrize("file_format", ["NPY", "GEO_TIFF"])
def test_masked_pixels_are_zero_in_every_format(number: float, file_format: str) -> None:
    body, _ = image_pixels(compute(masked(number)), grid=GRID, file_format=file_format)
    values = np.load(io.BytesIO(body))["constant"] if file_format == "NPY" else opened(body)[1]
    assert (values == 0).all()


def test_a_geotiff_knows_its_place() -> None:
    body, content_type = image_pixels(compute(scene()), grid=GRID, band_ids=["B4"], file_format="GEO_TIFF")
    with MemoryFile(body) as file, file.open() as dataset:
        assert (dataset.crs.to_epsg(), dataset.transform.c, dataset.transform.f) == (32632, 691000, 5334000)
        assert dataset.read(1).tolist() == band("B4")
    assert content_type == "image/tiff"


VISIBLE = {"ranges": [{"min": 0, "max": 10}], "paletteColors": ["000000", "#ffffff"]}


@pytest.mark.parametrize(
    ("source", "file_format", "options", "driver", "content_type"),
    [
        (image(5), "AUTO_JPEG_PNG", {}, "JPEG", "image/jpeg"),
        (masked(5), "AUTO_JPEG_PNG", {}, "PNG", "image/png"),
        (image(5), "AUTO_JPEG_PNG", {"opacity": 0.5}, "PNG", "image/png"),
        (masked(5), "JPEG", {}, "JPEG", "image/jpeg"),
        (image(5), "PNG", {}, "PNG", "image/png"),
    ],
    ids=["opaque", "masked", "half transparent", "asked for JPEG", "asked for PNG"],
)
def test_a_picture_is_a_jpeg_when_nothing_shows_through(
    source: dict[str, Any], file_format: str, options: dict[str, Any], driver: str, content_type: str
) -> None:
    body, found = image_pixels(compute(source), grid=GRID, file_format=file_format, visualization=VISIBLE | options)
    assert (shown(body)[0], found) == (driver, content_type)


def test_a_png_shows_range_palette_opacity_and_mask() -> None:
    west_half = rectangle(691000, 5333000, 691040, 5335000, "EPSG:32632")
    half = call("Image.clip", input=image(5), geometry=west_half)
    options = {"ranges": [{"min": 0, "max": 10}], "paletteColors": ["000000", "ff0000"], "opacity": {"value": 0.5}}
    body, _ = image_pixels(compute(half), grid=GRID, file_format="PNG", visualization=options)
    pixels = shown(body)[1]
    assert pixels[:, 0, 0].tolist() == [128, 0, 0, 128]
    assert pixels[:, 0, 5].tolist() == [0, 0, 0, 0]


def test_three_bands_are_red_green_and_blue_with_gamma() -> None:
    options = {"ranges": [{"min": 0, "max": 100}], "gamma": 2}
    body, _ = image_pixels(compute(image(0, 25, 100)), grid=GRID, file_format="PNG", visualization=options)
    assert shown(body)[1][:, 0, 0].tolist() == [0, 128, 255, 255]


def test_dimensions_alone_are_stretched_over_the_region() -> None:
    size = {"dimensions": {"width": 40, "height": 20}}
    body, _ = image_pixels(compute(scene()), grid=size, region=POLYGON, band_ids=["B2"], file_format="GEO_TIFF")
    with MemoryFile(body) as file, file.open() as dataset:
        assert (dataset.width, dataset.height) == (40, 20)
        assert dataset.bounds.left == pytest.approx(670900, abs=50)


def test_without_a_grid_the_region_is_given_in_native_pixels() -> None:
    small = {"type": "Polygon", "coordinates": [[[11.5, 48.1], [11.5, 48.09], [11.51, 48.09], [11.51, 48.1]]]}
    body, _ = image_pixels(compute(scene()), region=small, band_ids=["B2"], file_format="GEO_TIFF")
    with MemoryFile(body) as file, file.open() as dataset:
        assert next(iter(dataset.transform)) == 10
        assert (dataset.transform.c % 10, dataset.transform.f % 10) == (0, 0)


def test_a_coordinate_system_alone_keeps_the_native_scale() -> None:
    small = {"type": "Polygon", "coordinates": [[[11.5, 48.1], [11.5, 48.09], [11.51, 48.09], [11.51, 48.1]]]}
    on = {"crsCode": "EPSG:3857"}
    body, _ = image_pixels(compute(scene()), grid=on, region=small, band_ids=["B2"], file_format="GEO_TIFF")
    with MemoryFile(body) as file, file.open() as dataset:
        assert (dataset.crs.to_epsg(), dataset.res) == (3857, (10, 10))


def sized(width: int, height: int) -> dict[str, Any]:
    return grid(10, 0, 600000, 0, -10, 5400000, width=width, height=height)


@pytest.mark.parametrize(
    ("source", "on", "options", "message"),
    [
        (image(1.5), sized(2500, 2500), {}, "Total request size (56250000 bytes) must be less than or equal to 50331648 bytes."),
        (image(1), sized(32769, 1), {}, "Pixel grid dimensions (32769x1) must be less than or equal to 32768."),
        (image(1), None, {}, "Unable to export unbounded image."),
        (image(1), GRID, {"band_ids": ["B9"]}, "No band named 'B9'. Available band names: [constant]."),
        (image(1), {"crsCode": "EPSG:99999"}, {}, "The CRS of a map projection could not be parsed: 'EPSG:99999'."),
        (image(1), {**GRID, "dimensions": {"width": 0}}, {}, "grid.dimensions.width must be a positive number of pixels."),
        (image(1), grid(0, 0, 0, 0, 0, 0), {}, "The transform [0.0, 0.0, 0.0, 0.0, 0.0, 0.0] cannot be inverted."),
        (image(1), GRID, {"region": {"type": "Cube"}}, "Geometry: Invalid GeoJson type 'Cube'; it must be one of Point, MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon."),
        (image(1.5), GRID, {"file_format": "PNG"}, "PNG shows one or three bands of bytes; use visualizationOptions or visualize()."),
        (image(1), GRID, {"visualization": {"ranges": [{"min": 1, "max": 1}]}}, "min and max must differ, and gamma must be positive."),
        (image(1, 2), GRID, {"visualization": VISIBLE}, "Cannot provide a palette when visualizing more than one band."),
        (image(1), GRID, {"visualization": VISIBLE | {"paletteColors": ["nocolor"]}}, "Invalid palette color 'nocolor'."),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)  # fmt: skip
def test_a_request_that_cannot_be_answered_is_refused_in_words(
    source: dict[str, Any], on: dict[str, Any] | None, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ComputeError) as caught:
        image_pixels(compute(source), grid=on, **{"file_format": "NPY", **options})
    assert str(caught.value) == message


def test_the_largest_request_is_answered() -> None:
    body, _ = image_pixels(compute(image(1)), grid=sized(32768, 768), file_format="NPY")
    assert len(body) > 32768 * 768


def test_formats_of_exports_are_not_faked() -> None:
    with pytest.raises(NotComputed, match="TF_RECORD_IMAGE"):
        image_pixels(compute(image(1)), grid=GRID, file_format="TF_RECORD_IMAGE")
