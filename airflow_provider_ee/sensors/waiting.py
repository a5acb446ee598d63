"""What sensors share: poll on a worker or defer, and how long to wait out polls that fail."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from airflow.sdk import BaseSensorOperator, Context, PokeReturnValue

from airflow_provider_ee.base import DEFAULT_DEFERRABLE, DEFAULT_POLL_INTERVAL, CallsEarthEngine
from airflow_provider_ee.client.arguments.scalars import finite
from airflow_provider_ee.compat import (
    AirflowException,
    AirflowFailException,
    AirflowSensorTimeout,
    AirflowSkipException,
    AirflowTaskTimeout,
)
from airflow_provider_ee.deadlines import backstop
from airflow_provider_ee.failures import explained
from airflow_provider_ee.hooks.earthengine import EarthEngineHook

if TYPE_CHECKING:
    from airflow_provider_ee.client.errors import EarthEngineError
    from airflow_provider_ee.client.operations.waiting import PollFailures
    from airflow_provider_ee.triggers.base import WaitingTrigger

__all__ = ["WaitingSensor"]

#: Where Airflow 3.3 keeps since when the polls of a rescheduled sensor fail; and how much later than planned a poll may
#: be that is taken for the next one, since Airflow may be slow to reschedule.
_KEY = "earthengine_sensor_failures"
_POLLS_IN_A_ROW, _GRACE = 3, 300.0


class WaitingSensor(CallsEarthEngine, BaseSensorOperator):
    """Poll Earth Engine until something has happened, on the worker or deferred.

    A subclass says what a poll is (`_poll`), and to which trigger to defer (`_trigger`).

    Args:
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        deferrable: Whether to wait without occupying a worker; `mode` means nothing then.
        poll_interval: Seconds between two polls; the configured `[earthengine] poll_interval` if None.
        poke_interval: Airflow's name for `poll_interval`, which counts if both are given.
    """

    _failures: PollFailures | None = None
    #: Whether this process, or an earlier part of the task, has polled before.
    _polled = False
    #: Since when polls fail that are made after a trigger has fired.
    _failing_since: float | None = None

    def __init__(
        self,
        *,
        project_id: str | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: str | Sequence[str] | None = None,
        api_version: str | None = None,
        deferrable: bool = DEFAULT_DEFERRABLE,
        poll_interval: timedelta | float | None = None,
        poke_interval: timedelta | float | None = None,
        **kwargs: Any,
    ) -> None:
        interval = poke_interval if poll_interval is None else poll_interval
        interval = DEFAULT_POLL_INTERVAL if interval is None else interval
        seconds = interval.total_seconds() if isinstance(interval, timedelta) else interval
        super().__init__(
            project_id=project_id,
            earthengine_conn_id=earthengine_conn_id,
            impersonation_chain=impersonation_chain,
            api_version=api_version,
            poke_interval=finite("poll_interval", seconds, above=0),
            **kwargs,
        )
        self.deferrable = deferrable
        self.poll_interval = self.poke_interval

    def execute(self, context: Context) -> Any:
        """Wait, on the worker or deferred."""
        if not self.deferrable:
            return super().execute(context)
        try:
            polled = self.poke(context)
        except AirflowFailException as error:
            if self.soft_fail or self.never_fail:
                raise AirflowSkipException(str(error)) from error
            raise
        return polled.xcom_value if polled else self._defer(context)

    def poke(self, context: Context) -> PokeReturnValue:
        """Poll once. A poll that fails is waited out for as long as that may be expected to pass."""
        from airflow_provider_ee.client.errors import EarthEngineError, InvalidArgument

        with explained(), EarthEngineHook.of(self) as hook:
            try:
                polled = self._poll(hook)
            except InvalidArgument:
                raise
            except EarthEngineError as error:
                self._wait_out(error, context)
                polled = PokeReturnValue(is_done=False)
            else:
                self._failures = self._failing_since = None
        self._polled = True
        return polled

    def execute_complete(
        self, context: Context, event: Mapping[str, Any] | None = None, failing_since: float | None = None
    ) -> Any:
        """Go on when the trigger has fired: poll, and defer again if what is waited for goes on.

        Args:
            context: Airflow's context.
            event: The trigger's event.
            failing_since: Since when the polls fail that are made here.
        """
        event = self._read_event(event)
        self._polled, self._failing_since = True, failing_since
        polled = self.poke(context)
        if polled:
            return polled.xcom_value
        end, late = self._end(context)
        if event["status"] == "timed_out" or time.time() >= end.timestamp():
            raise late
        if event["status"] == "unreachable" and self._failures is not None:
            raise AirflowException(f"It goes on, but Earth Engine could not be polled: {event['message']}")
        return self._defer(context)

    @abstractmethod
    def _poll(self, hook: EarthEngineHook) -> PokeReturnValue:
        """Ask Earth Engine once."""

    @abstractmethod
    def _trigger(self, project: str, common: Mapping[str, Any]) -> WaitingTrigger:
        """Return the trigger that waits for the same.

        Args:
            project: The project that is asked.
            common: The arguments that all triggers have.
        """

    @abstractmethod
    def _read_event(self, event: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """Return the trigger's event, if it is one."""

    def _defer(self, context: Context) -> NoReturn:
        """Let go of the worker."""
        end, _ = self._end(context)
        with explained(), EarthEngineHook.of(self) as hook:
            trigger = self._trigger(
                hook.client().project,
                {
                    "earthengine_conn_id": self.earthengine_conn_id,
                    "impersonation_chain": self.impersonation_chain,
                    "api_version": self.api_version,
                    "poll_interval": self.poll_interval,
                    "deadline": end.timestamp(),
                },
            )
        failing_since = self._failures.since if self._failures else None
        self.defer(
            trigger=trigger,
            method_name="execute_complete",
            kwargs={"failing_since": failing_since} if failing_since else None,
            timeout=backstop(end),
        )

    def _end(self, context: Context) -> tuple[datetime, BaseException]:
        """Return when the wait is over, and the error that says so."""
        start = context["ti"].start_date
        if self.execution_timeout and self.execution_timeout.total_seconds() < self.timeout:
            return start + self.execution_timeout, AirflowTaskTimeout("The task's execution_timeout is over.")
        late = AirflowSensorTimeout(f"The sensor's timeout of {self.timeout:g} seconds is over.")
        return start + timedelta(seconds=self.timeout), late

    def _wait_out(self, error: EarthEngineError, context: Context) -> None:
        """Log a poll that failed; raise what is not expected to pass, or has not passed for too long.

        Who is refused at the very first poll will be refused later, too; who was not may only be for a while.
        """
        from airflow_provider_ee.client.errors import NotFound, Transient
        from airflow_provider_ee.client.operations.waiting import PollFailures

        if not isinstance(error, (NotFound, Transient)) and not self._has_polled(context):
            raise error
        if self._failures is None:
            self._failures = PollFailures(self._failed_since(context))
        if line := self._failures.record(error, time.time()):
            self.log.warning("%s", line)
        if self.reschedule and self._failures.since and (store := self._stored(context)) is not None:
            store.set(_KEY, {"since": self._failures.since, "at": time.time()})

    def _has_polled(self, context: Context) -> bool:
        return self._polled or (self.reschedule and context["ti"].get_first_reschedule_date(context) is not None)

    @staticmethod
    def _stored(context: Context) -> Any:
        """Return where Airflow keeps what a task writes down; None before 3.3."""
        return context.get("task_state_store")

    def _failed_since(self, context: Context) -> float | None:
        """Return since when polls have failed in earlier processes, if they have.

        Where Airflow keeps nothing of a rescheduled sensor, before 3.3, that may be since its first poll.
        """
        if self._failing_since is not None or not self.reschedule or self.deferrable:
            return self._failing_since
        store = self._stored(context)
        if store is None:
            first = context["ti"].get_first_reschedule_date(context)
            return first.timestamp() if first else None
        kept: Any = store.get(_KEY)
        if not kept or time.time() - kept["at"] > _POLLS_IN_A_ROW * self.poll_interval + _GRACE:
            return None  # there were polls in between that did not fail
        return float(kept["since"])

    def _get_next_poke_interval(
        self, started_at: datetime | float, run_duration: Callable[[], float], poke_count: int
    ) -> float:
        """Return the seconds until the next poll, the last of which is when the time is over."""
        interval: float = super()._get_next_poke_interval(started_at, run_duration, poke_count)
        return max(0.0, min(interval, self.timeout - run_duration()))
