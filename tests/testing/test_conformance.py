"""The checks that people run against the real Earth Engine, run against the emulator."""

import json

import pytest

from airflow_provider_ee.client.http.retry import RetryPolicy
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.testing.__main__ import main
from airflow_provider_ee.testing.conformance import SUBJECTS, run_checks
from airflow_provider_ee.testing.conformance.session import RecordingClient, Session

QUICK = ["--project", "my-project", "--pause", "0.01", "--patience", "10"]


@pytest.fixture
def session(earth_engine):
    earth_engine.control.configure(asset_ids="strict")
    once = RetryPolicy(attempts=1)
    with RecordingClient("my-project", retry=once) as client, RecordingClient("my-project", retry=once) as storage:
        yield Session(client, "bucket", storage=storage, patience=10.0, pause=0.01)


def different(session, *subjects):
    return {finding.question for _, finding in run_checks(session, subjects) if finding.holds is False}


def seen(session, *subjects):
    return {finding.question: finding.seen for _, finding in run_checks(session, subjects)}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_emulator_is_as_the_provider_assumes(session, subject):
    assert different(session, subject) == set()


@pytest.mark.parametrize("answer", ["same-operation", "already-exists", "invalid"])
def test_every_known_answer_to_a_duplicate_is_recognised(session, earth_engine, answer):
    earth_engine.control.configure(duplicate_request_id=answer)
    assert different(session, "duplicates") == set()


def test_a_second_operation_for_the_same_request_id_contradicts_what_is_assumed(session, earth_engine):
    earth_engine.control.configure(duplicate_request_id="new-operation")
    assert "the same id and body again" in different(session, "duplicates")


def test_a_list_that_lags_is_waited_for(session, earth_engine):
    earth_engine.control.configure(list_lag="looks=3", get_lag="looks=2")
    assert different(session, "operations") == set()


@pytest.mark.parametrize(("names", "file"), [("prefix", "a-table.csv"), ("ee-export", "a-tableee_export.csv")])
def test_the_names_of_files_are_seen_and_known(session, earth_engine, names, file):
    earth_engine.control.configure(table_file_names=names)
    told = seen(session, "outputs")
    assert told[f"the files of an export with the prefix {session.label}/a-table"].endswith(file)
    assert different(session, "outputs") == set()


def test_an_import_tells_which_description_comes_back(session):
    assert session.label in seen(session, "imports")["what its operation says"]


def test_without_a_bucket_exports_go_to_assets_and_imports_are_left_out(earth_engine):
    with RecordingClient("my-project", retry=RetryPolicy(attempts=1)) as client:
        session = Session(client, None, patience=10.0, pause=0.01)
        assert different(session, "descriptions", "operations") == set()
        assert seen(session, "imports") == {"an import with a description": "not asked: there is no bucket"}


def test_assets_are_deleted_and_operations_cancelled_afterwards(session, earth_engine):
    earth_engine.control.configure(time="looks=1000")
    list(run_checks(session, ["descriptions", "assets"]))
    left = session.ask(methods.assets_list_roots("projects/my-project")).body.get("assets", [])
    assert not [asset for asset in left if session.label in asset["name"]]
    listed = session.ask(methods.operations_list("projects/my-project")).body["operations"]
    assert {operation["metadata"]["state"] for operation in listed} == {"CANCELLED"}


def test_a_check_that_breaks_does_not_hide_the_others(session, earth_engine):
    earth_engine.control.arm("bad-json", "projects.operations.list", times=99)
    subjects = [subject for subject, _ in run_checks(session, ["operations", "pixels"])]
    assert "pixels" in subjects


def test_the_report_holds_the_raw_answers_and_no_token(earth_engine, tmp_path, capsys):
    report = tmp_path / "report.json"
    assert main([*QUICK, "--bucket", "bucket", "--only", "pixels", "callers", "--output", str(report)]) == 0
    told = json.loads(report.read_text())
    assert [reply["request"]["method"] for reply in told["replies"]][:1] == ["projects.image.computePixels"]
    assert "uthorization" not in report.read_text()
    assert "as assumed" in capsys.readouterr().out


def test_what_contradicts_an_assumption_ends_with_1(earth_engine, tmp_path):
    earth_engine.control.configure(duplicate_request_id="new-operation")
    report = tmp_path / "report.json"
    assert main([*QUICK, "--bucket", "bucket", "--only", "duplicates", "--output", str(report)]) == 1


def test_an_airflow_connection_can_be_used(earth_engine, tmp_path, monkeypatch):
    monkeypatch.setenv("AIRFLOW_CONN_GEO", json.dumps({"conn_type": "earthengine", "extra": {"anonymous": True}}))
    report = tmp_path / "report.json"
    assert main([*QUICK, "--connection", "geo", "--only", "pixels", "--output", str(report)]) == 0


def test_a_wrong_project_is_said_before_anything_is_sent(earth_engine, capsys):
    with pytest.raises(SystemExit):
        main(["--project", "My Project"])
    assert "project" in capsys.readouterr().err
