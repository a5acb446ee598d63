"""Ten thousand deferred tasks without ten thousand task runs: one real one, copied in Airflow's database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import create_engine, text

__all__ = ["Herd"]

_COPY_TRIGGERS = """
INSERT INTO trigger (id, classpath, kwargs, created_date)
SELECT :last + name.number, classpath, replace(kwargs, :original, name.text), created_date
FROM trigger, unnest(:names) WITH ORDINALITY AS name (text, number)
WHERE id = :id
"""
_COPY_TASKS = """
INSERT INTO task_instance ({columns}) SELECT {values}
FROM task_instance, generate_series(1, :count) AS number
WHERE trigger_id = :id
"""
_RESUMED = """
SELECT map_index, extract(epoch FROM scheduled_dttm)
FROM task_instance
WHERE task_id = :task_id AND state = 'scheduled'
"""
_VALUES_OF_A_COPY = {"id": "gen_random_uuid()", "map_index": "number", "trigger_id": ":last + number"}


class Herd:
    """The deferred tasks in a database.

    Args:
        url: The URL of Airflow's PostgreSQL database.
    """

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url)

    def keep_only(self, task_id: str) -> None:
        """Take every deferred task out of the triggerers' sight that is not one of these."""
        self._do("UPDATE trigger SET queue = 'elsewhere', triggerer_id = NULL")
        self._do(
            "UPDATE trigger SET queue = NULL FROM task_instance WHERE trigger_id = trigger.id AND task_id = :task_id",
            task_id=task_id,
        )

    def rename(self, original: str, name: str) -> None:
        """Put another text into the arguments of every trigger."""
        self._do("UPDATE trigger SET kwargs = replace(kwargs, :original, :name)", original=original, name=name)

    def multiply(self, task_id: str, original: str, names: Sequence[str]) -> None:
        """Copy a deferred task, once for each name.

        Args:
            task_id: The task.
            original: The text in the trigger's arguments for which the names stand in the copies.
            names: The names.
        """
        found = self._ask("SELECT trigger_id FROM task_instance WHERE task_id = :task_id", task_id=task_id)
        ids = {"id": found, "last": self._ask("SELECT max(id) FROM trigger")}
        columns = self._ask(
            "SELECT array_agg(column_name::text) FROM information_schema.columns WHERE table_name = 'task_instance'"
        )
        values = ", ".join(_VALUES_OF_A_COPY.get(column, column) for column in columns)
        copy_tasks = _COPY_TASKS.format(columns=", ".join(columns), values=values)
        # At once, for triggerers remove triggers that no task waits for.
        with self._engine.begin() as connection:
            connection.execute(text(_COPY_TRIGGERS), {**ids, "original": original, "names": list(names)})
            connection.execute(text(copy_tasks), {**ids, "count": len(names)})

    def deferred(self, task_id: str) -> int:
        """Return how many still wait."""
        return int(
            self._ask(
                "SELECT count(*) FROM task_instance WHERE task_id = :task_id AND state = 'deferred'", task_id=task_id
            )
        )

    def resumed(self, task_id: str, names: Sequence[str]) -> dict[str, float]:
        """Return when Airflow resumed those that it has resumed, in seconds since 1970.

        Args:
            task_id: The task.
            names: The name of the original, and those of the copies.
        """
        with self._engine.connect() as connection:
            rows = connection.execute(text(_RESUMED), {"task_id": task_id}).all()
        return {names[max(0, map_index)]: float(moment) for map_index, moment in rows}

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def _do(self, statement: str, **values: Any) -> None:
        with self._engine.begin() as connection:
            connection.execute(text(statement), values)

    def _ask(self, question: str, **values: Any) -> Any:
        with self._engine.connect() as connection:
            return connection.execute(text(question), values).scalar()
