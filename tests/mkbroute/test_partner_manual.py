"""The manual for partners is read in the portal, by who takes part; and no link in either manual leads nowhere."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.urls import Resolver404, resolve

from mkbroute.core.models import SearchEntry, Visibility
from mkbroute.manual import FOR_PARTNERS, FOR_TEAM, START

ADDRESS = "/partner/hulp/"
PROMISED = {
    *("inloggen", "bericht-plaatsen", "bestanden", "pilotpagina"),
    *("goed-voorbeeld-delen", "ondersteuning", "mensen", "gegevens"),
}
FILES = [(manual, name) for manual in (FOR_TEAM, FOR_PARTNERS) for name in (START, *manual.names())]


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False


def text_of(manual, name) -> str:
    return (manual.folder / f"{name}.md").read_text()


@pytest.mark.parametrize(("manual", "name"), FILES, ids=lambda value: getattr(value, "address", value))
def test_every_link_leads_somewhere(manual, name):
    links = re.findall(r"\]\(([^)\s]+)\)", text_of(manual, name))
    dead = []
    for link in links:
        path, _, _anchor = link.partition("#")
        if path.endswith(".md"):
            dead += [] if (manual.folder / path).is_file() else [link]
        elif path.startswith("/"):
            try:
                resolve(path)
            except Resolver404:
                dead.append(link)
        else:
            dead += [] if path.startswith("https://") else [link]
    assert dead == []


def test_the_contents_names_every_chapter_once(lead, as_user):
    page = BeautifulSoup(as_user(lead).get(ADDRESS).content, "html.parser")
    links = [link["href"] for link in page.select(".prose a") if link["href"].startswith(ADDRESS)]
    assert sorted(links) == [f"{ADDRESS}{name}/" for name in FOR_PARTNERS.names()]
    assert set(FOR_PARTNERS.names()) >= PROMISED


@pytest.mark.parametrize("name", [START, *FOR_PARTNERS.names()])
def test_a_chapter_opens_with_its_title_as_heading(name, reader, as_user):
    page = BeautifulSoup(as_user(reader).get(FOR_PARTNERS.url(name)).content, "html.parser")
    title = text_of(FOR_PARTNERS, name).splitlines()[0].removeprefix("# ")
    assert page.select_one("h1").text.replace("\u00ad", "").replace("\u2060", "") == title
    assert page.select_one("title").text.startswith(title)
    assert page.select_one(".prose").text.count("**") == 0
    assert len(page.select("h1")) == 1


@pytest.mark.parametrize("name", [START, *FOR_PARTNERS.names()])
def test_sentences_are_short(name):
    text = re.sub(r"\]\([^)]*\)|[*#|_]", "", text_of(FOR_PARTNERS, name))
    assert [one for one in re.split(r"[.!?:](?=\s)|\n", text) if len(one.split()) > 25] == []


WHO = {"lead": 200, "writer": 200, "reader": 200, "colleague": 200, "editor": 200, "moderator": 200, "outsider": 404}


@pytest.mark.parametrize(("who", "status"), WHO.items())
def test_it_is_for_who_takes_part_and_for_the_team(who, status, request, as_user, db):
    client = as_user(request.getfixturevalue(who))
    assert [client.get(path).status_code for path in (ADDRESS, f"{ADDRESS}ondersteuning/")] == [status, status]


def test_a_visitor_is_asked_to_sign_in(client, db):
    assert client.get(ADDRESS).url == f"/account/login/?next={ADDRESS}"


def test_the_menu_of_the_portal_leads_to_it_only_for_who_may_read_it(reader, outsider, as_user):
    assert f'href="{ADDRESS}"' in as_user(reader).get("/partner/").content.decode()
    assert f'href="{ADDRESS}"' not in as_user(outsider).get("/partner/").content.decode()


@pytest.mark.parametrize("name", ["geen", "index.md", "..%2F..%2FREADME"])
def test_a_chapter_that_does_not_exist_is_not_found(name, reader, as_user):
    assert as_user(reader).get(f"{ADDRESS}{name}/").status_code == 404


def test_it_is_found_by_who_takes_part_and_by_the_team_alone(reader, outsider, editor):
    call_command("rebuild_search")
    entries = SearchEntry.objects.filter(key__startswith="partner_manual:")
    assert set(entries.values_list("visibility", flat=True)) == {Visibility.PARTNERS}
    assert entries.count() == len(FOR_PARTNERS.names()) + 1

    def found(user) -> set[str]:
        return set(SearchEntry.objects.visible_to(user).values_list("visibility", flat=True)) - {Visibility.PUBLIC}

    assert [found(user) for user in (outsider, reader, editor)] == [
        set(),
        {Visibility.PARTNERS},
        {Visibility.PARTNERS, Visibility.TEAM},
    ]


def test_the_search_page_shows_a_chapter_to_a_partner_and_not_to_a_visitor(reader, as_user, client):
    call_command("rebuild_search")
    address = f"{ADDRESS}ondersteuning/"
    assert address in as_user(reader).get("/zoeken/", {"q": "ondersteuning vragen"}).content.decode()
    assert address not in client.get("/zoeken/", {"q": "ondersteuning vragen"}).content.decode()
