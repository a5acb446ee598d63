import os
import stat

import pytest

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.client.pixels.grids.tiles import BandType, Tile
from airflow_provider_ee.client.pixels.requests import Part
from airflow_provider_ee.client.pixels.staging import Staging, digest, temporary_folder

PART = Part(Tile(0, 0, 4, 4), (BandType("b", "uint8"),), PixelGrid("EPSG:4326", (1, 0, 0, 0, -1, 0), 4, 4))


def test_a_tile_is_there_for_the_next_one_with_the_same_order(tmp_path):
    with Staging(tmp_path / "image.part", "order") as staging:
        assert staging.read(PART) is None
        staging.keep(PART, b"tile")
    with Staging(tmp_path / "image.part", "order") as staging:
        assert staging.read(PART) == b"tile"


def test_the_next_one_finds_a_part_as_often_split_as_it_was(tmp_path):
    quarters = PART.quarters()
    with Staging(tmp_path / "image.part", "order") as staging:
        assert list(staging.as_split([PART])) == [PART]
        staging.note_split(PART)
        staging.note_split(quarters[1])
    with Staging(tmp_path / "image.part", "order") as staging:
        assert list(staging.as_split([PART])) == [quarters[0], *quarters[1].quarters(), *quarters[2:]]


def test_of_another_order_nothing_is_left(tmp_path):
    with Staging(tmp_path / "image.part", "order") as staging:
        staging.keep(PART, b"tile")
    with Staging(tmp_path / "image.part", "another order") as staging:
        assert staging.read(PART) is None


def test_tiles_of_other_bands_are_other_tiles(tmp_path):
    other = Part(PART.tile, (BandType("c", "uint8"),), PART.grid)
    with Staging(tmp_path / "image.part", "order") as staging:
        staging.keep(PART, b"tile")
        assert staging.read(other) is None


def test_a_tile_that_was_cut_off_while_it_was_written_is_none(tmp_path):
    with Staging(tmp_path / "image.part", "order") as staging:
        staging.keep(PART, b"tile")
        [tile] = staging.folder.glob("*.tif")
        tile.rename(f"{tile}.unfinished")
        assert staging.read(PART) is None


def test_a_folder_belongs_to_one_at_a_time(tmp_path):
    staging, other = (Staging(tmp_path / "image.part", "order") for _ in range(2))
    with staging, pytest.raises(InvalidArgument, match="another download is at work in"):
        other.__enter__()
    with other:
        pass


@pytest.mark.parametrize(
    "other", [{"bands": ["a", "b"]}, {"bands": ["b", "a"], "grid": 1}, {}], ids=["order of bands", "a grid", "less"]
)
def test_every_other_order_has_another_digest(other):
    assert digest({"bands": ["b", "a"]}) != digest(other)


def test_the_order_of_words_does_not_matter():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


def test_a_temporary_folder_is_nobody_elses(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = temporary_folder("order")
    assert folder == temporary_folder("order") != temporary_folder("another")
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


def test_a_temporary_folder_that_somebody_else_made_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / f"earthengine-pixels-{os.getuid()}").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InvalidArgument, match="belongs to somebody else"):
        temporary_folder("order")
