"""The trigger that waits for all items of a task, against the emulator."""

import asyncio
import json
import re
import time

import pytest

from airflow_provider_ee.client.operations import waiting
from airflow_provider_ee.triggers.bulk import EarthEngineBulkTrigger, read_event
from airflow_provider_ee.triggers.operations import EarthEngineOperationTrigger
from airflow_provider_ee.triggers.polling import bulk as polling_bulk
from airflow_provider_ee.triggers.polling.operations import OperationPoller
from airflow_provider_ee.triggers.polling.queue_room import QueueGate
from tests.tasks import fire
from tests.triggers.fakes import FakeClient, answer, until
from tests.triggers.items import ANOTHER, EARLIER, TASK, endless, listings, started, trigger

# The end of an event loop interrupts whatever a poller is about, and anyio does not like that.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

NOBODY = {"succeeded": 0, "running": 0, "pending": 0, "to_submit": 0, "failed": 0, "eecu_seconds": 0.0, "kept": 0}


def fill(earth_engine, count):
    """Let so many operations of others wait in the queue behind one that runs; return that one's name."""
    endless(earth_engine, max_running=1)
    return earth_engine.control.seed_operations("emulator", count + 1)[0].name


def while_waiting(earth_engine, waiting, act, *, after=4):
    """Let a trigger look so many times, then do something; return its event, for which that has to be the reason."""

    async def wait():
        event = asyncio.ensure_future(anext(aiter(waiting.run())))
        before = len(earth_engine.control.ledger.entries())
        await until(lambda: event.done() or len(earth_engine.control.ledger.entries()) >= before + after)
        assert not event.done()
        act()
        return (await event).payload

    return asyncio.run(wait())


def test_it_fires_once_when_nothing_is_at_work_any_more(earth_engine):
    earth_engine.control.configure(time="looks=3", eecu_seconds=2.0)
    started(earth_engine, 8)
    event = fire(trigger())
    assert event == {
        "status": "done",
        "message": None,
        "tally": {**NOBODY, "succeeded": 8, "eecu_seconds": 16.0},
    }
    assert read_event(event) is event


@pytest.mark.parametrize("count", [3, 8], ids=["looked at one by one", "looked at in the list"])
def test_an_unhappy_end_is_an_end(earth_engine, count):
    endless(earth_engine)
    names = started(earth_engine, count)

    def end():
        earth_engine.control.fail(names[0])
        earth_engine.control.fail(names[1], code="CANCELLED")
        for name in names[2:]:
            earth_engine.control.finish(name)

    event = while_waiting(earth_engine, trigger(), end)
    assert event["status"] == "done"
    assert (event["tally"]["failed"], event["tally"]["succeeded"]) == (2, count - 2)


def test_with_nothing_at_work_and_nothing_to_submit_it_is_done(earth_engine):
    assert fire(trigger(left={"kept": 4, "refused": 1}))["tally"] == {**NOBODY, "succeeded": 4, "failed": 1, "kept": 4}


def test_operations_of_other_tasks_are_not_waited_for(earth_engine):
    endless(earth_engine)
    started(earth_engine, 2, ANOTHER)
    assert fire(trigger())["status"] == "done"


def test_what_still_runs_from_before_the_task_was_cleared_is_waited_for(earth_engine):
    endless(earth_engine)
    [name] = started(earth_engine, 1, EARLIER)
    event = while_waiting(earth_engine, trigger(), lambda: earth_engine.control.finish(name))
    assert (event["status"], event["tally"]["succeeded"]) == ("done", 1)


def test_while_more_is_to_be_submitted_it_fires_when_there_is_room(earth_engine):
    endless(earth_engine)
    started(earth_engine, 2)
    event = fire(trigger(left={"to_submit": 5, "started": 2}, places=3))
    assert (event["status"], event["tally"]["to_submit"]) == ("room", 5)


def test_with_more_to_submit_and_a_queue_full_of_others_operations_there_is_nothing_to_do(earth_engine):
    running = fill(earth_engine, 3)
    waiting = trigger(left={"to_submit": 5}, places=3)
    assert while_waiting(earth_engine, waiting, lambda: earth_engine.control.finish(running))["status"] == "room"


def test_less_room_than_is_worthwhile_is_no_reason_to_fire(earth_engine):
    fill(earth_engine, 8)
    waiting = trigger(left={"to_submit": 5}, places=10, worthwhile=3)
    pending = [operation.name for operation in earth_engine.control.operations()[1:]]
    assert while_waiting(earth_engine, waiting, lambda: earth_engine.control.finish(pending[0]))["status"] == "room"


@pytest.mark.parametrize(("fruitless", "seconds"), [(1, 60.0), (4, 480.0), (5, 480.0)], ids=str)
def test_who_was_let_in_for_nothing_stays_away_for_longer(earth_engine, fruitless, seconds):
    class Empty(FakeClient):
        async def send(self, request):
            return {}

    waiting = trigger(left={"to_submit": 1}, places=1, fruitless=fruitless, poll_interval=30.0)
    waiting._open_client = Empty().open

    async def wait():
        event = asyncio.ensure_future(waiting._wait())
        gate = QueueGate.shared(waiting._identity, waiting._open_client)
        await until(lambda: gate._newcomers)
        [subscriber] = gate._newcomers
        event.cancel()
        return subscriber.first_poll_at - asyncio.get_running_loop().time()

    assert asyncio.run(wait()) == pytest.approx(seconds, abs=5.0)


def test_failures_that_may_pass_are_a_reason_to_come_back_once_there_are_enough(earth_engine):
    endless(earth_engine)
    names = started(earth_engine, 8)
    waiting = trigger(item_retries=1, worthwhile=2)

    def fail():
        for name in names[:2]:
            earth_engine.control.fail(name, code="UNAVAILABLE")

    assert while_waiting(earth_engine, waiting, fail)["status"] == "room"


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        pytest.param("UNAVAILABLE", {"item_retries": 0, "worthwhile": 2}, id="nothing is started anew"),
        pytest.param("UNAVAILABLE", {"item_retries": 1, "worthwhile": 3}, id="too few"),
        pytest.param("INVALID_ARGUMENT", {"item_retries": 1, "worthwhile": 2}, id="it would not help"),
    ],
)
def test_other_failures_are_waited_past(earth_engine, code, changes):
    endless(earth_engine)
    names = started(earth_engine, 8)

    def fail():
        for name in names[:2]:
            earth_engine.control.fail(name, code=code, message="It went wrong.")
        earth_engine.control.configure(time="looks=1")

    event = while_waiting(earth_engine, trigger(**changes), fail)
    assert (event["status"], event["tally"]["failed"]) == ("done", 2)


def test_it_fires_when_more_items_have_failed_than_may(earth_engine):
    endless(earth_engine)
    first, second, *_ = started(earth_engine, 8)
    earth_engine.control.fail(first)
    event = while_waiting(earth_engine, trigger(stop_after=1), lambda: earth_engine.control.fail(second))
    assert (event["status"], event["tally"]["failed"], event["tally"]["running"]) == ("failures", 2, 6)


def test_at_its_deadline_it_gives_up_and_says_how_far_all_is(earth_engine):
    endless(earth_engine, max_running=1)
    started(earth_engine, 3)
    event = fire(trigger(deadline=time.time() + 1.0))
    assert event["status"] == "timed_out"
    assert (event["tally"]["running"], event["tally"]["pending"]) == (1, 2)


def test_nothing_is_looked_at_before_its_time(earth_engine, monkeypatch):
    monkeypatch.setenv("AIRFLOW__EARTHENGINE__FIRST_POLL", "3600")
    assert fire(trigger(deadline=time.time() + 0.2))["tally"] == {}
    assert not earth_engine.control.ledger.entries()


def test_a_list_that_lags_is_read_again_until_it_shows_what_was_started(earth_engine):
    endless(earth_engine, list_lag="looks=4")
    names = started(earth_engine, 3)

    def end():
        for name in names:
            earth_engine.control.finish(name)

    waiting = trigger(left={"started": 3})
    assert while_waiting(earth_engine, waiting, end, after=6)["tally"] == {
        **NOBODY,
        "succeeded": 3,
        "eecu_seconds": 37.5,
    }
    assert listings(earth_engine) == 4


def test_a_list_that_never_shows_it_is_gone_on_with_as_it_is(earth_engine):
    endless(earth_engine, list_lag="looks=9999")
    started(earth_engine, 1)
    assert fire(trigger(left={"started": 1}))["status"] == "done"
    assert listings(earth_engine) == polling_bulk._LOOKS


def test_an_outage_while_the_list_is_read_is_waited_out_and_said_once(earth_engine, capsys):
    earth_engine.control.configure(time="looks=1")
    started(earth_engine, 3)
    armed = earth_engine.control.arm("status", "projects.operations.list", status=503, times=5, retry_after="0")
    assert fire(trigger())["status"] == "done"
    assert armed.met == 5
    assert capsys.readouterr().out.count("Cannot poll just now") == 1


def test_an_outage_while_thousands_are_watched_is_not_said_for_each(earth_engine, capsys):
    endless(earth_engine)
    started(earth_engine, 200)
    armed = earth_engine.control.arm("status", "projects.operations.list", status=503, times=4, skip=4, retry_after="0")

    def recover():
        assert armed.met == 4
        earth_engine.control.configure(time="looks=1")

    # Trouble that is over, with all else, before it is due to be said, is not said at all.
    assert while_waiting(earth_engine, trigger(), recover, after=20)["status"] == "done"
    lines = [line for line in capsys.readouterr().out.splitlines() if "Cannot poll just now" in line]
    assert 1 <= len(lines) <= 8
    assert sum(1 + int(re.search(r"for (\d+) more|$", line)[1] or 0) for line in lines) == 200


def test_a_list_that_may_not_be_read_ends_the_wait(earth_engine, monkeypatch):
    monkeypatch.setattr(waiting, "_PATIENCE", 0.05)  # a quarter of an hour
    earth_engine.control.arm("status", "projects.operations.list", status=403, message="You may not.", times=999)
    event = fire(trigger())
    assert (event["status"], event["tally"]) == ("unreachable", {})
    assert "PermissionDenied" in event["message"]


def test_a_connection_that_cannot_be_read_at_all_ends_the_wait(monkeypatch, earth_engine):
    monkeypatch.setattr("airflow_provider_ee.triggers.base._PATIENCE_FOR_OPENING", -1.0)  # a quarter of an hour
    waiting = trigger()

    async def cannot_open():
        raise ConnectionError("the supervisor is gone")

    waiting._open_client = cannot_open
    assert fire(waiting)["message"] == "ConnectionError: the supervisor is gone"


def test_a_fault_of_our_own_ends_the_wait(earth_engine, monkeypatch):
    async def broken(client, names, *_, **__):
        if names:
            raise ZeroDivisionError("bug")

    endless(earth_engine)
    started(earth_engine, 2)
    monkeypatch.setattr("airflow_provider_ee.triggers.polling.operations.OperationPoller._poll", broken)
    event = fire(trigger())
    assert (event["status"], event["message"]) == ("unreachable", "ZeroDivisionError: bug")


def test_one_operation_that_vanishes_does_not_end_the_wait_for_the_others(earth_engine, monkeypatch):
    monkeypatch.setattr(waiting, "_PATIENCE_WHEN_NOT_FOUND", 0.05)  # ten minutes
    endless(earth_engine)
    gone, *others = started(earth_engine, 3)

    def vanish():
        earth_engine.control.forget(gone)
        for name in others:
            earth_engine.control.finish(name)

    event = while_waiting(earth_engine, trigger(), vanish)
    assert (event["status"], event["tally"]["succeeded"]) == ("done", 2)


def test_a_ticket_that_nobody_understands_ends_the_wait(earth_engine):
    event = fire(EarthEngineBulkTrigger("[af-?]", project_id="emulator"))
    assert event["status"] == "unreachable"
    assert "ticket: '[af-?]' is not the marker" in event["message"]


def test_a_triggerer_that_starts_anew_goes_on_with_what_airflow_kept(earth_engine):
    endless(earth_engine)
    names = started(earth_engine, 8)
    waiting = trigger(left={"started": 8, "kept": 2})

    async def begin():
        running = asyncio.create_task(anext(aiter(waiting.run())))
        await until(lambda: waiting._progress and listings(earth_engine) > 3)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(begin())
    earth_engine.control.finish(names[0])
    earth_engine.control.configure(time="looks=1")
    again = EarthEngineBulkTrigger(**json.loads(json.dumps(waiting.serialize()[1])))
    assert fire(again)["tally"] == {**NOBODY, "succeeded": 10, "kept": 2, "eecu_seconds": 100.0}


async def _share_a_look(waiting, client):
    waits = [asyncio.create_task(anext(aiter(one.run()))) for one in waiting]
    poller = OperationPoller.shared(waiting[0]._identity, client.open)
    await until(lambda: sum(len(one.monitors) for one in poller._operations.values()) == 2 * 50 + 10)
    before = len(client.asked)
    client.state = "SUCCEEDED"
    await asyncio.gather(*waits)
    return len(client.asked) - before


def test_all_triggers_of_a_project_share_one_look(earth_engine):
    class Listed(FakeClient):
        state = "RUNNING"

        async def send(self, request):
            self.asked.append(request.path)
            operations = [answer(f"projects/p/operations/{number}", self.state) for number in range(50)]
            for number, operation in enumerate(operations):
                operation["metadata"]["description"] = TASK.for_item(str(number)).marker
            return self.page(request, operations)

    client = Listed()
    bulk = [trigger(project_id="p") for _ in range(2)]
    names = [f"projects/p/operations/{number}" for number in range(10)]
    single = [EarthEngineOperationTrigger(name, project_id="p", poll_interval=0.02) for name in names]
    for one in [*bulk, *single]:
        one._open_client = client.open
    assert asyncio.run(_share_a_look([*bulk, *single], client)) == 1
    assert client.opened == 1


def test_the_log_has_one_line_per_interval_and_not_one_per_operation(earth_engine, capsys):
    earth_engine.control.configure(time="looks=12")
    names = started(earth_engine, 8)
    eager = EarthEngineOperationTrigger(names, project_id="emulator", poll_interval=0.02)

    async def wait():
        return await asyncio.gather(*(anext(aiter(one.run())) for one in (trigger(poll_interval=3600.0), eager)))

    asyncio.run(wait())
    lines = [line for line in capsys.readouterr().out.splitlines() if "EarthEngineBulkTrigger" in line]
    assert len(lines) == 1
    assert "8 pending" in lines[0]


def test_the_log_says_how_far_all_is_only_if_that_has_changed(earth_engine, capsys):
    endless(earth_engine, max_running=1)
    names = started(earth_engine, 8)

    def end():
        for name in names:
            earth_engine.control.finish(name)

    while_waiting(earth_engine, trigger(begun=time.time() - 60), end, after=20)
    lines = [line for line in capsys.readouterr().out.splitlines() if "pending" in line]
    assert 1 <= len(lines) <= 3
