import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_ee.client.errors import OperationCancelled, OperationFailed
from airflow_provider_ee.client.operations.operation import Operation

NAME = "projects/p/operations/ABC"
RUNNING = {
    "name": NAME,
    "metadata": {
        "@type": "type.googleapis.com/google.earthengine.v1.OperationMetadata",
        "state": "RUNNING",
        "description": "ndvi",
        "type": "EXPORT_IMAGE",
        "priority": 100,
        "createTime": "2026-01-01T00:00:00Z",
        "updateTime": "2026-01-01T01:02:05Z",
        "startTime": "2026-01-01T00:01:00.123456789Z",
        "progress": 0.4,
        "stages": [
            {"displayName": "Compute", "completeWorkUnits": 2, "totalWorkUnits": "2"},
            {"displayName": "Write files", "completeWorkUnits": "1", "totalWorkUnits": 2},
        ],
        "attempt": 2,
        "batchEecuUsageSeconds": 9.5,
    },
}


def ended(state, **how):
    return Operation.from_answer({"name": NAME, "done": True, "metadata": {"state": state}, **how})


def test_a_running_operation_is_read_whole():
    operation = Operation.from_answer(RUNNING)
    assert (operation.id, operation.project, operation.type) == ("ABC", "p", "EXPORT_IMAGE")
    assert (operation.done, operation.progress, operation.attempt) == (False, 0.4, 2)
    assert (operation.stage, operation.eecu_seconds, operation.seconds) == ("Write files", 9.5, 3725.0)
    assert operation.raw is RUNNING


def test_its_line_tells_a_person_how_far_it_is():
    assert str(Operation.from_answer(RUNNING)) == (
        "[########            ]  40% RUNNING · Write files · attempt 2 · 9.5 EECU-seconds · 1 hour 2 minutes 5 seconds"
    )


def test_the_start_of_a_pending_operation_is_not_in_1970():
    pending = Operation.from_answer({"name": NAME, "metadata": {"startTime": "1970-01-01T00:00:00Z"}})
    assert pending.start_time is None


@pytest.mark.parametrize(
    ("operation", "succeeded", "cancelled"),
    [
        pytest.param(ended("SUCCEEDED", response={}), True, False, id="success"),
        pytest.param(ended("SUCCEEDED"), True, False, id="success without a response"),
        pytest.param(ended("STATE_OF_THE_FUTURE"), True, False, id="done in an unknown state"),
        pytest.param(ended("FAILED", error={"code": 3, "message": "no"}), False, False, id="failure"),
        pytest.param(ended("FAILED"), False, False, id="failure without an error"),
        pytest.param(ended("SUCCEEDED", error={"code": 13}), False, False, id="an error speaks louder than a state"),
        pytest.param(ended("CANCELLED", error={"code": 1, "message": "Cancelled."}), False, True, id="cancelled"),
        pytest.param(ended("", error={"code": 1}), False, True, id="cancelled by its code"),
        pytest.param(Operation(NAME, state="CANCELLING"), False, False, id="cancelling is not over"),
        pytest.param(Operation(NAME, state="SUCCEEDED"), False, False, id="a state alone does not end it"),
    ],
)
def test_how_it_ended_is_told_by_done_and_error(operation, succeeded, cancelled):
    assert (operation.succeeded, operation.cancelled) == (succeeded, cancelled)


def test_a_failure_is_raised_in_earth_engines_words():
    operation = ended("FAILED", error={"code": 3, "message": "Image.load: not found."})
    with pytest.raises(
        OperationFailed, match=r"on projects/p/operations/ABC: Image\.load: not found\. \[FAILED\]"
    ) as caught:
        operation.raise_unless_succeeded()
    assert caught.value.retry_may_help is False


def test_a_cancelled_operation_has_an_error_of_its_own():
    with pytest.raises(OperationCancelled):
        ended("CANCELLED", error={"code": 1}).raise_unless_succeeded()


@pytest.mark.parametrize(("code", "helps"), [(3, False), (5, False), (7, False), (13, True), (8, True), (14, True)])
def test_only_some_failures_may_be_met_by_trying_again(code, helps):
    assert ended("FAILED", error={"code": code}).retry_may_help is helps


def test_the_result_is_plain_json_about_what_was_done():
    assert Operation.from_answer(RUNNING).result() == {
        "name": NAME,
        "state": "RUNNING",
        "type": "EXPORT_IMAGE",
        "description": "ndvi",
        "destination_uris": [],
        "eecu_seconds": 9.5,
        "attempt": 2,
        "create_time": "2026-01-01T00:00:00Z",
        "start_time": "2026-01-01T00:01:00.123456789Z",
        "end_time": None,
    }


FIELDS = ["name", "done", "metadata", "error", "state", "progress", "stages", "attempt", "createTime", "endTime", "code",
          "message", "displayName", "totalWorkUnits", "destinationUris", "batchEecuUsageSeconds"]  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(FIELDS),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(FIELDS), inner),
        ),
    )
)
def test_whatever_the_server_leaves_out_or_adds_an_operation_can_be_read(answer):
    operation = Operation.from_answer(answer)
    assert str(operation)
    assert operation.result()
    assert operation.succeeded in {True, False}
