"""The PostgreSQL that tests bring along."""

from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.airflow import postgres
from tests.airflow.postgres import NoPostgres, Postgres
from tests.airflow.settings import environment


@pytest.fixture
def server(tmp_path: Path) -> Postgres:
    pytest.importorskip("psycopg2", reason="pip install --group chaos")
    try:
        return Postgres(tmp_path)
    except NoPostgres as nowhere:
        pytest.skip(str(nowhere))


def _ask(url: str, question: str) -> object:
    with create_engine(url, poolclass=NullPool).begin() as connection:
        return connection.execute(text(question)).scalar()


def _runs(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_a_server_is_empty_and_nobody_else_can_reach_it(server: Postgres) -> None:
    with server as url:
        assert _ask(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
        assert _ask(url, "SHOW listen_addresses") == ""
        assert _ask(url, "SHOW port") == "5432"


def test_two_servers_know_nothing_of_each_other(server: Postgres, tmp_path: Path) -> None:
    with server as url, Postgres(tmp_path) as other:
        assert _ask(url, "CREATE TABLE mine (); SELECT 1") == 1
        assert _ask(other, "SELECT count(*) FROM pg_tables WHERE tablename = 'mine'") == 0


def test_a_server_that_is_no_longer_needed_leaves_nothing_but_its_log(server: Postgres, tmp_path: Path) -> None:
    with server as url:
        home = Path(str(_ask(url, "SHOW data_directory"))).parent
        process = psutil.Process(int((home / "data" / "postmaster.pid").read_text().split()[0]))
        assert _runs(process)

    assert not _runs(process)
    assert not home.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["postgres.log"]


def test_a_server_that_does_not_start_says_why(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgres._SETTINGS, "max_connections", "none")

    with pytest.raises(RuntimeError, match=r"(?s)pg_ctl ended with 1:.*max_connections.*none"):
        server.__enter__()

    assert not server._home.exists()


@pytest.mark.parametrize(
    ("named", "used"),
    [
        pytest.param("postgresql://there", "postgresql://there", id="named"),
        pytest.param(None, "sqlite:////home/airflow.db?timeout=60", id="SQLite-if-none-was-named"),
    ],
)
def test_the_database_of_an_airflow_is_the_one_that_was_named(tmp_path: Path, named: str | None, used: str) -> None:
    variables = environment(
        Path("/home"), tmp_path, url="http://h:1", url_of_tasks="http://h:2", instance_name="x", database=named
    )

    assert variables["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == used
