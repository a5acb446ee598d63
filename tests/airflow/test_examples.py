"""Every DAG of example_dags runs, and does what its first lines say. All of them at the same time."""

import json
from pathlib import Path

import pytest
import rasterio

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("airflow")]

EXAMPLES = Path(__file__).parents[2] / "example_dags"
ASSETS = "projects/demo-project/assets"


@pytest.fixture(scope="module")
def earth_engine(emulator):
    """An Earth Engine whose work takes a moment."""
    emulator.control.reset()
    emulator.control.configure(time="seconds=2")
    return emulator


@pytest.fixture(scope="module")
def succeeded(airflow, earth_engine):
    """Run an example to its end."""

    def run_to_its_end(name, **how):
        run = airflow.trigger(name, **how)
        assert run.wait() == "success", "\n".join(run.log(task) for task in run.states()) + airflow.logs()
        return run

    return run_to_its_end


@pytest.fixture(scope="module")
def asset(earth_engine):
    """Look at an asset as its owner does."""
    return lambda path: earth_engine.control.world.assets.get(f"{ASSETS}/{path}")


@pytest.mark.together
def test_the_quick_start_paints_what_it_exported(succeeded, earth_engine):
    run = succeeded("quickstart", conf={"storage": str(earth_engine.root / "gs")})

    files = run.xcom("preview")
    with rasterio.open(files["geotiff"]) as file:
        ndvi = file.read(1)
        assert (file.crs.to_epsg(), file.transform.a, file.transform.e) == (32632, 20, -20)
    assert ndvi.min() < 0
    assert 0.8 < ndvi.max() < 0.9
    assert Path(files["preview"]).is_file()


@pytest.mark.together
def test_daily_composites_are_a_file_for_each_place(succeeded, earth_engine):
    succeeded("daily_composites", logical_date="2024-06-30T00:00:00Z")

    folder = earth_engine.root / "gs" / "composites" / "ndvi" / "2024-06-30"
    assert sorted(file.name for file in folder.iterdir()) == ["freising.tif", "munich.tif", "starnberg.tif"]
    with rasterio.open(folder / "munich.tif") as file:
        assert file.descriptions == ("ndvi",)
        assert file.read(1).max() > 0.5


@pytest.mark.together
def test_a_table_goes_to_bigquery_and_comes_back(succeeded, earth_engine, asset):
    run = succeeded("table_to_bigquery")

    assert run.xcom("greenness")["table"] == "demo-project.earth_engine.greenness"
    table = earth_engine.root / "bigquery" / "demo-project" / "earth_engine" / "greenness.ndjson"
    rows = [json.loads(line) for line in table.read_text(encoding="utf-8").splitlines()]
    assert [row["place"] for row in rows] == ["munich", "starnberg", "freising"]
    assert asset("green_places").type == "TABLE"


@pytest.mark.together
def test_a_geotiff_becomes_an_asset_as_its_manifest_says(succeeded):
    run = succeeded("image_ingestion")

    described = run.xcom("look")
    assert [band["id"] for band in described["bands"]] == ["elevation"]
    assert described["properties"] == {"source": "EMULATOR/DEM", "unit": "metre"}
    assert described["startTime"].startswith("2000-02-11")


@pytest.mark.together
def test_a_classifier_is_trained_once_and_classifies(succeeded, earth_engine, asset):
    succeeded("classification")

    assert asset("land_cover_classifier").type == "CLASSIFIER"
    with rasterio.open(earth_engine.root / "gs" / "classification" / "land_cover.tif") as file:
        assert set(file.read(1).flatten()) == {1, 2}


@pytest.mark.together
def test_an_asset_is_published_for_everybody(succeeded, asset):
    succeeded("asset_publishing")

    [readers] = [binding["members"] for binding in asset("public/greenness").bindings if "viewer" in binding["role"]]
    assert sorted(readers) == ["allUsers", "group:users@example.com"]


@pytest.mark.together
def test_pixels_are_in_a_file_that_the_next_task_reads(succeeded, earth_engine):
    run = succeeded("pixels", conf={"folder": str(earth_engine.root / "pixels")})

    fetched = run.xcom("fetch_ndvi")
    with rasterio.open(earth_engine.root / "pixels" / "ndvi.tif") as file:
        assert (file.width, file.height, file.nodata) == (fetched["width"], fetched["height"], -1)
        assert file.descriptions == ("ndvi",)
    assert Path(fetched["preview"]).is_file()
    assert 0 < run.xcom("green_share") < 1


@pytest.mark.together
def test_tiles_share_a_pool_and_leave_room_in_the_queue(airflow, succeeded, earth_engine):
    pool = {"name": "earth_engine", "slots": 2, "include_deferred": True}
    airflow.rest.call("POST", "/api/v2/pools", json=pool)
    succeeded("shared_queue")

    folder = earth_engine.root / "gs" / "tiles" / "elevation"
    assert sorted(file.name for file in folder.iterdir()) == [
        "n39_w100.tif",
        "n39_w101.tif",
        "n40_w100.tif",
        "n40_w101.tif",
    ]


@pytest.mark.together
def test_a_year_of_composites_over_a_grid_is_one_task(succeeded, earth_engine):
    folder = earth_engine.root / "reports"
    run = succeeded("bulk_composites", conf={"days": 3, "tiles": 2, "folder": str(folder)})

    tiles = [f"2024-01-0{day}/r{row}c{column}" for day in (1, 2, 3) for row in (0, 1) for column in (0, 1)]
    told = run.xcom("composites")
    assert (told["total"], told["succeeded"]) == (len(tiles), len(tiles))
    lines = (folder / "composites.ndjson").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["key"] for line in lines] == tiles
    for tile in tiles:
        with rasterio.open(earth_engine.root / "gs" / "bulk" / f"{tile}.tif") as file:
            assert file.read(1).max() > 0.5


@pytest.mark.together
def test_orphans_are_looked_for(succeeded):
    run = succeeded("cancel_orphans", conf={"dry_run": False})

    assert run.xcom("cancel_orphans") == []


def test_every_example_has_a_test_here():
    tested = Path(__file__).read_text(encoding="utf-8")
    assert [file.stem for file in EXAMPLES.glob("*.py") if f'succeeded("{file.stem}"' not in tested] == []


# Not together with the others: its operations must not end by themselves.
def test_operations_are_cancelled_by_what_they_are_called(succeeded, earth_engine):
    earth_engine.control.configure(time="seconds=600")

    assert len(succeeded("cancel_operations").xcom("cancel")) == 3
