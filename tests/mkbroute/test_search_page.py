"""The search page, its suggestions, what it counts, and how editors steer it."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.urls import reverse

from mkbroute import actions
from mkbroute.actions import count_searched_term
from mkbroute.core.models import PromotedResult, SearchedTerm, SearchEntry, Synonym, Visibility
from mkbroute.core.search import PER_KIND, PER_PAGE
from mkbroute.models import ContentPage
from mkbroute.search import kinds
from tests import factories


def page(client, query: str = "") -> BeautifulSoup:
    response = client.get(f"/zoeken/?{query}")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser").select_one("main")


def results(soup: BeautifulSoup) -> dict[str, list[str]]:
    """The titles below each heading of a kind."""
    return {
        group.select_one("h2").text: [title.text for title in group.select("h3")]
        for group in soup.select(".search__group")
    }


# --- The page --------------------------------------------------------------------------------------------------------


def test_results_are_grouped_by_kind_in_the_order_visitors_need(client, db):
    factories.PersonFactory(title="Bouwmeester")
    factories.PilotFactory(title="Bouwkunde")
    factories.ContentPageFactory(title="Bouwen doet u zo")
    assert results(page(client, "q=bouw")) == {
        "Pagina's 1": ["Bouwen doet u zo"],
        "Pilots 1": ["Bouwkunde"],
        "Personen 1": ["Bouwmeester"],
    }


def test_of_many_the_first_are_shown_with_the_way_to_all(client, db):
    for n in range(PER_PAGE + 5):
        factories.SearchEntryFactory(title=f"Bouw {n:02}", kind="pilot")
    soup = page(client, "q=bouw")
    assert len(soup.select(".results > li")) == PER_KIND
    assert soup.select_one("a.go").text == f"Alle {PER_PAGE + 5} pilots"
    first = page(client, soup.select_one("a.go")["href"].removeprefix("?"))
    assert len(first.select(".results > li")) == PER_PAGE
    (more,) = [link for link in first.select("a.go") if link.text == "Meer pilots"]
    last = page(client, more["href"].removeprefix("?"))
    assert len(last.select(".results > li")) == 5
    assert [link.text for link in last.select("nav a.go")] == ["Naar de eerste resultaten"]


def test_the_filters_narrow_and_show_what_they_leave(client, db):
    theme = factories.ThemeFactory(title="Werving", slug="werving")
    factories.SearchEntryFactory(title="Bouw een", kind="pilot", themes=[theme.slug])
    factories.SearchEntryFactory(title="Bouw twee", kind="term")
    soup = page(client, "q=bouw&thema=werving")
    assert results(soup) == {"Pilots 1": ["Bouw een"]}
    chips = {chip.text: chip["href"] for chip in soup.select(".chip")}
    assert list(chips) == ["Alles", "Pilots 1", "Alle thema’s", "Werving 1"]
    assert chips["Alle thema’s"] == "?q=bouw"
    assert [chip.text for chip in soup.select(".chip[aria-current]")] == ["Alles", "Werving 1"]


def test_filters_that_do_not_exist_are_passed_over(client, db):
    factories.SearchEntryFactory(title="Bouw", kind="pilot")
    for query in ("soort=geen", "thema=geen", "na=x", "soort=pilots&na=9-9x", f"soort=pilots&na={'9' * 30}-1"):
        assert results(page(client, f"q=bouw&{query}")) == {"Pilots 1": ["Bouw"]}


def test_a_filter_that_leaves_nothing_leads_back(client, db):
    factories.ThemeFactory(title="Werving", slug="werving")
    factories.SearchEntryFactory(title="Bouw", kind="pilot")
    soup = page(client, "q=bouw&soort=begrippen&thema=werving")
    assert soup.select_one("h2").text == "Hierbij is niets gevonden"
    assert soup.select_one("a.go")["href"] == "?q=bouw"


def test_nothing_found_helps_on(client, db):
    soup = page(client, "q=xylofoon+bouwer")
    assert soup.select_one("h2").text == "Niets gevonden voor ‘xylofoon bouwer’"
    assert {"/pilots/", "/contact/", "?q=xylofoon", "?q=bouwer"} <= {link["href"] for link in soup.select("a")}


@pytest.mark.parametrize("query", ["q=de+het+een", "q=%26%7C%21", "q=%F0%9F%92%A5"])
def test_a_question_without_words_gets_a_polite_answer(client, db, query):
    assert page(client, query).select_one("h2").text == "Hier kunnen wij niet op zoeken"


def test_a_typing_error_is_offered_right_and_found_anyway(client, db):
    factories.SearchEntryFactory(title="Logistiek", kind="pilot")
    soup = page(client, "q=logistik")
    assert soup.select_one("p.lead a")["href"] == "?q=logistiek"
    assert results(soup) == {"Pilots 1": ["Logistiek"]}


def test_what_was_typed_comes_back_as_text(client, db):
    html = client.get("/zoeken/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in html
    assert "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_the_page_is_for_its_own_browser_and_not_for_search_engines(client, moderator, as_user):
    for browser, expected in ((client, "private, max-age=60"), (as_user(moderator), "private, no-store")):
        for address in ("/zoeken/?q=bouw", "/zoeken/suggesties/?q=bouw"):
            response = browser.get(address)
            assert response["Cache-Control"] == expected
            assert response["X-Robots-Tag"] == "noindex"
            assert "Cookie" in response["Vary"]
    assert client.cookies == {}
    assert '<meta name="robots" content="noindex">' in client.get("/zoeken/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_a_search_takes_seven_queries_at_any_length(client, db, queries, number):
    factories.SynonymFactory()
    for n in range(number):
        factories.PilotFactory(title=f"Bouw {n}")
        factories.ContentPageFactory(title=f"Bouw en techniek {n}")
    assert queries(client, "/zoeken/?q=bouw") == 7
    assert queries(client, "/zoeken/") == 0
    assert queries(client, "/zoeken/suggesties/?q=bouw") == 2


def test_staff_without_its_second_factor_finds_what_everybody_finds(moderator, as_user, settings):
    factories.SearchEntryFactory(title="Handleiding zoeken", kind="handleiding", visibility=Visibility.TEAM)
    browser = as_user(moderator)
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    assert results(page(browser, "q=handleiding")) == {"Handleiding 1": ["Handleiding zoeken"]}
    settings.STAFF_NEEDS_SECOND_FACTOR = True
    assert results(page(browser, "q=handleiding")) == {}


def test_every_kind_has_a_name_of_its_own_in_the_address():
    slugs = [kind.slug for kind in kinds().values()]
    assert len(slugs) == len(set(slugs))
    assert {"paginas", "pilots", "organisaties", "goede-voorbeelden", "begrippen"} <= set(slugs)


# --- Suggestions -----------------------------------------------------------------------------------------------------


def test_suggestions_are_a_list_of_words(client, db):
    factories.SearchEntryFactory(title="Bouwkunde")
    assert client.get("/zoeken/suggesties/?q=bou").json() == {"suggestions": ["Bouwkunde"]}
    assert client.get("/zoeken/suggesties/").json() == {"suggestions": []}


# --- Pages of the tree, lists and the manual -------------------------------------------------------------------------


def addresses(text: str) -> list[str]:
    return list(SearchEntry.objects.filter(words__contains=[text]).values_list("address", flat=True))


def test_a_page_is_found_where_it_is_after_a_move_and_a_new_name(db, django_capture_on_commit_callbacks):
    above, other = (factories.ContentPageFactory(slug=slug) for slug in ("boven", "ander"))
    below = factories.ContentPageFactory(parent=above, title="Vindbaar", slug="onder")
    factories.ContentPageFactory(parent=below, title="Dieperik", slug="diep")
    assert addresses("dieperik") == ["/boven/onder/diep/"]
    ContentPage.objects.get(pk=below.pk).move(other, pos="last-child")
    assert (addresses("vindbaar"), addresses("dieperik")) == (["/ander/onder/"], ["/ander/onder/diep/"])
    other = ContentPage.objects.get(pk=other.pk)
    other.slug = "nieuw"
    with django_capture_on_commit_callbacks(execute=True):
        other.save()
    assert (addresses("vindbaar"), addresses("dieperik")) == (["/nieuw/onder/"], ["/nieuw/onder/diep/"])
    ContentPage.objects.get(pk=other.pk).delete()
    assert (addresses("vindbaar"), addresses("dieperik")) == ([], [])


def test_a_page_that_is_unpublished_is_not_found(db):
    made = factories.ContentPageFactory(title="Vindbaar")
    made.unpublish()
    assert addresses("vindbaar") == []
    made.save_revision().publish()
    assert addresses("vindbaar") == ["/" + made.slug + "/"]


def test_the_command_finds_lists_themes_and_for_the_team_the_manual(client, db, capsys):
    factories.ThemeFactory(title="Werving", slug="werving")
    for _ in range(2):
        call_command("rebuild_search")
    assert capsys.readouterr().out.splitlines()[0] == f"Zoeken: {SearchEntry.objects.count()} onderdelen."
    assert addresses("contact") == ["/contact/"]
    assert addresses("werving") == ["/thema/werving/"]
    manual = SearchEntry.objects.filter(kind="handleiding", key__startswith="manual:")
    assert set(manual.values_list("visibility", flat=True)) == {Visibility.TEAM}
    assert results(page(client, "q=handleiding")) == {}


def test_every_address_of_a_list_is_there(client, db):
    call_command("rebuild_search")
    public = SearchEntry.objects.filter(visibility=Visibility.PUBLIC, key__startswith="list:")
    assert {entry.address: client.get(entry.address).status_code for entry in public} == {
        entry.address: 200 for entry in public
    }


# --- What visitors search for ----------------------------------------------------------------------------------------


def counted() -> dict[str, tuple[bool, int]]:
    return {row.term: (row.found, row.count) for row in SearchedTerm.objects.all()}


def test_a_search_is_counted_once_with_its_outcome(client, db):
    factories.SearchEntryFactory(title="Bouw", kind="pilot")
    for query in (
        "q=Bouw",
        "q=bouw+",
        "q=bouw&soort=pilots",
        "q=bouw&thema=x",
        "q=bouw&na=1-1",
        "q=xylofoon",
        "q=",
        "",
    ):
        page(client, query)
    client.head("/zoeken/?q=bouw")
    client.get("/zoeken/suggesties/?q=bouw")
    assert counted() == {"bouw": (True, 2), "xylofoon": (False, 1)}


@pytest.mark.parametrize(
    "term",
    ["noor@voorbeeld.nl", "noor＠voorbeeld", "0612345678", "huis 12", "v²", "٣", "a" * 61, "!?", "", " ", "¼ liter"],
)
def test_what_could_tell_about_a_person_is_not_kept(term, db):
    count_searched_term(term=term, found=True)
    assert counted() == {}


def test_only_month_term_outcome_and_number_are_kept():
    assert [field.name for field in SearchedTerm._meta.fields] == ["id", "month", "term", "found", "count"]


def test_a_robot_cannot_fill_the_table(db, monkeypatch):
    monkeypatch.setattr(actions, "TERMS_PER_MONTH", 3)
    for term in ("een", "twee", "drie", "vier", "een", "vijf"):
        count_searched_term(term=term, found=True)
    assert counted() == {"een": (True, 2), "twee": (True, 1), "drie": (True, 1)}


def test_a_search_goes_on_when_counting_fails(content, client, caplog):
    """The content of the tests is read-only."""
    assert page(client, "q=bouw").select(".results") != []
    assert "A searched term was not counted" in caplog.text


# --- For editors -----------------------------------------------------------------------------------------------------


def test_a_promoted_result_stands_on_top_of_the_first_page(client, db):
    entry = factories.SearchEntryFactory(title="Financiering", kind="pilot", summary="De samenvatting.")
    promoted = PromotedResult.objects.create(term="geld", address=entry.address, note="Hier leest u wat u krijgt.")
    on_top = page(client, "q=Geld!").select_one(".promoted")
    assert on_top.select_one("a")["href"] == entry.address
    assert on_top.select_one("p").text == promoted.note
    assert page(client, "q=geld+erbij").select_one(".promoted") is None
    SearchEntry.objects.all().delete()
    assert page(client, "q=geld").select_one(".promoted") is None


def test_a_promoted_result_for_the_team_is_not_shown_to_others(client, db):
    entry = factories.SearchEntryFactory(title="Geheim", visibility=Visibility.TEAM)
    PromotedResult.objects.create(term="geld", address=entry.address)
    assert "Geheim" not in page(client, "q=geld").text


@pytest.fixture
def _no_second_factor(settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False


@pytest.mark.usefixtures("_no_second_factor")
def test_the_team_reads_and_exports_what_was_searched_for(moderator, as_user):
    factories.SearchedTermFactory(term="gevonden woord", month=date(2026, 10, 1))
    factories.SearchedTermFactory(term="gemist woord", found=False)
    team, address = as_user(moderator), reverse("searched_terms")

    def shown(query: str = "") -> str:
        return BeautifulSoup(team.get(f"{address}?{query}").content, "html.parser").select_one("table.listing").text

    assert "gevonden woord" in shown()
    assert "gemist woord" in shown()
    assert "gevonden woord" not in shown("found=False")
    assert "gemist woord" not in shown("month=2026-10-01")
    export = team.get(f"{address}?export=csv&found=False")
    assert b"".join(export.streaming_content).decode().splitlines() == [
        "Maand,Zoekterm,Aantal keer,Gevonden",
        "2026-11-01,gemist woord,1,nee",
    ]


@pytest.mark.usefixtures("_no_second_factor")
def test_what_was_searched_for_is_for_the_team_alone(editor, partner, as_user, client):
    address = reverse("searched_terms")
    assert [as_user(user).get(address).status_code for user in (editor, partner)] == [302, 404]
    assert client.get(address).status_code == 302


@pytest.mark.usefixtures("_no_second_factor")
def test_a_promoted_result_with_an_address_of_nothing_is_refused_in_words(moderator, as_user):
    address = reverse(PromotedResult.snippet_viewset.get_url_name("add"))
    html = as_user(moderator).post(address, {"term": "geld", "address": "/nergens/", "note": ""}).content.decode()
    assert "Op dit adres staat geen pagina die bezoekers kunnen vinden." in html


@pytest.mark.usefixtures("_no_second_factor")
def test_an_editor_adds_a_synonym_that_works_at_once(editor, as_user, client):
    factories.SearchEntryFactory(title="Nascholing", kind="pilot")
    address = reverse(Synonym.snippet_viewset.get_url_name("add"))
    assert as_user(editor).post(address, {"terms": "bijspijkeren, nascholing"}).status_code == 302
    assert results(page(client, "q=bijspijkeren")) == {"Pilots 1": ["Nascholing"]}


def test_a_term_that_is_asked_for_is_the_answer_on_top(client, db):
    factories.PilotFactory(title="Duaal")
    factories.TermFactory(title="duaal", slug="duaal", summary="Studeren en werken als één geheel.")
    factories.TermFactory(title="dualisme", live=False)
    for asked in ("duaal", "Wat is duaal?"):
        page = client.get("/zoeken/", {"q": asked}).content.decode()
        assert '<h2 id="uitgelicht"><a href="/begrippen/duaal/">duaal</a></h2>' in page
    assert "uitgelicht" not in client.get("/zoeken/", {"q": "dualisme"}).content.decode()
