"""Downloads that are ended in the middle, and the next ones."""

import asyncio
import os
import signal
import time

import numpy as np
import pytest
import rasterio

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.pixels.staging import OWNER
from tests.client.drivers import refusal
from tests.client.pixels.child import download
from tests.client.pixels.earth import (
    GET_PIXELS,
    S2,
    TinyEarth,
    fetch,
    fetch_async,
    image,
    load,
    patient_client,
    scene,
    tiles_in,
    truth,
)

WINDOW = (0, 0, 3000, 2500)
WORDS = {"asset_id": S2, "grid": scene(*WINDOW), "band_ids": "B4"}
ANSWERED = 4


@pytest.fixture
def broken_off(earth, tmp_path):
    """Ends a download by a signal, once some of its tiles are there, and returns where it wrote."""

    def break_off(number):
        output = tmp_path / "image.tif"
        earth.control.arm("stall", method=GET_PIXELS, skip=ANSWERED, times=100)
        with download(earth.host, **WORDS, output=output) as child:
            deadline = time.monotonic() + 60
            while len(tiles_in(tmp_path / "image.tif.part")) < ANSWERED and time.monotonic() < deadline:
                assert child.poll() is None, child.communicate()
                assert not output.exists()
                time.sleep(0.01)
            os.kill(child.pid, number)
            child.communicate()
        earth.control.disarm()
        earth.control.ledger.clear()
        assert child.returncode != 0
        return output

    return break_off


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_the_next_download_fetches_only_what_is_missing(broken_off, earth, number):
    output = broken_off(number)
    assert not output.exists()
    there = len(tiles_in(output.parent / "image.tif.part"))
    result = fetch(patient_client, **WORDS, output=output)
    assert there == ANSWERED
    assert result.fetched == result.tiles - ANSWERED == len(earth.control.ledger.entries(GET_PIXELS))
    assert list(output.parent.iterdir()) == [output]
    with rasterio.open(output) as file:
        assert (file.read(1) == truth("B4", *WINDOW)).all()


def test_a_tile_that_is_broken_on_the_disk_is_fetched_again(broken_off, earth):
    output = broken_off(signal.SIGKILL)
    folder = output.parent / "image.tif.part"
    there = tiles_in(folder)
    (folder / there[0]).write_bytes((folder / there[0]).read_bytes()[:-7])
    result = fetch(patient_client, **WORDS, output=output)
    assert result.fetched == result.tiles - len(there) + 1
    with rasterio.open(output) as file:
        assert (file.read(1) == truth("B4", *WINDOW)).all()


def fails_after(answers):
    return lambda number, *_: refusal(403, "The caller does not have permission.") if number > answers else None


OTHERS = {
    "other bands": {"band_ids": "c"},
    "another grid": {"crs_transform": [1, 0, 500_100, 0, -1, 0], "dimensions": "4200x4200"},
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_order_never_takes_the_tiles_that_are_there(tmp_path, name):
    output = tmp_path / "image.tif"
    words = {"asset_id": "a/b", "output": output, "concurrency": 1}
    earth = TinyEarth(("b", "c"), side=4200, meddle=fails_after(2))
    with pytest.raises(Exception, match="permission"):
        fetch(earth.client, **words, band_ids="b")
    assert len(tiles_in(tmp_path / "image.tif.part")) == 2
    earth.meddle = fails_after(10**9)
    result = fetch(earth.client, **words, **{"band_ids": "b", **OTHERS[name]})
    assert result.fetched == result.tiles


def test_tiles_of_an_asset_that_was_written_anew_are_fetched_again(tmp_path):
    output = tmp_path / "image.tif"
    earth = TinyEarth(side=4200, meddle=fails_after(2))
    with pytest.raises(Exception, match="permission"):
        fetch(earth.client, asset_id="a/b", output=output, concurrency=1)
    earth.meddle, earth.written = fails_after(10**9), "2026-01-02T00:00:00Z"
    result = fetch(earth.client, asset_id="a/b", output=output, concurrency=1)
    assert result.fetched == result.tiles


def test_two_downloads_never_write_the_same_file(tmp_path):
    output = tmp_path / "image.tif"
    problems = []

    def meddle(*_):
        with pytest.raises(InvalidArgument) as refused:
            fetch(TinyEarth().client, asset_id="a/b", output=output)
        problems.append(str(refused.value))

    # The other one begins while a tile of this one is on its way.
    fetch(TinyEarth(meddle=meddle).client, asset_id="a/b", output=output)
    assert "output_path: another download is at work in" in problems[0]
    assert output.exists()


def test_who_stops_waiting_stops_the_download(tmp_path):
    output = tmp_path / "image.tif"
    earth = TinyEarth(side=4200)

    async def work():
        task = None

        def cancel(number, *_):
            if number == 4:
                task.cancel()

        earth.meddle = cancel
        async with earth.client() as client:
            task = asyncio.create_task(fetch_async(client, asset_id="a/b", output=output, concurrency=1))
            await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(work())
    assert not output.exists()
    there = tiles_in(tmp_path / "image.tif.part")
    assert 3 <= len(there) <= 4
    earth.meddle = lambda *_: None
    result = fetch(earth.client, asset_id="a/b", output=output, concurrency=1)
    assert result.fetched == result.tiles - len(there)


def test_an_output_that_is_there_stays_as_it_is_until_the_new_one_is_whole(tmp_path):
    output = tmp_path / "image.tif"
    output.write_bytes(b"the old one")
    with pytest.raises(Exception, match="permission"):
        fetch(TinyEarth(side=4200, meddle=fails_after(1)).client, asset_id="a/b", output=output, concurrency=1)
    assert output.read_bytes() == b"the old one"
    fetch(TinyEarth(side=30).client, asset_id="a/b", output=output)
    with rasterio.open(output) as file:
        assert (file.read(1) == TinyEarth().pixels(0, 0, 30, 30)).all()
    assert np.array_equal(list(tmp_path.iterdir()), [output])


def test_tiles_that_were_there_are_counted_as_done(tmp_path, monkeypatch):
    words = {"asset_id": "a/b", "output": tmp_path / "image.tif", "concurrency": 1}
    earth = TinyEarth(side=4200, meddle=fails_after(2))
    with pytest.raises(Exception, match="permission"):
        fetch(earth.client, **words)
    earth.meddle = fails_after(10**9)
    lines = []
    monkeypatch.setattr("airflow_provider_ee.client.pixels.mosaic._SECONDS_BETWEEN_LINES", 0)
    fetch(earth.client, **words, log=lines.append)
    assert [line.split(" · ")[0] for line in lines] == [f"{number} of 4 tiles" for number in (1, 2, 3, 4)]


def test_tiles_of_other_blocks_are_fetched_again(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    # Of so many bands, fewer pixels at a time are asked for if more requests are in flight.
    earth = TinyEarth(tuple(f"b{number}" for number in range(100)), "uint8", side=200)
    words = {"asset_id": "a/b", "output": "memory://image.tif"}

    def no_delivery(*_):
        raise OSError("The bucket is gone.")

    with pytest.raises(OSError, match="bucket is gone"):
        fetch(earth.client, **words, deliver=no_delivery, concurrency=1)
    found = []

    def read(path, _):
        with rasterio.open(path) as file:
            found.append(file.read())

    fetch(earth.client, **words, deliver=read, concurrency=32)
    assert (found[0] == earth.pixels(0, 0, 200, 200)).all()


@pytest.mark.parametrize(
    ("words", "goes_on"),
    [({"asset_id": S2}, True), ({"image": image(load(S2))}, False)],
    ids=["a stored image", "a computed image"],
)
def test_two_days_later_only_a_stored_image_is_sure_to_be_the_same(earth, tmp_path, monkeypatch, words, goes_on):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def no_delivery(path, _):
        two_days_ago = time.time() - 2 * 86400
        os.utime(path.with_name(OWNER), (two_days_ago, two_days_ago))
        raise OSError("The bucket is gone.")

    words = {**words, "grid": scene(0, 0, 30, 30), "band_ids": "B4", "output": "memory://image.tif"}
    with pytest.raises(OSError, match="bucket is gone"):
        fetch(patient_client, **words, deliver=no_delivery)
    result = fetch(patient_client, **words, deliver=lambda *_: None)
    assert (result.fetched == 0) == goes_on
