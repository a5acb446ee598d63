"""Emulators for the tests: one on a port of its own, one in process."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from airflow_provider_ee.emulator.server import Emulator


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[Emulator]:
    """An emulator on a free port."""
    with Emulator(tmp_path / "ee-data") as running:
        yield running


@pytest.fixture
def web(emulator: Emulator) -> Iterator[httpx.Client]:
    """A client of the emulator on its port."""
    with httpx.Client(base_url=emulator.url, timeout=20) as client:
        yield client


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Emulator]:
    """An emulator without a port."""
    quiet = Emulator(tmp_path / "ee-data")
    yield quiet
    quiet.stop()


@pytest.fixture
async def api(inside: Emulator, anyio_backend: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the emulator without a port."""
    transport = httpx.ASGITransport(inside.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://emulator") as client:
        yield client
