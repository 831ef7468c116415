import pytest
from django.http import QueryDict

from network.models import Kind
from pilots.filters import PilotFilter
from pilots.models import Degree, Form, Pilot
from tests import factories

pytestmark = pytest.mark.django_db


def find(query: str) -> list[str]:
    """The titles of the pilots that a query string finds, in order."""
    titles = dict(Pilot.objects.values_list("pk", "title"))
    return [titles[key] for key in PilotFilter(QueryDict(query)).matches]


def counts(query: str, facet: str) -> dict[str, int]:
    """How many pilots each choice of a facet would leave."""
    return {c.value: c.count for f, choices in PilotFilter(QueryDict(query)).facets if f.name == facet for c in choices}


@pytest.fixture
def three_pilots():
    """Bouw: bachelor and dual; Metaal: Ad and dual; Installatie: nothing known. And a draft, which must never show."""
    bouw = factories.PilotFactory(title="Bouw", number=1, sector__slug="bouw", sector__title="Bouw en infra")
    factories.ProgrammeFactory(pilot=bouw, title="Bouwkunde", degree=Degree.BACHELOR, form=Form.DUAL)
    metaal = factories.PilotFactory(title="Metaal", number=2, sector__slug="metaal", sector__title="Metaal")
    factories.ProgrammeFactory(pilot=metaal, title="Werktuigen", degree=Degree.AD, form=Form.DUAL)
    factories.PilotFactory(title="Installatie", number=3, sector__slug="techniek", sector__title="Techniek")
    draft = factories.PilotFactory(title="Geheim", number=4, live=False, sector=bouw.sector)
    factories.ProgrammeFactory(pilot=draft, degree=Degree.AD, form=Form.DUAL)


def test_without_filters_every_published_pilot_is_found(three_pilots):
    assert find("") == ["Bouw", "Metaal", "Installatie"]


def test_choices_of_one_facet_widen_and_facets_together_narrow(three_pilots):
    assert find("sector=bouw&sector=metaal") == ["Bouw", "Metaal"]
    assert find("sector=bouw&sector=metaal&graad=ad") == ["Metaal"]


def test_an_undecided_degree_counts_as_ad_and_as_bachelor(three_pilots):
    factories.ProgrammeFactory(pilot=Pilot.objects.get(title="Installatie"), degree=Degree.UNDECIDED)
    assert find("graad=ad") == ["Metaal", "Installatie"]
    assert find("graad=bachelor") == ["Bouw", "Installatie"]
    assert counts("", "graad") == {"ad": 2, "bachelor": 2, "onbekend": 0}


def test_a_pilot_without_programme_is_found_under_unknown(three_pilots):
    assert find("graad=onbekend") == ["Installatie"]
    assert find("vorm=onbekend") == ["Installatie"]


def test_a_count_leaves_out_the_choices_of_its_own_facet(three_pilots):
    assert counts("sector=bouw", "sector") == {"bouw": 1, "metaal": 1, "techniek": 1}
    assert counts("sector=bouw", "graad") == {"ad": 0, "bachelor": 1, "onbekend": 0}


def test_every_count_is_the_number_of_pilots_that_choice_finds(three_pilots):
    for facet, choices in PilotFilter(QueryDict("vorm=duaal")).facets:
        for choice in choices:
            others = "" if facet.name == "vorm" else "vorm=duaal&"
            assert (facet.name, choice.value, choice.count) == (
                facet.name,
                choice.value,
                len(find(f"{others}{facet.name}={choice.value}")),
            )


def test_all_words_must_occur_accents_and_capitals_aside(three_pilots):
    factories.RegionFactory(pilot=Pilot.objects.get(title="Metaal"), name="Fryslân")
    assert find("q=fryslan") == ["Metaal"]
    assert find("q=METAAL+frysl%C3%A2n") == ["Metaal"]
    assert find("q=bouw+metaal") == []


def test_the_name_of_a_partner_finds_its_pilots(three_pilots):
    school = factories.OrganisationFactory(title="Hogeschool van het Oosten", short_name="HvO", slug="hvo")
    factories.PartnershipFactory(pilot=Pilot.objects.get(title="Metaal"), organisation=school)
    assert find("q=hvo") == ["Metaal"]
    assert find("hogeschool=hvo") == ["Metaal"]


def test_a_draft_organisation_is_no_choice(three_pilots):
    hidden = factories.OrganisationFactory(slug="verborgen", live=False)
    fund = factories.OrganisationFactory(slug="fonds", kind=Kind.FUND)
    for organisation in (hidden, fund):
        factories.PartnershipFactory(pilot=Pilot.objects.get(title="Bouw"), organisation=organisation)
    assert counts("", "hogeschool") == {}
    assert counts("", "branche") == {"fonds": 1}


def test_an_unknown_value_matches_nothing_and_its_chip_says_so(three_pilots):
    finder = PilotFilter(QueryDict("sector=bestaat-niet"))
    assert finder.matches == []
    assert [chip.label for chip in finder.chips] == ["Sector: bestaat-niet (komt niet voor)"]


def test_when_nothing_is_left_the_advice_names_the_filter_to_remove(three_pilots):
    finder = PilotFilter(QueryDict("sector=bouw&graad=ad"))
    assert [(chip.label, chip.query) for chip in finder.advice] == [
        ("Diploma (1 pilot)", "sector=bouw"),
        ("Sector (1 pilot)", "graad=ad"),
    ]


def test_a_chip_leads_to_the_list_without_that_one_value(three_pilots):
    finder = PilotFilter(QueryDict("sector=bouw&sector=metaal&q=duaal&sorteer=naam"))
    assert {chip.label: chip.query for chip in finder.chips} == {
        "Woord: duaal": "sector=bouw&sector=metaal&sorteer=naam",
        "Sector: Bouw en infra": "q=duaal&sector=metaal&sorteer=naam",
        "Sector: Metaal": "q=duaal&sector=bouw&sorteer=naam",
    }


def test_pilots_sort_by_name(three_pilots):
    assert find("sorteer=naam") == ["Bouw", "Installatie", "Metaal"]


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "a" * 10_000,
        "q=%00",
        "sector=%00",
        "sector=" + "x" * 10_000,
        "graad=%F0%9F%98%80",
        "sorteer=zomaar",
        "zomaar=1",
        "&".join(f"sector={n}" for n in range(500)),
    ],
)
def test_strange_input_is_no_error(three_pilots, query, client):
    assert client.get(f"/pilots/?{query}").status_code == 200


def test_a_text_that_is_too_long_is_cut_and_the_page_says_so(three_pilots, client):
    page = client.get("/pilots/", {"q": "a" * 101}).content.decode()
    assert "Wij hebben gezocht op de eerste 100 tekens" in page


def test_a_word_does_not_find_a_pilot_by_a_partner_that_is_still_a_draft(three_pilots):
    hidden = factories.OrganisationFactory(title="Geheimbedrijf", live=False)
    factories.PartnershipFactory(pilot=Pilot.objects.get(title="Metaal"), organisation=hidden)
    assert find("q=geheimbedrijf") == []
