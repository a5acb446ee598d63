"""The finer rules of masks, regions, names and limits."""

from typing import Any

import pytest

from airflow_provider_ee.emulator.compute import ComputeError
from tests.emulator.compute.nodes import call, compute, days, image, masked, pixel, rectangle, scene

TRIANGLE = call(
    "GeometryConstructors.Polygon",
    coordinates=[[[691000, 5334000], [691100, 5334000], [691100, 5334100]]],
    crs=call("Projection", crs="EPSG:32632"),
)


def counted(source: dict[str, Any]) -> Any:
    arguments = {"image": source, "reducer": call("Reducer.count"), "geometry": TRIANGLE}
    return compute(call("Image.reduceRegion", **arguments, crs="EPSG:32632", scale=10))["constant"]


def test_a_masked_pixel_stays_masked_where_it_would_be_replaced() -> None:
    assert pixel(call("Image.where", input=masked(1), test=image(1), value=image(9))) is None


def test_a_region_counts_its_own_pixels_and_not_those_of_its_bounds() -> None:
    assert counted(image(1)) == pytest.approx(50, abs=5)


def test_a_region_does_not_count_masked_pixels() -> None:
    half = call("Image.clip", input=image(1), geometry=rectangle(691000, 5334000, 691050, 5334100, "EPSG:32632"))
    assert 0 < counted(half) < counted(image(1)) / 2
    assert counted(masked(1)) == 0


def test_the_median_of_an_even_number_lies_between_the_middle_two() -> None:
    pair = call("ImageCollection.fromImages", images=[image(1), image(4)])
    assert pixel(call("reduce.median", collection=pair)) == 2.5


def test_a_date_range_has_its_start_and_not_its_end() -> None:
    dates = call("DateRange", start="2024-01-01T10:00:00", end="2024-01-02T10:00:00")
    within = call("Filter.dateRangeContains", leftValue=dates, rightField="system:time_start")
    first = call("Collection.first", collection=call("Collection.filter", collection=days(), filter=within))
    assert compute(call("Element.get", object=first, property="system:index")) == "20240101"


def test_bands_of_the_same_names_are_matched_by_name() -> None:
    first = call("Image.rename", input=image(1, 2), names=["a", "b"])
    second = call("Image.rename", input=image(10, 20), names=["b", "a"])
    assert pixel(call("Image.add", image1=first, image2=second)) == [21, 12]


def test_a_pattern_has_to_match_the_whole_name() -> None:
    with pytest.raises(ComputeError, match="Band pattern 'B' did not match any bands"):
        compute(call("Image.select", input=scene(), bandSelectors=["B"]))


def test_a_number_beyond_64_bits_is_refused() -> None:
    with pytest.raises(ComputeError, match=r"^Number.add, argument 'left': Invalid type"):
        compute(call("Number.add", left=2**70, right=1))
