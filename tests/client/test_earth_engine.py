"""The clients that people without Airflow use, against an Earth Engine made up beforehand, and against the emulator."""

import asyncio
import inspect
import json
import re
import warnings

import httpx
import numpy as np
import pytest
from google.auth.credentials import AnonymousCredentials

from airflow_provider_ee.client import (
    AlreadyExists,
    AsyncClient,
    AsyncOperationHandle,
    Client,
    DoubtfulArgumentWarning,
    EmptyResultWarning,
    InvalidArgument,
    OperationFailed,
    OperationHandle,
    QueueFull,
    RetryPolicy,
    TimedOut,
    Transient,
    exports,
)
from airflow_provider_ee.client.imports import requests as imports
from tests.client.drivers import AT_ONCE, refusal
from tests.client.pixels.earth import S2, TinyEarth, image, load, scene, truth

REGION = [11.0, 47.5, 11.05, 47.53]
IMAGE = image(load(S2))
EXPORTS = [name for name in exports.__all__ if inspect.isclass(getattr(exports, name)) and name != "Export"]


def method_of(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Script:
    """A transport that answers with what a function makes of each request, and keeps what was asked."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    def __call__(self, request):
        self.asked.append(request)
        answer = self.answer(len(self.asked), request)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    @property
    def bodies(self):
        return [json.loads(request.content) for request in self.asked]

    def client(self, kind=Client, **options):
        options = {"credentials": AnonymousCredentials(), "retry": AT_ONCE, **options}
        return kind("my-project", transport=httpx.MockTransport(self), **options)


def operation(number, request=None, **metadata):
    return {"name": f"projects/my-project/operations/OP{number}", "metadata": {"state": "PENDING", **metadata}}


@pytest.fixture
def earth(earth_engine):
    return earth_engine


@pytest.fixture
def client(earth):
    with Client("my-project") as opened:
        yield opened


# What there is


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("name", [*EXPORTS, "ImportImage", "ImportTable", "ImportExternalImage"])
def test_every_export_and_import_is_a_method_with_its_arguments(kind, name):
    method, call = getattr(kind, method_of(name)), getattr(exports, name, None) or getattr(imports, name)
    assert [*inspect.signature(method).parameters] == ["self", *inspect.signature(call).parameters]


def methods(kind):
    return {name: member for name, member in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}


def test_both_clients_have_the_same_methods_with_the_same_arguments():
    theirs = methods(AsyncClient)
    assert methods(Client).keys() | {"aclose", "sleep"} == theirs.keys() | {"sleep"}
    for name, method in methods(Client).items():
        if name != "sleep":
            assert [*inspect.signature(method).parameters] == [*inspect.signature(theirs[name]).parameters]


@pytest.mark.parametrize("name", sorted(methods(Client)))
def test_the_help_of_a_method_explains_every_argument(name):
    method = methods(Client)[name]
    said = inspect.getdoc(method) or ""
    arguments = [argument for argument in inspect.signature(method).parameters if argument != "self"]
    unexplained = [argument for argument in arguments if not re.search(rf"^    {argument}: ", said, re.MULTILINE)]
    assert name in {"run", "send", "stream", "stream_once", "fetch_pixels"} or unexplained == []
    assert not re.search(r"^ +project: ", said, re.MULTILINE)


def test_a_client_shows_its_project_and_nothing_secret():
    with Script(operation).client() as client:
        assert repr(client) == "<Client of my-project at https://earthengine.googleapis.com>"


# Starting


def test_each_call_has_a_request_id_of_its_own_and_keeps_it_when_it_is_repeated():
    script = Script(lambda number, request: refusal(503, "busy") if number == 1 else operation(number))
    with script.client() as client:
        for _ in range(2):
            client.export_image_to_drive(image=IMAGE, region=REGION, scale=30)
    first, again, other = (body["requestId"] for body in script.bodies)
    assert first == again != other


def test_without_a_description_there_is_one_that_no_other_export_has():
    script = Script(operation)
    with script.client() as client:
        for _ in range(2):
            client.export_image_to_cloud_storage(image=IMAGE, bucket="my-bucket", region=REGION, scale=30)
    first, second = (body["description"].partition(";")[0] for body in script.bodies)
    assert first != second
    assert re.fullmatch(r"image_to_cloud_storage-\d{8}-\d{6}-[0-9a-f]{6}", first)


def test_the_handle_says_where_the_result_goes():
    with Script(operation).client() as client:
        handle = client.export_image_to_cloud_storage(
            image=IMAGE, bucket="my-bucket", file_name_prefix="a/b", region=REGION, scale=30
        )
    assert isinstance(handle, OperationHandle)
    assert handle.result()["uri_prefix"] == "gs://my-bucket/a/b"
    assert (handle.name, handle.id, handle.state, handle.done) == (
        "projects/my-project/operations/OP1", "OP1", "PENDING", False
    )  # fmt: skip
    assert "OP1" in repr(handle)


def test_a_description_may_stay_as_it_is():
    script = Script(operation)
    with script.client(marks_descriptions=False) as client:
        client.export_image_to_drive(image=IMAGE, description="mine", region=REGION, scale=30)
    assert script.bodies[0]["description"] == "mine"


def test_a_wrong_argument_is_named_before_anything_is_sent():
    script = Script(operation)
    with script.client() as client, pytest.raises(InvalidArgument, match="scale: -1"):
        client.export_image_to_drive(image=IMAGE, region=REGION, scale=-1)
    assert script.asked == []


def test_what_is_probably_not_meant_is_a_warning():
    with Script(operation).client() as client, pytest.warns(DoubtfulArgumentWarning, match="max_pixels"):
        client.export_image_to_drive(image=IMAGE, region=REGION, scale=0.1, max_pixels=10)


def test_a_full_queue_is_an_error_at_once():
    full = refusal(429, "There are too many tasks already in the queue (3000).", "RESOURCE_EXHAUSTED")
    with Script(lambda *_: full).client() as client, pytest.raises(QueueFull):
        client.export_image_to_drive(image=IMAGE, region=REGION, scale=30)


@pytest.mark.parametrize("duplicates", ["invalid", "already-exists", "same-operation"])
def test_an_operation_whose_answer_is_lost_is_found_and_not_started_twice(earth, client, duplicates):
    earth.control.configure(duplicate_request_id=duplicates)
    earth.control.arm("reset", method="projects.image.export", after_work=True)
    handle = client.export_image_to_cloud_storage(
        image=IMAGE, bucket="my-bucket", file_name_prefix="a", region=REGION, scale=100
    )
    assert [one.name for one in client.list_operations()] == [handle.name]


def test_without_a_marker_a_lost_answer_is_an_error(earth):
    earth.control.configure(duplicate_request_id="invalid")
    earth.control.arm("reset", method="projects.image.export", after_work=True)
    with Client("my-project", marks_descriptions=False) as client, pytest.raises(AlreadyExists):
        client.export_image_to_drive(image=IMAGE, description="mine", region=REGION, scale=100)


@pytest.mark.parametrize("kind", ["table", "image"])
def test_an_import_is_started_like_an_export(kind):
    script = Script(operation)
    uri, name = (
        {"table": "gs://my-bucket/a.csv", "image": "gs://my-bucket/a.tif"}[kind],
        f"projects/my-project/assets/{kind}",
    )
    with script.client() as client:
        handle = getattr(client, f"import_{kind}")(asset_id=name, uris=[uri])
    assert handle.result()["asset_id"] == name
    assert script.bodies[0]["requestId"]


def test_an_image_of_files_that_stay_where_they_are_is_an_asset_at_once():
    name = "projects/my-project/assets/image"

    def answer(number, request):
        return refusal(404, "no") if number == 1 else {"name": name, "type": "IMAGE"}

    with Script(answer).client() as client:
        assert client.import_external_image(asset_id=name, uris=["gs://my-bucket/a.tif"])["name"] == name


# Waiting


def test_a_handle_is_waited_for_and_then_has_its_result(client):
    handle = client.export_image_to_cloud_storage(
        image=IMAGE, bucket="my-bucket", file_name_prefix="a", region=REGION, scale=100, crs="EPSG:32632"
    )
    lines = []
    assert handle.wait(timeout=60, poll_interval=0.01, log=lines.append) is handle
    assert (handle.done, handle.succeeded, handle.result()["state"]) == (True, True, "SUCCEEDED")
    assert lines


def test_waiting_ends_in_time_and_the_operation_goes_on():
    script = Script(operation)
    with script.client() as client, pytest.raises(TimedOut):
        client.get_operation("OP1").wait(timeout=0.01, poll_interval=0.01)


def test_an_operation_that_failed_is_an_error():
    failed = {**operation(1, state="FAILED"), "done": True, "error": {"code": 3, "message": "No bands."}}
    with Script(lambda *_: failed).client() as client:
        handle = client.get_operation("OP1")
        with pytest.raises(OperationFailed, match="No bands"):
            handle.wait()
        with pytest.raises(OperationFailed, match="No bands"):
            handle.result()
    assert (handle.done, handle.succeeded, handle.error) == (True, False, "No bands.")


def test_a_handle_is_refreshed_and_cancelled():
    def answer(number, request):
        return {} if request.url.path.endswith(":cancel") else operation(1, state="RUNNING", progress=number / 10)

    with Script(answer).client() as client:
        handle = client.get_operation("OP1")
        assert handle.refresh().progress == 0.2
        assert handle.cancel()


def test_operations_are_cancelled_by_criteria(earth, client):
    earth.control.configure(time="looks=1000")
    for name in ("a1", "a2", "b"):
        client.export_image_to_drive(image=IMAGE, description=name, region=REGION, scale=100)
    assert len(client.cancel_operations(description_prefix="a", dry_run=True)) == 2
    assert len(client.cancel_operations(description_prefix="a")) == 2
    with pytest.raises(InvalidArgument, match="every operation of the project"):
        client.cancel_operations()


# Lists


def pages_of_assets(number, request):
    return {"assets": [{"name": f"projects/p/assets/{number}", "type": "IMAGE"}], "nextPageToken": str(number)}


def test_a_list_asks_only_for_what_is_wanted_of_it():
    script = Script(pages_of_assets)
    with script.client() as client:
        listing = client.list_assets("projects/p/assets/folder")
        assert script.asked == []
        assert next(listing)["name"] == "projects/p/assets/1"
        assert len(script.asked) == 1
        assert next(listing)["name"] == "projects/p/assets/2"


def test_operations_are_listed_as_handles(client):
    client.export_image_to_drive(image=IMAGE, region=REGION, scale=100)
    [handle] = client.list_operations()
    assert isinstance(handle, OperationHandle)


# Assets and computations


def test_assets_are_created_described_changed_copied_moved_listed_and_deleted(client):
    top = "projects/my-project/assets"
    client.create_folder(f"{top}/folder")
    client.create_image_collection(f"{top}/folder/a", properties={"one": 1})
    assert client.create_folder(f"{top}/folder", if_exists="ignore")["type"] == "FOLDER"
    assert client.update_asset(f"{top}/folder/a", properties={"two": "2"})["properties"] == {"one": 1, "two": "2"}
    client.move_asset(f"{top}/folder/a", f"{top}/folder/b")
    assert [asset["name"] for asset in client.list_assets(f"{top}/folder")] == [f"{top}/folder/b"]
    assert client.get_asset(f"{top}/folder/b")["type"] == "IMAGE_COLLECTION"
    client.set_asset_access(f"{top}/folder/b", public=True)
    with pytest.raises(InvalidArgument, match="is the source"):
        client.copy_asset(f"{top}/folder/b", f"{top}/folder/b")
    assert client.delete_asset(f"{top}/folder", recursive=True) == [f"{top}/folder/b", f"{top}/folder"]


def test_a_value_is_computed(client):
    assert client.compute_value({"result": "0", "values": {"0": {"constantValue": 5}}}) == 5


def features(number, request):
    more = {"nextPageToken": str(number)} if number < 3 else {}
    return {"features": [{"type": "Feature", "properties": {"number": number, "other": 1}}], **more}


def test_features_are_computed_page_by_page():
    script = Script(features)
    with script.client() as client:
        found = client.compute_features(asset_id="users/a/b", selectors=["number"])
        assert next(found)["properties"] == {"number": 1}
        assert len(script.asked) == 1
        assert [feature["properties"] for feature in found] == [{"number": 2}, {"number": 3}]


# Options


def test_options_hold_for_the_calls_that_they_are_given_for_alone():
    script = Script(lambda *_: refusal(503, "busy"))
    with script.client() as client:
        with pytest.raises(Transient):
            client.with_options(retry=RetryPolicy(attempts=1)).get_asset("users/a/b")
        assert len(script.asked) == 1
        with pytest.raises(Transient):
            client.get_asset("users/a/b")
        assert len(script.asked) == 1 + AT_ONCE.attempts


def test_the_timeout_of_a_call_is_that_of_its_request():
    script = Script(lambda *_: {})
    with script.client() as client:
        client.with_options(timeout=5).get_asset("users/a/b")
        client.get_asset("users/a/b")
    short, usual = (request.extensions["timeout"] for request in script.asked)
    assert float(short["read"]) == short["connect"] == 5
    assert float(usual["read"]) > 5


def test_a_wrong_timeout_is_refused():
    with Script(operation).client() as client, pytest.raises(InvalidArgument, match="timeout: 0"):
        client.with_options(timeout=0)


def test_a_client_with_options_uses_the_same_connections(monkeypatch):
    monkeypatch.setattr("airflow_provider_ee.client.http.clients.load_credentials", lambda **_: AnonymousCredentials())
    script = Script(lambda *_: {})

    async def work():
        async with AsyncClient("my-project", transport=httpx.MockTransport(script)) as client:
            await client.with_options(timeout=5).get_asset("users/a/b")
            pools = list(client._pools)
            await client.get_asset("users/a/b")
            return pools, list(client._pools)

    before, after = asyncio.run(work())
    assert len(before) > 0
    assert before == after
    assert all(pool.is_closed for pool in after)


# Pixels


def test_pixels_are_read_with_their_grid(client):
    window = (5000, 7000, 300, 200)
    pixels = client.read_pixels(asset_id=S2, grid=scene(*window), band_ids=["B4", "B8"])
    assert (np.asarray(pixels)[0] == truth("B4", *window)).all()
    assert (pixels.band("B8") == truth("B8", *window)).all()
    assert (pixels.shape, pixels.bands, pixels.crs) == ((2, 200, 300), ("B4", "B8"), "EPSG:32632")
    assert pixels.transform == (10, 0, 650000, 0, -10, 5330000)
    assert pixels.bounds == (650000, 5328000, 653000, 5330000)


def test_pixels_are_written_to_a_file_and_encoded(client, tmp_path):
    window = {"asset_id": S2, "grid": scene(0, 0, 30, 20), "band_ids": ["B4"]}
    written = client.download_pixels(**window, output_path=tmp_path / "image.tif")
    assert (written.output_path, written.width) == (str(tmp_path / "image.tif"), 30)
    ranges = {"ranges": [{"min": 0, "max": 4000}]}
    assert client.encode_pixels(**window, file_format="PNG", visualization_options=ranges).startswith(b"\x89PNG")


def test_pixels_of_a_client_go_by_its_own_transport_and_options():
    tiny = TinyEarth(meddle=lambda *_: refusal(503, "busy"))
    transport = httpx.MockTransport(tiny)
    with (
        Client("my-project", credentials=AnonymousCredentials(), transport=transport) as client,
        pytest.raises(Transient),
    ):
        client.with_options(retry=RetryPolicy(attempts=1)).read_pixels(asset_id="a/b", concurrency=1)
    assert len(tiny.asked) == 1


def test_a_warning_of_the_client_can_be_turned_into_an_error(client):
    with warnings.catch_warnings():
        warnings.simplefilter("error", EmptyResultWarning)
        with pytest.raises(EmptyResultWarning):
            client.read_pixels(asset_id=S2, grid=scene(-1000, 0, 30, 20))


# Awaited


def test_the_same_is_awaited_with_an_async_client(earth):
    async def work():
        async with AsyncClient("my-project") as client:
            handle = await client.export_image_to_cloud_storage(
                image=IMAGE, bucket="my-bucket", file_name_prefix="a", region=REGION, scale=100, crs="EPSG:32632"
            )
            assert isinstance(handle, AsyncOperationHandle)
            await handle.wait(timeout=60, poll_interval=0.01)
            listed = [one.name async for one in client.list_operations()]
            assert (await handle.refresh()).result()["uri_prefix"] == "gs://my-bucket/a"
            value = await client.compute_value({"result": "0", "values": {"0": {"constantValue": 5}}})
            pixels = await client.read_pixels(asset_id=S2, grid=scene(0, 0, 30, 20), band_ids="B4")
            return handle.name, listed, value, pixels.shape

    name, listed, value, shape = asyncio.run(work())
    assert (listed, value, shape) == ([name], 5, (1, 20, 30))


def test_an_async_client_is_closed_like_those_of_httpx():
    async def work():
        client = Script(lambda *_: {}).client(AsyncClient)
        await client.get_asset("users/a/b")
        await client.aclose()
        return client._pools

    assert all(pool.is_closed for pool in asyncio.run(work()))
