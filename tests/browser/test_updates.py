"""Posting from a telephone: a photo, a preview, and words that survive a crash and an expired session."""

from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import Page, expect

from pilots.actions.moderation import approve_update
from pilots.models import Pilot, Update, UpdateState
from tests import factories

from .conftest import NARROW, WIDE
from .test_accessibility import faults

PHONE = 375


@pytest.fixture
def pilot(own_content) -> Pilot:
    return Pilot.objects.get(slug="bouwkunde-en-civiele-techniek")


@pytest.fixture
def writer(pilot):
    return factories.MembershipFactory(pilot=pilot, user__first_name="Sam").user


@pytest.fixture
def photo(tmp_path) -> Path:
    path = tmp_path / "IMG_0001.jpg"
    Image.new("RGB", (1200, 900), (60, 120, 90)).save(path)
    return path


def new(pilot: Pilot) -> str:
    return f"/partner/pilots/{pilot.slug}/berichten/nieuw/"


def sign_out(page: Page) -> None:
    """End the session as time does: the browser still has its page."""
    cookies = [cookie for cookie in page.context.cookies() if cookie["name"] != settings.SESSION_COOKIE_NAME]
    page.context.clear_cookies()
    page.context.add_cookies(cookies)


def test_an_update_with_a_photo_is_posted_from_a_telephone_and_seen_after_approval(visit_as, pilot, writer, photo):
    page = visit_as(writer, width=PHONE)
    page.goto(f"/partner/pilots/{pilot.slug}/berichten/")
    page.get_by_role("link", name="Schrijf een bericht").click()
    page.get_by_label("Titel").fill("Twaalf studenten begonnen")
    page.get_by_label("Tekst").fill("Vandaag was het zover.")
    page.get_by_role("button", name="Lijst").click()
    page.get_by_label("Foto", exact=True).set_input_files(photo)
    page.get_by_label("Wat staat er op de foto?").fill("Studenten op een bouwplaats")
    page.get_by_role("button", name="Bekijk eerst").click()
    article = page.get_by_role("article")
    expect(article.get_by_role("img", name="Studenten op een bouwplaats")).to_be_visible()
    expect(article.get_by_role("listitem")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
    page.get_by_role("button", name="Plaats het bericht").click()
    expect(page.get_by_text("Uw bericht is ingestuurd.")).to_be_visible()
    update = Update.objects.get()
    assert update.state == UpdateState.WAITING
    chief = factories.UserFactory(is_staff=True, is_superuser=True)
    approve_update(update=update, version=update.version, by=chief)
    page.goto(pilot.get_absolute_url())
    page.get_by_role("link", name="Twaalf studenten begonnen").click()
    image = page.get_by_role("img", name="Studenten op een bouwplaats")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.complete && image.naturalWidth") == 1200


def test_what_was_typed_is_offered_back_after_the_page_was_lost(visit_as, pilot, writer):
    page = visit_as(writer, width=PHONE)
    page.goto(new(pilot))
    page.get_by_label("Titel").fill("Half af")
    page.get_by_label("Tekst").fill("Ik was nog")
    page.get_by_label("Alle pilots").check()
    page.goto("about:blank")  # the battery was empty
    page.goto(new(pilot))
    expect(page.get_by_label("Titel")).to_have_value("")
    page.get_by_role("button", name="Zet mijn tekst terug").click()
    expect(page.get_by_label("Tekst")).to_have_value("Ik was nog")
    expect(page.get_by_label("Alle pilots")).to_be_checked()
    page.get_by_role("button", name="Bewaar als concept").click()
    expect(page.get_by_text("bewaard als concept")).to_be_visible()
    page.goto(new(pilot))
    expect(page.get_by_label("Titel")).to_have_value("")
    expect(page.get_by_role("button", name="Zet mijn tekst terug")).to_have_count(0)


def test_another_user_of_the_browser_is_offered_nothing_and_signing_out_forgets(visit_as, pilot, writer):
    page = visit_as(writer)
    page.goto(new(pilot))
    page.get_by_label("Titel").fill("Geheim")
    assert page.evaluate("Object.keys(localStorage).length") == 1
    page.goto("/account/logout/")
    page.get_by_role("button", name="Log uit").click()
    page.wait_for_url("**/account/login/**")
    assert page.evaluate("Object.keys(localStorage).length") == 0


@pytest.mark.parametrize("scripts", [True, False])
def test_an_expired_session_loses_no_word(visit_as, pilot, writer, scripts):
    page = visit_as(writer, width=PHONE, java_script_enabled=scripts)
    cookie = next(one for one in page.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME)
    page.goto(new(pilot))
    page.get_by_label("Titel").fill("Lang getypt")
    page.get_by_label("Tekst").fill("Een lang verhaal.\n\nMet twee alinea's.")
    sign_out(page)
    page.get_by_role("button", name="Bewaar als concept").click()
    expect(page.get_by_role("heading", name="U bent uitgelogd. Uw tekst is er nog.")).to_be_visible()
    expect(page.get_by_text("Een lang verhaal.")).to_be_visible()
    page.context.add_cookies([cookie])  # signed in, in another tab
    page.get_by_role("button", name="ga verder").click()
    expect(page.get_by_text("bewaard als concept")).to_be_visible()
    assert Update.objects.get().text.replace("\r", "") == "Een lang verhaal.\n\nMet twee alinea's."


def test_without_scripts_one_posts_as_well(visit_as, pilot, writer, photo):
    page = visit_as(writer, width=PHONE, java_script_enabled=False)
    page.goto(new(pilot))
    page.get_by_text("Hulp bij opmaak").click()
    expect(page.get_by_text("Begin een regel met een streepje")).to_be_visible()
    page.get_by_label("Titel").fill("Zonder script")
    page.get_by_label("Tekst").fill("**Vet** gedrukt")
    page.get_by_label("Alle pilots").check()
    page.get_by_label("Foto", exact=True).set_input_files(photo)
    page.get_by_role("button", name="Plaats het bericht").click()
    expect(page.get_by_role("alert")).to_contain_text("Beschrijf wat er op de foto staat")
    page.get_by_label("alleen versiering").check()
    page.get_by_role("button", name="Plaats het bericht").click()
    expect(page.get_by_text("Uw bericht is geplaatst.")).to_be_visible()
    expect(page.locator("article strong")).to_have_text("Vet")


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (NARROW, "dark")])
def test_axe_finds_nothing_where_partners_post_and_share(visit_as, pilot, writer, width, scheme):
    posted = factories.UpdateFactory(
        pilot=pilot,
        author=writer,
        audience="netwerk",
        title="Arbeidsmarktcommunicatieplan",
        text="## Kop\n\n- een\n- twee",
    )
    other = factories.UpdateFactory(pilot=pilot, audience="publiek")
    factories.PilotFileFactory(pilot=pilot, uploaded_by=writer)
    page = visit_as(writer, width=width, color_scheme=scheme)
    portal = f"/partner/pilots/{pilot.slug}"
    found = []

    def look():
        found.extend(f"{page.url}: {fault}" for fault in faults(page))
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found.extend([f"{page.url} is {overflow} pixels too wide"] if overflow > 0 else [])

    for address in (
        *(f"{portal}/berichten/", posted.portal_url, f"{posted.portal_url}bewerken/", new(pilot)),
        *("/partner/netwerk/", f"/partner/netwerk/{other.pk}/", f"{portal}/bestanden/"),
        *(other.get_absolute_url(), f"/pilots/{pilot.slug}/berichten/", "/nieuws/", pilot.get_absolute_url()),
    ):
        page.goto(address)
        assert page.url.endswith(address)
        for summary in page.locator(".sure summary").all():
            summary.click()
        look()
    for address, button in (
        (new(pilot), "Plaats het bericht"),
        (f"{portal}/bestanden/", "Zet het erbij"),
        (f"/partner/netwerk/{other.pk}/melden/", "Meld het bericht"),
    ):
        page.goto(address)
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("alert")).to_be_visible()
        look()
    page.goto(new(pilot))
    page.get_by_label("Tekst").fill("Een lang verhaal.")
    page.reload()
    expect(page.get_by_role("button", name="Zet mijn tekst terug")).to_be_visible()
    look()
    sign_out(page)
    page.get_by_role("button", name="Bewaar als concept").click()
    expect(page.get_by_text("U bent uitgelogd.")).to_be_visible()
    look()
    assert found == []
