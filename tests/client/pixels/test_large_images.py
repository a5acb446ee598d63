from tests.client.pixels.large import differences, fetched

MEGABYTE = 10**6


def test_a_large_image_is_the_truth_pixel_for_pixel_though_every_tenth_request_fails(tmp_path):
    result, ledger = fetched(tmp_path, 8192, "B4,B3,B2", faults=12)

    met = sum(1 for request in ledger["requests"] if request["fault"])
    assert met == 12
    assert len(ledger["requests"]) == result["tiles"] + met
    assert ledger["limits"]["violations"] == 0
    assert result["memory"] < 400 * MEGABYTE
    assert (result["width"], result["height"], result["bands"]) == (8192, 8192, ["B4", "B3", "B2"])
    assert differences(tmp_path / "image.tif") == []
