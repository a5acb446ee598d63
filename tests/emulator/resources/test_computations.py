"""computePixels, getPixels and value.compute over HTTP: the pixels themselves are the computer's tests."""

import io

import httpx
import numpy as np
import pytest

from tests.emulator.requests import GRID, constant

pytestmark = pytest.mark.anyio


async def test_computed_pixels_come_in_the_format_asked_for(api: httpx.AsyncClient) -> None:
    body = {"expression": constant(3), "grid": GRID}

    raw = await api.post("/v1/projects/p/image:computePixels", json=body | {"fileFormat": "NPY"})
    tiff = await api.post("/v1/projects/p/image:computePixels", json=body | {"fileFormat": "GEO_TIFF"})

    pixels = np.load(io.BytesIO(raw.content))
    assert (pixels["constant"] == 3).all()
    assert pixels.shape == (6, 8)
    assert tiff.content[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00")


async def test_too_many_pixels_are_refused_in_earth_engines_words(api: httpx.AsyncClient) -> None:
    grid = GRID | {"dimensions": {"width": 20000, "height": 20000}}
    body = {"expression": constant(3), "grid": grid, "fileFormat": "NPY"}

    answer = await api.post("/v1/projects/p/image:computePixels", json=body)

    assert answer.status_code == 400
    assert "Total request size" in answer.json()["error"]["message"]


async def test_a_value_is_computed(api: httpx.AsyncClient) -> None:
    answer = await api.post(
        "/v1/projects/p/value:compute", json={"expression": {"result": "0", "values": {"0": {"constantValue": 5}}}}
    )
    assert answer.json() == {"result": 5}


async def test_pixels_of_a_missing_asset_are_refused(api: httpx.AsyncClient) -> None:
    answer = await api.post("/v1/projects/p/assets/missing:getPixels", json={"fileFormat": "NPY"})
    assert answer.status_code == 404
    assert "missing" in answer.json()["error"]["message"]
