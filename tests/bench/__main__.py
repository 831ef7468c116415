"""How fast the site is as it runs in production: ``make bench``, or ``python -m tests.bench --help``.

Makes a database of its own, loads the content in it and starts the site on loopback with DEBUG off. Every page is compared
with a template of one line that goes through the same middleware and server, because that ratio says more about the page
than about the machine. The load comes from a process beside the server; the points are taken in rounds, so that a slow
moment of the machine does not fall on one page alone. The database is dropped in the end.
"""

import argparse
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from importlib.util import find_spec
from io import StringIO
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psycopg2

from mkbroute import postgres

HOST = "127.0.0.1"
ROUNDS = 3
PATIENCE = 30  # seconds for a server to start
CONNECTIONS = (1, 8, 32)
PAGES = {
    "home": "/",
    "list": "/pilots/",
    "list, 2 facets": "/pilots/?vorm=duaal&graad=bachelor",
    "detail": "/pilots/bouwkunde-en-civiele-techniek/",
    "organisation": "/netwerk/avans/",
    "text page": "/over/financiering/",
    "contact": "/contact/",
}
LINE, EMPTY = "/bench/line/", "/bench/empty/"
TARGETS = {"home": 0.12, "list": 0.08, "detail": 0.15}
"""Requests per second at 8 connections, as a part of those of the one-line template."""

GUNICORN = "gunicorn mkbroute.wsgi --workers 2 --log-level warning --bind {host}:{port}"
GRANIAN = (
    "granian mkbroute.wsgi:application --interface wsgi --workers 2 --log-level warning --host {host} --port {port}"
)
SERVERS = {
    "gunicorn": GUNICORN,
    "gunicorn, 4 threads": f"{GUNICORN} --threads 4",
    "granian": f"{GRANIAN} --blocking-threads 1",
    "granian, 4 threads": f"{GRANIAN} --blocking-threads 4",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Measure the site as it runs in production."
    )
    parser.add_argument(
        "--pilots", type=int, nargs="+", default=[0], metavar="N", help="generated pilots beside the real ones"
    )
    parser.add_argument("--server", choices=SERVERS, default="gunicorn")
    parser.add_argument("--seconds", type=float, default=3, help="per point, default: %(default)s")
    parser.add_argument("--compare", action="store_true", help="compare the servers instead of the pages")
    parser.add_argument("--search", action="store_true", help="measure only the search, by its number of entries")
    options = parser.parse_args()

    running = nullcontext(url) if (url := os.environ.get("DATABASE_URL")) else postgres.running()
    with running as url, own_database(url) as own, TemporaryDirectory() as static:
        prepare(own, static)
        if options.search:
            measure_search()
            return
        for number in sorted(options.pilots):
            total = fill(number)
            print(
                f"\n{total} pilots, {number} of them generated; PostgreSQL {postgres_version()}, Python {sys.version.split()[0]}"
            )
            if options.compare:
                compare_servers(options.seconds)
            else:
                measure_pages(options.server, options.seconds)
        if not options.compare:
            measure_search()


# --- The site --------------------------------------------------------------------------------------------------------


@contextmanager
def own_database(url: str) -> Iterator[str]:
    """A new database on the server of this URL; yields the URL of the new one and drops it in the end."""
    name = f"mkbroute_bench_{os.getpid()}"
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    connection.close()


def prepare(url: str, static: str) -> None:
    """Set the environment of production, make the tables and load the content and the static files."""
    os.environ.update(
        ALLOWED_HOSTS=HOST,
        CONTACT_EMAIL="team@voorbeeld.nl",
        DATABASE_URL=url,
        DEBUG="0",
        DEFAULT_FROM_EMAIL="noreply@voorbeeld.nl",
        DJANGO_SETTINGS_MODULE="tests.bench.settings",
        EMAIL_HOST="mail.voorbeeld.nl",
        HTTPS="0",
        LOG_LEVEL="WARNING",
        SECRET_KEY=secrets.token_urlsafe(64),
        SITE_URL="https://voorbeeld.nl",
        STATIC_ROOT=static,
    )
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_content", stdout=StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)


def fill(number: int) -> int:
    """See to it that there are this many generated pilots; returns how many pilots there are in all."""
    from django.db import connection

    from pilots.models import Pilot
    from tests.bench.pilots import generate

    generate(number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # PostgreSQL would come to it by itself, but later
    return Pilot.objects.count()


@contextmanager
def serving(server: str) -> Iterator[int]:
    """Run the site in this server; yields the port. Raises RuntimeError when it does not start."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    command = SERVERS[server].format(host=HOST, port=port).split()
    process = subprocess.Popen([sys.executable, "-m", *command])
    try:
        wait_for(process, f"http://{HOST}:{port}/healthz/ready")
        yield port
    finally:
        process.terminate()
        process.wait()


def wait_for(process: subprocess.Popen, address: str) -> None:
    """Wait until the address answers. Raises RuntimeError when the process ends first, or is slower than PATIENCE."""
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(address, timeout=PATIENCE).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"No answer from {' '.join(process.args)}")


# --- Measuring -------------------------------------------------------------------------------------------------------


@dataclass
class Point:
    """What was measured of one address with one number of connections."""

    seconds: float = 0.0
    taken: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.taken) / self.seconds

    @property
    def median(self) -> float:
        """The time of an answer, in milliseconds."""
        return statistics.median(self.taken) * 1000

    @property
    def p95(self) -> float:
        """What 95 in a hundred answers stay under, in milliseconds."""
        return statistics.quantiles(self.taken, n=20)[-1] * 1000


def measure_pages(server: str, seconds: float) -> None:
    """Print a table with a line per page."""
    addresses = {**PAGES, "one line": LINE, "empty": EMPTY}
    with serving(server) as port:
        points = load(port, addresses.values(), CONNECTIONS, seconds)
    print(f"{server}, 2 workers, {seconds:g} s per point; ratios are of requests per second at 8 connections\n")
    print(f"{'':16}{'':>8}{'':>8}{'1 connection, ms':>18}{'requests per second':>22}{'ratio to a view with':>24}")
    print(f"{'page':16}{'queries':>8}{'bytes':>8}{'median':>9}{'p95':>9}", end="")
    print(f"{'1':>8}{'8':>7}{'32':>7}{'one line':>10}{'target':>7}{'nothing':>8}")
    for name, address in addresses.items():
        queries, size = ask(address)
        one, eight, many = (points[address, connections] for connections in CONNECTIONS)
        ratios = [eight.rate / points[other, 8].rate for other in (LINE, EMPTY)]
        print(f"{name:16}{queries:8}{size:8}{one.median:9.1f}{one.p95:9.1f}", end="")
        print(f"{one.rate:8.0f}{eight.rate:7.0f}{many.rate:7.0f}", end="")
        print(f"{ratios[0]:10.3f}{TARGETS.get(name, ''):>7}{ratios[1]:8.3f}")


def measure_search() -> None:
    """Print how long PostgreSQL works on a search; see ``search.py``. Last, for it fills the database."""
    from tests.bench.search import measure

    measure()


def compare_servers(seconds: float) -> None:
    """Print a table with a line per server."""
    addresses = {name: PAGES[name] for name in TARGETS} | {"one line": LINE, "empty": EMPTY}
    print(f"requests per second at 8 connections, 2 workers, {seconds:g} s per point\n")
    print(f"{'server':20}" + "".join(f"{name:>10}" for name in addresses))
    for server, command in SERVERS.items():
        if not find_spec(command.split()[0]):
            print(f"{server:20}is not installed")
            continue
        with serving(server) as port:
            points = load(port, addresses.values(), [8], seconds)
        print(f"{server:20}" + "".join(f"{points[address, 8].rate:10.0f}" for address in addresses.values()))


def ask(address: str) -> tuple[int, int]:
    """How many queries a page takes, and how many bytes its compressed body has."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME=HOST, headers={"accept-encoding": "gzip"})
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    return len(queries), len(response.content)


def load(port: int, addresses: Iterable[str], connections: Iterable[int], seconds: float) -> dict[tuple, Point]:
    """Measure every address with every number of connections."""
    points = {(address, number): Point() for address in addresses for number in connections}
    for address in addresses:
        visitors(port, address, 8, 1)  # every worker has to meet every page once
    for _ in range(ROUNDS):
        for (address, number), point in points.items():
            elapsed, taken = visitors(port, address, number, seconds / ROUNDS)
            point.seconds += elapsed
            point.taken += taken
    return points


def visitors(port: int, address: str, connections: int, seconds: float) -> tuple[float, list[float]]:
    """Have visitors ask for an address, from a process of their own; see ``load.py``."""
    arguments = [str(argument) for argument in (port, address, connections, seconds)]
    command = [sys.executable, "-m", "tests.bench.load", *arguments]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def postgres_version() -> str:
    from django.db import connection

    major, minor = divmod(connection.pg_version, 10000)
    return f"{major}.{minor}"


if __name__ == "__main__":
    try:
        main()
    except (postgres.PostgresError, RuntimeError, subprocess.CalledProcessError) as error:
        sys.exit(str(error))
