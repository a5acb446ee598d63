"""What the exports of these DAGs have in common."""
# ruff: noqa: INP001 - a DAG folder is no package

#: What a run is about, as the test that started it says; every description begins with it.
ABOUT = "{{ dag_run.conf['about'] }}"

ELEVATION = {
    "result": "0",
    "values": {
        "0": {
            "functionInvocationValue": {
                "functionName": "Image.load",
                "arguments": {"id": {"constantValue": "EMULATOR/DEM"}},
            }
        }
    },
}

#: Arguments of EarthEngineExportImageToCloudStorageOperator.
SMALL = {
    "image": ELEVATION,
    "bucket": "bucket",
    "region": [7, 46, 7.5, 46.25],
    "scale": 5000,
    "crs": "EPSG:4326",
    "poll_interval": 1,
}
