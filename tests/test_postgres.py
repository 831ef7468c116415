"""Our own PostgreSQL, started for real in a folder of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from mkbroute import postgres
from mkbroute.postgres import Cluster, PostgresError

PROJECT = Path(__file__).parent.parent

# One worker makes the data folder, the slow part, once for all tests here.
pytestmark = pytest.mark.xdist_group("postgres")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """An empty folder with a short path; pytest's own are too long for a socket on some systems."""
    path = Path(tempfile.mkdtemp(prefix="pg"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def cluster(folder: Path) -> Cluster:
    """A cluster whose data folder exists and whose server is down."""
    cluster = Cluster(folder / "shared", postgres.find_programs())
    with cluster.running():
        pass
    return cluster


def query(url: str, sql: str) -> list[tuple]:
    """The rows of one statement, run in a connection of its own."""
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def is_up(cluster: Cluster) -> bool:
    try:
        return query(cluster.url(), "SELECT 1") == [(1,)]
    except psycopg2.OperationalError:
        return False


def kill_server(cluster: Cluster) -> None:
    """Kill the server without warning, as an outage would."""
    pid = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    while is_up(cluster):
        time.sleep(0.01)


def other_user(cluster: Cluster, then: str) -> subprocess.Popen[str]:
    """A process that uses the server, says so on its output, and goes on with the statement ``then``."""
    code = (
        "import sys, time; from pathlib import Path; from mkbroute.postgres import Cluster, find_programs\n"
        "with Cluster(Path(sys.argv[1]), find_programs()).running():\n"
        f"    print('up', flush=True); {then}"
    )
    command = [sys.executable, "-c", code, str(cluster.root)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def test_the_server_is_up_inside_the_block_and_down_after_it(cluster):
    with cluster.running() as url:
        assert query(url, "SELECT current_user::text, current_database()::text") == [("mkbroute", "mkbroute")]
    assert not is_up(cluster)


def test_the_database_can_search_in_dutch(cluster):
    with cluster.running() as url:
        query(url, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
        query(url, "CREATE EXTENSION IF NOT EXISTS unaccent")
        found = query(url, "SELECT to_tsvector('dutch', '‘opleidingen’') @@ to_tsquery('dutch', 'opleiding')")
        assert found == [(True,)]
        assert query(url, "SELECT unaccent('één'), upper('é'), show_trgm('a') <> '{}'") == [("een", "É", True)]


def test_no_network_address_is_listened_on_and_only_the_owner_enters_the_folder(cluster):
    with cluster.running() as url:
        assert query(url, "SELECT current_setting('listen_addresses')") == [("",)]
        assert cluster.data.stat().st_mode & 0o777 == 0o700


def test_the_last_user_stops_the_server(cluster):
    with cluster.running():
        with cluster.running():
            pass
        assert is_up(cluster)
    assert not is_up(cluster)


def test_a_server_left_behind_by_a_killed_user_is_used_and_stopped(cluster):
    user = other_user(cluster, then="time.sleep(60)")
    assert user.stdout.readline() == "up\n"
    user.kill()
    user.communicate()
    assert is_up(cluster)
    with cluster.running() as url:
        assert query(url, "SELECT 1") == [(1,)]
    assert not is_up(cluster)


def test_an_impatient_ctrl_c_still_stops_the_server(cluster):
    user = other_user(cluster, then="time.sleep(60)")
    assert user.stdout.readline() == "up\n"
    for _ in range(3):
        user.send_signal(signal.SIGINT)
        time.sleep(0.03)
    user.communicate()
    assert not is_up(cluster)


def test_data_survives_a_killed_server(cluster):
    with cluster.running() as url:
        query(url, "CREATE TABLE kept AS SELECT 7 AS number")
        kill_server(cluster)
    with cluster.running() as url:
        assert query(url, "SELECT number FROM kept") == [(7,)]


def test_two_starts_at_once_make_one_database_after_an_attempt_that_was_cut_short(folder):
    cluster = Cluster(folder / "race", postgres.find_programs())
    (cluster.root / f"{cluster.data.name}.new" / "base").mkdir(parents=True)
    users = [other_user(cluster, then="pass") for _ in range(2)]
    assert [user.communicate()[0] for user in users] == ["up\n", "up\n"]
    assert [user.returncode for user in users] == [0, 0]
    assert not is_up(cluster)


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root on Linux has this case")
def test_root_may_work_in_a_folder_that_is_closed_to_others(folder):
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with Cluster(closed / "data", postgres.find_programs()).running() as url:
        assert query(url, "SELECT 1") == [(1,)]
    assert closed.stat().st_mode & 0o777 == 0o700


def test_a_server_that_does_not_start_says_why(cluster):
    settings = cluster.data / "postgresql.conf"
    good = settings.read_text()
    settings.write_text(f"{good}\nnonsense = on\n")
    try:
        with pytest.raises(PostgresError, match="nonsense"), cluster.running():
            pass
    finally:
        settings.write_text(good)


def test_a_path_too_long_for_a_socket_is_refused_with_a_way_out(folder):
    cluster = Cluster(folder / ("x" * 100), postgres.find_programs())
    with pytest.raises(PostgresError, match="DATABASE_URL"), cluster.running():
        pass
    assert not cluster.root.exists()


def test_a_place_that_cannot_be_written_is_named(folder):
    (folder / "file").touch()
    cluster = Cluster(folder / "file", postgres.find_programs())
    with pytest.raises(PostgresError, match=f"cannot be kept in {folder}/file:"), cluster.running():
        pass


def test_missing_programs_are_told_with_a_way_out(folder, monkeypatch):
    monkeypatch.setenv("POSTGRES_BIN", str(folder))
    with pytest.raises(PostgresError, match="DATABASE_URL"):
        postgres.find_programs()


def test_a_command_without_a_server_says_so_in_one_line(folder):
    environ = {**os.environ, "POSTGRES_BIN": str(folder), "DATABASE_URL": ""}
    command = [sys.executable, "manage.py", "check"]
    result = subprocess.run(command, cwd=PROJECT, env=environ, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith("No PostgreSQL server programs")
    assert len(result.stderr.splitlines()) == 1
