"""What research promises: evidence by a rule, answers dated and signed, schemes that say when they are out of date."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from research.models import (
    PolicyEvent,
    PolicyFile,
    PolicyKind,
    Practice,
    PublicationKind,
    Question,
    Scheme,
    Term,
)
from tests import factories

THIS_YEAR = date.today().year


def refused(instance) -> dict[str, list[str]]:
    """What the model says of a row that is not right, by field."""
    with pytest.raises(ValidationError) as error:
        instance.full_clean()
    return error.value.message_dict


# --- Evidence -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("practice", "points"),
    [
        ({}, "-----"),
        ({"seen_in": 3}, "-----"),  # nobody described it
        ({"evidence_method": "verteld"}, "-----"),  # seen nowhere
        ({"seen_in": 1, "evidence_method": "verteld"}, "x----"),
        ({"seen_in": 2, "evidence_method": "verteld"}, "xx---"),
        ({"seen_in": 1, "evidence_method": "bevraagd"}, "x--x-"),
        ({"seen_in": 1, "evidence_method": "vergeleken"}, "x--xx"),
        ({"seen_in": 7, "evidence_method": "bevraagd"}, "xx-x-"),
        ({"seen_in": 1, "evidence_method": "verteld", "first_year": 2018, "last_year": 2019}, "x----"),
        ({"seen_in": 1, "evidence_method": "verteld", "first_year": 2018, "last_year": 2020}, "x-x--"),
        ({"seen_in": 1, "evidence_method": "verteld", "first_year": THIS_YEAR - 1}, "x----"),
        ({"seen_in": 1, "evidence_method": "verteld", "first_year": THIS_YEAR - 2}, "x----"),  # until when is not known
        ({"seen_in": 2, "evidence_method": "vergeleken", "first_year": 2018, "last_year": 2024}, "xxxxx"),
        ({"seen_in": 2, "evidence_method": "vergeleken", "first_year": 2018, "kind": "idee"}, "-----"),
        ({"seen_in": 2, "first_year": 2018, "last_year": 2024}, "-----"),
    ],
)
def test_the_rule_gives_a_point_for_what_was_done_seen_followed_asked_and_compared(practice, points, db):
    made = factories.PracticeFactory(**practice)
    assert "".join("x" if holds else "-" for holds, _meaning in made.rule) == points
    assert made.rule_strength == points.count("x")
    assert Practice.objects.get().strength == points.count("x")


@pytest.mark.parametrize(
    ("practice", "words"),
    [({}, "nog onvoldoende bewijs"), ({"seen_in": 2, "evidence_method": "bevraagd"}, "3 van 5")],
)
def test_strength_in_words(practice, words, db):
    assert factories.PracticeFactory(**practice).strength_in_words == words


STRONG = {"seen_in": 2, "evidence_method": "bevraagd"}  # the rule gives three


@pytest.mark.parametrize("lowered", [0, 1, 2])
def test_an_editor_lowers_the_strength_with_a_reason(lowered, db):
    practice = factories.PracticeFactory(**STRONG, lowered_to=lowered, lowered_because="Een van de twee stopte.")
    practice.full_clean()
    assert (practice.strength, practice.rule_strength) == (lowered, 3)


@pytest.mark.parametrize("lowered", [3, 4, 5, 6])
def test_nobody_raises_the_strength(lowered, db):
    practice = factories.PracticeFactory.build(**STRONG, lowered_to=lowered, lowered_because="Het werkt zo goed.")
    assert refused(practice) == {"lowered_to": ["De regel geeft 3. U kunt de bewijskracht alleen verlagen."]}
    practice.save()
    assert Practice.objects.get().strength == 3


def test_lowering_asks_for_a_reason(db):
    practice = factories.PracticeFactory.build(**STRONG, lowered_to=1)
    assert refused(practice) == {"__all__": ["Verlagen doet u met een getal en een reden: vul ze allebei in."]}
    with pytest.raises(IntegrityError):
        practice.save()


def test_when_the_rule_falls_below_what_an_editor_said_the_rule_counts(db):
    practice = factories.PracticeFactory(**STRONG, lowered_to=2, lowered_because="Een van de twee stopte.")
    practice.evidence_method = "verteld"
    practice.seen_in = 1
    practice.save()
    assert Practice.objects.get().strength == 1


def test_a_draft_shows_the_strength_of_the_draft_and_the_site_that_of_what_is_live(db):
    practice = factories.PracticeFactory(seen_in=1, evidence_method="verteld")
    practice.seen_in = 2
    practice.save_revision()
    draft = Practice.objects.get().get_latest_revision_as_object()
    assert draft.page_context()["practice"].strength == 2
    assert Practice.objects.get().strength == 1
    draft.get_latest_revision().publish()
    assert Practice.objects.get().strength == 2


@pytest.mark.parametrize(
    "years",
    [(None, 2020), (2020, 2019), (1989, None), (2020, 2101), (20, None)],
)
def test_years_are_real_and_in_order(years, db):
    practice = factories.PracticeFactory.build(first_year=years[0], last_year=years[1])
    message = "Vul eerst het beginjaar in; het laatste jaar ligt daar niet voor."
    assert refused(practice) == {"__all__": [message]}
    with pytest.raises(IntegrityError):
        practice.save()


def test_a_source_of_a_practice_is_named_once(db):
    reference = factories.PracticeReferenceFactory()
    again = factories.PracticeReferenceFactory.build(practice=reference.practice, source=reference.source)
    assert refused(again) == {"__all__": ["Deze bron staat er al."]}


# --- Questions ----------------------------------------------------------------------------------------------


def answer(**fields) -> Question:
    question = factories.QuestionFactory.build(**fields)
    question.body = question.body.stream_block.to_python([{"type": "text", "value": "<p>Vaak wel.</p>"}])
    return question


SIGNED = "Bij wat wij nu weten horen een datum en een naam."


@pytest.mark.parametrize(
    "signed",
    [{}, {"known_on": date(2026, 9, 1)}, {"known_by": "het programmateam"}],
)
def test_an_answer_is_dated_and_signed(signed, db):
    assert SIGNED in refused(answer(**signed))["known_on"]


def test_a_dated_and_signed_answer_is_right(db):
    answer(known_on=date(2026, 9, 1), known_by="het programmateam", status="beantwoord").full_clean()


@pytest.mark.parametrize("signed", [{"known_on": date(2026, 9, 1)}, {"known_by": "het programmateam"}])
def test_a_date_or_a_name_alone_is_refused_by_the_database_too(signed, db):
    question = factories.QuestionFactory.build(**signed)
    assert refused(question) == {"__all__": [SIGNED]}
    with pytest.raises(IntegrityError):
        question.save()


def test_an_answered_question_has_an_answer(db):
    question = factories.QuestionFactory.build(status="beantwoord")
    assert refused(question) == {
        "status": ["Een beantwoorde vraag heeft een antwoord: vul in wat wij nu weten."],
    }


def test_questions_are_two_deep(db):
    root = factories.QuestionFactory()
    sub = factories.QuestionFactory(root=root)
    assert list(root.subquestions.all()) == [sub]
    below = factories.QuestionFactory.build(root=sub)
    assert refused(below) == {"root": ["Kies een van de hoofdvragen; dit is zelf een deelvraag."]}
    root.root = factories.QuestionFactory()
    assert refused(root) == {"root": ["Deze vraag heeft zelf deelvragen en blijft een hoofdvraag."]}


def test_a_question_is_not_its_own_root(db):
    question = factories.QuestionFactory()
    question.root = question
    assert refused(question) == {"root": ["Kies een van de hoofdvragen; dit is zelf een deelvraag."]}
    with pytest.raises(IntegrityError):
        question.save()


@pytest.mark.parametrize(
    ("dates", "words"),
    [({}, ""), ({"date": date(2027, 6, 1)}, "1 juni 2027"), ({"date_text": "zomer 2027"}, "zomer 2027")],
)
def test_when_an_answer_is_planned(dates, words):
    assert factories.QuestionFactory.build(**dates).planned == words


def test_the_page_of_a_question_shows_only_what_is_published(db):
    question = factories.QuestionFactory()
    shown = factories.QuestionFactory(root=question), factories.PracticeFactory(), factories.PublicationFactory()
    hidden = (
        factories.QuestionFactory(root=question, live=False),
        factories.PracticeFactory(live=False),
        factories.PublicationFactory(live=False),
    )
    for _sub, practice, publication in (shown, hidden):
        practice.questions = [question]
        publication.questions = [question]
        practice.save()
        publication.save()
    page = question.page_context()
    found = [*page["subquestions"], *page["practices"], *page["publications"]]
    assert found == list(shown)


# --- Publications -------------------------------------------------------------------------------------------


def test_a_publication_can_be_read_somewhere(db):
    publication = factories.PublicationFactory.build(url="")
    assert refused(publication) == {
        "url": ["Vul een adres, een DOI of een bestand in: waar kan iemand dit lezen?"],
    }
    factories.PublicationFactory.build(url="", doi="10.1234/abcd").full_clean()


@pytest.mark.parametrize("year", [22, 1949, 2101])
def test_a_year_has_four_figures(year, db):
    publication = factories.PublicationFactory.build(year=year)
    assert refused(publication) == {"__all__": ["Vul het jaar in vier cijfers in, zoals 2022."]}
    with pytest.raises(IntegrityError):
        publication.save()


@pytest.mark.parametrize("doi", ["https://doi.org/10.1234/abcd", "10.12/x", "10.1234/", "geen"])
def test_a_doi_is_a_doi(doi, db):
    publication = factories.PublicationFactory.build(doi=doi)
    assert refused(publication) == {
        "doi": ["Een DOI begint met 10., zoals 10.1234/abcd. Laat https://doi.org/ weg."],
    }


def test_a_file_has_an_accessible_version(document):
    message = "Schrijf waar de toegankelijke versie van het bestand is, of geef aan dat het bestand toegankelijk is."
    publication = factories.PublicationFactory.build(file=document)
    assert refused(publication) == {"__all__": [message]}
    with pytest.raises(IntegrityError):
        publication.save()


@pytest.mark.parametrize("way", [{"file_is_accessible": True}, {"alternative": "Vraag de tekst aan bij het team."}])
def test_a_file_with_an_accessible_version_is_right(way, document):
    factories.PublicationFactory.build(file=document, **way).full_clean()


@pytest.fixture
def document(db):
    return factories.DocumentFactory()


def test_where_the_publication_itself_is():
    assert (
        factories.PublicationFactory.build(url="https://a.nl/", doi="10.1234/b").original == "https://doi.org/10.1234/b"
    )
    assert factories.PublicationFactory.build(url="https://a.nl/").original == "https://a.nl/"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "jaar nog niet bekend"),
        ({"year": 2022}, "2022"),
        ({"year": 2022, "date_text": "september 2022"}, "september 2022"),
    ],
)
def test_the_date_of_a_publication(fields, words):
    assert factories.PublicationFactory.build(**fields).shown_date == words


# --- Policy -------------------------------------------------------------------------------------------------

TODAY = timezone.localdate


@pytest.mark.parametrize(
    ("days", "warning"),
    [
        ({}, "niet gecontroleerd"),
        ({"checked_on": 0}, ""),
        ({"checked_on": -365}, ""),
        ({"checked_on": -366}, "niet gecontroleerd"),
        ({"checked_on": 0, "valid_to": 0}, ""),
        ({"checked_on": 0, "valid_to": -1}, "verlopen"),
        ({"valid_to": 10}, "niet gecontroleerd"),
        ({"checked_on": -400, "valid_to": -1}, "verlopen"),
        ({"checked_on": 0, "valid_from": 10}, "nog niet ingegaan"),
    ],
)
def test_a_scheme_says_by_itself_when_it_is_out_of_date(days, warning):
    dates = {name: TODAY() + timedelta(days=number) for name, number in days.items()}
    assert Scheme(title="SLIM", **dates).warning == warning


def test_the_warnings_of_a_file_in_short(db):
    file = factories.PolicyFileFactory()
    yesterday = TODAY() - timedelta(days=1)
    factories.SchemeFactory(policy_file=file, checked_on=TODAY())
    factories.SchemeFactory(policy_file=file)
    factories.SchemeFactory(policy_file=file, valid_to=yesterday)
    factories.SchemeFactory(policy_file=file, valid_to=yesterday)
    assert PolicyFile.objects.get().scheme_warnings == "2 verlopen, 1 niet gecontroleerd"


def test_a_scheme_ends_after_it_starts(db):
    scheme = factories.SchemeFactory.build(
        policy_file=factories.PolicyFileFactory(),
        source=factories.SourceFactory(),
        valid_from=date(2026, 2, 1),
        valid_to=date(2026, 1, 1),
    )
    assert refused(scheme) == {"__all__": ["De einddatum ligt voor de begindatum."]}
    with pytest.raises(IntegrityError):
        scheme.save()


def test_a_next_date_says_what_happens(db):
    file = factories.PolicyFileFactory.build(next_on=date(2026, 9, 1))
    assert refused(file) == {"__all__": ["Schrijf bij de volgende datum wat er dan gebeurt."]}
    with pytest.raises(IntegrityError):
        file.save()


@pytest.mark.parametrize(("days", "upcoming"), [(0, True), (1, True), (-1, False)])
def test_only_a_date_that_lies_ahead_is_upcoming(days, upcoming):
    file = PolicyFile(next_on=TODAY() + timedelta(days=days))
    assert file.upcoming == (file.next_on if upcoming else None)


def test_the_timeline_runs_from_old_to_new_with_the_undated_last(db):
    file = factories.PolicyFileFactory()
    for what, when in (("later", date(2021, 1, 1)), ("ooit", None), ("eerst", date(2020, 2, 18))):
        factories.PolicyEventFactory(policy_file=file, what=what, date=when)
    assert [event.what for event in PolicyFile.objects.get().timeline] == ["eerst", "later", "ooit"]


def test_policy_is_listed_by_next_date_then_by_what_happened_last(db):
    source = factories.SourceFactory()

    def make(title, next_on=None, happened=()):
        file = factories.PolicyFileFactory.build(title=title, next_on=next_on, next_what="debat" if next_on else "")
        file.events = [PolicyEvent(what="motie", date=day, source=source) for day in happened]
        file.save()

    make("oud", happened=[date(2020, 2, 18)])
    make("niets")
    make("volgend jaar", next_on=date(2027, 1, 1))
    make("recent", happened=[date(2019, 1, 1), date(2023, 5, 1)])
    make("straks", next_on=date(2026, 12, 1), happened=[date(2018, 1, 1)])
    files = PolicyFile.objects.for_list()
    assert [file.title for file in files] == ["straks", "volgend jaar", "recent", "oud", "niets"]


@pytest.mark.parametrize("fetch", ["for_list", "with_details"])
def test_lists_and_pages_leave_the_internal_notes_in_the_database(fetch, db):
    factories.PolicyFileFactory(internal_notes="Niet voor buiten")
    file = getattr(PolicyFile.objects, fetch)().get()
    assert file.get_deferred_fields() >= {"internal_notes"}


# --- Terms and news -----------------------------------------------------------------------------------------


def test_a_term_is_there_once_whatever_its_capitals(db):
    factories.TermFactory(title="Leeruitkomsten")
    again = factories.TermFactory.build(title="leeruitkomsten")
    assert refused(again) == {"__all__": ["Dit begrip staat er al."]}
    with pytest.raises(IntegrityError):
        again.save()


def test_a_term_has_a_meaning(db):
    term = factories.TermFactory.build(summary="")
    assert refused(term) == {"__all__": ["Leg uit wat het begrip betekent."]}
    with pytest.raises(IntegrityError):
        term.save()


def test_only_published_terms_that_editors_chose_are_explained_in_texts(db):
    shown = factories.TermFactory()
    factories.TermFactory(in_texts=False)
    factories.TermFactory(live=False)
    assert list(Term.objects.explained_in_texts()) == [shown]


def test_news_without_a_date_is_of_today(db):
    assert factories.NewsItemFactory().date == TODAY()
    assert factories.NewsItemFactory(date=date(2020, 12, 10)).date == date(2020, 12, 10)


# --- What search engines read -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (factories.PracticeFactory, "LearningResource"),
        (factories.QuestionFactory, "Article"),
        (factories.PolicyFileFactory, "Article"),
        (factories.NewsItemFactory, "NewsArticle"),
        (factories.TermFactory, "DefinedTerm"),
    ],
)
def test_structured_data_has_its_type_and_the_address_of_the_page(make, expected, db, settings):
    thing = make()
    data = thing.structured_data
    assert data["@type"] == expected
    assert data["url"] == settings.SITE_URL + thing.get_absolute_url()
    assert data.get("headline", data.get("name")) == thing.title


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("rapport", "Report"), ("scriptie", "Thesis"), ("artikel", "ScholarlyArticle"), ("magazine", "PublicationIssue")],
)
def test_a_publication_is_what_it_is_for_search_engines(kind, expected, db):
    publication = factories.PublicationFactory(
        kind=kind, year=2022, authors="Lieshout, H. van\n\nHanzehogeschool Groningen\n"
    )
    data = publication.structured_data
    assert (data["@type"], data["datePublished"]) == (expected, "2022")
    assert data["author"] == [
        {"@type": "Person", "name": "Lieshout, H. van"},
        {"@type": "Organization", "name": "Hanzehogeschool Groningen"},
    ]
    assert {PublicationKind(kind)} <= set(PublicationKind)


def test_a_policy_file_about_a_law_says_so(db):
    law = factories.PolicyFileFactory(kind=PolicyKind.LAW, number="30012, nr. 17").structured_data
    assert (law["about"]["@type"], law["about"]["identifier"]) == ("Legislation", "30012, nr. 17")
    assert factories.PolicyFileFactory().structured_data["about"]["@type"] == "Thing"


def test_structured_data_says_nothing_internal(db):
    file = factories.PolicyFileFactory(internal_notes="Niet voor buiten")
    assert "Niet voor buiten" not in str(file.structured_data)


def test_a_term_belongs_to_the_list_of_terms(db, settings):
    data = factories.TermFactory(slug="ad", also=["Ad", "Associate degree"]).structured_data
    assert data["inDefinedTermSet"] == settings.SITE_URL + reverse("term_list")
    assert data["alternateName"] == ["Ad", "Associate degree"]
