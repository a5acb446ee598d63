"""Both clients, by one body of tests: what goes over the wire, what is sent again, what never is."""

import asyncio
import gzip
import inspect
import json
import threading

import httpx
import pytest
from google.auth.credentials import AnonymousCredentials
from google.oauth2.credentials import Credentials

from airflow_provider_ee.client.errors import (
    EarthEngineError,
    InvalidArgument,
    InvalidRequest,
    NotFound,
    Transient,
    Unauthenticated,
)
from airflow_provider_ee.client.http import clients
from airflow_provider_ee.client.http.clients import AsyncClient, Client
from airflow_provider_ee.client.http.endpoints import EMULATOR_VARIABLE
from airflow_provider_ee.client.http.limits import Limits
from airflow_provider_ee.client.http.retry import RetryPolicy
from airflow_provider_ee.client.operations import listing
from airflow_provider_ee.client.rest import flows, methods
from airflow_provider_ee.client.warnings import RestrictedProjectWarning
from tests.client.drivers import AT_ONCE, Script, refusal

LOOK = methods.operations_get("projects/p/operations/A")
EXPORT = methods.image_export("projects/p", body={"requestId": "r"})
COPY = methods.assets_copy("projects/p/assets/a", body={"destinationName": "projects/p/assets/b"})
PIXELS = methods.assets_get_pixels("projects/p/assets/a", body={"fileFormat": "NPY"})

OK = {"name": "projects/p/operations/A"}

BREAKS = [
    pytest.param(httpx.ReadError("reset"), id="reset"),
    pytest.param(httpx.ReadTimeout("slow"), id="read timeout"),
    pytest.param(httpx.WriteTimeout("slow"), id="write timeout"),
    pytest.param(httpx.RemoteProtocolError("cut"), id="truncated"),
    pytest.param(httpx.DecodingError("not gzip"), id="broken compression"),
]
UNMADE = [
    pytest.param(httpx.ConnectError("refused"), id="refused"),
    pytest.param(httpx.ConnectTimeout("slow"), id="connect timeout"),
]


class Bytes(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body as it is, which httpx does not pack or unpack before it is read."""

    def __init__(self, content):
        self.content = content

    def __iter__(self):
        yield self.content

    async def __aiter__(self):
        yield self.content


def public(kind):
    members = inspect.getmembers(kind, inspect.isfunction)
    return {name: inspect.signature(member) for name, member in members if not name.startswith("_") and name != "sleep"}


def test_both_clients_have_the_same_methods_with_the_same_arguments():
    sync, asynchronous = public(Client), public(AsyncClient)
    assert sync.keys() == asynchronous.keys() == {"send", "run", "stream", "stream_once", "with_options", "close"}
    for name, signature in sync.items():
        assert [*signature.parameters] == [*asynchronous[name].parameters]


@pytest.mark.parametrize(
    ("request_", "verb", "url"),
    [
        (LOOK, "GET", "https://earthengine.googleapis.com/v1/projects/p/operations/A"),
        (EXPORT, "POST", "https://earthengine.googleapis.com/v1/projects/p/image:export"),
        (PIXELS, "POST", "https://earthengine.googleapis.com/v1alpha/projects/p/assets/a:getPixels"),
        (
            methods.operations_list("projects/p", pageSize=5),
            "GET",
            "https://earthengine.googleapis.com/v1/projects/p/operations?pageSize=5",
        ),
    ],
    ids=["get", "export", "pixels in their seed version", "query"],
)
def test_a_request_goes_where_the_table_says(driver, request_, verb, url):
    script = Script(httpx.Response(200, json=OK))
    driver.send(script, request_)
    assert (script.asked[0].method, str(script.asked[0].url)) == (verb, url)


def test_one_version_overrides_all(driver):
    script = Script(httpx.Response(200, content=b"pixels"))
    driver.send(script, PIXELS, api_version="v1beta")
    assert script.asked[0].url.path.startswith("/v1beta/")


def test_a_version_that_there_is_not_is_refused():
    with pytest.raises(InvalidArgument, match=r"^api_version: 'v2' is not a version of Earth Engine's API"):
        Client("p", credentials=AnonymousCredentials(), api_version="v2")


@pytest.mark.parametrize(
    ("endpoint", "host"),
    [
        ("high-volume", "earthengine-highvolume.googleapis.com"),
        ("https://earthengine-p.private.googleapis.com", "earthengine-p.private.googleapis.com"),
        ("http://localhost:1", "localhost"),
    ],
)
def test_an_endpoint_is_a_name_or_a_trusted_url(driver, endpoint, host):
    script = Script(httpx.Response(200, json=OK))
    driver.send(script, LOOK, endpoint=endpoint)
    assert script.asked[0].url.host == host


@pytest.mark.parametrize("endpoint", ["https://evil.example", "http://earthengine.googleapis.com", "fast", "http://["])
def test_credentials_go_nowhere_else(endpoint):
    with pytest.raises(InvalidArgument, match=r"^endpoint: "):
        Client("p", credentials=AnonymousCredentials(), endpoint=endpoint)


def test_a_token_is_not_sent_over_plain_http_though_the_host_is_trusted():
    with pytest.raises(InvalidArgument, match="tokens are not sent over plain http"):
        Client("p", credentials=Credentials("t"), endpoint="http://ee.example", trusted_hosts=["http://ee.example"])


def test_without_credentials_plain_http_will_do(driver):
    script = Script(httpx.Response(200, json=OK))
    driver.send(script, LOOK, endpoint="http://ee.example", trusted_hosts=["http://ee.example"])
    assert script.asked[0].url.host == "ee.example"


@pytest.mark.parametrize(
    ("quota_project", "payer"),
    [(None, "my-project"), ("paying-project", "paying-project"), ("none", None)],
    ids=["the project that is asked", "another one", "nothing is said"],
)
@pytest.mark.parametrize("credentials", [None, "credentials-project"], ids=["plain", "with a project of their own"])
def test_a_request_names_the_project_that_pays(driver, quota_project, payer, credentials):
    script = Script(httpx.Response(200, json=OK))
    driver.send(script, LOOK, credentials=Credentials("t", quota_project_id=credentials), quota_project=quota_project)
    assert script.asked[0].headers.get("x-goog-user-project") == payer


@pytest.mark.parametrize("wrong", ["", "my project", "earthengine-legacy"])
def test_a_project_that_cannot_pay_is_refused(wrong):
    with pytest.raises(InvalidArgument, match=r"^quota_project: "):
        Client("p", credentials=AnonymousCredentials(), quota_project=wrong)


def test_a_host_of_ones_own_can_be_trusted(driver):
    script = Script(httpx.Response(200, json=OK))
    driver.send(script, LOOK, endpoint="https://ee.example", trusted_hosts=["ee.example"])
    assert script.asked[0].url.host == "ee.example"


def test_the_environment_points_everything_at_an_emulator(driver, monkeypatch):
    monkeypatch.setenv(EMULATOR_VARIABLE, "localhost:8085")
    script = Script(httpx.Response(200, json=OK))
    driver.send(script, LOOK, credentials=None)
    assert str(script.asked[0].url).startswith("http://localhost:8085/v1/")


def test_an_emulator_gets_a_token_that_is_none_as_some_refuse_requests_without(driver, monkeypatch):
    monkeypatch.setenv(EMULATOR_VARIABLE, "emulator:8085")
    script = Script(httpx.Response(200, json=OK))
    driver.send(script, LOOK, credentials=Credentials("a-real-token"))
    assert script.asked[0].headers["authorization"] == "Bearer emulator"


def test_an_emulator_may_be_on_another_host_for_it_gets_no_credentials(driver, monkeypatch):
    monkeypatch.setenv(EMULATOR_VARIABLE, "emulator:8085")
    script = Script(httpx.Response(200, json=OK))
    driver.send(script, LOOK)
    assert script.asked[0].url.host == "emulator"


@pytest.mark.parametrize("wrong", ["ftp://x", "//", ":", "http://"])
def test_an_address_of_an_emulator_that_is_none_is_blamed_on_the_variable(wrong, monkeypatch):
    monkeypatch.setenv(EMULATOR_VARIABLE, wrong)
    with pytest.raises(InvalidArgument, match=r"^EARTHENGINE_EMULATOR_HOST: "):
        Client("p", credentials=AnonymousCredentials())


@pytest.mark.parametrize("request_", [LOOK, EXPORT], ids=["a read", "an export with a request id"])
@pytest.mark.parametrize("broken", [*BREAKS, *UNMADE])
def test_what_is_repeatable_survives_a_broken_connection(driver, request_, broken):
    script = Script(broken, broken, httpx.Response(200, json=OK))
    assert driver.send(script, request_) == OK
    assert len({request.content for request in script.asked}) == 1


@pytest.mark.parametrize("broken", BREAKS)
def test_what_could_do_work_twice_is_never_sent_twice(driver, broken):
    script = Script(broken)
    with pytest.raises(Transient, match=r"projects\.assets\.copy on projects/p/assets/a"):
        driver.send(script, COPY)
    assert len(script.asked) == 1


@pytest.mark.parametrize("status", [500, 503])
def test_what_could_do_work_twice_is_not_sent_again_after_an_answer_either(driver, status):
    script = Script(refusal(status, "busy"))
    with pytest.raises(Transient):
        driver.send(script, COPY)


def test_what_was_refused_for_its_rate_has_started_nothing_and_is_sent_again(driver):
    script = Script(refusal(429, "busy"), httpx.Response(200, json=OK))
    assert driver.send(script, COPY) == OK


@pytest.mark.parametrize("unmade", UNMADE)
def test_what_never_left_is_sent_again_whatever_it_is(driver, unmade):
    assert driver.send(Script(unmade, httpx.Response(200, json=OK)), COPY) == OK


@pytest.mark.parametrize(
    ("first", "after_lost_answer"),
    [
        (lambda: httpx.ReadError("reset"), True),
        (lambda: refusal(503, "busy"), True),
        (lambda: refusal(429, "many"), False),
    ],
    ids=["reset", "503", "429"],
)
def test_an_error_tells_whether_an_earlier_answer_was_lost(driver, first, after_lost_answer):
    script = Script(first(), refusal(400, "A different Operation was already started"))
    with pytest.raises(EarthEngineError) as caught:
        driver.send(script, EXPORT)
    assert caught.value.after_lost_answer is after_lost_answer


def test_attempts_are_capped_and_the_last_error_is_told(driver):
    script = Script(*[refusal(503, f"busy {number}") for number in range(4)])
    with pytest.raises(Transient, match="busy 3"):
        driver.send(script, LOOK)
    assert AT_ONCE.attempts == len(script.asked) == 4


def test_a_caller_may_say_how_time_passes_and_end_what_is_waited_for():
    class Stopped(Exception):
        pass

    def stop(seconds):
        raise Stopped

    transport = httpx.MockTransport(lambda _: refusal(503, "busy"))
    with Client("p", credentials=AnonymousCredentials(), transport=transport) as client:
        client.sleep = stop
        with pytest.raises(Stopped):
            client.send(LOOK)


def test_total_time_is_capped(driver):
    script = Script(refusal(503, "busy"))
    with pytest.raises(Transient):
        driver.send(script, LOOK, retry=RetryPolicy(total_seconds=0.0))
    assert len(script.asked) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_a_permanent_refusal_is_not_argued_with(driver, status):
    script = Script(refusal(status, "no"))
    with pytest.raises(EarthEngineError, match="no"):
        driver.send(script, LOOK)
    assert len(script.asked) == 1


def test_a_truncated_body_is_asked_for_again(driver):
    script = Script(httpx.Response(200, content=b'{"name": "proj'), httpx.Response(200, json=OK))
    assert driver.send(script, LOOK) == OK


def test_a_redirect_is_not_followed(driver):
    script = Script(httpx.Response(302, headers={"location": "https://evil.example"}))
    with pytest.raises(InvalidRequest):
        driver.send(script, LOOK)
    assert len(script.asked) == 1


def test_an_answer_that_swells_without_end_is_refused(driver):
    bomb = httpx.Response(200, content=b"x" * 2000)
    with pytest.raises(InvalidRequest, match="longer than 1,000 bytes"):
        driver.send(Script(bomb), LOOK, limits=Limits(longest_answer=1000))


@pytest.mark.parametrize("packing", ["gzip, gzip", "br", "zstd", "deflate"])
def test_an_answer_is_not_unpacked_but_from_gzip_and_once(driver, packing):
    packed = gzip.compress(gzip.compress(b"{}"))
    answers = [httpx.Response(200, headers={"content-encoding": packing}, stream=Bytes(packed)) for _ in range(4)]
    with pytest.raises(Transient, match="which was not asked for"):
        driver.send(Script(*answers), LOOK)


def test_an_answer_may_be_packed_by_gzip(driver):
    packed = gzip.compress(json.dumps(OK).encode())
    answer = httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Bytes(packed))
    assert driver.send(Script(answer), LOOK) == OK


def test_application_default_credentials_are_looked_for_off_the_event_loop(monkeypatch):
    threads = []

    def load(**_):
        threads.append(threading.current_thread())
        return AnonymousCredentials()

    monkeypatch.setattr(clients, "load_credentials", load)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=OK))

    async def look():
        async with AsyncClient("p", transport=transport) as client:
            assert threads == []
            return await asyncio.gather(client.send(LOOK), client.send(LOOK))

    assert asyncio.run(look()) == [OK, OK]
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


RESTRICTED = {"x-earth-engine-quota-status": "eecu_used=1,parallelism_restricted=true"}


def test_a_project_in_restricted_mode_is_warned_of_once_in_a_process(driver):
    project = f"restricted-{driver.kind}"
    script = Script(*[httpx.Response(200, headers=RESTRICTED, json=OK) for _ in range(2)])
    with pytest.warns(RestrictedProjectWarning, match=f"Project {project} .* restricted mode"):
        driver.send(script, LOOK, quota_project=project)
    assert driver.send(script, LOOK, quota_project=project) == OK  # a warning would be an error


@pytest.mark.filterwarnings("ignore::airflow_provider_ee.client.warnings.RestrictedProjectWarning")
def test_a_client_knows_whether_its_project_is_in_restricted_mode_now():
    answers = [httpx.Response(200, headers=headers, json=OK) for headers in (RESTRICTED, {})]
    with Client("p", credentials=AnonymousCredentials(), transport=httpx.MockTransport(Script(*answers))) as client:
        seen = [client.restricted]
        for _ in answers:
            client.send(LOOK)
            seen.append(client.restricted)
    assert seen == [False, True, False]


def test_a_401_without_credentials_is_an_error_at_once(driver):
    script = Script(refusal(401, "who are you?"))
    with pytest.raises(Unauthenticated, match="who are you"):
        driver.send(script, LOOK)


def test_a_flow_is_sent_answers_and_thrown_errors(driver):
    def flow():
        first = yield LOOK
        try:
            yield EXPORT
        except NotFound as error:
            yield flows.Pause(0.0)
            return first, error.message

    script = Script(httpx.Response(200, json=OK), refusal(404, "gone"))
    assert driver.run(script, flow()) == (OK, "gone")


def test_an_error_that_a_flow_does_not_catch_is_the_callers(driver):
    with pytest.raises(NotFound):
        driver.run(Script(refusal(404, "gone")), listing.list_operations("projects/p"))


def test_who_streams_once_sends_it_again_by_himself(driver):
    script = Script(refusal(503, "busy"), httpx.Response(200, content=b"pixels"))
    with pytest.raises(Transient, match="busy"):
        driver.stream(script, PIXELS, verb="stream_once")
    assert driver.stream(script, PIXELS, verb="stream_once") == [b"pixels"]


def test_a_file_is_streamed_in_chunks(driver):
    chunks = driver.stream(Script(refusal(503, "busy"), httpx.Response(200, content=b"pixels")), PIXELS)
    assert b"".join(chunks) == b"pixels"


def test_a_stream_that_cannot_be_opened_says_why(driver):
    with pytest.raises(NotFound, match="gone"):
        driver.stream(Script(refusal(404, "gone")), PIXELS)


def test_an_answer_may_be_slow_where_earth_engine_computes(driver):
    script = Script(httpx.Response(200, json=OK), httpx.Response(200, json=OK))
    driver.send(script, LOOK)
    assert script.asked[0].extensions["timeout"]["read"] == 60.0
    compute = Script(httpx.Response(200, content=b""))
    driver.send(compute, PIXELS)
    assert compute.asked[0].extensions["timeout"]["read"] > 300.0
    assert compute.asked[0].extensions["timeout"]["pool"] is None


def test_no_more_requests_are_under_way_than_the_limit_allows():
    lock, under_way, most = threading.Lock(), 0, 0
    full = threading.Barrier(3)

    def handler(request):
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        full.wait(timeout=30)
        with lock:
            under_way -= 1
        return httpx.Response(200, json=OK)

    transport = httpx.MockTransport(handler)
    limits = Limits(in_flight=3, per_second=1e6)
    with Client("p", credentials=AnonymousCredentials(), transport=transport, limits=limits) as client:
        threads = [threading.Thread(target=client.send, args=[LOOK]) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == 3


def test_a_client_can_be_used_without_knowing_of_airflow():
    with Client(project="p", credentials=AnonymousCredentials(), transport=httpx.MockTransport(Script())) as client:
        assert client.project == "p"
