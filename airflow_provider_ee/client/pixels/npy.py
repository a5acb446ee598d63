"""Read the pixels of a tile from an answer in the format NPY, after checking that it is the tile that was asked for.

https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

from __future__ import annotations

import ast
import threading
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from airflow_provider_ee.client.errors import Transient
from airflow_provider_ee.client.pixels.grids.tiles import BandType

__all__ = ["LONGEST_MAGIC", "Pixels", "WrongAnswer", "check_format", "common_type", "decode"]

#: Bands, rows and columns.
Pixels: TypeAlias = npt.NDArray[Any]

#: What a file of each format begins with.
_MAGIC = {
    "GEO_TIFF": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    "JPEG": (b"\xff\xd8\xff",),
    "NPY": (b"\x93NUMPY",),
    "PNG": (b"\x89PNG\r\n\x1a\n",),
}
LONGEST_MAGIC = max(len(magic) for magics in _MAGIC.values() for magic in magics)
#: How much is shown of an answer that is none of them.
_SHOWN = 24

#: By major version: the bytes of the header's length, and the encoding of the header.
_HEADERS = {1: (2, "latin1"), 2: (4, "latin1"), 3: (4, "utf8")}
_VERSION_AT, _LENGTH_AT = 6, 8
#: Enough for the 1,024 bands that a request may have, with long names.
_LONGEST_HEADER = 2**20
#: Before 3.11.8 and 3.12.2, Python raises SystemError where two threads parse: https://github.com/python/cpython/issues/106905
_PARSING = threading.Lock()


class WrongAnswer(Transient):
    """The answer is not the tile that was asked for; asking again may help."""


def common_type(bands: Sequence[BandType]) -> np.dtype[Any]:
    """Return the type that holds the samples of all bands."""
    return np.result_type(*(np.dtype(band.dtype) for band in bands))


def check_format(body: bytes, file_format: str) -> None:
    """Check that an answer is a file of this format, and not the HTML page of a proxy; LONGEST_MAGIC bytes are enough.

    Raises:
        WrongAnswer: It is something else.
    """
    if not body.startswith(_MAGIC.get(file_format, ())):
        raise WrongAnswer(f"The answer is not a {file_format} file: it begins with {body[:_SHOWN]!r}.")


def decode(
    body: bytes | memoryview, bands: Sequence[BandType], width: int, height: int, dtype: np.dtype[Any]
) -> Pixels:
    """Return the pixels of an answer in the format NPY; without a copy where they have the right type and order.

    Args:
        body: The answer: a structured array of rows and columns with a field for each band.
        bands: The bands that were asked for.
        width: The columns that were asked for.
        height: The rows that were asked for.
        dtype: The type of the pixels that are returned, which holds the samples of all bands.

    Raises:
        WrongAnswer: The answer is something else.
    """
    check_format(bytes(body[:_SHOWN]), "NPY")
    array = _structured(body, width, height)
    ids = {band.id for band in bands}
    if set(array.dtype.names or ()) != ids:
        raise WrongAnswer(f"The answer has the bands {list(array.dtype.names or ())} instead of {sorted(ids)}.")
    if array.dtype == np.dtype([(band.id, dtype) for band in bands]) and array.flags.c_contiguous:
        return np.moveaxis(array.view(dtype).reshape(height, width, len(bands)), -1, 0)
    pixels = np.empty((len(bands), height, width), dtype)
    for plane, band in zip(pixels, bands, strict=True):
        plane[:] = _samples(array[band.id], band)
    return pixels


def _structured(body: bytes | memoryview, width: int, height: int) -> npt.NDArray[Any]:
    """Return the array in the answer; both share their memory."""
    try:
        dtype, by_columns, shape, start = _header(body)
    # What the header does not describe, or describes in a way that Python or NumPy cannot read.
    except (KeyError, TypeError, ValueError, SyntaxError, SystemError, MemoryError, RecursionError) as error:
        raise WrongAnswer(f"The answer is not an array ({str(error)[:100] or type(error).__name__}).") from None
    if shape != (height, width):
        raise WrongAnswer(f"The answer has the shape {shape!r:.100} instead of {(height, width)}.")
    expected = start + width * height * dtype.itemsize
    if dtype.hasobject or not dtype.itemsize or len(body) != expected:
        raise WrongAnswer(f"The answer has {len(body):,} bytes instead of {expected:,}.")
    flat = np.frombuffer(body, dtype, offset=start)
    return flat.reshape(shape, order="F" if by_columns else "C")


def _header(body: bytes | memoryview) -> tuple[np.dtype[Any], bool, object, int]:
    """Return the type of an array, whether it is stored column by column, its shape, and where its samples begin.

    NumPy's own functions read version 3.0, which it writes for names outside of Latin-1, in private only.
    """
    if len(body) < _LENGTH_AT:
        raise ValueError("it ends before its header")
    width, encoding = _HEADERS[body[_VERSION_AT]]
    begin = _LENGTH_AT + width
    length = int.from_bytes(body[_LENGTH_AT:begin], "little")
    if length > min(_LONGEST_HEADER, len(body) - begin):
        raise ValueError(f"a header of {length:,} bytes")
    text = bytes(body[begin : begin + length]).decode(encoding)
    with _PARSING:
        header = ast.literal_eval(text)
    dtype = np.lib.format.descr_to_dtype(header["descr"])
    return dtype, header["fortran_order"] is True, header["shape"], begin + length


def _samples(samples: npt.NDArray[Any], band: BandType) -> npt.NDArray[Any]:
    """Return samples in the type of their band; those of another type are accepted if no sample changes."""
    wanted = np.dtype(band.dtype)
    if samples.dtype == wanted and samples.ndim == 2:
        return samples
    if samples.dtype.kind in "iuf" and samples.ndim == 2:
        with np.errstate(invalid="ignore", over="ignore"):
            cast = samples.astype(wanted)
        if np.array_equal(cast, samples, equal_nan=samples.dtype.kind == "f"):
            return cast
    raise WrongAnswer(f"The band {band.id} came as {samples.dtype.name}, and not all of it fits into {wanted.name}.")
