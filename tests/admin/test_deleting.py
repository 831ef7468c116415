"""What is in use stays, and the editor hears where it is used."""

import pytest
from django.urls import reverse

from mkbroute.core.models import Sector, Source
from mkbroute.core.usage import users_of
from network.models import Organisation
from pilots.models import Fact, Pilot
from tests import factories
from tests.admin.conftest import messages


def delete_url(instance) -> str:
    return reverse(type(instance).snippet_viewset.get_url_name("delete"), args=[instance.pk])


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_organisation_with_a_pilot_cannot_be_deleted(method, team):
    partnership = factories.PartnershipFactory()
    organisation = partnership.organisation
    response = getattr(team, method)(delete_url(organisation), follow=True)
    assert messages(response) == [
        f"‘{organisation}’ kan niet weg, want het wordt nog gebruikt: {partnership.pilot}. Haal het daar eerst weg."
    ]
    assert Organisation.objects.filter(pk=organisation.pk).count() == 1


def test_of_many_users_five_are_named(team):
    sector = factories.SectorFactory(title="ICT")
    for number in range(1, 8):
        factories.PilotFactory(sector=sector, number=number, title=f"Pilot {number}")
    (message,) = messages(team.post(delete_url(sector), follow=True))
    assert message.count("Pilot ") == 5
    assert "en nog 2." in message
    assert Sector.objects.count() == 1


def test_several_at_once_are_not_deleted_either_when_one_is_used(team):
    used, unused = factories.PilotFactory().sector, factories.SectorFactory()
    url = reverse("wagtail_bulk_action", args=["core", "sector", "delete"])
    response = team.post(f"{url}?id={used.pk}&id={unused.pk}", follow=True)
    assert "wordt nog gebruikt" in messages(response)[0]
    assert set(Sector.objects.all()) == {used, unused}


def test_a_source_that_a_text_points_at_stays(team):
    source = factories.SourceFactory(title="Programmafolder")
    organisation = factories.OrganisationFactory(title="Windesheim")
    quote = {"type": "quote", "value": {"text": "Werkend leren.", "speaker": "", "source": source.pk}}
    organisation.body = organisation.body.stream_block.to_python([quote])
    organisation.save()
    (message,) = messages(team.post(delete_url(source), follow=True))
    assert "Windesheim" in message
    assert Source.objects.count() == 1


def test_what_nothing_uses_goes(team):
    source = factories.SourceFactory(title="Oude folder")
    assert team.get(delete_url(source)).status_code == 200
    assert messages(team.post(delete_url(source), follow=True)) == [f"Bron '{source}' verwijderd."]
    assert Source.objects.count() == 0


def test_a_pilot_goes_with_all_its_rows(team):
    pilot = factories.ProgrammeFactory().pilot
    factories.RegionFactory(pilot=pilot)
    team.post(delete_url(pilot))
    assert Pilot.objects.count() == 0


def test_an_editor_deletes_nothing(desk):
    pilot = factories.PilotFactory()
    url = reverse("wagtail_bulk_action", args=["pilots", "pilot", "delete"])
    desk.post(delete_url(pilot))
    desk.post(f"{url}?id={pilot.pk}")
    assert Pilot.objects.count() == 1


def test_the_usage_of_an_organisation_names_its_pilots(team):
    partnership = factories.PartnershipFactory()
    usage = reverse(Organisation.snippet_viewset.get_url_name("usage"), args=[partnership.organisation.pk])
    assert str(partnership.pilot) in team.get(usage).content.decode()


def test_what_only_a_draft_points_at_is_kept_for_that_draft(team, client):
    fact = factories.FactFactory()
    pilot = Pilot.objects.get()
    pilot.facts = [Fact(label="Starters", value="70", source=(source := factories.SourceFactory()))]
    pilot.save_revision()
    assert users_of(source) == [pilot]
    assert users_of(fact.source) == [pilot]
    assert users_of(factories.SourceFactory()) == []
