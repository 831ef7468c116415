"""The site by keyboard alone."""

from playwright.sync_api import Locator, Page, expect

from pilots.models import Region

from .conftest import NARROW


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this element has the focus, at most as often as the page has stops."""
    for _ in range(page.locator("a, button, input, select, textarea, summary, [tabindex]").count()):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element == document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {wanted}")


def test_a_facet_is_opened_ticked_and_sent(visit):
    page = visit("/pilots/")
    tab_to(page, page.locator("summary", has_text="Vorm"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("checkbox", name="Duaal"))
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/pilots/?q=&vorm=duaal&sorteer=plaats#uitkomst")


def test_every_place_on_the_map_is_a_stop_with_a_name(visit):
    page = visit("/pilots/")
    regions = Region.objects.filter(pilot__live=True).exclude(latitude=None).select_related("pilot")
    expected = {f"Plaats {region.pilot.number}: {region.pilot}, {region}" for region in regions}
    links = page.locator("svg a")
    names = set()
    tab_to(page, links.first)
    for _ in range(links.count()):
        names.add(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        page.keyboard.press("Tab")
    assert names == expected


def test_a_place_on_the_map_opens_its_pilot(visit):
    page = visit("/")
    tab_to(page, page.locator("svg").get_by_role("link", name="Plaats 3: Mobiliteit").first)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/pilots/mobiliteit/")


def test_the_menu_of_a_phone_opens_and_closes(visit):
    page = visit("/", NARROW)
    button, menu = page.get_by_role("button", name="Menu"), page.get_by_role("navigation", name="Hoofdmenu")
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link", name="Pilots")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def test_a_table_fits_the_smallest_phone(visit):
    page = visit("/voor-wie/student/", NARROW)
    box = page.get_by_role("region").first
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    answer = page.get_by_role("table").first.locator("td").first
    assert answer.evaluate("cell => cell.getBoundingClientRect().right <= innerWidth")
