"""Computing at once, in Airflow's task runner, against the emulator."""

import csv
import json

import pytest

from airflow_provider_ee.client.http.clients import Client
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.operators.compute import EarthEngineComputeFeaturesOperator, EarthEngineComputeValueOperator
from tests.tasks import run_task

COMPUTE = "projects.table.computeFeatures"


def call(function, **arguments):
    return {"functionInvocationValue": {"functionName": function, "arguments": arguments}}


def constant(value):
    return {"constantValue": value}


def whole(node):
    return {"result": "0", "values": {"0": node}}


def points(number):
    return whole(
        call(
            "Collection",
            features={
                "arrayValue": {
                    "values": [
                        call(
                            "Feature",
                            geometry=call("GeometryConstructors.Point", coordinates=constant([one % 90, 46])),
                            metadata=constant({"n": one, "name": f"p{one}"}),
                        )
                        for one in range(number)
                    ]
                }
            },
        )
    )


def compute(supervisor, **words):
    outcome = run_task(EarthEngineComputeFeaturesOperator(task_id="compute", **words), supervisor)
    assert outcome.state == "success", outcome.error
    return outcome.result


def failure(supervisor, kind=EarthEngineComputeFeaturesOperator, **words):
    error = run_task(kind(task_id="compute", **words), supervisor).error
    return type(error).__name__, str(error)


@pytest.mark.parametrize("expression", [whole(constant(7)), json.dumps(whole(constant(7)))], ids=["dict", "text"])
def test_a_value_is_returned(earth_engine, supervisor, expression):
    outcome = run_task(EarthEngineComputeValueOperator(task_id="compute", expression=expression), supervisor)
    assert (outcome.state, outcome.result) == ("success", 7)


@pytest.fixture
def ee():
    """Google's own client, which knows no emulator yet, and none any more."""
    import ee

    ee.Reset()
    yield ee
    ee.Reset()


def test_a_value_may_be_what_a_function_makes_on_the_worker(earth_engine, supervisor, ee):
    def twice(n, ds):
        return ee.Dictionary({"n": ee.Number(n), "ds": ds})

    outcome = run_task(EarthEngineComputeValueOperator(task_id="compute", expression=twice, op_args=[4]), supervisor)
    assert outcome.result == {"n": 4, "ds": "2026-01-02"}


def test_a_small_table_is_returned(earth_engine, supervisor):
    features = compute(supervisor, expression=points(2), selectors="name")
    assert [(one["id"], one["properties"], one["geometry"]["type"]) for one in features] == [
        ("0", {"name": "p0"}, "Point"),
        ("1", {"name": "p1"}, "Point"),
    ]


def test_a_table_that_is_larger_than_asked_for_is_not_returned(earth_engine, supervisor):
    kind, text = failure(supervisor, expression=points(3), max_features="{{ 2 }}")
    assert kind == "AirflowFailException"
    assert "more than 2 features" in text


def test_a_table_is_written_to_a_file_page_by_page(earth_engine, supervisor, tmp_path):
    path = tmp_path / "new" / "points.csv"
    result = compute(supervisor, expression=points(1001), output_path=str(path), selectors=["n", "name"])
    assert result == {"output_path": str(path), "file_format": "CSV", "features": 1001}
    with path.open() as file:
        assert list(csv.reader(file)) == [["n", "name"], *([str(n), f"p{n}"] for n in range(1001))]
    assert len(earth_engine.control.ledger.entries(COMPUTE)) == 2
    assert list(path.parent.iterdir()) == [path]


def test_a_table_may_be_an_asset(earth_engine, supervisor):
    name = "projects/emulator/assets/points"
    options = {"earthEngineDestination": {"name": name}}
    with Client("emulator") as client:
        body = {"expression": points(2), "assetExportOptions": options}
        operation = client.send(methods.table_export("projects/emulator", body=body))
        assert client.send(methods.operations_get(operation["name"]))["metadata"]["state"] == "SUCCEEDED"
    features = compute(supervisor, asset_id=name)
    assert [one["properties"]["name"] for one in features] == ["p0", "p1"]


def test_a_table_may_be_what_a_function_makes_on_the_worker(earth_engine, supervisor, ee):
    def features():
        return ee.FeatureCollection([ee.Feature(ee.Geometry.Point([7, 46]), {"n": 1})])

    [feature] = compute(supervisor, expression=features)
    assert (feature["properties"], feature["geometry"]["coordinates"]) == ({"n": 1}, [7, 46])


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_a_file_may_be_named_by_a_path_or_a_url(earth_engine, supervisor, tmp_path, scheme):
    compute(supervisor, expression=points(2), output_path=f"{scheme}{tmp_path}/{{{{ ds }}}}.geojson")
    assert len(json.loads((tmp_path / "2026-01-02.geojson").read_text())["features"]) == 2


def test_a_relative_path_begins_where_the_task_runs(earth_engine, supervisor, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    compute(supervisor, expression=points(1), output_path="points.ndjson")
    assert [path.name for path in tmp_path.iterdir()] == ["points.ndjson"]


def test_a_file_that_is_there_is_replaced(earth_engine, supervisor, tmp_path):
    path = tmp_path / "points.txt"
    path.write_text("old")
    compute(supervisor, expression=points(1), output_path=str(path), file_format="NDJSON")
    assert json.loads(path.read_text())["properties"] == {"n": 0, "name": "p0"}


@pytest.mark.parametrize("before", [None, "old"], ids=["new file", "old file"])
def test_a_computation_that_breaks_leaves_no_half_file(earth_engine, supervisor, tmp_path, before):
    path = tmp_path / "points.ndjson"
    if before:
        path.write_text(before)
    broken = earth_engine.control.arm("status", COMPUTE, status=400, message="User memory limit exceeded.", skip=1)
    kind, text = failure(supervisor, expression=points(1001), output_path=str(path))
    assert (kind, broken.met) == ("AirflowFailException", 1)
    assert "User memory limit exceeded." in text
    assert [file.read_text() for file in tmp_path.iterdir()] == ([before] if before else [])


def test_a_page_that_is_lost_on_the_way_is_asked_for_again(earth_engine, supervisor, tmp_path):
    lost = earth_engine.control.arm("truncated", COMPUTE, skip=1)
    result = compute(supervisor, expression=points(1001), output_path=str(tmp_path / "points.ndjson"))
    assert (lost.met, result["features"]) == (1, 1001)
    assert (tmp_path / "points.ndjson").read_text().count("\n") == 1001


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({}, "expression: features come from one place"),
        ({"asset_id": "a b"}, "asset_id: 'a b' is not a valid asset id"),
        ({"expression": "{"}, "expression: '{' is not valid JSON"),
        ({"expression": points(1), "max_features": 0}, "max_features: 0 is out of bounds"),
        ({"expression": points(1), "output_path": "a.shp"}, "file_format: the name of 'a.shp' does not say it"),
        ({"expression": points(1), "output_path": ""}, "output_path: '' is not a valid text"),
        ({"expression": points(1), "output_path": "nope://b/a.csv"}, "output_path: 'nope://b/a.csv' cannot be written"),
        ({"expression": points(1), "selectors": []}, "selectors: [] is not a list"),
        ({"expression": points(1), "workload_tag": "No Tag"}, "workload_tag: 'No Tag' is not a valid workload tag"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_wrong_arguments_fail_for_good_before_anything_is_asked(earth_engine, supervisor, words, problem):
    name, text = failure(supervisor, **words)
    assert name == "AirflowFailException"
    assert problem in text
    assert earth_engine.control.ledger.entries() == []
