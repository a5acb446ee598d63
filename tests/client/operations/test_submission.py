from dataclasses import replace
from datetime import UTC, datetime

import pytest

from airflow_provider_ee.client.errors import (
    AlreadyExists,
    InvalidArgument,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    QueueFull,
    TimedOut,
    Transient,
)
from airflow_provider_ee.client.operations.cancel import cancel_and_wait
from airflow_provider_ee.client.operations.markers import Note, Ticket, request_digest
from airflow_provider_ee.client.operations.submission import NoRoom, Submission, submit, submit_or_find
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import Pause
from tests.client.playing import play

TICKET = Ticket(deployment="depl0", dag="dag0000", task="task0000", epoch="epoch2")
EARLIER = replace(TICKET, epoch="epoch1")
ID = "af-depl0dag0000-task0000-epoch2"
PLACE = {"uri_prefix": "gs://b/now"}
REQUEST = methods.image_export("projects/p", body={"description": "ndvi", "expression": {}})


def operation(state, *, ticket=TICKET, name="A"):
    description = f"ndvi{ticket.marker_for(REQUEST)}"
    done = state in {"SUCCEEDED", "FAILED", "CANCELLED"}
    error = {"error": {"code": 1 if state == "CANCELLED" else 3}} if state in {"FAILED", "CANCELLED"} else {}
    metadata = {"state": state, "description": description}
    return {"name": f"projects/p/operations/{name}", "done": done, "metadata": metadata, **error}


def lost(error):
    """Return an error that came after a lost answer."""
    error.after_lost_answer = True
    return error


def listing(*operations):
    return {"operations": list(operations)}


def noted(operation="projects/p/operations/A", ticket=TICKET, **changes):
    fingerprint = Submission(REQUEST, "projects/p", TICKET, remember=str).fingerprint()
    return Note(
        **{
            "ticket": ticket,
            "request_id": f"{ID}-0",
            "fingerprint": fingerprint,
            "operation": operation,
            "destination": PLACE,
            **changes,
        }
    )


class Try:
    """One try of a task: what it is answered, and what it tells, writes down, asks and finds."""

    def __init__(self, answers, *, again=None, **changes):
        self.lines, self.notes = [], []
        words = {"try_number": 2, "report": self.lines.append, "remember": self.notes.append, "destination": PLACE}
        request = changes.pop("request", REQUEST)
        submission = Submission(request, "projects/p", TICKET, **{**words, **changes})
        flow = submit(submission, again) if again else submit_or_find(submission)
        self.started, self.steps = play(flow, answers)
        self.found = getattr(self.started, "operation", None)
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


def test_what_runs_from_a_run_that_was_deleted_is_never_gone_on_with():
    dead = operation("RUNNING", ticket=replace(TICKET, epoch="xxoch2"))
    again = Try([listing(dead), {}, operation("CANCELLED"), operation("PENDING", name="B")], restart_on_clear=False)
    assert again.found.id == "B"


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
        pytest.param(noted(None, request_id=f"{ID}-0-q2", used_up=2), [listing()], "0-q2", id="with an id used up"),
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


def test_an_operation_that_vanished_is_never_started_again_unasked():
    with pytest.raises(TimedOut, match=r"does not know this operation.*Clear the task to start it anew") as caught:
        Try([*[NotFound("gone")] * 12, listing()], note=noted(ended=1, request_id=f"{ID}-1"))
    assert caught.value.name == "projects/p/operations/A"


OTHER = replace(REQUEST, body={**REQUEST.body, "expression": {"result": "1"}})
THERE = {"uri_prefix": "gs://b/then"}


def by_another_request(state, **changes):
    """Return an operation of the ticket that another request has started."""
    answer = operation(state, **changes)
    answer["metadata"]["description"] = f"ndvi{TICKET.marker_for(OTHER)}"
    return answer


@pytest.mark.parametrize(
    ("note", "answers", "destination", "as_asked"),
    [
        pytest.param(None, [listing(operation("RUNNING"))], PLACE, True, id="the same, by its mark"),
        pytest.param(noted(), [operation("RUNNING")], PLACE, True, id="the same, by its note"),
        pytest.param(None, [listing(by_another_request("RUNNING"))], None, False, id="another, by its mark"),
        pytest.param(
            noted(fingerprint=request_digest(OTHER), destination=THERE),
            [by_another_request("RUNNING")],
            THERE,
            False,
            id="another, by its note",
        ),
        pytest.param(
            noted(None, fingerprint=request_digest(OTHER), destination=THERE),
            [listing(by_another_request("RUNNING"))],
            THERE,
            False,
            id="another, by the note that was written before it was known",
        ),
        pytest.param(
            noted(None, fingerprint=request_digest(OTHER), destination=THERE),
            [listing(), operation("PENDING")],
            PLACE,
            True,
            id="the earlier submission never arrived",
        ),
        pytest.param(
            noted(None, fingerprint=request_digest(OTHER), destination=THERE),
            [listing(), {"name": "projects/p/operations/A"}],
            None,
            False,
            id="an answer that does not say which submission arrived",
        ),
    ],
)
def test_the_destination_is_that_of_what_was_started(note, answers, destination, as_asked):
    started = Try(answers, note=note).started
    assert (started.destination, started.as_asked) == (destination, as_asked)


def test_a_note_tells_later_tries_where_the_result_goes():
    first = Try([operation("PENDING")], try_number=1)
    assert [note.destination for note in first.notes] == [PLACE, PLACE]
    assert Try([listing(by_another_request("RUNNING"))]).notes[-1].destination == {}


def test_a_description_that_earth_engine_would_refuse_is_refused_before_anything_is_sent():
    wrong = replace(REQUEST, body={"description": "my export"})
    with pytest.raises(InvalidArgument, match="at most 65 characters"):
        Submission(wrong, "projects/p", TICKET, remember=str).check()
    Submission(REQUEST, "projects/p", TICKET, remember=str).check()


def test_work_that_was_started_before_is_found_though_the_list_lags():
    answers = [AlreadyExists("started"), listing(), listing(), listing(operation("RUNNING"))]
    first = Try(answers, try_number=1)
    assert first.found.state == "RUNNING"
    assert len(first.request_ids) == 1


def test_what_failed_before_is_not_taken_for_what_was_started_last():
    failed = operation("FAILED")
    both = listing(operation("RUNNING", name="B"), failed)
    assert Try([listing(failed), AlreadyExists("started"), listing(failed), both]).found.id == "B"


def test_what_this_try_started_may_have_failed_before_it_was_found():
    failed = operation("FAILED")
    answers = [listing(failed), lost(AlreadyExists("started")), listing(failed)]
    assert Try([*answers, listing(operation("FAILED", name="B"), failed)]).found.id == "B"


def test_work_that_was_started_and_cannot_be_found_is_never_started_again_and_left_to_another_try():
    with pytest.raises(TimedOut, match=r"started But no such operation is listed\. Another try looks again"):
        Try([AlreadyExists("started")] + [listing()] * 12, try_number=1)


def test_what_an_earlier_try_started_and_has_failed_since_is_done_anew():
    failed = listing(operation("FAILED"))
    later = Try([listing(), AlreadyExists("started"), failed, operation("PENDING", name="B")], tries=2)
    assert later.request_ids == [f"{ID}-0", f"{ID}-1"]
    assert later.found.id == "B"


def test_a_refused_submission_is_the_callers_to_handle():
    with pytest.raises(InvalidRequest):
        Try([InvalidRequest("no")], try_number=1)


def waited(*steps):
    """Return ids and pauses as they follow each other, listings left out."""
    return [step if isinstance(step, Pause) else step.body["requestId"] for step in steps if not is_listing(step)]


def is_listing(step):
    return not isinstance(step, Pause) and step.method.id == "projects.operations.list"


FULL = QueueFull("full")


def test_a_full_queue_is_waited_out_under_the_same_request_id():
    first = Try([FULL, FULL, operation("PENDING")], try_number=1, queue_interval=30.0)
    assert first.found.state == "PENDING"
    assert waited(*first.steps) == [f"{ID}-0", Pause(30.0), f"{ID}-0", Pause(30.0), f"{ID}-0"]
    assert first.lines == ["full Trying again every 30 s."]


def test_a_request_id_that_a_refusal_has_used_up_is_given_up_after_a_look_at_the_list():
    first = Try([FULL, AlreadyExists("used"), *[listing()] * 2, operation("PENDING")], try_number=1)
    assert first.request_ids == [f"{ID}-0", f"{ID}-0", f"{ID}-0-q1"]
    assert first.notes[-1].used_up == 1


def test_where_one_refusal_has_used_an_id_up_the_next_one_has_too():
    answers = [FULL, AlreadyExists("used"), *[listing()] * 2, FULL, FULL, operation("PENDING")]
    assert Try(answers, try_number=1).request_ids == [f"{ID}-0", f"{ID}-0", *[f"{ID}-0-q{n}" for n in (1, 2, 3)]]


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([lost(QueueFull("full")), AlreadyExists("used")], id="before the refusal"),
        pytest.param([FULL, lost(AlreadyExists("used"))], id="after the refusal"),
    ],
)
def test_a_request_id_under_which_an_answer_was_lost_is_given_up_after_ten_minutes_of_looks(answers):
    first = Try([*answers, *[listing()] * 60, operation("PENDING")], try_number=1)
    assert first.request_ids == [f"{ID}-0", f"{ID}-0", f"{ID}-0-q1"]
    found = Try([*answers, *[listing()] * 59, listing(operation("RUNNING"))], try_number=1)
    assert found.found.state == "RUNNING"


@pytest.mark.parametrize("earlier", [{"tries": 2}, {"note": noted(None)}], ids=["without a note", "with one"])
def test_so_it_is_where_nobody_knows_what_an_earlier_try_started(earlier):
    answers = [listing(), FULL, AlreadyExists("used"), *[listing()] * 60, operation("PENDING")]
    assert Try(answers, **earlier).request_ids == [f"{ID}-0", f"{ID}-0", f"{ID}-0-q1"]


def test_a_full_queue_may_be_the_callers_to_wait_for_and_the_refusal_is_written_down():
    first = Try([FULL], try_number=1, queue_interval=None)
    assert first.started == NoRoom(noted(None, refused=True, refusals=1), FULL)
    assert first.notes[-1] == noted(None, refused=True, refusals=1)


def test_what_is_under_way_is_not_noted_as_refused():
    again = Try([operation("PENDING")], again=noted(None, refused=True), try_number=1)
    assert [note.refused for note in again.notes] == [False, False]


def test_after_the_wait_for_a_full_queue_it_is_submitted_without_another_look():
    again = Try([operation("PENDING")], again=noted(None, refused=True, refusals=1))
    assert again.verbs == ["image.export"]
    assert again.request_ids == [f"{ID}-0"]


def test_after_the_wait_for_a_full_queue_an_id_that_was_used_up_is_given_up():
    again = Try(
        [AlreadyExists("used"), *[listing()] * 2, operation("PENDING")], again=noted(None, refused=True, refusals=1)
    )
    assert again.request_ids == [f"{ID}-0", f"{ID}-0-q1"]


def test_a_wrong_request_is_not_believed_to_be_wrong_after_a_lost_answer():
    first = Try([lost(InvalidRequest("Cannot overwrite.")), listing(), listing(operation("RUNNING"))], try_number=1)
    assert first.found.state == "RUNNING"


def test_a_wrong_request_after_a_lost_answer_is_left_to_another_try_if_nothing_is_listed():
    with pytest.raises(Transient, match=r"no such band\. But an answer was lost before"):
        Try([lost(InvalidRequest("no such band."))] + [listing()] * 12, try_number=1)


def test_a_wrong_request_of_a_later_try_is_not_believed_either():
    assert Try([listing(), InvalidRequest("no"), listing(operation("RUNNING"))], tries=2).found.state == "RUNNING"
    with pytest.raises(Transient, match="no But an answer was lost before"):
        Try([listing(), InvalidRequest("no")] + [listing()] * 12, tries=2)


def test_a_wrong_request_of_the_first_try_after_a_clear_is_believed_at_once():
    with pytest.raises(InvalidRequest):
        Try([listing(), InvalidRequest("no")], tries=1)


def test_what_was_started_is_found_when_the_last_answer_was_lost_too():
    first = Try([Transient("reset"), listing(operation("RUNNING"))], try_number=1)
    assert first.found.state == "RUNNING"


@pytest.mark.parametrize("error", [Transient("reset"), Transient("unsent", sent=False), Transient("busy", status=429)])
def test_trouble_that_lasts_is_left_to_another_try(error):
    answers = [error, Transient("the list too")] if error.may_have_started else [error]
    with pytest.raises(Transient, match=error.message):
        Try(answers, try_number=1)


NAMELESS = [{}, {"name": ""}, {"name": "projects/p/assets/a"}, {"name": 3}, {"done": True}]


@pytest.mark.parametrize("answer", NAMELESS, ids=str)
def test_an_answer_without_a_name_counts_as_lost(answer):
    again = Try([answer, listing(), operation("PENDING")], try_number=1)
    assert again.found.id == "A"
    assert again.request_ids == [f"{ID}-0", f"{ID}-0"]
    found = Try([answer, listing(operation("RUNNING"))], try_number=1)
    assert found.found.state == "RUNNING"
    assert {note.operation for note in found.notes} == {None, "projects/p/operations/A"}


def test_answers_that_never_have_a_name_are_left_to_another_try():
    with pytest.raises(Transient, match="name no operation"):
        Try([{}, listing()] * 4, try_number=1)


@pytest.mark.parametrize("name", ["", "A", 3], ids=str)
def test_a_listed_operation_without_a_name_is_not_there(name):
    nameless = {**operation("RUNNING"), "name": name}
    assert Try([listing(nameless), operation("PENDING", name="B")]).found.id == "B"


def test_pages_are_read_one_by_one():
    pages = [{**listing(operation("FAILED", name=f"F{n}")), "nextPageToken": f"{n}"} for n in range(3)]
    later = Try([*pages, listing(operation("RUNNING"))])
    assert later.found.id == "A"
    assert [step.params.get("pageToken") for step in later.asked] == [None, "0", "1", "2"]


def test_a_long_request_id_of_the_users_own_stays_within_its_bounds():
    answers = [FULL, AlreadyExists("used"), *[listing()] * 2, operation("PENDING")]
    first = Try(answers, try_number=1, request_id="m" * 60)
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
    with pytest.raises(AlreadyExists, match=r"nothing tells the operation from others.*Clear the task"):
        Try([AlreadyExists("started")], marked=False, try_number=1)


def test_a_request_id_of_the_users_own_is_taken_as_it_is():
    assert Try([operation("PENDING")], try_number=1, request_id="mine").request_ids == ["mine"]


@pytest.mark.parametrize("refusal", [InvalidRequest("it is done"), AlreadyExists("it is done")])
def test_cancelling_what_is_over_is_no_trouble(refusal):
    found, _ = play(cancel_and_wait("projects/p/operations/A", str), [refusal, operation("SUCCEEDED")])
    assert found.succeeded


def test_cancelling_what_is_gone_is_no_trouble():
    assert play(cancel_and_wait("projects/p/operations/A", str), [NotFound("gone")])[0] is None


def test_an_operation_that_does_not_end_when_cancelled_is_not_waited_for_for_ever():
    with pytest.raises(TimedOut, match="cancelled but is not over"):
        play(cancel_and_wait("projects/p/operations/A", str), [{}] + [operation("CANCELLING")] * 12)


def test_what_may_not_be_cancelled_is_not_said_to_be_cancelled():
    with pytest.raises(PermissionDenied):
        play(cancel_and_wait("projects/p/operations/A", str), [PermissionDenied("no"), operation("RUNNING")])


IMPORT = methods.image_import(
    "projects/p", body={"description": "a", "imageManifest": {"name": "projects/p/assets/a"}, "overwrite": True}
)
ASSET = {"asset_id": "projects/p/assets/a"}


def ingestion(state, *, asset="projects/p/assets/a", minute=5, name="A", kind="INGEST_IMAGE", **changes):
    answer = operation(state, name=name)
    made = f"2026-01-01T00:{minute:02}:00Z"
    described = {"description": f'Ingest image: "{asset}"', "type": kind, "createTime": made}
    answer["metadata"] |= {**described, **changes}
    return answer


def importing(answers, **changes):
    since = datetime(2026, 1, 1, 0, 12, tzinfo=UTC).timestamp()
    return Try(answers, request=IMPORT, destination=ASSET, since=since, **{"try_number": 1, **changes})


@pytest.mark.parametrize(
    "answer", [AlreadyExists("started"), lost(InvalidRequest("Cannot overwrite asset.")), Transient("reset")], ids=str
)
def test_an_import_whose_answer_was_lost_is_found_by_what_it_imports(answer):
    found = importing([answer, listing(), listing(ingestion("RUNNING"))])
    assert found.found.id == "A"
    assert (found.started.destination, found.started.as_asked) == (ASSET, True)


def test_an_import_whose_description_is_given_back_is_found_by_its_mark():
    marked = ingestion("RUNNING", description=f"a{TICKET.marker_for(IMPORT)}", asset="another")
    assert importing([AlreadyExists("started"), listing(ingestion("RUNNING", name="B"), marked)]).found.id == "A"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(ingestion("RUNNING", asset="projects/p/assets/b"), id="of another asset"),
        pytest.param(ingestion("RUNNING", minute=1), id="of before the run"),
        pytest.param(ingestion("RUNNING", kind="EXPORT_IMAGE"), id="not an import"),
        pytest.param(ingestion("RUNNING", createTime=None), id="of nobody knows when"),
        pytest.param(ingestion("RUNNING", description=f"a{EARLIER.marker}"), id="with another's mark"),
    ],
)
def test_what_imports_something_else_is_not_taken_for_the_import(other):
    with pytest.raises(TimedOut):
        importing([AlreadyExists("started"), *[listing(other)] * 24])


def test_an_import_is_not_looked_for_by_what_it_imports_unless_it_was_started():
    assert importing([listing(ingestion("RUNNING")), operation("PENDING", name="B")], try_number=2).found.id == "B"


def test_an_older_import_of_the_same_asset_that_succeeded_is_not_taken_for_one_that_failed():
    listed = listing(ingestion("FAILED", name="B"), ingestion("SUCCEEDED"))
    again = importing([AlreadyExists("started"), listed, listed, operation("PENDING", name="C")], tries=2)
    assert again.found.id == "C"
