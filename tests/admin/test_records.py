"""Verstuurde mail, Toegang en besluiten, and lists that leave the admin as a file."""

from unittest import mock

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mkbroute.core.models import AuditEntry, Mail
from tests import factories
from tests.admin.conftest import messages
from tests.admin.test_today import numbers

MAILS, TRAIL = "/admin/mails/", "/admin/toegang/"


def rows(client, address: str, column: int = 0) -> list[str]:
    page = BeautifulSoup(client.get(address).content, "html.parser")
    return [" ".join(row.select("td")[column].text.split()) for row in page.select("table.listing tbody tr")]


@pytest.fixture
def mails(db):
    """One of every state, the oldest first."""
    factories.MailFactory(subject="Geweigerd", state="mislukt", attempts=8, error="De mailserver weigert dit adres")
    factories.MailFactory(subject="Verzonden", state="verzonden")
    factories.MailFactory(subject="Hapert", attempts=3, error="De mailserver weigert dit adres")
    factories.MailFactory(subject="Wacht")


# --- Mail -------------------------------------------------------------------------------------------------------------


def test_what_did_not_arrive_stands_on_top(team, mails):
    assert rows(team, MAILS) == ["Hapert", "Geweigerd", "Wacht", "Verzonden"]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("hapert", ["Hapert", "Geweigerd"]),
        ("mislukt", ["Geweigerd"]),
        ("wacht", ["Hapert", "Wacht"]),
        ("verzonden", ["Verzonden"]),
    ],
)
def test_the_list_is_filtered_by_state(state, expected, team, mails):
    assert rows(team, f"{MAILS}?state={state}") == expected
    assert rows(team, f"{MAILS}lijst/?state={state}") == expected


def test_the_start_screen_counts_what_did_not_arrive_and_opens_exactly_that(team, mails):
    count, address = numbers(team)["Mails niet aangekomen"]
    assert (count, rows(team, address)) == (2, ["Hapert", "Geweigerd"])


def test_a_mail_can_be_read(team):
    letter = factories.MailFactory(subject="Uitleg", text="Beste <Noor>,\n\nZie https://voorbeeld.nl/pad/")
    page = team.get(f"{MAILS}{letter.pk}/").content.decode()
    assert "Beste &lt;Noor&gt;," in page
    assert '<a href="https://voorbeeld.nl/pad/"' in page


def test_a_secret_is_not_there_to_read(team):
    letter = factories.MailFactory(is_secret=True, state="verzonden", text="")
    assert "De tekst is gewist." in team.get(f"{MAILS}{letter.pk}/").content.decode()


def test_a_mail_that_failed_is_tried_again_at_the_push_of_a_button(team, mails, django_capture_on_commit_callbacks):
    page = BeautifulSoup(team.get(f"{MAILS}?state=mislukt").content, "html.parser")
    address = page.select_one("table.listing form")["action"]
    with django_capture_on_commit_callbacks(execute=True):
        team.post(address)
    assert [letter.subject for letter in mail.outbox] == ["Geweigerd"]
    assert Mail.objects.get(subject="Geweigerd").state == Mail.State.SENT


def test_a_second_click_on_the_button_sends_nothing_more(team, mails, django_capture_on_commit_callbacks):
    failed = Mail.objects.get(subject="Geweigerd")
    with django_capture_on_commit_callbacks(execute=True):
        team.post(reverse("mail_retry", args=[failed.pk]))
    with django_capture_on_commit_callbacks(execute=True):
        response = team.post(reverse("mail_retry", args=[failed.pk]), follow=True)
    assert len(mail.outbox) == 1
    assert messages(response)[-1] == "Deze mail kan niet opnieuw. Hij is al verzonden of de tekst is gewist."


@pytest.mark.django_db(transaction=True)
def test_who_pushes_the_button_reads_how_it_went(as_user):
    team = as_user(factories.UserFactory(is_superuser=True))
    letter = factories.MailFactory(state="mislukt", error="Geweigerd")
    with mock.patch("django.core.mail.EmailMessage.send", side_effect=OSError("no")):
        again = messages(team.post(reverse("mail_retry", args=[letter.pk]), follow=True))
    Mail.objects.update(state="mislukt")
    sent = messages(team.post(reverse("mail_retry", args=[letter.pk]), follow=True))
    assert again == ["Het lukt nog niet. Wij blijven het proberen."]
    assert sent == ["De mail is verzonden."]


def test_a_secret_that_was_wiped_has_no_button(team):
    factories.MailFactory(is_secret=True, state="mislukt", text="", error="Te laat")
    page = BeautifulSoup(team.get(MAILS).content, "html.parser")
    assert page.select("table.listing form") == []


# --- The trail --------------------------------------------------------------------------------------------------------


@pytest.fixture
def lines(moderator, editor, pilot):
    factories.AuditEntryFactory(summary="eerste", action="rechten", by=moderator)
    factories.AuditEntryFactory(summary="tweede", action="besluit", by=editor, subject=pilot)


def test_the_trail_is_read_newest_first_and_filtered(team, lines, editor):
    assert rows(team, TRAIL, 3) == ["tweede", "eerste"]
    assert rows(team, TRAIL, 4) == ["pilot Bouwkunde", ""]
    assert rows(team, f"{TRAIL}?action=rechten", 3) == ["eerste"]
    assert rows(team, f"{TRAIL}?by={editor.pk}", 3) == ["tweede"]
    assert rows(team, f"{TRAIL}?at_from=2020-01-01&at_to=2020-12-31", 3) == []


@pytest.mark.parametrize("address", [MAILS, f"{MAILS}1/", TRAIL])
def test_an_editor_and_a_stranger_see_none_of_it(address, desk, outsider, as_user, client):
    factories.MailFactory(pk=1)
    answers = [browser.get(address).status_code for browser in (client, as_user(outsider), desk)]
    assert answers == [302, 404, 302]
    assert desk.post("/admin/mails/1/opnieuw/").status_code == 302
    assert Mail.objects.get().attempts == 0


def test_the_menu_shows_the_lists_to_the_team_alone(team, desk):
    words = ("Verstuurde mail", "Toegang en besluiten")
    assert [word in team.get("/admin/").content.decode() for word in words] == [True, True]
    assert [word in desk.get("/admin/").content.decode() for word in words] == [False, False]


@pytest.mark.parametrize(
    ("address", "make"), [(MAILS, factories.MailFactory), (TRAIL, factories.AuditEntryFactory)], ids=["mail", "trail"]
)
def test_a_list_costs_the_same_for_one_and_for_three(address, make, team, moderator):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            team.get(address)
        return len(captured)

    options = {"by": moderator, "subject": moderator} if make is factories.AuditEntryFactory else {"person": moderator}
    make(**options)
    queries()
    at_one = queries()
    make(**options)
    make(**options)
    assert queries() == at_one


# --- Lists that leave the admin ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "file"),
    [
        (
            lambda: reverse("wagtailsnippets_mkbroute_contactmessage:list") + "?export=csv&q=Noor",
            "contactberichten.csv",
        ),
        (lambda: reverse("wagtailsnippets_core_source:list") + "?export=xlsx", "bronnen.xlsx"),
        (lambda: reverse("searched_terms") + "?export=csv", "gezochte-woorden.csv"),
        (lambda: reverse("paginas:index") + "?export=csv", "paginas.csv"),
        (lambda: TRAIL + "?export=csv", "toegang-en-besluiten.csv"),
    ],
)
def test_who_takes_a_list_out_is_known(address, file, team, moderator):
    assert team.get(address()).status_code == 200
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.summary, entry.by) == ("export", f"lijst gedownload: {file}", moderator)
    assert "Noor" not in str(entry.details)


def test_looking_at_a_list_takes_nothing_out(team, desk):
    team.get(reverse("wagtailsnippets_core_source:list"))
    desk.get(reverse("searched_terms") + "?export=csv")  # who may not
    assert AuditEntry.objects.count() == 0


def test_a_secret_that_still_waits_is_not_there_to_read_either(team):
    letter = factories.MailFactory(is_secret=True, state="wacht", text="Uw code is ABCD-EFGH.")
    page = team.get(f"/admin/mails/{letter.pk}/").content.decode()
    assert "ABCD-EFGH" not in page
    assert "Daarom ziet u de tekst niet" in page
