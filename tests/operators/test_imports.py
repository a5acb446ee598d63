"""Import operators in Airflow's task runner, against the emulator."""

import json
from datetime import UTC, datetime

import httpx
import pytest
from airflow.sdk import DAG

from airflow_provider_ee.operators.imports import (
    EarthEngineImportExternalImageOperator,
    EarthEngineImportImageOperator,
    EarthEngineImportTableOperator,
)
from tests.emulator.files import put_tiff, ramp
from tests.tasks import fire, resume, run_task
from tests.versions import needs_airflow

NAME = "projects/emulator/assets/a"
TIF, CSV = "gs://bucket/a.tif", "gs://bucket/a.csv"
EXTERNAL = "projects.image.importExternal"


@pytest.fixture(autouse=True)
def _files(earth_engine):
    """An image, tiled as it must be to stay where it is, and a table."""
    put_tiff(earth_engine.root, TIF, ramp(2, 512, 512, "uint8"), tiled=True, blockxsize=256, blockysize=256)
    (earth_engine.root / "gs" / "bucket" / "a.csv").write_text("longitude,latitude,n\n7,46,1\n8,47,2\n")


@pytest.fixture
def asset(earth_engine):
    """Look at the asset that was made."""

    def look(name=NAME):
        return httpx.get(f"{earth_engine.url}/v1/{name}").json()

    return look


def image(**changes):
    words = {"task_id": "import", "asset_id": NAME, "uris": TIF, "poll_interval": 0.05}
    return EarthEngineImportImageOperator(**{**words, **changes})


def by_manifest(manifest, **changes):
    return image(manifest=manifest, asset_id=None, uris=None, **changes)


def table(**changes):
    words = {"task_id": "import", "asset_id": NAME, "uris": CSV, "poll_interval": 0.05}
    return EarthEngineImportTableOperator(**{**words, **changes})


def external(**changes):
    words = {"task_id": "import", "asset_id": NAME, "uris": TIF}
    return EarthEngineImportExternalImageOperator(**{**words, **changes})


MANIFEST = {"name": NAME, "tilesets": [{"id": "t", "sources": [{"uris": [TIF]}]}]}


def test_an_image_becomes_an_asset(earth_engine, supervisor, asset):
    outcome = run_task(
        image(bands="red,nir", nodata_value=0, start_time="{{ ds }}", properties={"run": "{{ run_id }}"}), supervisor
    )
    assert outcome.state == "success", outcome.error
    assert (outcome.result["asset_id"], outcome.result["type"]) == (NAME, "INGEST_IMAGE")
    assert json.loads(json.dumps(outcome.result)) == outcome.result
    made = asset()
    assert [band["id"] for band in made["bands"]] == ["red", "nir"]
    assert (made["startTime"], made["properties"]["run"]) == ("2026-01-02T00:00:00Z", "r")


def test_a_table_becomes_an_asset(earth_engine, supervisor, asset):
    outcome = run_task(table(), supervisor)
    assert outcome.state == "success", outcome.error
    assert (outcome.result["asset_id"], outcome.result["type"]) == (NAME, "INGEST_TABLE")
    assert asset()["type"] == "TABLE"


def test_an_image_that_stays_where_it_is_becomes_an_asset_at_once(earth_engine, supervisor, asset):
    outcome = run_task(external(), supervisor)
    assert outcome.state == "success", outcome.error
    assert outcome.result == {"asset_id": NAME}
    [uri] = asset()["cloudStorageLocation"]["uris"]
    assert uri.startswith(f"{TIF}#")
    assert earth_engine.control.operations() == []


def test_an_image_that_stays_where_it_is_may_follow_its_file(earth_engine, supervisor, asset):
    run_task(external(use_latest_object_version=True), supervisor)
    assert asset()["cloudStorageLocation"]["uris"] == [TIF]


@pytest.mark.parametrize("operator", [image, table, external])
def test_what_is_there_fails_the_task_for_good(earth_engine, supervisor, operator):
    run_task(operator(), supervisor)
    outcome = run_task(operator(), supervisor, try_number=2, max_tries=1)
    assert type(outcome.error).__name__ == "AirflowFailException"


@pytest.mark.parametrize("operator", [image, table, external])
@pytest.mark.parametrize("words", [{"if_exists": "overwrite"}, {"overwrite": True}], ids=str)
def test_what_is_there_may_be_replaced(earth_engine, supervisor, operator, words):
    run_task(operator(), supervisor)
    outcome = run_task(operator(**words), supervisor, try_number=2, max_tries=1)
    assert outcome.state == "success", outcome.error
    assert "already_existed" not in outcome.result


@pytest.mark.parametrize("operator", [image, table, external])
def test_what_is_there_may_be_left_as_it_is(earth_engine, supervisor, operator):
    run_task(operator(), supervisor)
    supervisor.store.clear()
    outcome = run_task(operator(if_exists="ignore"), supervisor, try_number=2, max_tries=1)
    assert outcome.state == "success", outcome.error
    assert outcome.result == {"asset_id": NAME, "already_existed": True}


@pytest.mark.parametrize("operator", [image, table, external])
def test_what_is_not_there_is_made_whatever_is_to_become_of_one_that_is(earth_engine, supervisor, operator):
    outcome = run_task(operator(if_exists="ignore"), supervisor)
    assert outcome.state == "success", outcome.error
    assert "already_existed" not in outcome.result


@pytest.mark.parametrize("operator", [image, table])
def test_a_deferred_import_goes_on_from_its_event_alone(earth_engine, supervisor, operator):
    earth_engine.control.configure(time="looks=2")
    deferred = run_task(operator(deferrable=True), supervisor)
    assert deferred.state == "deferred", deferred.error
    outcome = resume(operator(deferrable=True), supervisor, deferred, fire(deferred.trigger))
    assert outcome.state == "success", outcome.error
    assert outcome.result["asset_id"] == NAME


@pytest.mark.parametrize(
    ("operator", "method"), [(image, "projects.image.import"), (table, "projects.table.import")], ids=["image", "table"]
)
def test_a_lost_answer_leads_to_one_import(earth_engine, supervisor, operator, method):
    armed = earth_engine.control.arm("reset", method, after_work=True)
    outcome = run_task(operator(), supervisor)
    assert outcome.state == "success", outcome.error
    assert (armed.met, len(earth_engine.control.operations())) == (1, 1)


@pytest.mark.parametrize("description", ["echoed", "default"])
@pytest.mark.parametrize("operator", [image, table])
def test_a_retry_finds_the_import_whether_its_description_comes_back_or_not(
    earth_engine, supervisor, operator, description
):
    earth_engine.control.configure(time="looks=99", import_descriptions=description)
    run_task(operator(deferrable=True), supervisor)
    supervisor.store.clear()
    retried = run_task(operator(deferrable=True), supervisor, try_number=2)
    [operation] = earth_engine.control.operations()
    assert operation.asked.description.startswith("d:import:r;af:" if description == "echoed" else "Ingest")
    assert retried.message.trigger_kwargs["operation_names"] == [operation.name]


def test_a_lost_answer_of_an_image_that_stays_where_it_is_leads_to_one_request(earth_engine, supervisor):
    armed = earth_engine.control.arm("reset", EXTERNAL, after_work=True)
    outcome = run_task(external(), supervisor)
    assert outcome.state == "success", outcome.error
    assert (armed.met, len(earth_engine.control.ledger.entries(EXTERNAL))) == (1, 1)


@needs_airflow("3.3", "a retry does not know what a killed try has begun")
def test_a_retry_knows_its_own_asset_again(earth_engine, supervisor):
    run_task(external(), supervisor)
    outcome = run_task(external(), supervisor, try_number=2)
    assert outcome.state == "success", outcome.error
    assert outcome.result == {"asset_id": NAME}
    assert len(earth_engine.control.ledger.entries(EXTERNAL)) == 1


def test_a_manifest_may_be_written_in_templates(earth_engine, supervisor, asset):
    manifest = {**MANIFEST, "startTime": "{{ ts }}", "endTime": datetime(2026, 1, 3, tzinfo=UTC), "memo": None}
    outcome = run_task(by_manifest(manifest), supervisor)
    assert outcome.state == "success", outcome.error
    assert (asset()["startTime"], asset()["endTime"]) == ("2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z")


@pytest.mark.parametrize("read", ["when the DAG is read", "when the task runs"])
def test_a_manifest_may_lie_in_a_file_beside_the_dag(earth_engine, supervisor, tmp_path, asset, read):
    (tmp_path / "a.json").write_text(json.dumps({**MANIFEST, "startTime": "{{ ds }}"}))
    with DAG("d", schedule=None, template_searchpath=str(tmp_path)) as dag:
        operator = by_manifest("a.json")
    if read == "when the DAG is read":
        dag.resolve_template_files()
    outcome = run_task(operator, supervisor)
    assert outcome.state == "success", outcome.error
    assert asset()["startTime"] == "2026-01-02T00:00:00Z"


@pytest.mark.parametrize(
    "operator",
    [
        lambda: image(uris=["gs://bucket/{{ ds }}.tfrecord", "gs://bucket/mixer.json"]),
        lambda: by_manifest(
            {
                "name": NAME,
                "uriPrefix": "gs://bucket/",
                "tilesets": [{"sources": [{"uris": ["{{ ds }}.tfrecord", "mixer.json"]}]}],
            }
        ),
    ],
    ids=["in short", "in a manifest"],
)
def test_a_file_in_cloud_storage_is_not_looked_for_beside_the_dag(earth_engine, supervisor, caplog, operator):
    with DAG("d", schedule=None) as dag:
        made = operator()
    dag.resolve_template_files()
    outcome = run_task(made, supervisor)
    assert "TemplateNotFound" not in caplog.text
    [source] = outcome.task.request("projects/p", {}).body["imageManifest"]["tilesets"][0]["sources"]
    assert [uri.removeprefix("gs://bucket/") for uri in source["uris"]] == ["2026-01-02.tfrecord", "mixer.json"]


@pytest.mark.parametrize(
    ("operator", "problem"),
    [
        (lambda: image(uris="/data/a.tif"), "uris: '/data/a.tif' is not the address of an object in Cloud Storage"),
        (lambda: image(manifest=MANIFEST), "manifest: it stands beside asset_id, uris"),
        (lambda: by_manifest({**MANIFEST, "bands": [{"id": "b"}]}), "imageManifest.bands[0].tilesetId: there is no ''"),
        (lambda: by_manifest("{{ '' }}"), "manifest: '' is not valid JSON"),
        (lambda: table(uris=CSV, csv_delimiter="{{ 'tab' }}"), "csv_delimiter: 'tab' is not one character"),
        (lambda: external(asset_id="{{ 'no asset' }}"), "asset_id: 'no asset' is not a valid asset id"),
        (lambda: external(uris=[TIF, TIF]), "uris: 2 files cannot be one tileset"),
    ],
)
def test_wrong_arguments_fail_for_good_and_start_nothing(earth_engine, supervisor, operator, problem):
    outcome = run_task(operator(), supervisor)
    assert type(outcome.error).__name__ == "AirflowFailException"
    assert str(outcome.error).startswith(problem)
    assert earth_engine.control.operations() == earth_engine.control.ledger.entries(EXTERNAL) == []


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"if_exists": "perhaps"}, "if_exists: 'perhaps' is not a valid way"),
        ({"overwrite": True, "if_exists": "skip"}, "overwrite: it contradicts if_exists='skip'"),
        ({"colour": "green"}, "colour"),
        ({"asset_id": "no asset"}, "asset_id: 'no asset' is not a valid asset id"),
    ],
)
@pytest.mark.parametrize("operator", [image, table, external])
def test_what_no_template_can_change_is_refused_when_the_dag_is_read(operator, words, problem):
    with pytest.raises((ValueError, TypeError)) as caught:
        operator(**words)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    "operator", [EarthEngineImportImageOperator, EarthEngineImportTableOperator, EarthEngineImportExternalImageOperator]
)
def test_operators_can_be_mapped(operator):
    with DAG("d", schedule=None):
        mapped = operator.partial(task_id="import", start_time="{{ ds }}").expand_kwargs(
            [{"asset_id": f"{NAME}{index}", "uris": TIF} for index in range(2)]
        )
    assert mapped.operator_class is operator


@pytest.mark.parametrize("operator", [image(), table(), external()], ids=["image", "table", "external"])
def test_everything_that_says_what_is_imported_is_templated(operator):
    assert {"manifest", *operator.arguments} <= set(operator.template_fields)
    assert len(set(operator.template_fields)) == len(operator.template_fields)
