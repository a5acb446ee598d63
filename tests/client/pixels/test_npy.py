import gc
import io
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from airflow_provider_ee.client.pixels.grids.tiles import BandType
from airflow_provider_ee.client.pixels.npy import WrongAnswer, check_format, common_type, decode
from tests.client.pixels.earth import npy

BANDS = [BandType("a", "uint16"), BandType("b", "float32")]
ARRAY = np.array([[(1, 0.5), (2, 1.5), (65535, -1.0)], [(4, 3.5), (5, 4.5), (6, np.nan)]], [("a", "<u2"), ("b", "<f4")])


def read(body, bands=BANDS, dtype="float32"):
    return decode(body, bands, 3, 2, np.dtype(dtype))


def changed(**types):
    return ARRAY.astype([("a", types.get("a", "<u2")), ("b", types.get("b", "<f4"))])


def test_bands_rows_and_columns_come_in_the_type_of_all():
    pixels = read(npy(ARRAY))
    assert pixels.dtype == np.float32
    assert np.array_equal(pixels, np.stack([ARRAY["a"], ARRAY["b"]]), equal_nan=True)


def test_the_order_of_bands_is_the_one_asked_for():
    assert np.array_equal(read(npy(ARRAY), BANDS[::-1])[1], ARRAY["a"])


@pytest.mark.parametrize(("order", "stay"), [("C", True), ("F", False)])
def test_pixels_that_are_in_the_answer_as_they_are_wanted_stay_there(order, stay):
    array = np.arange(18, dtype="<u2").view([("a", "<u2"), ("b", "<u2"), ("c", "<u2")]).reshape(2, 3)
    body = npy(np.asarray(array, order=order))
    pixels = read(body, [BandType(band, "uint16") for band in "abc"], "uint16")
    assert [plane.tolist() for plane in pixels] == [array[band].tolist() for band in "abc"]
    assert np.shares_memory(pixels, np.frombuffer(body, "u1")) == stay


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_order_of_samples_in_the_answer_does_not_matter(order):
    assert np.array_equal(read(npy(np.asarray(ARRAY, order=order)))[0], ARRAY["a"])


@pytest.mark.parametrize("type_", ["<i4", ">u2", "<f8", "<u8"])
def test_another_type_does_if_every_sample_fits(type_):
    assert np.array_equal(read(npy(changed(a=type_)))[0], ARRAY["a"])


def test_more_bands_than_numpy_likes_in_a_header_are_read():
    bands = [BandType(f"a_rather_long_name_of_a_band_{number}", "uint8") for number in range(1024)]
    array = np.zeros((2, 3), [(band.id, "u1") for band in bands])
    assert read(npy(array), bands, "uint8").shape == (1024, 2, 3)


def test_names_outside_of_latin_1_are_read():
    with pytest.warns(UserWarning, match=r"format 3\.0"):
        body = npy(ARRAY.astype([("红", "<u2"), ("b", "<f4")]))
    assert np.array_equal(read(body, [BandType("红", "uint16"), BANDS[1]])[0], ARRAY["a"])


def nested():
    file = io.BytesIO()
    np.save(file, np.array([["x", None, 1], [2, 3, 4]], dtype=object), allow_pickle=True)
    return file.getvalue()


def with_header(text):
    return b"\x93NUMPY\x02\x00" + len(text).to_bytes(4, "little") + text.encode()


WHOLE = npy(ARRAY)
WRONG = {
    "an HTML page": (b"<!DOCTYPE html><html></html>", "begins with"),
    "nothing": (b"", "begins with"),
    "only a beginning": (WHOLE[:8], "not an array"),
    "a truncated header": (WHOLE[:40], "not an array"),
    "truncated samples": (WHOLE[:-1], r"bytes instead of"),
    "samples too many": (WHOLE + b"\0", r"bytes instead of"),
    "another shape": (npy(ARRAY.T), r"shape \(3, 2\) instead of \(2, 3\)"),
    "one dimension": (npy(ARRAY.ravel()), "shape"),
    "another band": (npy(ARRAY.astype([("a", "<u2"), ("c", "<f4")])), r"bands \['a', 'c'\]"),
    "a band less": (npy(ARRAY[["a"]].copy()), "bands"),
    "no bands": (npy(np.zeros((2, 3), "<u2")), r"bands \[\]"),
    "samples that do not fit": (npy(changed(a="<i2")), "band a came as int16"),
    "objects to unpickle": (nested(), "bytes instead of"),
    "a version from the future": (b"\x93NUMPY\x09\x00" + WHOLE[8:], "not an array"),
    "a header that is no Python": (with_header("{'descr': "), "not an array"),
    "a header that is a list": (with_header("[1, 2]"), "not an array"),
    "a header without a shape": (with_header("{'descr': [('a', '<u2')]}"), "not an array"),
    "a header that nests without end": (with_header("(" * 50_000), "not an array"),
    "a header that is no text": (b"\x93NUMPY\x03\x00\x02\x00\x00\x00\xff\xff", "not an array"),
    "a header longer than the answer": (b"\x93NUMPY\x02\x00\xff\xff\xff\xff{}", "not an array"),
    "a type of its own": (with_header("{'descr': 'x9', 'fortran_order': False, 'shape': (2, 3)}"), "not an array"),
    "samples of no size": (with_header("{'descr': [('a', 'V0')], 'fortran_order': False, 'shape': (2, 3)}"), "bytes"),
    "samples that are arrays": (npy(np.zeros((2, 3), [("a", "<u2", (2,)), ("b", "<f4")])), "band a came as"),
    "a shape without end": (with_header("{'descr': '<u2', 'fortran_order': False, 'shape': (2, 1e999)}"), "shape"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_known_as_one(name):
    body, problem = WRONG[name]
    with pytest.raises(WrongAnswer, match=problem):
        read(body)


def test_fractions_do_not_become_whole_numbers():
    with pytest.raises(WrongAnswer, match="band a came as float64, and not all of it fits into uint16"):
        read(npy(np.array([[(0.5, 0)] * 3] * 2, [("a", "<f8"), ("b", "<f4")])))


@pytest.mark.parametrize(
    ("types", "common"),
    [(("uint8", "uint16"), "uint16"), (("uint16", "float32"), "float32"), (("int32", "float32"), "float64")],
    ids=" ".join,
)
def test_the_type_of_all_bands_holds_each_of_them(types, common):
    assert common_type([BandType(str(number), dtype) for number, dtype in enumerate(types)]) == np.dtype(common)


@pytest.mark.parametrize("name", ["GEO_TIFF", "JPEG", "NPY", "PNG"])
def test_a_page_is_no_file_of_any_format(name):
    with pytest.raises(WrongAnswer, match=f"not a {name} file"):
        check_format(b"<html>", name)


@pytest.fixture
def busy_collector():
    """A collector of garbage that runs often, and lets other threads on while it does."""

    def give_way(*_):
        time.sleep(0)

    before = gc.get_threshold()
    gc.callbacks.append(give_way)
    gc.set_threshold(5)
    yield
    gc.set_threshold(*before)
    gc.callbacks.remove(give_way)


def test_threads_read_at_the_same_time(busy_collector):
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(read, [WHOLE] * 500))
    assert all(np.array_equal(pixels[0], ARRAY["a"]) for pixels in found)
