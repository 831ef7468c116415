import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.models import Organisation
from pilots.models import Pilot
from tests import factories

pytestmark = pytest.mark.django_db


def test_rows_come_with_their_parent_in_one_query(django_assert_num_queries):
    pilot = factories.PilotFactory()
    for title in ("Tweede", "Eerste"):
        factories.ProgrammeFactory(pilot=pilot, title=title, duration_years=2)
    partnership = factories.PartnershipFactory(pilot=pilot, note="geeft de opleiding")
    with django_assert_num_queries(1):
        found = Pilot.objects.with_rows("programmes", "partnerships__organisation").get()
        assert [(p.title, p.duration_years, p.pilot) for p in found.programmes.all()] == [
            ("Tweede", 2, pilot),
            ("Eerste", 2, pilot),
        ]
        assert [(p.note, p.organisation.title) for p in found.partnerships.all()] == [
            ("geeft de opleiding", partnership.organisation.title)
        ]


def test_values_come_back_as_the_model_has_them():
    change = factories.StatusChangeFactory(date="2020-12-31", source=factories.SourceFactory(date="2021-01-02"))
    row = Pilot.objects.with_rows("status_changes__source").get().status_changes.all()[0]
    change.refresh_from_db()
    assert (row.date, row.source.date, row.source) == (change.date, change.source.date, change.source)


def test_a_row_without_its_foreign_object_has_none():
    factories.StatusChangeFactory(source=None)
    assert Pilot.objects.with_rows("status_changes__source").get().status_changes.all()[0].source is None


def test_many_to_many_comes_in_the_order_of_its_model():
    pilot = factories.PilotFactory()
    for order in (2, 1):
        pilot.target_groups.add(factories.TargetGroupFactory(title=f"Groep {order}", sort_order=order))
    pilot.save()
    assert [str(group) for group in Pilot.objects.with_rows("target_groups").get().target_groups.all()] == [
        "Groep 1",
        "Groep 2",
    ]


def test_long_text_of_a_followed_object_is_read_only_when_asked_for():
    factories.PartnershipFactory(organisation=factories.OrganisationFactory(summary="Een samenvatting"))
    with CaptureQueriesContext(connection) as captured:
        organisation = Pilot.objects.with_rows("partnerships__organisation").get().partnerships.all()[0].organisation
        assert len(captured) == 1
        assert organisation.summary == "Een samenvatting"
        assert len(captured) == 2


def test_an_object_without_rows_has_an_empty_list():
    factories.OrganisationFactory()
    assert list(Organisation.objects.with_rows("places__province").get().places.all()) == []


def test_rows_can_be_filtered_sliced_and_counted():
    factories.PilotFactory.create_batch(3)
    pilots = Pilot.objects.with_rows("programmes")
    assert (pilots.count(), len(pilots[:2]), len(pilots.values("pk"))) == (3, 2, 3)
