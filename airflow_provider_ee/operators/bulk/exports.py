"""Thousands of exports as one task."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from airflow.sdk import Context

from airflow_provider_ee.base import CallsEarthEngine, is_constant
from airflow_provider_ee.client.arguments.scalars import finite, whole
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.compat import AirflowException, AirflowTaskTimeout, TaskDeferralTimeout, conf
from airflow_provider_ee.deadlines import TaskClock, deadline
from airflow_provider_ee.failures import explained
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.links import EarthEngineOperationLink, EarthEngineResultLink, tasks_page
from airflow_provider_ee.operators.base.callables import resolve_callables, wrap_callable
from airflow_provider_ee.operators.base.identity import remember, stored, ticket_of, tries_of, was_cleared
from airflow_provider_ee.operators.bulk.constants import check_constants
from airflow_provider_ee.task_states import ended_by_a_person

if TYPE_CHECKING:
    from typing import Unpack

    from airflow.sdk import XComArg

    from airflow_provider_ee.client.bulk.run import BulkRun
    from airflow_provider_ee.client.operations.markers import Ticket
    from airflow_provider_ee.typing import OperatorArguments

__all__ = ["EarthEngineBulkExportOperator"]

#: https://developers.google.com/earth-engine/guides/usage
_QUEUE_CAPACITY, _MAX_REQUESTS_IN_FLIGHT = 3000, 40


class EarthEngineBulkExportOperator(CallsEarthEngine):
    """Export many things, each exactly once, and wait until all are done.

    It submits as many items at a time as the project's queue has room for, releases the worker (`deferrable=True`)
    while the queue is full or all are submitted, and resumes when there is something to do. A retry finds what has
    been started with one listing.

    Returns `total`, `succeeded`, `failed`, `not_started`, `kept` (how many of those that succeeded had been started
    before the task was cleared), `eecu_seconds`, and `items`: by key `operation`, `state`, `error`, `outputs`,
    `destination_uris`, `eecu_seconds`, `attempt`, `start_time`, `end_time`. With `report`, its URL replaces the items.
    All but the items is also in the XCom `summary`, which is written when the task fails, too.

    Args:
        exports: The items: dicts, each with a `key` and the arguments of the export, such as
            `{"key": "2024-05-01/31TGL", "image": image, "region": [7, 46, 8, 47]}`; or a function that returns or
            yields them. It runs on the worker with `ee` initialised, each time that the task gets a worker, and must
            yield the same keys each time. An argument may be a function that returns its value, called only if and
            when the item is submitted. `description`, and with it the names of files, is the key unless an item gives
            another one. Airflow renders every text of a list as a template each time, which takes seconds for
            thousands of items.
        export: The kind of export of all items, named as the decorators without `ee_export_`, such as
            `image_to_cloud_storage` or `table_to_asset`. An item may name another one, as `export`.
        common: Arguments that all items have, unless an item gives another value.
        priority: The priority of all items, unless an item gives another one; from 0 to 9999.
        workload_tag: The workload tag of all items, unless an item gives another one.
        op_args: Positional arguments of a function given as `exports`.
        op_kwargs: Keyword arguments of a function given as `exports`; it may take names of Airflow's context as well.
        max_pending: How many operations may wait in the project's queue. Operations of others count, too.
        concurrency: How many requests are sent at the same time; Earth Engine allows a project 40.
        on_item_failure: What to do once more than `max_failures` items have failed: `continue` with the others, or
            `stop`: cancel what is not done. The task fails either way.
        max_failures: How many items may fail without the task failing; any number if None.
        item_retries: How often an item is started anew after a failure that may pass.
        report: Where to write a line of JSON for each item: a path or URL that `ObjectStoragePath` takes.
        deferrable: Whether to wait without occupying a worker.
        poll_interval: Seconds between two looks at the operations.
        cancel_on_kill: Whether all that is not done is cancelled when a person ends the task or its time is over.
        on_clear: What happens to earlier operations when the task is cleared: `resume` keeps what has succeeded and
            waits for what runs, unless all had succeeded; `restart` cancels what runs and starts everything anew.
        project_id: The Google Cloud project that is used and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to impersonate, instead of the connection's; the last one calls Earth
            Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
    """

    template_fields: Sequence[str] = (
        "exports",
        "export",
        "common",
        "priority",
        "workload_tag",
        "op_args",
        "op_kwargs",
        "max_pending",
        "max_failures",
        "report",
        *CallsEarthEngine.template_fields,
    )
    operator_extra_links = (EarthEngineOperationLink(), EarthEngineResultLink())
    template_fields_renderers = {"exports": "json", "common": "json", "op_kwargs": "json"}  # noqa: RUF012 - Airflow's own way

    def __init__(
        self,
        *,
        exports: Sequence[Mapping[str, Any]] | Callable[..., Iterable[Mapping[str, Any]]] | XComArg,
        export: str | None = None,
        common: Mapping[str, Any] | XComArg | None = None,
        priority: int | str | None = None,
        workload_tag: str | None = None,
        op_args: Sequence[Any] = (),
        op_kwargs: Mapping[str, Any] | None = None,
        max_pending: int | str = 2500,
        concurrency: int = 32,
        on_item_failure: Literal["continue", "stop"] = "continue",
        max_failures: int | str | None = 0,
        item_retries: int = 2,
        report: str | None = None,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        poll_interval: float = conf.getfloat("earthengine", "poll_interval", fallback=30.0),
        cancel_on_kill: bool = True,
        on_clear: Literal["resume", "restart"] = "resume",
        project_id: str | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: str | Sequence[str] | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(
            project_id=project_id,
            earthengine_conn_id=earthengine_conn_id,
            impersonation_chain=impersonation_chain,
            api_version=api_version,
            **kwargs,
        )
        if inspect.isgenerator(exports):  # it would be used up by the first visit, and another DAG at each parse
            raise InvalidArgument("exports", f"{shown(exports)} can be read once", "the function itself, not called")
        if on_item_failure not in {"continue", "stop"}:
            raise InvalidArgument("on_item_failure", f"{shown(on_item_failure)} is not a choice", "continue or stop")
        if on_clear not in {"resume", "restart"}:
            raise InvalidArgument("on_clear", f"{shown(on_clear)} is not a choice", "resume or restart")
        self.exports = wrap_callable(exports)
        self.export = export
        self.common = common
        self.priority = priority
        self.workload_tag = workload_tag
        self.op_args = op_args
        self.op_kwargs = op_kwargs
        self.max_pending = max_pending
        self.concurrency = whole("concurrency", concurrency, 1, _MAX_REQUESTS_IN_FLIGHT)
        self.on_item_failure = on_item_failure
        self.max_failures = max_failures
        self.item_retries = whole("item_retries", item_retries, 0, 10)
        self.report = report
        self.deferrable = deferrable
        self.poll_interval = finite("poll_interval", poll_interval, above=0)
        self.cancel_on_kill = cancel_on_kill
        self.on_clear = on_clear
        self._run: BulkRun | None = None
        self._ticket: Ticket | None = None
        self._clock: TaskClock | None = None
        self._task_instance: Any = None
        check_constants(exports, export, common, {"priority": priority, "workload_tag": workload_tag})
        if is_constant(max_pending):
            whole("max_pending", max_pending, 1, _QUEUE_CAPACITY)
        if is_constant(max_failures):
            _read_max_failures(max_failures)

    def execute(self, context: Context) -> Any:
        """Start the items, or go on where an earlier try has ended."""
        return self._submit_and_wait(context, stored(context))

    def resume(
        self, context: Context, event: Mapping[str, Any] | None = None, saved_state: Mapping[str, Any] | None = None
    ) -> Any:
        """Go on when there is something to do for a worker."""
        from airflow_provider_ee.triggers import bulk

        event = bulk.read_event(event)
        if event["status"] == bulk.UNREACHABLE:  # the worker may see what the triggerer could not
            self.log.warning("The exports could not be watched, looking from a worker: %s", event["message"])
        if event["status"] == bulk.TIMED_OUT:
            return self._time_out(context)
        return self._submit_and_wait(context, saved_state)

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Context) -> Any:
        """Go on after a deferral; one that Airflow ended, since no triggerer kept our own deadline, timed out."""
        try:
            return super().resume_execution(next_method, next_kwargs, context)
        except TaskDeferralTimeout:
            return self._time_out(context)

    def on_kill(self) -> None:
        """If a person ended the task, start nothing more and cancel what is not done; not if its worker is drained."""
        if not ended_by_a_person(self._task_instance, success_ends=True, clear_ends=self.on_clear == "restart"):
            return
        if self._run:
            self._run.stop()
        if self._clock:
            self._clock.stop()
        if self.cancel_on_kill:
            self._cancel_all()

    def _time_out(self, context: Context) -> NoReturn:
        self._ticket = ticket_of(context)
        with self._cancelling_at_an_end():
            raise AirflowTaskTimeout("The exports were not done within the task's execution_timeout.")

    def _submit_and_wait(self, context: Context, saved: Mapping[str, Any] | None) -> Any:
        from airflow_provider_ee.client.operations.waiting import SECONDS_BETWEEN_LINES

        self._task_instance, self._ticket = context["ti"], ticket_of(context)
        clock = self._clock = TaskClock(self.execution_timeout)
        with self._cancelling_at_an_end(), EarthEngineHook.of(self) as hook:
            hook.client().sleep = clock.sleep
            run = self._run = self._build_run(hook, context, saved)
            self.project_path = run.project
            context["ti"].xcom_push(key=EarthEngineOperationLink().xcom_key, value=tasks_page(run.project))
            logged, line_due_at = "", 0.0
            while True:
                run.look()
                while run.submit():
                    run.look()
                line = run.counts.line(time.time() - run.saved_state.begun)
                if line != logged or time.monotonic() >= line_due_at:
                    self.log.info("%s", line)
                    logged, line_due_at = line, time.monotonic() + SECONDS_BETWEEN_LINES
                if run.stopped:  # Airflow lets a task go on after `on_kill`, until it kills its process
                    raise AirflowException("The task was ended while its items were being submitted.")
                if run.is_over or run.has_failed_too_often:
                    return self._finish(run, context)
                if self.deferrable:
                    self._defer(run, context)
                clock.sleep(self.poll_interval)

    def _build_run(self, hook: EarthEngineHook, context: Context, saved: Mapping[str, Any] | None) -> BulkRun:
        from airflow_provider_ee.client.arguments.names import project_path
        from airflow_provider_ee.client.arguments.scalars import mapping, without_none
        from airflow_provider_ee.client.bulk.item_states import StartRules
        from airflow_provider_ee.client.bulk.items import read_items
        from airflow_provider_ee.client.bulk.run import BulkRun
        from airflow_provider_ee.client.bulk.saved_state import SavedState
        from airflow_provider_ee.operators.base.output_files import place_of_file

        if self.report is not None:
            place_of_file(self.report, "report")
        max_pending = whole("max_pending", self.max_pending, 1, _QUEUE_CAPACITY)
        max_failures = self._max_failures
        common = without_none(priority=self.priority, workload_tag=self.workload_tag)
        common |= mapping("common", self.common or None) or {}
        ticket = ticket_of(context)
        # What is of another epoch although nobody has cleared the task was started by a run that was deleted.
        resume = self.on_clear == "resume" and was_cleared(context)
        given = resolve_callables({"exports": self.exports}, hook.initialize_ee, context, self.op_args, self.op_kwargs)
        items = read_items(given["exports"], ticket, kind=self.export, common=common)
        if not items:
            self.log.warning("There is nothing to export.")
        return BulkRun(
            hook.client(),
            project_path(hook.client().project),
            items,
            SavedState.load(saved, ticket, context["ti"].try_number, time.time()),
            StartRules(ticket.epoch, tries_of(context), self.item_retries, resume=resume),
            max_pending=max_pending,
            concurrency=self.concurrency,
            stop_after=max_failures if self.on_item_failure == "stop" else None,
            save=lambda saved_state: remember(context, saved_state.to_json()),
            log=self.log.info,
            warn=self.log.warning,
        )

    @property
    def _max_failures(self) -> int | None:
        return _read_max_failures(self.max_failures)

    def _defer(self, run: BulkRun, context: Context) -> NoReturn:
        from airflow_provider_ee.client.operations.checkpoints import pass_checkpoint
        from airflow_provider_ee.deadlines import backstop
        from airflow_provider_ee.triggers.bulk import EarthEngineBulkTrigger

        end = deadline(context["ti"], self.execution_timeout)
        pass_checkpoint("deferring", run.saved_state.ticket.marker)
        self.defer(
            trigger=EarthEngineBulkTrigger(
                run.saved_state.ticket.marker,
                project_id=run.client.project,
                left=asdict(run.remaining()),
                places=run.queue_capacity,
                worthwhile=run.worthwhile_slots,
                fruitless=run.saved_state.fruitless_visits,
                stop_after=run.stop_after,
                item_retries=self.item_retries,
                begun=run.saved_state.begun,
                cancel_on_kill=self.cancel_on_kill,
                earthengine_conn_id=self.earthengine_conn_id,
                impersonation_chain=self.impersonation_chain,
                api_version=self.api_version,
                poll_interval=self.poll_interval,
                deadline=end.timestamp() if end else None,
            ),
            method_name="resume",
            kwargs={"saved_state": run.saved_state.to_json()},
            timeout=backstop(end),
        )

    def _finish(self, run: BulkRun, context: Context) -> dict[str, Any]:
        """Return the result of all items, and fail if too many have failed."""
        from airflow_provider_ee.client.bulk.results import summarize
        from airflow_provider_ee.operators.bulk.results import build_failure, list_items, write_report

        if run.has_failed_too_often and not run.is_over:
            self.log.info("More than %s items have failed: cancelling what is not done.", run.stop_after)
            self._cancel_all()
        if self.report is not None:
            write_report(self.report, run)
            scheme, _, place = self.report.partition("://")
            if scheme == "gs":  # perhaps with the name of a connection before the bucket's
                self.destination_known = {"uri_prefix": place.rpartition("@")[2]}
        result = summarize(run.counts) | ({} if self.report is None else {"report": self.report})
        if run.client.restricted:  # the project has used its quota up, and computes more slowly
            result["restricted"] = True
        context["ti"].xcom_push(key="summary", value=result)
        if self._max_failures is not None and run.counts.failed > self._max_failures:
            raise build_failure(run)
        return result if self.report is not None else {**result, "items": list_items(run)}

    @contextmanager
    def _cancelling_at_an_end(self) -> Iterator[None]:
        """Cancel what is not done when the time is over, and explain to Airflow what went wrong."""
        with explained():
            try:
                yield
            except AirflowTaskTimeout:
                if self.cancel_on_kill:
                    self._cancel_all()
                raise

    def _cancel_all(self) -> None:
        """Cancel what is not done; trouble with that is said and not raised, for the task is ending anyway."""
        from airflow_provider_ee.client.bulk.cancel import cancel_all_items

        if self._ticket is None:
            return
        try:
            with EarthEngineHook.of(self) as hook:
                known = self._run.active() if self._run else ()
                cancel_all_items(hook.client(), self._ticket, known, concurrency=self.concurrency, log=self.log.info)
        except Exception:
            self.log.exception("Not all operations could be cancelled: they go on at Earth Engine.")


def _read_max_failures(value: int | str | None) -> int | None:
    """Check a number of failures; a template may render to the word None."""
    return None if value is None or value == "None" else whole("max_failures", value, 0, 10**9)
