"""Our requests and those of the official client are the same, or differ for a reason that is written down."""

import inspect
from typing import Any

import pytest

from tests.client.exports import comparison
from tests.client.exports.bodies import normal
from tests.client.exports.cases import NEEDED, Case, cases
from tests.client.exports.comparison import MESSAGES, OURS
from tests.client.exports.official import parameters, read_names
from tests.contract import problems
from tests.emulator.schemas.test_contract import REQUESTS
from tests.versions import needs_ee

pytestmark = needs_ee("1.7")

CASES = [
    pytest.param(case, id=f"{number} {case.method} {' '.join(case.theirs)}") for number, case in enumerate(cases())
]
SENT = [parameter for parameter in CASES if not parameter.values[0].refused]

#: What the official client's signatures have and ours do not, and why.
HELD_OTHERWISE = {"ingestionTimeParameters": "its four words are ours: max_features_per_tile and so on"}


@pytest.mark.parametrize("case", CASES)
def test_a_request_is_the_official_clients_or_differs_for_a_reason(ee: Any, case: Case) -> None:
    assert not comparison.verdict(ee, case).startswith("WRONG")


@pytest.mark.parametrize("case", SENT)
def test_a_request_is_one_of_googles_messages(ee: Any, case: Case) -> None:
    message = MESSAGES[case.method.partition(".")[0]]
    assert problems(message, comparison.our_own(ee, case)) == []


@pytest.mark.parametrize("case", SENT)
def test_the_emulator_takes_a_request(ee: Any, case: Case) -> None:
    message = MESSAGES[case.method.partition(".")[0]]
    assert REQUESTS[message].read(comparison.our_own(ee, case), "")


@pytest.mark.parametrize("method", OURS)
def test_every_argument_of_the_official_client_is_compared_alone_or_with_others(ee: Any, method: str) -> None:
    assert set(parameters(ee, method)) - comparison.covered(method) == set()


def test_every_name_that_the_official_client_looks_for_is_compared(ee: Any) -> None:
    names = read_names(ee)

    assert {"crsTransform", "maxWorkers", "cloudOptimized", "startZoom", "thinningStrategy"} <= names
    assert names - comparison.covered() == set()


@pytest.mark.parametrize("method", OURS)
def test_our_words_are_those_of_the_official_client_in_snake_case(ee: Any, method: str) -> None:
    named = [name for name in parameters(ee, method) if name not in HELD_OTHERWISE]

    assert set(comparison.our_words(method, dict.fromkeys(named))) - set(OURS[method].needed) == set()


def test_every_method_of_the_official_client_is_compared(ee: Any) -> None:
    kinds = {name: kind for name, kind in vars(ee.batch.Export).items() if inspect.isclass(kind)}
    methods = {f"{name}.{to}" for name, kind in kinds.items() for to in vars(kind) if to.startswith("to")}
    old_forms = {name for name, kind in kinds.items() if "__new__" in vars(kind)}

    assert methods | old_forms == set(NEEDED)
    assert methods == set(OURS)


def test_a_workload_tag_is_sent_where_the_official_client_sends_its_global_one(ee: Any) -> None:
    with ee.data.workloadTagContext("tag"):
        theirs = comparison.official(ee, Case("table.toDrive"))

    assert normal(theirs) == normal(comparison.our_own(ee, Case("table.toDrive", ours={"workload_tag": "tag"})))
    assert theirs["workloadTag"] == "tag"


def test_a_difference_without_a_reason_is_seen(ee: Any) -> None:
    assert comparison.verdict(ee, Case("image.toDrive", {"scale": 30}, ours={"scale": 31})) == "WRONG: different"
    assert "no difference" in comparison.verdict(ee, Case("image.toDrive", {"scale": 30}, why="none"))


def test_the_table_has_a_row_for_every_case(ee: Any) -> None:
    rows = list(comparison.rows(ee))

    assert len(rows) == len(CASES)
    assert (
        "image.toCloudStorage",
        "shardSize=128",
        "shard_size",
        "fileExportOptions.geoTiffOptions.tileSize",
        "same",
    ) in rows
