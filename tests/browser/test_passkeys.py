"""Passkeys for real: Chromium plays a telephone that keeps them."""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from tests import factories

EMAIL, PASSWORD = "noor@voorbeeld.nl", "vier-gewone-woorden"
TELEPHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Telephone:
    """A telephone beside the browser of a page."""

    def __init__(self, page: Page):
        self.line = page.context.new_cdp_session(page)
        self.line.send("WebAuthn.enable")
        self.id = self.line.send("WebAuthn.addVirtualAuthenticator", {"options": TELEPHONE})["authenticatorId"]

    def passkeys(self) -> list[dict]:
        """The passkeys it keeps."""
        return self.line.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]

    def refuse(self) -> None:
        """From now on it does not recognise the finger."""
        self.line.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False})


@pytest.fixture
def member(own_content):
    """Somebody with a password."""
    user = factories.UserFactory(email=EMAIL)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def page(member, visit) -> Iterator[Page]:
    """The sign-in page. Fails when the browser has complaints, such as about a script our policy forbids."""
    page = visit("/account/login/?next=/account/")
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


@pytest.fixture
def telephone(page) -> Telephone:
    return Telephone(page)


def expect_title(page: Page, title: str) -> None:
    """Wait until the page with this title is there."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def sign_in(page: Page) -> None:
    """With the password, from the sign-in page."""
    page.get_by_label("E-mailadres").fill(EMAIL)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def sign_out(page: Page) -> None:
    page.goto("/account/")
    page.get_by_role("button", name="Log uit").click()
    expect_title(page, "Inloggen")


def add_passkey(page: Page) -> None:
    """Make one, just after signing in."""
    expect_title(page, "Uw account")
    page.goto("/account/2fa/webauthn/add/")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_label("Naam van de passkey").fill("Mijn telefoon")
    page.get_by_role("button", name="Maak de passkey").click()
    expect_title(page, "Uw herstelcodes")


def test_a_passkey_is_made_and_signs_in_without_a_password(page, telephone, member):
    sign_in(page)
    add_passkey(page)
    assert Authenticator.objects.get(type="webauthn").wrap().name == "Mijn telefoon"
    assert [key["isResidentCredential"] for key in telephone.passkeys()] == [True]
    sign_out(page)
    page.get_by_role("button", name="Log in met een passkey").click()
    expect_title(page, "Uw overzicht")
    page.goto("/account/")
    expect(page.get_by_text(EMAIL)).to_be_visible()


def test_the_way_on_survives_signing_in_with_a_passkey(page, telephone):
    sign_in(page)
    add_passkey(page)
    sign_out(page)
    page.goto("/account/login/?next=/account/sessions/")
    page.get_by_role("button", name="Log in met een passkey").click()
    expect_title(page, "Waar u bent ingelogd")


def test_a_passkey_is_the_step_after_a_password(page, telephone):
    sign_in(page)
    add_passkey(page)
    sign_out(page)
    sign_in(page)
    expect_title(page, "Nog een stap")
    page.get_by_role("button", name="Gebruik uw passkey").click()
    expect_title(page, "Uw overzicht")


def test_a_passkey_shows_once_more_who_you_are(page, telephone):
    sign_in(page)
    add_passkey(page)
    page.goto("/account/2fa/webauthn/reauthenticate/?next=/account/2fa/totp/activate/")
    page.get_by_role("button", name="Gebruik uw passkey").click()
    expect_title(page, "Stel een app met codes in")


def test_a_passkey_that_is_refused_leaves_you_where_you_were(page, telephone):
    sign_in(page)
    add_passkey(page)
    sign_out(page)
    telephone.refuse()
    page.get_by_role("button", name="Log in met een passkey").click()
    expect(page.get_by_role("alert")).to_have_text(
        "De passkey is niet gebruikt. Probeer het opnieuw of kies een andere manier."
    )
    expect_title(page, "Inloggen")


def test_without_javascript_nothing_is_offered_that_needs_it(member, visit):
    page = visit("/account/login/", java_script_enabled=False)
    expect(page.get_by_role("button", name="Log in met een passkey")).to_be_hidden()
    sign_in(page)
    expect_title(page, "Uw overzicht")
    page.goto("/account/2fa/webauthn/add/")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Ga verder").click()
    expect(page.get_by_text("Dit kan niet in deze browser")).to_be_visible()
    expect(page.get_by_role("button", name="Maak de passkey")).to_be_hidden()
