"""Connections as people make and test them in Airflow's pages."""

import json
from typing import TYPE_CHECKING

import pytest

from airflow_provider_ee.connection_form import STANDARD_FIELDS
from tests.airflow.standalone import Airflow

if TYPE_CHECKING:
    from airflow_provider_ee.emulator.server import Emulator

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("airflow")]


def test_the_test_button_reaches_earth_engine_if_the_port_is_what_the_form_says(
    airflow: Airflow, emulator: "Emulator"
) -> None:
    port = STANDARD_FIELDS["placeholders"]["port"]
    extra = {"project": "demo-project", "endpoint": emulator.url, "anonymous": True}
    stored = {"connection_id": "tested", "conn_type": "earthengine", "port": int(port), "extra": json.dumps(extra)}
    airflow.rest.call("POST", "/api/v2/connections", json=stored)
    shown = airflow.rest.call("GET", "/api/v2/connections/tested")

    # What the page sends: https://github.com/apache/airflow, TestConnectionButton.tsx
    asked = {
        **{field: shown[field] or "" for field in ("description", "host", "login", "password", "schema")},
        **{field: shown[field] for field in ("connection_id", "conn_type", "extra")},
        "port": shown["port"] or 0,
    }
    answer = airflow.rest.call("POST", "/api/v2/connections/test", json=asked)

    assert answer["status"], answer["message"]
    assert answer["message"].startswith("Connected to project demo-project without credentials")
