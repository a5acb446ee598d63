"""Pixels: the limits of one request and the form of the answer, on an image of one value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from airflow_provider_ee.client.arguments.expressions import call, constant
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.request import Request
from airflow_provider_ee.testing.conformance.findings import Finding
from airflow_provider_ee.testing.conformance.session import Session

__all__ = ["check"]


def check(session: Session) -> Iterator[Finding]:
    """Ask for one pixel, for too wide an image and for too many bytes."""
    small = session.ask(_pixels(session, width=1, height=1))
    yield Finding("one pixel", "NPY", small.text, small.ok, (small.number,))
    wide = session.ask(_pixels(session, width=32769, height=1))
    yield Finding("32,769 pixels in a row", "400 with the limit 32768", wide.text, wide.status == 400, (wide.number,))
    large = session.ask(_pixels(session, width=8192, height=8192))
    yield Finding("64 MB of pixels", "400 with the limit 50331648", large.text, large.status == 400, (large.number,))


def _pixels(session: Session, width: int, height: int) -> Request:
    image = call("Image.byte", value=call("Image.constant", value=constant(1)))
    grid: dict[str, Any] = {
        "crsCode": "EPSG:4326",
        "dimensions": {"width": width, "height": height},
        "affineTransform": {"scaleX": 0.001, "translateX": 0, "scaleY": -0.001, "translateY": 1},
    }
    body = {"expression": {"result": "0", "values": {"0": image}}, "fileFormat": "NPY", "grid": grid}
    return methods.image_compute_pixels(session.project, body=body)
