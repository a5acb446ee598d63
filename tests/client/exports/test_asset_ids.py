"""The id of an asset in the place of what is exported, up to the file that Earth Engine writes."""

from airflow_provider_ee.client import Client


def test_an_export_of_an_images_id_exports_the_image(earth_engine):
    with Client("emulator", endpoint=earth_engine.url) as client:
        operation = client.export_image_to_cloud_storage(
            image="EMULATOR/S2", scale=100, bucket="bucket-of-asset-ids", file_name_prefix="made"
        )
        operation.wait(timeout=60)

    assert [file.name for file in (earth_engine.root / "gs" / "bucket-of-asset-ids").iterdir()] == ["made.tif"]
