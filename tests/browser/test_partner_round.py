"""The whole round of a partner: invited by mail, in by the code, an update and a proposal, back once, approved, public."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from mkbroute.permissions import TEAM, ensure_groups
from pilots.models import Membership, Pilot
from tests import factories

PHONE = 375
ADDRESS = "nieuw@voorbeeld.nl"


@pytest.fixture
def pilot(own_content) -> Pilot:
    return Pilot.objects.get(number=1)


@pytest.fixture
def lead(pilot, visit_as) -> Page:
    """The browser of the penvoerder."""
    user = factories.MembershipFactory(pilot=pilot, role="penvoerder", user__first_name="Petra").user
    return visit_as(user)


@pytest.fixture
def team(own_content, visit_as) -> Page:
    """The browser of somebody of the programme team."""
    ensure_groups()
    user = factories.UserFactory(first_name="Tine", is_staff=True)
    user.groups.set(user.groups.model.objects.filter(name=TEAM))
    return visit_as(user)


def newest_mail(subject: str) -> str:
    """The text of the newest mail to the partner whose subject begins so."""
    return next(one.body for one in reversed(mail.outbox) if one.to == [ADDRESS] and one.subject.startswith(subject))


def test_from_invitation_to_public_page(pilot, lead, team, visit):
    in_portal = f"/partner/pilots/{pilot.slug}"

    lead.goto(f"{in_portal}/mensen/")
    lead.get_by_role("link", name="Nodig iemand uit").click()
    lead.get_by_label("Voornaam").fill("Nora")
    lead.get_by_label("Achternaam").fill("Nieuw")
    lead.get_by_label("E-mailadres").fill(ADDRESS)
    lead.get_by_role("button", name="Verstuur de uitnodiging").click()
    expect(lead.get_by_role("heading", name="Uitnodigingen die open staan")).to_be_visible()

    text = newest_mail("Uitnodiging")
    page = visit(re.search(r"/partner/uitnodiging/\S+", text)[0], width=PHONE)
    assert not Membership.objects.filter(user__email=ADDRESS).exists()  # to look changes nothing
    page.get_by_label("Code").fill(re.search(r"^[A-Z]{4}-[A-Z]{4}$", text, re.MULTILINE)[0])
    page.get_by_role("button", name="Doe mee").click()
    expect(page.get_by_role("navigation", name="Partnerportaal")).to_be_visible()

    page.goto("/partner/")
    page.get_by_role("link", name="Plaats een bericht").click()
    page.get_by_label("Titel").fill("Twaalf studenten begonnen")
    page.get_by_label("Tekst").fill("Vandaag was het zover.")
    page.get_by_role("button", name="Plaats het bericht").click()
    expect(page.get_by_text("Uw bericht is ingestuurd.")).to_be_visible()

    team.goto("/admin/wachtrij/")
    team.get_by_role("link", name="Twaalf studenten begonnen").click()
    team.get_by_role("button", name="Goedkeuren en plaatsen").click()
    visitor = visit(pilot.get_absolute_url())
    expect(visitor.get_by_role("link", name="Twaalf studenten begonnen")).to_be_visible()
    assert "goedgekeurd" in newest_mail("Uw bericht is goedgekeurd")

    page.goto(f"{in_portal}/voorstel/")
    page.get_by_role("button", name="Begin een voorstel").click()
    page.get_by_label("Samenvatting").fill("Werken in de buurt.")
    page.get_by_role("button", name="Bewaar en kijk na").click()
    page.get_by_role("button", name="Stuur in").click()
    expect(page.get_by_role("status").first).to_contain_text("Uw voorstel is ingestuurd.")

    team.goto("/admin/wachtrij/?soort=voorstel")
    team.get_by_role("link", name=pilot.title).first.click()
    expect(team.get_by_text("Werken in de buurt.").first).to_be_visible()
    team.get_by_label("Reden").fill("Noem ook de bouw.")
    team.get_by_role("button", name="Stuur terug").click()
    visitor.reload()
    expect(visitor.get_by_text("Werken in de buurt.")).to_have_count(0)

    assert "Noem ook de bouw." in newest_mail("Uw voorstel is teruggestuurd")
    page.goto("/partner/")
    page.get_by_role("region", name="Dit vragen wij u").get_by_role("link").first.click()
    expect(page.get_by_text("Noem ook de bouw.")).to_be_visible()
    page.get_by_role("link", name="Ga verder").click()
    page.get_by_label("Samenvatting").fill("Werken in de bouw, in de buurt.")
    page.get_by_role("button", name="Bewaar en kijk na").click()
    page.get_by_role("button", name="Stuur in").click()

    team.goto("/admin/wachtrij/?soort=voorstel")
    team.get_by_role("link", name=pilot.title).first.click()
    team.get_by_role("button", name="Keur goed en plaats").click()
    visitor.reload()
    expect(visitor.get_by_text("Werken in de bouw, in de buurt.")).to_be_visible()
