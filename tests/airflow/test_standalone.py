"""The rig itself: a real Airflow in which triggers really run."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from sqlite3 import connect

import httpx
import pytest

from tests.airflow.polling import until
from tests.airflow.rest import Refused, Rest, Run
from tests.airflow.standalone import Airflow

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("airflow")]

A_MOMENT = 2
FOR_EVER = 100_000


@pytest.fixture(scope="module")
def run(airflow: Airflow) -> Run:
    run = airflow.trigger("deferring", {"seconds": A_MOMENT, "word": "hello"})
    run.wait()
    return run


def test_a_deferred_task_is_resumed_by_the_triggerer(run: Run, airflow: Airflow) -> None:
    assert run.states() == {"nap": "success"}, f"{run.log('nap')}\n{airflow.logs()}"


def test_a_run_shows_what_its_task_was_given_returned_and_logged(run: Run) -> None:
    assert run.task("nap")["rendered_fields"] == {"seconds": str(A_MOMENT), "word": "hello"}
    assert run.xcom("nap") == "hello"
    assert "Awake: hello" in run.log("nap")


def test_a_person_can_fail_a_waiting_task_and_clear_it_and_fail_its_run(airflow: Airflow) -> None:
    run = airflow.trigger("deferring", {"seconds": FOR_EVER, "word": "never"})
    run.wait_for_task("nap", ["deferred"])

    run.mark("nap", "failed")
    assert run.wait() == "failed"

    run.clear("nap")
    run.wait_for_task("nap", ["deferred"])

    run.fail()
    assert run.wait() == "failed"


def test_a_killed_scheduler_is_replaced_and_its_runs_go_on(airflow: Airflow) -> None:
    run = airflow.trigger("deferring", {"seconds": A_MOMENT, "word": "still here"})
    run.wait_for_task("nap", ["deferred"])

    airflow.scheduler.kill()
    airflow.start_scheduler()

    assert run.wait() == "success", airflow.logs()


def test_a_task_is_heard_while_a_person_waits_for_the_database(airflow: Airflow) -> None:
    with (
        ThreadPoolExecutor() as people,
        closing(connect(airflow.home / "airflow.db", isolation_level=None)) as database,
    ):
        database.execute("BEGIN IMMEDIATE")
        try:
            click = people.submit(airflow.rest.call, "PATCH", "/api/v2/dags/deferring", json={"is_paused": False})
            with suppress(TimeoutError):  # Airflow 3.1 waits where it keeps nobody else from anything
                until(lambda: _stands_still(airflow.url), timeout=5, waiting_for="the click to wait")

            assert httpx.get(f"{airflow.url_of_tasks}/execution/health", trust_env=False).is_success
        finally:
            database.execute("ROLLBACK")
        assert click.result()["is_paused"] is False


def _stands_still(url: str) -> bool:
    with suppress(httpx.ReadTimeout):
        httpx.get(f"{url}/api/v2/version", timeout=1, trust_env=False)
        return False
    return True


def test_a_dag_that_does_not_exist_is_refused_by_its_name(airflow: Airflow) -> None:
    with pytest.raises(TimeoutError, match="the DAG nowhere"):
        airflow.rest.trigger("nowhere", timeout=0)


def test_what_airflow_answers_to_a_wrong_request_is_shown(airflow: Airflow) -> None:
    with pytest.raises(Refused, match=r"GET /api/v2/dags/nowhere answered 404: .*nowhere"):
        airflow.rest.call("GET", "/api/v2/dags/nowhere")


class _HealthyStranger(BaseHTTPRequestHandler):
    """Some other Airflow that happens to listen on the port."""

    def do_GET(self) -> None:
        parts = ("metadatabase", "scheduler", "dag_processor", "triggerer")
        health = {part: {"status": "healthy"} for part in parts}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({**health, "access_token": "t", "instance_name": "Airflow"}).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base class gives it
        pass


@pytest.fixture
def stranger() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _HealthyStranger) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_another_server_on_the_port_is_not_taken_for_the_one_that_was_started(stranger: str, tmp_path: Path) -> None:
    airflow = Airflow(tmp_path, tmp_path)
    airflow.rest.close()
    airflow.rest = Rest(stranger)

    assert not airflow._healthy()

    airflow.close()
