import re

import pytest

from pilots.models import Answer, Criterion, Degree, Form, Pilot, Role, Status
from tests import factories

pytestmark = pytest.mark.django_db


def full_pilot(**fields) -> Pilot:
    """A pilot with a row in every table."""
    pilot = factories.PilotFactory(**fields)
    source = factories.SourceFactory()
    factories.ProgrammeFactory(pilot=pilot, degree=Degree.AD, form=Form.DUAL, duration_years=2)
    factories.PartnershipFactory(pilot=pilot)
    factories.RegionFactory(pilot=pilot)
    factories.StatusChangeFactory(pilot=pilot, source=source)
    factories.CriterionAnswerFactory(pilot=pilot, answer=Answer.YES, source=source)
    factories.FactFactory(pilot=pilot, source=source)
    factories.ReferenceFactory(pilot=pilot, source=source)
    pilot.target_groups.add(factories.TargetGroupFactory())
    pilot.themes.add(factories.ThemeFactory())
    pilot.body = [
        ("text", "<p>Zo werkt het.</p>"),
        (
            "figure",
            {
                "value": "70",
                "unit": "plaatsen",
                "as_of": "2020",
                "heading": "Kop",
                "text": "<p>x</p>",
                "source": source,
            },
        ),
        ("quote", {"text": "Goed.", "source": source}),
    ]
    pilot.save()
    return pilot


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_three_queries_whatever_the_number_of_rows(client, queries, rows):
    for _ in range(rows):
        full_pilot()
    assert queries(client, "/pilots/") == 3
    assert queries(client, "/pilots/?graad=ad&vorm=duaal&status=lopend&q=regio&sorteer=naam") == 3


@pytest.mark.parametrize("rows", [1, 3])
def test_a_pilot_takes_six_queries_whatever_the_number_of_rows(client, queries, rows):
    pilots = [full_pilot(sector=factories.SectorFactory(slug=f"s{n}")) for n in range(rows)]
    factories.UpdateFactory.create_batch(rows, pilot=pilots[0])
    assert queries(client, pilots[0].get_absolute_url()) == 6


def test_two_hundred_pilots_cost_the_list_no_more_queries(client, queries):
    sector = factories.SectorFactory()
    factories.PilotFactory.create_batch(200, sector=sector)
    assert queries(client, "/pilots/") == 3
    assert queries(client, "/pilots/?pagina=3") == 3


def test_list_map_and_heading_show_the_same_pilots(client):
    chosen = [full_pilot(title=f"Gekozen {n}") for n in range(3)]
    for pilot in chosen:
        pilot.sector.slug = f"gekozen-{pilot.number}"
        pilot.sector.save()
    page = client.get("/pilots/", {"sector": [p.sector.slug for p in chosen[:2]]}).content.decode()
    numbers = {str(p.number) for p in chosen[:2]}
    assert "2 van de 3 passen bij uw keuze" in page
    assert set(re.findall(r'<span class="node" aria-hidden="true">(\d+)<', page)) == numbers
    assert set(re.findall(r'<a href="[^"]+" class="m(\d+)"', page)) == numbers


def test_pilots_that_do_not_match_stay_in_view_only_while_there_are_at_most_twelve(client):
    sectors = [factories.SectorFactory(slug=f"sector-{n}") for n in range(2)]
    factories.PilotFactory(title="Past", sector=sectors[0])
    factories.PilotFactory.create_batch(11, title="Past niet", sector=sectors[1])
    assert client.get("/pilots/?sector=sector-0").content.decode().count("</span>Past niet</a>") == 11
    factories.PilotFactory(title="Past niet", sector=sectors[1])
    assert client.get("/pilots/?sector=sector-0").content.decode().count("Past niet") == 0


def test_a_draft_is_not_found_nor_named(client):
    draft = full_pilot(title="Nog geheim", live=False)
    shown = full_pilot(sector=draft.sector)
    factories.PartnershipFactory(pilot=draft, organisation=shown.partnerships.first().organisation)
    assert client.get(draft.get_absolute_url()).status_code == 404
    for path in (
        "/pilots/",
        shown.get_absolute_url(),
        shown.partnerships.first().organisation.get_absolute_url(),
    ):
        assert "Nog geheim" not in client.get(path).content.decode()


def test_a_draft_partner_is_not_named_on_the_page_of_its_pilot(client):
    pilot = full_pilot()
    factories.PartnershipFactory(
        pilot=pilot, organisation=factories.OrganisationFactory(title="Geheime partner", live=False)
    )
    for path in ("/pilots/", pilot.get_absolute_url()):
        assert "Geheime partner" not in client.get(path).content.decode()


def test_a_pilot_without_hogeschool_and_programme_says_that_both_are_unknown(client):
    pilot = factories.PilotFactory(nationwide=True)
    page = client.get(pilot.get_absolute_url()).content.decode()
    assert "Welke opleiding het wordt, is nog niet bekend." in page
    assert '<dt>Hogeschool</dt><dd class="unknown">nog niet bekend</dd>' in page
    assert "werkt landelijk en heeft nog geen plek op de kaart" in client.get("/pilots/").content.decode()


def test_all_seven_criteria_are_shown_and_those_without_an_answer_read_unknown(client):
    pilot = full_pilot()
    page = client.get(pilot.get_absolute_url()).content.decode()
    assert [code for code in Criterion.values if f"<h3>{code} " in page] == Criterion.values
    assert page.count("<strong>Nog niet bekend.</strong>") == 6
    assert page.count('<li class="is-yes">') == 1


def test_a_stopped_pilot_ends_at_the_last_stop_it_reached(client):
    pilot = factories.PilotFactory()
    for status in (Status.EXPLORING, Status.PLAN, Status.STOPPED):
        factories.StatusChangeFactory(pilot=pilot, status=status)
    pilot = Pilot.objects.get(pk=pilot.pk)
    pilot.save()
    page = client.get(pilot.get_absolute_url()).content.decode()
    assert "Status: gestopt" in page
    assert re.findall(r'class="route__name">([^<]+)<', page) == [
        "Aangesloten",
        "Marktverkenning",
        "Pilotplan",
    ]


def test_structured_data_names_the_programme(client):
    pilot = full_pilot()
    page = client.get(pilot.get_absolute_url()).content.decode()
    assert '"@type": "EducationalOccupationalProgram"' in page
    assert '"timeToComplete": "P2Y"' in page


def test_a_title_cannot_end_the_data_block(client):
    pilot = full_pilot(title="</script><script>alert(1)</script>")
    assert "<script>alert" not in client.get(pilot.get_absolute_url()).content.decode()


def test_related_pilots_share_the_sector_or_a_partner():
    pilot = full_pilot()
    same_sector = full_pilot(sector=pilot.sector)
    same_partner = factories.PilotFactory()
    factories.PartnershipFactory(
        pilot=same_partner, organisation=pilot.partnerships.first().organisation, role=Role.OTHER
    )
    full_pilot(live=False, sector=pilot.sector)
    full_pilot()
    assert list(pilot.related()) == [same_sector, same_partner]


def test_the_status_follows_the_newest_change():
    pilot = factories.PilotFactory()
    assert pilot.status == Status.CONNECTED
    factories.StatusChangeFactory(pilot=pilot, status=Status.PLAN)
    factories.StatusChangeFactory(pilot=pilot, status=Status.RUNNING)
    pilot = Pilot.objects.get(pk=pilot.pk)
    pilot.save()
    assert Pilot.objects.get(pk=pilot.pk).status == Status.RUNNING


def test_partners_can_swap_the_role_of_penvoerder():
    pilot = factories.PilotFactory()
    leader = factories.PartnershipFactory(pilot=pilot, role=Role.LEAD)
    other = factories.PartnershipFactory(pilot=pilot, role=Role.HOGESCHOOL)
    pilot = Pilot.objects.get()
    rows = sorted(pilot.partnerships.all(), key=lambda row: row.pk)  # of equal places the database may give any order
    rows[0].role, rows[1].role = Role.HOGESCHOOL, Role.LEAD
    pilot.partnerships = reversed(rows)  # the new one is saved before the old one gives way
    pilot.save_revision().publish()
    assert {p.pk: p.role for p in Pilot.objects.get().partnerships.all()} == {
        leader.pk: "hogeschool",
        other.pk: "penvoerder",
    }
