"""Who may see and do what: every address of the site and its admin, against everybody, for GET and for POST.

The matrix is in ``tests/access``; a new address without a row fails here.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.safestring import SafeString

from mkbroute.core.models import Picture
from tests.access import admin_rows, site_rows
from tests.access.addresses import Address, every_address
from tests.access.answers import CONFIRM, DONE, LOGIN, PORTAL_HOME, REFUSED, ROLES, Answer, InPilot, Row
from tests.access.world import World, make_world
from tests.conftest import connected_to, copy_of

ROWS: dict[str, Row | InPilot] = {**site_rows.ROWS, **admin_rows.ROWS}

BLOCKS = {"body-count": "0"}
"""Of an empty form with blocks of text a browser sends that there are none; Wagtail stumbles without it."""


@pytest.fixture(scope="module")
def media_root() -> Iterator[Path]:
    with TemporaryDirectory() as root:
        yield Path(root)


@pytest.fixture(autouse=True)
def _own_media(settings, media_root):
    """The files of the world, for all tests here."""
    settings.MEDIA_ROOT = media_root
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    settings.USERSESSIONS_TRACK_ACTIVITY = False


@pytest.fixture(scope="module")
def world(empty_database, django_db_blocker, media_root) -> Iterator[World]:
    """One world for all requests, in a database of its own: a transactional test before this may have emptied the other.
    Each request is undone."""
    with (
        django_db_blocker.unblock(),
        copy_of(empty_database, f"{empty_database}_access") as name,
        connected_to(name),
        override_settings(MEDIA_ROOT=media_root),
    ):
        ContentType.objects.clear_cache()  # the numbers of the other database may differ
        with transaction.atomic():
            yield make_world()
            transaction.set_rollback(True)
    ContentType.objects.clear_cache()


@pytest.fixture(scope="module")
def ask(world) -> Callable[[str, str, Address, str], Answer]:
    """``ask("lead", "get", address, path)`` is what the lead is told."""
    browsers = {role: Forgetful() for role in ROLES}
    for role, user in world.people.items():
        if user:
            browsers[role].force_login(user)

    def ask(role: str, method: str, address: Address, path: str) -> Answer:
        fields = (
            {**BLOCKS, **world.fields.get(address.name, {}), **world.fields.get(path, {})} if method == "post" else {}
        )
        savepoint = transaction.savepoint()
        with nullcontext() if is_drawn(role, method, path) else UNDRAWN:
            response = getattr(browsers[role], method)(path, fields)
        transaction.savepoint_rollback(savepoint)
        transaction.savepoint_commit(savepoint)  # rolled back, it stays until it is released, and all of them pile up
        return told(response, path)

    return ask


class Forgetful(Client):
    """A browser that stays as it was, whatever it is told; an error is an answer like any other."""

    def request(self, **request) -> HttpResponse:
        return self.handler(self._base_environ(**request))


UNDRAWN = mock.patch.object(Template, "render", return_value=SafeString(""))


def is_drawn(role: str, method: str, path: str) -> bool:
    """Whether a page is drawn too: once for each side of the site. What somebody is told is decided before, so for the
    others it is left out, which makes this twice as fast."""
    if path.startswith("/admin/"):
        return role == "moderator" and method == "get"
    return role in ("visitor", "lead")


def told(response: HttpResponse, path: str) -> Answer:
    """A response in the words of the matrix."""
    if response.status_code not in (301, 302):
        return response.status_code
    where = response.url.partition("?")[0].replace("/admin/login/", LOGIN)
    here = "/admin/" if path.startswith("/admin/") else PORTAL_HOME
    return DONE if path.startswith(here) and where not in (LOGIN, CONFIRM, REFUSED) else where


@dataclass(frozen=True)
class Case:
    """One row for one thing to ask for. ``variant`` is another thing of the same kind: one's own, another pilot's."""

    name: str
    variant: str
    row: Row

    def __str__(self) -> str:
        return f"{self.name} ({self.variant})" if self.variant else self.name


def cases() -> Iterator[Case]:
    """The matrix, with a row in a pilot as the two it stands for."""
    for name, row in ROWS.items():
        plain, _, variant = name.removesuffix(")").partition(" (") if name.endswith(")") else (name, "", "")
        if isinstance(row, InPilot):
            yield Case(plain, variant, row.own())
            yield Case(plain, f"other_{variant}".removesuffix("_"), row.foreign())
        else:
            yield Case(plain, variant, row)


ADDRESSES = {address.name: address for address in every_address()}


def test_every_address_has_a_row():
    assert sorted({case.name for case in cases()}) == sorted(ADDRESSES)


@pytest.mark.parametrize("case", cases(), ids=str)
def test_an_address_tells_everybody_what_its_row_says(case, world, ask):
    address = ADDRESSES[case.name]
    path = address.path(world, case.variant)
    assert {role: ask(role, "get", address, path) for role in ROLES} == case.row.get
    assert {role: ask(role, "post", address, path) for role in ROLES} == case.row.post


TWICE_NAMED = sorted({case.name for case in cases() if {"slug", "pk"} <= set(ADDRESSES[case.name].parameters)})


@pytest.mark.parametrize("name", [name for name in TWICE_NAMED if name.startswith("portal_")])
def test_what_is_of_one_pilot_is_not_found_in_another(name, world, ask):
    address = ADDRESSES[name]
    for whose, where in (("", "other"), ("other", "")):
        path = address.path(world, whose, where=where)
        told = {ask(role, method, address, path) for role in ROLES for method in ("get", "post")}
        assert told <= {LOGIN, 404, 405}


DETAILS = [name for name in site_rows.ROWS if name.endswith("_detail") and name != "theme_detail"]


@pytest.mark.parametrize("name", [*DETAILS, "wagtail_serve"])
def test_a_draft_is_nowhere_not_even_for_the_team(name, world, ask):
    path = "/concept/" if name == "wagtail_serve" else reverse(name, args=["concept"])
    assert {role: ask(role, "get", ADDRESSES[name], path) for role in ROLES} == dict.fromkeys(ROLES, 404)


def test_a_bulk_action_leaves_alone_what_somebody_may_not_delete(world, ask):
    address = ADDRESSES["wagtail_bulk_action"]
    left = {}
    for variant in ("", "own"):
        with transaction.atomic():
            path = address.path(world, variant)
            browser = Client()
            browser.force_login(world.people["editor"])
            browser.post(path)
            left[variant] = Picture.objects.filter(pk=world[f"{variant}_image".strip("_")].pk).exists()
            transaction.set_rollback(True)
    assert left == {"": True, "own": False}
