"""A partner changes the page of the pilot from a phone, with and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from pilots.models import Membership, Pilot, Proposal
from tests import factories

from .test_accessibility import faults

PHONE = 375


@pytest.fixture
def mine(own_content) -> Pilot:
    """A pilot with programmes and partners."""
    return Pilot.objects.get(number=1)


@pytest.fixture
def open_portal(visit_as, mine):
    """Opens the page of the proposal in a browser of a redacteur of the pilot."""

    def open_portal(**options) -> Page:
        user = factories.UserFactory(first_name="Sam")
        Membership.objects.create(pilot=mine, user=user, role="redacteur")
        page = visit_as(user, width=PHONE, **options)
        page.goto(f"/partner/pilots/{mine.slug}/voorstel/")
        return page

    return open_portal


def whole(page: Page) -> None:
    """Nothing is wrong with the page for axe, and nothing is wider than the screen."""
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE


@pytest.mark.parametrize("options", [{"color_scheme": "dark"}, {"java_script_enabled": False}], ids=["script", "plain"])
def test_a_proposal_from_a_phone(open_portal, mine, options):
    has_script = options.get("java_script_enabled", True)
    check = whole if has_script else lambda page: None  # axe is a script
    page = open_portal(**options)
    check(page)
    page.get_by_role("button", name="Begin een voorstel").click()
    programmes = page.locator("#programmes .form-row")
    before = programmes.count()
    page.get_by_label("Samenvatting").fill("Werken en leren bij een bedrijf in de buurt.")
    page.get_by_role("button", name="Nog een opleiding").click()
    expect(programmes).to_have_count(before + 1)
    expect(programmes.last).to_be_focused()
    expect(page.get_by_label("Samenvatting")).to_have_value("Werken en leren bij een bedrijf in de buurt.")
    programmes.last.get_by_label("Duur in jaren").fill("twee")
    page.get_by_role("button", name="Bewaar en kijk na").click()
    expect(page.get_by_role("alert")).to_contain_text(f"Opleiding {before + 1}: Naam van de opleiding")
    check(page)
    page.get_by_role("alert").get_by_role("link").first.click()
    programmes.last.get_by_label("Naam van de opleiding").fill("Ad Duurzaam bouwen")
    programmes.last.get_by_label("Duur in jaren").fill("2")
    page.get_by_role("button", name="Bewaar en kijk na").click()
    expect(page.get_by_role("heading", name="Klopt dit?")).to_be_visible()
    expect(page.get_by_role("rowheader")).to_have_text(["Samenvatting", "Opleiding ‘Ad Duurzaam bouwen’ komt erbij"])
    check(page)
    page.get_by_role("button", name="Stuur in").click()
    expect(page.get_by_role("status").first).to_contain_text("Uw voorstel is ingestuurd.")
    check(page)
    assert Proposal.objects.get(pilot=mine).state == "ingediend"
    page.goto(mine.get_absolute_url())
    expect(page.get_by_text("Ad Duurzaam bouwen")).to_have_count(0)


def test_who_leaves_with_something_typed_is_asked_first(open_portal):
    page = open_portal()
    page.get_by_role("button", name="Begin een voorstel").click()
    page.get_by_label("Samenvatting").fill("Half getypt")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Terug").click()
    expect(page.get_by_label("Samenvatting")).to_have_value("Half getypt")
    assert asked == ["beforeunload"]
