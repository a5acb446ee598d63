import inspect
import json
import subprocess
import sys
import textwrap

import pytest

from airflow_provider_ee.client import Client
from airflow_provider_ee.client.errors import InvalidArgument, NotFound, OperationFailed, TimedOut
from airflow_provider_ee.hooks.calls import NAMES
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from tests.hooks.google import TOKEN

OPERATION = "projects/p/operations/ABC"
FILES = {"fileFormat": "GEO_TIFF", "cloudStorageDestination": {"bucket": "bucket"}}
EXPRESSION = {"result": "0", "values": {"0": {"constantValue": 1}}}


@pytest.fixture
def hook(google, connect, key):
    connect(project="p", keyfile_dict=key, endpoint=google.url, num_retries=0)
    with EarthEngineHook() as hook:
        yield hook


def test_making_a_hook_needs_no_connection_no_socket_and_no_google_auth():
    program = (
        "import sys\n"
        "sys.modules['google.auth'] = sys.modules['google.oauth2'] = None\n"
        "from airflow_provider_ee.hooks.earthengine import EarthEngineHook\n"
        "def refuse(event, _):\n"
        "    assert not event.startswith(('socket.', 'sqlite3.')), event\n"
        "sys.addaudithook(refuse)\n"
        "EarthEngineHook('no_such_connection', 'p', 'a@x', 'v1')\n"
        "print([name for name in ('numpy', 'ee', 'airflow_provider_ee.client.http.clients') if name in sys.modules])"
    )

    made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert made.stdout.strip() == "[]"


def test_the_client_is_opened_once_and_anew_after_a_close(hook):
    first = hook.client()
    assert hook.client() is first

    hook.close()

    assert hook.client() is not first


def test_closing_a_hook_that_was_never_used_does_nothing():
    EarthEngineHook("no_such_connection").close()


def test_a_request_carries_the_token_of_the_connections_key(hook, google):
    google.answers[f"/v1/{OPERATION}"] = (200, {"name": OPERATION})

    hook.get_operation("ABC")

    ((_, headers, _),) = google.asked
    assert headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.anyio
async def test_each_async_client_is_a_new_one_that_asks_as_the_same_account(hook, google):
    google.answers[f"/v1/{OPERATION}"] = (200, {"name": OPERATION})
    from airflow_provider_ee.client.rest import methods

    async with await hook.async_client() as one, await hook.async_client() as other:
        assert one is not other
        await one.send(methods.operations_get(OPERATION))

    ((_, headers, _),) = google.asked
    assert headers["authorization"] == f"Bearer {TOKEN}"


def test_an_export_is_started_with_the_fields_of_the_request(hook, google):
    google.answers["/v1/projects/p/image:export"] = (200, {"name": OPERATION, "metadata": {"state": "PENDING"}})

    operation = hook.export_image(expression=json.dumps(EXPRESSION), description="ndvi", file_export_options=FILES)

    ((_, _, body),) = google.asked
    sent = json.loads(body)
    assert operation.state == "PENDING"
    assert (sent["expression"], sent["fileExportOptions"]) == (EXPRESSION, FILES)
    assert sent["description"].startswith("ndvi;")
    assert sent["requestId"]


def test_an_export_without_an_expression_is_refused_before_anything_is_sent(hook, google):
    with pytest.raises(InvalidArgument, match="expression"):
        hook.export_image(expression={"no": "expression"}, description="x", file_export_options=FILES)

    assert google.asked == []


@pytest.mark.parametrize("name", ["ABC", OPERATION])
def test_an_operation_is_found_by_its_name_or_by_its_id(hook, google, name):
    google.answers[f"/v1/{OPERATION}"] = (200, {"name": OPERATION, "metadata": {"state": "RUNNING"}})

    assert hook.get_operation(name).state == "RUNNING"


def test_all_pages_of_operations_are_listed(hook, google):
    first = "/v1/projects/p/operations?pageSize=500"
    google.answers[first] = (200, {"operations": [{"name": "a"}], "nextPageToken": "next"})
    google.answers[f"{first}&pageToken=next"] = (200, {"operations": [{"name": "b"}]})

    assert [operation.name for operation in hook.list_operations()] == ["a", "b"]


def test_waiting_returns_an_operation_that_succeeded(hook, google):
    google.answers[f"/v1/{OPERATION}"] = (200, {"name": OPERATION, "done": True, "metadata": {"state": "SUCCEEDED"}})

    assert hook.wait_for_operation("ABC").succeeded


def test_waiting_for_an_operation_that_fails_says_so_in_earth_engines_words(hook, google):
    failed = {"name": OPERATION, "done": True, "error": {"code": 3, "message": "Export too large."}}
    google.answers[f"/v1/{OPERATION}"] = (200, failed)

    with pytest.raises(OperationFailed, match=r"Export too large\."):
        hook.wait_for_operation("ABC")


def test_waiting_ends_when_the_time_is_up(hook, google):
    google.answers[f"/v1/{OPERATION}"] = (200, {"name": OPERATION, "metadata": {"state": "RUNNING"}})

    with pytest.raises(TimedOut):
        hook.wait_for_operation("ABC", timeout=0)


def test_an_operation_is_cancelled(hook, google):
    google.answers[f"/v1/{OPERATION}:cancel"] = (200, {})

    hook.cancel_operation("ABC")

    assert google.paths == [f"/v1/{OPERATION}:cancel"]


def test_an_asset_is_described_by_the_id_that_people_know(hook, google):
    path = "projects/earthengine-public/assets/USGS/SRTMGL1_003"
    google.answers[f"/v1/{path}"] = (200, {"name": path, "type": "IMAGE"})

    assert hook.get_asset("USGS/SRTMGL1_003")["type"] == "IMAGE"


def test_an_asset_that_does_not_exist_is_an_error_of_its_own(hook):
    with pytest.raises(NotFound):
        hook.get_asset("projects/p/assets/missing")


def test_the_hook_has_every_method_of_the_client_that_asks_for_something():
    plumbing = {"close", "fetch_pixels", "run", "send", "sleep", "stream", "stream_once", "with_options"}
    methods = {name for name, _ in inspect.getmembers(Client, inspect.isfunction) if not name.startswith("_")}

    assert sorted(methods - plumbing) == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_help_of_the_hook_is_that_of_the_client(name):
    assert inspect.signature(getattr(EarthEngineHook, name)) == inspect.signature(getattr(Client, name))


def test_the_connection_of_the_hook_is_its_client(hook):
    assert hook.get_conn() is hook.client()


def test_the_example_of_the_hook_runs(earth_engine):
    text = inspect.getdoc(EarthEngineHook)
    example = textwrap.dedent(text[text.index("    with EarthEngineHook") : text.index("Args:")])
    image = {"result": "0", "values": {"0": {"functionInvocationValue": {
        "functionName": "Image.load", "arguments": {"id": {"constantValue": "EMULATOR/DEM"}}}}}}  # fmt: skip
    found = {"EarthEngineHook": EarthEngineHook, "image": image}
    exec(example, found)  # noqa: S102  # it is our own
    assert found["operation"].succeeded


def test_naming_a_method_opens_no_client(hook, google):
    assert callable(hook.get_asset)
    assert google.asked == []
    assert hook._client is None
