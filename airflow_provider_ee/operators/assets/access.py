"""Who may use an asset.

https://developers.google.com/earth-engine/guides/manage_assets
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from airflow.sdk import Context

from airflow_provider_ee.client.errors import InvalidArgument, shown
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.base.immediate import EarthEngineDirectOperator, decided

__all__ = ["EarthEngineSetAssetAccessOperator"]

_MODES = ("add", "remove", "replace")


class EarthEngineSetAssetAccessOperator(EarthEngineDirectOperator):
    """Share an asset, or end that, as `earthengine acl` does. Returns its IAM policy.

    Of the policy nothing else is changed. If somebody else changes it at the same moment, theirs is read and changed
    again. The last owner is never removed.

    A person is named by an e-mail address, and so is a service account; others as `group:EMAIL`, `domain:example.org`,
    `serviceAccount:EMAIL`. What is in a collection goes by the collection: Earth Engine refuses to share its images.

    Args:
        asset_id: The asset, `projects/<project>/assets/<path>`.
        public: Whether everybody may read it; as it is if None. A template may say it.
        readers: Who may read it: a list, or text with commas.
        writers: Who may change it.
        owners: Who may share it.
        mode: `add` or `remove` these, or `replace` by them all who are in the same role; `[]` leaves nobody there.
    """

    template_fields: Sequence[str] = (
        *EarthEngineDirectOperator.template_fields,
        "asset_id",
        "public",
        "readers",
        "writers",
        "owners",
    )

    def __init__(
        self,
        *,
        asset_id: str,
        public: bool | str | None = None,
        readers: str | Sequence[str] | None = None,
        writers: str | Sequence[str] | None = None,
        owners: str | Sequence[str] | None = None,
        mode: Literal["add", "remove", "replace"] = "add",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if mode not in _MODES:
            raise InvalidArgument("mode", f"{shown(mode)} is none of the ways", " or ".join(_MODES))
        self.asset_id = asset_id
        self.public = public
        self.readers = readers
        self.writers = writers
        self.owners = owners
        self.mode = mode

    def run(self, hook: EarthEngineHook, _: Context) -> dict[str, Any]:
        """Change its policy."""
        from airflow_provider_ee.client.arguments.names import destination_asset
        from airflow_provider_ee.client.assets.access import AccessChange, set_access

        change = AccessChange.of(
            mode=self.mode,
            public=None if self.public is None else decided("public", self.public),
            readers=self.readers,
            writers=self.writers,
            owners=self.owners,
        )
        return hook.client().run(set_access(destination_asset(self.asset_id), change))
