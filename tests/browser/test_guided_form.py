"""Telling of a good practice on a phone, and what axe finds in the pages on its road."""

import pytest
from playwright.sync_api import Page, expect

from pilots.models import Pilot
from research import actions
from research.models import PracticeSubmission, SubmissionState
from tests import factories

from .conftest import WIDE
from .test_accessibility import faults

PHONE = 375
ANSWERS = [
    {
        "Hoe heet uw voorbeeld?": "Samen een student",
        "Wat was er aan de hand?": "Te weinig werk.",
        "Wat wilde u bereiken?": "Genoeg werk.",
    },
    {"Wat deed u, stap voor stap?": "Twee bedrijven, een student.", "Met wie deed u dat?": "De coördinator."},
    {"Hoeveel tijd kostte het?": "40 uur."},
    {"Wat is er nu anders?": "Acht studenten werken.", "Hoe weet u dat?": "Nagevraagd."},
    {"Wat was lastig of mislukte?": "Een duo stopte.", "Wat zou u een ander aanraden?": "Begin klein."},
    {
        "Voor wie werkt dit ook, en voor wie niet?": "Elke sector.",
        "Vat uw voorbeeld samen": "Twee bedrijven delen een student.",
    },
]


@pytest.fixture
def member(own_content):
    return factories.MembershipFactory(pilot=Pilot.objects.get(number=1), user__first_name="Sam")


def start(member) -> str:
    return f"/partner/pilots/{member.pilot.slug}/goede-voorbeelden/"


def go_on(page: Page) -> None:
    page.locator("#stap .actions").get_by_role("button", name="Bewaar en ga verder").click()


def test_a_partner_tells_it_on_a_phone_without_script(visit_as, member):
    page = visit_as(member.user, width=PHONE, java_script_enabled=False)
    page.goto(start(member))
    page.get_by_role("link", name="Deel een goed voorbeeld").click()
    for number, answers in enumerate(ANSWERS, 1):
        expect(page.get_by_text(f"Stap {number} van 7.")).to_be_visible()
        for label, answer in answers.items():
            page.get_by_label(label).fill(answer)
        if number == 1:
            page.get_by_text("Voorbeeld bij ‘Wat wilde u bereiken?’").click()
            expect(page.get_by_text("Elke student heeft het hele jaar werk")).to_be_visible()
        if number == 6:
            page.get_by_label("mkb-bedrijven").check()
            page.get_by_label("Samenwerking").check()
        go_on(page)
    page.get_by_role("link", name="Stap 2: Wat u deed en met wie").click()
    expect(page.get_by_label("Met wie deed u dat?")).to_have_value("De coördinator.")
    page.get_by_label("Met wie deed u dat?").fill("De coördinator en twee bedrijven.")
    page.get_by_role("button", name="Stap 7: Nalezen en insturen").click()
    expect(page.get_by_text("De coördinator en twee bedrijven.")).to_be_visible()
    page.get_by_role("button", name="Stuur in").click()
    expect(page.get_by_role("heading", name="Waar is uw voorbeeld? Ingediend")).to_be_visible()
    assert PracticeSubmission.objects.get().state == SubmissionState.SENT


def test_enter_in_a_field_goes_on_to_the_next_step(visit_as, member):
    page = visit_as(member.user)
    page.goto(f"{start(member)}nieuw/")
    page.get_by_label("Hoe heet uw voorbeeld?").fill("Samen een student")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Stap 2 van 7.")).to_be_visible()


def test_what_was_typed_and_not_saved_is_offered_back(visit_as, member):
    page = visit_as(member.user)
    page.goto(f"{start(member)}nieuw/")
    page.get_by_label("Hoe heet uw voorbeeld?").fill("Samen een student")
    page.goto(f"{start(member)}nieuw/")
    page.get_by_role("button", name="Zet mijn tekst terug").click()
    expect(page.get_by_label("Hoe heet uw voorbeeld?")).to_have_value("Samen een student")
    go_on(page)
    expect(page.get_by_text("Bewaard.", exact=True)).to_be_visible()
    page.goto(f"{start(member)}nieuw/")
    expect(page.get_by_role("button", name="Zet mijn tekst terug")).to_have_count(0)


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_axe_finds_nothing_on_the_road(visit_as, member, width, scheme):
    theme = factories.ThemeFactory()
    team = factories.UserFactory(is_staff=True, is_superuser=True)
    concept = factories.PracticeSubmissionFactory(
        pilot=member.pilot, author=member.user, lesson="", result="06-12345678"
    )
    asked = factories.PracticeSubmissionFactory(pilot=member.pilot, author=member.user, themes=[theme])
    actions.send_in(submission=asked, by=member.user, version=1)
    actions.pass_completeness(submission=asked, by=team, version=1)
    draft = PracticeSubmission.objects.get(pk=asked.pk).draft
    draft.lesson = "Begin met twee bedrijven."
    draft.save_revision(user=team)
    actions.ask_consent(submission=asked, by=team)
    page = visit_as(member.user, width=width, color_scheme=scheme)
    addresses = ["", "nieuw/", f"{concept.pk}/", f"{concept.pk}/stap/voor-wie/", f"{concept.pk}/stap/nalezen/"]
    addresses += [f"{concept.pk}/intrekken/", f"{asked.pk}/", f"{asked.pk}/pagina/"]
    found = []
    for address in addresses:
        page.goto(start(member) + address)
        found += [f"{address}: {fault}" for fault in faults(page)]
        assert (address, page.evaluate("document.documentElement.scrollWidth")) == (address, width)
    page.goto(f"{start(member)}nieuw/")
    go_on(page)
    expect(page.get_by_role("alert")).to_be_visible()
    assert found + faults(page) == []
