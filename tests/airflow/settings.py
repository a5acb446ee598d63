"""The environment that makes an Airflow quick, deterministic and independent of any other on this machine."""

import base64
import json
import os
import secrets
from pathlib import Path

_NOT_INHERITED = (
    "AIRFLOW",  # another Airflow's settings and connections
    "_AIRFLOW",
    "EARTHENGINE_EMULATOR_HOST",  # whoever wants an emulator names it
    "PYTHONDONTWRITEBYTECODE",  # without bytecode every process takes twice as long to start
)

#: What is killed is missed after some 10 to 30 s, not after half a minute (a triggerer), one minute and five (a
#: scheduler and its tasks) or five (a task). The patience is many heartbeats, for machines stall without being dead, and
#: a scheduler that takes itself for dead ends its tasks.
_DEATHS_SOON_NOTICED = {
    "TRIGGERER__JOB_HEARTBEAT_SEC": "2",
    "TRIGGERER__TRIGGERER_HEALTH_CHECK_THRESHOLD": "8",
    "SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "2",
    "SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "30",
    "SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "5",
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
    # One a second: a task outlives an api-server that is away for a while, as it does with Airflow's own settings.
    "WORKERS__MAX_FAILED_HEARTBEATS": "15",
}


def inherited() -> dict[str, str]:
    """What processes may know of this environment."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)}


def environment(
    home: Path, dags_folder: Path, *, url: str, url_of_tasks: str, instance_name: str, database: str | None = None
) -> dict[str, str]:
    """The whole environment of every process of an Airflow.

    Args:
        home: AIRFLOW_HOME.
        dags_folder: The directory of the DAG files.
        url: Where the api-server for people is to listen.
        url_of_tasks: Where the api-server for tasks is to listen.
        instance_name: What the api-server calls itself.
        database: The URL of Airflow's database; by default SQLite in `home`.
    """
    host, port = url.removeprefix("http://").split(":")
    settings = {
        "CORE__DAGS_FOLDER": str(dags_folder),
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": "4",
        "CORE__FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "CORE__EXECUTION_API_SERVER_URL": f"{url_of_tasks}/execution/",
        # On loopback an Airflow has no address of its own, and cancels no orphans without a name.
        "EARTHENGINE__DEPLOYMENT_ID": instance_name,
        "API__HOST": host,
        "API__PORT": port,
        "API__BASE_URL": url,
        "API__WORKERS": "1",
        "API__INSTANCE_NAME": instance_name,
        "API_AUTH__JWT_SECRET": secrets.token_hex(64),
        "LOGGING__NAMESPACE_LEVELS": "http.access=WARNING",  # our own looking, several times a second
        "DAG_PROCESSOR__REFRESH_INTERVAL": "5",
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        "SCHEDULER__TRIGGER_TIMEOUT_CHECK_INTERVAL": "5",
        # A task that defers for a moment is failed by the scheduler when its worker is noticed to have ended only
        # after the task has been resumed: https://github.com/apache/airflow/issues/67287
        "WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        **_DEATHS_SOON_NOTICED,
        # SQLite has one writer at a time: whoever loses patience, a triggerer say, ends.
        "DATABASE__SQL_ALCHEMY_CONN": database or f"sqlite:///{home / 'airflow.db'}?timeout=60",
    }
    return {
        **inherited(),
        "AIRFLOW_HOME": str(home),
        "NO_PROXY": "127.0.0.1,localhost",
        **{f"AIRFLOW__{name}": value for name, value in settings.items()},
    }


def earth_engine_at(host: str) -> dict[str, str]:
    """What lets an Airflow's tasks use an emulator.

    Args:
        host: The emulator's host and port.
    """
    connection = {"conn_type": "earthengine", "extra": {"project": "demo-project"}}
    return {"EARTHENGINE_EMULATOR_HOST": host, "AIRFLOW_CONN_EARTHENGINE_DEFAULT": json.dumps(connection)}
