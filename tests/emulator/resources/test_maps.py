"""map.export, from the request to the tiles."""

import re
from typing import Any

import httpx
import pytest
import rasterio

from airflow_provider_ee.emulator.server import Emulator
from tests.emulator.compute.nodes import call, expression, image, rectangle

pytestmark = pytest.mark.anyio

EXPORT = "/v1/projects/p/map:export"

#: A little in the north-east of the null island: tile 1/1/0, 2/2/1, 3/4/3 and so on.
REGION = rectangle(1, 1, 20, 20)


def rgb(*colour: int, region: dict[str, Any] = REGION) -> dict[str, Any]:
    """Return the expression of one colour in a region."""
    picture = call("Image.toByte", value=image(*(colour or (200, 100, 50))))
    return call("Image.clip", input=picture, geometry=region)


def body(
    value: dict[str, Any] | None = None, file_format: str = "PNG", prefix: str = "maps/a", **options: Any
) -> dict[str, Any]:
    return {
        "expression": expression(value or rgb()),
        "description": "tiles",
        "tileOptions": options or {"endZoom": 2},
        "tileExportOptions": {
            "fileFormat": file_format,
            "cloudStorageDestination": {"bucket": "my-bucket", "filenamePrefix": prefix, "permissions": "PUBLIC"},
        },
    }


async def exported(api: httpx.AsyncClient, request: dict[str, Any]) -> dict[str, Any]:
    submitted = await api.post(EXPORT, json=request)
    assert submitted.status_code == 200, submitted.text
    operation: dict[str, Any] = (await api.get(f"/v1/{submitted.json()['name']}")).json()
    assert operation["metadata"]["state"] == "SUCCEEDED", operation
    return operation


def tiles(inside: Emulator, folder: str = "maps/a") -> list[str]:
    root = inside.root / "gs" / "my-bucket" / folder
    return sorted(str(path.relative_to(root)) for path in root.rglob("*/*") if path.is_file())


def opened(inside: Emulator, tile: str) -> tuple[str, Any]:
    """Return the format of a tile and its pixels."""
    content = (inside.root / "gs" / "my-bucket" / "maps" / "a" / tile).read_bytes()
    with rasterio.MemoryFile(content) as file, file.open() as dataset:
        return dataset.driver, dataset.read()


# Pictures carry no transform, of which rasterio warns.
pictures = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")


async def test_tiles_are_named_by_zoom_column_and_row(api: httpx.AsyncClient, inside: Emulator) -> None:
    operation = await exported(api, body(endZoom=4))

    assert operation["metadata"]["type"] == "EXPORT_TILES"
    assert operation["metadata"]["destinationUris"] == [
        "https://console.developers.google.com/storage/browser/my-bucket"
    ]
    assert tiles(inside) == ["0/0/0.png", "1/1/0.png", "2/2/1.png", "3/4/3.png", "4/8/7.png"]


@pictures
async def test_a_tile_is_transparent_where_the_image_is_masked(api: httpx.AsyncClient, inside: Emulator) -> None:
    await exported(api, body(endZoom=1))
    driver, (red, green, blue, alpha) = opened(inside, "1/1/0.png")

    assert driver == "PNG"
    assert alpha.shape == (256, 256)
    # Of 180 degrees on 256 pixels, the region begins at 1 and ends at 20; north is up.
    assert (alpha > 0).any(axis=0).nonzero()[0][[0, -1]].tolist() == [1, 27]
    assert (alpha > 0).any(axis=1).nonzero()[0][[0, -1]].tolist() == [227, 254]
    assert {tuple(colour) for colour in zip(red[alpha > 0], green[alpha > 0], blue[alpha > 0], strict=True)} == {
        (200, 100, 50)
    }


@pictures
async def test_automatic_tiles_are_jpeg_where_they_are_opaque_and_have_no_suffix(
    api: httpx.AsyncClient, inside: Emulator
) -> None:
    east = rgb(region=rectangle(0, -89, 179.999, 89))
    await exported(api, body(east, "AUTO_JPEG_PNG", startZoom=0, endZoom=1))

    assert tiles(inside) == ["0/0/0", "1/1/0", "1/1/1"]
    assert [opened(inside, tile)[0] for tile in tiles(inside)] == ["PNG", "JPEG", "JPEG"]


@pictures
@pytest.mark.parametrize(("file_format", "suffix"), [("JPEG", "jpg"), ("PNG", "png")])
async def test_a_named_format_is_that_of_every_tile(
    api: httpx.AsyncClient, inside: Emulator, file_format: str, suffix: str
) -> None:
    await exported(api, body(file_format=file_format, endZoom=0))
    assert tiles(inside) == [f"0/0/0.{suffix}"]
    assert opened(inside, f"0/0/0.{suffix}")[0] == file_format


async def test_a_page_shows_the_tiles(api: httpx.AsyncClient, inside: Emulator) -> None:
    await exported(api, body(rgb(region=rectangle(-10, 1, 10, 10)), endZoom=1))
    page = (inside.root / "gs" / "my-bucket" / "maps" / "a" / "index.html").read_text()
    assert re.findall('src="([^"]+)"', page) == tiles(inside)[1:] == ["1/0/0.png", "1/1/0.png"]


async def test_tiles_of_geotiff_keep_numbers_and_say_where_they_are(api: httpx.AsyncClient, inside: Emulator) -> None:
    numbers = call("Image.clip", input=image(1.5), geometry=REGION)
    await exported(api, body(numbers, "GEO_TIFF", startZoom=3, endZoom=3))

    with rasterio.open(inside.root / "gs/my-bucket/maps/a/3/4/3.tif") as tile:
        assert tile.crs.to_epsg() == 3857
        assert tile.bounds == pytest.approx((0, 0, 5009377.0857, 5009377.0857), abs=0.01)
        assert set(tile.read(1).flat) == {0, 1.5}


async def test_empty_tiles_are_left_out_when_asked(api: httpx.AsyncClient, inside: Emulator) -> None:
    """Two spots in opposite corners of a rectangle: between them, nothing."""
    longitude = call("Image.select", input=call("Image.pixelLonLat"), bandSelectors=["longitude"])
    corners = call("Image.gt", image1=call("Image.abs", value=longitude), image2=image(100))
    world = call("Image.updateMask", image=rgb(region=rectangle(-170, 10, 170, 60)), mask=corners)

    await exported(api, body(world, startZoom=2, endZoom=2))
    await exported(api, body(world, prefix="maps/b", startZoom=2, endZoom=2, skipEmpty=True))

    assert tiles(inside) == ["2/0/1.png", "2/1/1.png", "2/2/1.png", "2/3/1.png"]
    assert tiles(inside, "maps/b") == ["2/0/1.png", "2/3/1.png"]


async def test_a_map_of_nothing_is_a_page_alone(api: httpx.AsyncClient, inside: Emulator) -> None:
    nothing = call("Image.updateMask", image=rgb(), mask=image(0))
    await exported(api, body(nothing, endZoom=1, skipEmpty=True))
    assert tiles(inside) == []
    assert (inside.root / "gs" / "my-bucket" / "maps" / "a" / "index.html").is_file()


@pytest.mark.parametrize(
    ("scale", "zoom"), [(200000, 0), (156543, 0), (78271, 1), (30, 12)], ids=["more", "zero", "one", "landsat"]
)
async def test_a_scale_is_the_nearest_zoom_level(
    api: httpx.AsyncClient, inside: Emulator, scale: float, zoom: int
) -> None:
    await exported(api, body(rgb(region=rectangle(1, 1, 1.01, 1.01)), startZoom=zoom, scale=scale))
    assert {tile.split("/")[0] for tile in tiles(inside)} == {str(zoom)}


@pytest.mark.parametrize("prefix", ["maps/a", "maps/a/"])
async def test_a_slash_after_the_folder_makes_no_difference(
    api: httpx.AsyncClient, inside: Emulator, prefix: str
) -> None:
    await exported(api, body(prefix=prefix, endZoom=0))
    assert tiles(inside) == ["0/0/0.png"]


async def test_the_world_beyond_web_mercators_square_is_left_out(api: httpx.AsyncClient, inside: Emulator) -> None:
    await exported(api, body(rgb(region=rectangle(-180, -90, 180, 90)), startZoom=1, endZoom=1))
    assert tiles(inside) == ["1/0/0.png", "1/0/1.png", "1/1/0.png", "1/1/1.png"]


@pytest.mark.parametrize(
    ("value", "options", "words"),
    [
        (call("Image.clip", input=image(1, 2), geometry=REGION), {"endZoom": 1}, "three bands of bytes"),
        (call("Image.clip", input=image(0.5, 2.5, 3.5), geometry=REGION), {"endZoom": 1}, "constant: float64"),
        (image(1, 2, 3), {"endZoom": 1}, "Unable to export unbounded image."),
        (REGION, {"endZoom": 1}, "not an Image"),
        (rgb(), {"startZoom": 3, "endZoom": 1}, "startZoom 3 is greater"),
        (rgb(), {"scale": 0}, "tileOptions.scale must be positive"),
    ],
    ids=["two bands", "floats", "unbounded", "no image", "zoom", "scale"],
)
async def test_a_map_that_cannot_be_is_refused_at_once(
    api: httpx.AsyncClient, inside: Emulator, value: dict[str, Any], options: dict[str, Any], words: str
) -> None:
    refused = await api.post(EXPORT, json=body(value, **options))
    assert refused.status_code == 400
    assert words in refused.json()["error"]["message"]
    assert inside.control.operations() == []


@pytest.mark.parametrize(
    ("request_body", "words"),
    [
        (body(file_format="MULTI_BAND_IMAGE_TILE"), "MULTI_BAND_IMAGE_TILE"),
        (body(endZoom=1, stride=2), "tileOptions.stride"),
        (body(rgb(region=rectangle(-170, -80, 170, 80)), endZoom=9), "at most 10000"),
    ],
    ids=["format", "of videos", "too many"],
)
async def test_a_map_that_is_not_written_here_is_refused_at_submission(
    api: httpx.AsyncClient, request_body: dict[str, Any], words: str
) -> None:
    refused = await api.post(EXPORT, json=request_body)
    assert refused.status_code == 400
    assert words in refused.json()["error"]["message"]


async def test_a_map_goes_to_cloud_storage_only(api: httpx.AsyncClient) -> None:
    request = body()
    request["tileExportOptions"] = {"fileFormat": "PNG", "driveDestination": {"folder": "f"}}
    refused = await api.post(EXPORT, json=request)
    assert refused.status_code == 400
    assert "tileExportOptions.driveDestination" in refused.json()["error"]["message"]


async def test_what_is_wrong_in_the_expression_can_fail_the_operation(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.configure(expression_errors="operation")
    submitted = await api.post(EXPORT, json=body(call("Image.load", id="projects/p/assets/missing")))
    operation = (await api.get(f"/v1/{submitted.json()['name']}")).json()
    assert (operation["metadata"]["state"], operation["error"]["code"]) == ("FAILED", 3)
    assert not (inside.root / "gs").exists()
