"""What Airflow discovers of this package. Every process of Airflow reads it when it starts: it imports only a table."""

from __future__ import annotations

from typing import Any

from airflow_provider_ee.connection_form import CONNECTION_FORM, STANDARD_FIELDS

__all__ = ["get_provider_info"]

_NAME = "Google Earth Engine"
#: The decorators of functions whose result is exported.
_EXPORTS = (
    "ee_bulk_export",
    "ee_export_classifier_to_asset",
    "ee_export_image_to_asset",
    "ee_export_image_to_cloud_storage",
    "ee_export_image_to_drive",
    "ee_export_map_to_cloud_storage",
    "ee_export_table_to_asset",
    "ee_export_table_to_big_query",
    "ee_export_table_to_cloud_storage",
    "ee_export_table_to_drive",
    "ee_export_table_to_feature_view",
    "ee_export_video_to_cloud_storage",
    "ee_export_video_to_drive",
)


def get_provider_info() -> dict[str, Any]:
    """Describe the package in the words of https://airflow.apache.org/docs/apache-airflow-providers/howto/create-custom-providers.html."""
    return {
        "package-name": "airflow-provider-ee",
        "name": _NAME,
        "description": "Submit Earth Engine exports, let go of the worker, be told when they are done.",
        "integrations": [
            {
                "integration-name": _NAME,
                "external-doc-url": "https://developers.google.com/earth-engine",
                "tags": ["gcp", "geospatial"],
            }
        ],
        "operators": _modules(
            "operators.exports",
            "operators.bulk",
            "operators.imports",
            "operators.assets",
            "operators.compute",
            "operators.pixels",
            "operators.cancel",
        ),
        "sensors": _modules("sensors.assets", "sensors.operations", "sensors.queue"),
        "triggers": _modules("triggers.operations", "triggers.queue", "triggers.bulk", "triggers.assets"),
        "hooks": _modules("hooks.earthengine"),
        "task-decorators": [
            {"name": "earthengine", "class-name": "airflow_provider_ee.decorators.functions.earthengine_task"},
            *({"name": name, "class-name": f"airflow_provider_ee.decorators.exports.{name}"} for name in _EXPORTS),
        ],
        "extra-links": [
            "airflow_provider_ee.links.EarthEngineOperationLink",
            "airflow_provider_ee.links.EarthEngineResultLink",
        ],
        "connection-types": [
            {
                "connection-type": "earthengine",
                "hook-class-name": "airflow_provider_ee.hooks.earthengine.EarthEngineHook",
                "hook-name": _NAME,
                "ui-field-behaviour": STANDARD_FIELDS,
                "conn-fields": CONNECTION_FORM,
            }
        ],
        "config": {
            "earthengine": {
                "description": "How Airflow works with Earth Engine.",
                "options": {
                    "deployment_id": {
                        "description": "Tells this Airflow's operations from those of another one that uses the same "
                        "project and has the same DAGs. The base URL of its API if empty.",
                        "version_added": "0.1.0",
                        "type": "string",
                        "example": "staging",
                        "default": "",
                    },
                    "poll_interval": {
                        "description": "Seconds between two polls of what a task waits for.",
                        "version_added": "0.1.0",
                        "type": "float",
                        "example": "60",
                        "default": "30",
                    },
                    "first_poll": {
                        "description": "Seconds after a deferral before which a trigger does not poll. Airflow fails "
                        "tasks whose trigger fires while their worker is still being tidied up.",
                        "version_added": "0.1.0",
                        "type": "float",
                        "example": "5",
                        "default": "10",
                    },
                },
            }
        },
    }


def _modules(*names: str) -> list[dict[str, Any]]:
    return [{"integration-name": _NAME, "python-modules": [f"airflow_provider_ee.{name}" for name in names]}]
