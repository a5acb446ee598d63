"""The methods of Client as methods of the hook, without an import of the client before one is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["NAMES", "Calls"]

#: The methods of Client that ask Earth Engine for something.
NAMES = (
    "cancel_operation",
    "cancel_operations",
    "compute_features",
    "compute_value",
    "copy_asset",
    "create_folder",
    "create_image_collection",
    "delete_asset",
    "download_pixels",
    "encode_pixels",
    "export_classifier",
    "export_classifier_to_asset",
    "export_image",
    "export_image_to_asset",
    "export_image_to_cloud_storage",
    "export_image_to_drive",
    "export_map",
    "export_map_to_cloud_storage",
    "export_table",
    "export_table_to_asset",
    "export_table_to_big_query",
    "export_table_to_cloud_storage",
    "export_table_to_drive",
    "export_table_to_feature_view",
    "export_video",
    "export_video_map",
    "export_video_to_cloud_storage",
    "export_video_to_drive",
    "get_asset",
    "get_operation",
    "import_external_image",
    "import_image",
    "import_table",
    "list_assets",
    "list_operations",
    "move_asset",
    "read_pixels",
    "set_asset_access",
    "update_asset",
    "wait_for_operation",
)


class _OfClient:
    """A method of the client that a hook opens."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, hook: Any, owner: type) -> Any:
        if hook is None:
            from airflow_provider_ee.client.earth_engine import Client

            return getattr(Client, self._name)

        def method(*args: Any, **kwargs: Any) -> Any:
            return getattr(hook.client(), self._name)(*args, **kwargs)

        return method


if TYPE_CHECKING:
    # The same methods, with their arguments and what they return.
    from airflow_provider_ee.client.earth_engine import Calls
else:
    Calls = type("Calls", (), {"__doc__": "What Client can do.", **{name: _OfClient(name) for name in NAMES}})
