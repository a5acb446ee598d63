"""What Airflow discovers of this package. Every process of Airflow reads it when it starts, so it imports nothing."""

from __future__ import annotations

from typing import Any

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
        "extra-links": ["airflow_provider_ee.links.EarthEngineOperationLink"],
        "connection-types": [
            {
                "connection-type": "earthengine",
                "hook-class-name": "airflow_provider_ee.hooks.earthengine.EarthEngineHook",
                "hook-name": _NAME,
                "ui-field-behaviour": {
                    "hidden-fields": ["host", "schema", "login", "password", "port"],
                    "relabeling": {},
                    "placeholders": {},
                },
                "conn-fields": _connection_form(),
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


def _connection_form() -> dict[str, Any]:
    return {
        "project": _field("Project", "The Google Cloud project that is asked and billed."),
        "keyfile_dict": _field("Service account key", "The JSON of a service account's key file.", format="password"),
        "key_path": _field("Service account key file", "Where such a key file is on the workers."),
        "credential_config_file": _field(
            "Workload identity configuration",
            "The credential configuration of workload identity federation: JSON, or where the file is on the workers.",
        ),
        "user_token": _field(
            "User credentials",
            "What `earthengine authenticate` writes: JSON, or where the file is on the workers.",
            format="password",
        ),
        "impersonation_chain": _field(
            "Impersonation chain",
            "Service accounts to act as, with commas between; the last one is who calls Earth Engine.",
        ),
        "quota_project_id": _field(
            "Quota project", "The project that pays, if it is another one; `none` leaves it to the credentials."
        ),
        "scopes": _field("Scopes", "OAuth scopes with commas between; those of Google's own client if empty."),
        "endpoint": _field("Endpoint", "`standard`, `high-volume`, or the URL of a private endpoint."),
        "api_version": _field("API version", "`v1`, `v1beta` or `v1alpha`; each method's own if empty."),
        "trusted_hosts": _field(
            "Trusted hosts", "Hosts outside of googleapis.com that credentials may be sent to, with commas between."
        ),
        "num_retries": _field(
            "Retries", "How often a request that meets passing trouble is sent again.", "integer", minimum=0, maximum=99
        ),
        "anonymous": _field("No credentials", "Send no credentials at all: only an emulator answers then.", "boolean"),
    }


def _field(label: str, description: str, type_: str = "string", **schema: Any) -> dict[str, Any]:
    return {"label": label, "description": description, "schema": {"type": [type_, "null"], **schema}}
