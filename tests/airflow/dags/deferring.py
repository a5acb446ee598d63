"""A task that lets go of its worker: it succeeds only where a triggerer really runs its trigger."""
# ruff: noqa: INP001 - a DAG folder is no package

from datetime import timedelta

from airflow.providers.standard.triggers.temporal import TimeDeltaTrigger
from airflow.sdk import DAG, BaseOperator, Context


class Nap(BaseOperator):
    """Defer for some seconds, then return a word."""

    template_fields = ("seconds", "word")

    def __init__(self, *, seconds: str, word: str, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.seconds = seconds
        self.word = word

    def execute(self, context: Context) -> None:
        self.defer(trigger=TimeDeltaTrigger(timedelta(seconds=float(self.seconds))), method_name="wake")

    def wake(self, context: Context, event: object = None) -> str:
        self.log.info("Awake: %s", self.word)
        return self.word


with DAG("deferring", schedule=None):
    Nap(task_id="nap", seconds="{{ dag_run.conf['seconds'] }}", word="{{ dag_run.conf['word'] }}")
