"""Operations over HTTP, discovery, and the emulator as a program."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from googleapiclient import discovery

from airflow_provider_ee.emulator.http.routes import ROUTES
from airflow_provider_ee.emulator.server import Emulator, _listener
from tests.emulator.requests import to_cloud_storage

OPERATIONS = "/v1/projects/p/operations"
EXPORT = "/v1/projects/p/image:export"


class TestOperations:
    def test_pages_of_the_list_join(self, web: httpx.Client, emulator: Emulator) -> None:
        seeded = emulator.control.seed_operations("p", 5)
        names: list[str] = []
        token = ""
        while True:
            page = web.get(OPERATIONS, params={"pageSize": 2, "pageToken": token}).json()
            names += [operation["name"] for operation in page["operations"]]
            token = page.get("nextPageToken", "")
            if not token:
                break
        assert names == [operation.name for operation in reversed(seeded)]

    def test_a_page_has_five_hundred_at_most(self, web: httpx.Client, emulator: Emulator) -> None:
        emulator.control.seed_operations("p", 501)
        page = web.get(OPERATIONS, params={"pageSize": 9999}).json()
        assert len(page["operations"]) == 500
        assert page["nextPageToken"]

    @pytest.mark.parametrize(
        ("query", "status"), [({"pageToken": "?"}, 400), ({"pageSize": "-1"}, 400), ({"filter": "done"}, 400)]
    )
    def test_a_bad_query_is_refused(self, web: httpx.Client, query: dict[str, str], status: int) -> None:
        assert web.get(OPERATIONS, params=query).status_code == status

    def test_waiting_returns_when_the_operation_is_done(self, web: httpx.Client, emulator: Emulator) -> None:
        emulator.control.configure(time="looks=3")
        name = web.post(EXPORT, json=to_cloud_storage()).json()["name"]
        assert web.post(f"/v1/{name}:wait", json={"timeout": "20s"}).json()["done"] is True

    def test_waiting_returns_when_the_time_is_over(self, web: httpx.Client, emulator: Emulator) -> None:
        emulator.control.configure(time="seconds=900")
        name = web.post(EXPORT, json=to_cloud_storage()).json()["name"]
        assert "done" not in web.post(f"/v1/{name}:wait", json={"timeout": "0.1s"}).json()

    def test_an_operation_is_cancelled_deleted_and_gone(self, web: httpx.Client) -> None:
        name = web.post(EXPORT, json=to_cloud_storage()).json()["name"]
        assert web.post(f"/v1/{name}:cancel", json={}).json() == {}
        assert web.get(f"/v1/{name}").json()["metadata"]["state"] == "CANCELLED"
        assert web.delete(f"/v1/{name}").json() == {}
        assert web.get(f"/v1/{name}").status_code == 404


class TestDiscovery:
    @pytest.mark.parametrize("version", ["v1", "v1beta", "v1alpha"])
    def test_it_has_exactly_the_methods_that_are_routed(self, web: httpx.Client, version: str) -> None:
        document = web.get("/$discovery/rest", params={"version": version}).json()
        found: dict[str, str] = {}

        def collect(place: dict, path: str) -> None:  # type: ignore[type-arg]
            for name, method in place.get("methods", {}).items():
                found[f"{path}{name}"] = f"{method['httpMethod']} {method['path']}"
            for name, inner in place.get("resources", {}).items():
                collect(inner, f"{path}{name}.")

        collect(document, "")
        assert set(found) == {route.method for route in ROUTES}
        assert found["projects.assets.copy"] == f"POST {version}/{{+sourceName}}:copy"

    def test_googles_generic_client_can_be_built_from_it(self, web: httpx.Client, emulator: Emulator) -> None:
        document = web.get("/$discovery/rest", params={"version": "v1"}).json()
        service = discovery.build_from_document(document, developerKey="k")
        request = service.projects().operations().get(name="projects/p/operations/X")
        assert request.uri.startswith(f"{emulator.url}/v1/projects/p/operations/X?")

    def test_an_unknown_version_is_refused(self, web: httpx.Client) -> None:
        assert web.get("/$discovery/rest", params={"version": "v9"}).status_code == 404


def test_the_algorithms_of_the_installed_client_are_listed(web: httpx.Client) -> None:
    algorithms = web.get("/v1/projects/p/algorithms").json()["algorithms"]
    names = {algorithm["name"] for algorithm in algorithms}
    assert {"algorithms/Image.load", "algorithms/CannyEdgeDetector"} <= names


def test_capabilities_are_answered_with_and_without_a_project(web: httpx.Client) -> None:
    assert web.get("/v1/capabilities").json() == web.get("/v1/projects/p/capabilities").json()


@pytest.mark.anyio
async def test_times_come_from_the_clock(tmp_path: Path) -> None:
    emulator = Emulator(tmp_path, clock=lambda: 1_700_000_000.25)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(emulator.app), base_url="http://emulator") as api:
        operation = (await api.post(EXPORT, json=to_cloud_storage())).json()
    emulator.stop()
    assert operation["metadata"]["createTime"] == "2023-11-14T22:13:20.250000Z"


@pytest.mark.anyio
async def test_a_fault_of_the_emulator_itself_is_an_internal_error_without_its_inside(tmp_path: Path) -> None:
    def broken() -> float:
        raise RuntimeError("the inside")

    emulator = Emulator(tmp_path, clock=broken)
    transport = httpx.ASGITransport(emulator.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://emulator") as api:
        answer = await api.get(OPERATIONS)
    emulator.stop()
    assert (answer.status_code, answer.json()["error"]["status"]) == (500, "INTERNAL")
    assert "the inside" not in answer.text


def test_two_emulators_live_side_by_side(tmp_path: Path) -> None:
    with Emulator(tmp_path / "a") as first, Emulator(tmp_path / "b") as second:
        first.control.seed_operations("p")
        assert first.url != second.url
        assert httpx.get(f"{second.url}{OPERATIONS}").json() == {"operations": []}


def test_answers_are_not_held_back_by_nagles_algorithm() -> None:
    with _listener(0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_a_port_that_is_taken_is_an_error(tmp_path: Path) -> None:
    with Emulator(tmp_path) as running, pytest.raises(OSError, match="in use"):
        Emulator(tmp_path, port=int(running.url.rpartition(":")[2])).start()


class TestProgram:
    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "airflow_provider_ee.emulator", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def test_it_says_where_it_listens_works_and_ends_on_a_signal(self, tmp_path: Path) -> None:
        ready = tmp_path / "ready"
        with self.start(
            "--port", "0", "--root", str(tmp_path / "data"), "--ready-file", str(ready), "--time", "looks=2"
        ) as program:
            assert program.stdout is not None
            line = program.stdout.readline()
            url = line.split()[3]
            settings = httpx.get(f"{url}/emulator/settings").json()
            program.send_signal(signal.SIGTERM)
            assert program.wait(timeout=20) == 0

        assert f"EARTHENGINE_EMULATOR_HOST={url.removeprefix('http://')} " in line
        assert str(tmp_path / "data") in line
        assert ready.read_text(encoding="utf-8") == url
        assert settings["time"] == "looks=2"

    @pytest.mark.parametrize(
        ("argument", "value", "words"),
        [
            ("--time", "soon", "'at once', 'looks=N' or 'seconds=S'"),
            ("--port", "99999", "port must be 0-65535"),
            ("--max-queue", "-1", "max_queue cannot be -1"),
            ("--duplicate-request-id", "x", "invalid choice: 'x'"),
        ],
    )
    def test_a_bad_argument_is_explained_without_a_traceback(self, argument: str, value: str, words: str) -> None:
        with self.start("--port", "0", argument, value) as program:
            output, _ = program.communicate(timeout=20)
        assert program.returncode == 2
        assert words in output
        assert "Traceback" not in output
