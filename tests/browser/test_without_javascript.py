"""Scripts only add to what works without them."""

import pytest
from playwright.sync_api import expect

from mkbroute.models import ContactMessage

PHONE = 375


@pytest.fixture
def visit_plainly(visit):
    """Visit with scripts switched off."""
    return lambda address, **options: visit(address, java_script_enabled=False, **options)


def test_a_filter_narrows_the_list(visit_plainly):
    page = visit_plainly("/pilots/")
    page.locator("summary", has_text="Vorm").click()
    page.get_by_role("checkbox", name="Duaal").check()
    page.get_by_role("button", name="Toon pilots").click()
    expect(page).to_have_url("/pilots/?q=&vorm=duaal&sorteer=plaats#uitkomst")
    matches = page.locator(".stops").first.get_by_role("listitem")
    expect(page.get_by_role("heading", level=2).first).to_have_text(f"{matches.count()} van de 7 passen bij uw keuze")


def test_a_facet_opens_and_closes_the_one_before(visit_plainly):
    page = visit_plainly("/pilots/")
    dual, overijssel = (page.get_by_role("checkbox", name=name) for name in ("Duaal", "Overijssel"))
    expect(dual).to_be_hidden()
    page.locator("summary", has_text="Vorm").click()
    expect(dual).to_be_visible()
    page.locator("summary", has_text="Provincie").click()
    expect(overijssel).to_be_visible()
    expect(dual).to_be_hidden()


def test_a_chip_takes_its_filter_away(visit_plainly):
    page = visit_plainly("/pilots/?vorm=duaal&graad=bachelor")
    page.get_by_role("link", name="Verwijder Vorm: Duaal").click()
    expect(page).to_have_url("/pilots/?graad=bachelor")


def test_a_list_without_result_helps_on(visit_plainly):
    page = visit_plainly("/pilots/?q=avans&provincie=zeeland")
    page.get_by_role("link", name="zonder Provincie").click()
    expect(page).to_have_url("/pilots/?q=avans")
    expect(page.locator(".stops").first.get_by_role("listitem")).not_to_have_count(0)


def test_the_menu_opens_on_a_phone(visit_plainly):
    page = visit_plainly("/", width=PHONE)
    menu = page.get_by_role("navigation", name="Hoofdmenu")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(menu).to_be_visible()
    menu.get_by_role("link", name="Netwerk").click()
    expect(page).to_have_url("/netwerk/")


def test_a_refused_message_is_still_there(visit_plainly):
    page = visit_plainly("/contact/")
    page.get_by_label("Uw vraag").fill("Wie begeleidt de student?")
    page.get_by_role("button", name="Verstuur").click()
    expect(page).to_have_title("Fout: Contact | Mkb-route in het hbo")
    expect(page.get_by_label("Uw vraag")).to_have_value("Wie begeleidt de student?")


def test_a_message_arrives(visit_plainly, own_content, monkeypatch):
    monkeypatch.setattr("mkbroute.forms.MIN_SECONDS", 0)  # a test types faster than people do
    page = visit_plainly("/contact/?pilot=mobiliteit")
    page.get_by_label("Uw naam").fill("Noor de Vries")
    page.get_by_label("Uw e-mailadres").fill("noor@voorbeeld.nl")
    page.get_by_label("Uw vraag").fill("Wie begeleidt de student?")
    page.get_by_role("button", name="Verstuur").click()
    expect(page).to_have_url("/contact/verzonden/")
    assert page.context.cookies() == []
    message = ContactMessage.objects.get()
    assert (message.subject, message.message) == (
        "Vraag over de pilot Mobiliteit",
        "Wie begeleidt de student?",
    )
