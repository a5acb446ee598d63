"""What a person does in Airflow's UI - trigger, look, mark, clear - over its REST API."""

import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.airflow.polling import until

_FINISHED = ("success", "failed")
_BETWEEN_LOOKS = 0.05
_ATTEMPTS = 5
_NAMED_BY_THE_CALLER = {"dag_id", "run_id", "task_id", "ti_id", "try_number", "map_index"}
_NOT_TOLD = {"event", "timestamp", "level", "logger", "filename", "lineno"} | _NAMED_BY_THE_CALLER


class Refused(Exception):
    """Airflow's REST API answered with an error."""


class Rest:
    """Airflow's REST API, as the administrator that SimpleAuthManager makes of everybody.

    Args:
        url: Where the api-server listens.
    """

    def __init__(self, url: str) -> None:
        # The proxies of the environment are for the world outside of this machine.
        self._http = httpx.Client(base_url=url, timeout=120, trust_env=False)
        # One request at a time, from however many threads: SQLite has one writer at a time.
        self._turn = threading.RLock()

    def log_in(self) -> None:
        """Get a token for everything that follows."""
        token = self.call("GET", "/auth/token")["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, **kwargs: Any) -> Any:
        """Send one request and return the JSON of its answer.

        Args:
            method: The HTTP verb.
            path: The path, from the root of the server.
            kwargs: What httpx takes besides: `json`, `params`.
        """
        with self._turn:
            for _ in range(_ATTEMPTS):
                response = self._http.request(method, path, **kwargs)
                if not _database_was_locked(response):
                    break
        if response.is_error:
            raise Refused(f"{method} {path} answered {response.status_code}: {response.text[:1000]}")
        return response.json()

    def look(self, path: str, **params: Any) -> Any:
        """Read something, at a pace: while Airflow answers, its tasks have to wait.

        Args:
            path: The path, from the root of the server.
            params: The query.
        """
        with self._turn:
            time.sleep(_BETWEEN_LOOKS)
            return self.call("GET", path, params=params)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def trigger(
        self,
        dag_id: str,
        conf: Mapping[str, Any] | None = None,
        *,
        logical_date: str | None = None,
        timeout: float = 60,
    ) -> "Run":
        """Start a run of a DAG, as soon as Airflow has parsed its file, and unpause the DAG for it.

        Args:
            dag_id: The DAG.
            conf: What the run finds in `dag_run.conf`.
            logical_date: The moment that the run is for, if it is for one.
            timeout: Seconds to wait for the DAG to be known.
        """
        until(lambda: self._knows(dag_id), timeout=timeout, waiting_for=f"Airflow to have parsed the DAG {dag_id}")
        self.call("PATCH", f"/api/v2/dags/{dag_id}", json={"is_paused": False})
        body = {"logical_date": logical_date, "conf": dict(conf or {})}
        run = self.call("POST", f"/api/v2/dags/{dag_id}/dagRuns", json=body)
        return Run(self, dag_id, run["dag_run_id"])

    def _knows(self, dag_id: str) -> bool:
        broken = self.call("GET", "/api/v2/importErrors")["import_errors"]
        if broken:
            raise Refused("\n\n".join(f"{error['filename']}:\n{error['stack_trace']}" for error in broken))
        return any(dag["dag_id"] == dag_id for dag in self.call("GET", "/api/v2/dags", params={"limit": 1000})["dags"])


@dataclass(frozen=True)
class Run:
    """One run of a DAG.

    Attributes:
        rest: The Airflow that it runs in.
        dag_id: The DAG.
        run_id: The run.
    """

    rest: Rest
    dag_id: str
    run_id: str

    @property
    def state(self) -> str:
        """The state of the run now."""
        return str(self._get("")["state"])

    def wait(self, timeout: float = 240) -> str:
        """Wait for the end of the run and return its state: `success` or `failed`."""
        until(lambda: self.state in _FINISHED, timeout=timeout, waiting_for=f"{self.dag_id} {self.run_id} to finish")
        return self.state

    def wait_for_task(self, task_id: str, states: Collection[str], timeout: float = 240, map_index: int = -1) -> str:
        """Wait until a task is in one of these states, and return it."""

        def look() -> str | None:
            state = self.task(task_id, map_index)["state"]
            return state if state in states else None

        return until(look, timeout=timeout, waiting_for=f"{self.dag_id}.{task_id} to be {' or '.join(states)}")

    def tasks(self) -> list[dict[str, Any]]:
        """Every task instance of the run, in Airflow's own words."""
        return list(self._get("/taskInstances")["task_instances"])

    def states(self) -> dict[str, str | None]:
        """The state of every task, by its id; mapped ones are `task_id[map_index]`."""
        return {_label(task): task["state"] for task in self.tasks()}

    def task(self, task_id: str, map_index: int = -1) -> dict[str, Any]:
        """One task instance, in Airflow's own words; `rendered_fields` among them."""
        mapped = "" if map_index < 0 else f"/{map_index}"
        return dict(self._get(f"/taskInstances/{task_id}{mapped}"))

    def xcom(self, task_id: str, key: str = "return_value", map_index: int = -1) -> Any:
        """What a task pushed."""
        path = f"/taskInstances/{task_id}/xcomEntries/{key}"
        return self._get(path, map_index=map_index)["value"]

    def links(self, task_id: str, map_index: int = -1) -> dict[str, str | None]:
        """The extra links of a task, by their names."""
        return dict(self._get(f"/taskInstances/{task_id}/links", map_index=map_index)["extra_links"])

    def log(self, task_id: str, try_number: int = 1, map_index: int = -1) -> str:
        """The log of one try of a task, as the UI shows it."""
        path = f"/taskInstances/{task_id}/logs/{try_number}"
        return "\n".join(_log_lines(self._get(path, map_index=map_index, full_content=True)["content"]))

    def mark(self, task_id: str, state: str, map_index: int = -1) -> None:
        """Mark a task `success`, `failed` or `skipped`, as a person does."""
        mapped = "" if map_index < 0 else f"/{map_index}"
        self.rest.call("PATCH", f"{self._path}/taskInstances/{task_id}{mapped}", json={"new_state": state})

    def fail(self) -> None:
        """Mark the whole run failed."""
        self.rest.call("PATCH", self._path, json={"state": "failed"})

    def clear(self, *task_ids: str) -> None:
        """Clear tasks, whatever their state, so that Airflow runs them again."""
        body = {
            "dag_run_id": self.run_id,
            "task_ids": list(task_ids),
            "dry_run": False,
            "only_failed": False,
            "reset_dag_runs": True,
        }
        self.rest.call("POST", f"/api/v2/dags/{self.dag_id}/clearTaskInstances", json=body)

    @property
    def _path(self) -> str:
        return f"/api/v2/dags/{self.dag_id}/dagRuns/{self.run_id}"

    def _get(self, below: str, **params: Any) -> Any:
        return self.rest.look(self._path + below, **params)


def _database_was_locked(response: httpx.Response) -> bool:
    """Whether nothing was done because SQLite had another writer for too long: a person would click again."""
    return response.status_code == 500 and "Database error" in response.text


def _label(task: Mapping[str, Any]) -> str:
    return str(task["task_id"]) if task["map_index"] < 0 else f"{task['task_id']}[{task['map_index']}]"


def _log_lines(content: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for entry in content:
        details = {name: value for name, value in entry.items() if name not in _NOT_TOLD}
        failures = details.pop("error_detail", None) or []
        yield f"{entry['event']} {details}" if details else str(entry["event"])
        for failure in failures:
            yield from (f"  {frame['filename']}:{frame['lineno']} in {frame['name']}" for frame in failure["frames"])
            yield f"  {failure['exc_type']}: {failure['exc_value']}"
