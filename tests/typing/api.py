"""What users write, with every type in its place: read by mypy in its strict mode, and never run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import Any, assert_type

from airflow.sdk import DAG, Context, task
from airflow.triggers.base import TriggerEvent

from airflow_provider_ee.client import (
    AsyncClient,
    AsyncOperationHandle,
    Client,
    Downloaded,
    EarthEngineError,
    Limits,
    OperationFailed,
    OperationHandle,
    PixelArray,
    RetryPolicy,
    Transient,
)
from airflow_provider_ee.client.operations.listing import list_operations
from airflow_provider_ee.client.operations.operation import Operation
from airflow_provider_ee.client.operations.waiting import wait_for_operation
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import pages
from airflow_provider_ee.client.rest.request import Request
from airflow_provider_ee.emulator.server import Emulator
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.links import EarthEngineOperationLink
from airflow_provider_ee.operators.base.operation import EarthEngineOperationOperator
from airflow_provider_ee.operators.cancel import EarthEngineCancelOrphansOperator
from airflow_provider_ee.operators.exports import (
    EarthEngineExportImageOperator,
    EarthEngineExportImageToCloudStorageOperator,
)
from airflow_provider_ee.provider_info import get_provider_info
from airflow_provider_ee.sensors.operations import EarthEngineOperationSensor
from airflow_provider_ee.triggers.operations import EarthEngineOperationTrigger

IMAGE: dict[str, Any] = {"result": "0", "values": {"0": {"constantValue": 1}}}


# DAGs


def a_dag() -> DAG:
    with DAG("exports", schedule=None, start_date=datetime(2026, 1, 1)) as dag:  # noqa: DTZ001  # Airflow's own examples
        export = EarthEngineExportImageToCloudStorageOperator(
            task_id="export",
            image=IMAGE,
            bucket="bucket",
            file_name_prefix="{{ ds }}/ndvi",
            region=[7, 46, 8, 47],
            crs="EPSG:32632",
            scale=10,
            max_pixels=1e9,
            file_dimensions=(512, 512),
            format_options={"cloudOptimized": True},
            deferrable=True,
            poll_interval=60,
            on_clear="attach",
            retries=2,
            execution_timeout=timedelta(hours=12),
        )
        wait = EarthEngineOperationSensor(
            task_id="wait",
            operation_name=["{{ task_instance.xcom_pull('export', key='operation_name') }}"],
            impersonation_chain=["deputy@project.iam.gserviceaccount.com"],
            timeout=3600,
        )

        @task
        def report(exported: dict[str, Any]) -> str:
            return str(exported["uri_prefix"])

        export >> wait
        report(export.output)  # type: ignore[arg-type]  # Airflow does not type what a task's output becomes
    return dag


def the_words_of_the_reference() -> EarthEngineExportImageOperator:
    return EarthEngineExportImageOperator(
        task_id="export",
        expression="image.json",
        grid={"crsCode": "EPSG:4326", "dimensions": {"width": 4, "height": 4}},
        asset_export_options={"earthEngineDestination": {"name": "projects/p/assets/a"}},
        priority=200,
        workload_tag="nightly",
        api_version="v1alpha",
        request_id="my-own",
    )


def a_mapped_task() -> None:
    EarthEngineExportImageToCloudStorageOperator.partial(
        task_id="export", image=IMAGE, bucket="bucket", region=[7, 46, 8, 47]
    ).expand(file_name_prefix=["a", "b"])


def what_nobody_waits_for() -> EarthEngineCancelOrphansOperator:
    return EarthEngineCancelOrphansOperator(
        task_id="cancel_orphans",
        dag_ids=["exports", "{{ params.dag_id }}"],
        dry_run="{{ params.dry_run }}",
        task_states={"failed", "success", "gone"},
        min_age=timedelta(hours=1),
        project_id="my-project",
        impersonation_chain=["deputy@project.iam.gserviceaccount.com"],
    )


class ExportOfMyOwn(EarthEngineOperationOperator):
    def request(self, project: str, context: Context) -> Request:
        return methods.table_export(project, body={"expression": IMAGE})

    def destination(self, request: Request) -> dict[str, Any]:
        return {"asset_id": "projects/p/assets/a"}


# The hook


def with_a_hook() -> None:
    with EarthEngineHook("my_connection", project_id="my-project", impersonation_chain="a@b.com") as hook:
        started = hook.export_image(expression=IMAGE, file_export_options={"fileFormat": "GEO_TIFF"}, max_pixels=10)
        assert_type(started, OperationHandle)
        assert_type(hook.wait_for_operation(started.name, poll_interval=10, timeout=60), OperationHandle)
        assert_type(hook.get_operation("ABC").state, str)
        assert_type(hook.list_operations(), Iterator[OperationHandle])
        assert_type(hook.get_asset("USGS/SRTMGL1_003"), dict[str, Any])
        assert_type(hook.encode_pixels(asset_id="USGS/SRTMGL1_003", file_format="NPY"), bytes)
        assert_type(hook.client(), Client)
        assert_type(hook.test_connection(), tuple[bool, str])
        hook.cancel_operation("ABC")


async def with_a_hook_on_a_loop() -> None:
    async with await EarthEngineHook().async_client() as client:
        assert_type(client, AsyncClient)


# The client


def with_a_client() -> Iterator[bytes]:
    limits = Limits(in_flight=8, per_second=10)
    with Client("my-project", endpoint="high-volume", limits=limits, retry=RetryPolicy(attempts=3)) as client:
        assert_type(client.run(list_operations("projects/my-project")), list[Operation])
        assets = methods.assets_list("projects/my-project/assets/folder", pageSize=100)
        assert_type(client.run(pages(assets, "assets")), list[dict[str, Any]])
        started = client.export_image_to_cloud_storage(image=IMAGE, bucket="b", region=[7, 46, 8, 47], scale=30)
        assert_type(started.wait(timeout=3600).refresh(), OperationHandle)
        assert_type(client.list_assets("projects/my-project/assets"), Iterator[dict[str, Any]])
        assert_type(client.read_pixels(asset_id="a/b", scale=30), PixelArray)
        assert_type(client.with_options(timeout=5).download_pixels(asset_id="a/b", output_path="a.tif"), Downloaded)
        client.export_image_to_drive(image=IMAGE, regoin=[7, 46, 8, 47])  # type: ignore[call-arg]  # no such argument
        client.export_image_to_drive(region=[7, 46, 8, 47])  # type: ignore[call-arg]  # no image
        client.read_pixels(asset_id="a/b", scale=object())  # type: ignore[arg-type]  # not a number
        pixels = methods.assets_get_pixels("projects/p/assets/a", body={"fileFormat": "NPY"})
        with client.stream(pixels) as chunks:
            yield from chunks


async def with_an_async_client() -> bytes:
    async with AsyncClient("my-project") as client:
        operation = await client.run(wait_for_operation("projects/p/operations/A", poll_interval=5, clock=float))
        assert_type(operation, Operation)
        assert_type(await client.get_operation("ABC"), AsyncOperationHandle)
        assert_type(client.list_assets(), AsyncIterator[dict[str, Any]])
        assert_type(await client.compute_value(IMAGE), Any)
        async with client.stream(methods.image_compute_pixels("projects/p", body={})) as chunks:
            return b"".join([chunk async for chunk in chunks])


def what_went_wrong(hook: EarthEngineHook) -> str | None:
    try:
        hook.wait_for_operation("ABC")
    except OperationFailed as failure:
        assert_type(failure.retry_may_help, bool)
    except Transient as trouble:
        assert_type(trouble.retry_after, float | None)
    except EarthEngineError as error:
        return error.hint
    return None


# Triggers, links, the emulator


async def wait_in_a_trigger() -> TriggerEvent:
    trigger = EarthEngineOperationTrigger(["projects/p/operations/A"], project_id="p", poll_interval=5, deadline=0.0)
    assert_type(trigger.serialize(), tuple[str, dict[str, Any]])
    return await anext(trigger.run())


def a_link(operator: EarthEngineExportImageOperator, key: object) -> str:
    return EarthEngineOperationLink().get_link(operator, ti_key=key)


def with_an_emulator(folder: str) -> str:
    with Emulator(folder, settings={"time": "looks=3"}) as emulator:
        emulator.control.configure(max_queue=1)
        assert_type(emulator.url, str)
        return emulator.host


assert_type(get_provider_info(), dict[str, Any])
