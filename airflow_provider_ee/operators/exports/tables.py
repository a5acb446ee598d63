"""Exports of tables.

https://developers.google.com/earth-engine/guides/exporting_tables
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_ee.base import DEFAULT_DEFERRABLE, DEFAULT_POLL_INTERVAL, arguments
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.exports.base import EarthEngineExportOperator
from airflow_provider_ee.operators.exports.destinations import ToAsset, ToBigQuery, ToCloudStorage

if TYPE_CHECKING:
    from typing import Unpack

    from airflow.sdk import XComArg

    from airflow_provider_ee.typing import (
        Fields,
        Flag,
        Number,
        OperatorArguments,
        TableLike,
        Text,
        TextsLike,
        ValueLike,
    )

__all__ = [
    "EarthEngineExportTableOperator",
    "EarthEngineExportTableToAssetOperator",
    "EarthEngineExportTableToBigQueryOperator",
    "EarthEngineExportTableToCloudStorageOperator",
    "EarthEngineExportTableToDriveOperator",
    "EarthEngineExportTableToFeatureViewOperator",
]


class EarthEngineExportTableOperator(EarthEngineExportOperator):
    """Export a table with the fields of the REST API's request.

    https://developers.google.com/earth-engine/reference/rest/v1/projects.table/export

    Args:
        expression: What is exported: the id of an asset, an expression as a dict or JSON text, the path of a `.json`
            file beside the DAG, or a function that returns an `ee` object and runs on the worker, with `ee` initialised
            from the connection.
        file_export_options: Where the files go and what they are like.
        asset_export_options: The asset that it becomes.
        feature_view_export_options: The feature view that it becomes.
        bigquery_export_options: The BigQuery table that it becomes. Exactly one of these four is given.
        selectors: The properties that become columns, in this order, as a list or one text with commas; all of them if
            None.
        max_vertices: The most vertices of a geometry; one with more is cut into several.
        max_error_meters: By how many metres geometries may be simplified.
        policy: Who may do what with the asset, as an IAM policy.
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
        file_export_options: Fields | None = None,
        asset_export_options: Fields | None = None,
        feature_view_export_options: Fields | None = None,
        bigquery_export_options: Fields | None = None,
        selectors: TextsLike | None = None,
        max_vertices: Number | None = None,
        max_error_meters: Number | None = None,
        policy: Fields | None = None,
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


class EarthEngineExportTableToCloudStorageOperator(ToCloudStorage):
    """Export a table to Cloud Storage, as `ee.batch.Export.table.toCloudStorage` does.

    Args:
        collection: The table: the id of an asset, an expression as a dict or JSON text, the path of a `.json` file
            beside the DAG, or a function that returns an `ee.FeatureCollection` and runs on the worker, with `ee`
            initialised from the connection.
        bucket: The bucket, without `gs://`.
        selectors: The properties that become columns, in this order, as a list or one text with commas; all of them if
            None.
        max_vertices: The most vertices of a geometry; one with more is cut into several.
        file_name_prefix: What the names of the files begin with; a name made of DAG, task, map index and run if None.
        file_format: `CSV`, `GeoJSON`, `KML`, `KMZ`, `SHP` or `TFRecord`; `CSV` if None.
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
        collection: TableLike,
        bucket: Text,
        selectors: TextsLike | None = None,
        max_vertices: Number | None = None,
        file_name_prefix: Text | None = None,
        file_format: Text | None = None,
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


class EarthEngineExportTableToDriveOperator(EarthEngineExportOperator):
    """Export a table to Google Drive, as `ee.batch.Export.table.toDrive` does.

    Args:
        collection: The table: the id of an asset, an expression as a dict or JSON text, the path of a `.json` file
            beside the DAG, or a function that returns an `ee.FeatureCollection` and runs on the worker, with `ee`
            initialised from the connection.
        selectors: The properties that become columns, in this order, as a list or one text with commas; all of them if
            None.
        max_vertices: The most vertices of a geometry; one with more is cut into several.
        folder: The name of a folder in the Drive; it is made if there is none. The top of the Drive if None.
        file_name_prefix: What the names of the files begin with; a name made of DAG, task, map index and run if None.
        file_format: `CSV`, `GeoJSON`, `KML`, `KMZ`, `SHP` or `TFRecord`; `CSV` if None.
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
        collection: TableLike,
        selectors: TextsLike | None = None,
        max_vertices: Number | None = None,
        folder: Text | None = None,
        file_name_prefix: Text | None = None,
        file_format: Text | None = None,
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


class EarthEngineExportTableToAssetOperator(ToAsset):
    """Export a table to an asset, as `ee.batch.Export.table.toAsset` does.

    Args:
        collection: The table: the id of an asset, an expression as a dict or JSON text, the path of a `.json` file
            beside the DAG, or a function that returns an `ee.FeatureCollection` and runs on the worker, with `ee`
            initialised from the connection.
        asset_id: The asset, `projects/<project>/assets/<path>`.
        selectors: The properties that become columns, in this order, as a list or one text with commas; all of them if
            None.
        max_vertices: The most vertices of a geometry; one with more is cut into several.
        if_exists: What to do if there is such an asset: `fail`; `overwrite` it; `ignore`: succeed without any work, and
            say `already_existed` in the result; or `skip` the task.
        overwrite: The same as `if_exists="overwrite"`, in the words of `ee`. Whoever might read the old asset may not
            read the new one: its sharing is not kept.
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
        collection: TableLike,
        asset_id: Text,
        selectors: TextsLike | None = None,
        max_vertices: Number | None = None,
        if_exists: Literal["fail", "overwrite", "ignore", "skip"] = "fail",
        overwrite: bool = False,
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


class EarthEngineExportTableToBigQueryOperator(ToBigQuery):
    """Export a table to a BigQuery table, as `ee.batch.Export.table.toBigQuery` does.

    Args:
        collection: The table: the id of an asset, an expression as a dict or JSON text, the path of a `.json` file
            beside the DAG, or a function that returns an `ee.FeatureCollection` and runs on the worker, with `ee`
            initialised from the connection.
        table: The table, `project.dataset.table`; the dataset must be there.
        selectors: The properties that become columns, in this order, as a list or one text with commas; all of them if
            None.
        max_vertices: The most vertices of a geometry; one with more is cut into several.
        if_exists: What to do if there is such a table: `fail`; `overwrite` it; `append` to it; `ignore`: succeed
            without any work, and say `already_existed` in the result; or `skip` the task. It is looked for with the
            connection's own credentials.
        overwrite: The same as `if_exists="overwrite"`, in the words of `ee`.
        append: The same as `if_exists="append"`, in the words of `ee`.
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
        collection: TableLike,
        table: Text,
        selectors: TextsLike | None = None,
        max_vertices: Number | None = None,
        if_exists: Literal["fail", "overwrite", "append", "ignore", "skip"] = "fail",
        overwrite: bool = False,
        append: bool = False,
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


class EarthEngineExportTableToFeatureViewOperator(ToAsset):
    """Export a table to a FeatureView asset, as `ee.batch.Export.table.toFeatureView` does.

    Args:
        collection: The table: the id of an asset, an expression as a dict or JSON text, the path of a `.json` file
            beside the DAG, or a function that returns an `ee.FeatureCollection` and runs on the worker, with `ee`
            initialised from the connection.
        asset_id: The asset, `projects/<project>/assets/<path>`.
        selectors: The properties that become columns, in this order, as a list or one text with commas; all of them if
            None.
        max_vertices: The most vertices of a geometry; one with more is cut into several.
        if_exists: What to do if there is such an asset: `fail`; `overwrite` it; `ignore`: succeed without any work, and
            say `already_existed` in the result; or `skip` the task.
        overwrite: The same as `if_exists="overwrite"`, in the words of `ee`. Whoever might read the old asset may not
            read the new one: its sharing is not kept.
        max_features_per_tile: How many features a tile of the map shows at most.
        thinning_strategy: Which features are left out: `HIGHER_DENSITY` or `GLOBALLY_CONSISTENT`.
        thinning_ranking: Which features stay, by rules such as `population DESC`.
        z_order_ranking: Which features lie on top, by such rules.
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
        collection: TableLike,
        asset_id: Text,
        selectors: TextsLike | None = None,
        max_vertices: Number | None = None,
        if_exists: Literal["fail", "overwrite", "ignore", "skip"] = "fail",
        overwrite: bool = False,
        max_features_per_tile: Number | None = None,
        thinning_strategy: Text | None = None,
        thinning_ranking: TextsLike | None = None,
        z_order_ranking: TextsLike | None = None,
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
