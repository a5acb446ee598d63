"""The walk through the house in a real Airflow: submitted, deferred, polled, finished, handed on."""

import pytest
import rasterio

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("airflow")]


@pytest.fixture(autouse=True)
def _work_takes_a_moment(emulator):
    emulator.control.reset()
    emulator.control.configure(time="seconds=2")


@pytest.mark.parametrize(
    "way", ["deferred", "on_the_worker", "started_here_awaited_there", "looked_at_now_and_then", "as_the_database_says"]
)
def test_an_export_a_sensor_and_a_task_that_reads_the_result_run_in_a_row(airflow, emulator, way):
    run = airflow.trigger(f"chained_{way}")
    assert run.wait() == "success", f"{run.log('export')}\n{run.log('wait')}\n{airflow.logs()}"
    assert run.xcom("read") == [f"gs://chained/{way}/dem", "SUCCEEDED"]
    [operation] = emulator.control.operations()
    assert run.xcom("export", "operation_name") == operation.name
    with rasterio.open(emulator.root / "gs" / "chained" / way / "dem.tif") as file:
        assert file.crs.to_epsg() == 4326


def test_what_a_person_sees_of_a_task_is_its_link_its_progress_and_its_rendered_fields(airflow):
    run = airflow.trigger("chained_deferred")
    run.wait()
    page = "https://console.cloud.google.com/earth-engine/tasks?project=demo-project"
    result = "https://console.cloud.google.com/storage/browser/chained/deferred"
    assert run.links("export") == {"Earth Engine tasks": page, "Earth Engine result": result}
    assert run.links("wait") == {"Earth Engine tasks": page}
    assert "100% SUCCEEDED" in run.log("export")
    assert run.task("export")["rendered_fields"]["bucket"] == "chained"


def test_a_connection_of_the_database_is_known_to_worker_and_triggerer(airflow, emulator):
    run = airflow.trigger("chained_as_the_database_says")
    run.wait()
    [operation] = emulator.control.operations()
    assert operation.name.startswith("projects/database-project/")
    looks = emulator.control.ledger.entries("projects.operations.get")
    assert {entry.path.split("/")[3] for entry in looks} == {"database-project"}


def test_the_form_of_the_connection_is_in_the_ui(airflow):
    [form] = [
        meta
        for meta in airflow.rest.call("GET", "/ui/connections/hook_meta")
        if meta["connection_type"] == "earthengine"
    ]
    assert form["hook_name"] == "Google Earth Engine"
    assert form["standard_fields"]["host"]["hidden"] is True
    assert form["extra_fields"]["keyfile_dict"]["schema"]["format"] == "password"
    assert {"project", "user_token", "endpoint", "trusted_hosts"} <= form["extra_fields"].keys()
