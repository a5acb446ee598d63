"""Operators over the tree of assets in Airflow's task runner, against the emulator."""

import json

import pytest
from airflow.sdk import DAG

from airflow_provider_ee.operators.assets import (
    EarthEngineCopyAssetOperator,
    EarthEngineCreateFolderOperator,
    EarthEngineCreateImageCollectionOperator,
    EarthEngineDeleteAssetOperator,
    EarthEngineGetAssetOperator,
    EarthEngineListAssetsOperator,
    EarthEngineMoveAssetOperator,
    EarthEngineSetAssetAccessOperator,
    EarthEngineUpdateAssetOperator,
)
from tests.tasks import run_task

ROOT = "projects/emulator/assets"


def run(kind, supervisor, **words):
    outcome = run_task(kind(task_id="task", **words), supervisor)
    assert outcome.state == "success", outcome.error
    assert json.loads(json.dumps(outcome.result)) == outcome.result
    return outcome.result


def failure(kind, supervisor, **words):
    error = run_task(kind(task_id="task", **words), supervisor).error
    return type(error).__name__, str(error)


@pytest.fixture
def tree(earth_engine):
    """A folder with a table and a collection of two images in it."""
    seed = earth_engine.control.seed_asset
    seed(f"{ROOT}/a")
    seed(f"{ROOT}/a/table", "TABLE", properties={"n": 1, "kept": "yes"})
    seed(f"{ROOT}/a/c", "IMAGE_COLLECTION")
    for number, cloudy in enumerate([5, 50]):
        seed(f"{ROOT}/a/c/{number}", "IMAGE", properties={"CLOUDY": cloudy})
    return earth_engine


def paths(names):
    return [name.removeprefix(f"{ROOT}/") for name in names]


def listed(supervisor, parent=None):
    return sorted(paths(run(EarthEngineListAssetsOperator, supervisor, parent=parent, names_only=True, recursive=True)))


def lose_the_answer(earth_engine, verb):
    return earth_engine.control.arm("reset", f"projects.assets.{verb}", after_work=True)


def test_a_folder_is_created_with_those_above_it(earth_engine, supervisor):
    made = run(EarthEngineCreateFolderOperator, supervisor, asset_id=f"{ROOT}/x/y/z")
    assert (made["name"], made["type"]) == (f"{ROOT}/x/y/z", "FOLDER")
    assert listed(supervisor) == ["x", "x/y", "x/y/z"]


def test_without_its_parents_a_folder_needs_a_place(earth_engine, supervisor):
    kind, text = failure(EarthEngineCreateFolderOperator, supervisor, asset_id=f"{ROOT}/x/y", parents=False)
    assert kind == "AirflowFailException"
    assert "does not exist" in text


def test_a_collection_is_created_with_times_and_properties(earth_engine, supervisor):
    made = run(
        EarthEngineCreateImageCollectionOperator,
        supervisor,
        asset_id=f"{ROOT}/c",
        properties={"n": 1},
        start_time="{{ '2026-01-31' }}",
    )
    assert (made["type"], made["properties"], made["startTime"]) == (
        "IMAGE_COLLECTION",
        {"n": 1},
        "2026-01-31T00:00:00Z",
    )


def test_creating_what_is_there_fails_for_good_or_does_nothing(tree, supervisor):
    kind, text = failure(EarthEngineCreateFolderOperator, supervisor, asset_id=f"{ROOT}/a")
    assert kind == "AirflowFailException"
    assert "There is an asset of this name already." in text
    kept = run(EarthEngineCreateFolderOperator, supervisor, asset_id=f"{ROOT}/a", if_exists="ignore")
    assert kept["name"] == f"{ROOT}/a"


def test_an_asset_is_copied(tree, supervisor):
    copy = run(EarthEngineCopyAssetOperator, supervisor, source=f"{ROOT}/a/table", destination=f"{ROOT}/b")
    assert (copy["name"], copy["properties"]) == (f"{ROOT}/b", {"n": 1, "kept": "yes"})


@pytest.mark.parametrize(("if_exists", "left"), [("ignore", None), ("overwrite", 1)])
def test_a_copy_keeps_or_overwrites_what_is_there(tree, supervisor, if_exists, left):
    tree.control.seed_asset(f"{ROOT}/b", "TABLE")
    words = {"source": f"{ROOT}/a/table", "destination": f"{ROOT}/b"}
    assert failure(EarthEngineCopyAssetOperator, supervisor, **words)[0] == "AirflowFailException"
    copy = run(EarthEngineCopyAssetOperator, supervisor, **words, if_exists=if_exists)
    assert copy.get("properties", {}).get("n") == left


def test_an_asset_is_moved_with_all_that_is_in_it(tree, supervisor):
    moved = run(EarthEngineMoveAssetOperator, supervisor, source=f"{ROOT}/a", destination=f"{ROOT}/b")
    assert moved["name"] == f"{ROOT}/b"
    assert listed(supervisor) == ["b", "b/c", "b/c/0", "b/c/1", "b/table"]


def test_a_move_that_is_done_already_can_be_ignored(tree, supervisor):
    words = {"source": f"{ROOT}/a", "destination": f"{ROOT}/b", "if_exists": "ignore"}
    assert run(EarthEngineMoveAssetOperator, supervisor, **words) == run(
        EarthEngineMoveAssetOperator, supervisor, **words
    )


@pytest.mark.parametrize(
    ("kind", "verb", "words"),
    [
        (EarthEngineCreateFolderOperator, "create", {"asset_id": f"{ROOT}/b"}),
        (EarthEngineCreateImageCollectionOperator, "create", {"asset_id": f"{ROOT}/b"}),
        (EarthEngineCopyAssetOperator, "copy", {"source": f"{ROOT}/a/table", "destination": f"{ROOT}/b"}),
        (EarthEngineMoveAssetOperator, "move", {"source": f"{ROOT}/a", "destination": f"{ROOT}/b"}),
        (EarthEngineDeleteAssetOperator, "delete", {"asset_id": f"{ROOT}/a/table"}),
    ],
    ids=lambda case: getattr(case, "__name__", None),
)
def test_a_task_whose_work_was_done_does_not_fail_for_a_lost_answer(tree, supervisor, kind, verb, words):
    lost = lose_the_answer(tree, verb)
    run(kind, supervisor, **words)
    assert lost.met == 1


def test_a_folder_is_deleted_with_all_that_is_in_it(tree, supervisor):
    deleted = run(EarthEngineDeleteAssetOperator, supervisor, asset_id=f"{ROOT}/a", recursive=True)
    assert paths(deleted)[-1] == "a"
    assert set(paths(deleted)) == {"a", "a/c", "a/c/0", "a/c/1", "a/table"}
    assert listed(supervisor) == []


def test_a_dry_run_says_what_would_be_deleted(tree, supervisor):
    before = listed(supervisor)
    words = {"asset_id": f"{ROOT}/a", "recursive": True, "dry_run": "{{ 1 == 1 }}"}
    assert sorted(paths(run(EarthEngineDeleteAssetOperator, supervisor, **words))) == before == listed(supervisor)


def test_a_folder_that_is_not_empty_is_deleted_only_on_request(tree, supervisor):
    kind, text = failure(EarthEngineDeleteAssetOperator, supervisor, asset_id=f"{ROOT}/a")
    assert kind == "AirflowFailException"
    assert "It is not empty. Say recursive=True" in text


def test_what_is_missing_may_be_ignored(earth_engine, supervisor):
    assert "does not exist" in failure(EarthEngineDeleteAssetOperator, supervisor, asset_id=f"{ROOT}/b")[1]
    assert run(EarthEngineDeleteAssetOperator, supervisor, asset_id=f"{ROOT}/b", ignore_missing=True) == []


def test_only_what_is_named_is_updated(tree, supervisor):
    words = {"asset_id": f"{ROOT}/a/table", "properties": {"n": None, "new": "{{ ds }}"}, "end_time": "2026-01-31"}
    updated = run(EarthEngineUpdateAssetOperator, supervisor, **words)
    assert updated["properties"] == {"kept": "yes", "new": "2026-01-02"}
    assert updated["endTime"] == "2026-01-31T00:00:00Z"


def test_an_asset_is_described(tree, supervisor):
    assert run(EarthEngineGetAssetOperator, supervisor, asset_id=f"{ROOT}/a/table")["properties"]["n"] == 1
    assert run(EarthEngineGetAssetOperator, supervisor, asset_id="EMULATOR/DEM")["type"] == "IMAGE"


def test_the_top_of_the_projects_tree_is_listed_by_default(tree, supervisor):
    [folder] = run(EarthEngineListAssetsOperator, supervisor)
    assert (folder["name"], folder["type"]) == (f"{ROOT}/a", "FOLDER")


def test_a_collection_is_listed_through_a_filter(tree, supervisor):
    words = {"parent": f"{ROOT}/a/c", "names_only": True, "filter": "properties.CLOUDY < {{ 2 * 5 }}"}
    assert paths(run(EarthEngineListAssetsOperator, supervisor, **words)) == ["a/c/0"]


def test_types_and_a_limit_choose_among_what_is_listed(tree, supervisor):
    words = {"recursive": True, "types": "image, table", "names_only": True}
    assert sorted(paths(run(EarthEngineListAssetsOperator, supervisor, **words))) == ["a/c/0", "a/c/1", "a/table"]
    assert len(run(EarthEngineListAssetsOperator, supervisor, **words, limit="2")) == 2


def test_an_asset_is_shared_and_the_rest_of_its_policy_is_kept(tree, supervisor):
    name = f"{ROOT}/a/table"
    owner = {"role": "roles/owner", "members": ["user:ann@x.org"]}
    tree.control.world.assets.set_policy(name, {"bindings": [owner]})
    shared = run(EarthEngineSetAssetAccessOperator, supervisor, asset_id=name, public=True, writers="bob@x.org")
    assert shared["bindings"] == [
        owner,
        {"role": "roles/editor", "members": ["user:bob@x.org"]},
        {"role": "roles/viewer", "members": ["allUsers"]},
    ]


def test_a_policy_that_changes_meanwhile_is_read_again(tree, supervisor):
    words = {"code": "ABORTED", "status": 409, "message": "There were concurrent policy changes."}
    changed = tree.control.arm("status", "projects.assets.setIamPolicy", **words)
    shared = run(EarthEngineSetAssetAccessOperator, supervisor, asset_id=f"{ROOT}/a/table", readers=["bob@x.org"])
    assert (changed.met, shared["bindings"][0]["members"]) == (1, ["user:bob@x.org"])


@pytest.mark.parametrize(
    ("kind", "words", "problem"),
    [
        (EarthEngineCreateFolderOperator, {"asset_id": "a b"}, "asset_id: 'a b' is not a valid asset id"),
        (
            EarthEngineCreateFolderOperator,
            {"asset_id": "USGS/mine"},
            "asset_id: 'USGS/mine' is in the public catalogue",
        ),
        (
            EarthEngineCopyAssetOperator,
            {"source": "a b", "destination": f"{ROOT}/b"},
            "source: 'a b' is not a valid asset id",
        ),
        (EarthEngineCopyAssetOperator, {"source": f"{ROOT}/b", "destination": f"{ROOT}/b"}, "destination: "),
        (EarthEngineMoveAssetOperator, {"source": "A/B", "destination": f"{ROOT}/b"}, "source: 'A/B' is in the public"),
        (EarthEngineDeleteAssetOperator, {"asset_id": "users/ann"}, "asset_id: 'users/ann' is a folder that is there"),
        (EarthEngineDeleteAssetOperator, {"asset_id": f"{ROOT}/b", "dry_run": None}, "dry_run: it is nothing"),
        (EarthEngineDeleteAssetOperator, {"asset_id": f"{ROOT}/b", "dry_run": "{{ none }}"}, "dry_run: it is nothing"),
        (EarthEngineDeleteAssetOperator, {"asset_id": f"{ROOT}/b", "recursive": "perhaps"}, "recursive: 'perhaps'"),
        (EarthEngineUpdateAssetOperator, {"asset_id": f"{ROOT}/b"}, "properties: nothing is to be changed"),
        (EarthEngineListAssetsOperator, {"types": ["PICTURE"]}, "types: 'PICTURE' is not a valid type of asset"),
        (EarthEngineListAssetsOperator, {"limit": 0}, "limit: 0 is out of bounds"),
        (
            EarthEngineSetAssetAccessOperator,
            {"asset_id": f"{ROOT}/b", "readers": "ann"},
            "readers: 'ann' is not a member",
        ),
        (EarthEngineSetAssetAccessOperator, {"asset_id": f"{ROOT}/b", "public": "maybe"}, "public: 'maybe' is neither"),
    ],
    ids=str,
)
def test_wrong_arguments_fail_for_good_before_anything_is_asked(earth_engine, supervisor, kind, words, problem):
    name, text = failure(kind, supervisor, **words)
    assert name == "AirflowFailException"
    assert problem in text
    assert earth_engine.control.ledger.entries() == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (EarthEngineCreateFolderOperator, {"asset_id": "a", "if_exists": "overwrite"}),
        (EarthEngineCopyAssetOperator, {"source": "a", "destination": "b", "if_exists": "replace"}),
        (EarthEngineMoveAssetOperator, {"source": "a", "destination": "b", "if_exists": "overwrite"}),
        (EarthEngineSetAssetAccessOperator, {"asset_id": "a", "mode": "set"}),
    ],
    ids=str,
)
def test_what_no_template_can_change_is_refused_when_the_dag_is_read(kind, words):
    with pytest.raises(ValueError, match=r"(if_exists|mode): '\w+' is not a valid (way|mode). Allowed: "):
        kind(task_id="task", **words)


def test_a_task_is_skipped_if_so_asked_when_the_asset_is_there(tree, supervisor):
    task = EarthEngineCreateFolderOperator(task_id="task", asset_id=f"{ROOT}/a", if_exists="skip")

    assert run_task(task, supervisor).state == "skipped"


def test_another_type_of_asset_of_that_name_is_no_reason_to_skip(tree, supervisor):
    task = EarthEngineCreateImageCollectionOperator(task_id="task", asset_id=f"{ROOT}/a", if_exists="skip")

    assert run_task(task, supervisor).state == "failed"


def test_one_task_can_be_mapped_over_many_assets(tree, supervisor):
    with DAG("d", schedule=None):
        mapped = EarthEngineDeleteAssetOperator.partial(task_id="task", recursive=True).expand(
            asset_id=[f"{ROOT}/a/table", f"{ROOT}/a/c"]
        )
    assert mapped.operator_class is EarthEngineDeleteAssetOperator
