"""Whatever dies at whatever step, and whatever Earth Engine says to a submission that it has seen: one operation."""

from collections.abc import Iterator

import pytest

from airflow_provider_ee.emulator.state.operation import State
from airflow_provider_ee.emulator.state.switches import Duplicate
from tests.airflow.crashing.cases import ON_WORKER, Case
from tests.airflow.crashing.rig import Aftermath, crashed

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("airflow")]

INVALID, VIOLATION, EXISTS, SAME, NEW = Duplicate

CASES = [
    Case("polling"),
    Case("firing"),
    Case("kept", how="frozen", thaws_when="deferred"),
    Case("kept", how="frozen", thaws_when="success", deferrable=False),
    Case("kept", how="frozen", thaws_when="success", waits=False),
    Case("submitting", EXISTS, how="frozen", thaws_when="success", deferrable=False),
    Case("submitted", how="unsupervised"),
    *(
        Case(step, duplicates, lost=lost)
        for lost in (False, True)
        for duplicates in (SAME, EXISTS, INVALID, VIOLATION)
        for step in ("posted", "submitted")
    ),
    *(Case(step) for step in ON_WORKER if step not in ("posted", "submitted")),
    *(Case(step, NEW) for step in ("submitting", "posted", "submitted", "kept", "resuming")),
    *(Case(step, INVALID, deferrable=False) for step in ("posted", "linking", "finished")),
]


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    with crashed(tmp_path_factory.mktemp("crashes"), CASES, timeout=400) as aftermath:
        yield aftermath


each = pytest.mark.parametrize("case", CASES, ids=str)


@each
def test_it_came_to_pass(aftermath: Aftermath, case: Case) -> None:
    assert aftermath.board.reached(case), aftermath.story(case)
    assert aftermath.mishaps(case) == case.mishaps


@pytest.mark.parametrize("duplicates", [SAME, EXISTS, INVALID])
def test_tries_that_do_not_find_what_an_earlier_one_started_submit_it_again(
    aftermath: Aftermath, duplicates: Duplicate
) -> None:
    cases = [case for case in CASES if case.overlooked and case.duplicates is duplicates and not case.lost]
    assert any(len(aftermath.submissions(case)) > 1 for case in cases)


@each
def test_there_is_one_operation_and_it_succeeds(aftermath: Aftermath, case: Case) -> None:
    assert [one.state for one in aftermath.operations(case)] == [State.SUCCEEDED], aftermath.story(case)


@each
def test_the_task_succeeds_and_says_all_that_it_should(aftermath: Aftermath, case: Case) -> None:
    assert aftermath.tasks[case.task_id]["state"] == "success", aftermath.story(case)
    [operation] = aftermath.operations(case)
    assert aftermath.run.xcom(case.task_id, "operation_name") == operation.name
    result = aftermath.run.xcom(case.task_id)
    assert (result["name"], result["uri_prefix"]) == (operation.name, f"gs://bucket/{case.task_id}")
    if case.waits:
        assert result["state"] == "SUCCEEDED"


def test_nothing_that_goes_on_is_cancelled(aftermath: Aftermath) -> None:
    assert aftermath.cancelled() == []
