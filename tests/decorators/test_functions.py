"""`@task.earthengine` in Airflow's task runner, against the emulator."""

import pytest
from airflow.sdk import DAG, task

from tests.serialized import kept
from tests.tasks import NOW, run_task
from tests.versions import needs_airflow


def called(function, *args, **kwargs):
    """Call a decorated function in a DAG, and return the task."""
    with DAG("d", schedule=None):
        return function(*args, **kwargs).operator


@task.earthengine
def add(one, other=1):
    import ee

    return ee.Number(one).add(other).getInfo()


def test_a_function_runs_with_ee_initialised_and_its_result_is_handed_on(earth_engine, supervisor):
    outcome = run_task(called(add, 2, other=3), supervisor)

    assert outcome.state == "success", outcome.error
    assert outcome.result == 5


def test_the_arguments_of_the_decorator_say_whose_project_is_asked(earth_engine, supervisor):
    @task.earthengine(project_id="project-of-{{ ds_nodash }}", earthengine_conn_id="another_one")
    def add():
        import ee

        return ee.Number(1).add(1).getInfo()

    outcome = run_task(called(add), supervisor)

    assert outcome.state == "success", outcome.error
    path = f"/v1/projects/project-of-{NOW:%Y%m%d}/value:compute"
    assert earth_engine.control.ledger.entries()[-1].path == path


def test_arguments_of_the_function_are_templates_and_the_context_comes_by_name(earth_engine, supervisor):
    @task.earthengine
    def tell(day, params=None, ti=None):
        return f"{day} {ti.task_id}"

    outcome = run_task(called(tell, "{{ ds }}"), supervisor)

    assert outcome.result == "2026-01-02 tell"


@pytest.mark.parametrize("how", ["argument", "annotation"])
def test_a_dict_may_become_several_results(earth_engine, supervisor, how):
    def both() -> dict[str, int]:
        return {"low": 1, "high": 2}

    if how == "argument":
        del both.__annotations__["return"]
        decorated = task.earthengine(multiple_outputs=True)(both)
    else:
        decorated = task.earthengine(both)

    outcome = run_task(called(decorated), supervisor)

    assert (outcome.xcoms["low"], outcome.xcoms["high"]) == (1, 2)


def test_a_mapped_function_runs_for_each_value(earth_engine, supervisor):
    with DAG("d", schedule=None):
        mapped = add.partial(other=10).expand(one=[1, 2]).operator

    assert run_task(mapped, supervisor, map_index=1).result == 12


def test_a_decorated_function_is_changed_for_one_use(earth_engine, supervisor):
    changed = called(add.override(task_id="sum", project_id="another-project"), 1)

    assert (changed.task_id, changed.project_id) == ("sum", "another-project")
    assert run_task(changed, supervisor).result == 2


@needs_airflow("3.2", "its tasks are never asynchronous")
def test_an_asynchronous_function_runs_too(earth_engine, supervisor):
    @task.earthengine
    async def add():
        import ee

        return ee.Number(1).add(1).getInfo()

    assert run_task(called(add), supervisor).result == 2


@pytest.mark.parametrize("wrap", [lambda image: image, lambda image: {"images": [image]}], ids=["alone", "inside"])
def test_an_ee_object_is_no_result_and_the_error_says_what_to_do(earth_engine, supervisor, wrap):
    @task.earthengine
    def load():
        import ee

        return wrap(ee.Image("EMULATOR/DEM"))

    outcome = run_task(called(load), supervisor)

    assert type(outcome.error).__name__ == "AirflowFailException"
    assert "returned an ee.Image" in str(outcome.error)
    assert "getInfo()" in str(outcome.error)
    assert "return_value" not in outcome.xcoms


def test_an_error_of_the_function_passes_as_it_is(earth_engine, supervisor):
    @task.earthengine
    def broken():
        raise LookupError("mine")

    outcome = run_task(called(broken), supervisor)

    assert (type(outcome.error), str(outcome.error)) == (LookupError, "mine")


def test_where_earth_engine_is_out_of_reach_the_function_is_not_called_and_another_try_is_worth_it(
    earth_engine, supervisor, monkeypatch
):
    monkeypatch.setenv("EARTHENGINE_EMULATOR_HOST", "127.0.0.1:9")
    monkeypatch.setenv("AIRFLOW_CONN_IMPATIENT", '{"conn_type": "earthengine", "extra": {"num_retries": 0}}')

    @task.earthengine(earthengine_conn_id="impatient")
    def never():
        raise AssertionError("called")

    outcome = run_task(called(never), supervisor)

    assert type(outcome.error).__name__ == "AirflowException"


def test_a_dag_is_the_same_at_every_parse():
    def parse():
        @task.earthengine(project_id="my-project")
        def compute(number):
            return number

        with DAG("d", schedule=None) as dag:
            compute(1)
            compute.expand(number=[1, 2])
        return dag

    first, second = parse(), parse()

    assert kept(first) == kept(second)
