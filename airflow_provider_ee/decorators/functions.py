"""`@task.earthengine`: any function as a task, with `ee` initialised from a connection before it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import Context
from airflow.sdk.bases.decorator import DecoratedOperator, task_decorator_factory

from airflow_provider_ee.base import CallsEarthEngine
from airflow_provider_ee.client.arguments.expressions import is_ee_object
from airflow_provider_ee.client.errors import EarthEngineError
from airflow_provider_ee.failures import explained
from airflow_provider_ee.hooks.earthengine import EarthEngineHook

if TYPE_CHECKING:
    from airflow.sdk.bases.decorator import TaskDecorator

__all__ = ["EarthEngineDecoratedOperator", "earthengine_task"]


class EarthEngineDecoratedOperator(DecoratedOperator, PythonOperator):
    """Call a function with `ee` initialised, and hand on what it returns.

    Args:
        python_callable: The function.
        op_args: What it is called with.
        op_kwargs: What it is called with by name.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
    """

    template_fields: Sequence[str] = (*PythonOperator.template_fields, *CallsEarthEngine.template_fields)
    ui_color = "#e8f1ea"
    custom_operator_name = "@task.earthengine"
    #: For the hook, which asks every task; `ee` has one version of the API in a process.
    api_version = None

    def __init__(
        self,
        *,
        python_callable: Callable[..., Any],
        op_args: Sequence[Any] = (),
        op_kwargs: Mapping[str, Any] | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        project_id: str | None = None,
        impersonation_chain: str | Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        called: dict[str, Any] = {"python_callable": python_callable, "op_args": op_args, "op_kwargs": op_kwargs}
        super().__init__(kwargs_to_upstream=called, **called, **kwargs)
        self.earthengine_conn_id = earthengine_conn_id
        self.project_id = project_id
        self.impersonation_chain = impersonation_chain

    def execute(self, context: Context) -> Any:
        """Call the function."""
        with explained(), EarthEngineHook.of(self) as hook:
            hook.initialize_ee()
        result = super().execute(context)
        with explained():
            _refuse_ee_objects(result)
        return result


def earthengine_task(
    python_callable: Callable[..., Any] | None = None, multiple_outputs: bool | None = None, **kwargs: Any
) -> TaskDecorator:
    """Make a function a task that runs with `ee` initialised, as `@task.earthengine`.

    Args:
        python_callable: The function.
        multiple_outputs: Whether a dict that it returns becomes one XCom for each key; its annotation tells if None.
        kwargs: The other arguments of EarthEngineDecoratedOperator, and of every operator.
    """
    return task_decorator_factory(
        python_callable=python_callable,
        multiple_outputs=multiple_outputs,
        decorated_operator_class=EarthEngineDecoratedOperator,
        **kwargs,
    )


def _refuse_ee_objects(result: object) -> None:
    """Refuse an `ee` object in a result: it is no value, but says how Earth Engine would have to compute one."""
    if is_ee_object(result):
        raise EarthEngineError(
            f"The function returned an ee.{type(result).__name__}, which says what to compute and holds no value.",
            hint="Return what its getInfo() returns, or export it: with an operator, or with @task.ee_export_...",
        )
    inside = (
        result.values() if isinstance(result, Mapping) else result if isinstance(result, (list, tuple, set)) else ()
    )
    for part in inside:
        _refuse_ee_objects(part)
