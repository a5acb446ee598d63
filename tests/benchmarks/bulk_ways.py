"""Ways to start many exports, each in a process of its own: `python -m tests.benchmarks.bulk_ways WAY URL COUNT`.

The last line that it prints is a `Run` as JSON. All start the same exports, made with `ee` and written down within
their time. Imports and `ee.Initialize` are in the memory and not in the time, unless a task does it.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from tests.benchmarks.dags.composites import WORDS, composite
from tests.benchmarks.memory import most_memory

__all__ = ["PROJECT", "WAYS", "Run"]

PROJECT, THREADS = "my-project", 16


@dataclass(frozen=True)
class Run:
    """What was measured.

    Attributes:
        seconds: Until all exports were started.
        cpu_seconds: The time on a processor meanwhile.
        memory: The most bytes of memory.
    """

    seconds: float
    cpu_seconds: float
    memory: int


def one_bulk_task(url: str, count: int) -> Callable[[], None]:
    """One task, up to the moment at which it lets go of its worker."""
    os.environ["EARTHENGINE_EMULATOR_HOST"] = url
    os.environ["AIRFLOW_CONN_EARTHENGINE_DEFAULT"] = json.dumps(
        {"conn_type": "earthengine", "extra": {"project": PROJECT}}
    )
    import ee  # noqa: F401

    from airflow_provider_ee.client.bulk import run as _  # noqa: F401
    from airflow_provider_ee.operators.bulk.exports import EarthEngineBulkExportOperator
    from airflow_provider_ee.triggers import bulk  # noqa: F401
    from tests.tasks import Supervisor, run_task

    def composites() -> Iterator[dict[str, Any]]:
        for number in range(count):
            yield {"key": f"composite-{number}", "image": composite(number)}

    task = EarthEngineBulkExportOperator(
        task_id="composites", exports=composites, export="image_to_cloud_storage", common=WORDS, deferrable=True
    )

    def run() -> None:
        outcome = run_task(task, Supervisor())
        assert outcome.state == "deferred", outcome.error

    return run


def ee_one_after_the_other(url: str, count: int) -> Callable[[], None]:
    """The loop of every notebook."""
    start = ee_start(url)

    def run() -> None:
        for number in range(count):
            start(number)

    return run


def ee_in_threads(url: str, count: int) -> Callable[[], None]:
    """The same from a pool of threads."""
    start = ee_start(url)

    def run() -> None:
        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(start, range(count)))

    return run


def ee_start(url: str) -> Callable[[int], None]:
    """Initialise `ee`, and return what starts one export with it."""
    import ee
    from google.oauth2.credentials import Credentials

    ee.Initialize(credentials=Credentials("token"), url=url, project=PROJECT)
    region = ee.Geometry.Rectangle(WORDS["region"], proj="EPSG:4326", geodesic=False)

    def start(number: int) -> None:
        ee.batch.Export.image.toCloudStorage(
            composite(number),
            description=f"composite-{number}",
            **{**WORDS, "region": region},
        ).start()

    return start


WAYS: dict[str, Callable[[str, int], Callable[[], None]]] = {
    "one bulk task": one_bulk_task,
    "ee, one after the other": ee_one_after_the_other,
    f"ee in {THREADS} threads": ee_in_threads,
}


def main(name: str, url: str, count: int) -> Run:
    run = WAYS[name](url, count)
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Run(wall, cpu, most_memory())


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(asdict(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))))
