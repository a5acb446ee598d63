import copy
from typing import Any

import pytest

from tests.contract import problems
from tests.emulator.requests import to_cloud_storage


@pytest.mark.parametrize(
    ("change", "found"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param({"maxPixels": {"value": "5"}}, [], id="a wrapper"),
        pytest.param({"extra": 1}, ["ExportImageRequest.extra is no field of ExportImageRequest"], id="unknown field"),
        pytest.param({"priority": {"n": 5}}, ["ExportImageRequest.priority is no plain value: {'n': 5}"], id="object"),
        pytest.param({"priority": None}, ["ExportImageRequest.priority is no plain value: None"], id="null"),
        pytest.param({"grid": 5}, ["ExportImageRequest.grid is no object: 5"], id="no object"),
        pytest.param(
            {"fileExportOptions": {"fileFormat": "GEOTIFF"}},
            ["ExportImageRequest.fileExportOptions.fileFormat is none of ImageFileExportOptionsFileFormatEnum: 'GEOTIFF'"],
            id="unknown name of an enum",
        ),
        pytest.param(
            {"expression": {"result": "0", "values": {"0": {"constant": 1}}}},
            ["ExportImageRequest.expression.values.0.constant is no field of ValueNode"],
            id="deep inside",
        ),
        pytest.param(
            {"expression": {"result": "0", "values": []}},
            ["ExportImageRequest.expression.values is no object: []"],
            id="no map",
        ),
    ],
)  # fmt: skip
def test_what_google_does_not_know_is_found(change: dict[str, Any], found: list[str]) -> None:
    assert problems("ExportImageRequest", {**to_cloud_storage(), **change}) == found


def test_a_list_of_messages_is_looked_into() -> None:
    rule: dict[str, Any] = {"rankByOneThingRule": [{"direction": "ASCENDING"}, {"direction": "UP"}]}
    wrong = copy.deepcopy(rule) | {"rankByOneThingRule": {}}

    assert problems("RankingRule", rule) == [
        "RankingRule.rankByOneThingRule[1].direction is none of RankByOneThingRuleDirectionEnum: 'UP'"
    ]
    assert problems("RankingRule", wrong) == ["RankingRule.rankByOneThingRule is no list: {}"]
