"""Read the pixels of a tile from Earth Engine's answer, and trust nothing about it."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from airflow_provider_ee.client.errors import Transient
from airflow_provider_ee.client.pixels.grids.tiles import BandType

__all__ = ["LONGEST_BEGINNING", "Pixels", "WrongAnswer", "check_file", "common_type", "decoded"]

#: Bands, rows and columns.
Pixels: TypeAlias = npt.NDArray[Any]

#: What a file of each format begins with.
_BEGINNINGS = {
    "GEO_TIFF": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    "JPEG": (b"\xff\xd8\xff",),
    "NPY": (b"\x93NUMPY",),
    "PNG": (b"\x89PNG\r\n\x1a\n",),
}
LONGEST_BEGINNING = max(len(beginning) for beginnings in _BEGINNINGS.values() for beginning in beginnings)
#: How much is shown of an answer that is none of them.
_SHOWN = 24

_HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
#: numpy has Python parse them, which before 3.11.8 and 3.12.2 raises SystemError if another thread parses meanwhile:
#: https://github.com/python/cpython/issues/106905
_ONE_HEADER_AT_A_TIME = threading.Lock()
#: A thousand bands have long headers, which numpy suspects of being an attack on its parser.
_LONGEST_HEADER = 2**20
#: Of a file of version 1.0, which has two bytes for the length of its header.
_SHORT, _LONGEST_SHORT_HEADER = b"\x01\x00", 10 + 2**16


class WrongAnswer(Transient):
    """The answer is not the tile that was asked for; another one may be."""


def common_type(bands: Sequence[BandType]) -> np.dtype[Any]:
    """Return the type that holds the samples of all bands."""
    return np.result_type(*(np.dtype(band.dtype) for band in bands))


def check_file(body: bytes, file_format: str) -> None:
    """Check that an answer is a file of this format, and not a page that some server on the way has made up.

    Its first LONGEST_BEGINNING bytes will do.

    Raises:
        WrongAnswer: It is not.
    """
    if not body.startswith(_BEGINNINGS.get(file_format, ())):
        raise WrongAnswer(f"The answer is no {file_format} file: it begins with {body[:_SHOWN]!r}.")


def decoded(
    body: bytes | memoryview, bands: Sequence[BandType], width: int, height: int, dtype: np.dtype[Any]
) -> Pixels:
    """Return the pixels of an answer in the format NPY: if they are in it as they are wanted, in its memory.

    Args:
        body: The answer: a structured array of rows and columns with a field for each band.
        bands: What it has to hold.
        width: How many columns it has to have.
        height: How many rows it has to have.
        dtype: The type that the pixels are returned in, which holds the samples of all bands.

    Raises:
        WrongAnswer: It is something else.
    """
    check_file(bytes(body[:_SHOWN]), "NPY")
    whole = _structured(body, width, height)
    ids = {band.id for band in bands}
    if set(whole.dtype.names or ()) != ids:
        raise WrongAnswer(f"The answer has the bands {list(whole.dtype.names or ())} instead of {sorted(ids)}.")
    if whole.dtype == np.dtype([(band.id, dtype) for band in bands]) and whole.flags.c_contiguous:
        return np.moveaxis(whole.view(dtype).reshape(height, width, len(bands)), -1, 0)
    pixels = np.empty((len(bands), height, width), dtype)
    for plane, band in zip(pixels, bands, strict=True):
        plane[:] = _samples(whole[band.id], band)
    return pixels


def _structured(body: bytes | memoryview, width: int, height: int) -> npt.NDArray[Any]:
    """Return the array in the answer, which it shares the memory with."""
    stream = io.BytesIO(body[: _LONGEST_SHORT_HEADER if body[6:8] == _SHORT else _LONGEST_HEADER])
    try:
        read_header = _HEADERS[np.lib.format.read_magic(stream)]
        with _ONE_HEADER_AT_A_TIME:
            shape, by_columns, dtype = read_header(stream, max_header_size=_LONGEST_HEADER)
    except (KeyError, TypeError, ValueError, SystemError) as error:
        raise WrongAnswer(f"The answer is no array ({str(error)[:100]}).") from None
    if shape != (height, width):
        raise WrongAnswer(f"The answer has the shape {shape} instead of {(height, width)}.")
    start = stream.tell()
    expected = start + width * height * dtype.itemsize
    if dtype.hasobject or len(body) != expected:
        raise WrongAnswer(f"The answer has {len(body):,} bytes instead of {expected:,}.")
    flat = np.frombuffer(body, dtype, offset=start)
    return flat.reshape(shape, order="F" if by_columns else "C")


def _samples(samples: npt.NDArray[Any], band: BandType) -> npt.NDArray[Any]:
    """Return samples in the type that their band was said to have; another one does if no sample is changed by that."""
    wanted = np.dtype(band.dtype)
    if samples.dtype == wanted:
        return samples
    if samples.dtype.kind in "iuf":
        with np.errstate(invalid="ignore", over="ignore"):
            cast = samples.astype(wanted)
        if np.array_equal(cast, samples, equal_nan=samples.dtype.kind == "f"):
            return cast
    raise WrongAnswer(f"The band {band.id} came as {samples.dtype.name}, and not all of it fits into {wanted.name}.")
