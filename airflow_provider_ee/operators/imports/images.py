"""Imports of images: the files are copied into an asset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from airflow_provider_ee.base import DEFAULT_DEFERRABLE, DEFAULT_POLL_INTERVAL, arguments
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.imports.base import ImportOperator

if TYPE_CHECKING:
    from typing import Unpack

    from airflow_provider_ee.typing import Fields, Flag, Number, OperatorArguments, Text, TextsLike, TimeLike

__all__ = ["EarthEngineImportImageOperator"]


class EarthEngineImportImageOperator(ImportOperator):
    """Import an image from Cloud Storage, as `earthengine upload image` does.

    https://developers.google.com/earth-engine/reference/rest/v1/projects.image/import

    Args:
        manifest: The manifest as a dict or JSON text, or the path of a `.json` file beside the DAG. Or leave it out,
            and give `asset_id`, `uris`, and what else there is to say.
        asset_id: The asset, `projects/<project>/assets/<path>`, unless the manifest names it.
        uris: The address of the file, `gs://<bucket>/<object>`, or those of several.
        bands: The names of the bands: a list, or one text with commas.
        crs: The projection, such as `EPSG:32632`, or WKT, where the file does not say it.
        nodata_value: The number that stands for pixels without a value, for all bands or one for each.
        last_band_alpha: Whether the last band masks the others.
        pyramiding_policy: How overviews are made: `MEAN`, `MODE`, `SAMPLE`, `MIN`, `MAX` or `MEDIAN`, for all bands or
            one for each.
        start_time: When what it shows was, or began: a datetime, or a text such as `2026-01-31`; in UTC unless it says
            so.
        end_time: The first moment after it, in the same forms.
        properties: Texts and numbers by name.
        mode: `VIRTUAL` leaves the file where it is; Earth Engine's default is `INGEST`.
        if_exists: What to do if there is such an asset: `fail`; `overwrite` it; `ignore`: succeed without any work, and
            say `already_existed` in the result; or `skip` the task.
        overwrite: The same as `if_exists="overwrite"`, in the words of `ee`. Whoever might read the old asset may not
            read the new one: its sharing is not kept.
        description: What the operation is called at Earth Engine; a name made of DAG, task, map index and run if None.
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
        manifest: Fields | Text | None = None,
        asset_id: Text | None = None,
        uris: TextsLike | None = None,
        bands: TextsLike | None = None,
        crs: Text | None = None,
        nodata_value: Number | Sequence[Number] | None = None,
        last_band_alpha: Flag | None = None,
        pyramiding_policy: TextsLike | None = None,
        start_time: TimeLike | None = None,
        end_time: TimeLike | None = None,
        properties: Fields | None = None,
        mode: Text | None = None,
        if_exists: Literal["fail", "overwrite", "ignore", "skip"] = "fail",
        overwrite: bool = False,
        description: Text | None = None,
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
