"""The cast: everybody who comes to the site, as a fixture. Private pages are tried by the outsider too."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases

from mkbroute.permissions import EDITORS, TEAM, ensure_groups
from tests import factories


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    """Uploads of a test stay in the test."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def partner(db):
    """Somebody of a pilot, with an account and no rights in the admin."""
    return factories.UserFactory(email="partner@voorbeeld.nl")


@pytest.fixture
def outsider(db):
    """Somebody with an account who belongs nowhere."""
    return factories.UserFactory(email="buitenstaander@voorbeeld.nl")


# --- Partners: people of one pilot, and a colleague of another ----------------------------------------------------------


@pytest.fixture
def pilot(db):
    """The pilot of the partners of the cast."""
    return factories.PilotFactory(title="Bouwkunde", slug="een-pilot", number=901)


@pytest.fixture
def other_pilot(db):
    """Another pilot, with people of its own."""
    return factories.PilotFactory(title="Logistiek", slug="andere-pilot", number=902)


def _member(pilot, email: str, role: str, first_name: str):
    return factories.MembershipFactory(pilot=pilot, user__email=email, user__first_name=first_name, role=role).user


@pytest.fixture
def lead(pilot):
    """The penvoerder of the pilot."""
    return _member(pilot, "penvoerder@voorbeeld.nl", "penvoerder", "Petra")


@pytest.fixture
def writer(pilot):
    """A redacteur of the pilot: posts and proposes."""
    return _member(pilot, "schrijver@voorbeeld.nl", "redacteur", "Sam")


@pytest.fixture
def reader(pilot):
    """A lezer of the pilot."""
    return _member(pilot, "lezer@voorbeeld.nl", "lezer", "Lena")


@pytest.fixture
def colleague(other_pilot):
    """A redacteur of the other pilot: of the network, but not of this pilot."""
    return _member(other_pilot, "collega@voorbeeld.nl", "redacteur", "Cas")


@pytest.fixture
def groups(db):
    """The groups of the admin, by name."""
    from django.contrib.auth.models import Group

    ensure_groups()
    return {group.name: group for group in Group.objects.all()}


@pytest.fixture
def editor(groups):
    """Writes and sends in for review."""
    user = factories.UserFactory(email="redacteur@voorbeeld.nl", is_staff=True)
    user.groups.add(groups[EDITORS])
    return user


@pytest.fixture
def moderator(groups):
    """Of the programme team: publishes."""
    user = factories.UserFactory(email="team@voorbeeld.nl", is_staff=True)
    user.groups.add(groups[TEAM])
    return user


@pytest.fixture
def as_user():
    """``as_user(user)`` is a browser in which that user is signed in; ``as_user(None)`` a visitor's."""

    def browser(user) -> Client:
        client = Client()
        if user:
            client.force_login(user)
        return client

    return browser


@pytest.fixture
def queries() -> Callable[[Client, str], int]:
    """``queries(client, path)`` is how many queries a page takes, once the process knows its content types."""

    def count(client: Client, path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    return count


# --- The real site ---------------------------------------------------------------------------------------------------

# The content files are loaded once per process, in a copy of the empty test database. It is read-only, so tests that only
# look need not clean up and cannot disturb each other. All other tests keep the empty database and its transactions.

NO_TEST_DATABASE = connection.settings_dict["NAME"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The test database, and a copy of it as the migrations left it: a transactional test empties every table."""
    made = []
    with django_db_blocker.unblock():
        if connection.settings_dict["NAME"] == NO_TEST_DATABASE:  # pytest-django makes it only for tests with ``db``
            made = setup_databases(verbosity=0, interactive=False)
        name = connection.settings_dict["NAME"]
        with copy_of(name, f"{name}_migrated"), django_db_blocker.block():
            yield
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def empty_database(django_db_setup) -> str:
    """The name of a database with nothing but what the migrations put there."""
    return f"{connection.settings_dict['NAME']}_migrated"


@pytest.fixture(scope="session")
def content_database(empty_database, django_db_blocker) -> Iterator[str]:
    """The name of a read-only database with the content of the site."""
    with django_db_blocker.unblock(), copy_of(empty_database, f"{empty_database}_content") as name:
        with connected_to(name):
            call_command("load_content", stdout=StringIO())
            with connection.cursor() as cursor:
                cursor.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        with django_db_blocker.block():
            yield name


@pytest.fixture
def content(content_database, django_db_blocker) -> Iterator[None]:
    """The real content, to look at."""
    with django_db_blocker.unblock(), connected_to(content_database):
        yield


@pytest.fixture
def own_content(content, content_database) -> Iterator[None]:
    """The real content, to change: a copy that is dropped after the test."""
    with copy_of(content_database, f"{content_database}_own") as name, connected_to(name):
        yield


@pytest.fixture(scope="session")
def static_root(tmp_path_factory) -> Path:
    """A folder with the static files as production serves them: hashed names, compressed, one style sheet."""
    root = tmp_path_factory.mktemp("static")
    with override_settings(**static_settings(root)):
        call_command("collectstatic", interactive=False, verbosity=0)
    return root


@pytest.fixture
def production_static(settings, static_root) -> None:
    """Let pages refer to the static files in ``static_root``."""
    for name, value in static_settings(static_root).items():
        setattr(settings, name, value)


def static_settings(root: Path) -> dict:
    """The settings of production for static files, with the files in this folder."""
    storage = {"BACKEND": "mkbroute.storage.InlinedImportsStorage"}
    return {"STATIC_ROOT": root, "STORAGES": {**django_settings.STORAGES, "staticfiles": storage}}


@contextmanager
def copy_of(source: str, name: str) -> Iterator[str]:
    """A database with all that is in another, dropped in the end. Whoever is connected to the other is sent away."""
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = off")  # for when we are connected to the other
        _drop(cursor, name)
        _send_away(cursor, source)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    try:
        yield name
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
            _drop(cursor, name)


def _send_away(cursor, name: str) -> None:
    """End the other connections to a database. The server's own cleaners are not ours to end: it does so itself."""
    others = "datname = %s AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}", [name])


def _drop(cursor, name: str) -> None:
    """Drop a database if it is there. ``WITH (FORCE)`` would fail while autovacuum is at work in it."""
    _send_away(cursor, name)
    cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Use another database of the same server, in this thread and in all that connect from now on."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
