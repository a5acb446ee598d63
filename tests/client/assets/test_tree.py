"""The tree of assets, its flows driven by hand: what is asked for, and what becomes of an answer that is lost."""

import pytest

from airflow_provider_ee.client.assets import tree
from airflow_provider_ee.client.errors import AlreadyExists, InvalidRequest, NotFound, PermissionDenied, Transient
from airflow_provider_ee.client.rest.flows import Pause
from tests.client.playing import play

ROOT = "projects/p/assets"
GONE, LOST = NotFound("no such asset"), Transient("reset")
TAKEN = InvalidRequest("Cannot overwrite asset.")


def asset(path, kind="FOLDER", updated="2026-01-01T00:00:00Z"):
    return {"name": f"{ROOT}/{path}", "type": kind, "updateTime": updated}


A, B, IMAGE = asset("a"), asset("b"), asset("a", "IMAGE")
NEWER = asset("b", updated="2026-01-02T00:00:00Z")


def asked(steps):
    """What was asked for, in short: the verb of the method and the last part of the name."""
    return [
        f"{step.method.id.rpartition('.')[2]} {(step.params.get('assetId') or step.name).rpartition('/')[2]}"
        for step in steps
        if not isinstance(step, Pause)
    ]


def create(answers, path="a", kind="FOLDER", **options):
    result, steps = play(tree.create_asset(f"{ROOT}/{path}", kind, **options), answers)
    return result, asked(steps)


def copy(answers, **options):
    result, steps = play(tree.copy_asset(f"{ROOT}/a", f"{ROOT}/b", **options), answers)
    return result, asked(steps)


def move(answers, **options):
    result, steps = play(tree.move_asset(f"{ROOT}/a", f"{ROOT}/b", **options), answers)
    return result, asked(steps)


def test_a_collection_is_created_with_its_fields():
    flow = tree.create_asset(f"{ROOT}/a/c", "IMAGE_COLLECTION", {"properties": {"n": 1}})
    _, steps = play(flow, [GONE, asset("a/c", "IMAGE_COLLECTION")])
    request = steps[-1]
    assert (request.path, request.params) == ("projects/p/assets", {"assetId": "a/c"})
    assert request.body == {"type": "IMAGE_COLLECTION", "properties": {"n": 1}}


def test_the_folders_that_are_missing_above_it_are_created_from_the_top():
    _, requests = create([GONE, GONE, GONE, A, {}, {}, {}], "a/b/c/d", parents=True)
    assert requests == ["get d", "get c", "get b", "get a", "create b", "create c", "create d"]


def test_the_top_of_the_tree_is_always_there():
    assert create([GONE, {}], "a", parents=True)[1] == ["get a", "create a"]


def test_what_is_there_already_fails_or_is_kept():
    with pytest.raises(AlreadyExists, match="if_exists='ignore'"):
        create([A])
    assert create([A], if_exists="ignore") == (A, ["get a"])


def test_what_is_there_but_of_another_kind_is_not_kept():
    with pytest.raises(AlreadyExists, match="of type IMAGE instead of FOLDER"):
        create([IMAGE], if_exists="ignore")


def test_a_folder_that_somebody_else_creates_at_the_same_moment_will_do():
    made, requests = create([GONE, GONE, TAKEN, A, {"name": "made"}], "a/b", parents=True)
    assert made == {"name": "made"}
    assert requests == ["get b", "get a", "create a", "get a", "create b"]


def test_a_refusal_for_another_reason_is_the_answer():
    with pytest.raises(PermissionDenied):
        create([GONE, PermissionDenied("no")], if_exists="ignore")
    with pytest.raises(InvalidRequest, match="Cannot overwrite"):
        create([GONE, TAKEN, GONE], if_exists="ignore")


def test_a_copy_overwrites_only_if_it_is_to():
    flow = tree.copy_asset(f"{ROOT}/a", f"{ROOT}/b")
    assert play(flow, [GONE, B])[1][-1].body == {"destinationName": f"{ROOT}/b"}
    flow = tree.copy_asset(f"{ROOT}/a", f"{ROOT}/b", if_exists="overwrite")
    assert play(flow, [B, NEWER])[1][-1].body == {"destinationName": f"{ROOT}/b", "overwrite": True}
    flow = tree.copy_asset(f"{ROOT}/a", f"{ROOT}/b", if_exists="overwrite")
    assert play(flow, [GONE, B])[1][-1].body["overwrite"] is True


@pytest.mark.parametrize("do", [copy, move])
def test_a_destination_that_is_there_fails_or_is_kept(do):
    with pytest.raises(AlreadyExists):
        do([B])
    assert do([B], if_exists="ignore") == (B, ["get b"])


@pytest.mark.parametrize(
    ("do", "answers", "requests"),
    [
        (create, [GONE, LOST, A], ["get a", "create a", "get a"]),
        (copy, [GONE, LOST, B], ["get b", "copy a", "get b"]),
        (move, [GONE, LOST, B, GONE], ["get b", "move a", "get b", "get a"]),
    ],
    ids=["create", "copy", "move"],
)
def test_what_was_done_is_not_done_again_when_its_answer_was_lost(do, answers, requests):
    made, found = do(answers)
    assert made in (A, B)
    assert found == requests


@pytest.mark.parametrize(
    ("do", "answers"),
    [
        (create, [GONE, LOST, GONE, GONE, A]),
        (copy, [GONE, LOST, GONE, GONE, B]),
        (move, [GONE, LOST, GONE, GONE, B]),
    ],
    ids=["create", "copy", "move"],
)
def test_what_was_not_done_is_asked_for_again(do, answers):
    assert do(answers)[0] in (A, B)


def test_a_move_that_has_only_made_the_destination_is_not_done():
    made, requests = move([GONE, LOST, B, A, B, GONE])
    assert (made, requests.count("move a")) == (B, 1)


def test_an_older_destination_is_no_sign_that_overwriting_it_is_done():
    made, requests = copy([B, LOST, B, B, LOST, NEWER], if_exists="overwrite")
    assert (made, requests.count("copy a")) == (NEWER, 2)


def test_an_attempt_that_arrives_late_may_be_what_is_in_the_way_of_the_next():
    assert copy([GONE, LOST, GONE, GONE, TAKEN, B])[0] == B
    assert move([GONE, LOST, GONE, GONE, GONE, B, GONE])[0] == B


def test_after_a_few_attempts_the_loss_is_the_answer():
    answers = iter([GONE, *[LOST, GONE, GONE] * 3])
    with pytest.raises(Transient, match="reset"):
        copy(answers)
    assert list(answers) == []


def test_a_server_that_asks_for_patience_gets_it():
    busy = Transient("busy", retry_after=45.0)
    _, steps = play(tree.copy_asset(f"{ROOT}/a", f"{ROOT}/b"), [GONE, busy, GONE, GONE, B])
    assert [step for step in steps if isinstance(step, Pause)] == [Pause(0.0), Pause(45.0)]


def delete(answers, **options):
    result, steps = play(tree.delete_asset(f"{ROOT}/a", tell=lambda _: None, **options), answers)
    return [name.removeprefix(f"{ROOT}/") for name in result], asked(steps)


TREE = [A, {"assets": [asset("a/c"), asset("a/t", "TABLE")]}, {"assets": [asset("a/c/i", "IMAGE")]}]


def test_what_is_in_a_folder_is_deleted_before_it():
    deleted, requests = delete([*TREE, *[{}] * 4], recursive=True)
    assert deleted == ["a/c/i", "a/t", "a/c", "a"]
    assert requests[-4:] == ["delete i", "delete t", "delete c", "delete a"]


def test_a_dry_run_deletes_nothing():
    deleted, requests = delete(TREE, recursive=True, dry_run=True)
    assert deleted == ["a/c/i", "a/t", "a/c", "a"]
    assert not any(request.startswith("delete") for request in requests)


@pytest.mark.parametrize("dry_run", [True, False])
def test_what_is_not_empty_is_not_deleted_unasked(dry_run):
    with pytest.raises(InvalidRequest, match="recursive=True"):
        delete(TREE[:2], dry_run=dry_run)


def test_what_vanishes_meanwhile_is_deleted_too():
    assert delete([*TREE, {}, GONE, {}, GONE], recursive=True)[0] == ["a/c/i", "a/t", "a/c", "a"]


def test_what_is_not_there_is_an_error_unless_ignored():
    with pytest.raises(NotFound):
        delete([GONE])
    assert delete([GONE], ignore_missing=True)[0] == []
