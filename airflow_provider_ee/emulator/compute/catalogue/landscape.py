"""The synthetic landscape: every pixel value is a formula of whole numbers in the native column and row.

Two waves make everything:

- `wave(t, period, height)` swings between `-height` and `height` like a sine, but on parabolas: with `half` half of the
  period and `u = t mod half` it is `4 * height * u * (half - u) // half**2`, negated in every second half.
- `ramp(t, period)` goes evenly from 0 to 99 and back: the lesser of `step` and `199 - step`, with
  `step = 200 * (t mod period) // period`.

`//` rounds down and `mod` is never negative.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = [
    "BANDS",
    "cloud",
    "cloudy_reflectance",
    "elevation",
    "ramp",
    "reflectance",
    "river",
    "surface",
    "vegetation",
    "wave",
]

Whole = npt.NDArray[np.integer[Any]]

#: The bands of the Sentinel-2-like scenes: blue, green, red, near infrared.
BANDS = ("B2", "B3", "B4", "B8")

#: What a pixel reflects where nothing grows, and what vegetation of 1000 takes away or adds.
SOIL = {"B2": 700, "B3": 1000, "B4": 1400, "B8": 1900}
VEGETATION = {"B2": -450, "B3": -400, "B4": -1100, "B8": 2600}
WATER = {"B2": 620, "B3": 560, "B4": 420, "B8": 210}
CLOUD = {"B2": 7600, "B3": 7500, "B4": 7400, "B8": 7800}


def wave(t: Whole, period: int, height: int) -> Whole:
    """Return a smooth wave between `-height` and `height`."""
    return _one_period(period, height)[_remainder(t, period)]


@lru_cache
def _one_period(period: int, height: int) -> Whole:
    half = period // 2
    t = np.arange(period, dtype=np.int64)
    u = t % half
    hump = 4 * height * u * (half - u) // half**2
    return np.where(t < half, hump, -hump).astype(np.int32)


def _remainder(t: Whole, period: int) -> Whole:
    # numpy divides whole numbers several times faster than it takes their remainder.
    return np.asarray(t - t // period * period)


def ramp(t: Whole, period: int) -> Whole:
    """Return an even wave between 0 and 99: below n on n of 100 pixels."""
    step = 200 * _remainder(t, period) // period
    return np.minimum(step, 199 - step)


def river(column: Whole, row: Whole) -> npt.NDArray[np.bool_]:
    """Tell where a river flows: one in every 4000 columns, in bends, 24 to 56 pixels wide."""
    middle = 2000 + wave(row, 3400, 520) + wave(row + 300, 1260, 150) + wave(row, 410, 24)
    return np.abs(_remainder(column, 4000) - middle) < 20 + wave(row, 2300, 8)


def vegetation(column: Whole, row: Whole) -> Whole:
    """Return how green the land is, 0 to 1000: forest on the hills, fields of 48 by 36 pixels in the valleys."""
    hills = wave(column + 2 * row, 4100, 300) + wave(2 * column - row, 2900, 260)
    hills = hills + wave(3 * column + row, 1100, 130) + wave(column - 4 * row, 870, 110)
    across, down = column // 48, row // 36
    plot = _remainder(31 * across * across + 57 * down * down + 23 * across * down, 19)
    fields = 130 + 38 * plot + wave(column, 8, 20)
    return np.where(hills > 180, 640 + hills // 3, fields)


def reflectance(band: str, column: Whole, row: Whole, day: int = 0) -> Whole:
    """Return a band of the scene, reflectance times 10000: the river, or soil and vegetation with some relief.

    `day` counts the season: the greenness is multiplied by `850 + wave(day + 91, 366, 150)` thousandths, so that the
    scene itself, which is that of day 0, is the greenest.
    """
    return surface(band, column, row, vegetation(column, row), river(column, row), day=day)


def surface(band: str, column: Whole, row: Whole, green: Whole, wet: npt.NDArray[np.bool_], *, day: int = 0) -> Whole:
    """Return `reflectance` where the vegetation and the river are known, which are the same for every band."""
    season = 850 + wave(np.asarray(day + 91), 366, 150)
    land = SOIL[band] + VEGETATION[band] * (green * season // 1000) // 1000 + wave(column - row, 640, 60)
    return np.where(wet, WATER[band] + wave(row, 90, 30), land)


def cloud(column: Whole, row: Whole, day: int, percent: int) -> npt.NDArray[np.bool_]:
    """Tell where it is cloudy on a day: streets of cloud over `percent` of 100 pixels, moving on from day to day."""
    return ramp(column + 2 * row + wave(column - row, 1700, 260) + wave(column, 530, 90) + 977 * day, 2600) < percent


def cloudy_reflectance(band: str, column: Whole, row: Whole, day: int, percent: int) -> Whole:
    """Return a band of the scene as seen on a day, under clouds."""
    return np.where(cloud(column, row, day, percent), CLOUD[band], reflectance(band, column, row, day))


def elevation(column: Whole, row: Whole) -> npt.NDArray[Any]:
    """Return the height of the land in metres, in steps of a quarter; the sea, at or below 0, has no data."""
    quarters = wave(column + row, 14300, 2900) + wave(2 * column - 3 * row, 31700, 3300) + wave(row, 9700, 1700)
    return (quarters + wave(3 * column + row, 7900, 900) + wave(column, 1900, 300) - 900) / 4
