"""Callables in the place of what they make: alone, and as arguments of an export in Airflow's task runner."""

import copy
import functools
import pickle

import numpy as np
import pytest
import rasterio
from airflow.sdk import DAG, task

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.operators.base.callables import WrappedCallable, wrap_callable
from airflow_provider_ee.operators.exports import EarthEngineExportImageToCloudStorageOperator
from tests.serialized import kept, kept_task
from tests.tasks import fire, resume, run_task
from tests.versions import needs_airflow

CONTEXT = {"ds": "2026-01-02", "params": {"year": 2025}}
ELEVATION = {"result": "0", "values": {"0": {"constantValue": 1}}}


@pytest.fixture
def _uninitialised():
    """Leave an `ee` that knows no emulator."""
    import ee

    ee.Reset()
    yield
    ee.Reset()


def elevation():
    import ee

    return ee.Image("EMULATOR/DEM")


def elevation_above(metres, *, ds=None):
    import ee

    assert ds in {None, "2026-01-02"}
    image = ee.Image("EMULATOR/DEM")
    return image.updateMask(image.gt(metres))


def a_field():
    import ee

    return ee.Geometry.Rectangle([-100, 40, -99.5, 40.25])


class Maker:
    def __call__(self):
        return "made"

    def method(self):
        return "made"


def export(**changes):
    words = {
        "task_id": "export",
        "image": elevation,
        "bucket": "bucket",
        "file_name_prefix": "dem",
        "region": [7, 46, 7.5, 46.25],
        "scale": 1000,
        "poll_interval": 0.05,
    }
    return EarthEngineExportImageToCloudStorageOperator(**{**words, **changes})


# What a wrap_callable is


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("image.json", id="text"),
        pytest.param(ELEVATION, id="an expression"),
        pytest.param(None, id="nothing"),
        pytest.param(WrappedCallable(elevation), id="a wrap_callable"),
    ],
)
def test_what_is_no_callable_stays_what_it_is(value):
    assert wrap_callable(value) is value


def test_the_output_of_a_task_stays_what_it_is():
    with DAG("d", schedule=None):

        @task
        def draw():
            return [7, 46, 8, 47]

        output = draw()
    assert wrap_callable(output) is output


def test_an_ee_object_stays_what_it_is_even_if_it_can_be_called():
    import ee

    class Callable(ee.Encodable):
        def __call__(self):
            raise AssertionError("called")

    value = Callable()

    assert wrap_callable(value) is value


def test_a_recipe_cannot_be_called_for_airflow_calls_what_can_be_while_it_renders():
    assert not callable(wrap_callable(elevation))


def test_a_task_is_refused_with_a_word_on_what_is_meant():
    decorated = task(elevation)

    with pytest.raises(InvalidArgument, match="elevation is a task already"):
        wrap_callable(decorated)


def test_an_asynchronous_function_is_refused():
    async def slow():
        pass

    with pytest.raises(InvalidArgument, match="asynchronous"):
        wrap_callable(slow)


@pytest.mark.parametrize(
    ("function", "text"),
    [
        pytest.param(elevation, "<callable elevation>", id="function"),
        pytest.param(functools.partial(elevation_above, 100), "<callable elevation_above>", id="partial"),
        pytest.param(Maker(), "<callable Maker>", id="object"),
        pytest.param(Maker().method, "<callable Maker.method>", id="method"),
        pytest.param(Maker, "<callable Maker>", id="class"),
        pytest.param(lambda: None, "<callable <lambda>>", id="lambda"),
    ],
)
def test_its_text_names_the_callable_and_neither_an_address_nor_a_file(function, text):
    made = wrap_callable(function)

    assert {str(made), repr(made), made.serialize()} == {text}


@pytest.mark.parametrize("function", [elevation, functools.partial(elevation_above, 100)], ids=["function", "partial"])
def test_it_is_copied_and_pickled_as_its_function_is(function):
    for again in (copy.deepcopy(wrap_callable(function)), pickle.loads(pickle.dumps(wrap_callable(function)))):  # noqa: S301  # ours
        assert str(again) == str(wrap_callable(function))
    assert copy.deepcopy(wrap_callable(elevation)) == wrap_callable(elevation)


# How it is called


def test_a_function_gets_its_arguments_and_of_the_context_what_it_asks_for():
    def make(first, second, ds, params):
        return first, second, ds, params

    made = WrappedCallable(make).call(CONTEXT, ["a"], {"second": "b"})

    assert made == ("a", "b", "2026-01-02", {"year": 2025})


def test_an_argument_goes_before_the_context():
    assert WrappedCallable(lambda ds: ds).call(CONTEXT, op_kwargs={"ds": "mine"}) == "mine"


def test_a_function_that_takes_everything_gets_everything():
    assert WrappedCallable(lambda **everything: everything).call(CONTEXT, op_kwargs={"a": 1}) == {**CONTEXT, "a": 1}


def test_arguments_for_another_function_of_the_operator_are_left_out():
    assert WrappedCallable(lambda a: a).call(CONTEXT, op_kwargs={"a": 1, "for_another_one": 2}) == 1


@pytest.mark.parametrize(
    ("op_args", "op_kwargs", "problem"),
    [
        pytest.param([], {}, "missing a required argument: 'metres'", id="too few"),
        pytest.param([1, 2, 3], {}, "too many positional arguments", id="too many"),
        pytest.param([1], {"metres": 2}, "'metres' in args is a part of kwargs", id="one twice"),
    ],
)
def test_arguments_that_do_not_fit_are_named(op_args, op_kwargs, problem):
    with pytest.raises(InvalidArgument) as caught:
        WrappedCallable(elevation_above).call(CONTEXT, op_args, op_kwargs)

    assert str(caught.value).startswith("op_args and op_kwargs: <callable elevation_above> cannot be called")
    assert problem in str(caught.value)
    assert "(metres, *, ds=None)" in str(caught.value)


def test_what_the_function_itself_raises_passes_as_it_is():
    def broken():
        raise TypeError("mine")

    with pytest.raises(TypeError, match="mine") as caught:
        WrappedCallable(broken).call(CONTEXT)

    assert type(caught.value) is TypeError


# In an export


@pytest.mark.usefixtures("_uninitialised")
def test_what_a_function_makes_is_exported(earth_engine, supervisor):
    outcome = run_task(export(image=elevation_above, region=a_field, op_kwargs={"metres": 320}), supervisor)

    assert outcome.state == "success", outcome.error
    with rasterio.open(earth_engine.root / "gs" / "bucket" / "dem.tif") as file:
        values = file.read(1)
        assert (round(file.bounds.left), round(file.bounds.bottom)) == (-100, 40)
    assert np.isnan(values).any()
    assert np.nanmin(values) > 320


@pytest.mark.usefixtures("_uninitialised")
@needs_airflow("3.2", "an operator has no say in how its templates are rendered")
def test_arguments_of_a_function_are_templates(earth_engine, supervisor):
    operator = export(image=elevation_above, op_args=["{{ 40 + 2 }}"])
    operator.render_template_as_native_obj = True

    outcome = run_task(operator, supervisor)

    assert outcome.state == "success", outcome.error
    assert outcome.task.op_args == [42]


@pytest.mark.usefixtures("_uninitialised")
def test_a_deferred_export_of_a_function_goes_on_without_calling_it_again(earth_engine, supervisor):
    calls = []

    def counted():
        calls.append(1)
        return elevation()

    earth_engine.control.configure(time="looks=2")
    deferred = run_task(export(image=counted, deferrable=True), supervisor)
    event = fire(deferred.trigger)
    outcome = resume(export(image=counted, deferrable=True), supervisor, deferred, event)

    assert outcome.state == "success", outcome.error
    assert calls == [1]


def test_airflow_shows_the_function_by_its_name(earth_engine, supervisor):
    def broken():
        raise RuntimeError("enough of this test")

    outcome = run_task(export(image=broken), supervisor)

    assert supervisor.rendered["image"] == ("<callable test_airflow_shows_the_function_by_its_name.<locals>.broken>")
    assert (type(outcome.error), str(outcome.error)) == (RuntimeError, "enough of this test")
    assert earth_engine.control.operations() == []


@pytest.mark.usefixtures("_uninitialised")
def test_a_mapped_export_has_a_function_too(earth_engine, supervisor):
    with DAG("d", schedule=None):
        mapped = EarthEngineExportImageToCloudStorageOperator.partial(
            task_id="export", image=elevation, bucket="bucket", scale=1000, poll_interval=0.05
        ).expand(region=[[7, 46, 7.5, 46.25], [7.5, 46, 8, 46.25]])

    outcome = run_task(mapped, supervisor, map_index=1)

    assert outcome.state == "success", outcome.error
    assert outcome.task.region == [7.5, 46, 8, 46.25]


def parsed(mapped):
    """The DAG as each parse of its file makes it: with other functions of the same name."""

    def image():
        return elevation()

    words = {"task_id": "export", "image": image, "bucket": "bucket", "op_kwargs": {"a": 1}}
    with DAG("d", schedule=None) as dag:
        if mapped:
            EarthEngineExportImageToCloudStorageOperator.partial(**words).expand(region=[[7, 46, 8, 47]])
        else:
            EarthEngineExportImageToCloudStorageOperator(**words, region=image)
    return dag


@pytest.mark.parametrize("mapped", [False, True], ids=["one task", "mapped"])
def test_a_dag_is_the_same_at_every_parse(mapped):
    first, second = parsed(mapped), parsed(mapped)

    assert kept(first) == kept(second)


def test_airflow_keeps_the_name_of_the_function():
    assert kept_task(parsed(mapped=False), "export")["image"] == "<callable parsed.<locals>.image>"
