"""Fetching pixels, in Airflow's task runner, against the emulator: images with known values."""

import json
import os
import signal
import threading
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import rasterio
from airflow.sdk import DAG
from airflow.sdk.io import store
from fsspec.implementations.memory import MemoryFileSystem

from airflow_provider_ee.client.pixels.staging import Staging
from airflow_provider_ee.client.warnings import EmptyResultWarning
from airflow_provider_ee.hooks.earthengine import EarthEngineHook
from airflow_provider_ee.operators.pixels import EarthEngineComputePixelsOperator, EarthEngineGetPixelsOperator
from tests.client.pixels.earth import COMPUTE_PIXELS, DEM, GET_PIXELS, S2, image, load, scene, tiles_in, truth
from tests.serialized import kept
from tests.tasks import run_task

#: One request is enough for it.
SMALL = (5000, 7000, 300, 200)
#: This one takes several.
LARGE = (0, 0, 3000, 2500)
BOX = [11.0, 47.5, 11.05, 47.53]
FIELD = {"type": "Polygon", "coordinates": [[[11.0, 47.5], [11.05, 47.5], [11.05, 47.53], [11.0, 47.5]]]}


def get(output_path, **words):
    words = {"asset_id": S2, "grid": scene(*SMALL), "band_ids": "B4", **words}
    return EarthEngineGetPixelsOperator(task_id="fetch", output_path=str(output_path), **words)


def compute(output_path, **words):
    words = {"expression": image(load(S2)), "region": BOX, "scale": 30, "crs": "EPSG:32632", **words}
    return EarthEngineComputePixelsOperator(task_id="fetch", output_path=str(output_path), **words)


def fetched(operator, supervisor):
    outcome = run_task(operator, supervisor)
    assert outcome.state == "success", outcome.error
    return outcome.result


def failure(operator, supervisor):
    error = run_task(operator, supervisor).error
    return type(error).__name__, str(error)


def pixels(path):
    with rasterio.open(path) as file:
        return file.read()


def number_of_requests(earth_engine, method=GET_PIXELS):
    return len(earth_engine.control.ledger.entries(method))


@pytest.fixture
def ee():
    """Google's own client, which knows no emulator yet, and none any more."""
    import ee

    ee.Reset()
    yield ee
    ee.Reset()


@pytest.fixture
def bucket(monkeypatch, tmp_path):
    """Storage elsewhere, at memory://, and a temporary folder of the test's own."""
    monkeypatch.setattr(MemoryFileSystem, "store", {})
    monkeypatch.setattr(MemoryFileSystem, "pseudo_dirs", [""])
    storage = MemoryFileSystem(skip_instance_cache=True)
    for protocol in ("memory", "gs"):
        monkeypatch.setitem(store._STORE_CACHE, protocol, store.ObjectStore(protocol, None, fs=storage))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    return storage


def staged(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


# What is fetched


def test_the_pixels_of_an_asset_are_in_a_file_and_the_result_describes_it(earth_engine, supervisor, tmp_path):
    path = tmp_path / "deep" / "image.tif"
    result = fetched(get(path, grid=scene(*LARGE), band_ids=["B4", "B3"]), supervisor)
    assert (pixels(path) == np.stack([truth("B4", *LARGE), truth("B3", *LARGE)])).all()
    tiles = number_of_requests(earth_engine)
    assert tiles > 1
    assert result == {
        "output_path": str(path), "width": 3000, "height": 2500, "bands": ["B4", "B3"], "crs": "EPSG:32632",
        "transform": [10, 0, 600000, 0, -10, 5400000], "bytes": path.stat().st_size, "tiles": tiles, "fetched": tiles,
        "preview": None, "empty": False,
    }  # fmt: skip
    assert list(path.parent.iterdir()) == [path]


def test_an_expression_is_computed_on_the_grid_of_a_region(earth_engine, supervisor, tmp_path):
    result = fetched(compute(tmp_path / "image.tif", workload_tag="pixels"), supervisor)
    assert number_of_requests(earth_engine, COMPUTE_PIXELS) == 1
    assert (result["crs"], result["transform"][0], result["transform"][4]) == ("EPSG:32632", 30, -30)
    assert result["bands"] == ["B2", "B3", "B4", "B8"]


def test_a_relative_path_begins_where_the_task_runs_and_the_result_names_all_of_it(
    earth_engine, supervisor, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    result = fetched(get("image.tif"), supervisor)
    assert result["output_path"] == str(tmp_path / "image.tif")
    assert list(tmp_path.glob("*.tif")) == [tmp_path / "image.tif"]


@pytest.mark.parametrize("what", ["box", "text", "GeoJSON", "file", "function"])
def test_a_region_may_be_given_in_any_form(earth_engine, supervisor, tmp_path, ee, what):
    (tmp_path / "field.geojson").write_text(json.dumps(FIELD))
    regions = {
        "box": BOX,
        "text": "{{ params.box }}",
        "GeoJSON": FIELD,
        "file": "field.geojson",
        "function": lambda east: ee.Geometry.Rectangle([11.0, 47.5, east, 47.53]),
    }
    with DAG("d", schedule=None, template_searchpath=str(tmp_path), params={"box": BOX}):
        operator = get(tmp_path / "image.tif", grid=None, region=regions[what], scale=30, op_kwargs={"east": 11.05})
    operator.resolve_template_files()
    result = fetched(operator, supervisor)
    expected = fetched(get(tmp_path / "again.tif", grid=None, region=BOX, scale=30), supervisor)
    assert (result["width"], result["height"], result["transform"]) == (
        expected["width"], expected["height"], expected["transform"],
    )  # fmt: skip


def test_an_image_may_be_what_a_function_makes_on_the_worker(earth_engine, supervisor, tmp_path, ee):
    def greenness(name, ds):
        assert ds == "2026-01-02"
        return ee.Image(S2).normalizedDifference(["B8", "B4"]).rename(name)

    path = tmp_path / "image.tif"
    words = {"region": None, "scale": None, "crs": None, "grid": scene(*SMALL)}
    result = fetched(compute(path, expression=greenness, op_args=["ndvi"], **words), supervisor)
    near, red = truth("B8", *SMALL).astype(float), truth("B4", *SMALL).astype(float)
    assert result["bands"] == ["ndvi"]
    assert pixels(path)[0] == pytest.approx((near - red) / (near + red), abs=1e-6)


def test_what_a_template_renders_is_as_good_as_what_it_says(earth_engine, supervisor, tmp_path):
    words = {
        "grid": None, "region": "{{ [11.0, 47.5, 11.05, 47.53] }}", "scale": "{{ 30 }}", "crs": "EPSG:{{ 32632 }}",
        "band_ids": "{{ 'B4,B3' }}", "mask_band": "{{ True }}", "preview": "{{ True }}", "concurrency": "{{ 2 }}",
    }  # fmt: skip
    result = fetched(get(f"{tmp_path}/{{{{ ds }}}}.tif", **words), supervisor)
    assert result["output_path"] == str(tmp_path / "2026-01-02.tif")
    assert result["preview"] == str(tmp_path / "2026-01-02.preview.png")
    assert result["bands"] == ["B4", "B3", "mask"]
    assert {path.name for path in tmp_path.iterdir()} == {"2026-01-02.tif", "2026-01-02.preview.png"}


def test_nodata_stands_where_there_is_no_value(earth_engine, supervisor, tmp_path):
    path = tmp_path / "image.tif"
    fetched(get(path, grid=scene(-100, 0, 200, 50), nodata="{{ 65535 }}", cloud_optimized=True), supervisor)
    with rasterio.open(path) as file:
        assert (file.nodata, file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"]) == (65535, "COG")
        assert (file.read(1)[:, :100] == 65535).all()
        assert (file.read(1)[:, 100:] == truth("B4", 0, 0, 100, 50)).all()


def test_a_picture_is_the_answer_to_one_request(earth_engine, supervisor, tmp_path):
    path = tmp_path / "image.png"
    stretch = {"ranges": [{"min": 0, "max": 4000}]}
    result = fetched(get(path, band_ids="B4,B3,B2", file_format="PNG", visualization_options=stretch), supervisor)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert (result["tiles"], number_of_requests(earth_engine)) == (1, 1)


# Where it is written


def test_a_file_may_be_named_by_its_url(earth_engine, supervisor, tmp_path):
    path = tmp_path / "image.tif"
    result = fetched(get(f"file://{path}", preview=True), supervisor)
    assert (result["output_path"], result["preview"]) == (str(path), str(tmp_path / "image.preview.png"))
    assert (pixels(path) == truth("B4", *SMALL)).all()


def test_a_file_elsewhere_is_delivered_whole_and_so_is_its_preview(earth_engine, supervisor, tmp_path, bucket):
    url = "memory://bucket/{{ ds }}/image.tif"
    result = fetched(get(url, grid=scene(*LARGE), preview=True), supervisor)
    assert result["output_path"] == "memory://bucket/2026-01-02/image.tif"
    assert result["preview"] == "memory://bucket/2026-01-02/image.preview.png"
    assert sorted(bucket.find("/")) == ["/bucket/2026-01-02/image.preview.png", "/bucket/2026-01-02/image.tif"]
    with rasterio.MemoryFile(bucket.cat("/bucket/2026-01-02/image.tif")) as memory, memory.open() as file:
        assert (file.read(1) == truth("B4", *LARGE)).all()
    assert staged(tmp_path) == []


# What breaks


def test_a_try_that_broke_leaves_its_tiles_to_the_next_one(earth_engine, supervisor, tmp_path):
    path = tmp_path / "image.tif"
    operator = get(path, grid=scene(*LARGE))
    refused = earth_engine.control.arm("status", GET_PIXELS, status=403, message="Not any more.", skip=3)
    kind, told = failure(operator, supervisor)
    assert (kind, refused.met, "Not any more." in told) == ("AirflowFailException", 1, True)
    assert not path.exists()
    there = tiles_in(tmp_path / "image.tif.part")
    result = fetched(operator, supervisor)
    assert 0 < result["fetched"] == result["tiles"] - len(there)
    assert (pixels(path) == truth("B4", *LARGE)).all()
    assert list(tmp_path.iterdir()) == [path]


def test_a_try_that_broke_leaves_nothing_elsewhere(earth_engine, supervisor, tmp_path, bucket):
    earth_engine.control.arm("status", GET_PIXELS, status=403, message="Not any more.", skip=3)
    operator = get("memory://bucket/image.tif", grid=scene(*LARGE))
    failure(operator, supervisor)
    assert bucket.find("/") == []
    there = [path for path in staged(tmp_path) if path.suffix == ".npy"]
    result = fetched(operator, supervisor)
    assert 0 < result["fetched"] == result["tiles"] - len(there)


def test_passing_trouble_is_an_error_that_airflow_retries(earth_engine, supervisor, tmp_path, monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_EARTHENGINE_DEFAULT", connection(num_retries=0))
    earth_engine.control.arm("status", GET_PIXELS, status=503, message="Busy.")
    kind, told = failure(get(tmp_path / "image.tif"), supervisor)
    assert (kind, "Busy." in told) == ("AirflowException", True)


@contextmanager
def once_it_stalls(earth_engine, folder, end):
    """Let the requests after the third stall, and do something as soon as there are three tiles."""
    earth_engine.control.arm("stall", GET_PIXELS, skip=3, times=100)

    over = threading.Event()

    def wait_and_end():
        while len(tiles_in(folder)) < 3:
            if over.wait(0.01):
                return
        end()

    thread = threading.Thread(target=wait_and_end)
    thread.start()
    yield
    over.set()
    thread.join()
    earth_engine.control.disarm()


def test_a_task_that_is_ended_stops_and_leaves_its_tiles_but_no_file(earth_engine, supervisor, tmp_path):
    # Airflow's supervisor sends it; the task runner calls on_kill.
    with once_it_stalls(earth_engine, tmp_path / "image.tif.part", lambda: os.kill(os.getpid(), signal.SIGTERM)):
        kind, told = failure(get(tmp_path / "image.tif", grid=scene(*LARGE)), supervisor)
    assert (kind, "The download was ended" in told) == ("AirflowException", True)
    assert list(tmp_path.iterdir()) == [tmp_path / "image.tif.part"]
    assert len(tiles_in(tmp_path / "image.tif.part")) == 3


def test_a_task_whose_time_is_over_stops_and_leaves_its_tiles_but_no_file(earth_engine, supervisor, tmp_path):
    operator = get(tmp_path / "image.tif", grid=scene(*LARGE), execution_timeout=timedelta(hours=1))
    # As if the hour were over.
    with once_it_stalls(earth_engine, tmp_path / "image.tif.part", lambda: os.kill(os.getpid(), signal.SIGALRM)):
        kind, _ = failure(operator, supervisor)
    assert kind == "AirflowTaskTimeout"
    assert list(tmp_path.iterdir()) == [tmp_path / "image.tif.part"]


WRONG = {
    "asset": (get, {"asset_id": "a b"}, "asset_id: 'a b' is not a valid asset id"),
    "expression": (compute, {"expression": "{"}, "expression: '{' is not valid JSON"),
    "region": (get, {"grid": None, "region": [11, 48, 12, 47]}, "region: [11, 48, 12, 47] is empty"),
    "box across": (get, {"grid": None, "region": [170, 48, -170, 47]}, "region: [170, 48, 190, 47] is empty"),
    "crs": (compute, {"crs": "UTM"}, "crs: 'UTM' is not a valid coordinate reference system"),
    "transform": (compute, {"scale": None, "crs_transform": "30,0"}, "crs_transform: '30,0' is not a valid affine transform"),
    "two sizes": (compute, {"dimensions": 9}, "scale: it contradicts dimensions"),
    "dimensions": (compute, {"scale": None, "dimensions": "9x"}, "dimensions: '9x' is not a valid size"),
    "scale": (compute, {"scale": -1}, "scale: -1 is out of bounds"),
    "half a grid": (get, {"grid": {"crsCode": "EPSG:4326"}}, "grid"),
    "bands": (get, {"band_ids": []}, "band_ids: [] is not a list of texts"),
    "nodata": (get, {"nodata": "none"}, "nodata: 'none' is out of bounds"),
    "two masks": (get, {"nodata": 0, "mask_band": True}, "mask_band: it contradicts nodata"),
    "format": (get, {"file_format": "BMP"}, "file_format: 'BMP' is not a valid format"),
    "preview": (get, {"file_format": "PNG", "preview": True}, "preview: only a GeoTIFF can have it"),
    "colours": (get, {"visualization_options": {"gamma": 1}}, "visualization_options: only a picture"),
    "tag": (get, {"workload_tag": "No Tag"}, "workload_tag: 'No Tag' is not a valid workload tag"),
    "concurrency": (get, {"concurrency": 41}, "concurrency: 41 is out of bounds"),
    "compression": (get, {"compression": "zip"}, "compression: 'zip' is not a valid compression"),
    "a grid and more": (get, {"crs": "EPSG:4326", "scale": 30}, "grid: it contradicts scale and crs"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_argument_fails_for_good_before_anything_is_asked(earth_engine, supervisor, tmp_path, name):
    make, words, problem = WRONG[name]
    kind, told = failure(make(tmp_path / "image.tif", **words), supervisor)
    assert (kind, told[: len(problem)]) == ("AirflowFailException", problem)
    assert earth_engine.control.ledger.entries() == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"concurrency": 41}, "concurrency: 41 is out"),
        ({"scale": -1}, "scale: -1 is out"),
        ({"crs": "UTM"}, "crs: 'UTM'"),
    ],
    ids=["concurrency", "scale", "crs"],
)
def test_a_function_is_not_run_for_a_task_that_is_wrong_anyway(earth_engine, supervisor, tmp_path, words, problem):
    ran = []
    kind, told = failure(compute(tmp_path / "image.tif", expression=lambda: ran.append(1), **words), supervisor)
    assert (kind, told[: len(problem)], ran) == ("AirflowFailException", problem, [])
    assert earth_engine.control.ledger.entries() == []


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("", "output_path: '' names no file"),
        ("nope://bucket/a.tif", "output_path: 'nope://bucket/a.tif' cannot be written to"),
        ("memory://bucket/folder/", "output_path: 'memory://bucket/folder/' is a folder"),
        ("operators", f"output_path: '{Path(__file__).parent}' is a folder"),
        ("gs://bucket", "output_path: 'gs://bucket' is a folder"),
    ],
    ids=["empty", "unknown", "folder elsewhere", "folder", "bucket"],
)
@pytest.mark.usefixtures("bucket")
def test_an_output_that_is_no_file_fails_for_good_before_anything_is_asked(
    earth_engine, supervisor, monkeypatch, path, problem
):
    monkeypatch.chdir(Path(__file__).parents[1])
    kind, told = failure(get(path), supervisor)
    assert (kind, told[: len(problem)]) == ("AirflowFailException", problem)
    assert earth_engine.control.ledger.entries() == []


def test_what_a_download_says_of_its_output_is_said_of_the_argument(earth_engine, supervisor, tmp_path):
    with Staging(tmp_path / "image.tif.part", "the order of another task"):
        kind, told = failure(get(tmp_path / "image.tif"), supervisor)
    assert (kind, told.partition(" in ")[0]) == ("AirflowFailException", "output_path: another download is at work")


# How it is asked


def connection(**extras):
    return json.dumps({"conn_type": "earthengine", "extra": {"project": "p", "anonymous": True, **extras}})


STANDARD, FAST = "earthengine.googleapis.com", "earthengine-highvolume.googleapis.com"
OWN, OTHER = "https://private.googleapis.com", "https://other.googleapis.com"


@pytest.mark.parametrize(
    ("words", "extras", "host"),
    [
        pytest.param({}, {}, FAST, id="by default"),
        pytest.param({}, {"endpoint": "standard"}, FAST, id="whatever the connection is for"),
        pytest.param({"endpoint": "standard"}, {}, STANDARD, id="told"),
        pytest.param({"endpoint": None}, {"endpoint": "standard"}, STANDARD, id="as the connection has it"),
        pytest.param({}, {"endpoint": OWN}, "private.googleapis.com", id="a private endpoint"),
        pytest.param({"endpoint": "standard"}, {"endpoint": OWN}, "private.googleapis.com", id="told, but private"),
        pytest.param({"endpoint": OTHER}, {"endpoint": OWN}, "other.googleapis.com", id="told another private one"),
    ],
)
def test_the_endpoint_is_the_one_for_many_requests_unless_somebody_has_another(monkeypatch, words, extras, host):
    monkeypatch.setenv("AIRFLOW_CONN_EARTHENGINE_DEFAULT", connection(**extras))
    with EarthEngineHook.of(get("image.tif", **words)) as hook:
        assert hook.client().url.host == host


@pytest.mark.parametrize("concurrency", [None, 3, 40])
def test_a_task_has_a_client_with_room_for_as_many_requests_as_it_may_have(
    earth_engine, supervisor, tmp_path, monkeypatch, concurrency
):
    clients, opened = [], EarthEngineHook.async_client

    async def opening(hook, *args, **words):
        clients.append(await opened(hook, *args, **words))
        return clients[0]

    monkeypatch.setattr(EarthEngineHook, "async_client", opening)
    fetched(get(tmp_path / "image.tif", concurrency=concurrency), supervisor)
    assert clients[0].limits.in_flight == (concurrency or 32)


def test_an_emulator_is_asked_whatever_the_endpoint(earth_engine):
    with EarthEngineHook.of(get("image.tif", endpoint="standard")) as hook:
        assert hook.client().url.port == int(earth_engine.host.rpartition(":")[2])


def test_a_wrong_endpoint_is_blamed_on_the_argument(supervisor, monkeypatch, tmp_path):
    monkeypatch.setenv("AIRFLOW_CONN_EARTHENGINE_DEFAULT", connection())
    kind, told = failure(get(tmp_path / "image.tif", endpoint="fast"), supervisor)
    assert (kind, told.partition(":")[0]) == ("AirflowFailException", "endpoint")


def test_the_log_says_what_was_fetched(earth_engine, supervisor, tmp_path, capsys):
    result = fetched(get(tmp_path / "image.tif"), supervisor)
    assert f"300 x 200 pixels are in {tmp_path}/image.tif, {result['bytes']} bytes." in capsys.readouterr().out


# How it is written in a DAG


@pytest.mark.parametrize(
    ("kind", "word"),
    [(EarthEngineGetPixelsOperator, "asset_id"), (EarthEngineComputePixelsOperator, "expression")],
    ids=["get", "compute"],
)
def test_it_can_be_mapped_over_any_of_its_words(kind, word):
    with DAG("d", schedule=None) as dag:
        mapped = kind.partial(task_id="fetch", scale=10).expand_kwargs(
            [{word: "a", "region": [11, 47, 12, 48], "output_path": "gs://bucket/a.tif"}]
        )
    assert kept(dag)
    operator = mapped.unmap({word: "a", "region": [11, 47, 12, 48], "output_path": "gs://bucket/a.tif"})
    assert (getattr(operator, word), operator.region, operator.scale) == ("a", [11, 47, 12, 48], 10)


def test_a_mapped_task_fetches_its_part(earth_engine, supervisor, tmp_path):
    partial = EarthEngineGetPixelsOperator.partial(task_id="fetch", band_ids="B4", grid=scene(*SMALL))
    mapped = partial.expand(asset_id=[S2, DEM], output_path=[str(tmp_path / "image.tif")])
    result = fetched(mapped.unmap({"asset_id": S2, "output_path": str(tmp_path / "image.tif")}), supervisor)
    assert result["bands"] == ["B4"]


@pytest.mark.parametrize("make", [get, compute])
def test_every_word_of_it_is_templated(make):
    operator = make("image.tif")
    assert all(hasattr(operator, field) for field in operator.template_fields)
    assert set(operator.template_fields) >= {"output_path", "project_id", "endpoint", *operator.arguments}


def test_that_no_pixel_has_a_value_is_told(earth_engine, supervisor, tmp_path):
    with pytest.warns(EmptyResultWarning, match="has no data there"):
        assert fetched(get(tmp_path / "image.tif", grid=scene(-1000, 0, 30, 20)), supervisor)["empty"]


def test_that_no_pixel_has_a_value_may_fail_the_task(earth_engine, supervisor, tmp_path):
    kind, told = failure(get(tmp_path / "image.tif", grid=scene(-1000, 0, 30, 20), on_empty="fail"), supervisor)
    assert (kind, "has no data there" in told) == ("AirflowFailException", True)
