"""What all export operators have in common, each of them put to the test."""

import inspect
import json
import re

import ee
import pytest
from airflow.sdk import DAG
from structlog.testing import capture_logs

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.operators import exports
from airflow_provider_ee.operators.exports.base import EarthEngineExportOperator
from tests.contract import problems
from tests.tasks import fire, resume, run_task

IMAGE = {
    "result": "0",
    "values": {
        "0": {
            "functionInvocationValue": {
                "functionName": "Image.load",
                "arguments": {"id": {"constantValue": "EMULATOR/S2"}},
            }
        }
    },
}
BOX = [11.5, 48.1, 11.55, 48.13]
ASSET = "projects/emulator/assets/made"
IN_BUCKET = {"bucket": "bucket", "file_name_prefix": "a/b"}
BUCKET = {"bucket": "bucket", "file_name_prefix": "a/b", "uri_prefix": "gs://bucket/a/b"}
FILES = {"cloudStorageDestination": {"bucket": "bucket", "filenamePrefix": "a/b"}}


def invoked(function, **arguments):
    return {"functionInvocationValue": {"functionName": function, "arguments": arguments}}


def expression(node):
    return {"result": "0", "values": {"0": node}}


LOADED = invoked("Image.load", id={"constantValue": "EMULATOR/S2"})
PICTURE = expression(
    invoked("Image.visualize", image=LOADED, bands={"constantValue": ["B4", "B3", "B2"]}, max={"constantValue": 3000})
)
POINT = invoked("GeometryConstructors.Point", coordinates={"constantValue": [11.5, 48.1]})
FEATURES = [invoked("Feature", geometry=POINT, metadata={"constantValue": {"class": number}}) for number in (1, 2)]
TABLE = expression(invoked("Collection", features={"arrayValue": {"values": FEATURES}}))
FRAMES = expression(invoked("ImageCollection.fromImages", images={"arrayValue": {"values": [PICTURE["values"]["0"]]}}))
CLASSIFIER = expression(
    invoked(
        "Classifier.train",
        classifier=invoked("Classifier.smileCart"),
        features=TABLE["values"]["0"],
        classProperty={"constantValue": "class"},
        inputProperties={"constantValue": ["class"]},
    )
)

#: An operator, what it is told, the message of its request, and where it says that its result is.
CASES = {
    "ImageToAsset": ({"image": IMAGE, "asset_id": ASSET, "region": BOX, "scale": 100}, "ExportImageRequest", {"asset_id": ASSET}),
    "ImageToCloudStorage": ({"image": IMAGE, **IN_BUCKET, "region": BOX, "scale": 100}, "ExportImageRequest", BUCKET),
    "ImageToDrive": ({"image": IMAGE, "folder": "f", "region": BOX, "scale": 100}, "ExportImageRequest", {"folder": "f", }),
    "TableToAsset": ({"collection": TABLE, "asset_id": ASSET}, "ExportTableRequest", {"asset_id": ASSET}),
    "TableToBigQuery": ({"collection": TABLE, "table": "emulator.data.made", "if_exists": "overwrite"}, "ExportTableRequest", {"table": "emulator.data.made"}),
    "TableToCloudStorage": ({"collection": TABLE, **IN_BUCKET}, "ExportTableRequest", BUCKET),
    "TableToDrive": ({"collection": TABLE, "folder": "f"}, "ExportTableRequest", {"folder": "f", }),
    "TableToFeatureView": ({"collection": TABLE, "asset_id": ASSET}, "ExportTableRequest", {"asset_id": ASSET}),
    "VideoToCloudStorage": ({"collection": FRAMES, **IN_BUCKET, "region": BOX, "dimensions": 64}, "ExportVideoRequest", BUCKET),
    "VideoToDrive": ({"collection": FRAMES, "folder": "f", "region": BOX, "dimensions": 64}, "ExportVideoRequest", {"folder": "f", }),
    "MapToCloudStorage": ({"image": PICTURE, "bucket": "bucket", "path": "a/b", "max_zoom": 3, "region": BOX}, "ExportMapRequest", BUCKET),
    "ClassifierToAsset": ({"classifier": CLASSIFIER, "asset_id": ASSET}, "ExportClassifierRequest", {"asset_id": ASSET}),
    "Image": ({"expression": IMAGE, "asset_export_options": {"earthEngineDestination": {"name": ASSET}}, "grid": {"crsCode": "EPSG:4326", "dimensions": {"width": 2, "height": 2}, "affineTransform": {"scaleX": 0.1, "scaleY": -0.1, "translateX": 11.4, "translateY": 48.2}}}, "ExportImageRequest", {"asset_id": ASSET}),
    "Table": ({"expression": TABLE, "file_export_options": {"fileFormat": "CSV", **FILES}}, "ExportTableRequest", BUCKET),
    "Video": ({"expression": FRAMES, "file_export_options": {"fileFormat": "MP4", **FILES}}, "ExportVideoRequest", BUCKET),
    "Map": ({"expression": PICTURE, "tile_options": {"endZoom": 2}, "tile_export_options": {"fileFormat": "PNG", **FILES}}, "ExportMapRequest", BUCKET),
    "VideoMap": ({"expression": FRAMES, "tile_options": {"endZoom": 2}, "tile_export_options": {"fileFormat": "MP4", **FILES}}, "ExportVideoMapRequest", BUCKET),
    "Classifier": ({"expression": CLASSIFIER, "asset_export_options": {"earthEngineDestination": {"name": ASSET}}}, "ExportClassifierRequest", {"asset_id": ASSET}),
}  # fmt: skip
EVERY = pytest.mark.parametrize("name", CASES)
IN_WORDS_OF_EE = pytest.mark.parametrize("name", [name for name in CASES if "To" in name])


def kind(name):
    return getattr(exports, f"EarthEngineExport{name}Operator")


def made(name, **changes):
    return kind(name)(**{"task_id": "export", "poll_interval": 0.05, **CASES[name][0], **changes})


def arguments(operator):
    """The arguments that a class takes, and those that it hands on to its bases."""
    return {name for base in operator.__mro__ for name in inspect.signature(base.__init__).parameters}


@pytest.fixture
def emulator(earth_engine):
    earth_engine.control.configure(not_computed="accept")
    return earth_engine


def test_every_export_operator_is_here():
    assert {f"EarthEngineExport{name}Operator" for name in CASES} == set(exports.__all__)


@EVERY
def test_an_export_runs_and_says_where_its_result_is(emulator, supervisor, name):
    outcome = run_task(made(name), supervisor)

    assert outcome.state == "success", outcome.error
    assert outcome.result["state"] == "SUCCEEDED"
    assert CASES[name][2].items() <= outcome.result.items()
    assert json.loads(json.dumps(outcome.result)) == outcome.result


@EVERY
def test_an_export_that_was_deferred_comes_to_the_same_end(emulator, supervisor, name):
    emulator.control.configure(time="looks=2")
    deferred = run_task(made(name, deferrable=True), supervisor)
    assert deferred.state == "deferred", deferred.error

    outcome = resume(made(name, deferrable=True), supervisor, deferred, fire(deferred.trigger))

    assert outcome.state == "success", outcome.error
    assert CASES[name][2].items() <= outcome.result.items()


@EVERY
def test_a_request_is_one_that_google_knows(name):
    no_look = {"on_empty": "ignore"} if "on_empty" in arguments(kind(name)) else {}
    common = {"description": "export", "priority": 5, "workload_tag": "tag", "max_workers": 2}
    request = made(name, **common, **no_look).request("projects/p", {})

    assert problems(CASES[name][1], request.body) == []
    assert request.body["description"] == "export"


@EVERY
def test_what_a_person_would_template_is_templated(name):
    operator = kind(name)

    assert set(operator.arguments) <= set(operator.template_fields)
    assert set(operator.arguments) <= arguments(operator)
    assert {"project_id", "request_id", "op_args", "op_kwargs"} <= set(operator.template_fields)


@EVERY
def test_an_export_can_be_mapped(name):
    with DAG("d", schedule=None):
        mapped = kind(name).partial(task_id="export", **CASES[name][0]).expand(description=["a", "b"])

    assert mapped.operator_class is kind(name)


@IN_WORDS_OF_EE
def test_every_word_of_ee_is_an_argument_in_snake_case(name):
    what, where = re.findall("[A-Z][a-z]+(?:[A-Z][a-z]+)*", name.replace("To", " To"))
    words = inspect.signature(getattr(getattr(ee.batch.Export, what.lower()), f"to{where[2:]}")).parameters
    snake = {re.sub(r"(?=[A-Z])", "_", word).lower() for word in words} - {"kwargs"}
    # The four rankings and options of a feature view, each an argument of its own.
    told_apart = {"ingestion_time_parameters"}

    assert snake - told_apart - arguments(kind(name)) == set()


@pytest.mark.parametrize("name", ["ImageToCloudStorage", "ImageToDrive", "MapToCloudStorage"])
def test_files_without_a_prefix_get_a_name_that_no_other_task_instance_has(emulator, supervisor, name):
    def prefix(**changes):
        supervisor.store.clear()
        operator = made(name, file_name_prefix=None) if name != "MapToCloudStorage" else made(name, path=None)
        outcome = run_task(operator, supervisor, **changes)
        assert outcome.state == "success", outcome.error
        return outcome.result["file_name_prefix"]

    names = [prefix(), prefix(map_index=0), prefix(map_index=1)]

    assert len(set(names)) == 3
    assert names[1] == ("d:export:0:r" if name == "ImageToDrive" else "d/export/0/r")


@pytest.mark.parametrize(("what", "asked"), [("image", "ImageToAsset"), ("collection", "TableToAsset")])
def test_a_function_is_called_on_the_worker_with_ee_initialised(emulator, supervisor, what, asked):
    def make(collection_or_image, ds):
        import ee

        assert ds == "2026-01-02"
        return (
            ee.Image(collection_or_image)
            if what == "image"
            else ee.FeatureCollection([ee.Feature(ee.Geometry.Point(11.5, 48.1), {"a": ds})])
        )

    outcome = run_task(made(asked, **{what: make}, op_args=["EMULATOR/S2"]), supervisor)

    assert outcome.state == "success", outcome.error
    assert outcome.result["asset_id"] == ASSET


def test_a_region_may_be_a_function_too(emulator, supervisor):
    outcome = run_task(made("ImageToAsset", region=lambda: ee.Geometry.BBox(*BOX)), supervisor)

    assert outcome.state == "success", outcome.error


def test_a_region_may_lie_in_a_file_beside_the_dag(emulator, supervisor, tmp_path):
    west, south, east, north = BOX
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    (tmp_path / "place.geojson").write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    with DAG("d", schedule=None, template_searchpath=str(tmp_path)):
        operator = made("ImageToAsset", region="place.geojson")

    outcome = run_task(operator, supervisor)

    assert outcome.state == "success", outcome.error


def test_more_pixels_than_allowed_are_warned_of(emulator, supervisor):
    with capture_logs() as told:
        run_task(made("ImageToAsset", max_pixels=10), supervisor)

    warnings = [line["event"] for line in told if line["log_level"] == "warning"]
    assert [warning for warning in warnings if "max_pixels is" in warning] != []


def test_a_result_names_the_files_that_were_written(emulator, supervisor):
    outcome = run_task(
        made("ImageToCloudStorage", file_name_prefix="uris/one", scale=10, file_dimensions=256), supervisor
    )

    assert outcome.state == "success", outcome.error
    written = sorted(file.name for file in (emulator.root / "gs" / "bucket" / "uris").iterdir())
    assert outcome.result["uris"] == [f"gs://bucket/uris/{name}" for name in written]
    assert len(written) > 1
    assert outcome.result["file_format"] == "GEO_TIFF"


def test_a_result_names_no_files_of_others(emulator, supervisor):
    bucket = emulator.root / "gs" / "bucket" / "others"
    bucket.mkdir(parents=True, exist_ok=True)
    for name in ("a.csv", "a1.tif", "a.tif.aux.xml"):
        (bucket / name).touch()

    outcome = run_task(made("ImageToCloudStorage", file_name_prefix="others/a"), supervisor)

    assert outcome.result["uris"] == ["gs://bucket/others/a.tif"]


@pytest.mark.parametrize("name", ["ImageToDrive", "ImageToAsset", "TableToBigQuery"])
def test_what_writes_no_files_to_cloud_storage_names_none(emulator, supervisor, name):
    assert "uris" not in run_task(made(name), supervisor).result


def test_a_deferred_export_names_its_files_too(emulator, supervisor):
    emulator.control.configure(time="looks=2")
    deferred = run_task(made("TableToCloudStorage", deferrable=True, file_name_prefix="late/a"), supervisor)
    operator = made("TableToCloudStorage", deferrable=True, file_name_prefix="another")

    outcome = resume(operator, supervisor, deferred, fire(deferred.trigger))

    assert outcome.result["uris"] == ["gs://bucket/late/a.csv"]


def test_the_log_says_first_what_goes_where_and_last_what_was_written(emulator, supervisor):
    with capture_logs() as told:
        run_task(made("ImageToCloudStorage", image="EMULATOR/S2", file_name_prefix="log/a"), supervisor)

    lines = [line["event"] for line in told if line["log_level"] == "info"]
    [start] = [line for line in lines if line.startswith("Starting")]
    assert "EMULATOR/S2, region [11.5, 48.1, 11.55, 48.13], scale 100" in start
    assert "gs://bucket/log/a" in start
    assert "Written: gs://bucket/log/a.tif" in lines


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"file_name_prefix": "tiles/munich"}, "munich"),
        ({"file_name_prefix": None}, None),
        ({"op_kwargs": {"year": 2024}, "image": lambda year: IMAGE}, "2024"),
    ],
    ids=["prefix", "default prefix", "arguments"],
)
def test_an_instance_of_a_mapped_export_has_a_name_in_the_grid(emulator, supervisor, changes, name):
    outcome = run_task(made("ImageToCloudStorage", **changes), supervisor, map_index=0)

    assert outcome.message.rendered_map_index == name


FAR_AWAY = [-170, -60, -169, -59]
STORED = {"image": "EMULATOR/S2", "scale": 100}


def warnings_of(operator, supervisor):
    with capture_logs() as told:
        outcome = run_task(operator, supervisor)
    return outcome, [line["event"] for line in told if line["log_level"] == "warning"]


@pytest.mark.parametrize("name", ["ImageToAsset", "ImageToCloudStorage", "ImageToDrive", "MapToCloudStorage"])
def test_a_region_outside_of_a_stored_image_is_warned_of(emulator, supervisor, name):
    changes = {"image": "EMULATOR/S2", "region": FAR_AWAY}
    outcome, warnings = warnings_of(made(name, **changes), supervisor)

    assert outcome.state in {"success", "failed"}
    assert [warning for warning in warnings if "has no data there" in warning] != []


def test_swapped_latitude_and_longitude_are_asked_about(emulator, supervisor):
    west, south, east, north = BOX
    _, warnings = warnings_of(made("ImageToAsset", **STORED, region=[south, west, north, east]), supervisor)

    assert [warning for warning in warnings if "Are latitude and longitude swapped?" in warning] != []


def test_a_region_outside_of_a_stored_image_may_fail_the_task(emulator, supervisor):
    outcome, _ = warnings_of(made("ImageToAsset", **STORED, region=FAR_AWAY, on_empty="fail"), supervisor)

    assert type(outcome.error).__name__ == "AirflowFailException"
    assert emulator.control.operations() == []


@pytest.mark.parametrize("changes", [{"on_empty": "ignore"}, {"region": BOX}, {"region": None}], ids=str)
def test_nothing_is_warned_of_where_nothing_is_wrong(emulator, supervisor, changes):
    _, warnings = warnings_of(made("ImageToAsset", **{**STORED, "region": FAR_AWAY, **changes}), supervisor)

    assert [warning for warning in warnings if "has no data there" in warning] == []


@pytest.mark.parametrize(
    ("name", "changes", "argument"),
    [
        ("ImageToCloudStorage", {"scale": "x"}, "scale"),
        ("ImageToCloudStorage", {"scale": -1}, "scale"),
        ("ImageToCloudStorage", {"bucket": "gs://bucket"}, "bucket"),
        ("ImageToCloudStorage", {"file_format": "PNG"}, "file_format"),
        ("ImageToCloudStorage", {"on_empty": "shout"}, "on_empty"),
        ("ImageToAsset", {"asset_id": "projects/p"}, "asset_id"),
        ("TableToCloudStorage", {"file_format": "TIF"}, "file_format"),
        ("TableToBigQuery", {"table": "a"}, "table"),
        ("VideoToDrive", {"frames_per_second": 1000}, "frames_per_second"),
    ],
)
def test_a_wrong_constant_fails_while_the_dag_is_parsed(name, changes, argument):
    with pytest.raises(InvalidArgument, match=argument):
        made(name, **changes)


@pytest.mark.parametrize("value", ["{{ params.scale }}", "{% if 1 %}10{% endif %}"])
def test_what_is_known_on_the_worker_alone_is_checked_there(value):
    made("ImageToCloudStorage", scale=value)


def test_a_class_of_the_users_own_adds_its_words():
    class Mine(kind("ImageToAsset")):
        arguments = ("season",)

    assert {"image", "asset_id", "season"} <= set(Mine.arguments)
    assert "season" in Mine.template_fields
    assert "season" not in EarthEngineExportOperator.arguments
