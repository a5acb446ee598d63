"""Connections that end in time, and that use a proxy only where one belongs."""

import httpx
import pytest
from google.oauth2.credentials import Credentials

from airflow_provider_ee.client.auth.token_transport import TokenRequests
from airflow_provider_ee.client.errors import InvalidArgument, Transient
from airflow_provider_ee.client.http import base
from airflow_provider_ee.client.http.retry import RetryPolicy
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.transport import TimeLimit, Transport, is_loopback
from tests.client.auth.token_server import TokenServer
from tests.client.dripping import dripping_server
from tests.client.pixels.earth import scene

LOOK = methods.operations_get("projects/p/operations/A")
PIXELS = methods.assets_get_pixels("projects/p/assets/a", body={"fileFormat": "NPY"})
SCENE = methods.assets_get_pixels(
    "projects/earthengine-public/assets/EMULATOR/S2",
    body={"fileFormat": "NPY", "bandIds": ["B4"], "grid": scene(0, 0, 400, 300)},
)
ONCE = RetryPolicy(attempts=1)


@pytest.fixture
def server():
    with TokenServer() as running:
        yield running


@pytest.fixture
def proxy(server, monkeypatch):
    """A proxy in the environment, which sees all that it is given."""
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", server.url(""))
    return server


def ask(url):
    requests = TokenRequests()
    try:
        return requests(url, method="POST", body=b"")
    finally:
        requests.close()


def test_the_proxy_of_the_environment_is_used(proxy):
    assert ask("http://sts.example/token").status == 200
    assert proxy.asked[0].path == "http://sts.example/token"


def test_nothing_for_this_machine_goes_through_a_proxy(driver, proxy):
    with TokenServer() as here:
        driver.send(None, LOOK, endpoint=here.url(""), transport=None, credentials=Credentials("secret"))
        ask(here.url())
    assert proxy.asked == []
    assert [asked.path for asked in here.asked] == ["/v1/projects/p/operations/A", "/token"]


def test_no_proxy_is_used_for_a_host_that_is_excepted(proxy, monkeypatch):
    monkeypatch.setenv("no_proxy", "sts.example")
    transport = Transport(httpx.URL("http://sts.example"), httpx.Limits())
    assert "Proxy" not in type(transport._pool).__name__
    transport.close()


def test_a_proxy_that_cannot_be_one_is_blamed_on_its_variable_and_not_shown(monkeypatch):
    monkeypatch.setenv("https_proxy", "gopher://user:canary@proxy.example")
    with pytest.raises(InvalidArgument, match=r"^HTTPS_PROXY: ") as caught:
        Transport(httpx.URL("https://earthengine.googleapis.com"), httpx.Limits())
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("in_headers", [False, True], ids=["in its body", "in its headers"])
def test_an_answer_that_drips_ends_in_time(driver, monkeypatch, in_headers):
    monkeypatch.setattr(base, "_LOOK_SECONDS", 0.5)
    with dripping_server(in_headers=in_headers) as url, pytest.raises(Transient, match="ReadTimeout"):
        driver.send(None, LOOK, endpoint=url, transport=None, retry=ONCE)


def test_a_stream_that_drips_ends_in_time(driver, monkeypatch):
    monkeypatch.setattr(base, "_COMPUTE_SECONDS", 0.5)
    with dripping_server() as url, pytest.raises(Transient, match="ReadTimeout"):
        driver.stream(None, PIXELS, endpoint=url, transport=None, retry=ONCE)


def test_what_arrives_adds_time_but_never_more_than_there_was():
    limit = TimeLimit(60.0)
    limit.count(waited=50.0, received=2_000_000)
    assert limit.next_wait() == 30.0
    limit.count(waited=1.0, received=1_000_000_000)
    assert limit.next_wait() == 60.0


def test_what_is_there_already_is_read_though_no_time_is_left():
    limit = TimeLimit(60.0)
    limit.count(waited=61.0, received=0)
    assert 0.0 < limit.next_wait() < 0.1


def test_an_answer_that_is_not_packed_is_read_in_large_pieces(driver, shared_emulator, monkeypatch):
    monkeypatch.setattr(base, "_PIECE", 1000)
    first, *others = driver.stream(None, SCENE, endpoint=shared_emulator.url, transport=None)
    assert len(first) + sum(map(len, others)) > 200_000
    assert max(map(len, others)) <= 1000


@pytest.mark.parametrize(
    ("host", "is_it"),
    [("localhost", True), ("127.0.0.1", True), ("127.9.9.9", True), ("[::1]", True), ("::1", True)]
    + [(host, False) for host in ("10.0.0.1", "localhost.example", "169.254.169.254", "example")],
)
def test_this_machine_is_known_by_its_name_and_its_addresses(host, is_it):
    assert is_loopback(host) is is_it
