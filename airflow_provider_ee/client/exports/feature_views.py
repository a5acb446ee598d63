"""How a feature view is drawn: which features are left out of crowded tiles, and which lie on top.

https://developers.google.com/earth-engine/apidocs/export-table-tofeatureview
"""

from __future__ import annotations

import re

from airflow_provider_ee.client.arguments.group import Arguments, argument
from airflow_provider_ee.client.arguments.scalars import choice, texts, whole, without_none
from airflow_provider_ee.client.arguments.types import Number, Texts
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.client.exports.base import LARGEST_INT32, Body

__all__ = ["FeatureViewOptions"]

_STRATEGIES = {name: name for name in ("GLOBALLY_CONSISTENT", "HIGHER_DENSITY")}
_RULE = re.compile(r"(\S.*?)\s+(ASC|DESC)")
_DIRECTIONS = {"ASC": "ASCENDING", "DESC": "DESCENDING"}
_RULES_OF_THEIR_OWN = {".geometryType": "rankByGeometryTypeRule", ".minZoomLevel": "rankByMinZoomLevelRule"}


class FeatureViewOptions(Arguments):
    """How a feature view is drawn.

    Args:
        max_features_per_tile: How many features a tile of the map shows at most.
        thinning_strategy: Which features are left out: `HIGHER_DENSITY` or `GLOBALLY_CONSISTENT`.
        thinning_ranking: Which features stay, by rules such as `population DESC` or `.minZoomLevel ASC`.
        z_order_ranking: Which features lie on top, by such rules.
    """

    max_features_per_tile: Number | None = argument(whole, 1, LARGEST_INT32, default=None)
    thinning_strategy: str | None = argument(choice, _STRATEGIES, "strategy", default=None)
    thinning_ranking: Texts | None = argument(texts, default=None)
    z_order_ranking: Texts | None = argument(texts, default=None)

    def ingestion_time_parameters(self) -> Body:
        """Return the FeatureViewIngestionTimeParameters; without any argument they are empty."""
        thinning = without_none(maxFeaturesPerTile=self.max_features_per_tile, thinningStrategy=self.thinning_strategy)
        ranking = without_none(
            thinningRankingRule=_ranking("thinning_ranking", self.thinning_ranking),
            zOrderRankingRule=_ranking("z_order_ranking", self.z_order_ranking),
        )
        return without_none(thinningOptions=thinning or None, rankingOptions=ranking or None)


def _ranking(argument: str, rules: Texts | None) -> Body | None:
    return None if rules is None else {"rankByOneThingRule": [_rule(argument, rule) for rule in rules]}


def _rule(argument: str, rule: str) -> Body:
    match = _RULE.fullmatch(rule.strip())
    if match is None:
        raise InvalidArgument(
            argument,
            f"{shown(rule)} is not a valid rule",
            "a property, .geometryType or .minZoomLevel, then ASC or DESC",
        )
    subject, direction = match.groups()
    own = _RULES_OF_THEIR_OWN.get(subject)
    by: Body = {own: {}} if own else {"rankByAttributeRule": {"attributeName": subject}}
    return {**by, "direction": _DIRECTIONS[direction]}
