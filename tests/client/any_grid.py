"""Grids of every kind: both directions of both axes, turned, sheared, with and without round numbers."""

import math

from hypothesis import strategies as st

from airflow_provider_ee.client.pixels.grids.grid import PixelGrid

WKT = 'PROJCS["MODIS Sinusoidal", GEOGCS["WGS 84", DATUM["WGS_1984"]]]'

signs = st.sampled_from([-1, 1])
sizes = st.one_of(st.integers(1, 5000), st.floats(1e-5, 5000))
scales = st.builds(lambda sign, size: sign * size, signs, sizes)
shears = st.one_of(st.just(0), scales)
origins = st.one_of(st.integers(-10_000_000, 10_000_000), st.floats(-1e7, 1e7))


def keeps_its_shape(transform):
    a, b, _, d, e, _ = transform
    return abs(a * e - b * d) > 1e-3 * (math.hypot(a, d) * math.hypot(b, e))


straight = st.tuples(scales, st.just(0), origins, st.just(0), scales, origins)
turned = st.tuples(shears, scales, origins, scales, shears, origins)
transforms = st.one_of(straight, turned).filter(keeps_its_shape)
grids = st.builds(
    PixelGrid,
    st.sampled_from(["EPSG:32632", "EPSG:4326", WKT]),
    transforms,
    st.integers(1, 60_000),
    st.integers(1, 60_000),
)
