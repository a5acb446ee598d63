from collections.abc import Iterator
from typing import Any

import pytest
from google.oauth2.credentials import Credentials

from tests.client.drivers import Driver


@pytest.fixture(scope="module")
def ee(shared_emulator: Any) -> Iterator[Any]:
    """Google's own client, which there is once in a process."""
    import ee

    ee.Initialize(credentials=Credentials("token"), url=shared_emulator.url, project="my-project")
    yield ee
    ee.Reset()


@pytest.fixture(params=["sync", "async"])
def driver(request: pytest.FixtureRequest) -> Driver:
    return Driver(request.param)
