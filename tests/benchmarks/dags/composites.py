"""What the exports of the benchmark have in common: an image for each number, and where it goes."""
# ruff: noqa: INP001 - a DAG folder is no package

from typing import Any

#: Words of an export to Cloud Storage.
WORDS = {"bucket": "bucket", "region": [11.50, 48.10, 11.52, 48.11], "crs": "EPSG:32632", "scale": 100}


def composite(number: int) -> Any:
    """Where the land is greener than a number says. The emulator understands it in little time: `ee` is measured."""
    import ee

    scene = ee.Image("EMULATOR/S2")
    ndvi = scene.normalizedDifference(["B8", "B4"]).rename("ndvi")
    water = scene.normalizedDifference(["B3", "B8"]).gt(0)
    return ndvi.updateMask(ndvi.gt(number / 1000).And(water.Not())).set("number", number)
