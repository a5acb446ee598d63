"""Google's own client, initialised from connections, against the emulator."""

import sys

import pytest

from airflow_provider_ee.client.errors import (
    EarthEngineError,
    InvalidArgument,
    PermissionDenied,
    Transient,
    Unauthenticated,
)
from airflow_provider_ee.client.http.endpoints import EMULATOR_TOKEN, EMULATOR_VARIABLE
from airflow_provider_ee.emulator.state.ledger import digest
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from tests.hooks.google import TOKEN
from tests.versions import needs_ee


@pytest.fixture(autouse=True)
def _left_as_it_was():
    """Leave an `ee` that knows no connection."""
    import ee

    ee.Reset()
    yield
    ee.Reset()


@pytest.fixture
def service(shared_emulator):
    shared_emulator.control.reset()
    return shared_emulator


@pytest.fixture
def to_emulator(connect, service, key):
    """Define connections that go to the emulator with the key of a service account."""

    def define(conn_id="earthengine_default", **extras):
        words = {"project": "my-project", "keyfile_dict": key, "endpoint": service.url, "num_retries": 0}
        connect(conn_id, **{**words, **extras})

    return define


def initialize(conn_id="earthengine_default", **told):
    return EarthEngineHook(conn_id, **told).initialize_ee()


def asked(service):
    return [(entry.method, entry.path) for entry in service.control.ledger.entries()]


def test_functions_of_earth_engine_can_be_called_as_the_connection_says(to_emulator, service):
    to_emulator()

    ee = initialize()

    assert ee.Number(1).add(2).getInfo() == 3
    functions, computation = [entry for entry in service.control.ledger.entries() if entry.method]
    assert functions.bearer == computation.bearer == digest(TOKEN)
    assert computation.path == "/v1/projects/my-project/value:compute"


def test_the_project_that_is_asked_pays(to_emulator, service):
    to_emulator()

    initialize(project_id="another-project")

    assert service.control.ledger.entries()[-1].quota_project == "another-project"


def test_the_connections_quota_project_pays_in_its_place(to_emulator, service):
    to_emulator(quota_project_id="paying-project")

    initialize()

    assert service.control.ledger.entries()[-1].quota_project == "paying-project"


def test_a_connection_can_leave_it_to_the_credentials_who_pays(to_emulator, service):
    to_emulator(quota_project_id="none")
    service.control.configure(user_project="optional")

    initialize()

    assert service.control.ledger.entries()[-1].quota_project == ""


def test_a_description_of_the_api_is_asked_for_as_ee_does_it_and_at_nobodys_cost(google, connect, key):
    connect(project="my-project", quota_project_id="paying-project", keyfile_dict=key, endpoint=google.url)

    with pytest.raises(EarthEngineError):
        initialize()

    ((path, headers, _),) = google.asked
    assert path.startswith("/$discovery/rest")
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert "airflow" not in headers["user-agent"]
    assert "x-goog-user-project" not in headers


def test_the_emulator_of_the_environment_gets_a_token_that_is_none(connect, key, service, monkeypatch):
    connect(project="my-project", keyfile_dict=key, endpoint="high-volume")
    monkeypatch.setenv(EMULATOR_VARIABLE, service.host)

    ee = initialize()

    assert ee.Number(1).getInfo() == 1
    assert {entry.bearer for entry in service.control.ledger.entries() if entry.method} == {digest(EMULATOR_TOKEN)}


@needs_ee("1.7")
def test_what_is_for_this_machine_goes_through_no_proxy(to_emulator, service, monkeypatch):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    to_emulator()

    assert initialize().Number(1).getInfo() == 1


def test_an_anonymous_connection_sends_no_token(to_emulator, service):
    to_emulator(keyfile_dict=None, anonymous=True)

    assert initialize().Number(1).getInfo() == 1
    assert {entry.bearer for entry in service.control.ledger.entries()} == {""}


def test_what_is_initialised_the_same_way_is_not_initialised_again(to_emulator, service):
    to_emulator()
    first = initialize()
    before = asked(service)

    assert initialize() is first
    assert asked(service) == before


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"project": "another-project"}, id="another project"),
        pytest.param({"keyfile_dict": None, "anonymous": True}, id="other credentials"),
        pytest.param({"quota_project_id": "paying-project"}, id="another project that pays"),
    ],
)
def test_another_connection_initialises_it_anew(to_emulator, service, change):
    to_emulator()
    to_emulator("other", **change)
    initialize()
    before = asked(service)

    initialize("other")

    assert len(asked(service)) == 2 * len(before)


def test_what_somebody_else_initialised_since_is_initialised_again(to_emulator, service):
    from google.oauth2.credentials import Credentials

    to_emulator()
    ee = initialize()
    ee.Initialize(credentials=Credentials("somebody else's"), url=service.url, project="another-project")

    initialize()

    assert ee.Number(1).getInfo() == 1
    last = service.control.ledger.entries()[-1]
    assert (last.bearer, last.quota_project) == (digest(TOKEN), "my-project")


def test_a_token_that_earth_engine_refuses_is_replaced(to_emulator, service, google):
    to_emulator()
    ee = initialize()
    service.control.accept_token(TOKEN, user="robot", expired=True)
    google.token_endpoint = lambda _: (
        200,
        {"access_token": "another-token", "expires_in": 3600, "token_type": "Bearer"},
    )

    assert ee.Number(1).getInfo() == 1
    assert service.control.ledger.entries()[-1].bearer == digest("another-token")


@needs_ee("1.6")
def test_credentials_go_only_where_the_connection_sends_them(to_emulator, google):
    to_emulator()
    credentials = initialize().data._get_state().credentials
    headers = {}

    with pytest.raises(InvalidArgument, match="credentials are not sent to http://127"):
        credentials.before_request(None, "GET", f"{google.url}/v1/projects/my-project", headers)

    assert headers == {}


def test_a_host_that_is_not_trusted_is_refused_before_anything_is_sent(to_emulator, google):
    to_emulator(endpoint="https://earthengine.example.com")

    with pytest.raises(InvalidArgument) as caught:
        initialize()

    assert "connection earthengine_default: extra.endpoint" in str(caught.value)
    assert "trusted_hosts" in str(caught.value)


def test_a_refusal_of_earth_engine_names_the_permission(to_emulator, service):
    to_emulator()
    service.control.accept_token(TOKEN, user="robot", missing=["earthengine.computations.create"])

    with pytest.raises(PermissionDenied, match=r"needs the permission earthengine\.computations\.create"):
        initialize()


@pytest.mark.parametrize("method", ["projects.algorithms.list", "*"], ids=["the functions", "the description"])
def test_passing_trouble_is_worth_another_try(to_emulator, service, method):
    to_emulator()
    service.control.arm("status", method, status=503)

    with pytest.raises(Transient, match="currently unavailable"):
        initialize()


def test_a_service_that_cannot_be_reached_is_passing_trouble(to_emulator):
    to_emulator(endpoint="http://127.0.0.1:9")

    with pytest.raises(Transient, match="ee cannot be initialised"):
        initialize()


def test_what_failed_half_way_does_not_count_as_initialised(to_emulator, service):
    to_emulator()
    service.control.arm("status", "projects.algorithms.list", status=503)
    with pytest.raises(Transient):
        initialize()

    initialize()

    functions = service.control.ledger.entries("projects.algorithms.list")
    assert [entry.status for entry in functions] == [503, 200]


def test_a_key_that_google_refuses_is_no_passing_trouble_and_is_not_shown(to_emulator, google, key):
    to_emulator()
    google.token_endpoint = lambda _: (400, {"error": "invalid_grant"})

    with pytest.raises(Unauthenticated) as caught:
        initialize()

    assert "robot@key-project" in str(caught.value)
    assert "PRIVATE KEY" not in str(caught.value)


def test_without_ee_the_error_says_how_to_install_it(to_emulator, monkeypatch):
    to_emulator()
    monkeypatch.setitem(sys.modules, "ee", None)

    with pytest.raises(EarthEngineError, match=r"pip install 'airflow-provider-ee\[ee\]'$"):
        initialize()
