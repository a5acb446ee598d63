"""Exports of images.

https://developers.google.com/earth-engine/guides/exporting_images
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_ee.base import DEFAULT_DEFERRABLE, DEFAULT_POLL_INTERVAL, arguments
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.exports.base import EarthEngineExportOperator
from airflow_provider_ee.operators.exports.destinations import ToAsset, ToCloudStorage
from airflow_provider_ee.operators.exports.emptiness import OfAnImage

if TYPE_CHECKING:
    from typing import Unpack

    from airflow.sdk import XComArg

    from airflow_provider_ee.typing import (
        Fields,
        Flag,
        ImageLike,
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
    "EarthEngineExportImageOperator",
    "EarthEngineExportImageToAssetOperator",
    "EarthEngineExportImageToCloudStorageOperator",
    "EarthEngineExportImageToDriveOperator",
]


class EarthEngineExportImageOperator(EarthEngineExportOperator):
    """Export an image with the fields of the REST API's request.

    https://developers.google.com/earth-engine/reference/rest/v1/projects.image/export

    Args:
        expression: What is exported: the id of an asset, an expression as a dict or JSON text, the path of a `.json`
            file beside the DAG, or a function that returns an `ee` object and runs on the worker, with `ee` initialised
            from the connection.
        grid: A PixelGrid; the image's own projection and extent if None.
        file_export_options: Where the files go and what they are like.
        asset_export_options: The asset that it becomes.
        max_pixels: The most pixels that may be exported; Earth Engine's default is 100 million.
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
        grid: Fields | None = None,
        file_export_options: Fields | None = None,
        asset_export_options: Fields | None = None,
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


class EarthEngineExportImageToCloudStorageOperator(ToCloudStorage, OfAnImage):
    """Export an image to Cloud Storage, as `ee.batch.Export.image.toCloudStorage` does.

    Args:
        image: The image: the id of an asset, an expression as a dict or JSON text, the path of a `.json` file beside
            the DAG, or a function that returns an `ee.Image` and runs on the worker, with `ee` initialised from the
            connection.
        bucket: The bucket, without `gs://`.
        file_name_prefix: What the names of the files begin with; a name made of DAG, task, map index and run if None.
        region: What to cut out: `[west, south, east, north]`, a ring of positions, GeoJSON, anything with
            `__geo_interface__`, the path of a file of GeoJSON beside the DAG, or a function that returns an
            `ee.Geometry`. Its edges are straight in the projection of the coordinates. The whole image if None.
        scale: Metres per pixel.
        crs: The projection, such as `EPSG:32632`, or WKT; the image's own if None.
        crs_transform: Six numbers: x scale, x shear, x origin, y shear, y scale, y origin.
        dimensions: The longest side in pixels, or `WIDTHxHEIGHT`.
        max_pixels: The most pixels that may be exported; Earth Engine's default is 100 million.
        file_format: `GeoTIFF`, `TFRecord` or `NUMPY`; `GeoTIFF` if None.
        format_options: For GeoTIFF `cloudOptimized`, `noData`, `metadataKeys`; for TFRecord those of `ee`.
        file_dimensions: The side in pixels of each file, or (width, height), if the image is to be cut into several.
        skip_empty_tiles: Whether files without any data are left out.
        shard_size: The side in pixels of the tiles in which the image is computed and stored; 256 if None.
        if_exists: What to do if there are files that Earth Engine would write: `overwrite` them, as Earth Engine does
            by itself; `fail`; `ignore`: succeed without any work, and say `already_existed` in the result; or `skip`
            the task. They are looked for with the connection's own credentials.
        write_public_tiles: Whether everybody may read the files.
        bucket_cors_uris: From which web pages the files may be fetched; `*` is any.
        on_empty: What to do when the region does not meet the image, which is known for a stored image alone: `warn` in
            the log, `fail`, or `ignore`: do not look.
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
        image: ImageLike,
        bucket: Text,
        file_name_prefix: Text | None = None,
        region: RegionLike | None = None,
        scale: Number | None = None,
        crs: Text | None = None,
        crs_transform: TransformLike | None = None,
        dimensions: SizeLike | None = None,
        max_pixels: Number | None = None,
        file_format: Text | None = None,
        format_options: Fields | None = None,
        file_dimensions: SizeLike | None = None,
        skip_empty_tiles: Flag = False,
        shard_size: Number | None = None,
        if_exists: Literal["overwrite", "fail", "ignore", "skip"] = "overwrite",
        write_public_tiles: Flag = False,
        bucket_cors_uris: TextsLike | None = None,
        on_empty: Literal["warn", "fail", "ignore"] = "warn",
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


class EarthEngineExportImageToDriveOperator(OfAnImage):
    """Export an image to Google Drive, as `ee.batch.Export.image.toDrive` does.

    Args:
        image: The image: the id of an asset, an expression as a dict or JSON text, the path of a `.json` file beside
            the DAG, or a function that returns an `ee.Image` and runs on the worker, with `ee` initialised from the
            connection.
        folder: The name of a folder in the Drive; it is made if there is none. The top of the Drive if None.
        file_name_prefix: What the names of the files begin with; a name made of DAG, task, map index and run if None.
        region: What to cut out: `[west, south, east, north]`, a ring of positions, GeoJSON, anything with
            `__geo_interface__`, the path of a file of GeoJSON beside the DAG, or a function that returns an
            `ee.Geometry`. Its edges are straight in the projection of the coordinates. The whole image if None.
        scale: Metres per pixel.
        crs: The projection, such as `EPSG:32632`, or WKT; the image's own if None.
        crs_transform: Six numbers: x scale, x shear, x origin, y shear, y scale, y origin.
        dimensions: The longest side in pixels, or `WIDTHxHEIGHT`.
        max_pixels: The most pixels that may be exported; Earth Engine's default is 100 million.
        file_format: `GeoTIFF`, `TFRecord` or `NUMPY`; `GeoTIFF` if None.
        format_options: For GeoTIFF `cloudOptimized`, `noData`, `metadataKeys`; for TFRecord those of `ee`.
        file_dimensions: The side in pixels of each file, or (width, height), if the image is to be cut into several.
        skip_empty_tiles: Whether files without any data are left out.
        shard_size: The side in pixels of the tiles in which the image is computed and stored; 256 if None.
        on_empty: What to do when the region does not meet the image, which is known for a stored image alone: `warn` in
            the log, `fail`, or `ignore`: do not look.
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
        image: ImageLike,
        folder: Text | None = None,
        file_name_prefix: Text | None = None,
        region: RegionLike | None = None,
        scale: Number | None = None,
        crs: Text | None = None,
        crs_transform: TransformLike | None = None,
        dimensions: SizeLike | None = None,
        max_pixels: Number | None = None,
        file_format: Text | None = None,
        format_options: Fields | None = None,
        file_dimensions: SizeLike | None = None,
        skip_empty_tiles: Flag = False,
        shard_size: Number | None = None,
        on_empty: Literal["warn", "fail", "ignore"] = "warn",
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


class EarthEngineExportImageToAssetOperator(ToAsset, OfAnImage):
    """Export an image to an asset, as `ee.batch.Export.image.toAsset` does.

    Args:
        image: The image: the id of an asset, an expression as a dict or JSON text, the path of a `.json` file beside
            the DAG, or a function that returns an `ee.Image` and runs on the worker, with `ee` initialised from the
            connection.
        asset_id: The asset, `projects/<project>/assets/<path>`.
        if_exists: What to do if there is such an asset: `fail`; `overwrite` it; `ignore`: succeed without any work, and
            say `already_existed` in the result; or `skip` the task.
        overwrite: The same as `if_exists="overwrite"`, in the words of `ee`. Whoever might read the old asset may not
            read the new one: its sharing is not kept.
        region: What to cut out: `[west, south, east, north]`, a ring of positions, GeoJSON, anything with
            `__geo_interface__`, the path of a file of GeoJSON beside the DAG, or a function that returns an
            `ee.Geometry`. Its edges are straight in the projection of the coordinates. The whole image if None.
        scale: Metres per pixel.
        crs: The projection, such as `EPSG:32632`, or WKT; the image's own if None.
        crs_transform: Six numbers: x scale, x shear, x origin, y shear, y scale, y origin.
        dimensions: The longest side in pixels, or `WIDTHxHEIGHT`.
        max_pixels: The most pixels that may be exported; Earth Engine's default is 100 million.
        pyramiding_policy: How coarser levels are made: `mean`, `mode`, `sample`, `min`, `max` or `median` for all
            bands, or by band: `{".default": "mean", "classes": "mode"}`.
        shard_size: The side in pixels of the tiles in which the image is computed and stored; 256 if None.
        on_empty: What to do when the region does not meet the image, which is known for a stored image alone: `warn` in
            the log, `fail`, or `ignore`: do not look.
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
        image: ImageLike,
        asset_id: Text,
        if_exists: Literal["fail", "overwrite", "ignore", "skip"] = "fail",
        overwrite: bool = False,
        region: RegionLike | None = None,
        scale: Number | None = None,
        crs: Text | None = None,
        crs_transform: TransformLike | None = None,
        dimensions: SizeLike | None = None,
        max_pixels: Number | None = None,
        pyramiding_policy: Fields | Text | None = None,
        shard_size: Number | None = None,
        on_empty: Literal["warn", "fail", "ignore"] = "warn",
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
