"""Export an image, let go of the worker, go on when it is there.

`make demo` runs this against the emulator. It needs no Google account: `EMULATOR/S2` is a synthetic scene that the
emulator knows. With an account, take a real one instead, say `COPERNICUS/S2_SR_HARMONIZED/20240629T101559_...`.
"""

from __future__ import annotations

import pendulum
from airflow.sdk import DAG, Param, task

from airflow_provider_ee.operators.exports import EarthEngineExportImageToCloudStorageOperator

# What `ee.Image("EMULATOR/S2").normalizedDifference(["B8", "B4"])` is when it is written down: how green the land is.
NDVI = {
    "result": "0",
    "values": {
        "0": {
            "functionInvocationValue": {
                "functionName": "Image.normalizedDifference",
                "arguments": {
                    "input": {
                        "functionInvocationValue": {
                            "functionName": "Image.load",
                            "arguments": {"id": {"constantValue": "EMULATOR/S2"}},
                        }
                    },
                    "bandNames": {"constantValue": ["B8", "B4"]},
                },
            }
        }
    },
}


@task
def preview(exported: dict[str, str], storage: str) -> dict[str, str]:
    """Paint the exported file: brown where nothing grows, green where much does, water blue."""
    from pathlib import Path

    import numpy as np
    import rasterio

    geotiff = Path(storage, exported["bucket"], f"{exported['file_name_prefix']}.tif").resolve()
    with rasterio.open(geotiff) as file:
        ndvi = file.read(1)
    steps = [-0.4, 0.0, 0.2, 0.5, 0.85]
    colours = np.array([[38, 84, 124], [122, 170, 190], [206, 178, 128], [142, 176, 84], [26, 94, 48]])
    picture = np.stack([np.interp(ndvi, steps, channel) for channel in colours.T]).astype("uint8")
    png = geotiff.with_suffix(".png")
    with rasterio.open(
        png, "w", driver="PNG", count=3, dtype="uint8", height=ndvi.shape[0], width=ndvi.shape[1]
    ) as file:
        file.write(picture)
    return {"geotiff": str(geotiff), "preview": str(png)}


with DAG(
    "quickstart",
    schedule=None,
    start_date=pendulum.datetime(2024, 1, 1),
    catchup=False,
    params={"storage": Param("ee-data/gs", type="string", description="Where the emulator keeps its buckets.")},
    doc_md=__doc__,
    tags=["earth-engine", "example"],
):
    export = EarthEngineExportImageToCloudStorageOperator(
        task_id="export_ndvi",
        image=NDVI,
        bucket="quickstart",
        file_name_prefix="ndvi/munich",
        region=[11.30, 47.95, 11.75, 48.25],
        crs="EPSG:32632",
        scale=20,
        deferrable=True,
        poll_interval=5,
        retries=1,
    )
    preview(export.output, storage="{{ params.storage }}")
