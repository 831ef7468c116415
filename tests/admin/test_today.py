"""Every number of the start screen opens a list of exactly that many, for this user."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Revision

from mkbroute.today import WORK_LISTS
from tests import factories

MAKERS = (
    factories.PilotFactory,
    factories.OrganisationFactory,
    factories.PersonFactory,
    factories.PracticeFactory,
    factories.QuestionFactory,
    factories.PublicationFactory,
    factories.PolicyFileFactory,
    factories.TermFactory,
    factories.NewsItemFactory,
    factories.ContentPageFactory,
)


def submit(thing, user):
    thing.save_revision()
    thing = type(thing).objects.get(pk=thing.pk)
    thing.get_workflow().start(thing, user)


def plan(thing, user):
    thing.go_live_at = timezone.now() + timedelta(days=2)
    thing.save_revision().publish()


def forget(thing, user):
    revision = thing.save_revision()
    Revision.objects.filter(pk=revision.pk).update(created_at=timezone.now() - timedelta(days=31))


def fall_due(thing, user):
    type(thing).objects.filter(pk=thing.pk).update(review_on=timezone.localdate())


WORK = {"controle": submit, "gepland": plan, "oude-concepten": forget, "nakijken": fall_due}


@pytest.fixture
def things(groups, editor):
    """Of every type one thing in every list, and one that belongs in none."""
    made = {key: [make(title=f"{key} {n}") for n, make in enumerate(MAKERS)] for key in WORK}
    for key, work in WORK.items():
        for thing in made[key]:
            work(thing, editor)
    for make in MAKERS:
        make(title="Niets aan de hand").save_revision()
        make(title="Later", review_on=timezone.localdate() + timedelta(days=1))
    return made


def numbers(client) -> dict[str, tuple[int, str]]:
    """The numbers of the start screen: title, number and address."""
    page = BeautifulSoup(client.get("/admin/").content, "html.parser")
    return {
        link.select_one(".today__title").text: (int(link.select_one(".today__count").text), link["href"])
        for link in page.select(".today__link")
    }


def listed(client, address: str) -> list[str]:
    page = BeautifulSoup(client.get(address).content, "html.parser")
    return sorted(" ".join(cell.text.split()) for cell in page.select("td.title .title-wrapper"))


def test_each_number_opens_a_list_of_exactly_those_things(things, team):
    found = numbers(team)
    for work in WORK_LISTS:
        count, address = found[work.title]
        assert count == len(MAKERS)
        assert listed(team, address) == sorted(thing.title for thing in things[work.key])


def test_a_row_leads_to_editing(things, team):
    page = BeautifulSoup(team.get("/admin/vandaag/controle/").content, "html.parser")
    for link in page.select("td.title a"):
        assert team.get(link["href"]).status_code == 200


def test_who_may_edit_only_organisations_counts_only_those(things, groups, as_user):
    user = factories.UserFactory(is_staff=True)
    permissions = groups["Redacteur"].permissions
    user.user_permissions.set(permissions.filter(codename__in=["access_admin", "change_organisation"]))
    client = as_user(user)
    assert {count for count, _ in numbers(client).values()} == {1}
    assert listed(client, "/admin/vandaag/controle/") == ["controle 1"]


def test_a_day_is_shown_as_a_day_and_a_planned_hour_as_an_hour(team):
    factories.PilotFactory(review_on="2024-09-01")
    assert "1 september 2024" in team.get("/admin/vandaag/nakijken/").content.decode()
    pilot = factories.PilotFactory()
    pilot.go_live_at = datetime(2099, 9, 1, 7, 30, tzinfo=UTC)
    pilot.save_revision().publish()
    assert "1 september 2099, 09:30" in team.get("/admin/vandaag/gepland/").content.decode()


def test_a_list_nobody_knows_is_not_found(team):
    assert team.get("/admin/vandaag/geen/").status_code == 404


def test_the_start_screen_costs_the_same_for_little_and_for_much(editor, team):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            numbers(team)
        return len(captured)

    for make in MAKERS:
        fall_due(make(), editor)
    queries()
    at_one = queries()
    for make in MAKERS * 2:
        fall_due(make(), editor)
    assert queries() == at_one
    assert at_one <= 31  # one for each number and for each kind in the queue


def test_the_list_says_in_words_when_there_is_nothing(team):
    assert "Niets te doen." in team.get("/admin/vandaag/nakijken/").content.decode()
