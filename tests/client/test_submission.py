import pytest

from airflow_provider_ee.client import methods
from airflow_provider_ee.client.errors import AlreadyExists, InvalidRequest, NotFound, QueueFull, TimedOut
from airflow_provider_ee.client.flows import Pause
from airflow_provider_ee.client.operations import Operation
from airflow_provider_ee.client.submission import Submission, Ticket, cancel_and_wait, submit_or_find
from tests.client.playing import play

TICKET = Ticket(key="0123456789abcdef", epoch=2)
REQUEST = methods.image_export("projects/p", body={"description": "ndvi", "expression": {}})


def operation(state, *, epoch=2, name="A", key=TICKET.key):
    description = f"ndvi{Ticket(key, epoch).marker}"
    done = state in {"SUCCEEDED", "FAILED", "CANCELLED"}
    error = {"error": {"code": 1 if state == "CANCELLED" else 3}} if state in {"FAILED", "CANCELLED"} else {}
    metadata = {"state": state, "description": description}
    return {"name": f"projects/p/operations/{name}", "done": done, "metadata": metadata, **error}


def listing(*operations):
    return {"operations": list(operations)}


def submit(answers, **changes):
    submission = Submission(REQUEST, "projects/p", TICKET, **{"try_number": 2, **changes})
    found, asked = play(submit_or_find(submission, tell=str), answers)
    return found, [step for step in asked if not isinstance(step, Pause)]


def verbs(asked):
    return [request.method.id.removeprefix("projects.") for request in asked]


def test_a_first_try_submits_at_once_under_its_mark_and_request_id():
    found, [request] = submit([operation("PENDING")], try_number=1)
    assert found.name == "projects/p/operations/A"
    assert request.body == {
        "description": "ndvi [af-0123456789abcdef-2]",
        "expression": {},
        "requestId": "af-0123456789abcdef-2-0",
    }


@pytest.mark.parametrize("state", ["PENDING", "RUNNING", "SUCCEEDED", "CANCELLING"])
def test_a_later_try_goes_on_with_what_an_earlier_one_started(state):
    found, asked = submit([listing(operation(state))])
    assert found.state == state
    assert verbs(asked) == ["operations.list"]


def test_new_work_after_failures_has_a_new_request_id():
    _, asked = submit([listing(operation("FAILED"), operation("CANCELLED", name="B")), operation("PENDING", name="C")])
    assert asked[-1].body["requestId"] == "af-0123456789abcdef-2-2"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(operation("RUNNING", key="f" * 16), id="of another task"),
        pytest.param({"name": "n", "metadata": {"description": "ndvi"}}, id="of a person"),
        pytest.param({"name": "n"}, id="without a description"),
        pytest.param(operation("SUCCEEDED", epoch=1), id="done before the task was cleared"),
    ],
)
def test_what_is_not_ours_is_left_alone(other):
    _, asked = submit([listing(other), operation("PENDING")])
    assert verbs(asked) == ["operations.list", "image.export"]


def test_what_runs_from_before_a_clear_is_cancelled_and_gone_before_new_work_starts():
    old = operation("RUNNING", epoch=1)
    answers = [
        listing(old),
        {},
        operation("CANCELLING", epoch=1),
        operation("CANCELLED", epoch=1),
        operation("PENDING"),
    ]
    _, asked = submit(answers)
    assert verbs(asked) == ["operations.list", "operations.cancel", "operations.get", "operations.get", "image.export"]


def test_what_runs_from_before_a_clear_may_be_kept_instead():
    found, asked = submit([listing(operation("RUNNING", epoch=1))], restart_on_clear=False)
    assert found.state == "RUNNING"
    assert verbs(asked) == ["operations.list"]


def test_a_note_of_the_operation_saves_the_listing():
    _, asked = submit([operation("RUNNING")], known="projects/p/operations/A")
    assert verbs(asked) == ["operations.get"]


@pytest.mark.parametrize(
    "noted", [NotFound("gone"), operation("RUNNING", epoch=1), operation("FAILED")], ids=["gone", "old", "failed"]
)
def test_a_note_that_does_not_help_is_no_harm(noted):
    _, asked = submit([noted, listing(), operation("PENDING")], known="projects/p/operations/A")
    assert verbs(asked) == ["operations.get", "operations.list", "image.export"]


def test_work_that_was_started_before_is_found_though_the_list_lags():
    answers = [AlreadyExists("started"), listing(), listing(), listing(operation("RUNNING"))]
    found, asked = submit(answers, try_number=1)
    assert found.state == "RUNNING"
    assert verbs(asked).count("image.export") == 1


def test_work_that_was_started_and_cannot_be_found_is_never_started_again():
    with pytest.raises(AlreadyExists):
        submit([AlreadyExists("started")] + [listing()] * 12, try_number=1)


def test_a_refused_submission_is_the_callers_to_handle():
    with pytest.raises(InvalidRequest):
        submit([InvalidRequest("no")], try_number=1)


def test_a_full_queue_is_waited_out_with_a_new_request_id_each_time_for_a_refusal_uses_one_up():
    submission = Submission(REQUEST, "projects/p", TICKET, queue_interval=30.0)
    lines = []
    flow = submit_or_find(submission, tell=lines.append)
    found, asked = play(flow, [QueueFull("full"), QueueFull("full"), operation("PENDING")])
    assert found.state == "PENDING"
    assert [step if isinstance(step, Pause) else step.body["requestId"] for step in asked] == [
        "af-0123456789abcdef-2-0",
        Pause(30.0),
        "af-0123456789abcdef-2-0-q1",
        Pause(30.0),
        "af-0123456789abcdef-2-0-q2",
    ]
    assert lines == ["full Trying again every 30 s."]


def test_a_long_request_id_of_the_users_own_stays_within_its_bounds():
    _, asked = submit([QueueFull("full"), operation("PENDING")], try_number=1, request_id="m" * 60)
    assert asked[-1].body["requestId"] == "m" * 57 + "-q1"


def test_an_unmarked_description_stays_as_the_user_wrote_it():
    _, [request] = submit([operation("PENDING")], marked=False, try_number=3)
    assert request.body["description"] == "ndvi"
    assert request.body["requestId"] == "af-0123456789abcdef-2-2"


def test_a_request_id_of_the_users_own_is_taken_as_it_is():
    _, [request] = submit([operation("PENDING")], try_number=1, request_id="mine")
    assert request.body["requestId"] == "mine"


@pytest.mark.parametrize("refusal", [InvalidRequest("it is done"), AlreadyExists("it is done")])
def test_cancelling_what_is_over_is_no_trouble(refusal):
    found, _ = play(cancel_and_wait("projects/p/operations/A"), [refusal, operation("SUCCEEDED")])
    assert found.succeeded


def test_cancelling_what_is_gone_is_no_trouble():
    assert play(cancel_and_wait("projects/p/operations/A"), [NotFound("gone")])[0] is None


def test_an_operation_that_does_not_end_when_cancelled_is_not_waited_for_for_ever():
    with pytest.raises(TimedOut, match="cancelled but is not over"):
        play(cancel_and_wait("projects/p/operations/A"), [{}] + [operation("CANCELLING")] * 12)


@pytest.mark.parametrize("description", [None, "", "x [af-0123456789abcdef-2] y", "[af-0123456789abcde-2]", "[af--]"])
def test_only_a_mark_at_the_end_counts(description):
    assert TICKET.epoch_of(Operation("n", description=description)) is None
