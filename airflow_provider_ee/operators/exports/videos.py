"""Exports of image collections as videos, and as videos on a map.

https://developers.google.com/earth-engine/guides/exporting_video
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_ee.base import DEFAULT_DEFERRABLE, DEFAULT_POLL_INTERVAL, arguments
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.exports.base import EarthEngineExportOperator
from airflow_provider_ee.operators.exports.destinations import ToCloudStorage

if TYPE_CHECKING:
    from typing import Unpack

    from airflow.sdk import XComArg

    from airflow_provider_ee.typing import (
        CollectionLike,
        Fields,
        Flag,
        Number,
        OperatorArguments,
        RegionLike,
        SizeLike,
        Text,
        TextsLike,
        TransformLike,
        ValueLike,
    )

__all__ = [
    "EarthEngineExportVideoMapOperator",
    "EarthEngineExportVideoOperator",
    "EarthEngineExportVideoToCloudStorageOperator",
    "EarthEngineExportVideoToDriveOperator",
]


class EarthEngineExportVideoOperator(EarthEngineExportOperator):
    """Export a video with the fields of the REST API's request.

    https://developers.google.com/earth-engine/reference/rest/v1/projects.video/export

    Args:
        expression: What is exported: the id of an asset, an expression as a dict or JSON text, the path of a `.json`
            file beside the DAG, or a function that returns an `ee` object and runs on the worker, with `ee` initialised
            from the connection.
        video_options: Frames per second, the most frames, the most pixels of each.
        file_export_options: Where the files go and what they are like.
        description: What the operation is called at Earth Engine; a name made of DAG, task, map index and run if None.
        priority: From 0 to 9999; operations with a higher one start first. Earth Engine's default is 100.
        workload_tag: A label by which Google Cloud's billing tells its costs apart.
        max_workers: How many machines Earth Engine may use at most.
        op_args: Positional arguments of the functions among the arguments.
        op_kwargs: Keyword arguments of these functions. A function may also ask for names of Airflow's context, such as
            `dag_run`.
        request_id: The id by which Earth Engine recognises a repeated request, instead of one made of the task
            instance.
        mark_description: Whether the description ends with a mark by which a later try finds the operation. Without it
            a try that was killed between the submission and its answer may lead to a second operation.
        wait_for_completion: Whether to wait until the operation is done, or to return as soon as it has been started.
        deferrable: Whether to wait without occupying a worker, for the operation and for room in the project's queue.
            Airflow's `[operators] default_deferrable` unless given.
        poll_interval: Seconds between two looks at the operation, and between two submissions while the project's queue
            is full. `[earthengine] poll_interval` in Airflow's configuration unless given.
        cancel_on_kill: Whether the operation is cancelled when a person ends the task or its `execution_timeout` has
            passed.
        on_clear: What becomes of an operation that still runs when the task is cleared: `restart` cancels and replaces
            it, `attach` goes on with it.
        max_eecu_seconds: The computing time after which the operation is cancelled and the task fails for good.
        max_pending: How many operations may wait in the project's queue, whoever started them, before this one waits
            for room instead of being submitted; Earth Engine's own limit, 3000, if None.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    def __init__(
        self,
        *,
        expression: ValueLike,
        video_options: Fields | None = None,
        file_export_options: Fields | None = None,
        description: Text | None = None,
        priority: Number | None = None,
        workload_tag: Text | None = None,
        max_workers: Number | None = None,
        op_args: Sequence[Any] | XComArg = (),
        op_kwargs: Fields | None = None,
        request_id: Text | None = None,
        mark_description: bool = True,
        wait_for_completion: bool = True,
        deferrable: bool = DEFAULT_DEFERRABLE,
        poll_interval: float = DEFAULT_POLL_INTERVAL,
        cancel_on_kill: bool = True,
        on_clear: Literal["restart", "attach"] = "restart",
        max_eecu_seconds: float | None = None,
        max_pending: int | None = None,
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))


class EarthEngineExportVideoMapOperator(EarthEngineExportOperator):
    """Export a video as tiles of a map, with the fields of the REST API's request.

    Google's own clients use its method, which has no page of reference.

    Args:
        expression: What is exported: the id of an asset, an expression as a dict or JSON text, the path of a `.json`
            file beside the DAG, or a function that returns an `ee` object and runs on the worker, with `ee` initialised
            from the connection.
        tile_options: The zoom levels or the scale, and the size of the tiles.
        video_options: Frames per second, the most frames, the most pixels of each.
        tile_export_options: Where the tiles go and what they are like.
        version: `V1` or `V2`.
        description: What the operation is called at Earth Engine; a name made of DAG, task, map index and run if None.
        priority: From 0 to 9999; operations with a higher one start first. Earth Engine's default is 100.
        workload_tag: A label by which Google Cloud's billing tells its costs apart.
        max_workers: How many machines Earth Engine may use at most.
        op_args: Positional arguments of the functions among the arguments.
        op_kwargs: Keyword arguments of these functions. A function may also ask for names of Airflow's context, such as
            `dag_run`.
        request_id: The id by which Earth Engine recognises a repeated request, instead of one made of the task
            instance.
        mark_description: Whether the description ends with a mark by which a later try finds the operation. Without it
            a try that was killed between the submission and its answer may lead to a second operation.
        wait_for_completion: Whether to wait until the operation is done, or to return as soon as it has been started.
        deferrable: Whether to wait without occupying a worker, for the operation and for room in the project's queue.
            Airflow's `[operators] default_deferrable` unless given.
        poll_interval: Seconds between two looks at the operation, and between two submissions while the project's queue
            is full. `[earthengine] poll_interval` in Airflow's configuration unless given.
        cancel_on_kill: Whether the operation is cancelled when a person ends the task or its `execution_timeout` has
            passed.
        on_clear: What becomes of an operation that still runs when the task is cleared: `restart` cancels and replaces
            it, `attach` goes on with it.
        max_eecu_seconds: The computing time after which the operation is cancelled and the task fails for good.
        max_pending: How many operations may wait in the project's queue, whoever started them, before this one waits
            for room instead of being submitted; Earth Engine's own limit, 3000, if None.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    def __init__(
        self,
        *,
        expression: ValueLike,
        tile_options: Fields | None = None,
        video_options: Fields | None = None,
        tile_export_options: Fields | None = None,
        version: Text | None = None,
        description: Text | None = None,
        priority: Number | None = None,
        workload_tag: Text | None = None,
        max_workers: Number | None = None,
        op_args: Sequence[Any] | XComArg = (),
        op_kwargs: Fields | None = None,
        request_id: Text | None = None,
        mark_description: bool = True,
        wait_for_completion: bool = True,
        deferrable: bool = DEFAULT_DEFERRABLE,
        poll_interval: float = DEFAULT_POLL_INTERVAL,
        cancel_on_kill: bool = True,
        on_clear: Literal["restart", "attach"] = "restart",
        max_eecu_seconds: float | None = None,
        max_pending: int | None = None,
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))


class EarthEngineExportVideoToCloudStorageOperator(ToCloudStorage):
    """Export an image collection as a video to Cloud Storage, as `ee.batch.Export.video.toCloudStorage` does.

    Args:
        collection: The frames: the id of an asset, an expression as a dict or JSON text, the path of a `.json` file
            beside the DAG, or a function that returns an `ee.ImageCollection` and runs on the worker, with `ee`
            initialised from the connection. Each has three bands of bytes, as `visualize` makes them.
        bucket: The bucket, without `gs://`.
        frames_per_second: From 0.1 to 120; one if None.
        max_frames: The most frames; Earth Engine's default is 1000.
        file_name_prefix: What the names of the files begin with; a name made of DAG, task, map index and run if None.
        region: What to cut out: `[west, south, east, north]`, a ring of positions, GeoJSON, anything with
            `__geo_interface__`, the path of a file of GeoJSON beside the DAG, or a function that returns an
            `ee.Geometry`. Its edges are straight in the projection of the coordinates. The whole image if None.
        scale: Metres per pixel.
        crs: The projection, such as `EPSG:32632`, or WKT; web mercator if None.
        crs_transform: Six numbers: x scale, x shear, x origin, y shear, y scale, y origin.
        dimensions: The longest side of a frame in pixels, or `WIDTHxHEIGHT`.
        max_pixels: The most pixels of a frame.
        if_exists: What to do if there are files that Earth Engine would write: `overwrite` them, as Earth Engine does
            by itself; `fail`; `ignore`: succeed without any work, and say `already_existed` in the result; or `skip`
            the task. They are looked for with the connection's own credentials.
        write_public_tiles: Whether everybody may read the files.
        bucket_cors_uris: From which web pages the files may be fetched; `*` is any.
        description: What the operation is called at Earth Engine; a name made of DAG, task, map index and run if None.
        priority: From 0 to 9999; operations with a higher one start first. Earth Engine's default is 100.
        workload_tag: A label by which Google Cloud's billing tells its costs apart.
        max_workers: How many machines Earth Engine may use at most.
        op_args: Positional arguments of the functions among the arguments.
        op_kwargs: Keyword arguments of these functions. A function may also ask for names of Airflow's context, such as
            `dag_run`.
        request_id: The id by which Earth Engine recognises a repeated request, instead of one made of the task
            instance.
        mark_description: Whether the description ends with a mark by which a later try finds the operation. Without it
            a try that was killed between the submission and its answer may lead to a second operation.
        wait_for_completion: Whether to wait until the operation is done, or to return as soon as it has been started.
        deferrable: Whether to wait without occupying a worker, for the operation and for room in the project's queue.
            Airflow's `[operators] default_deferrable` unless given.
        poll_interval: Seconds between two looks at the operation, and between two submissions while the project's queue
            is full. `[earthengine] poll_interval` in Airflow's configuration unless given.
        cancel_on_kill: Whether the operation is cancelled when a person ends the task or its `execution_timeout` has
            passed.
        on_clear: What becomes of an operation that still runs when the task is cleared: `restart` cancels and replaces
            it, `attach` goes on with it.
        max_eecu_seconds: The computing time after which the operation is cancelled and the task fails for good.
        max_pending: How many operations may wait in the project's queue, whoever started them, before this one waits
            for room instead of being submitted; Earth Engine's own limit, 3000, if None.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    def __init__(
        self,
        *,
        collection: CollectionLike,
        bucket: Text,
        frames_per_second: Number | None = None,
        max_frames: Number | None = None,
        file_name_prefix: Text | None = None,
        region: RegionLike | None = None,
        scale: Number | None = None,
        crs: Text | None = None,
        crs_transform: TransformLike | None = None,
        dimensions: SizeLike | None = None,
        max_pixels: Number | None = None,
        if_exists: Literal["overwrite", "fail", "ignore", "skip"] = "overwrite",
        write_public_tiles: Flag = False,
        bucket_cors_uris: TextsLike | None = None,
        description: Text | None = None,
        priority: Number | None = None,
        workload_tag: Text | None = None,
        max_workers: Number | None = None,
        op_args: Sequence[Any] | XComArg = (),
        op_kwargs: Fields | None = None,
        request_id: Text | None = None,
        mark_description: bool = True,
        wait_for_completion: bool = True,
        deferrable: bool = DEFAULT_DEFERRABLE,
        poll_interval: float = DEFAULT_POLL_INTERVAL,
        cancel_on_kill: bool = True,
        on_clear: Literal["restart", "attach"] = "restart",
        max_eecu_seconds: float | None = None,
        max_pending: int | None = None,
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))


class EarthEngineExportVideoToDriveOperator(EarthEngineExportOperator):
    """Export an image collection as a video to Google Drive, as `ee.batch.Export.video.toDrive` does.

    Args:
        collection: The frames: the id of an asset, an expression as a dict or JSON text, the path of a `.json` file
            beside the DAG, or a function that returns an `ee.ImageCollection` and runs on the worker, with `ee`
            initialised from the connection. Each has three bands of bytes, as `visualize` makes them.
        frames_per_second: From 0.1 to 120; one if None.
        max_frames: The most frames; Earth Engine's default is 1000.
        folder: The name of a folder in the Drive; it is made if there is none. The top of the Drive if None.
        file_name_prefix: What the names of the files begin with; a name made of DAG, task, map index and run if None.
        region: What to cut out: `[west, south, east, north]`, a ring of positions, GeoJSON, anything with
            `__geo_interface__`, the path of a file of GeoJSON beside the DAG, or a function that returns an
            `ee.Geometry`. Its edges are straight in the projection of the coordinates. The whole image if None.
        scale: Metres per pixel.
        crs: The projection, such as `EPSG:32632`, or WKT; web mercator if None.
        crs_transform: Six numbers: x scale, x shear, x origin, y shear, y scale, y origin.
        dimensions: The longest side of a frame in pixels, or `WIDTHxHEIGHT`.
        max_pixels: The most pixels of a frame.
        description: What the operation is called at Earth Engine; a name made of DAG, task, map index and run if None.
        priority: From 0 to 9999; operations with a higher one start first. Earth Engine's default is 100.
        workload_tag: A label by which Google Cloud's billing tells its costs apart.
        max_workers: How many machines Earth Engine may use at most.
        op_args: Positional arguments of the functions among the arguments.
        op_kwargs: Keyword arguments of these functions. A function may also ask for names of Airflow's context, such as
            `dag_run`.
        request_id: The id by which Earth Engine recognises a repeated request, instead of one made of the task
            instance.
        mark_description: Whether the description ends with a mark by which a later try finds the operation. Without it
            a try that was killed between the submission and its answer may lead to a second operation.
        wait_for_completion: Whether to wait until the operation is done, or to return as soon as it has been started.
        deferrable: Whether to wait without occupying a worker, for the operation and for room in the project's queue.
            Airflow's `[operators] default_deferrable` unless given.
        poll_interval: Seconds between two looks at the operation, and between two submissions while the project's queue
            is full. `[earthengine] poll_interval` in Airflow's configuration unless given.
        cancel_on_kill: Whether the operation is cancelled when a person ends the task or its `execution_timeout` has
            passed.
        on_clear: What becomes of an operation that still runs when the task is cleared: `restart` cancels and replaces
            it, `attach` goes on with it.
        max_eecu_seconds: The computing time after which the operation is cancelled and the task fails for good.
        max_pending: How many operations may wait in the project's queue, whoever started them, before this one waits
            for room instead of being submitted; Earth Engine's own limit, 3000, if None.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    def __init__(
        self,
        *,
        collection: CollectionLike,
        frames_per_second: Number | None = None,
        max_frames: Number | None = None,
        folder: Text | None = None,
        file_name_prefix: Text | None = None,
        region: RegionLike | None = None,
        scale: Number | None = None,
        crs: Text | None = None,
        crs_transform: TransformLike | None = None,
        dimensions: SizeLike | None = None,
        max_pixels: Number | None = None,
        description: Text | None = None,
        priority: Number | None = None,
        workload_tag: Text | None = None,
        max_workers: Number | None = None,
        op_args: Sequence[Any] | XComArg = (),
        op_kwargs: Fields | None = None,
        request_id: Text | None = None,
        mark_description: bool = True,
        wait_for_completion: bool = True,
        deferrable: bool = DEFAULT_DEFERRABLE,
        poll_interval: float = DEFAULT_POLL_INTERVAL,
        cancel_on_kill: bool = True,
        on_clear: Literal["restart", "attach"] = "restart",
        max_eecu_seconds: float | None = None,
        max_pending: int | None = None,
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))
