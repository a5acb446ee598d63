"""Whatever goes wrong, no secret is ever seen: not in a log, an error, a repr, an XCom, a rendered field, a trigger.

Airflow's masker would hide what it knows of; here it hides nothing, for it does not know everything everywhere.
"""

import asyncio
import json
import logging
import os
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest
import structlog
from airflow.sdk._shared.secrets_masker import _secrets_masker

from airflow_provider_ee.client.http.endpoints import EMULATOR_VARIABLE
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.exports import EarthEngineExportImageToCloudStorageOperator
from airflow_provider_ee.sensors.operations import EarthEngineOperationSensor
from tests.client.auth import keys
from tests.client.auth.token_server import TokenServer
from tests.overhearing import ListeningSupervisor, overhearing
from tests.tasks import fire, resume, run_task
from tests.versions import needs_airflow

# The end of a trigger's event loop interrupts whatever its poller is about, and anyio does not like that.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

OPERATION = "projects/p-project/operations/ABC"
ASSET = "projects/p-project/assets/image"
EXPRESSION = {"result": "0", "values": {"0": {"constantValue": 1}}}
ALWAYS = 10**6


@pytest.fixture(autouse=True)
def _nothing_from_outside(tmp_path, monkeypatch):
    for name in (EMULATOR_VARIABLE, "GOOGLE_CLOUD_PROJECT", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "gcloud"))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("AIRFLOW__EARTHENGINE__FIRST_POLL", "0")


@pytest.fixture(autouse=True)
def _nothing_masked(monkeypatch):
    """`[logging] min_length_masked_secret`, so high that no secret is long enough."""
    _secrets_masker().reset_masker()
    monkeypatch.setattr(_secrets_masker(), "min_length_to_mask", sys.maxsize)


@pytest.fixture
def tokens():
    """A token endpoint whose every token is a canary."""
    given = iter(range(ALWAYS))

    def grant(asked):
        token = f"canary-access-token-{next(given)}"
        if asked.path.endswith(":generateAccessToken"):
            return 200, {"accessToken": token, "expireTime": "2099-01-01T00:00:00Z"}
        return 200, {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}

    with TokenServer() as server:
        server.otherwise = grant
        yield server


@pytest.fixture
def api(shared_emulator):
    """An Earth Engine that the connection leads to with its credentials, as to the real one."""
    shared_emulator.control.reset()
    return shared_emulator


@pytest.fixture
def supervisor():
    return ListeningSupervisor()


@pytest.fixture
def overheard(capfd, supervisor, tokens):
    """All that is seen; at the end of the test, no secret may be in it."""
    with overhearing() as overheard:
        yield overheard
    overheard.hear(*capfd.readouterr(), *supervisor.messages, supervisor)
    assert overheard.holds(secrets(tokens)) == []


def secrets(tokens):
    """Return every line of the key, what all other canaries have in common, and the signatures made with the key."""
    assertions = [asked.fields["assertion"] for asked in tokens.asked if "assertion" in asked.fields]
    return [*keys.key_lines(), "canary", *assertions]


def written(folder, content):
    path = folder / "credentials.json"
    path.write_text(json.dumps(content))
    return str(path)


def subject(folder):
    (folder / "subject").write_text(keys.SUBJECT_TOKEN)
    return {"file": str(folder / "subject")}


def impersonated(url):
    return f"{url.removesuffix('/token')}/v1/projects/-/serviceAccounts/deputy@their-project.iam.gserviceaccount.com:generateAccessToken"


#: It ends at a host of Google's own, which no test reaches.
CHAIN = "key that impersonates"

#: A connection for each kind of credentials, made of the URL of the token endpoint and a folder for files.
SOURCES = {
    "key": lambda url, _: {"keyfile_dict": keys.service_account(token_uri=url)},
    "key as text": lambda url, _: {"keyfile_dict": json.dumps(keys.service_account(token_uri=url))},
    "key by path": lambda url, folder: {"key_path": written(folder, keys.service_account(token_uri=url))},
    "person": lambda url, _: {"user_token": keys.gcloud_user(token_uri=url)},
    "person by path": lambda url, folder: {"user_token": written(folder, keys.gcloud_user(token_uri=url))},
    "workload": lambda url, folder: {
        "credential_config_file": keys.workload(token_url=url, credential_source=subject(folder))
    },
    "workload that impersonates": lambda url, folder: {
        "credential_config_file": keys.workload(
            token_url=url, credential_source=subject(folder), service_account_impersonation_url=impersonated(url)
        )
    },
    CHAIN: lambda url, _: {
        "keyfile_dict": keys.service_account(token_uri=url),
        "impersonation_chain": "deputy@their-project.iam.gserviceaccount.com",
    },
    "Google's connection": lambda url, _: {
        "conn_type": "google_cloud_platform",
        "keyfile_dict": json.dumps(keys.service_account(token_uri=url)),
    },
}


@pytest.fixture
def connect(tokens, api, tmp_path, monkeypatch):
    """Define the connection of all tasks."""

    def define(source="key", conn_type="earthengine", **changes):
        extras = {"project": "p-project", "endpoint": api.url, "num_retries": 0}
        extras |= SOURCES[source](tokens.url(), tmp_path) | changes
        content = {"conn_type": extras.pop("conn_type", conn_type), "extra": extras}
        monkeypatch.setenv("AIRFLOW_CONN_EARTHENGINE_DEFAULT", json.dumps(content))
        # The only way to Google's own hosts ends at the token endpoint, which is no proxy.
        monkeypatch.setenv("HTTPS_PROXY", tokens.url(""))

    return define


def export(**changes):
    words = {
        "task_id": "export",
        "image": EXPRESSION,
        "bucket": "bucket",
        "region": [7, 46, 7.5, 46.25],
        "crs": "EPSG:4326",
        "scale": 1000,
        "poll_interval": 0.05,
        "execution_timeout": timedelta(seconds=1),
    }
    return EarthEngineExportImageToCloudStorageOperator(**{**words, **changes})


def sense(**changes):
    words = {"task_id": "sense", "operation_name": OPERATION, "poke_interval": 0.05, "timeout": 0.2}
    return EarthEngineOperationSensor(**{**words, **changes})


def run(overheard, operator, supervisor, *, meanwhile=lambda: None):
    """Run a task to its end, through a trigger if it defers, and have it killed by a person after that."""
    outcome = run_task(operator, supervisor)
    overheard.hear(outcome, outcome.error, outcome.message, outcome.task, vars(outcome.task))
    if outcome.state == "deferred":
        meanwhile()
        trigger = outcome.trigger
        overheard.hear(trigger, vars(trigger), trigger.serialize())
        event = fire(trigger)
        kill_trigger(overheard, trigger, supervisor)
        overheard.hear(event)
        outcome = resume(operator, supervisor, outcome, event)
        overheard.hear(outcome, outcome.error, outcome.message, vars(outcome.task))
    supervisor.task_state = "failed"
    with supervisor:
        overheard.attempt(outcome.task.on_kill)
    return outcome


def kill_trigger(overheard, trigger, supervisor):
    trigger.task_instance = SimpleNamespace(dag_id="d", task_id="t", run_id="r", map_index=-1)
    with supervisor:
        overheard.attempt(lambda: asyncio.run(trigger.on_kill()))


def use_hook(overheard, hook):
    """Call everything that a hook can do."""
    with hook:
        for call in (
            lambda: hook.export_image(expression=EXPRESSION, description="a"),
            lambda: hook.get_operation(OPERATION),
            lambda: list(hook.list_operations()),
            lambda: hook.wait_for_operation(OPERATION, poll_interval=0, timeout=0),
            lambda: hook.cancel_operation(OPERATION),
            lambda: hook.get_asset(ASSET),
            lambda: hook.encode_pixels(asset_id=ASSET, file_format="PNG"),
            hook.test_connection,
            hook.client,
        ):
            overheard.attempt(call)
        overheard.attempt(lambda: asyncio.run(look_without_a_thread(overheard, hook)))
        overheard.hear(hook, vars(hook))


async def look_without_a_thread(overheard, hook):
    async with await hook.async_client() as client:
        overheard.hear(client, vars(client))
        return await client.send(methods.operations_get(OPERATION))


@pytest.mark.parametrize("source", [source for source in SOURCES if source != CHAIN])
def test_no_secret_is_seen_when_all_goes_well(overheard, connect, supervisor, source):
    connect(source)

    run(overheard, export(deferrable=True), supervisor)
    use_hook(overheard, EarthEngineHook())


QUOTES = "quotes all that it was sent"
TROUBLE_WITH_TOKENS = {
    QUOTES: lambda asked: (
        400,
        {"error": "invalid_grant", "error_description": json.dumps([asked.fields, asked.headers])},
    ),
    "refuses": lambda asked: (403, {"error": {"status": "PERMISSION_DENIED", "message": "No."}}),
    "redirects": lambda asked: (307, "http://127.0.0.1:1/canary"),
    "answers garbage": lambda asked: (200, "<html>canary"),
    "gives a token of two lines": lambda asked: (200, {"access_token": "canary\nline", "expires_in": 3600}),
    "gives a token in no ASCII": lambda asked: (200, {"access_token": "canary-ü", "expires_in": 3600}),
    "gives a token that is no text": lambda asked: (200, {"access_token": {"token": "canary"}, "expires_in": 3600}),
}


#: Google has been seen to quote; the rest is the same for all sources but for those that ask for a second token.
TROUBLE_BY_SOURCE = [(source, QUOTES) for source in SOURCES] + [
    (source, trouble)
    for source in ("key", CHAIN, "workload that impersonates")
    for trouble in TROUBLE_WITH_TOKENS
    if trouble != QUOTES
]


@pytest.mark.parametrize(("source", "trouble"), TROUBLE_BY_SOURCE)
def test_no_secret_is_seen_when_the_token_endpoint(overheard, connect, tokens, supervisor, *, trouble, source):
    connect(source)
    tokens.otherwise = TROUBLE_WITH_TOKENS[trouble]

    run(overheard, export(), supervisor)
    with EarthEngineHook() as hook:
        overheard.attempt(lambda: hook.get_operation(OPERATION))
        overheard.attempt(hook.test_connection)
        overheard.attempt(lambda: asyncio.run(look_without_a_thread(overheard, hook)))


def test_no_secret_is_seen_when_the_token_endpoint_is_down(overheard, connect, tokens, supervisor):
    connect()
    tokens.otherwise = lambda asked: (500, json.dumps([asked.fields, asked.headers]))

    run(overheard, export(), supervisor)


def test_no_secret_is_seen_when_the_token_endpoint_breaks_while_a_task_is_deferred(
    overheard, connect, api, tokens, supervisor
):
    connect()
    api.control.configure(time="looks=99")

    def revoke():
        tokens.otherwise = TROUBLE_WITH_TOKENS[QUOTES]

    run(overheard, export(deferrable=True), supervisor, meanwhile=revoke)


TROUBLE_WITH_THE_API = {
    "401": {"kind": "status", "status": 401, "message": "Request had invalid authentication credentials."},
    "403": {"kind": "status", "status": 403, "message": "Permission denied."},
    "404": {"kind": "status", "status": 404, "message": "Not found."},
    "500": {"kind": "status", "status": 500, "message": "Internal error."},
    "a page": {"kind": "html", "status": 502},
    "garbage": {"kind": "bad-json"},
    "half an answer": {"kind": "truncated"},
    "a reset": {"kind": "reset"},
    "a redirect": {"kind": "redirect", "location": "http://127.0.0.1:1/elsewhere"},
}


@pytest.mark.parametrize("trouble", TROUBLE_WITH_THE_API)
def test_no_secret_is_seen_when_earth_engine_answers_everything_with(overheard, connect, api, supervisor, *, trouble):
    connect()
    api.control.arm(**TROUBLE_WITH_THE_API[trouble], times=ALWAYS)

    run(overheard, export(), supervisor)
    run(overheard, export(deferrable=True), supervisor)
    run(overheard, sense(), supervisor)
    run(overheard, sense(deferrable=True), supervisor)
    use_hook(overheard, EarthEngineHook())


@pytest.mark.parametrize("deferrable", [False, True], ids=["on the worker", "deferred"])
@pytest.mark.parametrize("trouble", ["401", "500", "garbage", "a reset", "a redirect"])
def test_no_secret_is_seen_when_earth_engine_answers_a_look_with(
    overheard, connect, api, supervisor, *, trouble, deferrable
):
    connect()
    api.control.configure(time="looks=99")
    for method in ("projects.operations.get", "projects.operations.cancel"):
        api.control.arm(**TROUBLE_WITH_THE_API[trouble], method=method, times=ALWAYS)

    run(overheard, export(deferrable=deferrable), supervisor)


@pytest.mark.parametrize("deferrable", [False, True], ids=["on the worker", "deferred"])
def test_no_secret_is_seen_when_the_operation_fails(overheard, connect, api, supervisor, *, deferrable):
    connect()
    api.control.plan(code="INVALID_ARGUMENT", message="Export too large.")

    run(overheard, export(deferrable=deferrable), supervisor)
    [operation] = api.control.operations()
    run(overheard, sense(operation_name=operation.name, deferrable=deferrable), supervisor)


WRONG_ARGUMENTS = {
    "image": {"image": "no JSON"},
    "region": {"region": [1]},
    "project": {"project_id": "No Project"},
    "chain": {"impersonation_chain": "nobody"},
    "version": {"api_version": "v9"},
    "request id": {"request_id": "no good"},
    "connection": {"earthengine_conn_id": "no_such_connection"},
}


@pytest.mark.parametrize("wrong", WRONG_ARGUMENTS)
def test_no_secret_is_seen_when_an_argument_is_wrong(overheard, connect, supervisor, *, wrong):
    connect()

    run(overheard, export(**WRONG_ARGUMENTS[wrong]), supervisor)


KEY = json.dumps(keys.service_account())
WRONG_EXTRAS = {
    "half a key": {"keyfile_dict": KEY[:-9]},
    "a key with half a secret": {"keyfile_dict": keys.service_account(private_key=keys.pem(keys.rsa_key())[:-99])},
    "a key that trusts a stranger": {"keyfile_dict": keys.service_account(token_uri="https://canary.example/token")},
    "a key in a list": {"keyfile_dict": [keys.service_account()]},
    "a person for a key": {"keyfile_dict": keys.gcloud_user()},
    "a key and a person": {"user_token": keys.gcloud_user()},
    "a key for a path": {"keyfile_dict": "", "key_path": KEY},
    "a key for a project": {"project": KEY},
    "a key for an endpoint": {"endpoint": KEY},
    "a key for scopes": {"scopes": [KEY]},
    "a key for a chain": {"impersonation_chain": [KEY]},
    "a key for a version": {"api_version": KEY},
    "a key for a number": {"num_retries": KEY},
    "a key for a flag": {"anonymous": KEY},
    "a key for a quota project": {"quota_project_id": KEY},
    "a key for trusted hosts": {"trusted_hosts": [KEY]},
    "a key by another name": {"key": KEY},
    "a password in the endpoint": {"endpoint": "https://me:canary@earthengine.googleapis.com"},
    "a password in no endpoint": {"endpoint": "https://me:canary@earthengine.googleapis.com:port"},
}


@pytest.mark.parametrize("wrong", WRONG_EXTRAS)
def test_no_secret_is_seen_when_a_connection_is_wrong(overheard, connect, supervisor, *, wrong):
    connect(**WRONG_EXTRAS[wrong])

    use_connection(overheard, supervisor)


@needs_airflow("3.2", "its own log shows whatever stands for the type of a connection")
def test_no_secret_is_seen_when_it_stands_for_the_type_of_a_connection(overheard, connect, supervisor):
    connect(conn_type=KEY)

    use_connection(overheard, supervisor)


def use_connection(overheard, supervisor):
    run(overheard, export(), supervisor)
    run(overheard, sense(deferrable=True), supervisor)
    use_hook(overheard, EarthEngineHook())


# The net itself


def fail_because_of(secret):
    try:
        int(secret)
    except ValueError as cause:
        raise RuntimeError("something else") from cause


WAYS_OUT = {
    "log": lambda secret: logging.getLogger("httpcore.http11").debug("said %s", secret),
    "log with extras": lambda secret: logging.getLogger("google.auth").debug("said", extra={"body": {"key": secret}}),
    "log of a task": lambda secret: structlog.get_logger("task").info("said", value=secret),
    "standard output": lambda secret: os.write(1, secret.encode()),
    "standard error": lambda secret: os.write(2, secret.encode()),
    "cause of an error": fail_because_of,
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_a_secret_that_gets_out_is_heard(capfd, way):
    with overhearing() as overheard:
        overheard.attempt(lambda: WAYS_OUT[way]("canary"))
    overheard.hear(*capfd.readouterr())

    assert overheard.holds(["canary"]) != []


@pytest.mark.parametrize("shown", ["file_name_prefix", "description"])
def test_a_secret_in_a_rendered_field_is_heard(connect, supervisor, shown):
    connect()
    run_task(export(**{shown: "canary"}, wait_for_completion=False), supervisor)

    with overhearing() as overheard:
        overheard.hear(*supervisor.messages)

    assert overheard.holds(["canary"]) != []
