"""Signing in by one's own institution, in a browser: also without JavaScript, and past the content policy."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.institution import Institution, running_institution

from .conftest import NARROW, WIDE
from .test_accessibility import faults

BUTTON = "Log in met uw instelling (SURFconext)"


@pytest.fixture
def institution(settings) -> Iterator[Institution]:
    with running_institution() as institution:
        settings.OIDC_SERVER_URL = institution.url
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = "portaal", "geheim"
        institution.knows("sub-van-noor")
        yield institution


@pytest.mark.parametrize("scripts", [True, False])
def test_one_presses_a_button_and_comes_back_signed_in(own_content, visit, institution, scripts):
    factories.UserFactory(email="noor@voorbeeld.nl")
    page = visit("/account/login/?next=/account/", java_script_enabled=scripts)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    page.get_by_role("button", name=BUTTON).click()
    page.wait_for_url(f"{institution.url}/**")
    page.get_by_placeholder("sub").fill("sub-van-noor")
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url("**/account/")
    expect(page.get_by_text("Gekoppeld aan SURFconext")).to_be_visible()
    page.get_by_role("button", name="Maak de koppeling los").click()
    expect(page.get_by_role("status")).to_have_text("Uw account is niet meer gekoppeld aan SURFconext.")
    assert complaints == []


@pytest.mark.parametrize("options", [{"width": WIDE}, {"width": NARROW}, {"color_scheme": "dark"}])
def test_axe_finds_nothing_on_the_pages_about_an_institution(own_content, visit, institution, options):
    found = []
    page = visit("/account/login/", **options)
    found += faults(page)
    page.get_by_role("button", name=BUTTON).click()
    page.wait_for_url(f"{institution.url}/**")
    page.get_by_placeholder("sub").fill("sub-van-noor")
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen via SURFconext kan niet")
    found += faults(page)
    page.goto("/account/login/institution/callback/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen via SURFconext is niet gelukt")
    found += faults(page)
    assert found == []
