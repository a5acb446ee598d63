"""`@task.ee_bulk_export` in Airflow's task runner, against the emulator."""

from airflow.sdk import DAG, task

from tests.tasks import run_task


@task.ee_bulk_export(
    export="image_to_cloud_storage",
    common={"bucket": "bucket", "region": [7, 46, 7.5, 46.25], "scale": 5000, "file_format": "{{ 'GEO_TIFF' }}"},
    poll_interval=0.05,
)
def thresholds(metres, ds=None):
    import ee

    for threshold in metres:
        yield {"key": f"{ds}/{threshold}", "image": ee.Image("EMULATOR/DEM").gt(threshold)}


def test_what_the_function_yields_is_exported_item_by_item(earth_engine, supervisor):
    with DAG("d", schedule=None):
        outcome = run_task(thresholds([300, 600]).operator, supervisor)

    assert outcome.state == "success", outcome.error
    assert [item["outputs"]["uri_prefix"] for item in outcome.result["items"].values()] == [
        "gs://bucket/2026-01-02/300",
        "gs://bucket/2026-01-02/600",
    ]
    assert (earth_engine.root / "gs" / "bucket" / "2026-01-02" / "300.tif").exists()
