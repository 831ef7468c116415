"""Signing in by one's own institution, with a real OpenID provider on loopback."""

import json
import re
from collections.abc import Iterator
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client
from flask import jsonify

from mkbroute.accounts.institution import link
from mkbroute.accounts.models import User
from mkbroute.core.models import AuditEntry
from tests import factories
from tests.accounts.conftest import add_app, app_code
from tests.accounts.test_admin import edit
from tests.accounts.test_language import foreign_words
from tests.accounts.test_sign_in import text, who
from tests.institution import Institution, leave, running_institution

SUBJECT = "sub-van-noor"
BUTTON = "Log in met uw instelling (SURFconext)"


@pytest.fixture(scope="module")
def running() -> Iterator[Institution]:
    with running_institution() as institution:
        yield institution


@pytest.fixture
def institution(running, settings) -> Institution:
    """The institution of the settings, which knows Noor."""
    settings.OIDC_SERVER_URL = running.url
    settings.OIDC_CLIENT_ID = "portaal"
    settings.OIDC_CLIENT_SECRET = "geheim-van-ons"
    running.forget()
    running.knows(SUBJECT)
    return running


def come_in(client: Client, institution: Institution, subject: str = SUBJECT, **fields):
    """The whole round: the button, the institution, and back."""
    return client.get(institution.sign_in(leave(client, **fields), subject))


def reasons() -> list[str]:
    """Why people were refused, by the trail."""
    return [entry.details["reden"] for entry in AuditEntry.objects.filter(action="inloggen-mislukt").order_by("pk")]


# --- Off, unless the settings say otherwise -------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["login/institution/", "login/institution/callback/", "institution/undo/"])
def test_without_settings_there_is_no_institution(client, member, as_user, path):
    for browser in (client, as_user(member)):
        assert browser.get(f"/account/{path}").status_code == 404
        assert browser.post(f"/account/{path}").status_code == 404
    assert "instelling" not in client.get("/account/login/").content.decode()
    assert "Instelling" not in as_user(member).get("/account/").content.decode()


@pytest.mark.parametrize("missing", ["OIDC_SERVER_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"])
def test_half_a_setting_is_off_and_stops_the_start(db, client, institution, settings, missing):
    setattr(settings, missing, "")
    assert client.post("/account/login/institution/").status_code == 404
    with pytest.raises(SystemCheckError, match=rf"mkbroute\.E005\) .*{missing} must be set too"):
        call_command("check", stderr=StringIO())


def test_settings_that_are_complete_or_absent_are_fine(db, institution, settings):
    call_command("check", stdout=StringIO())
    settings.OIDC_SERVER_URL = settings.OIDC_CLIENT_ID = settings.OIDC_CLIENT_SECRET = ""
    call_command("check", stdout=StringIO())


# --- In ----------------------------------------------------------------------------------------------------------------


def test_a_verified_address_of_an_account_signs_in_and_is_linked(client, institution, member):
    assert BUTTON in client.get("/account/login/").content.decode()
    response = come_in(client, institution)
    assert (response.status_code, response.url) == (302, "/partner/")
    assert who(client) == str(member.pk)
    assert list(SocialAccount.objects.values_list("user", "uid")) == [(member.pk, SUBJECT)]
    assert "Gekoppeld aan SURFconext" in client.get("/account/").content.decode()


def test_who_is_linked_hears_of_it_once_and_stands_in_the_trail(institution, member):
    for _ in range(2):
        come_in(Client(), institution)
    assert [(message.to, message.subject) for message in mail.outbox] == [
        ([member.email], "Uw account is gekoppeld aan uw instelling")
    ]
    assert foreign_words(mail.outbox[0].body) == []
    entry = AuditEntry.objects.get(action="account")
    assert (entry.summary, entry.by, entry.subject) == ("Inloggen met de instelling gekoppeld", member, member)


def test_the_subject_keeps_signing_in_when_the_address_changed_at_the_institution(institution, member):
    come_in(Client(), institution)
    institution.knows(SUBJECT, email="noor.nieuw@school.nl", email_verified=False)
    client = Client()
    come_in(client, institution)
    assert who(client) == str(member.pk)
    member.refresh_from_db()
    assert member.email == "noor@voorbeeld.nl"


def test_a_linked_subject_wins_from_the_address_of_somebody_else(client, institution, member, outsider):
    link(member, subject=SUBJECT)
    institution.knows(SUBJECT, email=outsider.email)
    come_in(client, institution)
    assert who(client) == str(member.pk)
    assert SocialAccount.objects.get().user == member


def test_capitals_in_the_address_do_not_matter(client, institution, member):
    institution.knows(SUBJECT, email="Noor@Voorbeeld.NL")
    come_in(client, institution)
    assert who(client) == str(member.pk)


def test_a_password_keeps_working_after_signing_in_by_institution(client, institution, member):
    before = member.password
    come_in(client, institution)
    member.refresh_from_db()
    assert member.password == before


@pytest.mark.parametrize(
    ("next", "landing"),
    [("/partner/", "/partner/"), ("https://evil.example/", "/partner/"), ("//evil.example/", "/partner/")],
)
def test_after_the_institution_one_lands_on_this_site_only(client, institution, member, next, landing):
    assert come_in(client, institution, next=next).url == landing


def test_the_sign_in_page_hands_on_where_one_was_going(client, institution):
    page = client.get("/account/login/?next=/partner/").content.decode()
    form = re.search(r'<form[^>]*action="/account/login/institution/".*?</form>', page, re.DOTALL)[0]
    assert 'name="next" value="/partner/"' in form


def test_who_is_signed_in_need_not_go(institution, member, as_user):
    assert as_user(member).post("/account/login/institution/").url == "/account/"


# --- The second factor -------------------------------------------------------------------------------------------------


def test_a_second_factor_is_still_asked_and_only_then_is_one_linked(client, institution, member):
    add_app(member)
    assert come_in(client, institution, next="/partner/").url == "/account/2fa/authenticate/"
    assert who(client) is None
    assert not SocialAccount.objects.exists()
    assert client.post("/account/2fa/authenticate/", {"code": app_code()}).url == "/partner/"
    assert who(client) == str(member.pk)
    assert SocialAccount.objects.get().user == member


def test_staff_without_a_second_factor_must_set_one_up_first(client, institution, moderator, settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = True
    institution.knows(SUBJECT, email=moderator.email)
    come_in(client, institution)
    assert not Authenticator.objects.exists()
    assert client.get("/admin/").url == "/account/2fa/"


# --- Not in ------------------------------------------------------------------------------------------------------------


def test_every_refusal_is_the_same_page_and_makes_nobody(institution, member):
    inactive = factories.UserFactory(email="uit@voorbeeld.nl", is_active=False)
    gone = factories.UserFactory(email="weg@voorbeeld.nl", is_active=False)
    link(gone, subject="gekoppeld")
    people = User.objects.count()
    refusals = {
        "onbekend": {"email": "niemand@voorbeeld.nl"},
        "onbevestigd": {"email_verified": False},
        "niets-gezegd": {"email_verified": None},
        "als-tekst": {"email_verified": "true"},
        "zonder-adres": {"email": None},
        "uitgezet": {"email": inactive.email},
        "gekoppeld": {"email": gone.email},
    }
    pages = []
    for subject, claims in refusals.items():
        institution.knows(subject, **claims)
        client = Client()
        pages.append(come_in(client, institution, subject))
        assert who(client) is None, subject
    assert [page.status_code for page in pages] == [403] * len(refusals)
    assert len({text(page) for page in pages}) == 1
    assert "<h1>Inloggen via SURFconext kan niet</h1>" in text(pages[0])
    assert foreign_words(text(pages[0])) == []
    assert reasons() == ["geen account", *["adres niet bevestigd"] * 4, *["account uitgezet"] * 2]
    assert User.objects.count() == people
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize("email", ["noor@voorbeeld.nl\u200b", "noor@voorbeeld.n\uff4c", "\u212aees@voorbeeld.nl"])
def test_an_address_that_only_looks_like_an_account_is_refused(client, institution, member, email):
    factories.UserFactory(email="kees@voorbeeld.nl")
    institution.knows(SUBJECT, email=email)
    assert come_in(client, institution).status_code == 403
    assert who(client) is None


def test_an_older_address_of_an_account_lets_nobody_in(client, institution, member):
    EmailAddress.objects.create(user=member, email="oud@voorbeeld.nl", verified=True)
    institution.knows(SUBJECT, email="oud@voorbeeld.nl")
    assert come_in(client, institution).status_code == 403


def test_an_invitation_is_accepted_by_its_code_and_not_by_the_institution(client, institution, pilot):
    factories.PilotInvitationFactory(pilot=pilot, email="noor@voorbeeld.nl")
    page = come_in(client, institution)
    assert page.status_code == 403
    assert "Gebruik dan eerst de code uit die mail" in text(page)
    assert not User.objects.filter(email="noor@voorbeeld.nl").exists()


# --- What goes wrong on the way -----------------------------------------------------------------------------------------


def assert_not_done(response, status: int) -> None:
    assert response.status_code == status
    assert "<h1>Inloggen via SURFconext is niet gelukt</h1>" in text(response)
    assert foreign_words(text(response)) == []
    assert who(response.client) is None
    assert not SocialAccount.objects.exists()


def test_who_stops_at_the_institution_reads_how_to_go_on(client, institution, member):
    assert_not_done(client.get(institution.refuse(leave(client))), 400)


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=verzonnen", "?error=server_error", "?state=%00"])
def test_an_answer_nobody_asked_for_is_not_believed(client, institution, member, query):
    assert_not_done(client.get(f"/account/login/institution/callback/{query}"), 400)


def test_an_answer_with_another_state_is_not_believed(client, institution, member):
    back = institution.sign_in(leave(client), SUBJECT)
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert_not_done(client.get(back.replace(state, state[::-1])), 400)


def test_an_answer_meant_for_another_browser_is_not_believed(institution, member):
    stolen = institution.sign_in(leave(Client()), SUBJECT)
    victim = Client()
    leave(victim)
    assert_not_done(victim.get(stolen), 400)


def test_an_answer_works_once(client, institution, member):
    back = institution.sign_in(leave(client), SUBJECT)
    assert client.get(back).url == "/partner/"
    client.post("/account/logout/")
    assert client.get(back).status_code == 400
    assert who(client) is None


def test_an_institution_that_is_away_gets_a_clear_page(client, institution, settings, member):
    back = institution.sign_in(leave(client), SUBJECT)
    settings.OIDC_SERVER_URL = "http://127.0.0.1:9"  # where nobody listens
    assert_not_done(client.get(back), 502)
    assert_not_done(client.post("/account/login/institution/"), 502)


@pytest.mark.parametrize(
    ("path", "answer", "status"),
    [
        ("/.well-known/openid-configuration", "storing", 200),
        ("/.well-known/openid-configuration", [], 200),
        ("/.well-known/openid-configuration", {"issuer": "x"}, 200),
        ("/oauth2/token", {"error": "invalid_client"}, 401),
        ("/oauth2/token", "storing", 500),
        ("/oauth2/token", {"access_token": "x", "expires_in": "straks"}, 200),
        ("/oauth2/token", {"access_token": "x", "id_token": "geen-token"}, 200),
        ("/userinfo", {}, 200),
        ("/userinfo", ["noor"], 200),
        ("/userinfo", {"sub": "iemand-anders", "email": "noor@voorbeeld.nl", "email_verified": True}, 200),
        ("/userinfo", {"error": "weg"}, 503),
    ],
)
def test_a_strange_answer_of_the_institution_gets_a_clear_page(client, institution, member, path, answer, status):
    back = institution.sign_in(leave(client), SUBJECT)
    with institution.app.app_context():
        institution.answers[path] = institution.app.make_response((jsonify(answer), status))
    assert_not_done(client.get(back), 502)


def test_pressing_the_button_takes_a_post_of_our_own(db, institution):
    assert Client().get("/account/login/institution/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/account/login/institution/").status_code == 403


def test_who_presses_too_often_has_to_wait(db, institution):
    answers = [Client().post("/account/login/institution/").status_code for _ in range(31)]
    assert (answers[0], answers[-1]) == (200, 429)


# --- By the book, and no more than needed -------------------------------------------------------------------------------


def test_the_institution_is_asked_for_an_address_and_nothing_else(client, institution, member):
    leave(client)
    address = leave(client, scope="profile", auth_params="prompt=none")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert set(asked["scope"].split()) == {"openid", "email"}
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://testserver/account/login/institution/callback/"
    assert "prompt" not in asked
    assert len(asked["state"]) >= 16


def test_parameters_in_the_address_change_nothing_of_what_is_asked(client, institution, member):
    page = client.post("/account/login/institution/?scope=profile&auth_params=prompt%3Dnone&process=connect")
    assert "profile" not in page.context["address"]
    assert "prompt" not in page.context["address"]
    back = institution.sign_in(page.context["address"], SUBJECT)
    assert client.get(back).url == "/partner/"


def test_nothing_of_the_claims_but_the_subject_is_in_the_database(client, institution, member):
    add_app(member)
    institution.knows(SUBJECT, email="noor.prive@geheime-school.nl")
    link(member, subject=SUBJECT)
    come_in(client, institution)
    halfway = everything_stored()
    client.post("/account/2fa/authenticate/", {"code": app_code()})
    secrets = ["Geheim", "geheime-school", "noor.prive", "employee", *institution.told]
    assert len(institution.told) >= 2
    for stored in (halfway, everything_stored()):
        assert SUBJECT in stored
        assert [secret for secret in secrets if secret in stored] == []
    assert SocialAccount.objects.get().extra_data == {}


def everything_stored() -> str:
    """All rows of all tables, with the sessions in readable form."""
    rows = [list(model._base_manager.values()) for model in apps.get_models()]
    sessions = [session.get_decoded() for session in Session.objects.all()]
    return json.dumps([rows, sessions], default=str)


# --- Undoing it ---------------------------------------------------------------------------------------------------------


def test_the_link_can_be_undone_on_the_page_of_the_account(client, institution, member):
    come_in(client, institution)
    page = client.post("/account/institution/undo/", follow=True).content.decode()
    assert "Uw account is niet meer gekoppeld aan SURFconext." in page
    assert "Niet gekoppeld" in page
    assert foreign_words(page) == []
    institution.knows(SUBJECT, email="noor.nieuw@school.nl")
    assert come_in(Client(), institution).status_code == 403
    assert AuditEntry.objects.filter(summary="Inloggen met de instelling losgemaakt", by=member).count() == 1


def test_nobody_undoes_the_link_of_another(institution, member, outsider, as_user):
    link(member, subject=SUBJECT)
    assert as_user(None).post("/account/institution/undo/").url.startswith("/account/login/")
    assert as_user(outsider).post("/account/institution/undo/").url == "/account/"
    assert SocialAccount.objects.get().user == member


def test_a_link_ends_when_the_team_gives_the_account_another_address(institution, member, moderator, as_user, settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    link(member, subject=SUBJECT)
    edit(as_user(moderator), member, email="opvolger@voorbeeld.nl")
    member.refresh_from_db()
    assert member.email == "opvolger@voorbeeld.nl"
    assert not SocialAccount.objects.exists()
    assert come_in(Client(), institution).status_code == 403


def test_what_is_kept_of_an_institution_is_told_and_goes_with_the_account(institution, member, as_user):
    link(member, subject=SUBJECT)
    assert SUBJECT in as_user(member).get("/partner/gegevens/").content.decode()
    member.delete()
    assert not SocialAccount.objects.exists()
