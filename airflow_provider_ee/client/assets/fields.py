"""What users may write on an asset: its times, its properties, its title.

https://developers.google.com/earth-engine/reference/rest/v1/projects.assets/patch
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from airflow_provider_ee.client.arguments.json_values import is_unicode
from airflow_provider_ee.client.arguments.messages import property_name, property_value
from airflow_provider_ee.client.arguments.scalars import is_text, without_none
from airflow_provider_ee.client.arguments.times import check_period, moment
from airflow_provider_ee.client.errors import InvalidArgument, shown

__all__ = ["asset_update", "collection_fields"]

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def collection_fields(
    *, properties: object = None, start_time: object = None, end_time: object = None
) -> dict[str, Any]:
    """Return the fields that a new image collection takes.

    Raises:
        InvalidArgument: A property or a time is not valid, or the times are in the wrong order.
    """
    start, end = _times(start_time, end_time)
    return without_none(
        properties={key: value for key, value in _properties(properties).items() if value is not None} or None,
        startTime=start or None,
        endTime=end or None,
    )


def asset_update(
    *,
    properties: object = None,
    start_time: object = None,
    end_time: object = None,
    title: object = None,
    description: object = None,
) -> dict[str, Any]:
    """Build the body of `assets.patch` for a change that leaves alone what is not named.

    Args:
        properties: New values by name; None removes a property.
        start_time: A time, or an empty text to remove it.
        end_time: The same; the first moment after it.
        title: A text, or an empty one to remove it.
        description: The same.

    Raises:
        InvalidArgument: A property is neither text nor number, a time is not valid, or nothing is to be changed.
    """
    start, end = _times(start_time, end_time)
    named = without_none(
        start_time=start, end_time=end, title=_text("title", title), description=_text("description", description)
    )
    values = _properties(properties)
    if not named and not values:
        raise InvalidArgument(
            "properties", "nothing is to be changed", "properties, start_time, end_time, title or description"
        )
    spelled = {"start_time": "startTime", "end_time": "endTime"}
    # A mask in JSON's own form, one text with commas, would be read in camel case, the names of properties included.
    # So the paths go one by one, as the official client sends them.
    return {
        "asset": {
            **{spelled.get(field, field): value for field, value in named.items() if value},
            "properties": {key: value for key, value in values.items() if value is not None},
        },
        "updateMask": {"paths": [*named, *(f"properties.{_in_mask(key)}" for key in values)]},
    }


def _in_mask(key: str) -> str:
    return key if _PLAIN_NAME.fullmatch(key) else f'"{key}"'


def _properties(value: object) -> dict[str, str | float | None]:
    """Check properties; one that is None is removed, and may have a name that is no longer given to new ones."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InvalidArgument("properties", f"{shown(value)} is of type {type(value).__name__}", "a dict")
    found: dict[str, str | float | None] = {}
    for key, one in value.items():
        if one is not None:
            found[property_name("properties", key)] = property_value(f"properties.{key}", one)
        elif not isinstance(key, str) or not is_text(key) or '"' in key:
            problem = f"{shown(key)} is not a valid name of a property"
            raise InvalidArgument("properties", problem, "a text without quotes")
        else:
            found[key] = None
    return found


def _text(argument: str, value: object) -> str | None:
    if value is not None and (not isinstance(value, str) or not is_unicode(value)):
        raise InvalidArgument(argument, f"{shown(value)} is not a valid text", "a text")
    return value


def _times(start_time: object, end_time: object) -> tuple[str | None, str | None]:
    start, end = _time("start_time", start_time), _time("end_time", end_time)
    check_period(start, end, "start_time", "end_time")
    return start, end


def _time(argument: str, value: object) -> str | None:
    """Return a time as the API writes it, or an empty text, which removes one."""
    return None if value is None else "" if isinstance(value, str) and not value else moment(argument, value)
