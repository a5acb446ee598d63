"""Earth Engine and the token endpoint are away for minutes while many tasks wait: nobody gives up."""

import json
import time

import pytest

from tests.airflow.polling import until
from tests.chaos.invariants import judge
from tests.chaos.pace import ENDLESS
from tests.chaos.report import diary, table
from tests.chaos.work import Work
from tests.client.auth import keys
from tests.client.auth.token_server import TokenServer

WITHOUT_END = 1_000_000
TOKENS_LAST = 30
LOOKS = ("projects.operations.get", "projects.operations.list")


@pytest.fixture(scope="module")
def token_server():
    with TokenServer() as server:
        server.expires_in = TOKENS_LAST
        yield server


@pytest.fixture(scope="module")
def settings(emulator, token_server):
    """A service account, whose tokens the local server gives out."""
    key = keys.service_account(token_uri=token_server.url())
    extra = {"project": "demo-project", "endpoint": emulator.url, "keyfile_dict": key}
    connection = {"conn_type": "earthengine", "extra": extra}
    return {
        "AIRFLOW_CONN_EARTHENGINE_DEFAULT": json.dumps(connection),
        "AIRFLOW__EARTHENGINE__FIRST_POLL": "5",
    }


def looks(emulator, wanted):
    """How many looks were answered so."""
    return sum(entry.status == wanted for method in LOOKS for entry in emulator.control.ledger.entries(method))


def test_every_task_outlives_an_outage_of_earth_engine_and_of_the_token_endpoint(
    airflow, emulator, token_server, chance, amount
):
    say = diary()
    emulator.control.configure(time=ENDLESS)
    work = Work(airflow, emulator.control)
    waiting = 10 * amount(4, 20)
    work.start("ten_exports", waiting // 10)
    work.wait_for_states("deferred", timeout=900)
    until(lambda: looks(emulator, 200), timeout=60, waiting_for="the triggerer to look")
    give, answered, tokens = token_server.otherwise, looks(emulator, 200), len(token_server.asked)

    kinds = chance.sample(["status", "reset", "html"], 3)
    phases = [chance.uniform(12, 20) * amount(1, 6) for _ in kinds]
    token_server.otherwise = lambda asked: (503, {"error": "temporarily_unavailable"})
    for kind, seconds in zip(kinds, phases, strict=True):
        emulator.control.disarm()
        emulator.control.arm(kind, times=WITHOUT_END)
        say(f"Earth Engine is away for {seconds:.0f} s: {kind}")
        time.sleep(seconds)
    say(f"{looks(emulator, 200) - answered} looks were answered, {len(token_server.asked) - tokens} tokens asked for")
    assert len(token_server.asked) > tokens, "Nobody needed a token, so its outage showed nothing."

    emulator.control.disarm()
    token_server.otherwise = give
    end, answered = time.monotonic(), looks(emulator, 200)
    until(lambda: looks(emulator, 200) > answered, timeout=120, waiting_for="the triggerer to look again")
    say(f"looked at again after {time.monotonic() - end:.1f} s")
    emulator.control.configure(time="at once")
    work.wait(timeout=900)
    judgement = judge(work)
    actions = {"tasks that waited": waiting, "seconds of outage": round(sum(phases))}
    table("an outage of API and tokens", actions, judgement, time.monotonic() - end)
    assert not judgement.complaints, airflow.logs()
