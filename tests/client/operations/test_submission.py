from dataclasses import replace

import pytest

from airflow_provider_ee.client.errors import AlreadyExists, InvalidRequest, NotFound, QueueFull, TimedOut
from airflow_provider_ee.client.operations.markers import Note, Ticket
from airflow_provider_ee.client.operations.submission import Submission, cancel_and_wait, submit, submit_or_find
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import Pause
from tests.client.playing import play

TICKET = Ticket(deployment="depl0", dag="dag0000", task="task0000", epoch="epoch2")
EARLIER = replace(TICKET, epoch="epoch1")
ID = "af-depl0dag0000-task0000-epoch2"
REQUEST = methods.image_export("projects/p", body={"description": "ndvi", "expression": {}})


def operation(state, *, ticket=TICKET, name="A"):
    description = f"ndvi{ticket.marker_for(REQUEST)}"
    done = state in {"SUCCEEDED", "FAILED", "CANCELLED"}
    error = {"error": {"code": 1 if state == "CANCELLED" else 3}} if state in {"FAILED", "CANCELLED"} else {}
    metadata = {"state": state, "description": description}
    return {"name": f"projects/p/operations/{name}", "done": done, "metadata": metadata, **error}


def listing(*operations):
    return {"operations": list(operations)}


def noted(operation="projects/p/operations/A", ticket=TICKET, **changes):
    fingerprint = Submission(REQUEST, "projects/p", TICKET, remember=str).fingerprint()
    return Note(
        **{"ticket": ticket, "request_id": f"{ID}-0", "fingerprint": fingerprint, "operation": operation, **changes}
    )


class Try:
    """One try of a task: what it is answered, and what it tells, writes down, asks and finds."""

    def __init__(self, answers, *, again=None, **changes):
        self.lines, self.notes = [], []
        words = {"try_number": 2, "tell": self.lines.append, "remember": self.notes.append}
        submission = Submission(REQUEST, "projects/p", TICKET, **{**words, **changes})
        flow = submit(submission, again) if again else submit_or_find(submission)
        self.found, self.steps = play(flow, answers)
        self.asked = [step for step in self.steps if not isinstance(step, Pause)]

    @property
    def verbs(self):
        return [request.method.id.removeprefix("projects.") for request in self.asked]

    @property
    def request_ids(self):
        return [request.body["requestId"] for request in self.asked if request.method.id == "projects.image.export"]


def test_a_first_try_submits_at_once_under_its_mark_and_request_id():
    first = Try([operation("PENDING")], try_number=1)
    assert first.found.name == "projects/p/operations/A"
    [request] = first.asked
    assert request.body == {
        "description": f"ndvi{TICKET.marker_for(REQUEST)}",
        "expression": {},
        "requestId": f"{ID}-0",
    }


def test_what_is_about_to_be_submitted_is_written_down_before_and_what_was_started_after():
    first = Try([operation("PENDING")], try_number=1)
    assert [note.operation for note in first.notes] == [None, "projects/p/operations/A"]
    assert {note.request_id for note in first.notes} == {f"{ID}-0"}


@pytest.mark.parametrize("state", ["PENDING", "RUNNING", "SUCCEEDED"])
def test_a_later_try_goes_on_with_what_an_earlier_one_started(state):
    later = Try([listing(operation(state))])
    assert later.found.state == state
    assert later.verbs == ["operations.list"]
    assert later.notes[-1].operation == later.found.name


def test_new_work_after_failures_has_a_new_request_id():
    later = Try([listing(operation("FAILED"), operation("CANCELLED", name="B")), operation("PENDING", name="C")])
    assert later.request_ids == [f"{ID}-2"]


@pytest.mark.parametrize(
    ("end", "found", "verbs"),
    [
        pytest.param([operation("CANCELLED"), operation("PENDING", name="B")], "B", ["image.export"], id="cancelled"),
        pytest.param([NotFound("gone"), operation("PENDING", name="B")], "B", ["image.export"], id="gone"),
        pytest.param([operation("SUCCEEDED")], "A", [], id="done after all"),
    ],
)
def test_what_is_being_cancelled_is_waited_for_until_it_is_over(end, found, verbs):
    later = Try([listing(operation("CANCELLING")), operation("CANCELLING"), *end])
    assert later.found.id == found
    assert later.verbs == ["operations.list", "operations.get", "operations.get", *verbs]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(operation("RUNNING", ticket=replace(TICKET, task="task0001")), id="of another task"),
        pytest.param(operation("RUNNING", ticket=replace(TICKET, deployment="depl1")), id="of another deployment"),
        pytest.param({"name": "n", "metadata": {"description": "ndvi"}}, id="of a person"),
        pytest.param({"name": "n"}, id="without a description"),
        pytest.param(operation("SUCCEEDED", ticket=EARLIER), id="done before the task was cleared"),
    ],
)
def test_what_is_not_ours_is_left_alone(other):
    assert Try([listing(other), operation("PENDING")]).verbs == ["operations.list", "image.export"]


def test_what_runs_from_before_a_clear_is_cancelled_and_gone_before_new_work_starts():
    old = [operation(state, ticket=EARLIER) for state in ("RUNNING", "CANCELLING", "CANCELLED")]
    cleared = Try([listing(old[0]), {}, *old[1:], operation("PENDING")])
    gets = ["operations.get", "operations.get"]
    assert cleared.verbs == ["operations.list", "operations.cancel", *gets, "image.export"]


def test_what_runs_from_before_a_clear_may_be_kept_instead():
    cleared = Try([listing(operation("RUNNING", ticket=EARLIER))], restart_on_clear=False)
    assert cleared.found.state == "RUNNING"
    assert cleared.verbs == ["operations.list"]


def test_what_was_kept_over_a_clear_counts_from_then_on():
    kept = Try([listing(operation("RUNNING", ticket=EARLIER))], restart_on_clear=False).notes[-1]
    later = Try([operation("SUCCEEDED", ticket=EARLIER)], note=kept, restart_on_clear=False)
    assert later.found.succeeded


def test_a_note_of_the_operation_saves_the_listing():
    assert Try([operation("RUNNING")], note=noted()).verbs == ["operations.get"]


@pytest.mark.parametrize(
    ("note", "answers", "request_id"),
    [
        pytest.param(noted(), [operation("FAILED"), listing(operation("FAILED"))], "1", id="failed"),
        pytest.param(noted(ended=4), [operation("FAILED"), listing(operation("FAILED"))], "5", id="failed again"),
        pytest.param(
            noted(ticket=EARLIER), [operation("FAILED", ticket=EARLIER), listing()], "0", id="before the clear"
        ),
        pytest.param(noted(ticket=EARLIER), [NotFound("gone"), listing()], "0", id="gone, before the clear"),
        pytest.param(noted(None), [listing()], "0", id="not known to have started"),
        pytest.param(noted(None, request_id=f"{ID}-0-q2", refusals=2), [listing()], "0-q2", id="refused"),
        pytest.param(noted(ticket=replace(TICKET, deployment="depl1")), [listing()], "0", id="of a copied database"),
    ],
)
def test_new_work_has_the_request_id_that_follows_from_what_is_noted_and_listed(note, answers, request_id):
    later = Try([*answers, operation("PENDING", name="B")], note=note)
    assert later.found.id == "B"
    assert later.request_ids == [f"{ID}-{request_id}"]


def test_an_operation_of_this_epoch_that_cannot_be_seen_yet_is_waited_for():
    later = Try([NotFound("not yet"), NotFound("not yet"), operation("RUNNING")], note=noted())
    assert later.found.state == "RUNNING"


def test_an_operation_that_vanished_is_asked_for_again_under_the_same_request_id():
    later = Try(
        [*[NotFound("gone")] * 12, listing(), operation("RUNNING", name="B")], note=noted(ended=1, request_id=f"{ID}-1")
    )
    assert later.request_ids == [f"{ID}-1"]


def test_a_task_that_asks_for_something_else_meanwhile_is_warned(caplog):
    Try([operation("RUNNING")], note=noted(fingerprint="another"))
    assert "The task asks for something else than when it started projects/p/operations/A" in caplog.text


def test_work_that_was_started_before_is_found_though_the_list_lags():
    answers = [AlreadyExists("started"), listing(), listing(), listing(operation("RUNNING"))]
    first = Try(answers, try_number=1)
    assert first.found.state == "RUNNING"
    assert len(first.request_ids) == 1


def test_what_failed_before_is_not_taken_for_what_was_started_last():
    failed = operation("FAILED")
    answers = [
        listing(failed),
        AlreadyExists("started"),
        listing(failed),
        listing(operation("FAILED", name="B"), failed),
    ]
    assert Try(answers).found.id == "B"


def test_work_that_was_started_and_cannot_be_found_is_never_started_again():
    with pytest.raises(AlreadyExists):
        Try([AlreadyExists("started")] + [listing()] * 12, try_number=1)


def test_a_refused_submission_is_the_callers_to_handle():
    with pytest.raises(InvalidRequest):
        Try([InvalidRequest("no")], try_number=1)


def test_a_full_queue_is_waited_out_with_a_new_request_id_each_time_for_a_refusal_uses_one_up():
    first = Try([QueueFull("full"), QueueFull("full"), operation("PENDING")], try_number=1, queue_interval=30.0)
    assert first.found.state == "PENDING"
    assert [step if isinstance(step, Pause) else step.body["requestId"] for step in first.steps] == [
        f"{ID}-0",
        Pause(30.0),
        f"{ID}-0-q1",
        Pause(30.0),
        f"{ID}-0-q2",
    ]
    assert first.lines == ["full Trying again every 30 s."]


def test_a_full_queue_may_be_the_callers_to_wait_for_and_the_refusal_is_written_down():
    notes = []
    with pytest.raises(QueueFull):
        Try([QueueFull("full")], try_number=1, queue_interval=None, remember=notes.append)
    assert notes[-1] == noted(None, request_id=f"{ID}-0-q1", refusals=1)


def test_after_the_wait_for_a_full_queue_the_next_request_id_is_submitted_without_another_look():
    again = Try([operation("PENDING")], again=noted(None, request_id=f"{ID}-0-q1", refusals=1))
    assert again.verbs == ["image.export"]
    assert again.request_ids == [f"{ID}-0-q1"]


def test_a_long_request_id_of_the_users_own_stays_within_its_bounds():
    first = Try([QueueFull("full"), operation("PENDING")], try_number=1, request_id="m" * 60)
    assert first.request_ids[-1] == "m" * 57 + "-q1"


def test_an_unmarked_description_stays_as_the_user_wrote_it():
    [request] = Try([operation("PENDING")], marked=False, try_number=3).asked
    assert request.body["description"] == "ndvi"
    assert request.body["requestId"] == f"{ID}-2"


def test_an_unmarked_operation_is_found_by_its_note():
    unmarked = {"name": "projects/p/operations/A", "metadata": {"state": "RUNNING", "description": "ndvi"}}
    assert Try([unmarked], marked=False, note=noted()).verbs == ["operations.get"]


def test_an_unmarked_submission_whose_answer_was_lost_is_repeated_under_its_request_id():
    assert Try([operation("PENDING")], marked=False, note=noted(None)).request_ids == [f"{ID}-0"]


def test_an_unmarked_operation_that_was_started_before_is_not_looked_for_in_vain():
    with pytest.raises(AlreadyExists):
        Try([AlreadyExists("started")], marked=False, try_number=1)


def test_a_request_id_of_the_users_own_is_taken_as_it_is():
    assert Try([operation("PENDING")], try_number=1, request_id="mine").request_ids == ["mine"]


@pytest.mark.parametrize("refusal", [InvalidRequest("it is done"), AlreadyExists("it is done")])
def test_cancelling_what_is_over_is_no_trouble(refusal):
    found, _ = play(cancel_and_wait("projects/p/operations/A"), [refusal, operation("SUCCEEDED")])
    assert found.succeeded


def test_cancelling_what_is_gone_is_no_trouble():
    assert play(cancel_and_wait("projects/p/operations/A"), [NotFound("gone")])[0] is None


def test_an_operation_that_does_not_end_when_cancelled_is_not_waited_for_for_ever():
    with pytest.raises(TimedOut, match="cancelled but is not over"):
        play(cancel_and_wait("projects/p/operations/A"), [{}] + [operation("CANCELLING")] * 12)
