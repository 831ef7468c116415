"""Accounts to try the portal with, on a development machine only."""

from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from mkbroute.accounts.models import User
from mkbroute.permissions import EDITORS, TEAM, ensure_groups

PASSWORD = "demo-op-eigen-computer"  # known to all, so refused in production


class Demo(NamedTuple):
    email: str
    first_name: str
    last_name: str
    group: str | None
    about: str


DEMOS = [
    Demo("programmateam@example.org", "Petra", "Programmateam", TEAM, "member of the programme team"),
    Demo("redacteur@example.org", "Roos", "Redacteur", EDITORS, "editor"),
    Demo("partner@example.org", "Paul", "Partner", None, "partner, stays out of the admin"),
]


class Command(BaseCommand):
    help = "Make demo accounts of the programme team, an editor and a partner, and print how they sign in."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Demo accounts have a password everybody knows; they exist only with DEBUG=1.")
        with transaction.atomic():
            ensure_groups()
            for demo in DEMOS:
                _ensure_user(demo)
        self.stdout.write(f"Sign in at /account/login/ with the password {PASSWORD} as:")
        for demo in DEMOS:
            self.stdout.write(f"  {demo.email:26} {demo.about}")


def _ensure_user(demo: Demo) -> None:
    """Make the user, if it is not there; what was changed since stays."""
    user, is_new = User.objects.get_or_create(
        email=demo.email,
        defaults={
            "first_name": demo.first_name,
            "last_name": demo.last_name,
            "is_staff": demo.group == TEAM,
            "password": partial(make_password, PASSWORD),  # slow on purpose, so only when needed
        },
    )
    if is_new and demo.group:
        user.groups.add(Group.objects.get(name=demo.group))
