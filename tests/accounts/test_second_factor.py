"""The second factor: an app and recovery codes; tests/browser/test_passkeys.py tries passkeys."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from tests import factories
from tests.accounts.conftest import (
    PASSWORD,
    add_app,
    add_recovery_codes,
    app_code,
    ask_code,
    mailed_code,
    sign_in,
)
from tests.accounts.test_sign_in import who

CHALLENGE = "/account/2fa/authenticate/"
SET_UP = "/account/2fa/"


@pytest.fixture(autouse=True)
def _as_in_production(settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = True


def test_a_password_alone_is_not_enough_for_who_has_an_app(client, member):
    add_app(member)
    assert sign_in(client).url == CHALLENGE
    assert who(client) is None
    assert client.get("/account/").url == "/account/login/?next=/account/"
    assert client.post(CHALLENGE, {"code": app_code()}).url == "/partner/"
    assert who(client) == str(member.pk)


def test_neither_is_a_mailed_code(client, member):
    add_app(member)
    ask_code(client)
    assert client.post("/account/login/code/confirm/", {"code": mailed_code()}).url == CHALLENGE
    assert who(client) is None


def test_neither_is_a_new_password(client, member):
    add_app(member)
    client.post("/account/password/reset/", {"email": member.email})
    link = next(word for word in mail.outbox[0].body.split() if "/reset/key/" in word)
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "nog-meer-gewone-woorden"})
    assert who(client) is None
    assert sign_in(client, password="nog-meer-gewone-woorden").url == CHALLENGE


def test_a_wrong_code_is_refused_in_dutch(client, member):
    add_app(member)
    sign_in(client)
    response = client.post(CHALLENGE, {"code": "000000"})
    assert response.context["form"].errors["code"] == ["Dat klopt niet. Probeer het opnieuw."]
    assert who(client) is None


def test_a_code_of_five_minutes_ago_is_refused(client, member):
    add_app(member)
    sign_in(client)
    client.post(CHALLENGE, {"code": app_code(minutes_ago=5)})
    assert who(client) is None


def test_a_code_works_once(member):
    add_app(member)
    code = app_code()
    for expected in (str(member.pk), None):
        client = Client()
        sign_in(client)
        client.post(CHALLENGE, {"code": code})
        assert who(client) == expected


def test_a_recovery_code_works_once(member):
    add_app(member)
    code = add_recovery_codes(member)[0]
    for expected in (str(member.pk), None):
        client = Client()
        sign_in(client)
        client.post(CHALLENGE, {"code": code})
        assert who(client) == expected


def test_the_way_on_survives_the_second_factor(client, member):
    add_app(member)
    sign_in(client, next="/admin/pages/")
    assert client.post(CHALLENGE, {"code": app_code()}).url == "/admin/pages/"


def test_an_app_is_set_up_by_who_shows_once_more_who_they_are(client, member, no_waiting_for_commit):
    sign_in(client)
    activate = "/account/2fa/totp/activate/"
    assert client.get(activate).url.partition("?")[0] == "/account/reauthenticate/"
    assert client.post("/account/reauthenticate/", {"password": PASSWORD, "next": activate}).url == activate
    assert "<svg" in client.get(activate).content.decode()
    assert client.post(activate, {"code": "000000"}).status_code == 200
    response = client.post(activate, {"code": app_code(client.session["mfa.totp.secret"])})
    assert response.url == "/account/2fa/recovery-codes/"
    assert len(client.get("/account/2fa/recovery-codes/").context["unused_codes"]) == 10
    assert mail.outbox[-1].subject == "App met codes ingesteld"


def test_a_second_factor_can_be_set_up_after_a_new_password(client, member):
    client.post("/account/password/reset/", {"email": member.email})
    sign_in(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.get("/account/2fa/totp/activate/").status_code == 200


@pytest.mark.parametrize("role", ["editor", "moderator"])
@pytest.mark.parametrize(
    "path", ["/account/", "/account/sessions/", "/account/password/change/", "/admin/", "/admin/pages/"]
)
def test_staff_without_a_second_factor_reach_only_the_pages_to_set_one_up(request, db, as_user, role, path):
    client = as_user(request.getfixturevalue(role))
    response = client.get(path)
    assert (response.status_code, response.url) == (302, SET_UP)
    assert "Stel daarom eerst een tweede stap in" in client.get(SET_UP).content.decode()


def test_who_only_enters_the_admin_needs_one_too(as_user, groups):
    user = factories.UserFactory(is_staff=False)
    user.groups.add(groups["Redacteur"])
    assert as_user(user).get("/admin/").url == SET_UP


def test_a_superuser_needs_one_too(as_user, db):
    assert as_user(factories.UserFactory(is_superuser=True)).get("/admin/").url == SET_UP


@pytest.mark.parametrize("path", ["/account/2fa/totp/activate/", "/account/2fa/webauthn/add/", "/account/logout/"])
def test_the_way_in_and_the_way_out_stay_open(as_user, editor, path):
    assert as_user(editor).get(path).status_code == 200


def test_recovery_codes_alone_do_not_count(as_user, editor):
    add_recovery_codes(editor)
    assert as_user(editor).get("/admin/").url == SET_UP


def test_with_an_app_staff_are_in_and_without_it_they_are_out_again(as_user, editor):
    app = add_app(editor)
    add_recovery_codes(editor)
    client = as_user(editor)
    assert client.get("/account/").status_code == 200
    assert client.get("/admin/").status_code == 200
    app.delete()
    assert client.get("/admin/").url == SET_UP
    assert client.get("/account/").url == SET_UP


def test_turning_the_app_off_takes_the_recovery_codes_along(client, member):
    add_app(member)
    add_recovery_codes(member)
    sign_in(client)
    client.post(CHALLENGE, {"code": app_code()})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.post("/account/2fa/totp/deactivate/")
    assert Authenticator.objects.count() == 0
    assert mail.outbox[-1].subject == "App met codes uitgezet"


def test_nobody_removes_the_passkey_of_another(as_user, member, outsider):
    passkey = Authenticator.objects.create(user=member, type="webauthn", data={"name": "x", "credential": {}})
    stranger = as_user(outsider)
    for action in ("edit", "remove"):
        path = f"/account/2fa/webauthn/keys/{passkey.pk}/{action}/"
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, {"name": "y"}).status_code == 404
    assert Authenticator.objects.get().data["name"] == "x"


def test_a_partner_needs_no_second_factor(as_user, partner):
    assert as_user(partner).get("/account/").status_code == 200


def test_public_pages_stay_open_to_staff_without_one(as_user, editor):
    factories.HomePageFactory()
    assert as_user(editor).get("/").status_code == 200


def test_the_setting_turns_it_off(as_user, editor, settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    assert as_user(editor).get("/account/").status_code == 200


UNREADABLE = {"id": "a", "rawId": "a", "type": "public-key", "response": {}}
MADE_UP = {
    "id": "YQ",
    "rawId": "YQ",
    "type": "public-key",
    "response": {
        "clientDataJSON": "e30",
        "attestationObject": "oA",
        "authenticatorData": "AA",
        "signature": "AA",
        "userHandle": "%%",
    },
}
FORGED = ["", "null", "[]", "kapot", '{"id": 1}', json.dumps(UNREADABLE), json.dumps(MADE_UP)]


@pytest.mark.parametrize("answer", FORGED)
def test_a_forged_passkey_is_refused_with_a_message(member, as_user, partner, answer):
    visitor = Client()
    visitor.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
    visitor.post("/account/2fa/webauthn/login/", {"credential": answer})
    assert len(list(visitor.get("/account/login/").context["messages"])) == 1
    assert who(visitor) is None

    add_app(member)
    halfway = Client()
    sign_in(halfway)
    halfway.get(CHALLENGE)
    response = halfway.post(CHALLENGE, {"credential": answer})
    assert "credential" in response.context["webauthn_form"].errors
    assert who(halfway) is None

    adding = as_user(partner)
    adding.get("/account/2fa/webauthn/add/")
    response = adding.post("/account/2fa/webauthn/add/", {"credential": answer, "name": "Vals"})
    assert response.context["form"].errors != {}
    assert Authenticator.objects.filter(user=partner).count() == 0
