import os
import stat
import time

import pytest

from airflow_provider_ee.client.errors import InvalidArgument
from airflow_provider_ee.client.pixels.grids.grid import PixelGrid
from airflow_provider_ee.client.pixels.grids.requests import TileRequest
from airflow_provider_ee.client.pixels.grids.tiles import BandType, Tile
from airflow_provider_ee.client.pixels.staging import OWNER, Staging, digest, remove_expired, temporary_folder

PART = TileRequest(Tile(0, 0, 4, 4), (BandType("b", "uint8"),), PixelGrid("EPSG:4326", (1, 0, 0, 0, -1, 0), 4, 4))


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
    other = TileRequest(PART.tile, (BandType("c", "uint8"),), PART.grid)
    with Staging(tmp_path / "image.part", "order") as staging:
        staging.keep(PART, b"tile")
        assert staging.read(other) is None


def test_a_tile_that_was_cut_off_while_it_was_written_is_none(tmp_path):
    with Staging(tmp_path / "image.part", "order") as staging:
        staging.keep(PART, b"tile")
        [tile] = staging.folder.glob("*.npy")
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
    with pytest.raises(InvalidArgument, match="belongs to another user"):
        temporary_folder("order")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "image.part"


def file_of_somebody(folder):
    folder.mkdir()
    (folder / "thesis.doc").write_text("years of work")
    return folder / "thesis.doc"


def test_in_a_folder_of_somebody_else_nothing_is_deleted_or_written(folder):
    theirs = file_of_somebody(folder)
    with pytest.raises(InvalidArgument, match="is there already and not of a download"):
        Staging(folder, "order").__enter__()
    assert theirs.read_text() == "years of work"
    assert list(folder.iterdir()) == [theirs]


def test_a_file_that_somebody_puts_into_the_folder_stays_there(folder):
    with Staging(folder, "order") as staging:
        staging.keep(PART, b"tile")
        theirs = folder / "thesis.tif"
        theirs.write_text("years of work")
        (folder / "more").mkdir()
    with Staging(folder, "another order") as staging:
        assert staging.read(PART) is None
        staging.keep(PART, b"tile")
        staging.discard()
    assert sorted(folder.iterdir()) == [folder / "more", theirs]


@pytest.mark.parametrize("target", ["a folder of somebody else", "a folder of a download"])
def test_a_link_to_another_folder_is_not_followed(tmp_path, folder, target):
    elsewhere = tmp_path / "elsewhere"
    if target == "a folder of a download":
        with Staging(elsewhere, "order") as staging:
            staging.keep(PART, b"tile")
    else:
        file_of_somebody(elsewhere)
    before = sorted(elsewhere.iterdir())
    folder.symlink_to(elsewhere)
    with pytest.raises(InvalidArgument, match="not of a download"):
        Staging(folder, "another order").__enter__()
    assert sorted(elsewhere.iterdir()) == before


def test_a_mark_that_is_a_link_is_not_followed(tmp_path, folder):
    theirs = tmp_path / "passwords"
    theirs.write_text("secret")
    folder.mkdir()
    (folder / OWNER).symlink_to(theirs)
    with pytest.raises(InvalidArgument, match="cannot be opened"):
        Staging(folder, "order").__enter__()
    assert theirs.read_text() == "secret"


def test_nothing_is_written_through_a_link_in_the_folder(tmp_path, folder):
    theirs = tmp_path / "thesis.doc"
    theirs.write_text("years of work")
    with Staging(folder, "order") as staging:
        staging.keep(PART, b"tile")
        [tile] = folder.glob("*.npy")
        (folder / "whole.tif").symlink_to(theirs)
        staging.new_file("whole.tif").write_bytes(b"image")
        tile.with_name(f"{tile.name}.unfinished").symlink_to(theirs)
        with pytest.raises(OSError, match="symbolic link"):
            staging.keep(PART, b"tile")
    assert theirs.read_text() == "years of work"


def test_a_file_in_the_place_of_the_folder_is_an_error_that_names_the_output(folder):
    folder.write_text("a file")
    with pytest.raises(InvalidArgument, match=r"output_path: .*not of a download"):
        Staging(folder, "order").__enter__()
    assert folder.read_text() == "a file"


@pytest.mark.parametrize("left", [[], [OWNER]], ids=["before its mark", "before its order"])
def test_a_folder_whose_download_was_killed_at_once_is_taken_over(folder, left):
    folder.mkdir()
    for name in left:
        (folder / name).touch()
    with Staging(folder, "order") as staging:
        staging.keep(PART, b"tile")
    with Staging(folder, "order") as staging:
        assert staging.read(PART) == b"tile"


@pytest.mark.parametrize(("age", "found"), [(50, b"tile"), (70, None)])
def test_tiles_expire_some_time_after_the_first_one(folder, age, found):
    with Staging(folder, "order", lifetime=60) as staging:
        staging.keep(PART, b"tile")
    begun = time.time() - age
    os.utime(folder / OWNER, (begun, begun))
    for _ in range(2):
        with Staging(folder, "order", lifetime=60) as staging:
            assert staging.read(PART) == found


def test_expired_tiles_in_the_temporary_folder_are_deleted_unless_a_download_is_at_work(tmp_path):
    for order in ("old", "new", "at work"):
        with Staging(tmp_path / order, order) as staging:
            staging.keep(PART, b"tile")
    for order in ("old", "at work"):
        os.utime(tmp_path / order / OWNER, (0, 0))
    with Staging(tmp_path / "at work", "at work"):
        os.utime(tmp_path / "at work" / OWNER, (0, 0))
        remove_expired(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["at work", "new"]
