"""What becomes of a result that is there already."""

import shutil

import pytest
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
def written(earth_engine):
    """Put an object into the emulator's bucket, which is empty."""
    shutil.rmtree(earth_engine.root / "gs" / "bucket", ignore_errors=True)

    def write(name):
        path = earth_engine.root / "gs" / "bucket" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    write("another")
    return write


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
    outcome = in_another_run("ImageToAsset", supervisor, if_exists="ignore")

    assert outcome.result == {"asset_id": ASSET, "already_existed": True}
    assert len(emulator.control.operations()) == 1


def test_to_ignore_what_is_not_there_is_to_make_it(emulator, supervisor):
    outcome = in_another_run("ImageToAsset", supervisor, if_exists="ignore", asset_id=f"{ASSET}_too")

    assert outcome.result["state"] == "SUCCEEDED"


def test_a_retry_that_finds_its_own_asset_reports_its_own_operation(earth_engine, supervisor):
    first = run_task(made("ImageToAsset", if_exists="ignore"), supervisor)
    retried = run_task(made("ImageToAsset", if_exists="ignore"), supervisor, try_number=2)

    assert retried.result == first.result


def test_a_cleared_task_ignores_what_it_made_before(earth_engine, supervisor):
    run_task(made("ImageToAsset", if_exists="ignore"), supervisor)
    cleared = run_task(made("ImageToAsset", if_exists="ignore"), supervisor, try_number=2, max_tries=1)

    assert cleared.result == {"asset_id": ASSET, "already_existed": True}


def test_an_id_of_before_cloud_projects_is_converted_with_a_warning():
    operator = made("ImageToAsset", asset_id="users/ann/made")
    with capture_logs() as told:
        operator.already_done(None, None)

    assert operator.destination(None) == {"asset_id": "projects/earthengine-legacy/assets/users/ann/made"}
    assert [line["log_level"] for line in told] == ["warning"]


@pytest.mark.parametrize(
    ("name", "words", "problem"),
    [
        pytest.param("ImageToAsset", {"if_exists": "perhaps"}, "'perhaps' is not a valid way", id="no way"),
        pytest.param("ImageToAsset", {"if_exists": "skip", "overwrite": True}, "contradicts", id="skip and overwrite"),
        pytest.param(
            "ImageToCloudStorage", {"if_exists": "append"}, "'append' is not a valid way", id="files are not added to"
        ),
        pytest.param("TableToBigQuery", {"if_exists": "append", "overwrite": True}, "contradicts", id="two ways"),
    ],
)
def test_what_cannot_be_meant_is_refused_when_the_dag_is_read(name, words, problem):
    with pytest.raises(InvalidArgument, match=problem):
        made(name, **words)


@pytest.mark.parametrize(
    ("there", "prefix", "is_output"),
    [
        ("tiles/tile_1.tif", "tiles/tile_1", True),
        ("tiles/tile_10.tif", "tiles/tile_1", False),
        ("tiles/tile_1-0000000000-0000010496.tif", "tiles/tile_1", True),
        ("tiles/0000000000-0000010496.tif", "tiles/", True),
        ("tiles/tile_1.txt", "tiles/tile_1", False),
    ],
)
@pytest.mark.usefixtures("earth_engine")
def test_only_files_that_the_export_would_write_count_as_there(supervisor, written, there, prefix, is_output):
    written(there)

    outcome = run_task(made("ImageToCloudStorage", if_exists="ignore", file_name_prefix=prefix), supervisor)

    assert outcome.state == "success", outcome.error
    assert outcome.result.get("already_existed", False) is is_output
    assert ("name" in outcome.result) is not is_output


@pytest.mark.parametrize(("if_exists", "state"), [("skip", "skipped"), ("fail", "failed")])
def test_files_that_are_there_end_the_task_as_asked(earth_engine, supervisor, written, if_exists, state):
    written("a/b.tif")

    assert run_task(made("ImageToCloudStorage", if_exists=if_exists), supervisor).state == state
    assert earth_engine.control.operations() == []


@pytest.mark.parametrize("name", ["ImageToAsset", "TableToBigQuery"])
def test_a_task_whose_result_is_there_is_skipped_on_request(earth_engine, supervisor, name):
    run_task(made(name), supervisor)

    assert in_another_run(name, supervisor, if_exists="skip").state == "skipped"
    assert len(earth_engine.control.operations()) == 1


@pytest.mark.parametrize(("if_exists", "fields"), [("append", (False, True)), ("overwrite", (True, False))])
def test_what_to_do_with_a_table_that_is_there_goes_to_earth_engine(if_exists, fields):
    body = made("TableToBigQuery", if_exists=if_exists).request("projects/p", {}).body
    destination = body["bigqueryExportOptions"]["bigqueryDestination"]

    assert ("overwrite" in destination, "append" in destination) == fields
