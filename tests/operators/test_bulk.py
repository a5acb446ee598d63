"""Many exports as one task, in Airflow's task runner, against the emulator."""

import json
from collections import Counter
from datetime import timedelta

import pytest

from airflow_provider_ee.client.bulk import run
from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.http.retry import RetryPolicy
from airflow_provider_ee.links import EarthEngineOperationLink
from airflow_provider_ee.operators.bulk.exports import EarthEngineBulkExportOperator
from tests.operators.test_exports import ELEVATION
from tests.tasks import NOW, fire, give_up, resume, run_task

WORDS = {
    "image": ELEVATION,
    "bucket": "bucket",
    "region": [7, 46, 7.5, 46.25],
    "crs": "EPSG:4326",
    "crs_transform": [0.025, 0, 7, 0, -0.025, 46.25],
}


@pytest.fixture(autouse=True)
def _list_at_once(monkeypatch):
    monkeypatch.setattr(run, "_SECONDS_BETWEEN_LOOKS", 0.0)  # ten


def bulk(exports=5, **changes):
    items = [{"key": f"tile-{number}"} for number in range(exports)] if isinstance(exports, int) else exports
    given = {
        "task_id": "tiles",
        "exports": items,
        "export": "image_to_cloud_storage",
        "common": WORDS,
        "poll_interval": 0.05,
    }
    return EarthEngineBulkExportOperator(**{**given, **changes})


def started(earth_engine):
    """How often each item was started."""
    return Counter(operation.asked.description.partition(";af:")[0] for operation in earth_engine.control.operations())


def once(count):
    return {f"tile-{number}": 1 for number in range(count)}


def states(earth_engine):
    return Counter(operation.state.value for operation in earth_engine.control.operations())


def run_deferred(operator, supervisor, **task):
    """Run a task through all its deferrals."""
    outcome = run_task(operator, supervisor, **task)
    while outcome.state == "deferred":
        outcome = resume(operator, supervisor, outcome, fire(outcome.trigger), **task)
    return outcome


@pytest.fixture(params=[False, True], ids=["on the worker", "deferred"])
def see_through(request, supervisor):
    """Run a bulk export to its end, in both ways of waiting."""

    def see_all_through(exports=5, *, try_number=1, max_tries=0, run_start=NOW, **changes):
        run_all = run_deferred if request.param else run_task
        operator = bulk(exports, deferrable=request.param, **changes)
        return run_all(operator, supervisor, try_number=try_number, max_tries=max_tries, run_start=run_start)

    return see_all_through


def test_every_item_is_exported_once_and_the_task_says_what_became_of_each(earth_engine, see_through):
    outcome = see_through(5)

    assert outcome.state == "success", outcome.error
    assert started(earth_engine) == once(5)
    assert {name: outcome.result[name] for name in ("total", "succeeded", "failed")} == {
        "total": 5,
        "succeeded": 5,
        "failed": 0,
    }
    item = outcome.result["items"]["tile-3"]
    assert (item["state"], item["outputs"]["uri_prefix"]) == ("SUCCEEDED", "gs://bucket/tile-3")
    json.dumps(outcome.result)


def test_no_more_wait_at_earth_engine_than_may(earth_engine, see_through):
    earth_engine.control.configure(time="looks=1", max_running=2)
    earth_engine.control.seed_operations("emulator", 3)
    most = []

    def note_pending():
        most.append(states(earth_engine)["PENDING"])
        return ELEVATION

    items = [{"key": f"tile-{number}", "image": note_pending} for number in range(9)]
    outcome = see_through(items, max_pending=4)

    assert outcome.state == "success", outcome.error
    assert {key: count for key, count in started(earth_engine).items() if key.startswith("tile")} == once(9)
    assert max(most) <= 4


def test_a_queue_that_is_smaller_than_max_pending_is_waited_for_with_new_request_ids(earth_engine, see_through):
    earth_engine.control.configure(time="looks=1", max_running=1, max_queue=3)

    outcome = see_through(8, concurrency=2)

    assert outcome.state == "success", outcome.error
    assert started(earth_engine) == once(8)


def test_a_function_on_the_worker_yields_what_is_exported_with_ee_initialised(earth_engine, see_through):
    pytest.importorskip("ee")

    def tiles(names):
        import ee

        for name in names:
            yield {"key": name, "image": ee.Image("EMULATOR/DEM")}

    outcome = see_through(tiles, op_kwargs={"names": ["a", "b"]})

    assert outcome.state == "success", outcome.error
    assert started(earth_engine) == {"a": 1, "b": 1}


def test_a_failure_of_an_item_fails_the_task_after_all_others_are_done(earth_engine, see_through):
    earth_engine.control.plan(code="INVALID_ARGUMENT", message="Too many pixels.")

    outcome = see_through(4, concurrency=1)

    assert (outcome.state, type(outcome.error).__name__) == ("failed", "AirflowFailException")
    assert str(outcome.error) == "1 of 4 exports failed: tile-0: Too many pixels."
    assert outcome.xcoms["summary"]["succeeded"] == 3


@pytest.mark.parametrize("most", [1, None, "1"], ids=["as many", "any number", "as a template renders it"])
def test_so_many_items_may_fail_without_the_task_failing(earth_engine, see_through, most):
    earth_engine.control.plan(code="INVALID_ARGUMENT", message="Too many pixels.")

    outcome = see_through(4, concurrency=1, max_failures=most)

    assert outcome.state == "success", outcome.error
    assert (outcome.result["failed"], outcome.result["items"]["tile-0"]["error"]) == (1, "Too many pixels.")


def test_a_failure_that_may_pass_is_met_with_another_operation_for_that_item(earth_engine, see_through):
    earth_engine.control.plan(code="UNAVAILABLE", message="Try again.", times=2)

    outcome = see_through(3, concurrency=1, item_retries=1)

    assert outcome.state == "success", outcome.error
    assert started(earth_engine) == {"tile-0": 2, "tile-1": 2, "tile-2": 1}


def test_a_failure_that_does_not_pass_is_one_that_airflow_may_retry(earth_engine, see_through):
    earth_engine.control.plan(code="UNAVAILABLE", message="Try again.", times=2)

    outcome = see_through(1, item_retries=1)

    assert outcome.state == "up_for_retry" or type(outcome.error).__name__ == "AirflowException"
    assert started(earth_engine) == {"tile-0": 2}


def test_on_stop_what_is_not_done_is_cancelled_when_too_many_have_failed(earth_engine, see_through):
    earth_engine.control.configure(time="looks=3", max_running=2)
    earth_engine.control.plan(code="INVALID_ARGUMENT", message="Too many pixels.")

    outcome = see_through(8, concurrency=1, on_item_failure="stop")

    assert outcome.state == "failed"
    assert "exports failed: tile-0: Too many pixels." in str(outcome.error)
    assert states(earth_engine)["CANCELLED"] >= 5
    assert not {"PENDING", "RUNNING"} & states(earth_engine).keys()


def test_an_item_that_cannot_be_requested_is_refused_alone(earth_engine, see_through):
    outcome = see_through([{"key": "good"}, {"key": "bad", "scale": -1}])

    assert "1 of 2 exports failed: bad: bad: scale" in str(outcome.error)
    assert started(earth_engine) == {"good": 1}


def test_a_retry_goes_on_with_everything_that_was_started(earth_engine, see_through):
    earth_engine.control.configure(time="looks=9")
    earth_engine.control.arm("status", "projects.image.export", status=403, skip=3, message="You may not.")
    first = see_through(6, concurrency=1, retries=1, max_tries=1)
    assert "403" in str(first.error)
    assert started(earth_engine) == once(3)

    second = see_through(6, retries=1, max_tries=1, try_number=2)

    assert second.state == "success", second.error
    assert started(earth_engine) == once(6)


def test_a_retry_starts_what_has_failed_anew_and_nothing_else(earth_engine, see_through):
    earth_engine.control.plan(code="INVALID_ARGUMENT", message="Too many pixels.")
    see_through(3, concurrency=1, retries=1, max_tries=1)

    again = see_through(3, retries=1, max_tries=1, try_number=2)

    assert again.state == "success", again.error
    assert started(earth_engine) == {"tile-0": 2, "tile-1": 1, "tile-2": 1}


@pytest.mark.parametrize(
    ("on_clear", "times", "kept"), [("resume", [2, 1, 1], 2), ("restart", [2, 2, 2], 0)], ids=["resume", "restart"]
)
def test_a_task_that_failed_in_part_and_is_cleared(earth_engine, see_through, on_clear, times, kept):
    earth_engine.control.plan(code="INVALID_ARGUMENT", message="Too many pixels.")
    see_through(3, concurrency=1)

    cleared = see_through(3, try_number=2, max_tries=1, on_clear=on_clear)

    assert (cleared.state, cleared.result["kept"]) == ("success", kept), cleared.error
    assert [started(earth_engine)[f"tile-{number}"] for number in range(3)] == times


def test_a_task_that_succeeded_and_is_cleared_does_everything_anew(earth_engine, see_through):
    see_through(3)

    cleared = see_through(3, try_number=2, max_tries=1)

    assert (cleared.state, cleared.result["kept"]) == ("success", 0)
    assert set(started(earth_engine).values()) == {2}


def operations_of(outcome):
    return {item["operation"] for item in outcome.result["items"].values()}


@pytest.mark.parametrize("on_clear", ["resume", "restart"])
def test_a_run_that_was_deleted_and_made_again_does_everything_itself(earth_engine, see_through, supervisor, on_clear):
    dead = operations_of(see_through(3))
    supervisor.store.clear()  # as Airflow does when a run is deleted

    again = see_through(3, run_start=NOW + timedelta(hours=1), on_clear=on_clear)

    assert (again.state, again.result["kept"], again.result["succeeded"]) == ("success", 0, 3)
    assert set(started(earth_engine).values()) == {2}
    assert not operations_of(again) & dead


def test_what_a_deleted_run_has_left_at_work_is_cancelled_before_another_one_does_it(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=3")
    run_task(bulk(3, deferrable=True), supervisor)
    supervisor.store.clear()

    again = run_task(bulk(3), supervisor, run_start=NOW + timedelta(hours=1))

    assert again.state == "success", again.error
    assert (states(earth_engine)["CANCELLED"], states(earth_engine)["SUCCEEDED"]) == (3, 3)


@pytest.mark.parametrize("max_tries", [1, 0], ids=["a retry", "the same try"])
def test_an_item_that_was_started_for_another_place_is_not_said_to_be_in_the_new_one(
    earth_engine, supervisor, max_tries
):
    earth_engine.control.configure(time="looks=3")
    run_task(bulk([{"key": "a", "file_name_prefix": "first"}], deferrable=True), supervisor, max_tries=max_tries)
    later = bulk([{"key": "a", "file_name_prefix": "second"}], retries=max_tries)

    outcome = run_task(later, supervisor, try_number=1 + max_tries, max_tries=max_tries)

    item = outcome.result["items"]["a"]
    assert (item["state"], item["outputs"], item["destination_changed"]) == ("SUCCEEDED", {}, True)
    assert started(earth_engine) == {"a": 1}


@pytest.mark.parametrize(("on_clear", "ends"), [("resume", 3), ("restart", 0)], ids=["resume", "restart"])
def test_what_still_runs_when_a_task_is_cleared(earth_engine, supervisor, on_clear, ends):
    earth_engine.control.configure(time="looks=3")
    run_task(bulk(3, deferrable=True), supervisor)

    cleared = run_task(bulk(3, on_clear=on_clear), supervisor, try_number=2, max_tries=1)

    assert cleared.state == "success", cleared.error
    assert (states(earth_engine)["CANCELLED"], states(earth_engine)["SUCCEEDED"]) == (3 - ends, 3)


def test_priority_and_workload_tag_are_those_of_all_or_of_an_item(earth_engine, see_through):
    see_through([{"key": "a"}, {"key": "b", "priority": 7}], priority=200, workload_tag="tiles")

    asked = {operation.asked.description[0]: operation.asked for operation in earth_engine.control.operations()}
    assert (asked["a"].priority, asked["b"].priority) == (200, 7)


def test_the_report_has_a_line_for_each_item_and_its_place_is_in_the_xcom(earth_engine, see_through, tmp_path):
    report = tmp_path / "reports" / "tiles.ndjson"
    outcome = see_through(3, report=str(report))

    lines = [json.loads(line) for line in report.read_text().splitlines()]
    assert [line["key"] for line in lines] == ["tile-0", "tile-1", "tile-2"]
    assert (outcome.result["report"], "items" in outcome.result) == (str(report), False)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"on_item_failure": "ignore"}, "on_item_failure: 'ignore' is not a choice. Allowed: continue or stop."),
        ({"on_clear": "attach"}, "on_clear: 'attach' is not a choice. Allowed: resume or restart."),
        ({"concurrency": 41}, "concurrency: 41 is out of bounds. Allowed: a whole number from 1 to 40."),
        ({"item_retries": -1}, "item_retries: -1 is out of bounds. Allowed: a whole number from 0 to 10."),
        ({"poll_interval": 0}, "poll_interval: 0 is out of bounds. Allowed: a finite number above 0."),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_wrong_argument_is_refused_when_the_dag_is_parsed(changes, told):
    with pytest.raises(InvalidArgument) as refused:
        bulk(**changes)

    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        pytest.param({"max_pending": 3001}, "max_pending", id="max_pending"),
        pytest.param({"max_failures": "-1"}, "max_failures", id="max_failures"),
        pytest.param({"export": "image_to_nowhere"}, "export", id="kind"),
        pytest.param({"exports": [{"key": "a"}, {"key": "b", "export": "image_to_moon"}]}, "exports[1].export", id="kind of an item"),
        pytest.param({"common": {**WORDS, "color": 1}}, "common.color", id="an unknown common argument"),
        pytest.param({"common": {**WORDS, "scale": -1}}, "common.scale", id="a wrong common argument"),
        pytest.param({"common": "bucket"}, "common", id="no dict"),
        pytest.param({"priority": 10_000}, "priority", id="priority"),
    ],
)  # fmt: skip
def test_a_constant_that_is_wrong_is_refused_when_the_dag_is_parsed(changes, argument):
    with pytest.raises(InvalidArgument) as refused:
        bulk(**changes)

    assert refused.value.argument == argument


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"max_pending": "{{ 3001 }}"}, "max_pending: '3001' is out of bounds"),
        ({"max_failures": "{{ -1 }}"}, "max_failures: '-1' is out of bounds"),
        ({"export": "{{ 'image_to_nowhere' }}"}, "export: 'image_to_nowhere' is not a valid kind of export"),
        ({"exports": [{"name": "a"}]}, "exports[0].key: is missing"),
        ({"exports": [{"key": "a"}, {"key": "a"}]}, "exports[1].key: 'a' is the key of an earlier item"),
        ({"common": {**WORDS, "asset_id": "a"}}, "common.asset_id"),
        ({"report": "nowhere://a"}, "report: 'nowhere://a' cannot be written to"),
    ],
    ids=["max_pending", "max_failures", "export", "no key", "twice", "common", "report"],
)
def test_a_wrong_argument_that_may_be_a_template_is_refused_before_any_request(earth_engine, supervisor, changes, told):
    outcome = run_task(bulk(**changes), supervisor)

    assert (outcome.state, told in str(outcome.error)) == ("failed", True), outcome.error
    assert earth_engine.control.world.ledger.entries() == []


@pytest.mark.parametrize(
    ("state", "ended"),
    [("failed", True), ("success", True), ("running", False), ("restarting", False), (None, False)],
)
def test_a_person_who_ends_the_task_on_its_worker_ends_all_that_is_not_done(earth_engine, supervisor, state, ended):
    earth_engine.control.configure(time="looks=999", max_running=2)
    operator = bulk(6, execution_timeout=timedelta(seconds=1), cancel_on_kill=False)
    running = run_task(operator, supervisor)  # leaves all of them at work
    running.task.cancel_on_kill = True
    supervisor.task_state = state

    with supervisor:
        running.task.on_kill()

    assert states(earth_engine)["CANCELLED"] == (6 if ended else 0)


def test_a_task_whose_time_is_over_cancels_what_is_not_done(earth_engine, see_through):
    earth_engine.control.configure(time="looks=999", max_running=2)

    outcome = see_through(4, execution_timeout=timedelta(seconds=1))

    assert type(outcome.error).__name__ == "AirflowTaskTimeout"
    assert sum(states(earth_engine)[state] for state in ("CANCELLING", "CANCELLED")) == 4


def test_a_task_whose_time_is_over_in_an_outage_does_not_wait_for_its_end_to_cancel(
    earth_engine, supervisor, monkeypatch
):
    monkeypatch.setattr(RetryPolicy, "_wait", lambda _policy, _state: 250.0)
    earth_engine.control.configure(time="looks=999")
    earth_engine.control.arm("status", "projects.image.export", status=503, skip=2, times=1000)

    outcome = run_task(bulk(6, concurrency=4, execution_timeout=timedelta(seconds=2)), supervisor)

    assert type(outcome.error).__name__ == "AirflowTaskTimeout"
    assert sum(states(earth_engine)[state] for state in ("CANCELLING", "CANCELLED")) == 2


def test_a_wait_that_airflow_ended_cancels_what_is_not_done(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=999")
    operator = bulk(2, deferrable=True, execution_timeout=timedelta(hours=1))
    run_task(operator, supervisor)

    outcome = give_up(operator, supervisor)

    assert type(outcome.error).__name__ == "AirflowTaskTimeout"
    assert sum(states(earth_engine)[state] for state in ("CANCELLING", "CANCELLED")) == 2


def test_a_generator_that_was_called_already_is_refused_when_the_dag_is_parsed():
    with pytest.raises(
        InvalidArgument, match=r"exports: .* can be read once. Allowed: the function itself, not called"
    ):
        bulk({"key": f"tile-{number}"} for number in range(3))


def test_nothing_to_export_is_no_failure(earth_engine, see_through):
    outcome = see_through([])

    assert (outcome.state, outcome.result["total"]) == ("success", 0)


def test_the_task_links_to_the_tasks_of_its_project(earth_engine, supervisor):
    outcome = run_task(bulk(1), supervisor)

    page = "https://console.cloud.google.com/earth-engine/tasks?project=emulator"
    assert EarthEngineOperationLink().get_link(outcome.task, ti_key=None) == page


def test_what_a_triggerer_could_not_watch_is_looked_at_by_a_worker(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=1")
    operator = bulk(2, deferrable=True)
    deferred = run_task(operator, supervisor)
    event = {"status": "unreachable", "message": "PermissionDenied: no", "tally": {}}

    outcome = resume(operator, supervisor, deferred, event)

    assert outcome.state in {"success", "deferred"}, outcome.error
