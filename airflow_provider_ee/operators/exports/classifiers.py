"""Exports of trained classifiers.

https://developers.google.com/earth-engine/apidocs/export-classifier-toasset
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_ee.base import DEFAULT_DEFERRABLE, DEFAULT_POLL_INTERVAL, arguments
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.exports.base import EarthEngineExportOperator
from airflow_provider_ee.operators.exports.destinations import ToAsset

if TYPE_CHECKING:
    from typing import Unpack

    from airflow.sdk import XComArg

    from airflow_provider_ee.typing import (
        ClassifierLike,
        Fields,
        Number,
        OperatorArguments,
        Text,
        TextsLike,
        ValueLike,
    )

__all__ = [
    "EarthEngineExportClassifierOperator",
    "EarthEngineExportClassifierToAssetOperator",
]


class EarthEngineExportClassifierOperator(EarthEngineExportOperator):
    """Export a trained classifier with the fields of the REST API's request.

    https://developers.google.com/earth-engine/reference/rest/v1beta/projects.classifier/export

    Args:
        expression: What is exported: the id of an asset, an expression as a dict or JSON text, the path of a `.json`
            file beside the DAG, or a function that returns an `ee` object and runs on the worker, with `ee` initialised
            from the connection.
        asset_export_options: The asset that it becomes.
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
        asset_export_options: Fields | None = None,
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


class EarthEngineExportClassifierToAssetOperator(ToAsset):
    """Export a trained classifier to an asset, as `ee.batch.Export.classifier.toAsset` does.

    Args:
        classifier: The classifier: the id of an asset, an expression as a dict or JSON text, the path of a `.json` file
            beside the DAG, or a function that returns an `ee.Classifier` and runs on the worker, with `ee` initialised
            from the connection.
        asset_id: The asset, `projects/<project>/assets/<path>`.
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
        classifier: ClassifierLike,
        asset_id: Text,
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
