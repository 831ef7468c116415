"""What of signing in and of rights gets into the trail, and that no name or address does."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client

from mkbroute.core.models import AuditEntry, Mail
from tests import factories
from tests.accounts.conftest import PASSWORD, add_app, app_code, ask_code, mailed_code, sign_in
from tests.accounts.test_admin import NEW, edit


@pytest.fixture
def superuser(db):
    return factories.UserFactory(email="baas@voorbeeld.nl", is_superuser=True, is_staff=True)


def trail() -> list[tuple]:
    """The lines, oldest first: what, summary, by whom and about whom."""
    return [(entry.action, entry.summary, entry.by, entry.subject) for entry in AuditEntry.objects.order_by("pk")]


def test_signing_in_with_a_password_is_noted(client, member):
    sign_in(client)
    assert trail() == [("ingelogd", "ingelogd met wachtwoord", member, member)]


def test_signing_in_with_a_mailed_code_is_noted_and_a_wrong_code_too(client, member):
    ask_code(client)
    client.post("/account/login/code/confirm/", {"code": "AAAA-AAAA"})
    client.post("/account/login/code/confirm/", {"code": mailed_code()})
    assert trail() == [
        ("inloggen-mislukt", "code uit de mail klopt niet", None, member),
        ("ingelogd", "ingelogd met code per mail", member, member),
    ]


def test_the_second_step_is_noted(client, member):
    add_app(member)
    sign_in(client)
    client.post("/account/2fa/authenticate/", {"code": "000000"})
    client.post("/account/2fa/authenticate/", {"code": app_code()})
    assert trail() == [
        ("inloggen-mislukt", "app met codes klopt niet", None, member),
        ("ingelogd", "ingelogd met wachtwoord, dan app met codes", member, member),
    ]


def test_a_wrong_password_is_noted_and_an_unknown_address_is_not_kept(client, member):
    sign_in(client, password="een heel ander wachtwoord")
    sign_in(client, email="onbekend@voorbeeld.nl", password=PASSWORD)
    assert trail() == [
        ("inloggen-mislukt", "wachtwoord klopt niet", None, member),
        ("inloggen-mislukt", "e-mailadres zonder account", None, None),
    ]
    assert "onbekend" not in str(list(AuditEntry.objects.values()))


def test_a_new_account_and_its_rights_are_noted(as_user, moderator, groups):
    as_user(moderator).post("/admin/users/new/", {**NEW, "is_staff": "on", "groups": [groups["Redacteur"].pk]})
    assert [(what, summary, by) for what, summary, by, _ in trail()] == [
        ("account", "account gemaakt", moderator),
        ("rechten", "rechten gewijzigd: actief, programmateam, groepen", moderator),
    ]
    assert AuditEntry.objects.first().details == {
        "actief": "nee → ja",
        "programmateam": "nee → ja",
        "groepen": "nee → Redacteur",
    }


def test_a_change_of_rights_is_noted_with_before_and_after(as_user, superuser, outsider, groups):
    edit(as_user(superuser), outsider, is_superuser="on", groups=[groups["Programmateam"].pk])
    entry = AuditEntry.objects.get()
    assert (entry.by, entry.subject) == (superuser, outsider)
    assert entry.details == {"mag alles": "nee → ja", "groepen": "nee → Programmateam"}


def test_another_name_or_address_is_no_change_of_rights(as_user, moderator, outsider):
    edit(as_user(moderator), outsider, first_name="Anders", email="anders@voorbeeld.nl")
    assert trail() == []


def test_what_is_done_with_many_at_once_is_noted_one_by_one(as_user, superuser, outsider, partner, groups):
    client = as_user(superuser)
    client.post(
        f"/admin/bulk/accounts/user/assign_role/?id={outsider.pk}&id={partner.pk}", {"role": groups["Redacteur"].pk}
    )
    client.post(f"/admin/bulk/accounts/user/set_active_state/?id={partner.pk}", {"mark_as_active": "False"})
    assert sorted((summary, subject.email) for _, summary, _, subject in trail()) == [
        ("rechten gewijzigd: actief", partner.email),
        ("rechten gewijzigd: groepen", outsider.email),
        ("rechten gewijzigd: groepen", partner.email),
    ]


def test_clearing_a_second_step_is_noted(as_user, superuser, outsider):
    add_app(outsider)
    edit(as_user(superuser), outsider, clear_second_factor="on")
    assert trail() == [("account", "tweede stap gewist", superuser, outsider)]


def group_form(group: Group, *permissions: str) -> dict:
    """The form of a group with these general rights."""
    empty = {f"{prefix}-{name}": "0" for prefix in PANELS for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MAX_NUM_FORMS")}
    pks = Permission.objects.filter(codename__in=permissions).values_list("pk", flat=True)
    return {"name": group.name, "permissions": list(pks), **empty}


PANELS = ("page_permissions", "collection_permissions", "image_permissions", "document_permissions")


def test_other_rights_of_a_group_are_noted_by_name(as_user, superuser):
    group = Group.objects.create(name="Stagiairs")
    group.permissions.add(Permission.objects.get(codename="add_pilot"))
    response = as_user(superuser).post(
        f"/admin/groups/edit/{group.pk}/", group_form(group, "access_admin", "change_pilot")
    )
    assert response.status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.summary, entry.by) == ("rechten van de groep Stagiairs gewijzigd", superuser)
    assert entry.details == {
        "erbij": ["pilots.change_pilot", "wagtailadmin.access_admin"],
        "eraf": ["pilots.add_pilot"],
    }


def test_a_group_that_goes_is_noted(as_user, superuser):
    group = Group.objects.create(name="Stagiairs")
    as_user(superuser).post(f"/admin/groups/delete/{group.pk}/")
    assert trail() == [("rechten", "groep Stagiairs verwijderd", superuser, None)]


@pytest.mark.parametrize("address", ["/admin/users/delete/{}/", "/admin/bulk/accounts/user/delete/?id={}"])
def test_an_account_that_goes_leaves_its_lines_but_no_mail(address, as_user, superuser, outsider):
    ask_code(Client(), email=outsider.email)
    assert len(mail.outbox) == 1
    as_user(superuser).post(address.format(outsider.pk))
    assert trail() == [("account", "account verwijderd", superuser, None)]
    assert Mail.objects.count() == 0
