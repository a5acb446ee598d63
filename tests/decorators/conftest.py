"""An `ee` that knows no emulator, before a test and after it."""

import pytest


@pytest.fixture(autouse=True)
def _uninitialised():
    import ee

    ee.Reset()
    yield
    ee.Reset()
