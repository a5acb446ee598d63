"""What the client warns of: a class for each, so that it can be silenced or turned into an error.

    warnings.simplefilter("error", EmptyResultWarning)

EarthEngineWarning
├── DoubtfulArgumentWarning   an argument is allowed, and probably not what was meant
├── EmptyResultWarning        nothing in a result has a value
└── RestrictedProjectWarning  the project has used up its noncommercial quota
"""

from __future__ import annotations

__all__ = ["DoubtfulArgumentWarning", "EarthEngineWarning", "EmptyResultWarning", "RestrictedProjectWarning"]


class EarthEngineWarning(UserWarning):
    """Anything that the client warns of."""


class DoubtfulArgumentWarning(EarthEngineWarning):
    """An argument is allowed, and probably not what was meant: latitude and longitude swapped, too many pixels."""


class EmptyResultWarning(EarthEngineWarning):
    """Nothing in a result has a value, or will have one."""


class RestrictedProjectWarning(EarthEngineWarning):
    """The project has used up its noncommercial quota: until it is refilled, Earth Engine does less at once for it."""
