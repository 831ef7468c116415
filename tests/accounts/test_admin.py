"""The administration of users."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client

from mkbroute.accounts.models import User
from tests import factories
from tests.accounts.conftest import add_app, add_recovery_codes, ask_code, mailed_code
from tests.accounts.test_sign_in import who

NEW = {"email": "Nieuw@Voorbeeld.nl", "first_name": "Nico", "last_name": "Nieuw"}


@pytest.fixture
def superuser(db):
    return factories.UserFactory(email="baas@voorbeeld.nl", is_superuser=True, is_staff=True)


def edit(client, user, **changes):
    """Post the form of a user with these changes."""
    fields = {
        "email": user.email,
        "first_name": user.first_name or "Voor",
        "last_name": user.last_name or "Achter",
    }
    flags = {name: "on" for name in ("is_active", "is_staff", "is_superuser") if getattr(user, name)}
    return client.post(f"/admin/users/edit/{user.pk}/", {**fields, **flags, **changes})


def test_the_team_makes_a_user_who_signs_in_with_a_code_at_once(as_user, moderator, groups):
    as_user(moderator).post("/admin/users/new/", {**NEW, "is_staff": "on", "groups": [groups["Redacteur"].pk]})
    user = User.objects.get(email="nieuw@voorbeeld.nl")
    assert (user.first_name, user.is_staff, user.is_superuser) == ("Nico", True, False)
    assert list(user.groups.all()) == [groups["Redacteur"]]
    assert not user.has_usable_password()
    visitor = Client()
    ask_code(visitor, email="nieuw@voorbeeld.nl")
    visitor.post("/account/login/code/confirm/", {"code": mailed_code()})
    assert who(visitor) == str(user.pk)


def test_the_form_speaks_dutch_and_asks_no_password(as_user, moderator):
    form = as_user(moderator).get("/admin/users/new/").context["form"]
    assert {name: str(field.label) for name, field in form.fields.items()} == {
        "email": "E-mailadres",
        "first_name": "Voornaam",
        "last_name": "Achternaam",
        "is_staff": "Programmateam",
        "is_superuser": "Mag alles",
        "groups": "Groepen",
    }


def test_an_address_is_used_once_whatever_its_capitals(as_user, moderator, outsider):
    response = as_user(moderator).post("/admin/users/new/", {**NEW, "email": outsider.email.upper()})
    assert list(response.context["form"].errors["email"]) == ["Dit e-mailadres is al in gebruik."]
    assert User.objects.filter(email__iexact=outsider.email).count() == 1


def test_an_old_address_lets_nobody_in(as_user, moderator, outsider):
    EmailAddress.objects.create(user=outsider, email=outsider.email, verified=True, primary=True)
    old = outsider.email
    edit(as_user(moderator), outsider, email="anders@voorbeeld.nl")
    ask_code(Client(), email=old)
    ask_code(Client(), email="anders@voorbeeld.nl")
    assert [(message.to, message.subject) for message in mail.outbox] == [
        ([old], "Geen account op dit e-mailadres"),
        (["anders@voorbeeld.nl"], "Uw code om in te loggen"),
    ]


def test_only_a_superuser_makes_a_superuser(as_user, moderator, superuser, outsider):
    edit(as_user(moderator), outsider, is_superuser="on")
    outsider.refresh_from_db()
    assert (outsider.first_name, outsider.is_superuser) == ("Voor", False)
    edit(as_user(superuser), outsider, is_superuser="on")
    outsider.refresh_from_db()
    assert outsider.is_superuser


def test_the_team_hands_out_only_its_own_groups(as_user, moderator, superuser, outsider, groups):
    powerful = Group.objects.create(name="Beheerders")
    outsider.groups.add(powerful)
    edit(as_user(moderator), moderator, groups=[groups["Programmateam"].pk, powerful.pk])
    edit(as_user(moderator), outsider, groups=[groups["Redacteur"].pk])
    as_user(moderator).post(f"/admin/bulk/accounts/user/assign_role/?id={moderator.pk}", {"role": powerful.pk})
    assert not moderator.groups.filter(name="Beheerders").exists()
    assert {group.name for group in outsider.groups.all()} == {"Beheerders", "Redacteur"}
    edit(as_user(superuser), moderator, groups=[powerful.pk])
    assert [group.name for group in moderator.groups.all()] == ["Beheerders"]


def test_the_team_cannot_touch_a_superuser(as_user, moderator, superuser):
    client = as_user(moderator)
    assert client.get(f"/admin/users/edit/{superuser.pk}/").status_code == 302
    edit(client, superuser, email="gekaapt@voorbeeld.nl")
    client.post(f"/admin/bulk/accounts/user/set_active_state/?id={superuser.pk}", {"mark_as_active": "False"})
    superuser.refresh_from_db()
    assert (superuser.email, superuser.is_active) == ("baas@voorbeeld.nl", True)


def test_only_a_superuser_clears_the_second_factor_of_who_lost_it(as_user, moderator, superuser, outsider, partner):
    for user in (outsider, partner):
        add_app(user)
        add_recovery_codes(user)
    edit(as_user(moderator), outsider, clear_second_factor="on")
    assert Authenticator.objects.filter(user=outsider).count() == 2
    edit(as_user(superuser), outsider, clear_second_factor="on")
    assert Authenticator.objects.filter(user=outsider).count() == 0
    assert Authenticator.objects.filter(user=partner).count() == 2


def test_the_team_switches_others_off_together(as_user, moderator, outsider):
    client = as_user(moderator)
    client.post(f"/admin/bulk/accounts/user/set_active_state/?id={outsider.pk}", {"mark_as_active": "False"})
    outsider.refresh_from_db()
    assert not outsider.is_active


def test_editors_do_not_see_users(as_user, editor):
    assert as_user(editor).get("/admin/users/").status_code == 302


def test_the_list_names_the_address_by_its_name(as_user, moderator):
    page = as_user(moderator).get("/admin/users/").content.decode()
    assert "E-mailadres" in page
    assert "Gebruikersnaam" not in page


def test_the_settings_in_the_admin_lead_to_the_account(as_user, editor):
    assert "Inloggen en beveiliging" in as_user(editor).get("/admin/account/").content.decode()
