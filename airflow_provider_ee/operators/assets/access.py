"""Who may use an asset.

https://developers.google.com/earth-engine/guides/manage_assets
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from airflow.sdk import Context

from airflow_provider_ee.base import arguments
from airflow_provider_ee.client.arguments.scalars import choice
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.base.immediate import EarthEngineDirectOperator, read_guard

if TYPE_CHECKING:
    from typing import Unpack

    from airflow_provider_ee.typing import Flag, OperatorArguments, Text, TextsLike

__all__ = ["EarthEngineSetAssetAccessOperator"]

_MODES = {name: name for name in ("add", "remove", "replace")}


class EarthEngineSetAssetAccessOperator(EarthEngineDirectOperator):
    """Share an asset, or end that, as `earthengine acl` does. Returns its IAM policy.

    Of the policy nothing else is changed. If somebody else changes it at the same moment, theirs is read and changed
    again. The last owner is never removed.

    A person is named by an e-mail address, and so is a service account; others as `group:EMAIL`, `domain:example.org`,
    `serviceAccount:EMAIL`. What is in a collection goes by the collection: Earth Engine refuses to share its images.

    Args:
        asset_id: The asset, `projects/<project>/assets/<path>`.
        public: Whether everybody may read it; as it is if None.
        readers: Who may read it: a list, or one text with commas.
        writers: Who may change it.
        owners: Who may share it.
        mode: `add` or `remove` these, or `replace` by them all who are in the same role; `[]` leaves nobody there.
        project_id: The Google Cloud project that is asked and billed, instead of the connection's.
        earthengine_conn_id: A connection of type `earthengine` or `google_cloud_platform`.
        impersonation_chain: Service accounts to act as, instead of the connection's; the last one calls Earth Engine.
        api_version: `v1`, `v1beta` or `v1alpha`, instead of the method's own.
        **kwargs: What every operator of Airflow takes, such as `task_id` and `retries`.
    """

    asset_id: str
    public: bool | str | None
    readers: str | Sequence[str] | None
    writers: str | Sequence[str] | None
    owners: str | Sequence[str] | None
    mode: str

    def __init__(
        self,
        *,
        asset_id: Text,
        public: Flag | None = None,
        readers: TextsLike | None = None,
        writers: TextsLike | None = None,
        owners: TextsLike | None = None,
        mode: Literal["add", "remove", "replace"] = "add",
        project_id: Text | None = None,
        earthengine_conn_id: str = EarthEngineHook.default_conn_name,
        impersonation_chain: TextsLike | None = None,
        api_version: str | None = None,
        **kwargs: Unpack[OperatorArguments],
    ) -> None:
        super().__init__(**arguments(locals()))
        self.mode = choice("mode", mode, _MODES, "mode")

    def run(self, hook: EarthEngineHook, _: Context) -> dict[str, Any]:
        """Change its policy."""
        from airflow_provider_ee.client.arguments.names import writable_asset
        from airflow_provider_ee.client.assets.access import AccessChange, set_access

        change = AccessChange.of(
            mode=self.mode,
            public=None if self.public is None else read_guard("public", self.public),
            readers=self.readers,
            writers=self.writers,
            owners=self.owners,
        )
        return hook.client().run(set_access(writable_asset(self.asset_id), change))
