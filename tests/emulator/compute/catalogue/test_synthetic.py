import numpy as np
import pytest
from rasterio.io import MemoryFile
from rasterio.warp import transform

from airflow_provider_ee.emulator.compute import catalogue_assets, image_pixels, stored_image
from airflow_provider_ee.emulator.compute.catalogue import landscape
from airflow_provider_ee.emulator.compute.catalogue.landscape import ramp
from tests.emulator.compute import formulas
from tests.emulator.compute.nodes import call, compute, filled, grid, native, no_assets, planes, scene

PLACES = [(0, 0), (2013, 711), (9130, 6570), (19999, 19999), (7000, 12345)]


@pytest.mark.parametrize("band", ["B2", "B3", "B4", "B8"])
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_the_scene_is_its_documented_formula(band: str, place: tuple[int, int]) -> None:
    column, row = place
    values = filled(planes(call("Image.select", input=scene(), bandSelectors=[band]), native(column, row, 3, 2))[0])
    expected = [
        [formulas.scene(band, c, r) if c < 20000 > r else 0 for c in range(column, column + 3)] for r in (row, row + 1)
    ]
    assert values.tolist() == expected


def test_what_all_bands_have_in_common_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counted, vegetation = [], landscape.vegetation

    def counting(column: landscape.Whole, row: landscape.Whole) -> landscape.Whole:
        counted.append(column.size * row.size)
        return vegetation(column, row)

    monkeypatch.setattr(landscape, "vegetation", counting)
    assert len(planes(scene(), native(0, 0, 30, 20))) == 4
    assert counted == [30 * 20]


@pytest.mark.parametrize("day", [0, 45, 200, 365])
def test_a_day_is_its_documented_formula_under_clouds(day: int) -> None:
    index = str(np.datetime64("2024-01-01") + day).replace("-", "")
    of_the_day = call("Image.load", id=f"EMULATOR/S2_DAILY/{index}")
    values = planes(of_the_day, native(9000, 6000, 40, 30))[2].values
    assert values.tolist() == [
        [formulas.day_scene("B4", 9000 + c, 6000 + r, day) for c in range(40)] for r in range(30)
    ]


def test_heights_are_their_documented_formula_and_the_sea_is_masked() -> None:
    dem = compute(call("Image.load", id="EMULATOR/DEM"))
    coarse = grid(0.5, 0, -180, 0, -0.5, 90, crs="EPSG:4326", width=720, height=360)
    body, _ = image_pixels(dem, grid=coarse, file_format="GEO_TIFF")
    with MemoryFile(body) as file, file.open() as dataset:
        values = dataset.read(1)
    expected = [[max(0, formulas.elevation(60 * c + 30, 60 * r + 30)) for c in range(720)] for r in range(0, 360, 37)]
    assert values[::37].tolist() == expected
    assert 0.1 < (values == 0).mean() < 0.9


def test_a_pixel_of_another_projection_is_the_native_one_under_its_centre() -> None:
    degrees = grid(0.001, 0, 11.5, 0, -0.001, 48.2, crs="EPSG:4326", width=20, height=20)
    body, _ = image_pixels(compute(scene()), grid=degrees, band_ids=["B8"], file_format="GEO_TIFF")
    with MemoryFile(body) as file, file.open() as dataset:
        values = dataset.read(1)
    for row, column in [(0, 0), (7, 13), (19, 19)]:
        (x,), (y,) = transform("EPSG:4326", "EPSG:32632", [11.5 + (column + 0.5) * 0.001], [48.2 - (row + 0.5) * 0.001])
        assert values[row, column] == formulas.scene("B8", int((x - 600000) // 10), int((5400000 - y) // 10))


def test_the_share_of_clouds_is_what_the_property_says() -> None:
    assert (ramp(np.arange(2600), 2600) < 37).mean() == pytest.approx(0.37, abs=0.005)


def test_every_catalogue_image_can_be_loaded_by_its_name() -> None:
    images = [asset for asset in catalogue_assets() if asset["type"] == "IMAGE"]
    names = [asset["name"] for asset in images if asset["id"].startswith("EMULATOR/")]
    assert len(names) == 368
    loaded = stored_image(names[-1], no_assets)
    assert loaded.id == "EMULATOR/S2_DAILY/20241231"
    assert loaded.properties["CLOUDY_PIXEL_PERCENTAGE"] == 37 * 365 % 101


def test_the_catalogue_describes_images_as_assets() -> None:
    described = next(asset for asset in catalogue_assets() if asset["id"] == "EMULATOR/S2")
    assert described["name"] == "projects/earthengine-public/assets/EMULATOR/S2"
    assert described["bands"][0]["grid"]["dimensions"] == {"width": 20000, "height": 20000}
    assert described["bands"][0]["grid"]["affineTransform"]["translateY"] == 5400000
    assert described["bands"][0]["dataType"] == {"precision": "INT", "range": {"min": 0, "max": 65535}}
    assert described["startTime"] == "2024-01-01T10:00:00Z"
