"""What the content files of the site say: complete, sourced, readable, without what nobody has checked."""

import math
import re
from itertools import combinations

import pytest
from django.core.validators import URLValidator
from django.db import transaction
from django.urls import resolve

from mkbroute.content_files import read
from mkbroute.core.models import Province, Sector, Source, TargetGroup, Theme
from mkbroute.loading import CONTENT, load_content
from mkbroute.models import ContentPage
from network.models import Appointment, Body, Organisation
from pilots.models import Answer, CriterionAnswer, Degree, Fact, Pilot, Region, Status, StatusChange

FILES = sorted(CONTENT.rglob("*.yaml"))
DISC_RADIUS = 27
"""Of a number on the map, in units of its viewBox."""


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


def sentences(text: str) -> list[str]:
    """The sentences of a text; a paragraph or an item of a list ends one, and a list of sources is none."""
    plain = re.sub(r"<[^>]+>", "", re.sub(r"</(p|li|h2|h3)>|<br/?>", "\n", text))
    parts = (part.strip() for part in re.split(r"(?<=[.!?])\s|\n", plain))
    return [part for part in parts if not part.startswith("Bron")]


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


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(CONTENT).as_posix())
def test_a_sentence_has_at_most_25_words(file):
    long = [s for text in texts(read(file)) for s in sentences(text) if len(s.split()) > 25]
    assert long == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(CONTENT).as_posix())
def test_words_are_spelled_as_agreed_and_no_mail_address_is_given(file):
    content = read(file)
    if file.name == "sources.yaml":  # titles of others keep their spelling
        content = [source.get("note", "") for source in content.values()]
    wrong = re.compile(r"M[Kk][Bb]-(Route|Bedrijf)|MKB-(route|bedrijf)|\bHBO\b(?!-raad)|\bMBO\b|\bAD\b|[\w.]+@[\w.]+")
    assert [text for text in texts(content) if wrong.search(text)] == []


def test_every_address_inside_the_site_leads_somewhere(site):
    pages = {page.url_path.removeprefix("/home") for page in ContentPage.objects.live()}
    addresses = {
        address.partition("#")[0].partition("?")[0]
        for file in FILES
        for text in texts(read(file))
        for address in [
            *re.findall(r'href="(/[^"]*)"', text),
            *([text] if re.fullmatch(r"/\S*", text) else []),
        ]
    }
    dead = [a for a in addresses if resolve(a).url_name == "wagtail_serve" and a not in pages]
    assert dead == []
