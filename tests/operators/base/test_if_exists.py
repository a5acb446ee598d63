"""What becomes of a result that is there already."""

import sys
from types import ModuleType

import fsspec
import pytest
from airflow.sdk.io import attach
from fsspec.implementations.dirfs import DirFileSystem
from structlog.testing import capture_logs

from airflow_provider_ee.client.errors import InvalidArgument
from tests.operators.test_every_export import ASSET, made
from tests.tasks import run_task


@pytest.fixture
def emulator(earth_engine, supervisor):
    """An Earth Engine in which the asset is there."""
    assert run_task(made("ImageToAsset"), supervisor).state == "success"
    supervisor.store.clear()
    return earth_engine


@pytest.fixture
def buckets(earth_engine):
    """The emulator's buckets, as the Google provider would show those of Cloud Storage."""
    attach("gs", "google_cloud_default", fs=DirFileSystem(str(earth_engine.root / "gs"), fsspec.filesystem("file")))
    (earth_engine.root / "gs" / "bucket").mkdir(parents=True, exist_ok=True)
    return earth_engine.root / "gs"


def in_another_run(name, supervisor, **words):
    return run_task(made(name, task_id="another", **words), supervisor)


def test_an_asset_that_is_there_is_no_place_for_another(emulator, supervisor):
    outcome = in_another_run("ImageToAsset", supervisor)

    assert type(outcome.error).__name__ == "AirflowFailException"
    assert ASSET in str(outcome.error)


@pytest.mark.parametrize("words", [{"if_exists": "overwrite"}, {"overwrite": True}], ids=str)
def test_an_asset_that_is_there_is_overwritten_on_request(emulator, supervisor, words):
    outcome = in_another_run("ImageToAsset", supervisor, **words)

    assert outcome.state == "success", outcome.error
    assert len(emulator.control.operations()) == 2


def test_an_asset_that_is_there_is_left_alone_on_request(emulator, supervisor):
    outcome = in_another_run("ImageToAsset", supervisor, if_exists="skip")

    assert outcome.result == {"asset_id": ASSET, "skipped": True}
    assert len(emulator.control.operations()) == 1


def test_to_skip_what_is_not_there_is_to_make_it(emulator, supervisor):
    outcome = in_another_run("ImageToAsset", supervisor, if_exists="skip", asset_id=f"{ASSET}_too")

    assert outcome.result["state"] == "SUCCEEDED"


def test_a_retry_that_finds_its_own_asset_reports_its_own_operation(earth_engine, supervisor):
    first = run_task(made("ImageToAsset", if_exists="skip"), supervisor)
    retried = run_task(made("ImageToAsset", if_exists="skip"), supervisor, try_number=2)

    assert retried.result == first.result


def test_a_cleared_task_skips_what_it_made_before(earth_engine, supervisor):
    run_task(made("ImageToAsset", if_exists="skip"), supervisor)
    cleared = run_task(made("ImageToAsset", if_exists="skip"), supervisor, try_number=2, max_tries=1)

    assert cleared.result == {"asset_id": ASSET, "skipped": True}


def test_an_id_of_before_cloud_projects_is_converted_with_a_warning():
    operator = made("ImageToAsset", asset_id="users/ann/made")
    with capture_logs() as told:
        operator.already_done(None)

    assert operator.destination() == {"asset_id": "projects/earthengine-legacy/assets/users/ann/made"}
    assert [line["log_level"] for line in told] == ["warning"]


@pytest.mark.parametrize(
    ("name", "words", "problem"),
    [
        pytest.param("ImageToAsset", {"if_exists": "ignore"}, "'ignore' is none of the ways", id="no way"),
        pytest.param("ImageToAsset", {"if_exists": "skip", "overwrite": True}, "contradicts", id="skip and overwrite"),
        pytest.param("ImageToCloudStorage", {"if_exists": "fail"}, "'fail' is none of the ways", id="files never fail"),
        pytest.param("TableToBigQuery", {"if_exists": "append", "overwrite": True}, "contradicts", id="two ways"),
    ],
)
def test_what_cannot_be_meant_is_refused_when_the_dag_is_read(name, words, problem):
    with pytest.raises(InvalidArgument, match=problem):
        made(name, **words)


@pytest.mark.parametrize(("prefix", "skipped"), [("a/b", True), ("a/c", False), ("z", False)])
def test_files_with_the_prefix_are_left_alone_on_request(earth_engine, supervisor, buckets, prefix, skipped):
    (buckets / "bucket" / "a").mkdir(exist_ok=True)
    (buckets / "bucket" / "a" / "b.tif").touch()

    outcome = run_task(made("ImageToCloudStorage", if_exists="skip", file_name_prefix=prefix), supervisor)

    assert outcome.state == "success", outcome.error
    assert outcome.result.get("skipped", False) is skipped
    assert len(earth_engine.control.operations()) == (not skipped)


@pytest.fixture
def big_query(monkeypatch):
    """The part of the Google provider that is asked for. Itself it would need BigQuery, which no emulator is."""
    asked = []

    class BigQueryHook:
        def __init__(self, gcp_conn_id, impersonation_chain):
            self.asked = gcp_conn_id

        def table_exists(self, **names):
            asked.append(names)
            return names["table_id"] == "made"

    for package in ("google", "google.cloud", "google.cloud.hooks"):
        monkeypatch.setitem(sys.modules, f"airflow.providers.{package}", ModuleType(package))
    module = ModuleType("bigquery")
    module.BigQueryHook = BigQueryHook
    monkeypatch.setitem(sys.modules, "airflow.providers.google.cloud.hooks.bigquery", module)
    return asked


def test_a_table_of_bigquery_is_left_alone_on_request(earth_engine, supervisor, big_query):
    outcome = run_task(made("TableToBigQuery", if_exists="skip"), supervisor)

    assert outcome.result == {"table": "emulator.data.made", "skipped": True}
    assert big_query == [{"dataset_id": "data", "table_id": "made", "project_id": "emulator"}]
    assert earth_engine.control.operations() == []


def test_to_look_into_bigquery_without_the_google_provider_says_how_to_install_it(earth_engine, supervisor):
    outcome = run_task(made("TableToBigQuery", if_exists="skip"), supervisor)

    assert "pip install apache-airflow-providers-google" in str(outcome.error)
    assert type(outcome.error).__name__ == "AirflowFailException"


@pytest.mark.parametrize(("if_exists", "fields"), [("append", (False, True)), ("overwrite", (True, False))])
def test_what_to_do_with_a_table_that_is_there_goes_to_earth_engine(if_exists, fields):
    body = made("TableToBigQuery", if_exists=if_exists).request("projects/p", {}).body
    destination = body["bigqueryExportOptions"]["bigqueryDestination"]

    assert ("overwrite" in destination, "append" in destination) == fields
