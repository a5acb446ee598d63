"""What holds for every operator whose work is done at once."""

import inspect

import pytest
from airflow.sdk import DAG

from airflow_provider_ee.operators import assets, compute, pixels
from airflow_provider_ee.operators.base.immediate import EarthEngineDirectOperator
from airflow_provider_ee.operators.cancel import operations as cancelling
from tests.serialized import kept
from tests.tasks import run_task

#: Two tasks of each kind, by the arguments in which they differ.
ARGUMENTS = {
    assets.EarthEngineCreateFolderOperator: {"asset_id": ["projects/p/assets/a", "projects/p/assets/b"]},
    assets.EarthEngineCreateImageCollectionOperator: {"start_time": ["2026-01-01", "2026-02-01"]},
    assets.EarthEngineCopyAssetOperator: {"source": ["USGS/SRTMGL1_003", "projects/p/assets/b"]},
    assets.EarthEngineMoveAssetOperator: {"destination": ["projects/p/assets/a", "projects/p/assets/b"]},
    assets.EarthEngineDeleteAssetOperator: {"dry_run": [True, "{{ params.dry_run }}"]},
    assets.EarthEngineGetAssetOperator: {"asset_id": ["USGS/SRTMGL1_003", "projects/p/assets/b"]},
    assets.EarthEngineListAssetsOperator: {"filter": ["properties.a < 1", None]},
    assets.EarthEngineUpdateAssetOperator: {"properties": [{"n": 1}, {"n": None}]},
    assets.EarthEngineSetAssetAccessOperator: {"readers": [["ann@x.org"], "bob@x.org"]},
    cancelling.EarthEngineCancelOperationsOperator: {"description_prefix": ["a", "b"]},
    compute.EarthEngineComputeValueOperator: {"expression": [{"result": "0", "values": {}}, "value.json"]},
    compute.EarthEngineComputeFeaturesOperator: {"output_path": ["gs://b/a.csv", "s3://b/a.csv"]},
    pixels.EarthEngineGetPixelsOperator: {"asset_id": ["USGS/SRTMGL1_003", "projects/p/assets/b"]},
    pixels.EarthEngineComputePixelsOperator: {"expression": [{"result": "0", "values": {}}, "image.json"]},
}
KINDS = pytest.mark.parametrize("kind", ARGUMENTS, ids=lambda kind: kind.__name__)


def required(kind):
    """The other arguments that it cannot do without."""
    inits = [inspect.signature(base.__init__).parameters.values() for base in kind.__mro__ if "__init__" in vars(base)]
    return {
        parameter.name: "projects/p/assets/x"
        for parameters in inits[:3]
        for parameter in parameters
        if parameter.kind is parameter.KEYWORD_ONLY
        and parameter.default is parameter.empty
        and parameter.name not in {*ARGUMENTS[kind], "task_id"}
    }


def test_the_table_here_has_all_of_them():
    modules = (assets, cancelling, compute, pixels)
    found = {thing for module in modules for thing in vars(module).values() if inspect.isclass(thing)}
    concrete = {kind for kind in found if issubclass(kind, EarthEngineDirectOperator) and not inspect.isabstract(kind)}
    assert concrete == set(ARGUMENTS)


@KINDS
def test_it_can_be_mapped(kind):
    with DAG("d", schedule=None) as dag:
        mapped = kind.partial(task_id="task", **required(kind)).expand(**ARGUMENTS[kind])
    assert kept(dag)
    for name, values in ARGUMENTS[kind].items():
        for value in values:
            assert getattr(mapped.unmap({name: value}), name) == value


@KINDS
def test_every_template_field_is_an_argument_of_it(kind):
    operator = kind(task_id="task", **required(kind), **{name: one for name, [one, _] in ARGUMENTS[kind].items()})
    assert all(hasattr(operator, field) for field in kind.template_fields)
    assert set(kind.template_fields) >= {"project_id", *required(kind), *ARGUMENTS[kind]}


class Asking(EarthEngineDirectOperator):
    def run(self, hook, context):
        return {"project": hook.client().project, "task": context["ti"].task_id}


def test_it_works_in_the_project_that_it_is_told(earth_engine, supervisor):
    outcome = run_task(Asking(task_id="ask", project_id="{{ 'my-' }}project"), supervisor)
    assert outcome.result == {"project": "my-project", "task": "ask"}
