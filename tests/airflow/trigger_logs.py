"""What triggerers write about the triggers that they run: a file for each task and triggerer, from the first line on."""

from tests.airflow.polling import until
from tests.airflow.rest import Run
from tests.airflow.standalone import Airflow


def said(airflow: Airflow, run: Run, map_index: int = -1, attempt: int = 1) -> dict[str, str]:
    """What every triggerer that has had the trigger of a try of `export` said about it, by the triggerer's job."""
    mapped = "" if map_index < 0 else f"/map_index={map_index}"
    folder = airflow.home / "logs" / f"dag_id={run.dag_id}" / f"run_id={run.run_id}" / f"task_id=export{mapped}"
    files = folder.glob(f"attempt={attempt}.log.trigger.*.log")
    return {file.name.split(".")[-2]: file.read_text(encoding="utf-8") for file in files}


def taken(airflow: Airflow, run: Run, map_index: int = -1, *, attempt: int = 1, triggerers: int = 1) -> None:
    """Wait until so many triggerers have had the trigger of a try."""

    def look() -> bool:
        return len(said(airflow, run, map_index, attempt)) >= triggerers

    until(look, timeout=240, waiting_for=f"{triggerers} triggerers to have the trigger of {run.dag_id}")
