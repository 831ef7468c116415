"""A page on paper."""

import pytest
from playwright.sync_api import expect

from .pages import PAGES


@pytest.mark.parametrize("name", ["home", "pilots", "pilot", "network", "table", "timeline and quote", "audience"])
def test_paper_has_the_words_and_not_the_controls(visit, name):
    page = visit(PAGES[name])
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.get_by_role("navigation").filter(visible=True).count() == 0
    assert page.get_by_role("search").filter(visible=True).count() == 0
    assert page.get_by_role("contentinfo").filter(visible=True).count() == 0


def test_paper_tells_where_a_link_to_elsewhere_leads(visit):
    page = visit("/pilots/bouwkunde-en-civiele-techniek/")
    page.emulate_media(media="print")
    link = page.get_by_role("main").locator("a[href^=http]").first
    shown = link.evaluate("link => getComputedStyle(link, '::after').content")
    assert shown == f'" ({link.get_attribute("href")})"'
