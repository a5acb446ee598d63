"""What a submission costs: Client, and a bulk task around it, beside httpx as it comes.

All send as many requests a second as Earth Engine allows a project, from as many threads. A slow pace costs CPU, as
each thread is woken up anew, so httpx goes at the same one.
"""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median
from typing import Any

import httpx
import pytest
from google.auth.credentials import AnonymousCredentials

from airflow_provider_ee.client.http.clients import Client
from airflow_provider_ee.client.http.endpoints import EMULATOR_VARIABLE
from airflow_provider_ee.client.http.limits import Limits, Pacer
from airflow_provider_ee.client.rest import methods
from tests.benchmarks.report import show
from tests.emulator_process import emulator_process
from tests.tasks import Supervisor, run_task

SERVICE_SECONDS, COUNT, ROUNDS = 0.05, 400, 3
IN_FLIGHT, PER_SECOND = Limits().in_flight, Limits().per_second
IMAGE = {
    "result": "0",
    "values": {
        "0": {
            "functionInvocationValue": {
                "functionName": "Image.load",
                "arguments": {"id": {"constantValue": "EMULATOR/S2"}},
            }
        }
    },
}
WHERE = {"bucket": "bucket", "region": [11.50, 48.10, 11.52, 48.11], "crs": "EPSG:32632", "scale": 100}


def body(contender: str, number: int) -> dict[str, Any]:
    destination = {"bucket": "bucket", "filenamePrefix": f"{contender}-{number}"}
    return {
        "expression": IMAGE,
        "description": "benchmark",
        "fileExportOptions": {"fileFormat": "GEO_TIFF", "cloudStorageDestination": destination},
        "requestId": f"{contender}-{time.monotonic_ns()}",
    }


@contextmanager
def processor(measured: list[float]) -> Iterator[None]:
    """Add the milliseconds of CPU per submission."""
    began = time.process_time()
    yield
    measured.append(1000 * (time.process_time() - began) / COUNT)


def in_threads(submit: Callable[[int], Any], measured: list[float]) -> None:
    with ThreadPoolExecutor(IN_FLIGHT) as threads, processor(measured):
        list(threads.map(submit, range(COUNT)))


def httpx_client(url: str, measured: list[float]) -> None:
    pacer = Pacer(PER_SECOND)
    limits = httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT, keepalive_expiry=60)
    with httpx.Client(base_url=url, limits=limits) as client:

        def submit(number: int) -> Any:
            while wait := pacer.wait(time.monotonic()):
                time.sleep(wait)
            answer = client.post("/v1/projects/my-project/image:export", json=body("httpx", number))
            return answer.raise_for_status().json()

        in_threads(submit, measured)


def client(url: str, measured: list[float]) -> None:
    with Client("my-project", credentials=AnonymousCredentials(), endpoint=url) as client:
        in_threads(
            lambda number: client.send(methods.image_export("projects/my-project", body=body("client", number))),
            measured,
        )


def bulk_task(url: str, measured: list[float]) -> None:
    """All that a task does up to the moment at which it lets go of its worker."""
    from airflow_provider_ee.operators.bulk.exports import EarthEngineBulkExportOperator

    task = EarthEngineBulkExportOperator(
        task_id=f"submissions_{time.monotonic_ns()}",
        exports=lambda: ({"key": f"item-{number}", "image": IMAGE} for number in range(COUNT)),
        export="image_to_cloud_storage",
        common=WHERE,
        deferrable=True,
    )
    with processor(measured):
        outcome = run_task(task, Supervisor())
    assert outcome.state == "deferred", outcome.error


CONTENDERS = {"httpx.Client": httpx_client, "Client": client, "bulk task": bulk_task}


def test_a_submission_costs_at_most_twice_what_it_costs_with_httpx_alone(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    with emulator_process(tmp_path_factory.mktemp("emulator"), latency_seconds=SERVICE_SECONDS) as url:
        monkeypatch.setenv("AIRFLOW_CONN_EARTHENGINE_DEFAULT", json.dumps({"conn_type": "earthengine"}))
        monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "my-project")
        monkeypatch.setenv(EMULATOR_VARIABLE, url)
        bulk_task(url, [])  # with what it imports
        for _ in range(ROUNDS):
            for name, contender in CONTENDERS.items():
                contender(url, measured[name])

    show(
        f"CPU ms per submission, {COUNT} at {PER_SECOND:.0f} a second",
        ("", f"median of {ROUNDS}", "least"),
        [(name, f"{median(runs):.2f}", f"{min(runs):.2f}") for name, runs in measured.items()],
    )

    least = {name: min(runs) for name, runs in measured.items()}
    assert least["Client"] <= 2 * least["httpx.Client"], least
    assert least["bulk task"] <= 2 * least["httpx.Client"], least
