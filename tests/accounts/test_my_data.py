"""Mijn gegevens: what somebody sees, corrects and takes along of themselves, and what is left when they close their account."""

import json
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision

from mkbroute import contributions
from mkbroute.accounts.models import MAX_TRIES, MailedCode, User
from mkbroute.core.models import AuditEntry, Decision, Mail
from mkbroute.leaving import close_account
from mkbroute.models import ContactMessage
from pilots.models import Membership, PilotInvitation, SupportRequest, Update
from research.models import Practice, PracticeSubmission
from tests import factories
from tests.accounts.conftest import PASSWORD, add_app, mailed_code, sign_in

DATA = "/partner/gegevens/"
CLOSE = {"contributions": "blijft", "is_sure": "on"}
ADDRESS = "noor@voorbeeld.nl"


@pytest.fixture
def at_home(client, member):
    """A browser in which ``member`` is signed in, and has just shown once more who they are."""
    sign_in(client)
    response = client.get(f"{DATA}sluiten/")
    client.post(response.url, {"password": PASSWORD})
    return client


def words(response) -> str:
    """The words of a page, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# --- Seeing and taking along -------------------------------------------------------------------------------------------


def test_somebody_sees_what_the_site_knows_and_nothing_of_another(client, member, pilot, lead, reader):
    factories.MembershipFactory(
        pilot=pilot, user=member, organisation=factories.OrganisationFactory(title="Windesheim")
    )
    factories.PilotInvitationFactory(pilot=pilot, invited_by=member, email="gevraagd@voorbeeld.nl")
    factories.PilotInvitationFactory(pilot=pilot, invited_by=lead, email="niet-voor-u@voorbeeld.nl")
    factories.ContactMessageFactory(email=ADDRESS.upper(), subject="Mijn vraag")
    factories.ContactMessageFactory(email="ander@voorbeeld.nl", subject="Andermans vraag")
    factories.MailFactory(person=member, to=ADDRESS, subject="Mijn mail")
    factories.MailFactory(person=lead, to=lead.email, subject="Andermans mail")
    factories.AuditEntryFactory(by=member, summary="iets wat u deed")
    factories.AuditEntryFactory(by=lead, summary="iets van een ander")
    sign_in(client)
    page = words(client.get(DATA))
    for mine in ("Noor", ADDRESS, "Bouwkunde", "Windesheim", "gevraagd@", "Mijn vraag", "Mijn mail", "iets wat u deed"):
        assert mine in page
    for theirs in ("niet-voor-u@", "Andermans", "iets van een ander", reader.email, lead.email):
        assert theirs not in page


@pytest.mark.parametrize(
    ("name", "kind"), [("mijn-gegevens.json", "application/json"), ("mijn-gegevens.html", "text/html")]
)
def test_it_can_be_taken_along_and_that_is_noted(name, kind, client, member):
    factories.ContactMessageFactory(email=ADDRESS, subject="<b>Mijn vraag</b>")
    sign_in(client)
    response = client.get(f"{DATA}{name}")
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.headers["Content-Type"].startswith(kind)
    assert "Mijn vraag" in response.content.decode()
    assert ("<b>" in response.content.decode()) == (kind == "application/json")
    assert list(AuditEntry.objects.values_list("action", "by")) == [("export", member.pk), ("ingelogd", member.pk)]


def test_the_file_for_programs_has_every_section(client, member):
    sign_in(client)
    known = json.loads(client.get(f"{DATA}mijn-gegevens.json").content)
    assert known["gegevens"]["account"][0]["E-mailadres"] == ADDRESS
    assert set(known["gegevens"]) == {
        "account", "pilots", "bijdragen", "uitnodigingen", "sessies", "mails", "contact", "logboek", "wijzigingen",
    }  # fmt: skip


def test_the_page_costs_the_same_for_one_row_and_for_three(client, member, pilot, queries):
    def more():
        factories.MembershipFactory(user=member, organisation=factories.OrganisationFactory())
        factories.PilotInvitationFactory(invited_by=member)
        factories.MailFactory(person=member)
        factories.ContactMessageFactory(email=ADDRESS)
        factories.AuditEntryFactory(by=member)

    sign_in(client)
    more()
    at_one = queries(client, DATA)
    more(), more()
    assert queries(client, DATA) == at_one


# --- Correcting ---------------------------------------------------------------------------------------------------------


def test_a_name_is_corrected_at_once(client, member):
    sign_in(client)
    assert client.post(f"{DATA}naam/", {"first_name": "Nora", "last_name": "Vis"}).url == DATA
    member.refresh_from_db()
    assert str(member) == "Nora Vis"


def test_a_name_cannot_be_left_out(client, member):
    sign_in(client)
    page = client.post(f"{DATA}naam/", {"first_name": "", "last_name": " "})
    assert "Vul uw voornaam in." in words(page)
    member.refresh_from_db()
    assert member.first_name == "Noor"


def test_a_new_address_counts_once_its_mailbox_gave_the_code(at_home, member, django_capture_on_commit_callbacks):
    EmailAddress.objects.create(user=member, email=ADDRESS, verified=True, primary=True)
    with django_capture_on_commit_callbacks(execute=True):
        assert at_home.post(f"{DATA}adres/", {"email": "Nieuw@Voorbeeld.nl"}).url == f"{DATA}adres/code/"
    assert mail.outbox[-1].to == ["nieuw@voorbeeld.nl"]
    member.refresh_from_db()
    assert member.email == ADDRESS
    with django_capture_on_commit_callbacks(execute=True):
        assert at_home.post(f"{DATA}adres/code/", {"code": mailed_code()}).url == DATA
    member.refresh_from_db()
    assert member.email == "nieuw@voorbeeld.nl"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("nieuw@voorbeeld.nl", True)]
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == ([ADDRESS], "Uw e-mailadres is gewijzigd")


def test_an_address_in_use_answers_the_same_until_it_is_proven(
    at_home, member, outsider, django_capture_on_commit_callbacks
):
    pages = []
    for email in ("vrij@voorbeeld.nl", outsider.email):
        with django_capture_on_commit_callbacks(execute=True):
            page = at_home.post(f"{DATA}adres/", {"email": email}, follow=True)
        pages.append(words(page).replace(email, "het adres"))
        assert mail.outbox[-1].to == [email]
    assert pages[0] == pages[1]
    page = at_home.post(f"{DATA}adres/code/", {"code": mailed_code()})
    assert "Dit e-mailadres hoort al bij een ander account." in words(page)
    member.refresh_from_db()
    assert member.email == ADDRESS


def test_wrong_codes_are_counted(at_home, member, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        at_home.post(f"{DATA}adres/", {"email": "nieuw@voorbeeld.nl"})
    for _ in range(MAX_TRIES):
        page = at_home.post(f"{DATA}adres/code/", {"code": "XXXX-XXXX"})
    assert "Vraag een nieuwe code." in words(page)
    at_home.post(f"{DATA}adres/code/", {"code": mailed_code()})
    member.refresh_from_db()
    assert member.email == ADDRESS


def test_a_code_lapses_after_a_quarter(at_home, member, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        at_home.post(f"{DATA}adres/", {"email": "nieuw@voorbeeld.nl"})
    MailedCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "Deze code geldt niet meer." in words(at_home.post(f"{DATA}adres/code/", {"code": mailed_code()}))


def test_codes_are_mailed_a_few_times_an_hour(at_home):
    answers = [at_home.post(f"{DATA}adres/", {"email": f"n{n}@voorbeeld.nl"}) for n in range(7)]
    assert [answer.status_code for answer in answers] == [302] * 6 + [200]
    assert "al veel codes gemaild" in words(answers[6])


# --- Showing once more who you are --------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["adres/", "adres/code/", "sluiten/"])
def test_having_signed_in_is_not_enough_for_what_cannot_be_undone(page, client, member):
    sign_in(client)
    assert client.get(f"{DATA}{page}").url.startswith("/account/reauthenticate/")
    assert client.post(f"{DATA}{page}", CLOSE).url.startswith("/account/reauthenticate/")
    assert User.objects.filter(pk=member.pk).exists()


def test_who_has_no_password_is_mailed_a_code(as_user, outsider, django_capture_on_commit_callbacks):
    client = as_user(outsider)
    ask = client.get(f"{DATA}sluiten/").url
    assert ask == "/account/reauthenticate/code/?next=%2Fpartner%2Fgegevens%2Fsluiten%2F"
    assert client.get(ask).status_code == 200
    assert mail.outbox == []
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ask, {"do": "send"})
    assert mail.outbox[0].to == [outsider.email]
    assert "Deze code klopt niet." in words(client.post(ask, {"code": "XXXX-XXXX"}))
    code = mailed_code()
    assert client.post(ask, {"code": code}).url == f"{DATA}sluiten/"
    assert client.get(f"{DATA}sluiten/").status_code == 200
    assert "geldt niet meer" in words(client.post(ask, {"code": code}))  # it works once


def test_who_has_an_app_is_asked_for_that(as_user, outsider):
    add_app(outsider)
    assert as_user(outsider).get(f"{DATA}sluiten/").url.startswith("/account/2fa/reauthenticate/")


def test_the_way_on_leads_to_this_site_only(as_user, outsider, django_capture_on_commit_callbacks):
    client, ask = as_user(outsider), "/account/reauthenticate/code/?next=https://evil.example/"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ask, {"do": "send"})
    assert client.post(ask, {"code": mailed_code()}).url == "/account/"


def test_that_lasts_five_minutes(at_home, monkeypatch):
    assert at_home.get(f"{DATA}sluiten/").status_code == 200
    monkeypatch.setattr(
        "mkbroute.accounts.confirmation.time", SimpleNamespace(time=lambda: timezone.now().timestamp() + 301)
    )
    assert at_home.get(f"{DATA}sluiten/").status_code == 302


# --- Closing ------------------------------------------------------------------------------------------------------------


def traces_of(address: str) -> list[str]:
    """The columns of the whole database in which an address stands, as "table.column"."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND is_updatable = 'YES'"
            " AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'tsvector')"
        )
        found = []
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ILIKE %s', [f"%{address}%"])
            if cursor.fetchone() != (0,):
                found.append(f"{table}.{column}")
    return sorted(found)


@pytest.fixture
def everything(member, pilot, lead):
    """Whatever the site can hold about somebody, with their address wherever it may stand."""
    factories.MembershipFactory(pilot=pilot, user=member)
    EmailAddress.objects.create(user=member, email=ADDRESS, verified=True, primary=True)
    factories.MailedCodeFactory(user=member)
    factories.MailFactory(person=member, to="oud@voorbeeld.nl", subject="Uw e-mailadres is gewijzigd")
    factories.MailFactory(person=member, to=ADDRESS, text=f"Beste {ADDRESS}")
    factories.MailFactory(person=lead, to=lead.email, text=f"Vraag van {ADDRESS}.", headers={"Reply-To": ADDRESS})
    factories.PilotInvitationFactory(pilot=pilot, email=ADDRESS, accepted_by=member, accepted_at=timezone.now())
    factories.PilotInvitationFactory(email=ADDRESS.upper())
    factories.PilotInvitationFactory(pilot=pilot, invited_by=member, email="gevraagd@voorbeeld.nl")
    factories.PilotInvitationFactory(pilot=pilot, email="oud@voorbeeld.nl")
    factories.ContactMessageFactory(email="Noor@Voorbeeld.nl", message=f"Mail mij op {ADDRESS}")
    factories.ContactMessageFactory(email="ander@voorbeeld.nl", note=f"Doorgestuurd aan {ADDRESS}")
    factories.AuditEntryFactory(by=member, content_type=ContentType.objects.get_for_model(User), object_id=member.pk)
    factories.DecisionFactory(by=lead, reason=f"Zie de mail van {ADDRESS}")
    practice = factories.PracticeFactory(title=f"Bel of mail {ADDRESS}", owner=member)
    practice.save_revision(user=member)
    for label in (str(member), ADDRESS):
        ModelLogEntry.objects.create(
            content_type=ContentType.objects.get_for_model(User), object_id=str(member.pk), label=label,
            action="wagtail.edit", timestamp=timezone.now(), user=member, data={"fields": {"email": ADDRESS}},
        )  # fmt: skip
    sign_in(Client())
    return member


def test_the_search_for_traces_finds_them(everything):
    assert {
        "accounts_user.email",
        "account_emailaddress.email",
        "core_mail.to",
        "core_mail.text",
        "core_mail.headers",
        "mkbroute_contactmessage.email",
        "pilots_pilotinvitation.email",
        "wagtailcore_revision.content",
        "wagtailcore_modellogentry.label",
    } <= set(traces_of(ADDRESS))


@pytest.mark.parametrize("keeps", [True, False])
def test_after_closing_no_address_of_them_is_left_anywhere(
    keeps, everything, pilot, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        close_account(user=everything, keeps=keeps)
    assert traces_of(ADDRESS) == []
    assert traces_of("oud@voorbeeld.nl") == []
    assert mail.outbox[-1].to == [ADDRESS]


def test_what_is_of_others_stays(everything, lead, pilot):
    close_account(user=everything, keeps=True)
    assert list(Membership.objects.values_list("user", flat=True)) == [lead.pk]
    assert list(PilotInvitation.objects.values_list("email", "invited_by")) == [("gevraagd@voorbeeld.nl", None)]
    assert list(ContactMessage.objects.values_list("email", "note")) == [("ander@voorbeeld.nl", "Doorgestuurd aan […]")]
    kept = Mail.objects.get(to=lead.email)
    assert (kept.text, kept.headers) == ("Vraag van […].", {"Reply-To": "[…]"})
    assert set(Revision.objects.values_list("user", flat=True)) == {None}
    assert UserSession.objects.count() == 0
    assert AuditEntry.objects.filter(by__isnull=False).count() == 0


def test_a_longer_address_is_somebody_elses(member, django_capture_on_commit_callbacks):
    others = ["eleo-noor@voorbeeld.nl", "x.noor@voorbeeld.nl", "noor@voorbeeld.nl.example.org"]
    for email in others:
        factories.ContactMessageFactory(email=email)
    close_account(user=member, keeps=True)
    assert sorted(ContactMessage.objects.values_list("email", flat=True)) == sorted(others)


def test_an_address_somebody_only_claimed_is_not_theirs_to_wipe(at_home, member, django_capture_on_commit_callbacks):
    factories.ContactMessageFactory(email="slachtoffer@voorbeeld.nl")
    with django_capture_on_commit_callbacks(execute=True):
        at_home.post(f"{DATA}adres/", {"email": "slachtoffer@voorbeeld.nl"})
    close_account(user=member, keeps=True)
    assert ContactMessage.objects.get().email == "slachtoffer@voorbeeld.nl"


@pytest.fixture
def kind(monkeypatch):
    """A kind of contribution: practices stand in for it, their owner being the author and what is not live a draft."""

    def manager():
        practices = Practice.objects
        return SimpleNamespace(
            all=lambda: SimpleNamespace(filter=lambda author: practices.filter(owner=author)),
            filter=lambda author: practices.filter(owner=author),
            drafts_of=lambda user: SimpleNamespace(filter=lambda author: practices.filter(owner=author, live=False)),
        )

    monkeypatch.setattr(contributions, "KINDS", [SimpleNamespace(objects=manager())])


@pytest.mark.parametrize(("keeps", "left"), [(True, ["Ingestuurd", "Van een ander"]), (False, ["Van een ander"])])
def test_what_somebody_sent_in_stays_or_goes_and_their_drafts_go(keeps, left, kind, member, outsider):
    factories.PracticeFactory(title="Ingestuurd", owner=member)
    factories.PracticeFactory(title="Concept", owner=member, live=False)
    factories.PracticeFactory(title="Van een ander", owner=outsider)
    close_account(user=member, keeps=keeps)
    assert sorted(Practice.objects.values_list("title", flat=True)) == left


def test_the_page_says_what_happens_and_asks_for_a_choice(at_home, member):
    page = words(at_home.get(f"{DATA}sluiten/"))
    assert "Dit is niet terug te draaien." in page
    assert "U hoort bij geen pilot meer." in page
    page = words(at_home.post(f"{DATA}sluiten/", {}))
    assert "Kies wat er met uw bijdragen moet gebeuren." in page
    assert "Vink aan dat u dit zeker weet." in page
    assert User.objects.filter(pk=member.pk).exists()


def test_who_closes_the_account_is_signed_out_everywhere(at_home, member):
    elsewhere = Client()
    sign_in(elsewhere)
    assert at_home.post(f"{DATA}sluiten/", CLOSE).url == f"{DATA}gesloten/"
    assert at_home.get(f"{DATA}gesloten/").status_code == 200
    assert [browser.get(DATA).status_code for browser in (at_home, elsewhere)] == [302, 302]
    assert sign_in(Client()).status_code == 200


def test_the_last_penvoerder_is_led_to_handing_over(at_home, member, pilot, reader):
    factories.MembershipFactory(pilot=pilot, user=member, role="penvoerder")
    page = at_home.get(f"{DATA}sluiten/")
    assert "U bent de enige penvoerder van de pilot Bouwkunde." in words(page)
    assert "/partner/pilots/een-pilot/mensen/" in page.content.decode()
    at_home.post(f"{DATA}sluiten/", CLOSE)
    with pytest.raises(ValidationError, match="enige penvoerder"):
        close_account(user=member, keeps=True)
    assert User.objects.filter(pk=member.pk).exists()


def test_who_is_alone_in_a_pilot_may_go(member, pilot):
    factories.MembershipFactory(pilot=pilot, user=member, role="penvoerder")
    close_account(user=member, keeps=True)
    assert not User.objects.filter(pk=member.pk).exists()


def test_the_team_asks_the_team(editor, moderator):
    for user in (editor, moderator):
        with pytest.raises(ValidationError, match="Vraag het programmateam"):
            close_account(user=user, keeps=True)


def test_closing_twice_is_closing_once(member):
    close_account(user=member, keeps=True)
    close_account(user=User(pk=member.pk, email=ADDRESS), keeps=True)
    assert AuditEntry.objects.filter(summary="account gesloten").count() == 1


# --- Sessions -------------------------------------------------------------------------------------------------------------


def test_one_session_is_ended_and_the_others_go_on(client, member):
    elsewhere, third = Client(), Client()
    for browser in (elsewhere, third, client):
        sign_in(browser)
    session = UserSession.objects.get(session_key=elsewhere.session.session_key)
    assert client.post(f"/account/sessions/{session.pk}/end/").url == "/account/sessions/"
    assert [browser.get("/account/").status_code for browser in (client, elsewhere, third)] == [200, 302, 200]


def test_nobody_ends_a_session_of_another(client, member, as_user, outsider):
    sign_in(client)
    session = UserSession.objects.get(user=member)
    assert as_user(outsider).post(f"/account/sessions/{session.pk}/end/").status_code == 404
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("keeps", [True, False])
def test_real_drafts_go_and_what_others_wrote_in_stays(keeps, member, pilot, lead):
    factories.MembershipFactory(pilot=pilot, user=member)
    factories.UpdateFactory(
        pilot=pilot, author=member, title="Concept", state="concept", is_shown=False, published_at=None
    )
    factories.PracticeSubmissionFactory(pilot=pilot, author=member, title="Begonnen")
    factories.PracticeSubmissionFactory(pilot=pilot, author=member, title="Samen", edited_by=lead)
    alone = factories.SupportRequestFactory(pilot=pilot, author=member, title="Alleen gevraagd")
    answered = factories.SupportRequestFactory(pilot=pilot, author=member, title="Met antwoord")
    factories.SupportMessageFactory(request=answered, author=lead)
    factories.DecisionFactory(target=alone)
    close_account(user=member, keeps=keeps)
    assert list(Update.objects.all()) == []
    assert list(PracticeSubmission.objects.values_list("title", "author")) == [("Samen", None)]
    left = sorted(SupportRequest.objects.values_list("title", flat=True))
    assert left == (["Alleen gevraagd", "Met antwoord"] if keeps else ["Met antwoord"])
    assert Decision.objects.count() == keeps


def test_an_address_on_a_line_of_its_own_goes_from_what_is_kept_as_json(
    member, pilot, django_capture_on_commit_callbacks
):
    factories.ProposalFactory(pilot=pilot, content={"summary": f"Mail mij:\n{ADDRESS}\tof bel"})
    with django_capture_on_commit_callbacks(execute=True):
        close_account(user=member, keeps=True)
    assert traces_of(ADDRESS) == []


def test_a_mailbox_does_not_stand_in_for_a_password(client, member, as_user):
    assert member.has_usable_password()
    response = as_user(member).post("/account/reauthenticate/code/", {"do": "send"})
    assert response.url.startswith("/account/reauthenticate/?")
    assert MailedCode.objects.count() == 0
