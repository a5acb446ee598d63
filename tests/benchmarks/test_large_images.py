"""Images that are too large for the tests: what they are fetched in, and in how much memory. Pixels are as computed.

The time is that of the emulator, which computes every pixel from a formula: about 15 MB/s.
"""

import time

import pytest

from tests.benchmarks.report import show
from tests.client.pixels.large import differences, fetched

MEGABYTE = 10**6


@pytest.mark.parametrize(("size", "bands"), [(20000, "B4"), (8192, "B4,B3,B2")], ids=["20000x20000x1", "8192x8192x3"])
def test_a_large_image_is_the_truth_in_little_memory(tmp_path, size, bands):
    start = time.perf_counter()
    result, ledger = fetched(tmp_path, size, bands)
    seconds = time.perf_counter() - start

    samples = size**2 * len(result["bands"])
    show(
        "A large image from the emulator",
        ("image", "requests", "seconds", "MB/s", "MB of memory", "MB of file"),
        [
            (
                f"{size}x{size}x{len(result['bands'])}",
                result["tiles"],
                seconds,
                2 * samples / MEGABYTE / seconds,
                result["memory"] / MEGABYTE,
                result["bytes"] / MEGABYTE,
            )
        ],
    )
    assert ledger["limits"]["violations"] == 0
    assert result["memory"] < 400 * MEGABYTE
    assert differences(tmp_path / "image.tif") == []
