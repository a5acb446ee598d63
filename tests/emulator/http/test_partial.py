"""The parameter `fields`: what is named comes back, the rest does not."""

from typing import Any

import httpx
import pytest

from airflow_provider_ee.emulator.envelope import ApiError
from airflow_provider_ee.emulator.http.partial import part_of, read_selection
from airflow_provider_ee.emulator.server import Emulator

ANSWER = {
    "operations": [
        {"name": "a", "done": True, "metadata": {"state": "SUCCEEDED", "type": "EXPORT_IMAGE", "stages": [{"x": 1}]}}
    ],
    "nextPageToken": "t",
}
LIST = "/v1/projects/p/operations"


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ("nextPageToken", {"nextPageToken": "t"}),
        ("operations/name", {"operations": [{"name": "a"}]}),
        ("operations(name,metadata(state,type)),nextPageToken", {"operations": [{"name": "a", "metadata": {"state": "SUCCEEDED", "type": "EXPORT_IMAGE"}}], "nextPageToken": "t"}),
        ("operations/metadata/state", {"operations": [{"metadata": {"state": "SUCCEEDED"}}]}),
        ("operations(metadata/stages/x, done)", {"operations": [{"done": True, "metadata": {"stages": [{"x": 1}]}}]}),
        ("*", ANSWER),
        ("operations/*/state", {"operations": [{"name": "a", "done": True, "metadata": {"state": "SUCCEEDED"}}]}),
        ("absent", {}),
    ],
)  # fmt: skip
def test_what_is_named_is_kept(fields: str, kept: dict[str, Any]) -> None:
    assert part_of(ANSWER, read_selection(fields)) == kept


@pytest.mark.parametrize(
    "fields", ["a(", "a)", "a,", ",a", "a//b", "a(b", "a(b))", "()", "a b", "a(" * 99 + "b" + ")" * 99]
)
def test_a_malformed_selection_is_refused(fields: str) -> None:
    with pytest.raises(ApiError, match="fields"):
        read_selection(fields)


@pytest.mark.anyio
async def test_a_list_of_operations_is_cut_to_what_is_asked_for(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.seed_operations("p", 2)
    answer = (await api.get(LIST, params={"fields": "operations(name,metadata/state),nextPageToken"})).json()
    assert [sorted(operation) for operation in answer["operations"]] == [["metadata", "name"]] * 2
    assert answer["operations"][0]["metadata"].keys() == {"state"}


@pytest.mark.anyio
async def test_partial_responses_can_be_refused_or_ignored(api: httpx.AsyncClient, inside: Emulator) -> None:
    inside.control.seed_operations("p")
    inside.control.configure(partial_responses="refused")
    assert (await api.get(LIST, params={"fields": "nextPageToken"})).status_code == 400
    inside.control.configure(partial_responses="ignored")
    assert "operations" in (await api.get(LIST, params={"fields": "nextPageToken"})).json()
