"""Make a picture of numbers: 8-bit red, green and blue, or gray."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from airflow_provider_ee.emulator.compute.errors import ComputeError, NotComputed
from airflow_provider_ee.emulator.compute.functions.bands import select
from airflow_provider_ee.emulator.compute.images import Band, Image
from airflow_provider_ee.emulator.compute.pixels.rasters import Raster, Values, pixelwise

__all__ = ["Stretch", "picture", "visualize"]

BYTE = np.dtype(np.uint8)
_CHANNELS = ("red", "green", "blue")
_GRAY = "vis-gray"

#: CSS names that palettes are often written in; any other colour is written in hexadecimal.
_NAMED = {
    "black": "000000", "white": "ffffff", "red": "ff0000", "green": "008000", "blue": "0000ff", "yellow": "ffff00",
    "cyan": "00ffff", "magenta": "ff00ff", "gray": "808080", "orange": "ffa500", "brown": "a52a2a", "purple": "800080",
}  # fmt: skip


@dataclass(frozen=True)
class Stretch:
    """The values that become black and white, and the curve between."""

    low: float
    high: float
    gamma: float = 1.0

    def __post_init__(self) -> None:
        if self.low == self.high or not self.gamma > 0:
            raise ComputeError("min and max must differ, and gamma must be positive.")

    def fraction(self, values: Values) -> Values:
        """Return where between low and high each value lies, 0 to 1."""
        linear = np.clip((values.astype(np.float64) - self.low) / (self.high - self.low), 0, 1)
        return np.nan_to_num(linear ** (1 / self.gamma))


def picture(image: Image, stretches: Sequence[Stretch], palette: Sequence[str] | None) -> Image:
    """Return three bands of bytes for three bands or a palette, one for a single band without palette."""
    if palette:
        if len(image.bands) != 1:
            raise ComputeError("Cannot provide a palette when visualizing more than one band.")
        colours = np.array([_colour(name) for name in palette], dtype=np.float64)
        raster = image.bands[0].raster
        channels = [pixelwise(BYTE, _painted(stretches[0], colours[:, channel]), raster) for channel in range(3)]
    elif len(image.bands) in (1, 3):
        rasters = zip(image.rasters, stretches, strict=True)
        channels = [pixelwise(BYTE, _gray(stretch), raster) for raster, stretch in rasters]
    else:
        raise ComputeError(f"A picture is made of one or three bands; found {len(image.bands)}. Select some of them.")
    names = [f"vis-{name}" for name in _CHANNELS] if len(channels) == len(_CHANNELS) else [_GRAY]
    return replace(image, bands=tuple(Band(name, raster) for name, raster in zip(names, channels, strict=True)))


def _gray(stretch: Stretch) -> Callable[[Values], Values]:
    return lambda values: np.floor(stretch.fraction(values) * 255 + 0.5)


def _painted(stretch: Stretch, colours: Values) -> Callable[[Values], Values]:
    steps = np.arange(len(colours))
    return lambda values: np.floor(np.interp(stretch.fraction(values) * (len(colours) - 1), steps, colours) + 0.5)


def _colour(name: Any) -> tuple[int, int, int]:
    text = _NAMED.get(str(name).lower(), str(name)).removeprefix("#")
    if re.fullmatch(r"[0-9a-fA-F]{3}", text):
        text = "".join(digit * 2 for digit in text)
    if not re.fullmatch(r"[0-9a-fA-F]{6}", text):
        raise ComputeError(f"Invalid palette color '{str(name)[:40]}'.")
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def visualize(  # noqa: PLR0917 - the arguments of the API, in its order
    image: Image,
    bands: Any,
    gain: Any,
    bias: Any,
    low: Any,
    high: Any,
    gamma: Any,
    opacity: float | None,
    palette: Any,
    force_rgb: bool,
) -> Image:
    """Return the image as a picture: bands `vis-red`, `vis-green` and `vis-blue`, or `vis-gray`."""
    if opacity is not None and opacity != 1:
        raise NotComputed("An opacity is not computed by the emulator: masks are on or off.")
    if bands is not None:
        image = select(image, bands if isinstance(bands, list) else str(bands).split(","), None)
    if len(image.bands) > len(_CHANNELS) or not image.bands:
        raise ComputeError("A picture is made of one or three bands; name them in 'bands'.")
    count = len(image.bands)
    gains, biases = _each("gain", gain, count), _each("bias", bias, count)
    lows, highs, gammas = _each("min", low, count), _each("max", high, count), _each("gamma", gamma, count)
    stretches = [
        _stretch(raster, numbers)
        for raster, *numbers in zip(image.rasters, lows, highs, gains, biases, gammas, strict=True)
    ]
    colours = palette.split(",") if isinstance(palette, str) else palette
    if not isinstance(colours, list | None):
        raise ComputeError("'palette' must be a list of colors.")
    if force_rgb and not colours and count == 1:
        colours = ["000000", "ffffff"]
    return picture(image, stretches, colours)


def _each(name: str, value: Any, count: int) -> list[float | None]:
    if isinstance(value, str):
        value = value.split(",")
    values = value if isinstance(value, list) else [value]
    if len(values) not in (1, count):
        raise ComputeError(f"'{name}' must have one value or {count}, but has {len(values)}.")
    try:
        numbers = [None if number is None else float(number) for number in values]
    except (TypeError, ValueError, OverflowError) as error:
        raise ComputeError(f"'{name}' must be a number, or one for each band.") from error
    return numbers * count if len(numbers) == 1 else numbers


def _stretch(raster: Raster, numbers: Sequence[float | None]) -> Stretch:
    low, high, gain, bias, gamma = numbers
    if gain is not None or bias is not None:
        if low is not None or high is not None or gain == 0:
            raise ComputeError("Use either gain (not 0) and bias, or min and max.")
        low = -(bias or 0) / (gain or 1)
        return Stretch(low, low + 255 / (gain or 1), gamma or 1)
    if raster.dtype.kind == "f":
        default = (0.0, 1.0)
    else:
        limits = np.iinfo(raster.dtype)
        default = (float(limits.min), float(limits.max))
    return Stretch(
        default[0] if low is None else low, default[1] if high is None else high, 1 if gamma is None else gamma
    )
