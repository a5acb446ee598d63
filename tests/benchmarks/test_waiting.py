"""Ten thousand operations of 5 to 60 seconds, waited for in one process; and how others would wait for them.

Each answer takes Earth Engine 50 ms. It enforces 100 requests a second and 40 at a time, and refuses what goes beyond.
What others would send for ten thousand is their number of requests, scaled.
"""

from functools import partial
from statistics import quantiles

import pytest

from tests.benchmarks.earth import BusyEarth
from tests.benchmarks.report import show
from tests.benchmarks.waiters import INTERVAL, ee_in_a_loop, measured, one_client_each, ours, whole_listings

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
    "longest", "CPU s a minute",     "peak MB", "KB per waiter", "sockets",
)  # fmt: skip


def figures(way, folder, interval=INTERVAL, **earth):
    """Return the figures of one way to wait, in the order of the headings."""
    with BusyEarth(folder, **earth) as earth_engine:
        wait = measured(way, earth_engine.host, earth_engine.names, earth_engine.begin)
        report = earth_engine.report()
    delays = [wait.heard[name] - report.ended[name] for name in earth_engine.names]
    rounds = 1 + (report.looks[-1] - report.looks[0]) / interval
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
                percentile(delays, 95) / interval,
                max(delays) / interval,
                60 * wait.cpu_share,
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


#: 1,000 operations behind 5,000 newer ones that have ended, and how often they are polled.
BURIED, NEWER, BURIED_INTERVAL = 1000, 5000, 10.0


def test_waiters_that_are_buried_in_the_list_hear_as_soon_and_as_cheaply_as_others(tmp_path):
    earth = {"operations": BURIED, "newer": NEWER, "seconds": SECONDS, "interval": BURIED_INTERVAL}
    ways = {"one poller": ours, "whole listings": whole_listings}
    found = {
        name: figures(partial(way, interval=BURIED_INTERVAL), tmp_path / name, **earth) for name, way in ways.items()
    }
    show("1,000 behind 5,000, every 10 s", ("way", *HEADINGS), [(name, *row.values()) for name, row in found.items()])
    row, pages = found["one poller"], (BURIED + NEWER) / 500
    assert row["pages per interval"] + row["looks by name"] <= pages + 1  # one round more than intervals
    assert row["longest"] <= 1.5


def test_waiting_at_short_intervals_takes_no_more_than_twice_the_cpu_of_plain_listings(tmp_path):
    # A minute, so that what 1,000 triggers take to start counts little.
    earth = {"operations": 1000, "interval": 1.0}
    ways = {"one poller": ours, "whole listings": whole_listings}
    found = {name: figures(partial(way, interval=1.0), tmp_path / name, **earth) for name, way in ways.items()}
    show("1,000, every second", ("way", *HEADINGS), [(name, *row.values()) for name, row in found.items()])
    assert found["one poller"]["CPU s a minute"] <= 2 * found["whole listings"]["CPU s a minute"]
