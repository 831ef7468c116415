"""Every screen of the admin opens for who may open it, and for nobody else; lists cost the same at any length."""

import csv
import json
from io import BytesIO, StringIO

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.snippets.models import get_snippet_models

from mkbroute.core.models import PromotedResult, Province, Sector, Source, StandardText, Synonym, TargetGroup, Theme
from mkbroute.models import BrokenLink, ContactMessage
from mkbroute.permissions import PUBLISHABLES
from pilots.models import ContactMoment, Pilot, SupportRequest
from tests import factories

PAGES, SHARED = PUBLISHABLES, (Source, BrokenLink, Synonym)
TEAM_ONLY = (
    *(Theme, Sector, TargetGroup, Province, PromotedResult, StandardText),
    *(ContactMessage, SupportRequest, ContactMoment),
)
SCREENS = ("list", "add", "edit", "history", "usage", "delete")
NEVER = {
    (ContactMessage, "add"),  # only visitors make them
    (SupportRequest, "add"),  # only partners ask
    (SupportRequest, "edit"),  # nothing of it is edited: it leads to the screen where it is answered
    *((BrokenLink, screen) for screen in ("add", "delete")),  # the weekly check does
}


def make(model, **fields):
    return getattr(factories, f"{model.__name__}Factory")(**fields)


def address(model, screen: str, instance=None) -> str:
    args = [] if screen in {"list", "add"} else [instance.pk]
    return reverse(model.snippet_viewset.get_url_name(screen), args=args)


def test_this_file_knows_everything_that_is_registered():
    assert set(get_snippet_models()) == {*PAGES, *SHARED, *TEAM_ONLY}


def answers(client, model) -> dict[str, int]:
    instance = make(model)
    return {screen: client.get(address(model, screen, instance)).status_code for screen in SCREENS}


@pytest.mark.parametrize("model", [*PAGES, *SHARED, *TEAM_ONLY])
def test_the_team_opens_every_screen(model, team):
    expected = {screen: 302 if (model, screen) in NEVER else 200 for screen in SCREENS}
    assert answers(team, model) == expected


@pytest.mark.parametrize("model", [*PAGES, *SHARED, *TEAM_ONLY])
def test_an_editor_opens_what_editors_write_and_deletes_nothing(model, desk):
    written = model in (*PAGES, *SHARED)
    opened = {screen for screen in SCREENS if written and screen != "delete" and (model, screen) not in NEVER}
    assert answers(desk, model) == {screen: 200 if screen in opened else 302 for screen in SCREENS}


@pytest.mark.parametrize("model", [*PAGES, *SHARED, *TEAM_ONLY])
def test_for_who_is_not_of_the_team_the_admin_does_not_exist(model, partner, outsider, as_user):
    instance = make(model)
    for screen in SCREENS:
        for user in (partner, outsider):
            assert as_user(user).get(address(model, screen, instance)).status_code == 404


@pytest.mark.parametrize("model", [*PAGES, *SHARED, *TEAM_ONLY])
def test_a_visitor_is_asked_to_sign_in(model, db, client):
    response = client.get(address(model, "list"))
    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("model", [*PAGES, *SHARED, *TEAM_ONLY])
def test_a_list_costs_the_same_for_one_row_and_for_three(model, team, queries):
    make(model)
    at_one = queries(team, address(model, "list"))
    rows = [make(model), make(model)]
    if model in PAGES:
        for row in rows:
            row.save_revision()
    assert queries(team, address(model, "list")) == at_one


def test_the_list_of_pages_costs_the_same_for_one_page_and_for_three(team, queries):
    factories.ContentPageFactory()
    at_two = queries(team, "/admin/paginas/")  # with the front page
    factories.ContentPageFactory()
    factories.ContentPageFactory()
    assert queries(team, "/admin/paginas/") == at_two


@pytest.mark.parametrize("model", [*PAGES, *SHARED, *TEAM_ONLY])
def test_a_list_can_be_taken_along_as_csv_and_xlsx(model, team):
    make(model), make(model)
    response = team.get(address(model, "list"), {"export": "csv"})
    head, *rows = csv.reader(StringIO(b"".join(response.streaming_content).decode()))
    assert (len(rows), len(head)) == (2, len(rows[0]))
    assert [name for name in head if "_" in name] == []
    assert response["Content-Disposition"].endswith('.csv"')
    book = openpyxl.load_workbook(
        BytesIO(b"".join(team.get(address(model, "list"), {"export": "xlsx"}).streaming_content))
    )
    assert [cell.value for cell in book.active[1]] == head


@pytest.mark.parametrize("model", [*PAGES, *SHARED, *TEAM_ONLY])
def test_searching_finds_the_one_and_leaves_the_other(model, team):
    field = {ContactMessage: "subject", Synonym: "terms", PromotedResult: "note", ContactMoment: "agreements"}.get(
        model, "title"
    )
    make(model, **{field: "Zoekwoord"})
    make(model, **{field: "Iets anders"})
    page = BeautifulSoup(team.get(address(model, "list"), {"q": "zoekw"}).content, "html.parser")
    found = page.select_one("table.listing").text
    assert ["Zoekwoord" in found, "Iets anders" in found] == [True, False]


@pytest.mark.parametrize("model", [*PAGES, *SHARED, *TEAM_ONLY])
def test_no_field_hides_a_part_of_its_form(model, team):
    """In the browser ``form.method`` is the field of that name, if there is one; Wagtail then cannot save."""
    page = BeautifulSoup(team.get(address(model, "edit", make(model))).content, "html.parser")
    names = {field["name"] for field in page.select("form [name]")}
    assert names & {"action", "elements", "enctype", "id", "method", "reset", "submit", "target"} == set()


def titles(response) -> list[str]:
    page = BeautifulSoup(response.content, "html.parser")
    return [" ".join(cell.text.split()) for cell in page.select("td.title .title-wrapper")]


def test_pilots_are_filtered_by_state_status_sector_and_province(team):
    drafted = factories.PilotFactory(title="Met concept")
    drafted.save_revision()
    offline = factories.PilotFactory(title="Van de site af", live=False)
    region = factories.RegionFactory(pilot=factories.PilotFactory(title="In Zwolle"))
    expected = {
        ("state", "concept"): ["Met concept"],
        ("state", "niet-gepubliceerd"): ["Van de site af"],
        ("state", "controle"): [],
        ("state", "gepland"): [],
        ("sector", offline.sector_id): ["Van de site af"],
        ("province", region.province_id): ["In Zwolle"],
        ("status", "lopend"): [],
    }
    found = {pair: titles(team.get(address(Pilot, "list"), dict([pair]))) for pair in expected}
    assert found == expected


def test_a_filter_nobody_knows_is_no_error(team):
    factories.PilotFactory(title="Een pilot")
    response = team.get(address(Pilot, "list"), {"state": "x", "province": "999", "ordering": "wachtwoord"})
    assert response.status_code == 200


# --- Menu and start --------------------------------------------------------------------------------------


def menu(client) -> dict[str, list[str]]:
    """The main menu as the page hands it to the side bar: labels with the labels below them."""
    page = BeautifulSoup(client.get("/admin/").content, "html.parser")
    props = json.loads(page.select_one("#wagtail-sidebar-props").text)
    (items,) = [
        module["_args"][0] for module in props["modules"] if module["_type"] == "wagtail.sidebar.MainMenuModule"
    ]
    return {
        item["_args"][0]["label"]: [child["_args"][0]["label"] for child in item["_args"][1]]
        if item["_type"] == "wagtail.sidebar.SubMenuItem"
        else []
        for item in items
    }


def test_the_menu_of_the_team_has_the_queue_five_groups_and_the_manual(team):
    found = menu(team)
    assert list(found) == ["Wachtrij", "Pilots", "Netwerk", "Kennis", "Inhoud", "Beheer", "Handleiding"]
    assert found["Pilots"] == [
        *("Pilots", "Contact per pilot", "Ondersteuningsvragen", "Contactmomenten", "Mensen"),
        *("Doelgroepen", "Sectoren"),
    ]
    assert found["Netwerk"] == ["Organisaties", "Personen", "Provincies"]
    assert found["Kennis"] == [
        *("Goede voorbeelden", "Onderzoeksvragen", "Publicaties"),
        *("Beleidsdossiers", "Begrippen", "Nieuwsberichten"),
    ]
    assert found["Inhoud"] == [
        *("Pagina's", "Afbeeldingen", "Documenten", "Bronnen", "Thema's", "Kapotte links"),
        *("Synoniemen", "Uitgelichte resultaten", "Gezochte woorden"),
    ]
    assert {
        "Contactberichten",
        "Standaardteksten",
        "Taken van de klok",
        "Gebruikers",
        "Doorverwijzingen",
        "Workflows",
    } <= set(found["Beheer"])


def test_an_editor_sees_only_what_an_editor_may_do(desk):
    found = menu(desk)
    assert found["Pilots"] == []  # the list itself: there is nothing to choose from
    assert found["Netwerk"] == ["Organisaties", "Personen"]
    assert len(found["Kennis"]) == 6
    assert found["Inhoud"] == ["Pagina's", "Afbeeldingen", "Documenten", "Bronnen", "Kapotte links", "Synoniemen"]
    assert not {"Contactberichten", "Taken van de klok"} & set(found.get("Beheer", []))


def test_no_screen_asks_anything_of_a_third_party(team):
    page = team.get("/admin/")
    soup = BeautifulSoup(page.content, "html.parser")
    sources = [tag.get("src") or tag.get("href") for tag in soup.select("script[src], link[href], img[src]")]
    assert [source for source in sources if not source.startswith("/")] == []
