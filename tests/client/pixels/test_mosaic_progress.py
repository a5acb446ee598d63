from itertools import pairwise

import pytest

from airflow_provider_ee.client.pixels.mosaic import Progress


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_line_says_tiles_megabytes_speed_and_the_time_left(clock):
    lines = []
    progress = Progress(64, lines.append, clock)
    for _ in range(12):
        clock.now += 0.5
        progress.arrived(8_000_000)
    assert lines == ["10 of 64 tiles · 80 MB · 16 MB/s · 27 s left"]


def test_there_are_five_seconds_between_two_lines_at_least(clock):
    moments = []
    progress = Progress(1000, lambda _: moments.append(clock.now), clock)
    for _ in range(200):
        clock.now += 0.3
        progress.arrived(1)
    assert all(later - earlier >= 5 for earlier, later in pairwise(moments))
    assert 10 <= len(moments) <= 12


def test_tiles_that_were_there_do_not_count_as_speed(clock):
    lines = []
    progress = Progress(10, lines.append, clock)
    for _ in range(8):
        progress.found()
    clock.now += 10
    progress.arrived(20_000_000)
    assert lines == ["9 of 10 tiles · 20 MB · 2 MB/s · 10 s left"]


def test_before_anything_came_only_tiles_are_counted(clock):
    lines = []
    progress = Progress(10, lines.append, clock)
    clock.now += 6
    progress.found()
    assert lines == ["1 of 10 tiles"]


def test_the_parts_of_a_tile_count_in_its_place(clock):
    progress = Progress(10, None, clock)
    progress.split(4)
    assert progress.tiles == 13


@pytest.mark.parametrize(
    ("tiles", "left"),
    [(31, "5 min left"), (721, "2 h 0 min left"), (3, "20 s left")],
    ids=["minutes", "hours", "seconds"],
)
def test_the_time_left_is_said_in_the_unit_that_suits_it(clock, tiles, left):
    lines = []
    progress = Progress(tiles, lines.append, clock)
    clock.now += 10
    progress.arrived(1_000_000)
    assert lines[0].endswith(left)
