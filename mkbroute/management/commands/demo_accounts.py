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
from pilots.models import MemberRole, Membership, Pilot

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
    Demo("partner@example.org", "Paul", "Partner", None, "penvoerder of a pilot, in the partner portal"),
    Demo("collega@example.org", "Coby", "Collega", None, "redacteur of the same pilot"),
    Demo("lezer@example.org", "Lotte", "Lezer", None, "lezer of the same pilot"),
    Demo("buiten@example.org", "Bo", "Buitenstaander", None, "partner of another pilot"),
]
PLACES = [
    ("partner@example.org", 1, MemberRole.LEAD),
    ("collega@example.org", 1, MemberRole.EDITOR),
    ("lezer@example.org", 1, MemberRole.READER),
    ("buiten@example.org", 3, MemberRole.LEAD),
]
"""Who of them takes part in which pilot, by its number, in which role."""


class Command(BaseCommand):
    help = "Make demo accounts of the programme team, an editor and a partner, and print how they sign in."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Demo accounts have a password everybody knows; they exist only with DEBUG=1.")
        with transaction.atomic():
            ensure_groups()
            for demo in DEMOS:
                _ensure_user(demo)
            for email, number, role in PLACES:
                _ensure_place(email, number, role)
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


def _ensure_place(email: str, number: int, role: str) -> None:
    """Give the user a place in the pilot with this number, if there is such a pilot and they have none yet."""
    pilot = Pilot.objects.filter(number=number).first()
    if pilot:
        user = User.objects.get(email=email)
        Membership.objects.get_or_create(pilot=pilot, user=user, defaults={"role": role})
