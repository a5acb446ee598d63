"""How a feature view is drawn: which features are left out of crowded tiles, and which lie on top.

https://developers.google.com/earth-engine/apidocs/export-table-tofeatureview
"""

from __future__ import annotations

import re

from airflow_provider_ee.client.arguments.scalars import choice, optional, texts, whole, without_none
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.exports.fields import Body

__all__ = ["ingestion_time_parameters"]

_STRATEGIES = {name: name for name in ("GLOBALLY_CONSISTENT", "HIGHER_DENSITY")}
_RULE = re.compile(r"(\S.*?)\s+(ASC|DESC)")
_DIRECTIONS = {"ASC": "ASCENDING", "DESC": "DESCENDING"}
_RULES_OF_THEIR_OWN = {".geometryType": "rankByGeometryTypeRule", ".minZoomLevel": "rankByMinZoomLevelRule"}


def ingestion_time_parameters(
    *,
    max_features_per_tile: object = None,
    thinning_strategy: object = None,
    thinning_ranking: object = None,
    z_order_ranking: object = None,
) -> Body:
    """Build the FeatureViewIngestionTimeParameters; without any word they are empty.

    Args:
        max_features_per_tile: How many features a tile shows at most.
        thinning_strategy: `HIGHER_DENSITY` or `GLOBALLY_CONSISTENT`.
        thinning_ranking: Which features stay, as rules such as `population DESC` or `.minZoomLevel ASC`.
        z_order_ranking: Which features lie on top, as such rules.
    """
    thinning = without_none(
        maxFeaturesPerTile=optional(whole, "max_features_per_tile", max_features_per_tile, 1, 2**31 - 1),
        thinningStrategy=optional(choice, "thinning_strategy", thinning_strategy, _STRATEGIES, "strategy"),
    )
    ranking = without_none(
        thinningRankingRule=_ranking("thinning_ranking", thinning_ranking),
        zOrderRankingRule=_ranking("z_order_ranking", z_order_ranking),
    )
    return without_none(thinningOptions=thinning or None, rankingOptions=ranking or None)


def _ranking(argument: str, value: object) -> Body | None:
    rules = texts(argument, value)
    return None if rules is None else {"rankByOneThingRule": [_rule(argument, rule) for rule in rules]}


def _rule(argument: str, rule: str) -> Body:
    match = _RULE.fullmatch(rule.strip())
    if match is None:
        raise InvalidArgument(
            argument, f"{shown(rule)} is no rule", "a property, .geometryType or .minZoomLevel, then ASC or DESC"
        )
    subject, direction = match.groups()
    own = _RULES_OF_THEIR_OWN.get(subject)
    by: Body = {own: {}} if own else {"rankByAttributeRule": {"attributeName": subject}}
    return {**by, "direction": _DIRECTIONS[direction]}
