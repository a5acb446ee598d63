"""Thousands of exports as one task."""

from __future__ import annotations

import inspect
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from airflow.sdk import Context

from airflow_provider_ee.base import CallsEarthEngine
from airflow_provider_ee.client.arguments.scalars import finite, whole
from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.compat import AirflowException, AirflowTaskTimeout, TaskDeferralTimeout, conf
from airflow_provider_ee.deadlines import deadline, in_time
from airflow_provider_ee.failures import explained
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.base.callables import resolve_callables, wrap_callable
from airflow_provider_ee.operators.base.identity import remember, stored, ticket_of, tries_of
from airflow_provider_ee.task_states import ended_by_a_person

if TYPE_CHECKING:
    from airflow_provider_ee.client.bulk.course import Course
    from airflow_provider_ee.client.operations.markers import Ticket

__all__ = ["EarthEngineBulkExportOperator"]

#: https://developers.google.com/earth-engine/guides/usage
_PLACES_IN_QUEUE, _REQUESTS_AT_ONCE = 3000, 40


class EarthEngineBulkExportOperator(CallsEarthEngine):
    """Export many things, each exactly once, and wait until all are done.

    It submits many at a time, as many as the project's queue has room for; lets go of the worker (`deferrable=True`)
    while the queue is full or all are submitted, and comes back when there is something to do. A retry finds what has
    been started with one listing.

    Returns `total`, `succeeded`, `failed`, `not_started`, `kept` (of those that succeeded, how many had been started
    before the task was cleared), `eecu_seconds`, and `items`: by key `operation`, `state`, `error`, `outputs`,
    `destination_uris`, `eecu_seconds`, `attempt`, `start_time`, `end_time`. With `report`, its URL stands in the place
    of the items. All but the items is also in the XCom `summary`, if the task fails as well.

    Args:
        exports: The items: dicts, each with a `key` and the words of the export, such as
            `{"key": "2024-05-01/31TGL", "image": image, "region": [7, 46, 8, 47]}`; or a function that returns or
            yields them. It runs on the worker with `ee` initialised, each time that the task gets a worker, and has to
            name the same keys each time. A word may be a function that makes it, called only if and when the item is
            submitted. `description`, and with it the names of files, is the key unless an item says something else. Of
            a list, Airflow renders every text as a template each time, which takes seconds for thousands of items.
        export: What kind of exports they are, in the words of the decorators without `ee_export_`, such as
            `image_to_cloud_storage`, `table_to_asset`. An item may say another one itself, as `export`.
        common: Words that all have, unless an item says something else.
        priority: That of all, unless an item says something else; from 0 to 9999.
        workload_tag: That of all, unless an item says something else.
        op_args: What a function is called with.
        op_kwargs: What a function is called with by name; it may ask for names of Airflow's context as well.
        max_pending: How many operations may wait in the project's queue. Whoever started them, they count.
        concurrency: How many requests are under way at once; Earth Engine allows a project 40.
        on_item_failure: What to do once more than `max_failures` items have failed: `continue` with the others, or
            `stop`: cancel what is not done. The task fails either way.
        max_failures: How many items may fail without the task failing; any number if None.
        item_retries: How often an item is started anew after a failure that may pass.
        report: Where to write a line of JSON for each item: a path or URL that `ObjectStoragePath` takes.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        deferrable: Whether to wait without occupying a worker.
        poll_interval: Seconds between two looks.
        cancel_on_kill: Whether all that is not done is cancelled when a person ends the task or its time is over.
        on_clear: What becomes of what there is when the task is cleared: `resume` keeps what has succeeded and goes on
            with what runs, unless all had succeeded; `restart` cancels what runs and starts everything anew.
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
        "project_id",
    )
    template_fields_renderers = {"exports": "json", "common": "json", "op_kwargs": "json"}  # noqa: RUF012 - Airflow's own way

    def __init__(
        self,
        *,
        exports: Any,
        export: str | None = None,
        common: Mapping[str, Any] | None = None,
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
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if inspect.isgenerator(exports):  # it would be used up by the first visit, and another DAG at each parse
            raise InvalidArgument("exports", f"{shown(exports)} can be read once", "the function itself, not called")
        if on_item_failure not in {"continue", "stop"}:
            problem = f"{shown(on_item_failure)} is none of the ways"
            raise InvalidArgument("on_item_failure", problem, "continue or stop")
        if on_clear not in {"resume", "restart"}:
            raise InvalidArgument("on_clear", f"{shown(on_clear)} is none of the ways", "resume or restart")
        self.exports = wrap_callable(exports)
        self.export = export
        self.common = common
        self.priority = priority
        self.workload_tag = workload_tag
        self.op_args = op_args
        self.op_kwargs = op_kwargs
        self.max_pending = max_pending
        self.concurrency = whole("concurrency", concurrency, 1, _REQUESTS_AT_ONCE)
        self.on_item_failure = on_item_failure
        self.max_failures = max_failures
        self.item_retries = whole("item_retries", item_retries, 0, 10)
        self.report = report
        self.deferrable = deferrable
        self.poll_interval = finite("poll_interval", poll_interval, above=0)
        self.cancel_on_kill = cancel_on_kill
        self.on_clear = on_clear
        self._course: Course | None = None
        self._ticket: Ticket | None = None
        self._task_instance: Any = None

    def execute(self, context: Context) -> Any:
        """Begin, or go on where an earlier try has ended."""
        return self._go_on(context, stored(context))

    def come_back(
        self, context: Context, event: Mapping[str, Any] | None = None, memory: Mapping[str, Any] | None = None
    ) -> Any:
        """Go on when there is something to do."""
        from airflow_provider_ee.triggers import bulk

        event = bulk.read_event(event)
        if event["status"] == bulk.UNREACHABLE:
            raise AirflowException(f"The exports go on, but could not be watched: {event['message']}")
        if event["status"] == bulk.TIMED_OUT:
            return self._too_late(context)
        return self._go_on(context, memory)

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Context) -> Any:
        """Go on after a deferral; one that Airflow ended, since no triggerer kept our own deadline, timed out."""
        try:
            return super().resume_execution(next_method, next_kwargs, context)
        except TaskDeferralTimeout:
            return self._too_late(context)

    def on_kill(self) -> None:
        """If a person ended the task, start nothing more and cancel what is not done; not if its worker is drained."""
        if not ended_by_a_person(self._task_instance, success_ends=True, clear_ends=self.on_clear == "restart"):
            return
        if self._course:
            self._course.stop()
        if self.cancel_on_kill:
            self._cancel_all()

    def _too_late(self, context: Context) -> NoReturn:
        self._ticket = ticket_of(context)
        with self._cancelling_at_an_end():
            raise AirflowTaskTimeout("The exports were not done within the task's execution_timeout.")

    def _go_on(self, context: Context, kept: Mapping[str, Any] | None) -> Any:
        self._task_instance, self._ticket = context["ti"], ticket_of(context)
        check_time = in_time(time.monotonic(), self.execution_timeout)
        with self._cancelling_at_an_end(), EarthEngineHook.of(self) as hook:
            course = self._course = self._set_out(hook, context, kept)
            said = ""
            while True:
                course.look()
                while course.submit():
                    course.look()
                line = course.tally.line(time.time() - course.memory.begun)
                if line != said:
                    self.log.info("%s", line)
                said = line
                if course.stopped:  # Airflow lets a task go on after `on_kill`, until it kills its process
                    raise AirflowException("The task was ended while its items were being submitted.")
                if course.over or course.spoiled:
                    return self._arrive(course, context)
                if self.deferrable:
                    self._defer(course, context)
                check_time()
                time.sleep(self.poll_interval)

    def _set_out(self, hook: EarthEngineHook, context: Context, kept: Mapping[str, Any] | None) -> Course:
        from airflow_provider_ee.client.arguments.names import project_path
        from airflow_provider_ee.client.arguments.scalars import mapping, without_none
        from airflow_provider_ee.client.bulk.course import Course
        from airflow_provider_ee.client.bulk.items import read_items
        from airflow_provider_ee.client.bulk.memory import Memory
        from airflow_provider_ee.client.bulk.standings import Rules
        from airflow_provider_ee.operators.base.output_files import place_of_file

        if self.report is not None:
            place_of_file(self.report, "report")
        max_pending = whole("max_pending", self.max_pending, 1, _PLACES_IN_QUEUE)
        most_failures = self._most_failures
        common = without_none(priority=self.priority, workload_tag=self.workload_tag)
        common |= mapping("common", self.common or None) or {}
        ticket = ticket_of(context)
        given = resolve_callables({"exports": self.exports}, hook.initialize_ee, context, self.op_args, self.op_kwargs)
        items = read_items(given["exports"], ticket, kind=self.export, common=common)
        if not items:
            self.log.warning("There is nothing to export.")
        return Course(
            hook.client(),
            project_path(hook.client().project),
            items,
            Memory.recalled(kept, ticket, context["ti"].try_number, time.time()),
            Rules(ticket.epoch, tries_of(context), self.item_retries, resume=self.on_clear == "resume"),
            max_pending=max_pending,
            at_once=self.concurrency,
            stop_after=most_failures if self.on_item_failure == "stop" else None,
            remember=lambda memory: remember(context, memory.kept()),
            tell=self.log.info,
        )

    @property
    def _most_failures(self) -> int | None:
        most = self.max_failures
        return None if most is None or most == "None" else whole("max_failures", most, 0, 10**9)

    def _defer(self, course: Course, context: Context) -> NoReturn:
        from airflow_provider_ee.client.operations.checkpoints import step
        from airflow_provider_ee.deadlines import backstop
        from airflow_provider_ee.triggers.bulk import EarthEngineBulkTrigger

        end = deadline(context["ti"], self.execution_timeout)
        step("deferring", course.memory.ticket.marker)
        self.defer(
            trigger=EarthEngineBulkTrigger(
                course.memory.ticket.marker,
                project_id=course.client.project,
                left=asdict(course.left()),
                places=course.places,
                worthwhile=course.worthwhile,
                fruitless=course.memory.fruitless,
                stop_after=course.stop_after,
                item_retries=self.item_retries,
                begun=course.memory.begun,
                cancel_on_kill=self.cancel_on_kill,
                earthengine_conn_id=self.earthengine_conn_id,
                impersonation_chain=self.impersonation_chain,
                api_version=self.api_version,
                poll_interval=self.poll_interval,
                deadline=end.timestamp() if end else None,
            ),
            method_name="come_back",
            kwargs={"memory": course.memory.kept()},
            timeout=backstop(end),
        )

    def _arrive(self, course: Course, context: Context) -> dict[str, Any]:
        """Say what became of all, and fail if too many have failed."""
        from airflow_provider_ee.client.bulk.report import summary
        from airflow_provider_ee.operators.bulk.results import failure_of, items_of, write_report

        if course.spoiled and not course.over:
            self.log.info("More than %s items have failed: cancelling what is not done.", course.stop_after)
            self._cancel_all()
        if self.report is not None:
            write_report(self.report, course)
        told = summary(course.tally) | ({} if self.report is None else {"report": self.report})
        context["ti"].xcom_push(key="summary", value=told)
        if self._most_failures is not None and course.tally.failed > self._most_failures:
            raise failure_of(course)
        return told if self.report is not None else {**told, "items": items_of(course)}

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
        from airflow_provider_ee.client.bulk.cancelling import cancel_everything

        if self._ticket is None:
            return
        try:
            with EarthEngineHook.of(self) as hook:
                known = self._course.active() if self._course else ()
                cancel_everything(hook.client(), self._ticket, known, at_once=self.concurrency, tell=self.log.info)
        except Exception:
            self.log.exception("Not all operations could be cancelled: they go on at Earth Engine.")
