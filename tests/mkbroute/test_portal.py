"""The start of the portal. Invitations stand in for what partners send in: the list they are in is their ``last_name``."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.db.models import F
from django.utils import timezone

from mkbroute import contributions
from pilots.models import Membership, PilotInvitation
from tests import factories

HOME = "/partner/"


class Questions:
    """The questions that every contribution answers on its manager."""

    def _of(self, user, word):
        found = PilotInvitation.objects.filter(last_name=word, invited_by=user)
        return found.annotate(changed_at=F("created_at"))

    def drafts_of(self, user):
        return self._of(user, "concept")

    def sent_in_by(self, user):
        return self._of(user, "ingestuurd")

    def asked_of(self, user):
        return self._of(user, "gevraagd")

    def news_for(self, user, since):
        return self._of(user, "nieuw").filter(created_at__gt=since)


REAL_KINDS = list(contributions.SENT_IN)


@pytest.fixture(autouse=True)
def _two_kinds(monkeypatch):
    kind = SimpleNamespace(_default_manager=Questions())
    monkeypatch.setattr(contributions, "SENT_IN", [kind])
    monkeypatch.setattr(PilotInvitation, "get_state_display", lambda self: "wacht op het team", raising=False)
    monkeypatch.setattr(
        PilotInvitation, "portal_url", property(lambda self: f"/partner/stuk/{self.pk}/"), raising=False
    )
    monkeypatch.setattr(PilotInvitation, "network_url", "/partner/netwerk/", raising=False)


def contribution(user, word: str, title: str, pilot, days: int = 0):
    made = factories.PilotInvitationFactory(first_name=title, last_name=word, invited_by=user, pilot=pilot)
    PilotInvitation.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=days, minutes=1))
    return made


def page(client) -> BeautifulSoup:
    response = client.get(HOME)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(tag) -> str:
    return " ".join(tag.text.split())


def titles(soup: BeautifulSoup, section: str) -> list[str]:
    return [words(link) for link in soup.select(f"section[aria-labelledby={section}] .rows__title")]


def seen(user) -> set:
    return set(Membership.objects.filter(user=user).values_list("seen_at", flat=True))


def test_the_lists_say_what_is_asked_what_is_new_and_how_ones_own_work_stands(writer, lead, pilot, as_user):
    for word in ("gevraagd", "nieuw", "concept", "ingestuurd"):
        contribution(writer, word, "Dag", pilot)
        contribution(lead, word, "Van een ander", pilot)
    soup = page(as_user(writer))
    for section, word in [("gevraagd",) * 2, ("nieuw",) * 2, ("concepten", "concept"), ("ingestuurd",) * 2]:
        assert titles(soup, section) == [f"Dag {word}"]
    line = soup.select_one("section[aria-labelledby=ingestuurd] .soft")
    assert words(line).startswith("Uitnodiging bij Bouwkunde: wacht op het team, ")
    assert "Van een ander" not in soup.text


def test_what_is_asked_comes_before_everything_else(writer, pilot, as_user):
    contribution(writer, "gevraagd", "Dag", pilot)
    assert [words(heading) for heading in page(as_user(writer)).select("main h2")] == [
        "Dit vragen wij u",
        "Uw pilot",
        "Nieuw in de afgelopen maand",
        "Wat u hebt ingestuurd",
    ]


def test_a_list_shows_the_newest_and_what_is_asked_is_shown_whole(writer, pilot, as_user):
    for word in ("concept", "gevraagd"):
        for n in range(12):
            contribution(writer, word, f"Dag {n}", pilot, days=n)
    soup = page(as_user(writer))
    assert titles(soup, "concepten") == [f"Dag {n} concept" for n in range(10)]
    assert len(titles(soup, "gevraagd")) == 12


def test_news_of_another_pilot_leads_to_the_network(writer, pilot, other_pilot, as_user):
    mine, theirs = contribution(writer, "nieuw", "Hier", pilot), contribution(writer, "nieuw", "Daar", other_pilot)
    links = page(as_user(writer)).select("section[aria-labelledby=nieuw] .rows__title")
    assert {words(link): link["href"] for link in links} == {
        str(mine): f"/partner/stuk/{mine.pk}/",
        str(theirs): "/partner/netwerk/",
    }


def test_an_empty_portal_says_what_will_come(writer, reader, as_user):
    soup = page(as_user(writer))
    assert "Er wordt nu niets van u gevraagd" in soup.text
    assert "Er is niets nieuws." in soup.text
    assert "U hebt nog niets ingestuurd." in soup.text
    assert "ingestuurd" not in page(as_user(reader)).select_one("main").text


def test_who_belongs_to_no_pilot_reads_what_to_do(outsider, as_user):
    soup = page(as_user(outsider))
    assert "Uw account hoort nog bij geen pilot." in soup.text
    assert [words(heading) for heading in soup.select("main h2")] == ["Uw pilots"]


def test_the_start_costs_the_same_for_one_thing_and_for_three_of_each(writer, pilot, as_user, queries):
    for word in ("gevraagd", "nieuw", "concept", "ingestuurd"):
        contribution(writer, word, "Dag", pilot)
    at_one = queries(as_user(writer), HOME)
    for word in ("gevraagd", "nieuw", "concept", "ingestuurd"):
        for _ in range(2):
            contribution(writer, word, "Dag", factories.MembershipFactory(user=writer).pilot)
    assert queries(as_user(writer), HOME) == at_one
    assert at_one <= 14


# --- The visit ------------------------------------------------------------------------------------------------------


def test_a_first_visit_shows_the_last_month_and_is_noted(writer, pilot, as_user):
    contribution(writer, "nieuw", "Vorige week", pilot, days=7)
    contribution(writer, "nieuw", "Lang geleden", pilot, days=40)
    assert titles(page(as_user(writer)), "nieuw") == ["Vorige week nieuw"]
    (moment,) = seen(writer)
    assert timezone.now() - moment < timedelta(minutes=1)


def test_a_next_visit_shows_what_came_since_the_one_before(writer, pilot, as_user):
    Membership.objects.update(seen_at=timezone.now() - timedelta(days=3))
    contribution(writer, "nieuw", "Gisteren", pilot, days=1)
    contribution(writer, "nieuw", "Vorige week", pilot, days=7)
    soup = page(as_user(writer))
    assert titles(soup, "nieuw") == ["Gisteren nieuw"]
    assert words(soup.select_one("#nieuw")).startswith("Nieuw sinds ")


@pytest.mark.parametrize("days", [None, 3])
def test_a_reload_keeps_the_news_and_writes_nothing(days, writer, pilot, as_user):
    if days:
        Membership.objects.update(seen_at=timezone.now() - timedelta(days=days))
    contribution(writer, "nieuw", "Gisteren", pilot, days=1)
    browser = as_user(writer)
    first = page(browser)
    moment = seen(writer)
    again = page(browser)
    assert titles(first, "nieuw") == titles(again, "nieuw") == ["Gisteren nieuw"]
    assert words(first.select_one("#nieuw")) == words(again.select_one("#nieuw"))
    assert seen(writer) == moment


def test_an_hour_later_it_is_another_visit(writer, pilot, as_user):
    browser = as_user(writer)
    page(browser)
    Membership.objects.update(seen_at=timezone.now() - timedelta(minutes=61))
    contribution(writer, "nieuw", "Zojuist", pilot)
    contribution(writer, "nieuw", "Gisteren", pilot, days=1)
    assert titles(page(browser), "nieuw") == ["Zojuist nieuw"]


def test_a_visit_is_noted_for_all_pilots_of_one_person_and_for_nobody_else(writer, lead, as_user):
    factories.MembershipFactory(user=writer)
    page(as_user(writer))
    assert len(seen(writer)) == 1
    assert None not in seen(writer)
    assert seen(lead) == {None}


# --- One pilot ------------------------------------------------------------------------------------------------------


def test_the_start_of_a_pilot_tells_what_it_is_and_who_takes_part(writer, lead, reader, colleague, pilot, as_user):
    gone = factories.MembershipFactory(pilot=pilot, user__first_name="Gerda", user__is_active=False)
    soup = BeautifulSoup(as_user(reader).get(f"/partner/pilots/{pilot.slug}/").content, "html.parser")
    assert words(soup.select_one("main .lead")) == pilot.summary
    people = words(soup.select_one("section[aria-labelledby=wie]"))
    assert [name in people for name in ("Petra", "Sam", "Lena (u)", "Cas", gone.user.first_name)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert writer.email not in soup.text
    assert soup.find("a", string="De pilot op de site")["href"] == pilot.get_absolute_url()


def test_the_start_of_a_pilot_costs_the_same_for_one_member_and_for_three(writer, pilot, as_user, queries):
    path = f"/partner/pilots/{pilot.slug}/"
    at_one = queries(as_user(writer), path)
    factories.MembershipFactory.create_batch(2, pilot=pilot, organisation=factories.OrganisationFactory())
    assert queries(as_user(writer), path) == at_one


def test_a_pilot_that_is_not_on_the_site_is_not_linked_to(writer, pilot, as_user):
    type(pilot).objects.update(live=False)
    response = as_user(writer).get(f"/partner/pilots/{pilot.slug}/")
    assert "De pilot op de site" not in response.content.decode()


def test_a_pilot_does_not_exist_for_who_is_not_of_it(colleague, outsider, editor, pilot, as_user):
    path = f"/partner/pilots/{pilot.slug}/"
    assert [as_user(user).get(path).status_code for user in (colleague, outsider, editor)] == [404, 404, 404]
    assert as_user(None).get(path).url.startswith("/account/login/")


def test_whatever_is_on_the_start_page_answers_its_four_questions(db, writer):
    for model in REAL_KINDS:
        for ask in ("asked_of", "drafts_of", "sent_in_by"):
            assert (
                list(getattr(model._default_manager, ask)(writer).select_related("pilot").order_by("-changed_at")) == []
            )
        assert list(model._default_manager.news_for(writer, timezone.now()).order_by("-changed_at")) == []


def test_who_left_a_pilot_keeps_a_start_page(monkeypatch, as_user, writer, pilot):
    monkeypatch.setattr(contributions, "SENT_IN", REAL_KINDS)
    factories.SupportRequestFactory(pilot=pilot, author=writer)
    factories.ProposalFactory(pilot=pilot, author=writer, state="ingediend", sent_at=timezone.now())
    factories.UpdateFactory(pilot=pilot, author=writer, title="Nog van mij")
    factories.PracticeSubmissionFactory(pilot=pilot, author=writer, state="ingediend", sent_at=timezone.now())
    assert "Nog van mij" in as_user(writer).get("/partner/").content.decode()
    Membership.objects.filter(user=writer).delete()
    response = as_user(writer).get("/partner/")
    assert (response.status_code, "Nog van mij" in response.content.decode()) == (200, False)
