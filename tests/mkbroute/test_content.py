"""What the content files of the site say: complete, sourced, readable, without what nobody has checked."""

import datetime
import math
import re
from itertools import combinations

import pytest
from django.apps import apps
from django.core.validators import URLValidator
from django.db import transaction

from mkbroute.content_files import read
from mkbroute.core.addresses import Addresses
from mkbroute.core.models import Province, Sector, Source, TargetGroup, Theme
from mkbroute.core.proofreading import Proofread, errors, long_sentences, proofread
from mkbroute.loading import CONTENT, load_content
from network.models import Appointment, Body, Organisation
from pilots.models import Answer, CriterionAnswer, Degree, Fact, Pilot, Region, Status, StatusChange
from research.models import NewsItem, PolicyEvent, PolicyFile, Practice, Publication, Question, Scheme, Term

FILES = sorted(CONTENT.rglob("*.yaml"))
DISC_RADIUS = 27
"""Of a number on the map, in units of its viewBox."""

DETAILS = {
    "pilot_detail": Pilot,
    "organisation_detail": Organisation,
    "theme_detail": Theme,
    "practice_detail": Practice,
    "publication_detail": Publication,
    "question_detail": Question,
    "policy_detail": PolicyFile,
    "term_detail": Term,
    "news_detail": NewsItem,
}
"""What has an address of its own, by the name of that address."""
KNOWLEDGE = [Practice, Publication, Question, PolicyFile, Term, NewsItem]


@pytest.fixture(scope="module")
def content(django_db_setup, django_db_blocker):
    """The site as a newcomer finds it, loaded once for the tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_content()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def site(content, db):
    """The loaded content, with what a test changes undone."""


def on_map(latitude: float, longitude: float) -> tuple[float, float]:
    """A point as the map draws it; see "projection" in nl-provinces.json."""

    def mercator(degrees):
        return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(degrees) / 2)))

    return 0.3 + 158.13 * (longitude - 3.3579), 0.3 + 158.13 * (mercator(53.555) - mercator(latitude))


def texts(value) -> list[str]:
    """Every text in a content file but the words of others."""
    if isinstance(value, dict) and "speaker" in value:
        return []
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    return [value] if isinstance(value, str) else []


# -- the pilots


def test_the_seven_places_stand_where_they_stood_at_the_end_of_2020(site):
    assert list(Pilot.objects.published().values_list("number", "status")) == [
        (1, Status.RUNNING),
        (2, Status.EXPLORING),
        (3, Status.EXPLORING),
        (4, Status.PLAN),
        (5, Status.DEVELOPING),
        (6, Status.CONNECTED),
        (7, Status.IMPROVING),
    ]


def test_every_status_has_a_date_an_explanation_and_a_source(site):
    known = StatusChange.objects.exclude(date=None).exclude(explanation="").exclude(source=None)
    assert known.count() == StatusChange.objects.count() == 7


def test_place_six_has_no_pilot_yet(site):
    pilot = Pilot.objects.get(number=6)
    assert (pilot.is_established, pilot.nationwide) == (False, True)
    assert (pilot.hogescholen, list(pilot.programmes.all()), list(pilot.regions.all())) == ([], [], [])


def test_the_hogescholen_of_every_pilot(site):
    found = {pilot.number: [h.slug for h in pilot.hogescholen] for pilot in Pilot.objects.all()}
    assert found == {
        1: ["avans"],
        2: ["hva"],
        3: ["fontys"],
        4: ["han", "hogeschool-rotterdam", "windesheim"],
        5: ["windesheim", "hogeschool-utrecht"],
        6: [],
        7: ["saxion"],
    }


def test_the_programmes_of_every_pilot(site):
    found = {
        pilot.number: [(p.degree, p.form, p.duration_years) for p in pilot.programmes.all()]
        for pilot in Pilot.objects.all()
    }
    assert found == {
        1: [(Degree.BACHELOR, "duaal", 4)] * 2,
        2: [(Degree.AD, "", 2)] * 2,
        3: [(Degree.UNDECIDED, "duaal", None)],
        4: [(Degree.AD, "duaal", 2)],
        5: [(Degree.AD, "duaal", 2)],
        6: [],
        7: [(Degree.AD, "deeltijd", 2)],
    }


def test_all_seven_criteria_of_every_pilot_are_answered_and_explained(site):
    assert CriterionAnswer.objects.exclude(remark="").count() == 7 * 7


def test_only_what_a_source_says_is_yes(site):
    yes = CriterionAnswer.objects.filter(answer=Answer.YES).order_by("pilot__number", "criterion")
    assert list(yes.values_list("pilot__number", "criterion")) == [
        *((1, code) for code in ("C1", "C2", "C4", "C6", "C7")),
        (2, "C1"),
        (7, "C1"),
    ]
    assert not CriterionAnswer.objects.filter(answer__in=[Answer.NO, Answer.NOT_YET]).exists()


def test_nobody_is_said_to_lead_a_pilot(site):
    assert not Pilot.objects.filter(partnerships__role="penvoerder").exists()


def test_numbers_on_the_map_do_not_overlap(site):
    points = {str(r): on_map(r.latitude, r.longitude) for r in Region.objects.select_related("pilot")}
    assert len(points) == Region.objects.count() == 10
    close = [
        (one, other)
        for (one, here), (other, there) in combinations(points.items(), 2)
        if math.dist(here, there) < 2 * DISC_RADIUS + 2
    ]
    assert close == []


def test_what_a_pilot_tells_is_in_its_sources(site):
    for pilot in Pilot.objects.all():
        named = (
            set(pilot.facts.values_list("source", flat=True))
            | {
                value
                for name in ("criterion_answers", "status_changes")
                for value in getattr(pilot, name).exclude(source=None).values_list("source", flat=True)
            }
            | {block.value["source"].pk for block in pilot.highlights}
        )
        assert named <= set(pilot.references.values_list("source", flat=True)), pilot


def test_no_pilot_has_an_llo_challenge_that_nobody_told_us(site):
    assert set(Pilot.objects.values_list("llo_challenge", flat=True)) == {""}


# -- the network


def test_every_organisation_is_loaded(site):
    kinds = Organisation.objects.published().filter(part_of=None)
    found = {kind: kinds.filter(kind=kind).count() for kind in kinds.values_list("kind", flat=True)}
    assert found == {
        "hogeschool": 10,
        "mbo-school": 2,
        "branche": 8,
        "fonds": 1,
        "opleidingsbedrijf": 5,
        "ministerie": 3,
        "landelijk": 5,
    }
    parts = Organisation.objects.exclude(part_of=None).values_list("slug", "part_of__slug")
    assert set(parts) == {("hanze-human-capital", "hanze"), ("han-lectoraat", "han"), ("katapult", "ptvt")}


def test_no_brin_code_that_nobody_checked(site):
    assert not Organisation.objects.exclude(brin="").exists()


def test_the_team_and_the_board_in_their_order(site):
    def members(body):
        rows = Appointment.objects.filter(body=body).order_by("position")
        return [f"{row.person}, {row.organisation.label}" for row in rows.select_related("person", "organisation")]

    assert members(Body.TEAM) == [
        "Leonie Blom, PTvT",
        "Pilar Lammerts, PTvT",
        "Gertrud van Erp, MKB-Nederland",
        "Amanda Thakoerdin, EZK",
        "Patrick Leushuis, OCW",
    ]
    assert members(Body.BOARD) == [
        "Jacco Vonhof, MKB-Nederland",
        "Focco Vijselaar, EZK",
        "Marcelis Boereboom, OCW",
        "Maurice Limmen, Vereniging Hogescholen",
    ]
    assert {row.shown_date for row in Appointment.objects.all()} == {"eind 2020"}


# -- what was learned


def blocks_of(item, kind: str) -> list:
    return [block.value for block in item.body if block.block_type == kind]


@pytest.mark.parametrize("model", KNOWLEDGE, ids=lambda model: model.__name__)
def test_everything_has_a_line_for_lists_and_search_engines(site, model):
    lines = dict(model.objects.published().values_list("slug", "summary"))
    assert lines
    assert [slug for slug, line in lines.items() if not 20 <= len(line) <= 400] == []


@pytest.mark.parametrize("model", [Practice, Question, PolicyFile, Publication, NewsItem], ids=lambda m: m.__name__)
def test_a_claim_in_a_text_rests_on_a_source(site, model):
    claims = [claim for item in model.objects.published() for claim in blocks_of(item, "claim")]
    assert claims
    assert [claim for claim in claims if not all(claim["sources"])] == []


def test_the_nine_practices_and_how_sure_we_are_of_each(site):
    assert dict(Practice.objects.published().values_list("slug", "strength")) == {
        "gezamenlijk-werkgeverschap-in-de-bouw": 2,
        "cursus-voor-bedrijfsbegeleiders": 1,
        "lab-als-onderzoeksafdeling-van-het-mkb": 1,
        "rouleren-met-intervisie": 0,
        "van-bbl-naar-hbo-in-de-logistiek": 2,
        "duaal-in-vrijwel-elke-sector": 2,
        "branche-als-aanjager": 1,
        "doorlopende-lijn-in-de-metaal": 0,
        "route-uit-de-jaren-negentig": 1,
    }


def test_every_practice_says_where_it_comes_from_and_who_can_use_it(site):
    practices = Practice.objects.with_details()
    assert [p.slug for p in practices if not p.references.all()] == []
    assert [p.slug for p in practices if not (p.audiences and p.themes.all() and p.questions.all())] == []
    assert [p.slug for p in practices if not (p.context and p.lesson and p.transferable)] == []


def test_every_source_that_a_practice_uses_in_its_text_is_among_its_references(site):
    for practice in Practice.objects.with_details():
        used = {source.pk for claim in blocks_of(practice, "claim") for source in claim["sources"]}
        used |= {block["source"].pk for kind in ("quote", "figure") for block in blocks_of(practice, kind)}
        extra = used - {reference.source_id for reference in practice.references.all()}
        assert not extra, practice.slug


def test_the_idea_is_called_an_idea(site):
    assert list(Practice.objects.filter(kind="idee").values_list("slug", flat=True)) == ["rouleren-met-intervisie"]


def test_the_three_questions_of_the_programme_with_the_questions_below_them(site):
    roots = Question.objects.filter(root=None)
    assert [(root.slug, root.subquestions.count()) for root in roots] == [
        ("duurzame-route", 6),
        ("goede-businesscase", 3),
        ("studenten-goed-begeleiden", 2),
    ]
    assert set(Question.objects.exclude(root=None).values_list("theme__slug", flat=True)) == set(
        Theme.objects.values_list("slug", flat=True)
    )


def test_a_question_of_our_own_says_that_it_is_a_proposal(site):
    for question in Question.objects.all():
        proposed = question.background.startswith("Voorstel voor de onderzoeksagenda")
        assert proposed == (question.root_id is not None), question.slug


def test_what_is_known_of_a_question_is_dated_signed_and_says_what_is_missing(site):
    for question in Question.objects.all():
        assert (question.known_on, question.known_by) == (datetime.date(2026, 11, 23), "redactie van deze site")
        assert blocks_of(question, "claim")
        assert question.missing
    assert set(Question.objects.values_list("status", flat=True)) == {"open"}


def test_the_nine_success_factors_stand_in_the_first_question(site):
    body = Question.objects.get(slug="duurzame-route").body
    start = next(place for place, block in enumerate(body) if "negen factoren" in str(block.value))
    assert sum(block.block_type == "claim" for block in list(body)[start:]) == 9


def test_a_publication_is_where_the_register_says_it_is(site):
    publications = Publication.objects.select_related("source")
    assert [p.slug for p in publications if not (p.url and p.source and p.source.url == p.url)] == []


def test_every_publication_has_an_author_and_answers_a_question(site):
    assert not Publication.objects.filter(authors="").exists()
    assert not Publication.objects.filter(questions=None).exists()


def test_every_policy_file_says_what_it_means_and_what_happened_when(site):
    assert PolicyFile.objects.published().count() == 14
    assert not PolicyFile.objects.filter(meaning="").exists()
    assert not PolicyFile.objects.filter(events=None).exists()
    assert not PolicyEvent.objects.filter(date=None).exists()
    assert not PolicyFile.objects.filter(status="onbekend", status_note="").exists()


def test_a_scheme_that_nobody_checked_warns_its_readers(site):
    assert {scheme.title: scheme.warning for scheme in Scheme.objects.all()} == {
        "Praktijkleren, hbo": "niet gecontroleerd",
        "SLIM, één mkb-bedrijf": "niet gecontroleerd",
        "STAP-budget": "verlopen",
        "Levenlanglerenkrediet": "niet gecontroleerd",
    }
    running = Scheme.objects.exclude(title="STAP-budget")
    assert not running.filter(source__review_on=None).exists()


def test_the_unconfirmed_number_of_the_motions_is_only_in_the_notes(site):
    told = {
        item.slug
        for item in PolicyFile.objects.all()
        if "31288" in f"{item.number} {item.summary} {item.meaning} {item.status_note} {item.body.get_prep_value()}"
    }
    assert told == set()
    assert "31288" in PolicyFile.objects.get(slug="moties-18-februari-2020").internal_notes


def test_news_is_dated_and_has_happened(site):
    dates = NewsItem.objects.published().values_list("date", flat=True)
    assert len(dates) == 11
    assert max(dates) <= datetime.date.today()


def test_every_term_of_the_field_is_explained(site):
    words = {form for term in Term.objects.published() for form in term.forms}
    assert words >= {
        *(
            "Ad",
            "bachelor",
            "duaal",
            "deeltijd",
            "voltijd",
            "leeruitkomst",
            "beroepsproduct",
            "bbl",
            "bol",
            "doorstroom",
        ),
        *("tripartiete overeenkomst", "leerarbeidscontract", "zij-instromer", "LLO", "pps", "O&O-fonds", "NLQF", "EVC"),
        *("macrodoelmatigheid", "werkplekscan", "praktijkbegeleider", "co-creatie", "BRIN", "WHW", "pilot"),
        *("mkb", "nulmeting", "good practice", "businesscase", "lectoraat", "motie", "convenant"),
    }


def test_no_form_of_a_term_belongs_to_two_terms(site):
    forms = [form.lower() for term in Term.objects.published() for form in term.forms]
    assert sorted({form for form in forms if forms.count(form) > 1}) == []


# -- the words


def test_the_fixed_lists(site):
    assert [model.objects.count() for model in (Province, Sector, Theme, TargetGroup)] == [12, 6, 5, 10]
    assert set(Province.objects.values_list("code", flat=True)) == {
        f"NL-{code}" for code in ("DR", "FL", "FR", "GE", "GR", "LI", "NB", "NH", "OV", "UT", "ZE", "ZH")
    }


def test_sources_have_whole_addresses_or_none(site):
    valid = URLValidator(schemes=["https"])
    for source in Source.objects.exclude(url=""):
        valid(source.url)
    assert Fact.objects.filter(source=None).count() == 0


def test_what_is_measured_is_told_from_what_is_experienced(site):
    measured = Source.objects.filter(kind=Source.Kind.MEASUREMENT).values_list("publisher", flat=True)
    assert sorted(measured) == [
        "HAN University of Applied Sciences",
        "Inspectie van het Onderwijs",
        "ScienceGuide",
        "bo.nl",
    ]
    assert set(Source.objects.values_list("kind", flat=True)) == set(Source.Kind.values)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(CONTENT).as_posix())
def test_a_sentence_has_at_most_25_words(file):
    assert [sentence for text in texts(read(file)) for sentence in long_sentences(text)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(CONTENT).as_posix())
def test_words_are_spelled_as_agreed_and_no_mail_address_is_given(file):
    content = read(file)
    if file.name == "sources.yaml":  # titles of others keep their spelling
        content = [source.get("note", "") for source in content.values()]
    wrong = re.compile(r"M[Kk][Bb]-(Route|Bedrijf)|MKB-(route|bedrijf)|\bHBO\b(?!-raad)|\bMBO\b|\bAD\b|[\w.]+@[\w.]+")
    assert [text for text in texts(content) if wrong.search(text)] == []


def test_every_page_could_be_published_as_it_is(site):
    addresses = Addresses()
    pages = [
        page
        for model in apps.get_models()
        if issubclass(model, Proofread)
        for page in model._base_manager.filter(live=True)
    ]
    assert {str(page): found for page in pages if (found := errors(proofread(page, addresses)))} == {}
    assert len(pages) > 50
