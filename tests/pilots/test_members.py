"""Who takes part in a pilot: inviting, accepting, changing roles, handing over and leaving."""

import re
import threading
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from mkbroute.accounts.models import MAX_TRIES, User
from mkbroute.core.models import AuditEntry, Mail
from mkbroute.leaving import close_account
from pilots.actions.members import accept_invitation, change_role, end_membership, hand_over, invite, resend, withdraw
from pilots.models import MemberRole, Membership, PilotInvitation
from tests import factories
from tests.accounts.conftest import add_app, app_code

PEOPLE = "/partner/pilots/een-pilot/mensen/"
NEW = {
    "first_name": "Nina",
    "last_name": "Nieuw",
    "email": "Nina@Voorbeeld.nl",
    "organisation": "",
    "role": "redacteur",
    "submission": "6e1c1c1e-7a5b-4a8e-9d3c-111111111111",
}


@pytest.fixture(autouse=True)
def _quick_hashing(settings):
    """Hashing is slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def send_invitation(pilot, lead, django_capture_on_commit_callbacks):
    """``send_invitation()`` invites somebody and returns the invitation and the code that was mailed."""

    def send(**changed) -> tuple[PilotInvitation, str]:
        details = {"email": "nina@voorbeeld.nl", "first_name": "Nina", "last_name": "Nieuw", "role": "redacteur"}
        with django_capture_on_commit_callbacks(execute=True):
            invitation = invite(pilot=pilot, organisation=None, by=lead, **{**details, **changed})
        return invitation, code_in(mail.outbox[-1])

    return send


def code_in(message) -> str:
    """The code in a mail."""
    return re.search(r"^[A-Z]{4}-[A-Z]{4}$", message.body, re.MULTILINE)[0]


def who(client) -> str | None:
    """The id of who is signed in, as the session has it."""
    return client.session.get("_auth_user_id")


def membership(pilot, user) -> Membership:
    return Membership.objects.get(pilot=pilot, user=user)


def words(response) -> str:
    """The words of a page, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# --- Inviting ---------------------------------------------------------------------------------------------------------


def test_a_penvoerder_invites_and_the_mail_has_a_link_and_a_code(lead, as_user, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = as_user(lead).post(f"{PEOPLE}uitnodigen/", NEW)
    assert response.url == PEOPLE
    invitation = PilotInvitation.objects.get()
    assert (invitation.email, invitation.role, invitation.invited_by) == ("nina@voorbeeld.nl", "redacteur", lead)
    [letter] = mail.outbox
    assert letter.to == ["nina@voorbeeld.nl"]
    assert f"/partner/uitnodiging/{invitation.token}/" in letter.body
    assert code_in(letter) != ""
    assert abs(invitation.expires_at - timezone.now() - timedelta(days=14)) < timedelta(minutes=1)


def test_the_code_is_nowhere_in_the_database(send_invitation):
    invitation, code = send_invitation()
    kept = Mail.objects.get()
    assert (kept.state, kept.text) == (Mail.State.SENT, "")
    invitation.refresh_from_db()
    assert code.replace("-", "") not in invitation.code


def test_a_second_click_invites_nobody_twice(lead, as_user, django_capture_on_commit_callbacks):
    client = as_user(lead)
    with django_capture_on_commit_callbacks(execute=True):
        answers = [client.post(f"{PEOPLE}uitnodigen/", NEW).status_code for _ in range(2)]
    assert (answers, PilotInvitation.objects.count(), len(mail.outbox)) == ([302, 302], 1, 1)


REFUSED = {
    "invited already": ({"email": "nina@voorbeeld.nl"}, "heeft al een uitnodiging voor deze pilot"),
    "takes part already": ({"email": "LEZER@voorbeeld.nl"}, "Deze persoon hoort al bij de pilot."),
    "no name": ({"last_name": " "}, "Vul een naam in."),
    "no address": ({"email": "nina"}, "Dit e-mailadres klopt niet."),
    "made penvoerder": ({"role": "penvoerder"}, "Selecteer een geldige keuze."),
}


@pytest.mark.parametrize(("changed", "reason"), REFUSED.values(), ids=REFUSED)
def test_an_invitation_that_cannot_be_is_refused_with_all_that_was_typed(
    changed, reason, lead, reader, as_user, send_invitation
):
    send_invitation()
    typed = {**NEW, "email": "anders@voorbeeld.nl", "submission": "6e1c1c1e-7a5b-4a8e-9d3c-222222222222", **changed}
    response = as_user(lead).post(f"{PEOPLE}uitnodigen/", typed)
    assert response.status_code == 200
    assert reason in response.content.decode()
    assert {name: response.context["form"][name].value() for name in typed} == typed
    assert PilotInvitation.objects.count() == 1


def test_whoever_has_an_account_elsewhere_is_invited_like_anybody(lead, colleague, as_user):
    answers = []
    for number, email in enumerate((colleague.email, "onbekend@voorbeeld.nl")):
        typed = {**NEW, "email": email, "submission": f"6e1c1c1e-7a5b-4a8e-9d3c-33333333333{number}"}
        response = as_user(lead).post(f"{PEOPLE}uitnodigen/", typed, follow=True)
        answers.append(re.findall(r"De uitnodiging aan \S+ is verstuurd\.", words(response)))
    assert [len(found) for found in answers] == [1, 1]


def test_a_new_code_takes_the_place_of_the_old_one(send_invitation, lead, django_capture_on_commit_callbacks):
    invitation, old = send_invitation()
    PilotInvitation.objects.update(tries=MAX_TRIES, expires_at=timezone.now() - timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        resend(invitation=invitation, by=lead)
    invitation.refresh_from_db()
    assert (invitation.tries, invitation.is_open) == (0, True)
    assert not invitation.try_code(old)
    assert invitation.try_code(code_in(mail.outbox[-1]))


def test_a_penvoerder_sends_again_and_withdraws(send_invitation, lead, as_user):
    invitation, code = send_invitation()
    client, address = as_user(lead), f"{PEOPLE}uitnodigingen/{{}}/"
    assert "opnieuw verstuurd" in words(client.post(address.format(invitation.pk), {"do": "resend"}, follow=True))
    assert "is ingetrokken" in words(client.post(address.format(invitation.pk), {"do": "withdraw"}, follow=True))
    assert "al aangenomen of ingetrokken" in words(
        client.post(address.format(invitation.pk), {"do": "resend"}, follow=True)
    )
    assert Client().post(invitation.get_absolute_url(), {"code": code}).status_code == 200
    assert Membership.objects.count() == 1


def test_after_a_withdrawal_the_same_address_can_be_invited_anew(send_invitation, lead):
    withdraw(invitation=send_invitation()[0], by=lead)
    assert send_invitation()[0].is_open


# --- Accepting --------------------------------------------------------------------------------------------------------


def test_looking_at_an_invitation_changes_nothing(send_invitation):
    invitation, _ = send_invitation()
    before = PilotInvitation.objects.values().get()
    response = Client().get(invitation.get_absolute_url())
    assert "Doet u mee aan de pilot Bouwkunde?" in words(response)
    assert "Petra nodigt Nina Nieuw uit als redacteur" in words(response)
    assert PilotInvitation.objects.values().get() == before
    assert User.objects.count() == 1


def test_the_code_makes_an_account_with_a_proven_address_and_signs_in(send_invitation, pilot, client):
    invitation, code = send_invitation()
    typed = {"first_name": "Nina", "last_name": "de Nieuwe", "code": code.lower().replace("-", " ")}
    response = client.post(invitation.get_absolute_url(), typed)
    assert response.url == "/partner/pilots/een-pilot/"
    user = User.objects.get(email="nina@voorbeeld.nl")
    assert (str(user), user.is_staff, user.has_usable_password()) == ("Nina de Nieuwe", False, False)
    assert (membership(pilot, user).role, who(client)) == ("redacteur", str(user.pk))
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(user.email, True, True)]
    assert client.get(response.url).status_code == 200


def test_an_existing_account_is_linked_and_keeps_its_name(send_invitation, pilot, other_pilot, colleague, client):
    invitation, code = send_invitation(email=colleague.email)
    client.post(invitation.get_absolute_url(), {"first_name": "Iemand", "last_name": "Anders", "code": code})
    colleague.refresh_from_db()
    assert (colleague.first_name, who(client)) == ("Cas", str(colleague.pk))
    assert set(Membership.objects.filter(user=colleague).values_list("pilot", flat=True)) == {pilot.pk, other_pilot.pk}


def test_who_has_a_second_step_is_still_asked_for_it(send_invitation, colleague, client):
    add_app(colleague)
    invitation, code = send_invitation(email=colleague.email)
    response = client.post(invitation.get_absolute_url(), {"first_name": "C", "last_name": "C", "code": code})
    assert (response.url, who(client)) == ("/account/2fa/authenticate/", None)
    response = client.post(response.url, {"code": app_code()})
    assert (response.url, who(client)) == ("/partner/pilots/een-pilot/", str(colleague.pk))


def test_who_is_signed_in_as_somebody_else_chooses_between_that_account_and_signing_out(
    send_invitation, pilot, outsider, as_user
):
    invitation, code = send_invitation()
    client = as_user(outsider)
    page = client.get(invitation.get_absolute_url())
    assert f"U bent ingelogd als {outsider.email}." in words(page)
    assert "Log uit en gebruik een ander account" in words(page)
    assert client.post(invitation.get_absolute_url(), {"code": code}).url == "/partner/pilots/een-pilot/"
    assert membership(pilot, outsider).role == "redacteur"
    assert not User.objects.filter(email="nina@voorbeeld.nl").exists()


def test_signing_out_leads_back_to_the_invitation(send_invitation, outsider, as_user):
    address = send_invitation()[0].get_absolute_url()
    assert as_user(outsider).post("/account/logout/", {"next": address}).url == address


def test_a_blocked_account_stays_out(send_invitation, colleague, client, pilot):
    colleague.is_active = False
    colleague.save()
    invitation, code = send_invitation(email=colleague.email)
    typed = {"first_name": "C", "last_name": "C", "code": code}
    assert client.post(invitation.get_absolute_url(), typed).url == "/account/inactive/"
    assert who(client) is None
    assert not Membership.objects.filter(pilot=pilot, user=colleague).exists()


def test_the_page_tells_nothing_about_accounts(send_invitation, colleague):
    known, unknown = send_invitation(email=colleague.email)[0], send_invitation(email="onbekend@voorbeeld.nl")[0]
    typed = {"first_name": "N", "last_name": "N", "code": "XXXX-XXXX"}
    for ask in (lambda at: Client().get(at), lambda at: Client().post(at, typed)):
        pages = [words(ask(one.get_absolute_url())) for one in (known, unknown)]
        assert pages[0] == pages[1]


def test_five_wrong_codes_end_an_invitation_until_it_is_sent_again(send_invitation, client):
    invitation, code = send_invitation()
    typed = {"first_name": "N", "last_name": "N", "code": "XXXX-XXXX"}
    pages = [words(client.post(invitation.get_absolute_url(), typed)) for _ in range(5)]
    assert "Deze code klopt niet." in pages[3]
    assert "De code is te vaak verkeerd ingevuld." in pages[4]
    response = client.post(invitation.get_absolute_url(), {**typed, "code": code})
    assert "De code is te vaak verkeerd ingevuld." in words(response)
    assert not User.objects.filter(email=invitation.email).exists()


def test_codes_from_one_connection_are_limited(send_invitation, settings):
    settings.ACCOUNT_RATE_LIMITS = {"invitation": "3/h/ip"}
    addresses = [send_invitation(email=f"n{n}@voorbeeld.nl")[0].get_absolute_url() for n in range(4)]
    typed = {"first_name": "N", "last_name": "N", "code": "XXXX-XXXX"}
    answers = [Client().post(address, typed) for address in addresses]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "te vaak een code geprobeerd" in words(answers[3])
    assert list(PilotInvitation.objects.filter(tries=0)) == [PilotInvitation.objects.first()]


OVER = {
    "lapsed": ({"expires_at": timezone.now() - timedelta(days=1)}, "De uitnodiging is vervallen op"),
    "withdrawn": ({"withdrawn_at": timezone.now()}, "De uitnodiging is ingetrokken."),
    "used": ({"accepted_at": timezone.now()}, "De uitnodiging is al gebruikt."),
    "guessed at": ({"tries": MAX_TRIES}, "De code is te vaak verkeerd ingevuld."),
}


@pytest.mark.parametrize(("changed", "reason"), OVER.values(), ids=OVER)
def test_an_invitation_that_is_over_says_why_and_whom_to_ask(changed, reason, send_invitation):
    invitation, code = send_invitation()
    PilotInvitation.objects.update(**changed)
    for page in (
        Client().get(invitation.get_absolute_url()),
        Client().post(invitation.get_absolute_url(), {"first_name": "N", "last_name": "N", "code": code}),
    ):
        assert reason in words(page)
        assert "Vraag een nieuwe uitnodiging aan" in words(page)
    assert Membership.objects.count() == 1


def test_an_unknown_token_is_not_found(db, client):
    assert client.get("/partner/uitnodiging/niemands-token/").status_code == 404


def test_who_clicked_twice_arrives_all_the_same(send_invitation, client):
    invitation, code = send_invitation()
    typed = {"first_name": "N", "last_name": "N", "code": code}
    assert [client.post(invitation.get_absolute_url(), typed).url for _ in range(2)] == [
        "/partner/pilots/een-pilot/"
    ] * 2


def test_who_takes_part_already_keeps_the_role_they_have(send_invitation, pilot, reader):
    invitation, code = send_invitation()
    assert accept_invitation(invitation=invitation, code=code, user=reader).role == MemberRole.READER


@pytest.mark.parametrize("typed", ["", "\x00", "💥", "a" * 10_000, "' or 1=1 --"])
def test_strange_codes_are_refused_with_a_message(typed, send_invitation, client):
    invitation, _ = send_invitation()
    response = client.post(invitation.get_absolute_url(), {"first_name": "N", "last_name": "N", "code": typed})
    assert response.status_code == 200
    assert "code" in response.context["form"].errors


# --- Who sees and does what -------------------------------------------------------------------------------------------


@pytest.fixture
def people(pilot, lead, writer, reader, colleague, outsider, moderator, send_invitation):
    """One of every role, and an open invitation."""
    send_invitation()
    return {
        "lead": lead, "writer": writer, "reader": reader, "colleague": colleague, "outsider": outsider,
        "moderator": moderator, "visitor": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "status", "sees_addresses"),
    [
        ("lead", 200, True),
        ("writer", 200, False),
        ("reader", 200, False),
        ("colleague", 404, False),
        ("outsider", 404, False),
        ("moderator", 404, False),
        ("visitor", 302, False),
    ],
)
def test_the_list_shows_each_no_more_than_they_need(name, status, sees_addresses, people, as_user):
    response = as_user(people[name]).get(PEOPLE)
    page = response.content.decode()
    assert response.status_code == status
    assert ("schrijver@voorbeeld.nl" in page, "nina@voorbeeld.nl" in page) == (sees_addresses, sees_addresses)
    assert ("Sam" in page) == (status == 200)


@pytest.mark.parametrize("name", ["writer", "reader", "colleague", "outsider", "moderator", "visitor"])
def test_only_the_penvoerder_changes_who_takes_part(name, people, pilot, writer, as_user):
    client, invitation = as_user(people[name]), PilotInvitation.objects.get()
    place = membership(pilot, writer)
    before = list(Membership.objects.values()), list(PilotInvitation.objects.values())
    answers = {
        client.post(f"{PEOPLE}uitnodigen/", {**NEW, "email": "x@voorbeeld.nl"}).status_code,
        client.post(f"{PEOPLE}uitnodigingen/{invitation.pk}/", {"do": "withdraw"}).status_code,
        client.post(f"{PEOPLE}{place.pk}/", {"do": "role", "role": "penvoerder"}).status_code,
        client.post(f"{PEOPLE}{place.pk}/", {"do": "end"}).status_code,
        client.get(f"{PEOPLE}{place.pk}/").status_code,
    }
    assert answers == {302 if name == "visitor" else 404}
    assert (list(Membership.objects.values()), list(PilotInvitation.objects.values())) == before


def test_what_is_of_another_pilot_is_not_found(people, lead, colleague, as_user, other_pilot):
    theirs = membership(other_pilot, colleague)
    invited = factories.PilotInvitationFactory(pilot=other_pilot)
    client = as_user(lead)
    assert client.post(f"{PEOPLE}{theirs.pk}/", {"do": "end"}).status_code == 404
    assert client.post(f"{PEOPLE}uitnodigingen/{invited.pk}/", {"do": "withdraw"}).status_code == 404
    assert Membership.objects.filter(pk=theirs.pk).exists()


def test_the_list_costs_the_same_for_one_and_for_three(pilot, lead, as_user, queries):
    client = as_user(lead)
    factories.PilotInvitationFactory(pilot=pilot)
    at_one = queries(client, PEOPLE)
    for _ in range(2):
        factories.MembershipFactory(pilot=pilot, organisation=factories.OrganisationFactory())
        factories.PilotInvitationFactory(pilot=pilot, organisation=factories.OrganisationFactory())
    assert queries(client, PEOPLE) == at_one


# --- Roles, handing over and leaving ------------------------------------------------------------------------------------


def test_a_penvoerder_gives_another_role_and_it_is_told(
    people, pilot, lead, writer, as_user, django_capture_on_commit_callbacks
):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        as_user(lead).post(f"{PEOPLE}{membership(pilot, writer).pk}/", {"do": "role", "role": "lezer"})
    assert membership(pilot, writer).role == MemberRole.READER
    assert [letter.to for letter in mail.outbox] == [[writer.email]]
    assert "U bent nu lezer van de pilot" in mail.outbox[0].body


def test_handing_over_works_without_the_team(people, pilot, lead, writer, as_user):
    client = as_user(lead)
    page = client.post(f"{PEOPLE}{membership(pilot, writer).pk}/", {"do": "hand_over"}, follow=True)
    assert "is nu penvoerder. U bent redacteur." in words(page)
    roles = {user: membership(pilot, user).role for user in (lead, writer)}
    assert roles == {lead: MemberRole.EDITOR, writer: MemberRole.LEAD}
    assert client.get(f"{PEOPLE}uitnodigen/").status_code == 404


def test_nobody_hands_over_what_they_do_not_have(pilot, lead, writer, reader):
    with pytest.raises(ValidationError, match="geen penvoerder meer"):
        hand_over(to=membership(pilot, reader), by=writer)
    with pytest.raises(ValidationError, match="zelf al penvoerder"):
        hand_over(to=membership(pilot, lead), by=lead)


def test_a_blocked_colleague_counts_as_no_penvoerder(pilot, lead, writer):
    other = factories.MembershipFactory(pilot=pilot, role="penvoerder", user__is_active=False)
    with pytest.raises(ValidationError, match="geen penvoerder meer"):
        end_membership(membership=membership(pilot, lead), by=lead)
    with pytest.raises(ValidationError, match="uitgezet"):
        hand_over(to=other, by=lead)


def test_the_last_penvoerder_cannot_leave_or_step_down_while_there_are_others(pilot, lead, reader, as_user):
    client, mine = as_user(lead), membership(pilot, lead)
    assert "U bent de enige penvoerder" in words(client.get(f"{PEOPLE}stoppen/"))
    for address, data in (
        (f"{PEOPLE}stoppen/", {}),
        (f"{PEOPLE}{mine.pk}/", {"do": "role", "role": "lezer"}),
        (f"{PEOPLE}{mine.pk}/", {"do": "end"}),
    ):
        assert "heeft dan geen penvoerder meer" in words(client.post(address, data, follow=True))
    assert membership(pilot, lead).role == MemberRole.LEAD


def test_who_is_alone_in_a_pilot_may_leave(pilot, lead, as_user):
    page = as_user(lead).post(f"{PEOPLE}stoppen/", follow=True)
    assert "U doet niet meer mee aan de pilot Bouwkunde." in words(page)
    assert Membership.objects.count() == 0


def test_a_reader_leaves_without_asking_anybody(pilot, lead, reader, as_user):
    client = as_user(reader)
    assert client.post(f"{PEOPLE}stoppen/").url == "/partner/"
    assert client.get(PEOPLE).status_code == 404


def test_whoever_is_taken_out_is_told_and_sees_the_pilot_no_more(
    pilot, lead, writer, as_user, django_capture_on_commit_callbacks
):
    theirs = as_user(writer)
    with django_capture_on_commit_callbacks(execute=True):
        as_user(lead).post(f"{PEOPLE}{membership(pilot, writer).pk}/", {"do": "end"})
    assert theirs.get(PEOPLE).status_code == 404
    assert mail.outbox[-1].to == [writer.email]


def test_what_is_gone_already_is_said_so(pilot, lead, writer):
    place = membership(pilot, writer)
    end_membership(membership=place, by=lead)
    with pytest.raises(ValidationError, match="hoort niet meer bij de pilot"):
        change_role(membership=place, role="lezer", by=lead)


def test_the_trail_knows_what_happened_and_names_nobody(people, pilot, lead, writer, send_invitation):
    invitation, code = send_invitation(email="otto@voorbeeld.nl")
    accept_invitation(invitation=invitation, code=code, first_name="Otto", last_name="Oud")
    change_role(membership=membership(pilot, writer), role="lezer", by=lead)
    end_membership(membership=membership(pilot, writer), by=lead)
    trail = list(AuditEntry.objects.values_list("summary", "details").order_by("pk"))
    assert [summary for summary, _ in trail] == [
        "uitnodiging verstuurd",
        "uitnodiging verstuurd",
        "uitnodiging aangenomen",
        "rol in een pilot gewijzigd",
        "hoort niet meer bij de pilot",
    ]
    assert not re.search("@|Otto|Sam|Petra", str(trail))


# --- At the same moment -------------------------------------------------------------------------------------------------


def at_the_same_moment(*works) -> list[str]:
    """Do these in transactions of their own that start together; returns what each was told, sorted."""
    start, told = threading.Barrier(len(works)), []

    def run(work):
        start.wait()
        try:
            work()
            told.append("")
        except ValidationError as error:
            told.append(error.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


@pytest.fixture
def two_leads(transactional_db):
    pilot = factories.PilotFactory(title="Bouwkunde", slug="een-pilot")
    factories.MembershipFactory(pilot=pilot, role="lezer")
    return [factories.MembershipFactory(pilot=pilot, role="penvoerder") for _ in range(2)]


@pytest.mark.parametrize(
    "verbs",
    [
        lambda a, b: (
            lambda: change_role(membership=a, role="lezer", by=a.user),
            lambda: change_role(membership=b, role="lezer", by=b.user),
        ),
        lambda a, b: (
            lambda: change_role(membership=b, role="lezer", by=a.user),
            lambda: change_role(membership=a, role="lezer", by=b.user),
        ),
        lambda a, b: (
            lambda: end_membership(membership=a, by=a.user),
            lambda: change_role(membership=b, role="redacteur", by=b.user),
        ),
        lambda a, b: (
            lambda: close_account(user=a.user, keeps=True),
            lambda: close_account(user=b.user, keeps=True),
        ),
    ],
    ids=["both step down", "each demotes the other", "one leaves and one steps down", "both close their account"],
)
def test_of_two_penvoerders_who_go_at_the_same_moment_one_stays(verbs, two_leads):
    told = at_the_same_moment(*verbs(*two_leads))
    assert told[0] == ""
    assert re.search("geen penvoerder meer|de enige penvoerder", told[1])
    assert Membership.objects.filter(role="penvoerder").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_address_invited_twice_at_the_same_moment_is_invited_once():
    lead = factories.MembershipFactory(role="penvoerder")
    details = {"first_name": "N", "last_name": "N", "organisation": None, "role": "lezer", "by": lead.user}
    told = at_the_same_moment(
        *[lambda: invite(pilot=lead.pilot, email="nina@voorbeeld.nl", **details) for _ in range(3)]
    )
    assert told[0] == ""
    assert [message for message in told[1:] if "heeft al een uitnodiging" not in message] == []
    assert PilotInvitation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_are_no_more_than_one_by_one():
    invitation = factories.PilotInvitationFactory()
    told = at_the_same_moment(*[lambda: accept_invitation(invitation=invitation, code="XXXX-XXXX") for _ in range(8)])
    invitation.refresh_from_db()
    assert (invitation.tries, len(told)) == (MAX_TRIES, 8)
