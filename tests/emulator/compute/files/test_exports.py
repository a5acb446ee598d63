"""Files and assets that exports write, opened with rasterio."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio

from airflow_provider_ee.emulator.compute import (
    ComputeError,
    NotComputed,
    StoredImage,
    check_export,
    evaluate,
    export_asset,
    export_image,
    image_pixels,
    stored_image,
)
from airflow_provider_ee.emulator.compute.images import Band, Image, own_grid
from airflow_provider_ee.emulator.compute.pixels.grids import Grid
from airflow_provider_ee.emulator.compute.pixels.rasters import Plane, Raster
from tests.emulator.compute import formulas
from tests.emulator.compute.nodes import (
    call,
    compute,
    expression,
    grid,
    image,
    masked,
    planes,
    rectangle,
    scene,
)

#: 600 by 530 pixels of the scene: more than a window in both directions.
REGION = rectangle(620000, 5390000, 626000, 5395300, "EPSG:32632")
COLUMN, ROW, WIDTH, HEIGHT = 2000, 470, 600, 530
SMALL = grid(10, 0, 620000, 0, -10, 5395300, width=30, height=20)


def clipped(source: dict[str, Any]) -> dict[str, Any]:
    return call("Image.clipToBoundsAndScale", input=source, geometry=REGION, scale=10)


def export(result: dict[str, Any], target: Path, on: dict[str, Any] | None = None, **geotiff: Any) -> list[Path]:
    return export_image(
        compute(result), grid=on, file_options={"geoTiffOptions": geotiff}, max_pixels=10**8, target=target
    )


def expected(band: str) -> np.ndarray[Any, Any]:
    rows, columns = range(ROW, ROW + HEIGHT), range(COLUMN, COLUMN + WIDTH)
    return np.array([[formulas.scene(band, c, r) for c in columns] for r in rows])


def test_an_exported_file_opens_with_its_place_and_values(tmp_path: Path) -> None:
    two = call("Image.select", input=scene(), bandSelectors=["B4", "B8"])
    assert export(clipped(two), tmp_path / "a" / "b" / "out") == [tmp_path / "a" / "b" / "out.tif"]
    with rasterio.open(tmp_path / "a" / "b" / "out.tif") as dataset:
        assert dataset.crs.to_epsg() == 32632
        assert tuple(dataset.transform)[:6] == (10, 0, 620000, 0, -10, 5395300)
        assert dataset.dtypes == ("uint16", "uint16")
        assert dataset.descriptions == ("B4", "B8")
        assert dataset.block_shapes[0] == (256, 256)
        np.testing.assert_array_equal(dataset.read(2), expected("B8"))
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["out.tif"]


def test_an_index_is_the_formula_of_its_bands(tmp_path: Path) -> None:
    export(clipped(call("Image.normalizedDifference", input=scene(), bandNames=["B8", "B4"])), tmp_path / "ndvi")
    red, infrared = expected("B4"), expected("B8")
    with rasterio.open(tmp_path / "ndvi.tif") as dataset:
        assert dataset.dtypes == ("float32",)
        np.testing.assert_array_equal(dataset.read(1), ((infrared - red) / (infrared + red)).astype("float32"))


def test_a_split_export_is_named_by_rows_and_columns_and_fits_together(tmp_path: Path) -> None:
    one = call("Image.select", input=scene(), bandSelectors=["B2"])
    files = export(clipped(one), tmp_path / "out", tileDimensions={"width": 512, "height": 256})
    assert [path.name for path in files] == [
        f"out-{row:010d}-{column:010d}.tif" for row in (0, 256, 512) for column in (0, 512)
    ]
    whole = expected("B2")
    for path in files:
        row, column = (int(part) for part in path.stem.split("-")[1:])
        with rasterio.open(path) as dataset:
            assert dataset.transform.c == 620000 + 10 * column
            part = whole[row : row + dataset.height, column : column + dataset.width]
            np.testing.assert_array_equal(dataset.read(1), part)


def test_a_cloud_optimised_file_has_overviews_and_the_same_values(tmp_path: Path) -> None:
    export(clipped(call("Image.select", input=scene(), bandSelectors=["B2"])), tmp_path / "cog", cloudOptimized=True)
    with rasterio.open(tmp_path / "cog.tif") as dataset:
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert dataset.overviews(1)
        np.testing.assert_array_equal(dataset.read(1), expected("B2"))
    assert [path.name for path in tmp_path.iterdir()] == ["cog.tif"]


@pytest.mark.parametrize(
    ("source", "options", "value", "tag"),
    [
        (masked(5), {}, 0, None),
        (masked(5), {"noData": {"floatValue": 255}}, 255, 255),
        (masked(5.5), {}, np.nan, None),
        (masked(5.5), {"noData": {"floatValue": -9999}}, -9999, -9999),
    ],
    ids=["integer", "integer no-data", "float", "float no-data"],
)
def test_masked_pixels_are_no_data_or_zero_or_not_a_number(
    tmp_path: Path, source: dict[str, Any], options: dict[str, Any], value: float, tag: float | None
) -> None:
    export(source, tmp_path / "out", on=SMALL, **options)
    with rasterio.open(tmp_path / "out.tif") as dataset:
        np.testing.assert_array_equal(dataset.read(1), np.full((20, 30), value))
        assert dataset.nodata == tag


def test_empty_files_are_skipped_when_asked(tmp_path: Path) -> None:
    assert export(masked(5), tmp_path / "out", on=SMALL, skipEmptyFiles=True) == []
    assert list(tmp_path.iterdir()) == []


def test_integer_bands_share_the_smallest_common_type(tmp_path: Path) -> None:
    export(image(1, 300, -5), tmp_path / "out", on=SMALL)
    with rasterio.open(tmp_path / "out.tif") as dataset:
        assert dataset.dtypes == ("int32",) * 3
        assert dataset.read()[:, 0, 0].tolist() == [1, 300, -5]


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (call("List.size", list=[1]), "The expression to export is not an Image."),
        (call("Image.select", input=scene(), bandSelectors=[]), "The image to export has no bands."),
    ],
    ids=["no image", "no bands"],
)
def test_an_impossible_export_is_refused_before_any_work(result: dict[str, Any], message: str) -> None:
    with pytest.raises(ComputeError) as caught:
        check_export(compute(result))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("result", "options", "message"),
    [
        (
            image(1, 2.5),
            {},
            "Exported bands must have compatible data types; found inconsistent types: Byte and Float64.",
        ),
        (image(1), {"tileSize": 100}, "geoTiffOptions.tileSize must be a multiple of 16, but is 100."),
        (
            image(1),
            {"tileDimensions": {"width": 300, "height": 256}},
            "geoTiffOptions.tileDimensions (300x256) must be multiples of the tileSize 256.",
        ),
        (image(1), {"noData": {"floatValue": -1}}, "The noData value -1.0 is not a value of the exported type uint8."),
    ],
    ids=["types", "tile size", "split", "no data"],
)
def test_a_wrong_file_option_is_named(
    tmp_path: Path, result: dict[str, Any], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ComputeError) as caught:
        export(result, tmp_path / "out", on=SMALL, **options)
    assert str(caught.value) == message


def test_other_file_formats_are_not_faked(tmp_path: Path) -> None:
    options = {"fileFormat": "TF_RECORD_IMAGE"}
    with pytest.raises(NotComputed, match="TF_RECORD_IMAGE"):
        export_image(compute(scene()), grid=SMALL, file_options=options, max_pixels=10**8, target=tmp_path / "out")


@pytest.fixture
def asset(tmp_path: Path) -> StoredImage:
    bands = call("Image.addBands", dstImg=call("Image.select", input=scene(), bandSelectors=["B4"]), srcImg=masked(2.5))
    name = "projects/p/assets/folder/x"
    return export_asset(compute(clipped(bands)), max_pixels=10**8, name=name, target=tmp_path / "x.tif")


def test_an_exported_asset_can_be_loaded_with_values_masks_and_types(asset: StoredImage) -> None:
    def assets(name: str) -> StoredImage | None:
        return asset if name == asset.name else None

    loaded = evaluate(expression(call("Image.load", id=asset.name)), assets)
    assert loaded.band_ids == ["B4", "constant"]
    assert [raster.dtype.name for raster in loaded.rasters] == ["uint16", "float64"]
    red, nothing = planes(loaded, own_grid(loaded))
    np.testing.assert_array_equal(red.values, expected("B4"))
    assert red.valid.all()
    assert not nothing.valid.any()


def test_a_zero_in_an_asset_is_a_value_and_no_mask(tmp_path: Path) -> None:
    name = "projects/p/assets/zero"
    stored = export_asset(compute(image(0)), grid=SMALL, max_pixels=10**8, name=name, target=tmp_path / "zero.tif")
    loaded = stored_image(name, lambda _: stored)
    zero = planes(loaded, own_grid(loaded))[0]
    assert zero.valid.all()
    assert not zero.values.any()


def test_an_exported_asset_is_described(asset: StoredImage) -> None:
    first, second = asset.fields["bands"]
    assert first["grid"]["dimensions"] == {"width": WIDTH, "height": HEIGHT}
    assert first["grid"]["crsCode"] == "EPSG:32632"
    assert second["dataType"] == {"precision": "DOUBLE"}
    assert asset.fields["geometry"]["type"] == "Polygon"
    assert asset.fields["sizeBytes"] == str(WIDTH * HEIGHT * 10)


def test_a_stored_collection_is_filtered_by_time_and_reduced(asset: StoredImage) -> None:
    def stored(day: int) -> StoredImage:
        fields = {**asset.fields, "startTime": f"2024-05-0{day}T00:00:00Z"}
        return replace(asset, name=f"projects/p/assets/c/{day}", fields=fields)

    between = call(
        "Filter.dateRangeContains",
        leftValue=call("DateRange", start="2024-05-02", end="2024-05-04"),
        rightField="system:time_start",
    )
    collection = call("ImageCollection.load", id="projects/p/assets/c")
    size = call("Collection.size", collection=call("Collection.filter", collection=collection, filter=between))
    assert evaluate(expression(size), lambda _: [stored(day) for day in (1, 2, 3, 4)]) == 2


def test_a_small_picture_of_a_large_stored_image_is_sampled_in_parts(asset: StoredImage) -> None:
    loaded = stored_image(asset.name, lambda _: asset)
    coarse = grid(1000, 0, 620000, 0, -1000, 5395300, width=6, height=5)
    body, _ = image_pixels(loaded, grid=coarse, band_ids=["B4"], file_format="NPY")
    assert body[:6] == b"\x93NUMPY"
    values = np.frombuffer(body[-60:], "<u2").reshape(5, 6)
    np.testing.assert_array_equal(values, expected("B4")[50::100, 50::100])


def test_an_exported_asset_keeps_time_and_properties(tmp_path: Path) -> None:
    described = call("Element.set", object=clipped(scene()), key="quality", value="good")
    stored = export_asset(compute(described), max_pixels=10**8, name="projects/p/assets/y", target=tmp_path / "y.tif")
    assert stored.fields["startTime"] == "2024-01-01T10:00:00Z"
    assert stored.fields["properties"] == {"quality": "good"}
    loaded = stored_image(stored.name, lambda _: stored)
    assert loaded.properties["system:time_start"] == 1704103200000
    assert loaded.properties["quality"] == "good"


def test_a_missing_file_of_an_asset_is_a_clear_error(asset: StoredImage) -> None:
    asset.path.unlink()
    with pytest.raises(ComputeError, match="The pixels of asset 'projects/p/assets/folder/x' cannot be read"):
        stored_image(asset.name, lambda _: asset)


@pytest.mark.parametrize("load", ["Image.load", "ImageCollection.load"])
def test_an_unknown_asset_is_named(load: str) -> None:
    with pytest.raises(ComputeError, match=rf"^{load}: .* asset 'projects/p/assets/none' not found"):
        compute(call(load, id="projects/p/assets/none"))


def test_a_collection_is_no_image() -> None:
    with pytest.raises(ComputeError, match=r"^Image.load: Asset 'EMULATOR/S2_DAILY' is not an Image"):
        compute(call("Image.load", id="EMULATOR/S2_DAILY"))


def test_a_large_export_is_computed_in_small_windows(tmp_path: Path) -> None:
    sizes: list[tuple[int, int]] = []

    def compute_window(on: Grid, _: Sequence[Plane]) -> Plane:
        sizes.append(on.shape)
        return Plane(np.full(on.shape, 7, np.uint8), np.ones(on.shape, np.bool_))

    large = Image((Band("x", Raster(np.dtype(np.uint8), compute_window)),))
    on = grid(10, 0, 600000, 0, -10, 5400000, width=3000, height=1100)
    export_image(large, grid=on, file_options={}, max_pixels=10**8, target=tmp_path / "large")
    assert max(sizes) == (512, 512)
    assert sum(height * width for height, width in sizes) == 3000 * 1100
