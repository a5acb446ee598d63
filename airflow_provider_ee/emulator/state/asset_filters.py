"""The filter of listAssets: comparisons and regions joined by AND, as far as the emulator understands AIP-160."""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from airflow_provider_ee.emulator.envelope import ApiError, invalid
from airflow_provider_ee.emulator.state.asset_regions import touching

__all__ = ["Predicate", "parse"]

Predicate = Callable[[Mapping[str, Any]], bool]

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
_TERM = re.compile(
    r"""\s*(?P<field>startTime|endTime|updateTime|id|name|type|properties\.[\w.:-]+?)\s*
        (?P<comparison><=|>=|!=|<|>|=)\s*
        (?:"(?P<text>[^"]*)"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))\s*""",
    re.VERBOSE,
)
_REGION = re.compile(r"""\s*intersects\s*\(\s*"([^"]*)"\s*\)\s*""")


def parse(text: str) -> Predicate:
    """Return what tells whether an asset, as the API shows it, fits a filter.

    Raises:
        ApiError: The filter is malformed, or the emulator does not understand it.
    """
    if not text.strip():
        return lambda _: True
    if re.search(r"\bOR\b|\bNOT\b", text):
        raise ApiError("UNIMPLEMENTED", "The emulator's listAssets filters by terms joined with AND only.")
    terms = [_term(part) for part in re.split(r"\s+AND\s+", text.strip())]
    return lambda asset: all(term(asset) for term in terms)


def _term(text: str) -> Predicate:
    if region := _REGION.fullmatch(text):
        return touching(region[1], "filter")
    found = _TERM.fullmatch(text)
    if found is None:
        raise invalid("filter", f"{text!r} is not a comparison such as 'properties.CLOUDY<10'.")
    compare = _COMPARISONS[found["comparison"]]
    wanted: Any = found["text"] if found["number"] is None else float(found["number"])
    path = found["field"].split(".", 1)

    def fits(asset: Mapping[str, Any]) -> bool:
        value = asset.get(path[0]) if len(path) == 1 else asset.get("properties", {}).get(path[1])
        same_kind = isinstance(value, str) == isinstance(wanted, str)
        return value is not None and same_kind and compare(value, wanted)

    return fits
