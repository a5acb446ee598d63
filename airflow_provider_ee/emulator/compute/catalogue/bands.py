"""The bands of the stand-ins, each as a formula of the made-up Earth."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from airflow_provider_ee.emulator.compute.catalogue.earth import clouds, from_places, green, height, water
from airflow_provider_ee.emulator.compute.catalogue.landscape import Whole, wave
from airflow_provider_ee.emulator.compute.pixels.grids import Grid
from airflow_provider_ee.emulator.compute.pixels.rasters import Plane, Raster, Values

__all__ = [
    "Layer",
    "chirps",
    "cloud_probability",
    "dynamic_world",
    "embedding",
    "era5_land",
    "landsat",
    "modis_greenness",
    "nasadem",
    "sentinel",
    "srtm",
    "world_cover",
]

#: Of a raster for each of many days, so many are kept.
_KEPT = 2048

#: The bands of Sentinel-2: reflectance times 10000 of soil, what vegetation of 1000 adds, of water and of clouds.
_REFLECTANCES = {
    "B1": (600, -400, 640, 7700),
    "B2": (700, -450, 620, 7600),
    "B3": (1000, -400, 560, 7500),
    "B4": (1400, -1100, 420, 7400),
    "B5": (1600, -700, 380, 7500),
    "B6": (1750, 1500, 300, 7600),
    "B7": (1850, 2200, 260, 7700),
    "B8": (1900, 2600, 210, 7800),
    "B8A": (2000, 2700, 190, 7800),
    "B9": (1900, 2500, 150, 6500),
    "B11": (2500, -900, 90, 4500),
    "B12": (2200, -1500, 60, 3500),
}
#: Which of them Landsat's bands are like.
_LANDSAT = {"SR_B1": "B1", "SR_B2": "B2", "SR_B3": "B3", "SR_B4": "B4", "SR_B5": "B8A", "SR_B6": "B11", "SR_B7": "B12"}

_YEAR = 365.25


class Layer(NamedTuple):
    """A band: its name and its pixels."""

    name: str
    raster: Raster


def _season(day: int) -> int:
    """Return how far the year is on a day, in degrees of a circle: the middle of July is the greenest."""
    return int(1000 * np.cos((day % _YEAR - 196) / _YEAR * 2 * np.pi))


def _masked(raster: Raster, mask: Raster, *, where: bool) -> Raster:
    """Mask a raster where another is not, or is, true."""

    def compute(_: Grid, planes: tuple[Plane, ...] | list[Plane]) -> Plane:
        wanted = planes[1].values if where else ~planes[1].values
        return Plane(planes[0].values, planes[0].valid & wanted)

    return Raster(raster.dtype, compute, (raster, mask))  # type: ignore[arg-type]  # any sequence will do


def _reflectance(band: str, day: int) -> Callable[..., Values]:
    soil, plants, wet, cloudy = _REFLECTANCES[band]
    season = 800 + _season(day) // 5

    def formula(x: Whole, y: Whole, vegetation: Whole, is_wet: Values, is_cloudy: Values) -> Values:
        land = soil + plants * (vegetation * season // 1000) // 1000 + wave(x - y, 640, 60)
        return np.where(is_cloudy, cloudy, np.where(is_wet, wet + wave(y, 90, 30), np.clip(land, 1, 10_000)))

    return formula


@lru_cache(_KEPT)
def _reflected(band: str, day: int, percent: int) -> Raster:
    return from_places("i4", _reflectance(band, day), green(), water(), clouds(day, percent))


def _of_reflectance(band: str, day: int, percent: int, dtype: str, function: Callable[[Values], Values]) -> Raster:
    return from_places(dtype, lambda _x, _y, values: function(values), _reflected(band, day, percent))


def _plain(dtype: str, value: float) -> Raster:
    return from_places(dtype, lambda x, _: np.full(x.shape, value))


def _by_surface(dtype: str, day: int, percent: int, *, cloudy: float, wet: float, plants: float, soil: float) -> Raster:
    """Return a number for what is seen: a cloud, water, vegetation or bare soil."""

    def formula(_x: Whole, _y: Whole, vegetation: Whole, is_wet: Values, is_cloudy: Values) -> Values:
        return np.where(is_cloudy, cloudy, np.where(is_wet, wet, np.where(vegetation > 400, plants, soil)))

    return from_places(dtype, formula, green(), water(), clouds(day, percent))


def srtm() -> list[Layer]:
    """Return the bands of SRTM: the height, and that of the sea is zero."""
    return [Layer("elevation", _height("i2"))]


def _height(dtype: str) -> Raster:
    return from_places(
        dtype, lambda _x, _y, ground: np.maximum(ground, 0), height(3), pixel=3, most_north=60, most_south=-56
    )


def nasadem() -> list[Layer]:
    """Return the bands of NASADEM."""
    swb = from_places("u1", lambda _x, _y, wet: np.where(wet, 255, 0), water(3), pixel=3, most_north=60, most_south=-56)
    num = from_places("u1", lambda x, _: np.full(x.shape, 1), pixel=3, most_north=60, most_south=-56)
    return [Layer("elevation", _height("i2")), Layer("num", num), Layer("swb", swb)]


def sentinel(day: int, percent: int) -> list[Layer]:
    """Return the bands of Sentinel-2's surface reflectance, harmonised."""
    layers = [Layer(band, _of_reflectance(band, day, percent, "u2", lambda values: values)) for band in _REFLECTANCES]
    picture = [
        Layer(name, _of_reflectance(band, day, percent, "u1", lambda values: np.clip(values // 12, 1, 255)))
        for name, band in (("TCI_R", "B4"), ("TCI_G", "B3"), ("TCI_B", "B2"))
    ]

    def seen(dtype: str, *, cloudy: float, wet: float, plants: float, soil: float) -> Raster:
        return _by_surface(dtype, day, percent, cloudy=cloudy, wet=wet, plants=plants, soil=soil)

    return [
        *layers,
        Layer("AOT", _plain("u2", 100)),
        Layer("WVP", _plain("u2", 1500)),
        Layer("SCL", seen("u1", cloudy=9, wet=6, plants=4, soil=5)),
        *picture,
        Layer("MSK_CLDPRB", seen("u1", cloudy=95, wet=1, plants=2, soil=4)),
        Layer("MSK_SNWPRB", _plain("u1", 0)),
        Layer("QA10", _plain("u2", 0)),
        Layer("QA20", _plain("u4", 0)),
        Layer("QA60", seen("u2", cloudy=1 << 10, wet=0, plants=0, soil=0)),
        Layer("MSK_CLASSI_OPAQUE", seen("u1", cloudy=1, wet=0, plants=0, soil=0)),
        Layer("MSK_CLASSI_CIRRUS", _plain("u1", 0)),
        Layer("MSK_CLASSI_SNOW_ICE", _plain("u1", 0)),
    ]


def cloud_probability(day: int, percent: int) -> list[Layer]:
    """Return the band of Sentinel-2's cloud probability."""
    return [Layer("probability", _by_surface("u1", day, percent, cloudy=95, wet=1, plants=2, soil=4))]


def dynamic_world(day: int, percent: int) -> list[Layer]:
    """Return the bands of Dynamic World, which has nothing below clouds."""
    names = "water trees grass flooded_vegetation crops shrub_and_scrub built bare snow_and_ice"
    label = from_places(
        "u1",
        lambda _x, _y, plants, wet: np.where(
            wet, 0, np.select([plants > 640, plants > 500, plants > 250], [1, 2, 4], 7)
        ),
        green(),
        water(),
    )
    cloudy = clouds(day, percent)

    def likely(number: int) -> Raster:
        return from_places("f4", lambda _x, _y, best: np.where(best == number, 0.76, 0.03), label)

    layers = [Layer(name, likely(number)) for number, name in enumerate(names.split())] + [Layer("label", label)]
    return [Layer(name, _masked(raster, cloudy, where=False)) for name, raster in layers]


def world_cover() -> list[Layer]:
    """Return the band of WorldCover: trees, grass, crops, bare ground and water."""

    def formula(_x: Whole, _y: Whole, plants: Whole, wet: Values) -> Values:
        return np.where(wet, 80, np.select([plants > 640, plants > 500, plants > 250], [10, 30, 40], 60))

    return [Layer("Map", from_places("u1", formula, green(), water()))]


def landsat(day: int, percent: int) -> list[Layer]:
    """Return the bands of Landsat's Level 2: digital numbers of reflectance and temperature, and quality bits."""

    def numbers(values: Values) -> Values:
        return np.round((values / 10_000 + 0.2) / 0.0000275)

    kelvin = 288 + _season(day) / 100
    temperature = from_places(
        "u2",
        lambda _x, _y, ground, cloudy: np.round(
            (np.where(cloudy, 250, kelvin - np.maximum(ground, 0) * 0.0065) - 149) / 0.00341802
        ),
        height(),
        clouds(day, percent),
    )
    return [
        *(Layer(name, _of_reflectance(band, day, percent, "u2", numbers)) for name, band in _LANDSAT.items()),
        Layer("SR_QA_AEROSOL", _plain("u1", 66)),
        Layer("ST_B10", temperature),
        Layer("ST_ATRAN", _plain("i2", 8000)),
        Layer("ST_CDIST", _plain("i2", 500)),
        Layer("ST_DRAD", _plain("i2", 900)),
        Layer("ST_EMIS", _plain("i2", 9800)),
        Layer("ST_EMSD", _plain("i2", 50)),
        Layer("ST_QA", _plain("i2", 200)),
        Layer("ST_TRAD", _plain("i2", 9000)),
        Layer("ST_URAD", _plain("i2", 1500)),
        Layer("QA_PIXEL", _by_surface("u2", day, percent, cloudy=22280, wet=21952, plants=21824, soil=21824)),
        Layer("QA_RADSAT", _plain("u2", 0)),
    ]


def modis_greenness(day: int) -> list[Layer]:
    """Return the bands of MOD13Q1, whose vegetation indices are times 10000; they are masked over water."""
    pixel, season = 22, 800 + _season(day) // 5
    wet = water(pixel)

    def index(most: int) -> Raster:
        raster = from_places(
            "i2", lambda _x, _y, plants: 1200 + plants * season // 1000 * most // 1000, green(pixel), pixel=pixel
        )
        return _masked(raster, wet, where=False)

    def plain(dtype: str, value: int) -> Raster:
        return _masked(from_places(dtype, lambda x, _: np.full(x.shape, value), pixel=pixel), wet, where=False)

    return [
        Layer("NDVI", index(7500)),
        Layer("EVI", index(5000)),
        Layer("DetailedQA", plain("u2", 2112)),
        Layer("sur_refl_b01", plain("i2", 600)),
        Layer("sur_refl_b02", plain("i2", 3000)),
        Layer("sur_refl_b03", plain("i2", 400)),
        Layer("sur_refl_b07", plain("i2", 1200)),
        Layer("ViewZenith", plain("i2", 1500)),
        Layer("SolarZenith", plain("i2", 3500)),
        Layer("RelativeAzimuth", plain("i2", 0)),
        Layer("DayOfYear", plain("i2", int(day % _YEAR) + 1)),
        Layer("SummaryQA", plain("u1", 0)),
    ]


def era5_land(day: int) -> list[Layer]:
    """Return bands of ERA5-Land's daily aggregates, not all hundred and fifty of them; the sea is masked."""
    pixel = 1080
    sea = from_places("?", lambda _x, _y, ground: ground <= 0, height(pixel), pixel=pixel)

    def warm(more: float) -> Raster:
        def formula(_x: Whole, y: Whole, ground: Whole) -> Values:
            latitude = 90 - y / 10_800
            swing = _season(day) / 1000 * latitude / 6
            return 300 + more - np.abs(latitude) * 0.5 + swing - np.maximum(ground, 0) * 0.0065

        return from_places("f8", formula, height(pixel), pixel=pixel)

    def rain() -> Raster:
        return from_places("f8", lambda x, y: _rain(x, y, day) / 1000, pixel=pixel)

    def plain(value: float) -> Raster:
        return from_places("f8", lambda x, _: np.full(x.shape, value), pixel=pixel)

    layers = {
        "dewpoint_temperature_2m": warm(-6),
        "temperature_2m": warm(0),
        "skin_temperature": warm(1),
        "soil_temperature_level_1": warm(0.5),
        "snow_depth": plain(0),
        "volumetric_soil_water_layer_1": plain(0.3),
        "surface_net_solar_radiation_sum": plain(1.2e7),
        "u_component_of_wind_10m": plain(1.5),
        "v_component_of_wind_10m": plain(-0.5),
        "surface_pressure": plain(96_000),
        "total_precipitation_sum": rain(),
        "temperature_2m_min": warm(-5),
        "temperature_2m_max": warm(5),
    }
    return [Layer(name, _masked(raster, sea, where=False)) for name, raster in layers.items()]


def _rain(x: Whole, y: Whole, day: int) -> Values:
    """Return millimetres of rain: showers that move on from day to day, with dry land between."""
    shower = wave(x + y + 97_777 * day, 230_000, 30) + wave(x - 2 * y + 31_337 * day, 110_000, 20)
    return np.asarray(np.maximum(shower - 18, 0))


def chirps(day: int) -> list[Layer]:
    """Return the band of CHIRPS: millimetres of rain between 50° S and 50° N; the sea is masked."""
    pixel = 540
    sea = from_places("?", lambda _x, _y, ground: ground <= 0, height(pixel), pixel=pixel)
    rain = from_places("f4", lambda x, y: _rain(x, y, day), pixel=pixel, most_north=50, most_south=-50)
    return [Layer("precipitation", _masked(rain, sea, where=False))]


@lru_cache(maxsize=16)
def embedding(year: int) -> list[Layer]:
    """Return the sixty-four bands of the satellite embedding: together they are a vector of the length one."""

    def part(number: int) -> Raster:
        across, down, period = number % 7 + 1, number % 5 - 2, 3000 + 371 * number
        return from_places("f8", lambda x, y: wave(across * x + down * y + 501 * year, period, 1000) + 1.0 + number % 3)

    parts = [part(number) for number in range(64)]
    length = from_places("f8", lambda _x, _y, *values: np.sqrt(sum(value * value for value in values)), *parts)

    def unit(raster: Raster) -> Raster:
        return from_places("f8", lambda _x, _y, value, whole: value / whole, raster, length)

    return [Layer(f"A{number:02}", unit(raster)) for number, raster in enumerate(parts)]
