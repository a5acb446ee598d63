"""What sensors share that wait on a worker or deferred."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime, timedelta
from typing import Any, NoReturn

from airflow.sdk import BaseSensorOperator, Context, PokeReturnValue

from airflow_provider_ee.base import CallsEarthEngine
from airflow_provider_ee.compat import AirflowFailException, AirflowSkipException, conf

__all__ = ["WaitingSensor"]


class WaitingSensor(CallsEarthEngine, BaseSensorOperator):
    """Wait, on the worker or deferred.

    A subclass says how to look (`poke`), and to which trigger to defer.

    Args:
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        deferrable: Whether to wait without occupying a worker; `mode` means nothing then.
        poke_interval: Seconds between two looks.
    """

    def __init__(
        self,
        *,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        poke_interval: float = conf.getfloat("earthengine", "poll_interval", fallback=30.0),
        **kwargs: Any,
    ) -> None:
        super().__init__(poke_interval=poke_interval, **kwargs)
        self.deferrable = deferrable

    def execute(self, context: Context) -> Any:
        """Wait, on the worker or deferred."""
        if not self.deferrable:
            return super().execute(context)
        try:
            looked = self.poke(context)
        except AirflowFailException as error:
            if self.soft_fail or self.never_fail:
                raise AirflowSkipException(str(error)) from error
            raise
        return looked.xcom_value if looked else self._defer(context)

    @abstractmethod
    def poke(self, context: Context) -> PokeReturnValue:
        """Look once."""

    @abstractmethod
    def _defer(self, context: Context) -> NoReturn:
        """Let go of the worker."""

    def _deadline(self, context: Context) -> datetime:
        return context["ti"].start_date + timedelta(seconds=self.timeout)
