"""Everything allauth shows or mails is in our templates, in Dutch, and says "u"."""

import re
from html.parser import HTMLParser
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from mkbroute.accounts.adapter import AccountAdapter, SecondFactorAdapter
from tests.accounts.conftest import (
    PASSWORD,
    add_app,
    add_recovery_codes,
    app_code,
    ask_code,
    mailed_code,
    sign_in,
)

THEIRS = Path(allauth.__file__).parent / "templates"
OURS = settings.BASE_DIR / "templates"
APPS = ("account", "mfa", "usersessions")

# What no page of ours can lead to. A template that a new allauth brings is in neither list, and fails.
NEVER_SHOWN = {
    *(f"account/base_{name}.html" for name in ("confirm_code", "entrance", "manage", "manage_email")),
    *("account/base_manage_password.html", "account/base_manage_phone.html"),
    *(f"account/confirm_{name}_code.html" for name in ("email_verification", "password_reset", "phone_verification")),
    *(
        "account/email.html",
        "account/email_change.html",
        "account/email_confirm.html",
        "account/phone_change.html",
    ),
    *("account/signup.html", "account/signup_by_passkey.html", "account/signup_closed.html"),
    *("account/snippets/already_logged_in.html", "account/snippets/warn_no_email.html"),
    *("account/verification_sent.html", "account/verified_email_required.html"),
    *(
        f"account/email/{name}_{part}.txt"
        for name in (
            "account_already_exists",
            "email_changed",
            "email_confirm",
            "email_confirmation",
            "email_confirmation_signup",
            "email_deleted",
            "password_reset_code",
        )
        for part in ("subject", "message")
    ),
    *(
        f"account/messages/{name}.txt"
        for name in (
            "cannot_delete_primary_email",
            "email_confirmation_failed",
            "email_confirmation_sent",
            "email_confirmed",
            "email_deleted",
            "phone_verification_sent",
            "phone_verified",
            "primary_email_set",
            "unverified_primary_email",
        )
    ),
    *("mfa/base_entrance.html", "mfa/base_manage.html", "mfa/trust.html", "mfa/totp/base.html"),
    *("mfa/recovery_codes/base.html", "mfa/recovery_codes/download.txt"),
    *("mfa/webauthn/authenticator_list.html", "mfa/webauthn/base.html", "mfa/webauthn/signup_form.html"),
    *("mfa/webauthn/snippets/login_script.html", "mfa/webauthn/snippets/scripts.html"),
    "usersessions/base_manage.html",
}
NEVER_SAID = {
    *(
        "add_email_blocked",
        "cannot_remove_primary_email",
        "duplicate_email",
        "email_taken",
        "max_email_addresses",
    ),
    *("phone_password_mismatch", "phone_taken", "same_as_current", "unknown_phone", "unverified_email"),
    *("unverified_primary_email", "username_blacklisted", "username_password_mismatch", "username_taken"),
}

FOREIGN = re.compile(
    r"\b(je|jij|jou|jouw|jullie"
    r"|the|your|you|and|please|sign|password|email|invalid|incorrect|enter|this|that|been|with|are|for|not"
    r"|required|hidden|field|must|key)\b",
    re.IGNORECASE,
)


class Words(HTMLParser):
    """Collects what a reader of a page sees or hears."""

    def __init__(self):
        super().__init__()
        self.words, self.silent = [], 0

    def handle_starttag(self, tag, attributes):
        self.silent += tag in ("script", "style")
        self.words += [value for name, value in attributes if name in ("aria-label", "alt", "title", "placeholder")]

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.silent:
            self.words.append(data)


def foreign_words(text: str) -> list[str]:
    """What is not Dutch, or not polite, in a page or a mail; links do not count."""
    reader = Words()
    reader.feed(text)
    return FOREIGN.findall(re.sub(r"\S*(://|@)\S*", "", " ".join(reader.words)))


def names(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for app in APPS for path in (root / app).rglob("*.*")}


def test_the_reader_finds_english_and_je():
    page = '<p title="Enter">Geef je code</p><script>var password</script><a href="/your/">Mail the team</a>'
    assert foreign_words(page) == ["Enter", "je", "the"]


def test_every_template_of_allauth_is_ours_or_never_shown():
    assert names(THEIRS) - names(OURS) == NEVER_SHOWN


def test_no_template_of_ours_uses_the_words_of_allauth():
    offenders = [
        name
        for name in names(OURS)
        if re.search(r"{%\s*(load i18n|trans|blocktrans|element)", (OURS / name).read_text())
    ]
    assert offenders == []


@pytest.mark.parametrize(
    ("ours", "theirs"), [(AccountAdapter, DefaultAccountAdapter), (SecondFactorAdapter, DefaultMFAAdapter)]
)
def test_every_error_is_dutch(ours, theirs):
    untranslated = {key for key, words in theirs.error_messages.items() if ours.error_messages[key] is words}
    assert untranslated <= NEVER_SAID
    said = [str(words) for key, words in ours.error_messages.items() if key not in NEVER_SAID]
    assert foreign_words(" ".join(said)) == []


@pytest.fixture
def guarded(member):
    """Somebody with an app, a passkey and recovery codes."""
    add_app(member)
    add_recovery_codes(member)
    Authenticator.objects.create(user=member, type="webauthn", data={"name": "Laptop", "credential": {}})
    return member


VISITOR_PAGES = [
    "account_login",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_inactive",
]
MEMBER_PAGES = [
    "account_home",
    "account_logout",
    "account_change_password",
    "account_reauthenticate",
    "usersessions_list",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_deactivate_totp",
]


@pytest.mark.parametrize("name", VISITOR_PAGES)
def test_a_page_for_visitors_is_dutch(client, db, name):
    response = client.get(reverse(name))
    assert (response.status_code, foreign_words(response.content.decode())) == (200, [])


@pytest.mark.parametrize("name", ["account_login", "account_request_login_code", "account_reset_password"])
@pytest.mark.parametrize("value", ["", "geen adres", "\x00", "a" * 5000])
def test_the_errors_of_a_form_for_visitors_are_dutch(client, db, name, value):
    response = client.post(reverse(name), {"login": value, "email": value, "password": value})
    assert (response.status_code, foreign_words(response.content.decode())) == (200, [])


@pytest.fixture
def signed_in(guarded, client):
    """A browser in which somebody has just shown who they are."""
    sign_in(client)
    client.post("/account/2fa/authenticate/", {"code": app_code()})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.mark.parametrize("name", MEMBER_PAGES)
def test_a_page_for_members_is_dutch(signed_in, name):
    response = signed_in.get(reverse(name))
    assert (response.status_code, foreign_words(response.content.decode())) == (200, [])


@pytest.mark.parametrize("action", ["edit", "remove"])
def test_a_page_about_a_passkey_is_dutch(signed_in, action):
    passkey = Authenticator.objects.get(type="webauthn")
    response = signed_in.get(f"/account/2fa/webauthn/keys/{passkey.pk}/{action}/")
    assert (response.status_code, foreign_words(response.content.decode())) == (200, [])


def test_the_pages_of_who_has_nothing_set_up_are_dutch(as_user, outsider):
    client = as_user(outsider)
    for name in (
        "account_home",
        "mfa_index",
        "account_set_password",
        "mfa_activate_totp",
        "mfa_add_webauthn",
    ):
        response = client.get(reverse(name))
        assert (response.status_code, foreign_words(response.content.decode())) == (200, [])


def test_the_steps_of_signing_in_are_dutch(client, guarded, monkeypatch):
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    ask_code(client)
    pages = [client.get("/account/login/code/confirm/")]
    pages.append(client.post("/account/login/code/confirm/", {"code": "XXXX"}))
    client.post("/account/login/code/confirm/", {"code": mailed_code()})
    pages.append(client.get("/account/2fa/authenticate/"))
    pages.append(client.post("/account/2fa/authenticate/", {"code": ""}))
    pages.append(client.post("/account/2fa/authenticate/", {"credential": "{}"}))
    client.post("/account/2fa/authenticate/", {"code": app_code()})
    pages.append(client.get("/account/2fa/webauthn/reauthenticate/"))
    assert [page.status_code for page in pages] == [200] * 6
    assert [foreign_words(page.content.decode()) for page in pages] == [[]] * 6


def test_choosing_a_new_password_from_a_mail_is_dutch(client, member):
    client.post("/account/password/reset/", {"email": member.email})
    link = next(word for word in mail.outbox[0].body.split() if "/reset/key/" in word)
    form = client.get(link, follow=True).redirect_chain[-1][0]
    pages = [client.get(form), client.post(form, {"password1": "kort"}), Client().get(form)]
    assert [page.status_code for page in pages] == [200] * 3
    assert [foreign_words(page.content.decode()) for page in pages] == [[]] * 3


@pytest.mark.parametrize("password", ["kort", "wachtwoord12", "noor@voorbeeld.nl", "password1234", ""])
def test_what_is_wrong_with_a_password_is_said_in_dutch(signed_in, password):
    response = signed_in.post("/account/password/change/", {"oldpassword": "fout", "password1": password})
    assert (response.status_code, foreign_words(response.content.decode())) == (200, [])


def test_too_many_attempts_is_said_in_dutch(client, member):
    for _ in range(6):
        limited = sign_in(client, password="iets-anders")
        blocked = client.post("/account/password/reset/", {"email": member.email})
    assert "te veel mislukte pogingen" in limited.content.decode().lower()
    assert [foreign_words(page.content.decode()) for page in (limited, blocked)] == [[], []]


def test_every_mail_and_message_is_dutch(client, member, partner, as_user, no_waiting_for_commit):
    said = []

    def post(path, data=None):
        response = client.post(path, data or {}, follow=True)
        said.extend(str(message) for message in response.context["messages"])

    ask_code(Client())
    ask_code(Client(), email="niemand@voorbeeld.nl")
    Client().post("/account/password/reset/", {"email": member.email})
    sign_in(client)
    post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "nog-meer-gewone-woorden"})
    post("/account/reauthenticate/", {"password": "nog-meer-gewone-woorden"})
    client.get("/account/2fa/totp/activate/")
    post("/account/2fa/totp/activate/", {"code": app_code(client.session["mfa.totp.secret"])})
    post("/account/2fa/recovery-codes/generate/")
    passkey = Authenticator.objects.create(user=member, type="webauthn", data={"name": "Laptop", "credential": {}})
    post(f"/account/2fa/webauthn/keys/{passkey.pk}/remove/")
    post("/account/2fa/totp/deactivate/")
    post("/account/sessions/")
    post("/account/logout/")
    as_user(partner).post("/account/password/set/", {"password1": "vier-gewone-woorden"})

    assert [message.subject for message in mail.outbox] == [
        "Uw code om in te loggen",
        "Geen account op dit e-mailadres",
        "Kies een nieuw wachtwoord",
        "Uw wachtwoord is gewijzigd",
        "App met codes ingesteld",
        "Nieuwe herstelcodes",
        "Passkey verwijderd",
        "App met codes uitgezet",
        "Uw account heeft nu een wachtwoord",
    ]
    assert said == [
        "Uw wachtwoord is gewijzigd.",
        "De app met codes is ingesteld.",
        "Uw herstelcodes zijn gemaakt.",
        "Uw herstelcodes zijn gemaakt.",
        "De passkey is verwijderd.",
        "De app met codes is uitgezet.",
        "U bent overal elders uitgelogd.",
        "U bent uitgelogd.",
    ]
    assert [foreign_words(f"{message.subject} {message.body}") for message in mail.outbox] == [[]] * 9
    assert foreign_words(" ".join(said)) == []
