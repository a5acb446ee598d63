"""`@task.ee_export_...` in Airflow's task runner, against the emulator."""

import inspect

import pytest
import rasterio
from airflow.sdk import DAG, task
from airflow.serialization.serialized_objects import BaseSerialization

from airflow_provider_ee.decorators import exports as decorators
from airflow_provider_ee.operators import exports
from airflow_provider_ee.operators.exports import EarthEngineExportImageToCloudStorageOperator
from airflow_provider_ee.provider_info import get_provider_info
from tests.serialized import kept, kept_task
from tests.tasks import _run, fire, resume, run_task

CONSTANT = {"result": "0", "values": {"0": {"constantValue": 1}}}
FIELD = [-100, 40, -99.5, 40.25]
#: What each operator cannot do without, besides what is exported.
NEEDED = {
    "classifier_to_asset": {"asset_id": "projects/emulator/assets/a"},
    "image_to_asset": {"asset_id": "projects/emulator/assets/a"},
    "image_to_cloud_storage": {"bucket": "bucket"},
    "image_to_drive": {},
    "map_to_cloud_storage": {"bucket": "bucket"},
    "table_to_asset": {"asset_id": "projects/emulator/assets/a"},
    "table_to_big_query": {"table": "project.dataset.table"},
    "table_to_cloud_storage": {"bucket": "bucket"},
    "table_to_drive": {},
    "table_to_feature_view": {"asset_id": "projects/emulator/assets/a"},
    "video_to_cloud_storage": {"bucket": "bucket"},
    "video_to_drive": {},
}


def called(function, *args, **kwargs):
    """Call a decorated function in a DAG, and return the task."""
    with DAG("d", schedule=None):
        return function(*args, **kwargs).operator


def exporting(function, **changes):
    """Decorate a function so that the image that it returns goes to Cloud Storage."""
    words = {"bucket": "bucket", "region": FIELD, "scale": 1000, "poll_interval": 0.05}
    return task.ee_export_image_to_cloud_storage(**{**words, **changes})(function)


def elevation():
    import ee

    return ee.Image("EMULATOR/DEM")


def elevation_above(metres):
    return elevation().gt(float(metres))


def test_what_the_function_returns_is_exported(earth_engine, supervisor):
    outcome = run_task(called(exporting(elevation)), supervisor)

    assert outcome.state == "success", outcome.error
    assert outcome.result["uri_prefix"] == "gs://bucket/d/elevation/r"
    with rasterio.open(earth_engine.root / "gs" / "bucket" / "d" / "elevation" / "r.tif") as file:
        assert file.read(1).min() > 200


def test_it_may_return_an_expression(earth_engine, supervisor):
    outcome = run_task(called(exporting(lambda: CONSTANT, task_id="constant", crs="EPSG:4326")), supervisor)

    assert outcome.state == "success", outcome.error
    assert outcome.result["uri_prefix"] == "gs://bucket/d/constant/r"


def test_arguments_of_decorator_and_function_are_templates(earth_engine, supervisor):
    decorated = exporting(elevation_above, file_name_prefix="{{ ds }}/above")

    outcome = run_task(called(decorated, metres="{{ 300 }}"), supervisor)

    assert outcome.result["uri_prefix"] == "gs://bucket/2026-01-02/above"
    assert supervisor.rendered["op_kwargs"] == {"metres": "300"}
    assert supervisor.rendered["image"] == "<callable elevation_above>"


def test_what_is_given_by_position_has_a_name_in_templates(earth_engine, supervisor):
    decorated = exporting(elevation_above, file_name_prefix="above-{{ task.op_kwargs.metres }}")

    outcome = run_task(called(decorated, 300), supervisor)

    assert outcome.state == "success", outcome.error
    assert outcome.result["uri_prefix"] == "gs://bucket/above-300"


def test_more_positions_than_the_function_has_are_refused(earth_engine, supervisor):
    with pytest.raises(TypeError, match="too many positional arguments"):
        called(exporting(elevation_above), 300, 400)


def test_the_function_may_ask_for_the_context(earth_engine, supervisor):
    seen = []

    def image(ds, ti):
        seen.extend([ds, ti.task_id])
        return elevation()

    run_task(called(exporting(image)), supervisor)

    assert seen == ["2026-01-02", "image"]


def test_a_deferred_export_goes_on_from_its_event_alone(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=2")
    decorated = exporting(elevation, deferrable=True)
    deferred = run_task(called(decorated), supervisor)
    assert deferred.state == "deferred", deferred.error

    outcome = resume(called(decorated), supervisor, deferred, fire(deferred.trigger))

    assert outcome.state == "success", outcome.error
    assert outcome.result["uri_prefix"] == "gs://bucket/d/elevation/r"
    assert len(earth_engine.control.operations()) == 1


def test_a_retry_finds_what_was_started(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=99")
    for try_number in (1, 2):
        run_task(called(exporting(elevation, deferrable=True)), supervisor, try_number=try_number)

    assert len(earth_engine.control.operations()) == 1


def test_a_person_who_ends_the_task_cancels_the_operation(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=99")
    outcome = run_task(called(exporting(elevation, deferrable=True)), supervisor)

    supervisor.task_state = "failed"
    with supervisor:
        outcome.task.on_kill()

    assert {str(operation.state) for operation in earth_engine.control.operations()} <= {"CANCELLING", "CANCELLED"}


def test_a_mapped_export_has_one_operation_for_each_value(earth_engine, supervisor):
    decorated = exporting(elevation_above, file_name_prefix="above-{{ task.op_kwargs['metres'] }}")
    with DAG("d", schedule=None):
        mapped = decorated.expand(metres=[310, 320]).operator

    outcomes = [run_task(mapped, supervisor, map_index=index) for index in (0, 1)]

    assert [outcome.state for outcome in outcomes] == ["success", "success"]
    assert len(earth_engine.control.operations()) == 2


def test_a_mapped_export_that_deferred_goes_on(earth_engine, supervisor):
    earth_engine.control.configure(time="looks=2")
    with DAG("d", schedule=None):
        mapped = exporting(elevation_above, deferrable=True).expand(metres=[310]).operator
    deferred = run_task(mapped, supervisor, map_index=0)
    assert deferred.state == "deferred", deferred.error

    next_kwargs = BaseSerialization.serialize({"event": fire(deferred.trigger)})
    outcome = _run(mapped, supervisor, map_index=0, next_method="execute_complete", next_kwargs=next_kwargs)

    assert outcome.state == "success", outcome.error


def test_it_is_the_operator(earth_engine):
    operator = called(exporting(elevation, retries=3))

    assert isinstance(operator, EarthEngineExportImageToCloudStorageOperator)
    assert (operator.task_id, operator.retries, operator.bucket) == ("elevation", 3, "bucket")
    assert set(operator.template_fields) == set(EarthEngineExportImageToCloudStorageOperator.template_fields)
    assert operator.template_ext == EarthEngineExportImageToCloudStorageOperator.template_ext


def test_the_annotation_of_the_function_says_nothing_about_the_result_of_the_export():
    def constant() -> dict[str, object]:
        return CONSTANT

    assert called(exporting(constant)).multiple_outputs is False


def test_a_missing_argument_of_the_operator_is_named():
    @task.ee_export_image_to_cloud_storage
    def image():
        pass

    with pytest.raises(TypeError, match="bucket"):
        called(image)


def test_what_earth_engine_cannot_export_is_named(earth_engine, supervisor):
    outcome = run_task(called(exporting(lambda: None, task_id="nothing")), supervisor)

    assert type(outcome.error).__name__ == "AirflowFailException"
    assert str(outcome.error).startswith("image: None is of type NoneType")


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_each_has_the_words_of_its_operator(name):
    decorator = getattr(task, f"ee_export_{name}")

    operator = called(decorator(**NEEDED[name])(elevation))

    (kind,) = [base for base in type(operator).__mro__ if base.__module__.startswith(exports.__name__)][:1]
    assert f"ee_export_{name}" == decorator.__name__
    assert name.replace("_", "") in kind.__name__.lower()
    assert operator.custom_operator_name == f"@task.ee_export_{name}"
    assert str(getattr(operator, operator.result_argument)) == "<callable elevation>"


def test_every_export_in_the_words_of_ee_has_a_decorator():
    operators = {name for name in exports.__all__ if "To" in name}

    decorated = {base.__name__ for name in NEEDED for base in kind_of(name).__mro__}

    assert operators <= decorated
    assert {f"ee_export_{name}" for name in NEEDED} == set(decorators.__all__) - {"ee_bulk_export"}


def kind_of(name):
    return type(called(getattr(decorators, f"ee_export_{name}")(**NEEDED[name])(elevation)))


def test_airflow_knows_each_decorator_by_its_name():
    registered = {entry["name"] for entry in get_provider_info()["task-decorators"]}

    assert registered == {*decorators.__all__, "earthengine"}


def parse():
    """The DAG as each parse of its file makes it."""

    def image(metres=0):
        return elevation_above(metres)

    with DAG("d", schedule=None) as dag:
        exporting(image)()
        exporting(image, task_id="mapped").expand(metres=[1, 2])
    return dag


def test_a_dag_is_the_same_at_every_parse():
    first, second = parse(), parse()

    assert kept(first) == kept(second)
    assert kept_task(first, "image")["image"] == "<callable parse.<locals>.image>"


def test_the_source_that_airflow_shows_is_the_functions_own():
    @task.ee_export_image_to_cloud_storage(bucket="bucket")
    def image():
        return elevation()

    assert called(image).get_python_source().startswith("def image():")
    assert inspect.unwrap(image) is image.function
