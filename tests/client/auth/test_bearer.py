import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from google.auth.credentials import AnonymousCredentials
from google.oauth2.credentials import Credentials

from airflow_provider_ee.client.auth.bearer import GoogleAuth
from airflow_provider_ee.client.auth.credentials import load_credentials
from airflow_provider_ee.client.errors import InvalidArgument, Transient, Unauthenticated
from tests.client.auth import keys
from tests.client.auth.token_server import TokenServer

ORIGIN = "https://earthengine.googleapis.com"
URL = f"{ORIGIN}/v1/projects/p/operations"


class Api:
    """Earth Engine, as far as it looks at who calls: remembers the headers, refuses the tokens in `revoked`."""

    def __init__(self):
        self.seen = []
        self.bodies = []
        self.revoked = set()

    def __call__(self, request):
        self.seen.append(request.headers.copy())
        self.bodies.append(request.content)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return httpx.Response(401 if token in self.revoked else 200, json={})

    @property
    def tokens(self):
        return [headers["authorization"].removeprefix("Bearer ") for headers in self.seen]


class Clock:
    def __init__(self):
        self.ahead = timedelta()

    def __call__(self):
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def server():
    with TokenServer() as running:
        yield running


@pytest.fixture
def api():
    return Api()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def make_auth(clock):
    made = []

    def make(server, **options):
        credentials = load_credentials(keyfile_dict=keys.service_account(token_uri=server.url()))
        made.append(GoogleAuth(credentials, origin=ORIGIN, now=clock, **options))
        return made[-1]

    yield make
    for auth in made:
        auth.close()


@pytest.fixture
def auth(server, make_auth):
    return make_auth(server)


def finish_refreshes():
    """Wait for the refreshes that nobody waits for."""
    for thread in threading.enumerate():
        if thread.name == "earthengine-auth":
            thread.join()


def sync_get(auth, api, times=1, url=URL):
    with httpx.Client(auth=auth, transport=httpx.MockTransport(api)) as client:
        return [client.get(url) for _ in range(times)]


async def async_get(auth, api, times=1, url=URL):
    async with httpx.AsyncClient(auth=auth, transport=httpx.MockTransport(api)) as client:
        return await asyncio.gather(*(client.get(url) for _ in range(times)))


@pytest.fixture(params=["sync", "async"])
def get(request):
    """Send requests by both kinds of client, each async call in a new event loop."""
    if request.param == "sync":
        return sync_get
    return lambda *args, **options: asyncio.run(async_get(*args, **options))


# One token for all


def test_a_request_carries_the_token(get, auth, api):
    get(auth, api)
    assert api.tokens == ["token-1"]
    assert "x-goog-user-project" not in api.seen[0]


def test_who_pays_is_not_said_by_the_credentials(server, get, api):
    auth = GoogleAuth(load_credentials(user_credentials=keys.gcloud_user(token_uri=server.url())), origin=ORIGIN)
    get(auth, api)
    auth.close()
    assert "x-goog-user-project" not in api.seen[0]


def test_a_token_is_used_again_by_other_clients_and_event_loops(get, auth, api, server):
    for _ in range(3):
        get(auth, api, times=2)
    assert api.tokens == ["token-1"] * 6
    assert len(server.asked) == 1


def test_a_token_that_came_with_the_credentials_is_used(get, api):
    told = []
    auth = GoogleAuth(Credentials(token="given"), origin=ORIGIN, on_token=told.append)
    get(auth, api)
    assert api.tokens == told == ["given"]


def test_anonymous_credentials_attach_nothing(get, api):
    get(GoogleAuth(AnonymousCredentials(), origin=ORIGIN), api)
    assert "authorization" not in api.seen[0]


def test_every_new_token_is_told_before_it_is_used(get, server, make_auth, api):
    told = []
    auth = make_auth(server, on_token=lambda token: told.append((token, len(api.seen))))
    api.revoked = {"token-1"}
    get(auth, api)
    assert told == [("token-1", 0), ("token-2", 1)]


def test_a_listener_that_fails_leaves_nobody_waiting(get, server, make_auth, api):
    def fail(token):
        raise LookupError("no masker")

    auth = make_auth(server, on_token=fail)
    with pytest.raises(LookupError, match="no masker"):
        get(auth, api)


# One refresh for all


@pytest.mark.anyio
async def test_a_hundred_tasks_with_an_expired_token_cause_one_refresh(auth, api, server, clock):
    await async_get(auth, api)
    clock.ahead = timedelta(hours=2)
    server.expires_in = 4 * 3600
    answers = await async_get(auth, api, times=100)
    assert [answer.status_code for answer in answers] == [200] * 100
    assert api.tokens == ["token-1"] + ["token-2"] * 100
    assert len(server.asked) == 2


def test_fifty_threads_with_an_expired_token_cause_one_refresh(auth, api, server, clock):
    sync_get(auth, api)
    clock.ahead = timedelta(hours=2)
    server.expires_in = 4 * 3600
    together = threading.Barrier(50)

    def send(_):
        together.wait()
        return sync_get(auth, api)[0].status_code

    with ThreadPoolExecutor(50) as pool:
        assert set(pool.map(send, range(50))) == {200}
    assert len(server.asked) == 2


def test_threads_and_event_loops_share_one_refresh(auth, api, server):
    server.open.clear()
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(sync_get, auth, api) for _ in range(4)]
        sent += [pool.submit(lambda: asyncio.run(async_get(auth, api))) for _ in range(4)]
        server.arrived.wait()
        server.open.set()
        assert [future.result()[0].status_code for future in sent] == [200] * 8
    assert len(server.asked) == 1


def test_a_token_that_expires_in_the_middle_of_a_run_is_replaced(get, auth, api, server):
    server.expires_in = 0
    for _ in range(3):
        get(auth, api)
    assert api.tokens == ["token-1", "token-2", "token-3"]


@pytest.mark.anyio
async def test_the_event_loop_runs_on_while_the_endpoint_is_stuck(auth, api, server):
    server.open.clear()
    waiting = asyncio.create_task(async_get(auth, api))
    await asyncio.to_thread(server.arrived.wait)
    ticks = [await asyncio.sleep(0, tick) for tick in range(100)]
    assert ticks == list(range(100))
    assert not waiting.done()
    server.open.set()
    [answer] = await waiting
    assert answer.status_code == 200


@pytest.mark.anyio
async def test_the_stuck_endpoint_of_one_connection_does_not_stop_another(server, make_auth):
    server.open.clear()
    with TokenServer() as other_server:
        stuck_auth, other_auth, stuck_api, other_api = make_auth(server), make_auth(other_server), Api(), Api()
        stuck = [asyncio.create_task(async_get(stuck_auth, stuck_api)) for _ in range(20)]
        await asyncio.to_thread(server.arrived.wait)
        answers = await async_get(other_auth, other_api, times=20)
        assert [answer.status_code for answer in answers] == [200] * 20
        assert stuck_api.seen == []
        server.open.set()
        await asyncio.gather(*stuck)


@pytest.mark.anyio
async def test_a_task_that_gives_up_waiting_does_not_give_up_for_the_others(auth, api, server):
    server.open.clear()
    impatient, patient = (asyncio.create_task(async_get(auth, api)) for _ in range(2))
    await asyncio.to_thread(server.arrived.wait)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    server.open.set()
    [answer] = await patient
    assert answer.status_code == 200


def test_an_event_loop_that_ends_while_it_waits_leaves_the_refresh_to_the_next(auth, api, server):
    async def give_up():
        task = asyncio.create_task(async_get(auth, api))
        await asyncio.to_thread(server.arrived.wait)
        task.cancel()

    server.open.clear()
    asyncio.run(give_up())
    server.open.set()
    [answer] = asyncio.run(async_get(auth, api))
    assert answer.status_code == 200
    assert len(server.asked) == 1


# Renewal before the end


def test_near_its_end_a_token_is_used_on_while_the_next_one_is_fetched(get, auth, api, server, clock):
    get(auth, api)
    server.open.clear()
    server.arrived.clear()
    clock.ahead = timedelta(seconds=3600 - 200)
    get(auth, api, times=3)
    server.arrived.wait()
    get(auth, api)
    assert api.tokens == ["token-1"] * 5
    server.open.set()
    finish_refreshes()
    get(auth, api)
    assert api.tokens[-1] == "token-2"
    assert len(server.asked) == 2


def test_short_lived_tokens_are_not_renewed_at_every_request(get, auth, api, server):
    server.expires_in = 200
    for _ in range(3):
        get(auth, api)
    finish_refreshes()
    assert len(server.asked) == 1


def test_an_early_renewal_that_fails_is_logged_and_put_off(auth, api, server, clock, caplog):
    sync_get(auth, api)
    clock.ahead = timedelta(seconds=3600 - 200)
    server.otherwise = lambda asked: (400, {"error": "invalid_grant"})
    for _ in range(5):
        [answer] = sync_get(auth, api)
        finish_refreshes()
        assert answer.status_code == 200
    assert len(server.asked) == 2
    [message] = [record.getMessage() for record in caplog.records if record.name.endswith(".tokens")]
    assert "cannot be renewed" in message
    clock.ahead = timedelta(seconds=3600 - 50)
    sync_get(auth, api)
    finish_refreshes()
    assert len(server.asked) == 3


# Refused tokens


def test_a_token_that_is_refused_is_replaced_and_the_request_sent_again(get, auth, api, server):
    api.revoked = {"token-1"}
    [answer] = get(auth, api)
    assert answer.status_code == 200
    assert api.tokens == ["token-1", "token-2"]


def test_the_second_refusal_is_for_the_caller(get, auth, api, server):
    api.revoked = {"token-1", "token-2"}
    [answer] = get(auth, api)
    assert answer.status_code == 401
    assert api.tokens == ["token-1", "token-2"]


def test_the_body_goes_out_again_unchanged(auth, api):
    api.revoked = {"token-1"}
    with httpx.Client(auth=auth, transport=httpx.MockTransport(api)) as client:
        client.post(URL, content=b'{"a":1}')
    assert api.bodies == [b'{"a":1}'] * 2


@pytest.mark.anyio
async def test_a_token_that_is_refused_to_a_hundred_tasks_is_replaced_once(auth, api, server):
    api.revoked = {"token-1"}
    answers = await async_get(auth, api, times=100)
    assert [answer.status_code for answer in answers] == [200] * 100
    assert len(server.asked) == 2


def test_tokens_that_are_revoked_again_and_again_are_replaced_each_time(get, auth, api):
    for number in range(1, 5):
        api.revoked.add(f"token-{number}")
        [answer] = get(auth, api)
        assert answer.status_code == 200


# Failures


def test_a_revoked_key_is_named_without_the_key_in_it(auth, api, server):
    server.answers.append((400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}))
    with pytest.raises(Unauthenticated, match=f"{keys.ROBOT}: Invalid JWT Signature") as caught:
        sync_get(auth, api)
    assert not [line for line in keys.key_lines() if line in str(caught.value)]
    assert api.seen == []


@pytest.mark.anyio
async def test_a_failure_is_told_to_all_who_wait_and_the_next_one_tries_again(auth, api, server):
    server.open.clear()
    server.answers.append((400, {"error": "invalid_grant"}))
    waiting = [asyncio.create_task(async_get(auth, api)) for _ in range(20)]
    await asyncio.to_thread(server.arrived.wait)
    server.open.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Unauthenticated}
    assert len(server.asked) == 1
    [answer] = await async_get(auth, api)
    assert answer.status_code == 200


def test_a_token_endpoint_that_is_gone_is_transient(make_auth, api):
    with TokenServer() as gone:
        auth = make_auth(gone)
    with pytest.raises(Transient):
        sync_get(auth, api)


# Where credentials go


@pytest.mark.parametrize(
    "url",
    [
        "https://earthengine.googleapis.com.evil.com/v1",
        "https://evil.com/v1",
        "http://earthengine.googleapis.com/v1",
        "https://earthengine.googleapis.com:8443/v1",
        "https://earthengine.googleapis.com@evil.com/v1",
        "https://storage.googleapis.com/v1",
    ],
)
def test_a_request_to_anywhere_else_is_refused(get, auth, api, server, url):
    with pytest.raises(InvalidArgument, match="credentials are not sent to"):
        get(auth, api, url=url)
    assert api.seen == []
    assert server.asked == []


@pytest.mark.parametrize("origin", [ORIGIN, f"{ORIGIN}:443/v1", httpx.URL(ORIGIN)], ids=str)
def test_an_origin_is_known_in_every_form(server, api, origin):
    auth = GoogleAuth(Credentials(token="given"), origin=origin)
    assert sync_get(auth, api)[0].status_code == 200


# Secrets


def test_neither_token_nor_key_is_in_a_log_or_a_repr(get, auth, api, server, caplog):
    caplog.set_level(logging.DEBUG)
    server.otherwise = lambda asked: (200, {"access_token": "canary-token", "expires_in": 3600})
    get(auth, api)
    seen = f"{caplog.text}{auth!r}{vars(auth)}{vars(auth._tokens)}{api.seen}"
    assert not [secret for secret in keys.secrets() if secret in seen]
    assert api.tokens == ["canary-token"]
