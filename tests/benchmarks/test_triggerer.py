"""Ten thousand tasks that wait in one real triggerer, on PostgreSQL: what they cost, and how soon they go on.

Airflow's own share is measured in the same rig, with as many triggers that only sleep, and fire when ours fired: ours
is what comes on top of it. `COUNT=3000` makes them fewer, and `-k news` leaves Airflow's own out.

Airflow 3.3 sets the pace at which events get from triggers to tasks. An event goes on when its line is in the log
(`TriggerRunner.run_trigger`), lines go through a socket of which the supervisor reads 4096 bytes at a time
(`make_buffered_socket_reader`), and between two such reads it asks the database for all triggers of its own, cleans
up, and writes the events that have come, each in a transaction of its own (`TriggerRunnerSupervisor.run_once`). The
socket takes 167 lines; then whoever says one more waits, and with a trigger the whole event loop:
https://github.com/apache/airflow/blob/3.3.2/airflow-core/src/airflow/jobs/triggerer_job_runner.py
"""

import resource
from collections.abc import Iterator
from statistics import quantiles

import pytest

from tests.benchmarks.report import show
from tests.benchmarks.rigs import ENDS, INTERVAL, PAGES, WAITERS, Rig, Wait, rig

COSTS = {
    "taken in within, s": "seconds",
    "memory, MB": "megabytes",
    "memory per waiter, KB": "kilobytes_each",
    "% of a core": "percent",
    "'was blocked' while taking in": "blocked_at_first",
    "'was blocked' while waiting": "blocked",
    "connections to Earth Engine": "connections",
}


@pytest.fixture(scope="module")
def many_files() -> Iterator[None]:
    """A triggerer holds one log open per trigger: more files than most systems allow unasked."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WAITERS + 1000
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture(scope="module")
def triggerer_rig(tmp_path_factory: pytest.TempPathFactory, many_files: None) -> Iterator[Rig]:
    with rig(tmp_path_factory.mktemp("rig")) as ready:
        yield ready


@pytest.fixture(scope="module")
def ours(triggerer_rig: Rig) -> Wait:
    return triggerer_rig.wait_for_earth_engine()


@pytest.fixture(scope="module")
def airflows(triggerer_rig: Rig, ours: Wait) -> Wait:
    return triggerer_rig.wait_for_moments(ours.fired)


def test_news_take_few_requests_and_reach_every_trigger_within_one_and_a_half_intervals(
    triggerer_rig: Rig, ours: Wait
) -> None:
    report = triggerer_rig.earth.report()
    looks_per_interval = len(ours.looks) / (1 + (ours.looks[-1] - ours.looks[0]) / INTERVAL)
    intervals = percentiles([(ours.fired[name] - ended) / INTERVAL for name, ended in report.ended.items()])
    show(
        f"{WAITERS} operations, of which {ENDS} end each second, {INTERVAL} s between two looks",
        ("", ""),
        [
            ("requests per interval before that", looks_per_interval),
            ("most requests in a second", report.most_in_a_second),
            ("requests over the limits", report.violations),
            ("intervals from end to firing, median", f"{intervals[50]:.2f}"),
            ("intervals from end to firing, 95 of 100", f"{intervals[95]:.2f}"),
        ],
    )

    assert looks_per_interval <= 1.2 * PAGES
    assert report.most_in_a_second <= 10
    assert report.violations == 0
    assert intervals[95] <= 1.5


def test_to_wait_for_earth_engine_costs_little_more_than_to_sleep(ours: Wait, airflows: Wait) -> None:
    show(
        f"{WAITERS} tasks that wait in one triggerer",
        ("triggers that", "only sleep", "wait for Earth Engine"),
        [(heading, getattr(airflows.cost, name), getattr(ours.cost, name)) for heading, name in COSTS.items()],
    )

    assert ours.cost.kilobytes_each - airflows.cost.kilobytes_each < 20
    assert ours.cost.percent - airflows.cost.percent < 15
    assert ours.cost.connections <= 20
    assert ours.cost.blocked <= airflows.cost.blocked


def test_tasks_go_on_as_soon_as_with_triggers_of_airflows_own_that_fire_at_the_same_moments(
    ours: Wait, airflows: Wait
) -> None:
    both = [airflows, ours]
    delays = [percentiles(one.delays) for one in both]
    show(
        f"{WAITERS} triggers that fire",
        ("", "Airflow's own", "ours"),
        [
            ("seconds from firing to the task, median", *(each[50] for each in delays)),
            ("seconds from firing to the task, 95 of 100", *(each[95] for each in delays)),
            ("events per second", *(one.pace for one in both)),
        ],
    )

    assert delays[1][95] <= 1.5 * delays[0][95] + 2.0
    assert ours.pace >= airflows.pace / 1.5


def percentiles(values: list[float]) -> list[float]:
    """Return them by their numbers, 1 to 99."""
    return [min(values), *quantiles(values, n=100)]
