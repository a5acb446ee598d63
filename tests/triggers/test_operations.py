"""The trigger against the emulator, and what Airflow keeps of it."""

import asyncio
import json
import logging
import re
import time
from types import SimpleNamespace

import pytest

from airflow_provider_ee.hooks.lookup import log_missing
from airflow_provider_ee.triggers.operations import EarthEngineOperationTrigger, read_event
from tests.tasks import fire


def trigger(earth_engine, count=1, **changes):
    operations = earth_engine.control.seed_operations("emulator", count)
    names = [operation.name for operation in operations]
    return EarthEngineOperationTrigger(names, **{"project_id": "emulator", "poll_interval": 0.02, **changes})


def test_it_fires_once_when_all_operations_are_done(earth_engine):
    earth_engine.control.configure(time="looks=2")
    waiting = trigger(earth_engine, 3)
    event = fire(waiting)
    assert event == {
        "status": "done",
        "operation_names": waiting.operation_names,
        "states": ["SUCCEEDED"] * 3,
        "message": None,
    }


@pytest.mark.parametrize("code", ["INTERNAL", "CANCELLED"])
def test_an_unhappy_end_is_an_end(earth_engine, code):
    earth_engine.control.configure(time="looks=99")
    waiting = trigger(earth_engine)
    earth_engine.control.fail(waiting.operation_names[0], code=code)
    assert fire(waiting)["status"] == "done"


def test_an_outage_is_waited_out(earth_engine):
    earth_engine.control.configure(time="looks=1")
    armed = earth_engine.control.arm("status", "projects.operations.get", status=503, times=3, retry_after="0")
    assert fire(trigger(earth_engine))["status"] == "done"
    assert armed.met == 3


def test_at_its_deadline_it_gives_up(earth_engine):
    earth_engine.control.configure(time="looks=9999")
    event = fire(trigger(earth_engine, deadline=time.time() + 0.2))
    assert event["status"] == "timed_out"
    assert "deadline" in event["message"]


def test_an_operation_that_uses_too_much_computing_time_is_not_waited_for(earth_engine):
    earth_engine.control.configure(time="looks=9999", eecu_seconds=999_900.0)
    event = fire(trigger(earth_engine, max_eecu_seconds=250.0))
    assert event["status"] == "over_budget"
    assert read_event(event)
    assert re.fullmatch(r"It has used 3\d\d\.\d EECU-seconds; max_eecu_seconds allows 250\.0\.", event["message"])


def test_what_ends_with_too_much_computing_time_has_ended(earth_engine):
    earth_engine.control.configure(time="looks=1", eecu_seconds=1000.0)
    assert fire(trigger(earth_engine, max_eecu_seconds=250.0))["status"] == "done"


def test_a_timeout_in_the_middle_of_a_wait_is_not_taken_for_the_deadline(earth_engine):
    waiting = trigger(earth_engine, deadline=time.time() + 3600)

    async def wait():
        raise TimeoutError("of somebody else")

    waiting._wait = wait
    with pytest.raises(TimeoutError, match="of somebody else"):
        fire(waiting)


def test_its_last_steps_are_said(earth_engine, caplog):
    caplog.set_level(logging.DEBUG, "airflow_provider_ee.checkpoints")
    waiting = trigger(earth_engine)
    fire(waiting)
    assert [record.args for record in caplog.records if record.name == "airflow_provider_ee.checkpoints"] == [
        ("polling", ""),
        ("firing", waiting.operation_names[0]),
    ]


def test_two_triggers_share_one_connection_lookup(earth_engine, caplog):
    log_missing.cache_clear()
    caplog.set_level(logging.INFO)
    waiting = [trigger(earth_engine) for _ in range(20)]

    async def all_of_them():
        await asyncio.gather(*(anext(aiter(one.run())) for one in waiting))

    asyncio.run(all_of_them())
    assert caplog.text.count("There is no connection") == 1


def test_the_log_has_a_line_for_each_change_and_not_for_each_look(earth_engine, capsys):
    earth_engine.control.configure(time="looks=60")
    fire(trigger(earth_engine))
    lines = [line for line in capsys.readouterr().out.splitlines() if "EarthEngineOperationTrigger" in line]
    assert 2 <= len(lines) <= 20
    assert not [line for line in lines if "SUCCEEDED" in line]  # the event says it, and the task that goes on


KWARGS = {
    "operation_names": ["projects/p/operations/A"],
    "project_id": "p",
    "earthengine_conn_id": "c",
    "impersonation_chain": ["a@x", "b@x"],
    "api_version": "v1beta",
    "poll_interval": 5.0,
    "deadline": 1e9,
    "cancel_on_kill": False,
    "max_eecu_seconds": 100.0,
    "result": {"uri_prefix": "gs://b/p"},
}


def test_it_hands_back_what_the_task_knows_of_the_result(earth_engine):
    assert fire(trigger(earth_engine, result={"asset_id": "a"}))["result"] == {"asset_id": "a"}


def test_what_airflow_keeps_of_it_is_all_there_is_to_it():
    path, kwargs = EarthEngineOperationTrigger(**KWARGS).serialize()
    assert path == "airflow_provider_ee.triggers.operations.EarthEngineOperationTrigger"
    assert kwargs == KWARGS == json.loads(json.dumps(kwargs))
    assert EarthEngineOperationTrigger(**kwargs).serialize() == (path, kwargs)


def test_arguments_of_another_release_are_ignored():
    assert EarthEngineOperationTrigger(**KWARGS, of_the_future=1).serialize()[1] == KWARGS


def test_one_name_is_a_list_of_one():
    assert EarthEngineOperationTrigger("A", project_id="p").operation_names == ["A"]


def test_making_one_reads_no_connection_and_no_credentials():
    assert EarthEngineOperationTrigger("A", project_id="p", earthengine_conn_id="missing").deadline is None


def test_its_event_stays_small_however_many_operations_it_waits_for(earth_engine):
    earth_engine.control.configure(time="looks=1")
    assert len(json.dumps(fire(trigger(earth_engine, 200)))) < 4096


@pytest.mark.parametrize("event", [None, {}, {"status": "?"}, {"status": "done", "operation_names": []}], ids=str)
def test_what_is_no_event_of_ours_is_refused(event):
    with pytest.raises(Exception, match="not an event of an EarthEngineOperationTrigger"):
        read_event(event)


KILLS = [
    pytest.param("failed", True, id="marked failed"),
    pytest.param("success", True, id="marked success"),
    pytest.param("removed", True, id="removed"),
    pytest.param("deferred", False, id="moved to another triggerer"),
    pytest.param("queued", False, id="cleared, its next try will see to it"),
    pytest.param("running", False, id="cleared, its next try sees to it"),
    pytest.param(None, False, id="nobody knows"),
]


def kill(waiting, supervisor, map_index=-1):
    waiting.task_instance = SimpleNamespace(dag_id="d", task_id="t", run_id="r", map_index=map_index)
    with supervisor:
        asyncio.run(waiting.on_kill())


def cancelled(earth_engine):
    return [str(operation.state) in {"CANCELLING", "CANCELLED"} for operation in earth_engine.control.operations()]


@pytest.mark.parametrize("map_index", [-1, 3], ids=["unmapped", "mapped"])
@pytest.mark.parametrize(("state", "expected"), KILLS)
def test_a_kill_cancels_only_if_a_person_ended_the_task(earth_engine, supervisor, state, expected, map_index):
    earth_engine.control.configure(time="looks=9999")
    waiting = trigger(earth_engine, 2)
    supervisor.task_state = state
    if state is None:
        with pytest.raises(RuntimeError):
            kill(waiting, supervisor, map_index)
    else:
        kill(waiting, supervisor, map_index)
    assert cancelled(earth_engine) == [expected, expected]


def test_a_kill_cancels_nothing_where_that_was_not_wanted(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=9999")
    supervisor.task_state = "failed"
    kill(trigger(earth_engine, cancel_on_kill=False), supervisor)
    assert cancelled(earth_engine) == [False]


def test_a_stop_for_whatever_other_reason_cancels_nothing(earth_engine):
    earth_engine.control.configure(time="looks=9999")
    waiting = trigger(earth_engine)

    async def stop():
        running = asyncio.create_task(anext(aiter(waiting.run())))
        while not earth_engine.control.ledger.entries("projects.operations.get"):  # noqa: ASYNC110  # another thread fills it
            await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await waiting.cleanup()

    asyncio.run(stop())
    assert cancelled(earth_engine) == [False]


@pytest.fixture
def _impatient(monkeypatch):
    monkeypatch.setattr("airflow_provider_ee.triggers.base._SECONDS_BETWEEN_OPENINGS", 0.01)  # half a minute


@pytest.mark.usefixtures("_impatient")
def test_a_connection_that_cannot_be_read_just_now_is_asked_for_again_and_that_is_said_once(earth_engine, capsys):
    waiting = trigger(earth_engine)
    open_client, attempts = waiting._open_client, []

    async def open_at_the_third_attempt():
        attempts.append("open")
        if len(attempts) < 3:
            raise ConnectionError("the supervisor is busy")
        return await open_client()

    waiting._open_client = open_at_the_third_attempt
    assert fire(waiting)["status"] == "done"
    assert len(attempts) == 3
    assert capsys.readouterr().out.count("the supervisor is busy") == 1


@pytest.mark.usefixtures("_impatient")
def test_a_connection_that_cannot_be_read_at_all_ends_the_wait(earth_engine, monkeypatch):
    monkeypatch.setattr("airflow_provider_ee.triggers.base._PATIENCE_FOR_OPENING", 0.05)  # a quarter of an hour
    waiting = trigger(earth_engine)

    async def cannot_open():
        raise ConnectionError("the supervisor is gone")

    waiting._open_client = cannot_open
    event = fire(waiting)
    assert event["status"] == "unreachable"
    assert event["message"] == "ConnectionError: the supervisor is gone"


def test_a_fault_of_our_own_ends_the_wait_and_not_the_operation(earth_engine, monkeypatch):
    async def broken(*_, **__):
        raise ZeroDivisionError("bug")

    monkeypatch.setattr("airflow_provider_ee.triggers.polling.operations.OperationPoller._poll", broken)
    event = fire(trigger(earth_engine))
    assert (event["status"], event["message"]) == ("unreachable", "ZeroDivisionError: bug")
    assert cancelled(earth_engine) == [False]
