"""Three thousand exports as one task."""
# ruff: noqa: INP001 - a DAG folder is no package

from datetime import timedelta

from airflow.sdk import DAG, task


def tiles() -> list[dict[str, object]]:
    """Name them all."""
    import ee

    elevation = ee.Image("EMULATOR/DEM")
    return [{"key": f"tile-{number}", "image": elevation} for number in range(3000)]


with DAG("bulk", schedule=None):
    task.ee_bulk_export(
        task_id="export",
        export="image_to_cloud_storage",
        common={"bucket": "chaos", "region": [7, 46, 7.5, 46.25], "scale": 5000, "crs": "EPSG:4326"},
        report="{{ dag_run.conf['report'] }}",
        deferrable=True,
        poll_interval=2,
        retries=100,
        retry_delay=timedelta(seconds=1),
    )(tiles)()
