import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from network.models import Body, Kind, Organisation
from tests import factories

pytestmark = pytest.mark.django_db


def full_organisation(**fields) -> Organisation:
    organisation = factories.OrganisationFactory(**fields)
    factories.PlaceFactory(organisation=organisation)
    factories.PartnershipFactory(organisation=organisation)
    factories.OrganisationFactory(part_of=organisation)
    return organisation


@pytest.mark.parametrize("rows", [1, 3])
def test_the_network_takes_one_query_whatever_the_number_of_rows(client, queries, rows):
    for _ in range(rows):
        full_organisation()
    assert queries(client, "/netwerk/") == 1
    assert queries(client, "/netwerk/hogescholen/") == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_an_organisation_takes_four_queries_whatever_the_number_of_rows(client, queries, rows):
    organisation = full_organisation()
    for _ in range(rows - 1):
        factories.PlaceFactory(organisation=organisation, city=f"Plaats {_}")
        factories.PartnershipFactory(organisation=organisation)
    assert queries(client, organisation.get_absolute_url()) == 4


@pytest.mark.parametrize("rows", [1, 3])
def test_a_group_takes_one_query_whatever_the_number_of_members(client, queries, rows):
    for _ in range(rows):
        factories.AppointmentFactory(body=Body.TEAM, organisation=factories.OrganisationFactory())
    assert queries(client, "/over/team/") == 1


def test_each_list_shows_its_kinds_and_no_drafts(client):
    factories.OrganisationFactory(title="School A", kind=Kind.HOGESCHOOL)
    factories.OrganisationFactory(title="Fonds B", kind=Kind.FUND)
    factories.OrganisationFactory(title="Ministerie C", kind=Kind.MINISTRY)
    factories.OrganisationFactory(title="Concept D", kind=Kind.HOGESCHOOL, live=False)

    def shown(path: str) -> list[str]:
        page = client.get(path).content.decode()
        return [name for name in ("School A", "Fonds B", "Ministerie C", "Concept D") if name in page]

    assert shown("/netwerk/") == ["School A", "Fonds B", "Ministerie C"]
    assert shown("/netwerk/hogescholen/") == ["School A"]
    assert shown("/netwerk/branches/") == ["Fonds B"]


def test_a_group_shows_its_present_published_members_in_its_order(client):
    factories.AppointmentFactory(person__title="Tweede", body=Body.BOARD, position=2)
    factories.AppointmentFactory(person__title="Eerste", body=Body.BOARD, position=1)
    factories.AppointmentFactory(person__title="Vertrokken", body=Body.BOARD, ends_on="2021-01-01")
    factories.AppointmentFactory(person__title="Concept", person__live=False, body=Body.BOARD)
    factories.AppointmentFactory(person__title="Van het team", body=Body.TEAM)
    page = client.get("/over/raad-van-advies/").content.decode()
    names = ("Eerste", "Tweede", "Vertrokken", "Concept", "Van het team")
    assert sorted((name for name in names if name in page), key=page.index) == ["Eerste", "Tweede"]


def test_a_group_with_nobody_says_so(client):
    assert "Er staan nog geen namen op deze bladzijde." in client.get("/over/team/").content.decode()


def test_a_brin_code_needs_the_day_it_was_checked():
    with pytest.raises(ValidationError, match="wanneer die is gecontroleerd"):
        factories.OrganisationFactory.build(brin="12AB").full_clean()
    with pytest.raises(ValidationError, match="twee cijfers en twee hoofdletters"):
        factories.OrganisationFactory.build(brin="AB12", brin_checked_on="2026-01-01").full_clean()
    with pytest.raises(IntegrityError):
        factories.OrganisationFactory(brin="12AB")


def test_an_organisation_cannot_take_the_address_of_a_list():
    with pytest.raises(ValidationError, match="Dit adres is al in gebruik"):
        factories.OrganisationFactory.build(slug="hogescholen").full_clean()


def test_an_organisation_page_names_its_pilots_with_its_role(client):
    partnership = factories.PartnershipFactory(note="geeft de opleiding")
    page = client.get(partnership.organisation.get_absolute_url()).content.decode()
    assert partnership.pilot.title in page
    assert "Rol: hogeschool; geeft de opleiding." in page
