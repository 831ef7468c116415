"""Signing in by password and by mailed code, and what strangers learn from it: nothing."""

import re

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from mkbroute.accounts.models import User
from tests.accounts.conftest import PASSWORD, ask_code, mailed_code, sign_in


def who(client) -> str | None:
    """The id of who is signed in, as the session has it."""
    return client.session.get("_auth_user_id")


def text(response) -> str:
    """A page without what differs at every request."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_the_right_password_signs_in(client, member):
    response = sign_in(client)
    assert (response.status_code, response.url) == (302, "/partner/")
    assert who(client) == str(member.pk)


def test_the_team_lands_at_its_account(client, member):
    member.is_staff = True
    member.save()
    assert sign_in(client).url == "/account/"


def test_capitals_in_the_address_do_not_matter(client, member):
    sign_in(client, email="Noor@Voorbeeld.NL")
    assert who(client) == str(member.pk)


def test_a_wrong_password_signs_nobody_in(client, member):
    response = sign_in(client, password="iets-anders")
    assert response.context["form"].non_field_errors() == ["Het e-mailadres of het wachtwoord klopt niet."]
    assert who(client) is None


def test_an_unknown_address_gets_the_answer_of_a_wrong_password(member):
    known = sign_in(Client(), password="iets-anders")
    unknown = sign_in(Client(), email="niemand@voorbeeld.nl", password="iets-anders")
    assert known.status_code == unknown.status_code
    assert text(known) == text(unknown).replace("niemand@", "noor@")


def test_who_is_switched_off_does_not_get_in(client, member):
    member.is_active = False
    member.save()
    assert sign_in(client).url == "/account/inactive/"
    ask_code(client)
    assert mail.outbox[0].subject == "Geen account op dit e-mailadres"
    assert who(client) is None


def test_a_mailed_code_signs_in(client, member):
    assert ask_code(client).url == "/account/login/code/confirm/"
    assert (mail.outbox[0].to, mail.outbox[0].subject) == (["noor@voorbeeld.nl"], "Uw code om in te loggen")
    response = client.post("/account/login/code/confirm/", {"code": mailed_code().replace("-", "").lower()})
    assert response.url == "/partner/"
    assert who(client) == str(member.pk)


def test_a_code_works_for_who_has_no_password(client, partner):
    ask_code(client, email=partner.email)
    client.post("/account/login/code/confirm/", {"code": mailed_code()})
    assert who(client) == str(partner.pk)


def test_three_wrong_codes_end_the_attempt(client, member):
    ask_code(client)
    for _ in range(3):
        response = client.post("/account/login/code/confirm/", {"code": "XXXX-XXXX"})
    assert response.url == "/account/login/code/"
    client.post("/account/login/code/confirm/", {"code": mailed_code()})
    assert who(client) is None


def test_a_new_code_replaces_the_old_one(client, member):
    ask_code(client)
    old = mailed_code()
    client.post("/account/login/code/confirm/", {"action": "resend"})
    assert len(mail.outbox) == 2
    client.post("/account/login/code/confirm/", {"code": old})
    assert who(client) is None
    client.post("/account/login/code/confirm/", {"code": mailed_code()})
    assert who(client) == str(member.pk)


def test_asking_a_code_tells_nothing_about_the_address(member):
    known, unknown = Client(), Client()
    answers = [ask_code(known), ask_code(unknown, email="niemand@voorbeeld.nl")]
    assert answers[0].url == answers[1].url
    for code in (None, "XXXX-XXXX"):
        pages = [
            client.post("/account/login/code/confirm/", {"code": code})
            if code
            else client.get("/account/login/code/confirm/")
            for client in (known, unknown)
        ]
        assert text(pages[0]) == text(pages[1]).replace("niemand@", "noor@")
    assert [message.to for message in mail.outbox] == [["noor@voorbeeld.nl"], ["niemand@voorbeeld.nl"]]


def test_asking_a_new_password_tells_nothing_about_the_address(member):
    known = Client().post("/account/password/reset/", {"email": "noor@voorbeeld.nl"})
    unknown = Client().post("/account/password/reset/", {"email": "niemand@voorbeeld.nl"})
    assert known.url == unknown.url == "/account/password/reset/done/"
    assert [message.subject for message in mail.outbox] == [
        "Kies een nieuw wachtwoord",
        "Geen account op dit e-mailadres",
    ]


def test_the_link_in_the_mail_sets_a_new_password_once(client, member):
    client.post("/account/password/reset/", {"email": "noor@voorbeeld.nl"})
    link = re.search(r"http://\S+", mail.outbox[0].body)[0]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    response = client.post(form, {"password1": "nog-meer-gewone-woorden"})
    assert response.url == "/account/password/reset/key/done/"
    assert mail.outbox[1].subject == "Uw wachtwoord is gewijzigd"
    sign_in(client, password="nog-meer-gewone-woorden")
    assert who(client) == str(member.pk)
    assert "Deze link werkt niet meer" in Client().get(link).content.decode()


@pytest.mark.parametrize("key", ["1-abc", "zzzzzzzzzzzzz-abc", "zzzzzzzzzzzzzzzzzzzzz-abc-def"])
def test_a_broken_link_says_so(client, db, key):
    response = client.get(f"/account/password/reset/key/{key}/")
    assert response.status_code == 200
    assert "Deze link werkt niet meer" in response.content.decode()


def test_after_five_wrong_passwords_the_right_one_has_to_wait(client, member):
    for _ in range(5):
        sign_in(client, password="iets-anders")
    response = sign_in(client)
    assert response.context["form"].non_field_errors() == [
        "Te veel mislukte pogingen. Probeer het over een paar minuten opnieuw."
    ]
    assert who(client) is None


def test_who_asks_too_much_gets_a_page_that_says_so(client, member):
    for _ in range(5):
        client.post("/account/password/reset/", {"email": "noor@voorbeeld.nl"})
    response = client.post("/account/password/reset/", {"email": "noor@voorbeeld.nl"})
    assert response.status_code == 429
    assert "<h1>Even wachten</h1>" in response.content.decode()
    assert len(mail.outbox) == 5


def test_attempts_are_counted_by_the_address_that_our_proxy_saw(settings, member):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for guess in range(21):
        response = Client().post(
            "/account/password/reset/",
            {"email": f"mens{guess}@voorbeeld.nl"},
            headers={"x-forwarded-for": f"10.0.0.{guess}, 203.0.113.7"},
        )
    assert response.status_code == 429


def test_a_forwarded_address_is_not_believed_without_a_proxy(settings, member):
    for guess in range(21):
        response = Client().post(
            "/account/password/reset/",
            {"email": f"mens{guess}@voorbeeld.nl"},
            headers={"x-forwarded-for": f"10.0.0.{guess}"},
        )
    assert response.status_code == 429


@pytest.mark.parametrize(
    ("next", "landing"),
    [
        ("/admin/pages/", "/admin/pages/"),
        ("https://evil.example/", "/partner/"),
        ("//evil.example/", "/partner/"),
        ("javascript:alert(1)", "/partner/"),
    ],
)
def test_after_signing_in_one_lands_on_this_site_only(client, member, next, landing):
    assert sign_in(client, next=next).url == landing


def test_the_way_on_survives_a_mailed_code(client, member):
    ask_code(client, next="/admin/pages/")
    response = client.post("/account/login/code/confirm/", {"code": mailed_code(), "next": "/admin/pages/"})
    assert response.url == "/admin/pages/"


def test_another_site_cannot_post_our_forms(member):
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict).status_code == 403
    assert who(strict) is None


def test_a_half_done_sign_in_can_be_left(client, member):
    ask_code(client)
    assert client.get("/account/login/").url == "/account/login/code/confirm/"
    assert client.post("/account/logout/", {"next": "/account/login/"}).url == "/account/login/"
    assert client.get("/account/login/").status_code == 200


def test_signing_out_takes_a_click_and_ends_the_session(client, member):
    sign_in(client)
    assert client.get("/account/logout/").status_code == 200
    assert who(client) == str(member.pk)
    assert client.post("/account/logout/").url == "/account/login/"
    assert who(client) is None
    assert client.cookies["sessionid"].value == ""


def test_a_session_ends_with_the_browser_however_it_began(client, member):
    ask_code(client)
    client.post("/account/login/code/confirm/", {"code": mailed_code()})
    assert client.cookies["sessionid"]["max-age"] == ""


def test_a_visitor_gets_no_session(client, db):
    client.get("/account/login/")
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "signup/passkey/",
        "email/",
        "confirm-email/",
        "confirm-email/abc/",
        "phone/change/",
        "phone/verify/",
        "3rdparty/",
        "social/signup/",
        "2fa/trust/",
        "2fa/webauthn/signup/",
        "2fa/recovery-codes/download/",
    ],
)
def test_what_we_do_not_offer_does_not_exist(client, member, path):
    assert client.get(f"/account/{path}").status_code == 404
    sign_in(client)
    assert client.get(f"/account/{path}").status_code == 404


def test_a_sign_up_that_is_posted_makes_nobody(client, db):
    response = client.post("/account/signup/", {"email": "nieuw@voorbeeld.nl", "password1": PASSWORD})
    assert response.status_code == 404
    assert User.objects.count() == 0


def test_the_sessions_can_be_seen_and_ended(client, member):
    elsewhere = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"})
    sign_in(elsewhere)
    sign_in(client)
    page = client.get("/account/sessions/").content.decode()
    assert "Firefox op Windows" in page
    assert "(hier, nu)" in page
    client.post("/account/sessions/")
    assert who(client) == str(member.pk)
    assert elsewhere.get("/account/").url == "/account/login/?next=/account/"
    assert UserSession.objects.count() == 1


def test_nobody_sees_or_ends_the_sessions_of_another(client, member, as_user, outsider):
    sign_in(client)
    stranger = as_user(outsider)
    assert [session.user for session in stranger.get("/account/sessions/").context["sessions"]] == [outsider]
    stranger.post("/account/sessions/")
    assert client.get("/account/").status_code == 200


def test_a_changed_password_ends_the_other_sessions_and_is_told_by_mail(client, member):
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "nog-meer-gewone-woorden"})
    assert who(client) == str(member.pk)
    assert elsewhere.get("/account/").url == "/account/login/?next=/account/"
    assert mail.outbox[0].subject == "Uw wachtwoord is gewijzigd"


def test_a_weak_password_is_refused_in_plain_words(client, member):
    sign_in(client)
    response = client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "kort"})
    assert list(response.context["form"].errors["password1"]) == [
        "Dit wachtwoord is te kort. Gebruik minstens 12 tekens."
    ]
    member.refresh_from_db()
    assert member.check_password(PASSWORD)


def test_the_account_page_tells_who_you_are_and_how_you_sign_in(client, member):
    sign_in(client)
    page = client.get("/account/").content.decode()
    assert "noor@voorbeeld.nl" in page
    assert "Wijzig uw wachtwoord" in page
    assert "Stel een tweede stap in" in page
    assert "Naar het beheer" not in page


def test_only_who_works_in_the_admin_finds_the_way_there(as_user, editor):
    assert 'href="/admin/"' in as_user(editor).get("/account/").content.decode()


@pytest.mark.parametrize("value", ["\x00", "a" * 10_000, "💥", "' or 1=1 --", "a@b"])
def test_strange_input_is_refused_with_a_message(client, member, value):
    for path, field in (("login/", "login"), ("login/code/", "email"), ("password/reset/", "email")):
        response = client.post(f"/account/{path}", {field: value, "password": value})
        assert response.status_code == 200
        assert field in response.context["form"].errors
