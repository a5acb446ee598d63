"""Whatever Earth Engine and the token endpoint answer for a while, no wait ends for it."""

import asyncio
import json

import pytest

from airflow_provider_ee.client.http.endpoints import EMULATOR_VARIABLE
from airflow_provider_ee.triggers.operations import EarthEngineOperationTrigger
from tests.client.auth import keys
from tests.client.auth.token_server import TokenServer
from tests.triggers.fakes import until

# The end of an event loop interrupts whatever a poller is about, and anyio does not like that.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

GET, LIST = "projects.operations.get", "projects.operations.list"


def triggers(earth_engine, count, project="emulator", **options):
    operations = earth_engine.control.seed_operations(project, count)
    return [
        EarthEngineOperationTrigger(
            operation.name, **{"project_id": project, "poll_interval": 0.02, "deadline": None, **options}
        )
        for operation in operations
    ]


def events_of(waiting):
    """Run triggers in one event loop, as a triggerer does, and return how each of them ended."""

    async def all_of_them():
        async with asyncio.timeout(60):
            return await asyncio.gather(*(anext(aiter(trigger.run())) for trigger in waiting))

    return [event.payload["status"] for event in asyncio.run(all_of_them())]


@pytest.fixture
def tokens():
    with TokenServer() as server:
        yield server


@pytest.fixture
def use_key(earth_engine, tokens, monkeypatch):
    """Edit the connection: from now on it has a key whose tokens come from this path of the token endpoint."""

    def use(path):
        extras = {
            "project": "p-project",
            "endpoint": earth_engine.url,
            "keyfile_dict": keys.service_account(token_uri=tokens.url(path)),
        }
        connection = {"conn_type": "earthengine", "extra": extras}
        monkeypatch.setenv("AIRFLOW_CONN_EARTHENGINE_DEFAULT", json.dumps(connection))

    monkeypatch.delenv(EMULATOR_VARIABLE)
    return use


@pytest.fixture
def _with_a_key(use_key):
    """A connection with a service account's key, whose tokens come from the token endpoint on loopback."""
    use_key("/token")


@pytest.mark.usefixtures("_with_a_key")
def test_two_hundred_survive_an_outage_of_earth_engine_and_the_token_endpoint_and_say_so_once_at_most(
    earth_engine, tokens, capsys
):
    earth_engine.control.configure(time="looks=3")
    faults = [
        earth_engine.control.arm("status", LIST, status=503, times=6, retry_after="0"),
        earth_engine.control.arm("reset", LIST, times=2),
        earth_engine.control.arm("status", LIST, status=401, message="Expired."),
    ]

    def down_from_the_second_token_on(asked):
        if 1 < len(tokens.asked) < 6:
            return 503, {}
        return tokens._grant(asked)

    tokens.otherwise = down_from_the_second_token_on
    assert events_of(triggers(earth_engine, 200, "p-project")) == ["done"] * 200
    assert all(fault.shown()["spent"] for fault in faults)
    assert len(tokens.asked) >= 6
    assert 0 < capsys.readouterr().out.count("Cannot poll just now, trying again") <= 200


@pytest.mark.parametrize("count", [2, 12], ids=["one by one", "in a list"])
def test_a_key_that_was_rotated_is_picked_up_while_triggers_wait(earth_engine, tokens, use_key, monkeypatch, count):
    monkeypatch.setattr("airflow_provider_ee.triggers.polling.shared._REFUSED_CLIENT_SECONDS", 0.01)  # a minute
    earth_engine.control.configure(time="looks=9999")
    use_key("/old")
    waiting = triggers(earth_engine, count, "p-project")

    def rotated(asked):
        return (400, {"error": "invalid_grant"}) if asked.path == "/old" else tokens._grant(asked)

    async def wait():
        events = asyncio.gather(*(anext(aiter(trigger.run())) for trigger in waiting))
        await until(lambda: len(earth_engine.control.ledger.entries()) > 9)
        use_key("/new")
        tokens.otherwise = rotated
        for method in (GET, LIST):
            earth_engine.control.arm("status", method, status=401, message="Deleted key.", times=3)
        await until(lambda: "/new" in {asked.path for asked in tokens.asked})
        for operation in earth_engine.control.operations():
            earth_engine.control.finish(operation.name)
        return [event.payload["status"] for event in await events]

    assert asyncio.run(wait()) == ["done"] * count


GARBAGE = [
    pytest.param({"kind": "html", "status": 502}, id="an error page of a proxy"),
    pytest.param({"kind": "truncated"}, id="half of an answer"),
    pytest.param({"kind": "bad-json"}, id="an answer that is no JSON"),
    pytest.param({"kind": "status", "status": 401, "message": "No."}, id="a token that is refused"),
    pytest.param({"kind": "status", "status": 403, "message": "No."}, id="a permission that is missing for a moment"),
    pytest.param({"kind": "status", "status": 404, "message": "No."}, id="operations that are not known yet"),
    pytest.param({"kind": "status", "status": 429, "retry_after": "0"}, id="too many requests"),
    pytest.param({"kind": "redirect", "location": "https://example.com"}, id="a redirect"),
    pytest.param({"kind": "empty"}, id="an answer without anything"),
    pytest.param({"kind": "malformed"}, id="operations that make no sense"),
    pytest.param({"kind": "same-page"}, id="a list that leads back to where it came from"),
    pytest.param({"kind": "endless-pages"}, id="pages without anything"),
]


@pytest.mark.parametrize("count", [2, 12], ids=["one by one", "in a list"])
@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage_is_waited_out(earth_engine, garbage, count):
    earth_engine.control.configure(time="looks=2")
    armed = [earth_engine.control.arm(method=method, times=3, **garbage) for method in (GET, LIST)]
    assert events_of(triggers(earth_engine, count)) == ["done"] * count
    assert any(fault.met for fault in armed)


@pytest.mark.parametrize("count", [2, 12], ids=["one by one", "in a list"])
def test_operations_that_are_seen_late_are_waited_for(earth_engine, count):
    earth_engine.control.configure(list_lag="looks=3", get_lag="looks=3", time="looks=2")
    assert events_of(triggers(earth_engine, count)) == ["done"] * count


@pytest.mark.parametrize("count", [2, 12], ids=["one by one", "in a list"])
def test_only_done_is_an_end_whatever_the_state_says(earth_engine, count):
    earth_engine.control.configure(time="looks=9999")
    waiting = triggers(earth_engine, count)
    names = [name for trigger in waiting for name in trigger.operation_names]
    for name in names:
        earth_engine.control.distort(name, {"metadata.state": "SUCCEEDED_IN_PRINCIPLE"})

    async def wait():
        events = asyncio.gather(*(anext(aiter(trigger.run())) for trigger in waiting))
        while len(earth_engine.control.ledger.entries()) < 9:  # noqa: ASYNC110  # another thread fills it
            await asyncio.sleep(0.01)
        assert not events.done()
        for name in names:
            earth_engine.control.finish(name)
        return [event.payload["states"] for event in await events]

    assert asyncio.run(wait()) == [["SUCCEEDED_IN_PRINCIPLE"]] * count


@pytest.mark.parametrize("dropped", [["metadata"], ["name"], ["metadata.state"]], ids=str)
def test_an_answer_may_lack_anything_but_its_end(earth_engine, dropped):
    earth_engine.control.configure(time="looks=2")
    names = [operation.name for operation in earth_engine.control.seed_operations("emulator", 2)]
    for name in names:
        earth_engine.control.distort(name, dropped=dropped)
    waiting = EarthEngineOperationTrigger(names, project_id="emulator", poll_interval=0.02)
    assert events_of([waiting]) == ["done"]


@pytest.mark.parametrize("name", [7, {"a": 1}, ["x"], None, ""], ids=str)
def test_an_entry_of_the_list_that_makes_no_sense_harms_nobody(earth_engine, name):
    earth_engine.control.configure(time="looks=2")
    [odd] = earth_engine.control.seed_operations("emulator")
    earth_engine.control.distort(odd.name, {"name": name})
    assert events_of(triggers(earth_engine, 12)) == ["done"] * 12


def test_a_page_that_is_refused_leaves_names_to_be_asked_for(earth_engine):
    waiting = triggers(earth_engine, 6)
    earth_engine.control.seed_operations("emulator", 600)
    refused = earth_engine.control.arm(
        "status", LIST, status=400, message="The page token is invalid.", skip=1, times=2
    )
    assert events_of(waiting) == ["done"] * 6
    assert refused.met == 2
    assert len(earth_engine.control.ledger.entries(GET)) == 6


def test_triggers_run_in_one_event_loop_after_another(earth_engine):
    for _ in range(3):
        assert events_of(triggers(earth_engine, 12)) == ["done"] * 12
