"""Ten thousand operations of 5 to 60 seconds, waited for in one process; and how others would wait for them.

Each answer takes Earth Engine 50 ms. It enforces 100 requests a second and 40 at a time, and refuses what goes beyond.
What others would send for ten thousand is their number of requests, scaled.
"""

from statistics import quantiles

import pytest

from tests.benchmarks.earth import BusyEarth
from tests.benchmarks.report import show
from tests.benchmarks.waiters import INTERVAL, ee_in_a_loop, measured, one_client_each, ours

OPERATIONS = 10_000
#: Pages of the list that show them all.
PAGES = OPERATIONS / 500

#: Others get fewer operations, which are over sooner, or they would take for ever.
FEW, VERY_FEW, SECONDS = 500, 200, 25.0

MEGABYTE, KILOBYTE = 2**20, 2**10

WAYS = {
    "one poller, 10,000": (ours, {"operations": OPERATIONS}),
    "... and 20,000 finished": (ours, {"operations": OPERATIONS, "finished": 20_000}),
    "a client and a GET each, 500": (one_client_each, {"operations": FEW, "seconds": SECONDS}),
    "ee in a loop, 200": (ee_in_a_loop, {"operations": VERY_FEW, "seconds": SECONDS}),
}

HEADINGS = (
    "pages per interval", "looks by name", "for 10,000", "most in 1 s", "refused", "CPU %", "lag p99 ms", "own lag p99 ms", "news p95 intervals",
    "peak MB", "KB per waiter", "sockets",
)  # fmt: skip


def figures(way, folder, **earth):
    """Return the figures of one way to wait, in the order of the headings."""
    with BusyEarth(folder, **earth) as earth_engine:
        wait = measured(way, earth_engine.host, earth_engine.names, earth_engine.begin)
        report = earth_engine.report()
    delays = [wait.heard[name] - report.ended[name] for name in earth_engine.names]
    rounds = 1 + (report.looks[-1] - report.looks[0]) / INTERVAL
    return dict(
        zip(
            HEADINGS,
            (
                report.pages / rounds,
                (len(report.looks) - report.pages) / rounds,
                len(report.looks) / rounds * OPERATIONS / len(earth_engine.names),
                report.most_in_a_second,
                report.violations,
                100 * wait.cpu_share,
                1000 * percentile(wait.lags, 99) if wait.lags else "",
                1000 * percentile(wait.own_lags, 99) if wait.own_lags else "",
                percentile(delays, 95) / INTERVAL,
                wait.peak / MEGABYTE,
                (wait.while_waiting - wait.before) / KILOBYTE / len(earth_engine.names),
                wait.sockets,
            ),
            strict=True,
        )
    )


def percentile(values, which):
    return quantiles(values, n=100)[which - 1]


@pytest.mark.filterwarnings("default")  # of other people's clients
def test_ten_thousand_waiters_take_one_listing_an_interval_and_little_else(tmp_path):
    found = {}
    for number, (name, (way, earth)) in enumerate(WAYS.items()):
        found[name] = figures(way, tmp_path / str(number), **earth)
    show(
        f"Waiting, a look every {INTERVAL:g} s",
        ("way", *HEADINGS),
        [(name, *row.values()) for name, row in found.items()],
    )

    for name in list(WAYS)[:2]:
        row = found[name]
        assert row["pages per interval"] <= PAGES, name
        # The first few and the last few are looked at by name, where the list shows them only far on.
        assert row["for 10,000"] <= 2 * PAGES, name
        assert row["most in 1 s"] <= 10, name
        assert row["refused"] == 0, name
        assert row["CPU %"] < 15, name
        assert row["own lag p99 ms"] < 100, name
        assert row["news p95 intervals"] <= 1.5, name
        assert row["peak MB"] < 400, name
        assert row["KB per waiter"] < 20, name
        assert row["sockets"] <= 20, name
