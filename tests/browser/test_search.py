"""The search field with its suggestions, by keyboard, by pointer and without a script."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import NARROW, WIDE
from .test_accessibility import faults


@pytest.fixture
def typed(visit):
    """``typed(text)`` is the search page with this in the field and its suggestions open."""

    def typed(text: str, **options) -> Page:
        page = visit("/zoeken/", **options)
        page.get_by_label("Waar zoekt u naar?").press_sequentially(text)
        expect(page.get_by_role("listbox", name="Suggesties")).to_be_visible()
        return page

    return typed


def test_a_suggestion_is_chosen_and_searched_by_keyboard(typed):
    page = typed("bouwe")
    field, first = page.get_by_role("combobox", name="Waar zoekt u naar?"), page.get_by_role("option").first
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", first.get_attribute("id"))
    expect(field).to_have_value("Bouwend Nederland")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url("/zoeken/?q=Bouwend+Nederland")
    expect(page.get_by_role("link", name="Bouwend Nederland").first).to_be_visible()


def test_past_either_end_of_the_list_stands_what_was_typed(typed):
    page = typed("bouwe")
    field = page.get_by_role("combobox")
    last = page.get_by_role("option").last.text_content()
    page.keyboard.press("ArrowUp")
    expect(field).to_have_value(last)
    page.keyboard.press("ArrowDown")
    expect(field).to_have_value("bouwe")
    assert field.get_attribute("aria-activedescendant") is None


def test_escape_closes_the_list_and_keeps_what_was_typed(typed):
    page = typed("bouwe")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.get_by_role("combobox")).to_have_value("bouwe")
    expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")


def test_a_suggestion_is_searched_by_a_click(typed):
    page = typed("bouwe")
    page.get_by_role("option", name="Bouwend Nederland").click()
    expect(page).to_have_url("/zoeken/?q=Bouwend+Nederland")


def test_leaving_the_field_closes_the_list(typed):
    page = typed("bouwe")
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.get_by_role("button", name="Zoek", exact=True)).to_be_focused()


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (NARROW, "dark")])
def test_axe_finds_nothing_in_open_suggestions(typed, width, scheme):
    page = typed("bouwe", width=width, color_scheme=scheme)
    page.keyboard.press("ArrowDown")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_without_javascript_the_field_searches(visit):
    page = visit("/zoeken/", java_script_enabled=False)
    page.get_by_label("Waar zoekt u naar?").fill("bouwend nederland")
    page.get_by_role("button", name="Zoek", exact=True).click()
    expect(page).to_have_url("/zoeken/?q=bouwend+nederland")
    expect(page.get_by_role("link", name="Bouwend Nederland").first).to_be_visible()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_leads_to_the_search(visit, width):
    page = visit("/", width=width)
    page.get_by_role("link", name="Zoeken").click()
    expect(page).to_have_url("/zoeken/")
