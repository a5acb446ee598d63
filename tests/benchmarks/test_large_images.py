"""Images that are too large for the tests: what they are fetched in, and in how much memory. Pixels are as computed.

The time is that of the emulator, which computes every pixel from a formula: 30 to 50 MB/s of its processor's time.
"""

import time

import pytest

from tests.benchmarks.report import show
from tests.client.pixels.large import differences, fetched

MEGABYTE = 10**6


#: More than every tenth of all requests: each of these meets one.
MANY = 200


@pytest.mark.parametrize("faults", [0, MANY], ids=["undisturbed", "every tenth request fails"])
@pytest.mark.parametrize(("size", "bands"), [(20000, "B4"), (8192, "B4,B3,B2")], ids=["20000x20000x1", "8192x8192x3"])
def test_a_large_image_is_the_truth_in_little_memory(tmp_path, size, bands, faults):
    start = time.perf_counter()
    result, ledger = fetched(tmp_path, size, bands, faults=faults)
    seconds = time.perf_counter() - start

    requests = ledger["requests"]
    met = sum(1 for request in requests if request["fault"])
    samples = size**2 * len(result["bands"])
    show(
        "A large image from the emulator",
        ("image", "requests", "of them failed", "seconds", "MB/s", "MB of memory", "MB of file"),
        [
            (
                f"{size}x{size}x{len(result['bands'])}",
                len(requests),
                met,
                seconds,
                2 * samples / MEGABYTE / seconds,
                result["memory"] / MEGABYTE,
                result["bytes"] / MEGABYTE,
            )
        ],
    )
    assert met == (-(-result["tiles"] // 10) if faults else 0)
    assert len(requests) == result["tiles"] + met
    assert ledger["limits"]["violations"] == 0
    assert result["memory"] < 400 * MEGABYTE
    assert differences(tmp_path / "image.tif") == []
