"""The team keeps its contact with a pilot; the pilot sees only what is shared, and what is late is seen on Vandaag."""

import csv
import uuid
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pilots.models import ContactMoment, Pilot, Status, without_contact
from tests import factories
from tests.admin.test_today import listed, numbers

TODAY_NUMBERS = ("Pilots zonder contact", "Afspraken over tijd")


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False


@pytest.fixture
def team(moderator, as_user):
    return as_user(moderator)


def days(number: int) -> date:
    """So many days from today."""
    return timezone.localdate() + timedelta(days=number)


def moment(pilot, **fields) -> ContactMoment:
    return factories.ContactMomentFactory(pilot=pilot, **fields)


def where(pilot) -> str:
    return f"/admin/contact/{pilot.pk}/"


def kept(**changed) -> dict:
    """What somebody fills in after a talk."""
    return {
        "date": f"{timezone.localdate():%d-%m-%Y}",
        "kind": "bezoek",
        "hours": "1,5",
        "agreements": "De pilot stuurt het plan.",
        "next_contact_on": "",
        "internal_note": "",
        "submission": str(uuid.uuid4()),
        **changed,
    }


def words(response) -> str:
    page = BeautifulSoup(response.content, "html.parser")
    return " ".join(page.select_one("main").text.split())


# --- What the pilot sees ---------------------------------------------------------------------------------------------


def test_the_pilot_sees_date_agreements_and_next_date_of_what_is_shared(pilot, reader, as_user):
    moment(
        pilot,
        date=date(2026, 9, 1),
        next_contact_on=date(2026, 12, 1),
        agreements="U zoekt drie bedrijven.",
        internal_note="Gaat moeizaam.",
        hours=Decimal("7.25"),
        is_shared=True,
    )
    moment(pilot, date=date(2026, 8, 1), agreements="Intern plan.", internal_note="Geheim.")
    page = as_user(reader).get("/partner/pilots/een-pilot/ondersteuning/").content.decode()
    for shown in ("Onze afspraken", "1 september 2026", "U zoekt drie bedrijven.", "1 december 2026"):
        assert shown in page
    for hidden in ("Gaat moeizaam", "7,25", "7.25", "Intern plan", "Geheim", "1 augustus 2026"):
        assert hidden not in page


def test_older_agreements_stay_within_reach(pilot, reader, as_user):
    for number in range(7):
        moment(pilot, date=days(-number), agreements=f"Afspraak {number}", is_shared=True)
    page = BeautifulSoup(as_user(reader).get("/partner/pilots/een-pilot/ondersteuning/").content, "html.parser")
    assert [item.text.strip() for item in page.select("details .flow")] == ["Afspraak 5", "Afspraak 6"]


def test_agreements_of_another_pilot_are_not_there(pilot, other_pilot, reader, as_user):
    moment(other_pilot, agreements="Van de ander.", is_shared=True)
    assert "Van de ander." not in words(as_user(reader).get("/partner/pilots/een-pilot/ondersteuning/"))


# --- Keeping ---------------------------------------------------------------------------------------------------------


def test_a_moment_is_kept_on_the_page_of_the_pilot(pilot, moderator, team):
    response = team.post(where(pilot), kept(next_contact_on=f"{days(30):%d-%m-%Y}", is_shared="on"), follow=True)
    assert "Het contact is bewaard." in response.content.decode()
    [one] = ContactMoment.objects.all()
    assert (one.pilot, one.by, one.date, one.kind) == (pilot, moderator, timezone.localdate(), "bezoek")
    assert (one.hours, one.next_contact_on, one.is_shared) == (Decimal("1.50"), days(30), True)
    assert "De pilot stuurt het plan." in words(response)


@pytest.mark.parametrize(("typed", "hours"), [("2", "2"), ("0,25", "0.25"), ("1.5", "1.5"), ("", None)])
def test_hours_are_written_as_one_writes_them(typed, hours, pilot, team):
    team.post(where(pilot), kept(hours=typed))
    assert ContactMoment.objects.get().hours == (Decimal(hours) if hours else None)


def test_a_second_click_keeps_one_and_other_words_keep_another(pilot, team):
    typed = kept()
    assert [team.post(where(pilot), typed).status_code for _ in range(2)] == [302, 302]
    assert ContactMoment.objects.count() == 1
    team.post(where(pilot), {**typed, "agreements": "Iets anders."})
    assert ContactMoment.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"date": f"{days(1):%d-%m-%Y}"}, "Deze dag komt nog."),
        ({"date": "gisteren"}, "Voer een geldige datum in."),
        ({"hours": "-1"}, "Uren zijn nul of meer."),
        ({"hours": "veel"}, "Voer een getal in."),
        ({"next_contact_on": f"{days(0):%d-%m-%Y}"}, "Het volgende contact is na dit contact."),
        ({"agreements": "", "is_shared": "on"}, "Er is niets te delen"),
    ],
)
def test_what_is_refused_keeps_every_word(changed, reason, pilot, team):
    typed = kept(internal_note="Eigen notitie.", **changed)
    response = team.post(where(pilot), typed)
    assert reason in words(response)
    assert "Eigen notitie." in response.content.decode()
    assert ContactMoment.objects.count() == 0


def test_a_moment_is_added_and_changed_in_the_list_too(pilot, moderator, team):
    add = reverse(ContactMoment.snippet_viewset.get_url_name("add"))
    form = BeautifulSoup(team.get(add).content, "html.parser")
    assert form.select_one("[name=by] option[selected]")["value"] == str(moderator.pk)
    typed = kept(pilot=pilot.pk, by=moderator.pk)
    assert [team.post(add, typed).status_code for _ in range(2)] == [302, 302]
    one = ContactMoment.objects.get()
    edit = reverse(ContactMoment.snippet_viewset.get_url_name("edit"), args=[one.pk])
    page = BeautifulSoup(team.get(edit).content, "html.parser")
    assert page.select_one("[name=hours]")["value"] == "1,50"
    opened = page.select_one("[name=opened_as]")["value"]
    assert team.post(edit, {**typed, "hours": "2", "opened_as": opened}).status_code == 302
    one.refresh_from_db()
    assert (one.hours, one.by) == (2, moderator)


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "weg"}, {"hours": -1}, {"next_contact_on": days(0)}, {"is_shared": True, "agreements": ""}],
)
def test_the_database_refuses_a_moment_that_makes_no_sense(wrong, pilot):
    one = moment(pilot)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactMoment.objects.filter(pk=one.pk).update(**wrong)


def test_contact_of_tomorrow_is_no_contact_yet(pilot):
    with pytest.raises(ValidationError, match="Deze dag komt nog"):
        factories.ContactMomentFactory.build(pilot=pilot, by=None, date=days(1)).full_clean()


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_keep_one(pilot, as_user, at_once):
    typed = kept()
    of_team = factories.UserFactory(is_staff=True, is_superuser=True)  # such a test has no groups
    clients = [as_user(of_team) for _ in range(3)]
    answers = at_once(*(lambda client=client: client.post(where(pilot), typed).status_code for client in clients))
    assert (answers, ContactMoment.objects.count()) == ([302] * 3, 1)


# --- Late ------------------------------------------------------------------------------------------------------------


def overdue() -> list[ContactMoment]:
    return list(ContactMoment.objects.overdue())


def test_an_appointment_is_late_from_the_day_after(pilot):
    today = moment(pilot, date=days(-10), next_contact_on=days(0))
    assert overdue() == []
    ContactMoment.objects.filter(pk=today.pk).update(next_contact_on=days(-1))
    assert overdue() == [today]


def test_contact_since_settles_it_and_older_contact_does_not(pilot, other_pilot):
    late = moment(pilot, date=days(-20), next_contact_on=days(-5))
    moment(pilot, date=days(-30), next_contact_on=days(-25))
    moment(other_pilot, date=days(-1))
    assert overdue() == [late]
    moment(pilot, date=days(-20))  # the same day, written down later
    assert overdue() == []


@pytest.mark.parametrize(("ago", "silent"), [(0, False), (90, False), (91, True), (None, True)])
def test_a_pilot_is_without_contact_after_ninety_days_or_when_there_never_was_any(ago, silent, pilot):
    if ago is not None:
        moment(pilot, date=days(-ago))
        moment(pilot, date=days(-ago - 50))
    assert list(without_contact(Pilot.objects.all())) == ([pilot] if silent else [])


def test_a_stopped_pilot_and_a_draft_are_left_in_peace(db):
    stopped = factories.PilotFactory()
    factories.StatusChangeFactory(pilot=stopped, status=Status.STOPPED)
    Pilot.objects.get(pk=stopped.pk).save()
    factories.PilotFactory(live=False)
    assert list(without_contact(Pilot.objects.all())) == []


def test_the_numbers_of_vandaag_open_lists_of_exactly_those(pilot, other_pilot, team):
    moment(pilot, date=days(-100), next_contact_on=days(-50))
    moment(other_pilot, date=days(-100), next_contact_on=days(50))
    moment(factories.PilotFactory(title="Kort geleden"), date=days(-3), next_contact_on=days(-1))
    found = numbers(team)
    assert [found[title][0] for title in TODAY_NUMBERS] == [2, 2]
    assert listed(team, found["Pilots zonder contact"][1]) == ["Bouwkunde", "Logistiek"]
    assert listed(team, found["Afspraken over tijd"][1]) == ["Bouwkunde", "Kort geleden"]


def test_an_editor_sees_neither_number_nor_list(pilot, editor, as_user):
    desk = as_user(editor)
    assert not set(TODAY_NUMBERS) & set(numbers(desk))
    for path in ("/admin/contact/", "/admin/contact/lijst/", where(pilot)):
        assert desk.get(path).status_code == 302
    assert desk.post(where(pilot), kept()).status_code == 302
    assert ContactMoment.objects.count() == 0


@pytest.mark.parametrize("who", ["lead", "writer", "reader", "colleague", "outsider"])
def test_for_partners_the_screens_of_the_team_do_not_exist(who, request, pilot, as_user):
    client = as_user(request.getfixturevalue(who))
    for path in ("/admin/contact/", where(pilot)):
        assert [client.get(path).status_code, client.post(path, kept()).status_code] == [404, 404]
    assert ContactMoment.objects.count() == 0


def test_vandaag_costs_the_same_for_much_contact_as_for_little(pilot, team):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            numbers(team)
        return len(captured)

    moment(pilot, date=days(-100), next_contact_on=days(-50))
    queries()
    at_one = queries()
    for _ in range(3):
        moment(factories.PilotFactory(), date=days(-100), next_contact_on=days(-50))
    assert queries() == at_one


# --- Per pilot -------------------------------------------------------------------------------------------------------


def test_the_page_of_a_pilot_adds_the_hours_of_each_year(pilot, other_pilot, team):
    moment(pilot, date=date(2025, 5, 1), hours=Decimal("1.5"))
    moment(pilot, date=date(2025, 6, 1), hours=Decimal("2.25"))
    moment(pilot, date=date(2024, 6, 1), hours=None)
    moment(other_pilot, date=date(2025, 6, 1), hours=Decimal("40"))
    rows = BeautifulSoup(team.get(where(pilot)).content, "html.parser").select("table.listing tbody tr")
    assert [[cell.text for cell in row.select("th, td")] for row in rows] == [
        ["2025", "3,75", "2"],
        ["2024", "nog niet bekend", "1"],
    ]


def test_the_page_of_a_pilot_names_its_questions_and_no_other(pilot, other_pilot, team):
    mine = factories.SupportRequestFactory(pilot=pilot, title="Van ons")
    factories.SupportRequestFactory(pilot=other_pilot, title="Van hen")
    page = team.get(where(pilot)).content.decode()
    assert f"/admin/ondersteuning/{mine.pk}/" in page
    assert "Van hen" not in page


def test_who_was_never_spoken_comes_first(pilot, other_pilot, team):
    moment(pilot, date=days(-200))
    page = BeautifulSoup(team.get("/admin/contact/").content, "html.parser")
    assert [cell.text.strip() for cell in page.select("td.title .title-wrapper")] == ["Logistiek", "Bouwkunde"]
    assert "nog nooit" in page.text


@pytest.mark.parametrize("ordering", ["title", "-last_contact", "next_contact", "hours_this_year", "nonsense"])
def test_the_list_is_ordered_as_one_likes(ordering, pilot, team):
    assert team.get("/admin/contact/", {"ordering": ordering}).status_code == 200


def test_the_list_per_pilot_can_be_taken_along(pilot, team):
    moment(pilot, date=days(-1), hours=Decimal("1.5"))
    factories.SupportRequestFactory(pilot=pilot)
    factories.SupportRequestFactory(pilot=pilot, state="afgerond", closed_at=timezone.now())
    response = team.get("/admin/contact/", {"export": "csv"})
    head, row = csv.reader(StringIO(b"".join(response.streaming_content).decode()))
    assert [name for name in head if "_" in name] == []
    assert dict(zip(head, row, strict=True)) | {"Open vragen": "1", "Pilot": "Bouwkunde"} == dict(
        zip(head, row, strict=True)
    ) | {"Pilot": "Bouwkunde"}


def test_screens_cost_the_same_for_one_row_and_for_three(pilot, team, queries):
    moment(pilot), factories.SupportRequestFactory(pilot=pilot)
    at_one = [queries(team, path) for path in ("/admin/contact/", where(pilot))]
    for _ in range(2):
        moment(pilot), factories.SupportRequestFactory(pilot=pilot)
        moment(factories.PilotFactory())
    assert [queries(team, path) for path in ("/admin/contact/", where(pilot))] == at_one
