"""Tiles that go wrong, one by one, against an Earth Engine of one image."""

import asyncio

import httpx
import numpy as np
import pytest

from airflow_provider_ee.client.errors import InvalidRequest
from airflow_provider_ee.client.http.limits import Limits
from airflow_provider_ee.client.pixels.npy import WrongAnswer
from tests.client.drivers import refusal
from tests.client.pixels.earth import (
    GET_PIXELS,
    S2,
    TinyEarth,
    fetch,
    fetch_async,
    npy,
    patient_client,
    scene,
    tiles_in,
    truth,
)

TOO_MUCH = "User memory limit exceeded."


def whole(earth):
    return earth.pixels(0, 0, earth.side, earth.side)


def larger_than(pixels):
    """Refuse requests for more pixels than this."""
    return lambda _, size, __: refusal(400, TOO_MUCH) if size[0] * size[1] > pixels else None


WRONG = {
    "HTML with 200": lambda array: httpx.Response(200, html="<html>Sign in</html>"),
    "another shape": lambda array: npy(array[:-1].copy()),
    "another type": lambda array: npy(_halved(array)),
    "truncated": lambda array: npy(array)[:-100],
    "another band": lambda array: npy(array.astype([("c", "<u2")])),
    "JSON": lambda array: httpx.Response(200, json={}),
}


def _halved(array):
    halves = np.zeros(array.shape, [("b", "<f4")])
    halves["b"] = array["b"] + 0.5
    return halves


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_asked_for_again_alone_and_never_written(name, tmp_path):
    earth = TinyEarth(side=2100, meddle=lambda number, _, array: WRONG[name](array) if number == 2 else None)
    result = fetch(earth.client, asset_id="a/b", output=tmp_path / "image.tif", concurrency=40)
    assert len(earth.asked) == result.tiles + 1
    assert (read(tmp_path / "image.tif") == whole(earth)).all()


def test_downloads_that_share_a_client_do_not_wait_for_each_other_though_every_answer_breaks_off_once():
    class Torn(httpx.AsyncByteStream):
        async def __aiter__(self):
            yield b"half"
            raise httpx.ReadError("reset")

    met = set()

    def torn_at_first(_, __, array):
        place = int(array["b"][0, 0])
        if place not in met:
            met.add(place)
            return httpx.Response(200, stream=Torn())
        return None

    earth = TinyEarth(dtype="uint32", side=2100, meddle=torn_at_first)

    async def work():
        async with earth.client(limits=Limits(in_flight=4, per_second=1e6)) as client:
            return await asyncio.gather(*(fetch_async(client, asset_id="a/b") for _ in range(3)))

    assert all((pixels == whole(earth)).all() for pixels in asyncio.run(asyncio.wait_for(work(), 60)))


def test_a_wrong_answer_that_comes_again_and_again_ends_the_download(tmp_path):
    earth = TinyEarth(meddle=lambda *_: b"<html>")
    with pytest.raises(WrongAnswer, match=r"not a NPY file: it begins with b'<html>'"):
        fetch(earth.client, asset_id="a/b", output=tmp_path / "image.tif")
    assert not (tmp_path / "image.tif").exists()
    assert tiles_in(tmp_path / "image.tif.part") == []


@pytest.mark.parametrize(
    "message",
    [TOO_MUCH, "Computation timed out.", "Total request size (9 bytes) must be less than or equal to 8 bytes."],
    ids=["memory", "time", "size"],
)
def test_a_tile_that_is_too_much_is_split_and_the_others_are_not(message):
    once = lambda number, _, __: refusal(400, message) if number == 1 else None  # noqa: E731  # a meddler
    earth = TinyEarth(side=2100, meddle=once)
    pixels = fetch(earth.client, asset_id="a/b", concurrency=40)
    assert (pixels == whole(earth)).all()
    whole_tiles, parts = 9, 4
    assert len(earth.asked) == whole_tiles + parts
    assert [body["grid"]["dimensions"] for body in earth.asked].count({"width": 512, "height": 512}) == parts


def test_what_is_still_too_much_is_split_again():
    earth = TinyEarth(meddle=larger_than(10_000))
    assert (fetch(earth.client, asset_id="a/b")[0] == whole(earth)).all()
    assert max(body["grid"]["dimensions"]["width"] for body in earth.asked[-16:]) <= 100


def test_what_is_too_much_however_small_is_refused_with_a_remedy():
    earth = TinyEarth(meddle=larger_than(0))
    with pytest.raises(InvalidRequest, match=r"Even (9|10) x (9|10) pixels are too much: User memory .* coarser scale"):
        fetch(earth.client, asset_id="a/b")


def test_a_single_pixel_cannot_be_split():
    earth = TinyEarth(side=1, meddle=larger_than(0))
    with pytest.raises(InvalidRequest, match="Even 1 x 1 pixels"):
        fetch(earth.client, asset_id="a/b")


def test_any_other_refusal_ends_the_download():
    earth = TinyEarth(side=3000, meddle=lambda *_: refusal(400, "Band pattern does not match."))
    with pytest.raises(InvalidRequest, match="Band pattern does not match"):
        fetch(earth.client, asset_id="a/b")


def test_a_tile_that_was_split_is_not_tried_whole_by_the_next_download(tmp_path):
    earth = TinyEarth(
        meddle=lambda number, size, _: refusal(403, "no") if number > 3 else larger_than(90_000)(1, size, _)
    )
    for _ in range(2):
        with pytest.raises(Exception, match="no"):
            fetch(earth.client, asset_id="a/b", output=tmp_path / "image.tif", concurrency=1)
    widths = [body["grid"]["dimensions"]["width"] for body in earth.asked]
    assert widths.count(600) == 1


def test_no_more_requests_are_in_flight_than_wanted():
    flying, peak = 0, 0

    class Counting(TinyEarth):
        async def __call__(self, request):
            nonlocal flying, peak
            flying += 1
            peak = max(peak, flying)
            await asyncio.sleep(0)
            flying -= 1
            return super().__call__(request)

    earth = Counting(side=4000)
    fetch(lambda: earth.client(limits=Limits(in_flight=40, per_second=1e6)), asset_id="a/b", concurrency=3)
    assert peak <= 3


def test_more_bands_than_a_request_may_have_come_in_groups():
    bands = tuple(f"b{number}" for number in range(1500))
    earth = TinyEarth(bands, "uint8", side=20)
    pixels = fetch(earth.client, asset_id="a/b")
    assert pixels.shape == (1500, 20, 20)
    assert (pixels == earth.pixels(0, 0, 20, 20)).all()
    assert sorted(len(body["bandIds"]) for body in earth.asked) == [476, 1024]


def test_a_coroutine_fetches_with_a_client_of_its_own():
    earth = TinyEarth()

    async def work():
        async with earth.client() as client:
            return await fetch_async(client, asset_id="a/b")

    assert (asyncio.run(work())[0] == whole(earth)).all()


def test_where_an_event_loop_runs_fetch_has_one_of_its_own():
    earth = TinyEarth()

    async def work():
        return fetch(earth.client, asset_id="a/b")

    assert (asyncio.run(work())[0] == whole(earth)).all()


def read(path):
    import rasterio

    with rasterio.open(path) as file:
        return file.read(1)


def test_a_download_logs_its_progress(monkeypatch):
    lines = []
    monkeypatch.setattr("airflow_provider_ee.client.pixels.mosaic._SECONDS_BETWEEN_LINES", 0)
    fetch(TinyEarth(side=2100).client, asset_id="a/b", concurrency=40, log=lines.append)
    assert [line.split(" · ")[0] for line in lines] == [f"{number} of 9 tiles" for number in range(1, 10)]


def test_a_tile_that_the_emulator_calls_too_much_is_split(earth):
    earth.control.arm("status", method=GET_PIXELS, status=400, message=TOO_MUCH, skip=1)
    window = (0, 0, 1500, 1200)
    pixels = fetch(patient_client, asset_id=S2, grid=scene(*window), band_ids="B4", concurrency=40)
    assert (pixels[0] == truth("B4", *window)).all()
    statuses = [entry.status for entry in earth.control.ledger.entries(GET_PIXELS)]
    assert sorted(statuses) == [*[200] * (len(statuses) - 1), 400]


@pytest.mark.parametrize("kind", ["truncated", "bad-json", "reset"])
def test_a_tile_whose_answer_is_lost_on_the_way_comes_again(earth, kind):
    earth.control.arm(kind, method=GET_PIXELS, times=3)
    window = (0, 0, 1500, 1200)
    pixels = fetch(patient_client, asset_id=S2, grid=scene(*window), band_ids="B4", concurrency=40)
    assert (pixels[0] == truth("B4", *window)).all()
    assert len([entry for entry in earth.control.ledger.entries(GET_PIXELS) if entry.fault]) == 3
