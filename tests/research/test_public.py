import json
import re
from datetime import date, timedelta

import pytest
import rispy
from django.utils import timezone
from pybtex.database import parse_string

from research.models import Audience, Method, PracticeKind
from tests import factories

pytestmark = pytest.mark.django_db


def text(source) -> list:
    """A body with a claim that rests on a source."""
    return [("claim", {"text": "<p>Zo is het.</p>", "sources": [source]}), ("text", "<p>Gewone tekst.</p>")]


def full_practice(**fields):
    """A practice with a row in every table."""
    source = factories.SourceFactory()
    practice = factories.PracticeFactory(
        sector=factories.SectorFactory(), audiences=[Audience.COMPANY], body=text(source), **fields
    )
    practice.themes.add(factories.ThemeFactory())
    practice.pilots.add(factories.PilotFactory())
    practice.organisations.add(factories.OrganisationFactory())
    practice.questions.add(factories.QuestionFactory())
    practice.save()
    factories.PracticeReferenceFactory(practice=practice, source=source)
    return practice


def full_publication(**fields):
    publication = factories.PublicationFactory(
        authors="Vries, Noor de\nVoorbeeldhogeschool", year=2022, publisher="Uitgeverij Voorbeeld", **fields
    )
    publication.themes.add(factories.ThemeFactory())
    publication.questions.add(factories.QuestionFactory())
    publication.save()
    return publication


def full_question(**fields):
    question = factories.QuestionFactory(
        theme=factories.ThemeFactory(),
        body=text(factories.SourceFactory()),
        known_on=date(2026, 1, 2),
        known_by="Noor",
        **fields,
    )
    question.pilots.add(factories.PilotFactory())
    question.save()
    return question


def full_file(**fields):
    file = factories.PolicyFileFactory(internal_notes="Alleen voor ons", **fields)
    factories.PolicyEventFactory(policy_file=file, date=date(2020, 2, 18))
    factories.SchemeFactory(policy_file=file)
    file.themes.add(factories.ThemeFactory())
    file.save()
    return file


def full_item(**fields):
    item = factories.NewsItemFactory(body=text(factories.SourceFactory()), **fields)
    item.themes.add(factories.ThemeFactory())
    item.pilots.add(factories.PilotFactory())
    item.save()
    return item


LISTS = {
    "/kennis/goede-voorbeelden/": (full_practice, 3),
    "/kennis/publicaties/": (full_publication, 3),
    "/begrippen/": (factories.TermFactory, 1),
    "/onderzoek/": (full_question, 1),
    "/beleid/": (full_file, 1),
    "/nieuws/": (full_item, 3),
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("address", LISTS)
def test_a_list_takes_as_many_queries_whatever_the_number_of_rows(client, queries, address, rows):
    make, expected = LISTS[address]
    for _ in range(rows):
        make()
    assert queries(client, address) == expected


@pytest.mark.parametrize("rows", [1, 3])
def test_the_entrance_and_a_theme_take_as_many_queries_whatever_the_number_of_rows(client, queries, rows):
    theme = factories.ThemeFactory(slug="het-thema")
    for make in (full_practice, full_publication, full_file, full_item):
        for _ in range(rows):
            made = make()
            made.themes.add(theme)
            made.save()
    for n in range(rows):
        factories.QuestionFactory(title=f"Deze vraag {n}", theme=theme)
        pilot = factories.PilotFactory(title=f"Deze pilot {n}")
        pilot.themes.add(theme)
        pilot.save()
        factories.UpdateFactory(theme=theme)
    assert queries(client, "/kennis/") == 6
    assert queries(client, "/thema/het-thema/") == 9
    page = client.get("/thema/het-thema/").content.decode()
    assert (page.count(">Deze vraag"), page.count("</span>Deze pilot")) == (rows, rows)


@pytest.mark.parametrize(
    ("make", "expected"),
    [(full_practice, 4), (full_publication, 1), (full_question, 6), (full_file, 2), (full_item, 3)],
)
def test_a_page_takes_as_many_queries_whatever_else_there_is(client, queries, make, expected):
    made = make()
    alone = queries(client, made.get_absolute_url())
    make(), make()
    assert (alone, queries(client, made.get_absolute_url())) == (expected, expected)


# --- Practices


def test_filters_find_practices_and_count_what_each_choice_leaves(client):
    strong = full_practice(
        title="Gemeten",
        kind=PracticeKind.TOOL,
        evidence_method=Method.COMPARED,
        seen_in=3,
        first_year=2018,
        last_year=2022,
    )
    factories.PracticeFactory(title="Bedacht", kind=PracticeKind.IDEA, audiences=[Audience.COMPANY, Audience.BRANCHE])
    factories.PracticeFactory(title="Nog geheim", live=False, audiences=[Audience.COMPANY])

    def found(query: str) -> list[str]:
        page = client.get(f"/kennis/goede-voorbeelden/?{query}").content.decode()
        return [title for title in ("Gemeten", "Bedacht", "Nog geheim") if f">{title}</a>" in page]

    assert found("") == ["Gemeten", "Bedacht"]
    assert found("voor=branche") == ["Bedacht"]
    assert found("voor=mkb-bedrijf") == ["Gemeten", "Bedacht"]
    assert found("soort=hulpmiddel") == ["Gemeten"]
    assert found("bewijs=0") == ["Bedacht"]
    assert found("bewijs=3&voor=mkb-bedrijf") == ["Gemeten"]
    assert found(f"thema={strong.themes.get().slug}") == ["Gemeten"]
    assert found("q=geheim") == []


def test_a_practice_names_no_pilot_organisation_or_question_that_is_a_draft(client):
    practice = full_practice()
    practice.pilots.add(factories.PilotFactory(title="Geheime pilot", live=False))
    practice.organisations.add(factories.OrganisationFactory(title="Geheim bureau", live=False))
    practice.questions.add(factories.QuestionFactory(title="Geheime vraag", live=False))
    practice.save()
    assert "Gehei" not in client.get(practice.get_absolute_url()).content.decode()


def test_a_source_of_a_practice_leads_to_its_summary_on_this_site(client):
    practice = full_practice()
    (reference,) = practice.references.all()
    shown, hidden = (full_publication(source=reference.source, live=live) for live in (True, False))
    page = client.get(practice.get_absolute_url()).content.decode()
    assert (shown.get_absolute_url() in page, hidden.get_absolute_url() in page) == (True, False)


def test_a_practice_without_proof_says_so_and_shows_what_would_count(client):
    practice = factories.PracticeFactory(kind=PracticeKind.IDEA)
    page = client.get(practice.get_absolute_url()).content.decode()
    assert "Bewijskracht: nog onvoldoende bewijs" in page
    assert page.count("Nee, of niet bekend.") == 5


DRAFTS = {
    full_practice: ("pilots", "organisations", "questions"),
    full_publication: ("pilots", "organisations", "questions"),
    full_question: ("pilots", "organisations"),
    full_item: ("pilots", "organisations"),
}
FACTORIES = {
    "pilots": factories.PilotFactory,
    "organisations": factories.OrganisationFactory,
    "questions": factories.QuestionFactory,
}


@pytest.mark.parametrize("make", DRAFTS)
def test_a_page_names_nothing_that_is_a_draft(client, make):
    made = make()
    for relation in DRAFTS[make]:
        for title, live in (("Openbaar", True), ("Geheim", False)):
            getattr(made, relation).add(FACTORIES[relation](title=f"{title} {relation}", live=live))
    made.save()
    page = client.get(made.get_absolute_url()).content.decode()
    assert [f"Openbaar {relation}" in page for relation in DRAFTS[make]] == [True] * len(DRAFTS[make])
    assert "Geheim" not in page


def test_a_draft_root_is_named_nowhere_and_its_questions_stay_on_the_agenda(client):
    root = factories.QuestionFactory(title="Geheime hoofdvraag", live=False)
    question = factories.QuestionFactory(title="Openbare deelvraag", root=root)
    agenda = client.get("/onderzoek/").content.decode()
    assert (">Openbare deelvraag</a>" in agenda, "Overige vragen" in agenda) == (True, True)
    assert "Geheime" not in agenda + client.get(question.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("live", "answers"), [(True, (200, 200)), (False, (404, 200))])
def test_the_file_of_an_unpublished_publication_is_for_the_admin_only(
    client, as_user, moderator, settings, live, answers
):
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    document = factories.DocumentFactory()
    factories.PublicationFactory(file=document, file_is_accessible=True, live=live)
    assert (client.get(document.url).status_code, as_user(moderator).get(document.url).status_code) == answers


@pytest.mark.parametrize("saved_since", [0, 1])
def test_a_file_that_only_a_draft_has_is_for_the_admin_only(saved_since, client, as_user, moderator):
    document, public = factories.DocumentFactory(), factories.DocumentFactory()
    publication = factories.PublicationFactory(file=public, file_is_accessible=True)
    publication.file = document
    draft = publication.save_revision()
    if saved_since:  # what is planned is not the newest any more
        draft.approved_go_live_at = timezone.now() + timedelta(days=1)
        draft.save()
        publication.file = public
        publication.save_revision()
    answers = [client.get(document.url).status_code, as_user(moderator).get(document.url).status_code]
    assert (answers, client.get(public.url).status_code) == ([404, 200], 200)
    draft.publish()
    assert client.get(document.url).status_code == 200


def test_a_file_of_a_draft_that_stands_on_a_live_page_too_is_public(client, db):
    document = factories.DocumentFactory()
    factories.PublicationFactory(file=document, file_is_accessible=True, live=False)
    factories.PublicationFactory(file=document, file_is_accessible=True)
    assert client.get(document.url).status_code == 200


def test_a_source_that_is_gone_leaves_a_page_without_its_number(client):
    source = factories.SourceFactory(title="Weggehaalde bron")
    quote = {"text": "Goed.", "speaker": "Noor", "source": source}
    question = factories.QuestionFactory(body=[*text(source), ("quote", quote)], known_on="2026-01-02", known_by="Noor")
    source.delete()
    page = client.get(question.get_absolute_url()).content.decode()
    assert ("Zo is het." in page, "Goed." in page, "doc-noteref" in page) == (True, True, False)


# --- What was learned, on the pages it was learned from


def test_news_of_a_pilot_has_the_newest_first(client):
    pilot = factories.PilotFactory()
    for title, year in (("A oud", 2015), ("Z nieuw", 2026), ("M midden", 2020)):
        item = factories.NewsItemFactory(title=title, date=date(year, 1, 1))
        item.pilots.add(pilot)
        item.save()
    page = client.get(pilot.get_absolute_url()).content.decode()
    assert re.findall(r">(A oud|Z nieuw|M midden)</a>", page) == ["Z nieuw", "M midden", "A oud"]


def test_a_pilot_names_what_was_learned_there_in_one_more_query(client, queries):
    pilot = factories.PilotFactory()
    before = queries(client, pilot.get_absolute_url())
    for make in (full_practice, full_question, full_publication, full_item):
        made = make(title=f"Van {make.__name__}")
        made.pilots.add(pilot)
        made.save()
    page = client.get(pilot.get_absolute_url()).content.decode()
    assert re.findall(r">Van full_(\w+)</a>", page) == ["practice", "question", "publication", "item"]
    assert queries(client, pilot.get_absolute_url()) == before


def test_an_organisation_names_what_it_gave_to_research(client):
    organisation = factories.OrganisationFactory()
    for model in (
        *(factories.PracticeFactory, factories.QuestionFactory),
        *(factories.PublicationFactory, factories.NewsItemFactory),
    ):
        for title, live in (("Openbaar", True), ("Geheim", False)):
            made = model(title=title, live=live)
            made.organisations.add(organisation)
            made.save()
    page = client.get(organisation.get_absolute_url()).content.decode()
    assert (page.count(">Openbaar</a>"), page.count("Geheim")) == (4, 0)


# --- Questions


def test_a_question_shows_what_is_known_since_when_by_whom_and_what_is_missing(client):
    page = client.get(full_question(missing="Cijfers over uitval.").get_absolute_url()).content.decode()
    assert "Zo is het." in page
    assert "Opgeschreven door Noor op 2 januari 2026." in page
    assert "Cijfers over uitval." in page


def test_the_agenda_puts_questions_below_their_root(client):
    root = factories.QuestionFactory(title="Hoofdvraag", number=1)
    factories.QuestionFactory(title="Deelvraag", root=root)
    factories.QuestionFactory(title="Geheime deelvraag", root=root, live=False)
    page = client.get("/onderzoek/").content.decode()
    assert page.index(">Hoofdvraag</a>") < page.index(">Deelvraag</a>")
    assert "Geheime" not in page


# --- Policy


def test_internal_notes_are_nowhere_on_the_site(client):
    file = full_file(slug="dossier", body=[("text", "<p>Openbaar</p>")])
    addresses = [file.get_absolute_url(), "/beleid/", "/feeds/beleid/", "/zoeken/?q=alleen+voor+ons"]
    assert ["Alleen voor ons" in client.get(address).content.decode() for address in addresses] == [False] * 4


def test_files_with_a_next_date_come_first_and_a_date_that_passed_no_longer_shows(client):
    full_file(title="Zonder datum")
    full_file(title="Al voorbij", next_on=date(2020, 1, 1), next_what="Stemming")
    full_file(title="Komt eraan", next_on=date(2999, 1, 1), next_what="Debat")
    page = client.get("/beleid/").content.decode()
    assert re.findall(r">(Zonder datum|Al voorbij|Komt eraan)</a></h2>", page) == [
        "Komt eraan",
        "Al voorbij",
        "Zonder datum",
    ]
    assert ("Debat" in page, "Stemming" in page) == (True, False)


# --- Citations and structured data


def test_a_publication_is_cited_as_text_bibtex_and_ris(client):
    publication = full_publication(title="Werken & leren in Fryslân", slug="werken-en-leren", doi="10.1234/abc")
    page = client.get(publication.get_absolute_url()).content.decode()
    assert (
        "Vries, Noor de &amp; Voorbeeldhogeschool (2022). Werken &amp; leren in Fryslân. Uitgeverij Voorbeeld. "
        "https://doi.org/10.1234/abc" in page
    )
    bibtex = client.get(f"{publication.get_absolute_url()}citaat.bib")
    assert bibtex["Content-Disposition"] == 'attachment; filename="werken-en-leren.bib"'
    assert r'title = "Werken \& leren in Fryslân"' in bibtex.content.decode()
    ris = client.get(f"{publication.get_absolute_url()}citaat.ris").content.decode()
    assert ris.splitlines()[0] == "TY  - RPRT"
    assert "AU  - Vries, Noor de" in ris
    assert client.get(f"{publication.get_absolute_url()}citaat.exe").status_code == 404


AWKWARD = "Ja: {hbo} & 50% \\cmd\r\nTY  - BOOK"


def test_awkward_text_neither_breaks_a_citation_nor_writes_a_field_of_its_own(client):
    publication = full_publication(title=AWKWARD, summary=AWKWARD, slug="lastig", doi="10.1234/ab_c#d")
    publication.authors = "Jansen, P., MSc, PhD\nX and Y\n{Groep}"
    publication.save()
    bibtex = client.get(f"{publication.get_absolute_url()}citaat.bib").content.decode()
    (entry,) = parse_string(bibtex, "bibtex").entries.values()
    assert [str(person) for person in entry.persons["author"]] == ["{Jansen, P., MSc, PhD}", "{X and Y}", "{(Groep)}"]
    assert (entry.fields["doi"], entry.fields["url"]) == ("10.1234/ab_c#d", "https://doi.org/10.1234/ab_c#d")
    assert "cmd" in entry.fields["title"] and "\\cmd" not in entry.fields["title"]
    (record,) = rispy.loads(client.get(f"{publication.get_absolute_url()}citaat.ris").content.decode())
    assert (record["type_of_reference"], record["title"]) == ("RPRT", "Ja: {hbo} & 50% \\cmd TY - BOOK")


def test_nobody_is_named_twice_in_a_citation():
    publication = factories.PublicationFactory(
        title="Wat werkt?", authors="Hogeschool X", publisher="Hogeschool X", year=2021, url="https://x.nl/a"
    )
    assert publication.citation == "Hogeschool X (2021). Wat werkt? https://x.nl/a"


TYPES = {
    full_practice: "LearningResource",
    full_question: "Article",
    full_publication: "Report",
    full_file: "Article",
    full_item: "NewsArticle",
    factories.TermFactory: "DefinedTerm",
}


@pytest.mark.parametrize("make", TYPES)
def test_structured_data_parses_and_has_the_type_that_fits(client, make):
    page = client.get(make().get_absolute_url()).content.decode()
    blocks = [json.loads(block) for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]
    assert [block["@type"] for block in blocks] == ["BreadcrumbList", TYPES[make]]


# --- Nothing to show


@pytest.mark.parametrize("address", [*LISTS, "/kennis/"])
def test_a_list_without_anything_answers_politely(client, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "query", ["q=%00", "q=" + "a" * 10_000, "thema=%00", "bewijs=zomaar", "voor=%F0%9F%98%80", "pagina=-1", "pagina=x"]
)
@pytest.mark.parametrize("address", ["/kennis/goede-voorbeelden/", "/kennis/publicaties/", "/nieuws/"])
def test_strange_input_is_no_error(client, address, query):
    assert client.get(f"{address}?{query}").status_code == 200
