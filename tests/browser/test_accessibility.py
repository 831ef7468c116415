"""What WCAG 2.2 AA asks, as far as a machine can see it, and what a keyboard needs to find its way."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import NARROW, WIDE
from .pages import PAGES

EVERYTHING = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# What has the focus and how wide its ring is, in pixels; a link on the map draws its ring itself.
RING = """() => {
    const focused = document.activeElement;
    const circle = focused.querySelector(".hit");
    const style = getComputedStyle(circle ?? focused);
    const [kind, width] = circle ? [style.stroke, style.strokeWidth] : [style.outlineStyle, style.outlineWidth];
    const scale = circle ? circle.getScreenCTM().a : 1;
    return [focused.outerHTML, kind == "none" ? 0 : parseFloat(width) * scale];
}"""

axe = Axe()
every_page = pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())
# Every page on both screens and in both schemes; not all four ways, for colours do not depend on the width.
in_both = pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (NARROW, "dark")])


def faults(page: Page, within: str | None = None) -> list[str]:
    """What axe has against a page, or against a part of it, one line for each element."""
    found = axe.run(page, within, EVERYTHING).response["violations"]
    return [f"{fault['id']}: {node['html']}" for fault in found for node in fault["nodes"]]


@every_page
@in_both
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(visit, address, width, scheme):
    page = visit(address, width, color_scheme=scheme)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@in_both
def test_axe_finds_nothing_in_a_form_that_was_refused(visit, width, scheme):
    page = visit("/contact/", width, color_scheme=scheme)
    page.get_by_role("button", name="Verstuur").click()
    expect(page).to_have_title("Fout: Contact | Mkb-route in het hbo")
    assert faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_an_open_menu(visit, scheme):
    page = visit("/", NARROW, color_scheme=scheme)
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("navigation", name="Hoofdmenu")).to_be_visible()
    assert faults(page) == []


@in_both
def test_axe_finds_nothing_in_an_open_facet(visit, width, scheme):
    page = visit("/pilots/", width, color_scheme=scheme)
    page.locator("summary", has_text="Provincie").click()
    expect(page.get_by_role("checkbox", name="Overijssel")).to_be_visible()
    assert faults(page) == []


@pytest.mark.parametrize("address", ["/", "/pilots/", "/account/login/", "/bestaat-niet/"])
def test_the_first_stop_of_the_keyboard_leads_past_the_menu(visit, address):
    page = visit(address)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Naar de inhoud")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/", "/pilots/", "/contact/"])
def test_focus_is_seen_on_every_stop_of_the_keyboard(visit, address, scheme):
    page = visit(address, color_scheme=scheme)
    stops = []
    while len(stops) < 200:
        page.keyboard.press("Tab")
        stop, width = page.evaluate(RING)
        if stop.startswith("<body"):
            break
        stops.append((stop, width))
    assert len(stops) > 10
    assert [stop for stop, width in stops if width < 2] == []
