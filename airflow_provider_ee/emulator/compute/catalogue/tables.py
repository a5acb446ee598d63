"""Stand-ins for tables of Google's catalogue: real names, and rectangles in the place of borders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from airflow_provider_ee.emulator.compute.geometry import Bounds, rectangle
from airflow_provider_ee.emulator.compute.images import Collection, Feature

__all__ = ["TABLES"]

#: Name, code in GAUL, ISO 3166 and a rectangle about the country.
_COUNTRIES: tuple[tuple[str, int, str, Bounds], ...] = (
    ("Austria", 18, "AUT", (9.5, 46.4, 17.2, 49.0)),
    ("Brazil", 37, "BRA", (-73.9, -33.7, -34.8, 5.3)),
    ("France", 85, "FRA", (-4.8, 42.3, 7.6, 51.1)),
    ("Germany", 93, "DEU", (7.6, 47.3, 15.0, 55.0)),
    ("India", 115, "IND", (68.1, 8.0, 97.4, 35.5)),
    ("Italy", 122, "ITA", (6.7, 36.6, 18.5, 46.4)),
    ("Kenya", 133, "KEN", (33.9, -4.7, 41.9, 5.0)),
    ("Switzerland", 237, "CHE", (6.0, 45.8, 9.5, 47.8)),
)
_STATUS = {"STATUS": "Member State", "DISP_AREA": "NO", "STR1_YEAR": 1000, "EXP1_YEAR": 3000}


def _quarters(bounds: Bounds) -> list[tuple[str, Bounds]]:
    west, south, east, north = bounds
    x, y = (west + east) / 2, (south + north) / 2
    return [
        ("North West", (west, y, x, north)),
        ("North East", (x, y, east, north)),
        ("South West", (west, south, x, y)),
        ("South East", (x, south, east, y)),
    ]


def _level_0() -> list[Feature]:
    return [
        _feature(bounds, number, {"ADM0_CODE": code, "ADM0_NAME": name, **_STATUS})
        for number, (name, code, _, bounds) in enumerate(_COUNTRIES)
    ]


def _level_1() -> list[Feature]:
    found: list[Feature] = []
    for name, code, _, bounds in _COUNTRIES:
        for number, (part, quarter) in enumerate(_quarters(bounds)):
            named = {"ADM1_CODE": code * 10 + number, "ADM1_NAME": f"{name} {part}"}
            found.append(_feature(quarter, len(found), {"ADM0_CODE": code, "ADM0_NAME": name, **named, **_STATUS}))
    return found


def _protected() -> list[Feature]:
    found: list[Feature] = []
    for name, code, iso, (west, south, east, north) in _COUNTRIES:
        x, y = west + (east - west) * 0.4, south + (north - south) * 0.6
        area = (x, y, x + 0.25, y + 0.2)
        known = {
            "WDPAID": float(900_000 + code),
            "WDPA_PID": str(900_000 + code),
            "NAME": f"{name} Park",
            "DESIG_ENG": "National Park",
            "IUCN_CAT": "II",
            "STATUS": "Designated",
            "STATUS_YR": 1990.0,
            "MARINE": "0",
            "PARENT_ISO": iso,
            "ISO3": iso,
            "REP_AREA": 420.0,
        }
        found.append(_feature(area, len(found), known))
    return found


def _feature(bounds: Bounds, number: int, properties: Mapping[str, object]) -> Feature:
    return Feature(rectangle(bounds), {"system:index": f"{number:020}", **properties})


def _table(name: str, features: Callable[[], list[Feature]]) -> Callable[[], Collection]:
    @lru_cache(maxsize=1)
    def table() -> Collection:
        return Collection(features(), name, is_table=True)

    return table


_MAKERS = {
    "FAO/GAUL/2015/level0": _level_0,
    "FAO/GAUL/2015/level1": _level_1,
    "FAO/GAUL_SIMPLIFIED_500m/2015/level0": _level_0,
    "FAO/GAUL_SIMPLIFIED_500m/2015/level1": _level_1,
    "WCMC/WDPA/current/polygons": _protected,
}

#: The stand-ins by their ids.
TABLES: Mapping[str, Callable[[], Collection]] = {name: _table(name, make) for name, make in _MAKERS.items()}
