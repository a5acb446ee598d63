"""What to do when the result of a task is there already: the argument `if_exists`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from airflow_provider_ee.client.arguments.scalars import choice
from airflow_provider_ee.client.errors import AlreadyExists, InvalidArgument
from airflow_provider_ee.compat import AirflowSkipException
from airflow_provider_ee.operators.base.operation import EarthEngineOperationOperator

if TYPE_CHECKING:
    from airflow_provider_ee.client.http.clients import Client
    from airflow_provider_ee.client.rest.flows import Flow
    from airflow_provider_ee.client.rest.request import Request

__all__ = ["AssetMayExist", "check_if_exists", "keep_existing", "run_unless_exists"]

T = TypeVar("T")


def check_if_exists(value: str, allowed: Collection[str], **same: bool) -> str:
    """Check `if_exists` together with the arguments of `ee` that mean one of its values, such as `overwrite`."""
    choice("if_exists", value, {name: name for name in allowed}, "way")
    given = [name for name, is_given in same.items() if is_given]
    # The first of the allowed is the default, which contradicts nothing.
    if len(given) > 1 or (given and value not in {given[0], next(iter(allowed))}):
        raise InvalidArgument(
            given[0], f"it contradicts {(given[1:] or [f'if_exists={value!r}'])[0]}", "one of the two"
        )
    return given[0] if given else value


def keep_existing(operator: Any, what: str, result: dict[str, Any]) -> dict[str, Any]:
    """Return the result of a task that leaves alone what is there (`ignore`), or end the task (`skip`, `fail`)."""
    if operator.if_exists == "skip":
        raise AirflowSkipException(f"{what} is there already.")
    if operator.if_exists == "fail":
        raise AlreadyExists("It is there already.", name=what, hint="if_exists says what to do about it.")
    operator.log.info("%s is there already: nothing is started.", what)
    return {**result, "already_existed": True}


def run_unless_exists(client: Client, if_exists: str, flow: Callable[[str], Flow[T]]) -> T:
    """Run a flow that takes `if_exists`; the client knows nothing of skipped tasks."""
    if if_exists != "skip":
        return client.run(flow(if_exists))
    try:
        return client.run(flow("fail"))
    except AlreadyExists as error:
        client.run(flow("ignore"))  # fails if what is there is something else
        raise AirflowSkipException(error.message) from None


class AssetMayExist(EarthEngineOperationOperator):
    """An operation that makes an asset.

    Args:
        asset_id: The asset, `projects/<project>/assets/<path>`.
        if_exists: What to do if there is such an asset: `fail`; `overwrite` it; `ignore`: succeed without any work; or
            `skip` the task.
        overwrite: The same as `if_exists="overwrite"`, in the words of `ee`.
    """

    def __init__(
        self,
        *,
        asset_id: str | None,
        if_exists: Literal["fail", "overwrite", "ignore", "skip"] = "fail",
        overwrite: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.asset_id = asset_id
        self.if_exists = check_if_exists(if_exists, ("fail", "overwrite", "ignore", "skip"), overwrite=overwrite)
        self.overwrite = self.if_exists == "overwrite"

    def already_done(self, client: Client, request: Request) -> dict[str, Any] | None:
        """Leave alone what is there, if so asked."""
        from airflow_provider_ee.client.errors import NotFound
        from airflow_provider_ee.client.rest import methods

        result = self.destination(request)
        if self.asset_id is not None and result["asset_id"] != self.asset_id:
            self.log.warning("%s is an id of before Cloud projects, for %s.", self.asset_id, result["asset_id"])
        if self.if_exists not in {"ignore", "skip"}:
            return None
        try:
            client.send(methods.assets_get(result["asset_id"]))
        except NotFound:
            return None
        return keep_existing(self, result["asset_id"], result)

    def destination(self, request: Request) -> dict[str, Any]:  # noqa: ARG002 - from the arguments
        """Say which asset it makes."""
        from airflow_provider_ee.client.arguments.names import destination_asset

        return {"asset_id": destination_asset(self.asset_id)}
