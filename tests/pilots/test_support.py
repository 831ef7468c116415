"""A pilot asks, the team answers, in turn; nobody else reads along, and nothing is said twice or lost."""

import uuid
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from mkbroute import contributions
from mkbroute.core.models import AuditEntry, Decision, Mail
from pilots.actions.support import (
    answer_pilot,
    answer_team,
    ask_support,
    close_for_pilot,
    close_support,
    note_for_team,
    reassign,
    reopen_for_pilot,
    reopen_support,
    take_on,
)
from pilots.models import Membership, SupportMessage, SupportRequest
from tests import factories

State = SupportRequest.State
TEAM_MAIL = "team-adres@voorbeeld.nl"


@pytest.fixture(autouse=True)
def _team_address(settings):
    settings.CONTACT_EMAIL = TEAM_MAIL
    settings.STAFF_NEEDS_SECOND_FACTOR = False


@pytest.fixture
def theme(db):
    return factories.ThemeFactory(title="Samenwerking")


@pytest.fixture
def asked(pilot, writer, theme):
    """A new question of the writer."""
    return factories.SupportRequestFactory(
        pilot=pilot, author=writer, theme=theme, title="Bedrijven vinden", question="Hoe vinden wij bedrijven?"
    )


@pytest.fixture
def answered(asked, moderator):
    """A question that the team answered: the pilot is to act."""
    answer_pilot(request=asked, by=moderator, text="Begin bij de branche.", version=asked.version)
    return fresh(asked)


def closed_days_ago(asked: SupportRequest, days: int) -> SupportRequest:
    SupportRequest.objects.filter(pk=asked.pk).update(
        state=State.CLOSED, closed_at=timezone.now() - timedelta(days=days)
    )
    return fresh(asked)


def fresh(asked: SupportRequest) -> SupportRequest:
    return SupportRequest.objects.get(pk=asked.pk)


def where(asked: SupportRequest | None = None, more: str = "") -> str:
    return f"/partner/pilots/een-pilot/ondersteuning/{f'{asked.pk}/' if asked else more}"


def words(response) -> str:
    page = BeautifulSoup(response.content, "html.parser")
    return " ".join(page.select_one("main").text.split())


def question(about, **changed) -> dict:
    """What somebody fills in to ask something."""
    return {
        "title": "Roosters",
        "theme": about.pk,
        "urgency": "dringend",
        "question": "Hoe maken wij een rooster?",
        "submission": str(uuid.uuid4()),
        **changed,
    }


def answer(**changed) -> dict:
    return {"text": "Dat deden wij al.", "submission": str(uuid.uuid4()), "doe": "antwoorden", "version": 1, **changed}


# --- Who -------------------------------------------------------------------------------------------------------------

READS = {"lead": 200, "writer": 200, "reader": 200, "colleague": 404, "outsider": 404, "editor": 404, "moderator": 404}
WRITES = {**READS, "reader": 404}


@pytest.mark.parametrize(("who", "status"), READS.items())
def test_the_people_of_the_pilot_read_what_was_asked_and_nobody_else(who, status, request, asked, as_user):
    client = as_user(request.getfixturevalue(who))
    assert [client.get(where()).status_code, client.get(where(asked)).status_code] == [status, status]


@pytest.mark.parametrize(("who", "status"), WRITES.items())
def test_who_writes_for_the_pilot_may_ask(who, status, request, theme, pilot, as_user):
    client = as_user(request.getfixturevalue(who))
    assert client.get(where(more="nieuw/")).status_code == status
    response = client.post(where(more="nieuw/"), question(theme))
    assert (response.status_code, SupportRequest.objects.count()) == ((302, 1) if status == 200 else (404, 0))


@pytest.mark.parametrize("deed", ["antwoorden", "oplossen", "heropenen"])
@pytest.mark.parametrize(("who", "status"), WRITES.items())
def test_who_writes_for_the_pilot_may_answer_close_and_reopen(who, status, deed, request, asked, as_user):
    if deed == "heropenen":
        closed_days_ago(asked, 1)
    response = as_user(request.getfixturevalue(who)).post(where(asked), answer(doe=deed))
    assert response.status_code == (302 if status == 200 else 404)
    assert SupportMessage.objects.count() == (1 if status == 200 else 0)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_is_asked_to_sign_in(method, asked, client):
    for path in (where(), where(more="nieuw/"), where(asked)):
        response = getattr(client, method)(path)
        if method == "post" and path == where():
            assert response.status_code in (302, 405)
        else:
            assert (response.status_code, response.url.split("?")[0]) == (302, "/account/login/")


def test_a_question_of_another_pilot_is_not_there_under_ones_own_address(asked, other_pilot, colleague, as_user):
    path = f"/partner/pilots/andere-pilot/ondersteuning/{asked.pk}/"
    assert as_user(colleague).get(path).status_code == 404
    assert as_user(colleague).post(path, answer()).status_code == 404
    assert "Bedrijven vinden" not in words(as_user(colleague).get("/partner/pilots/andere-pilot/ondersteuning/"))


def test_a_reader_sees_the_conversation_but_no_form(answered, reader, as_user):
    page = as_user(reader).get(where(answered))
    assert "Begin bij de branche." in words(page)
    assert "U leest mee." in words(page)
    assert BeautifulSoup(page.content, "html.parser").select("main form") == []


def test_who_loses_the_role_while_typing_can_no_longer_send(asked, writer, as_user):
    client = as_user(writer)
    client.get(where(asked))
    Membership.objects.filter(user=writer).update(role="lezer")
    assert client.post(where(asked), answer()).status_code == 404
    assert SupportMessage.objects.count() == 0


def test_a_note_of_the_team_stays_with_the_team(asked, moderator, writer, as_user):
    note_for_team(request=asked, by=moderator, text="Belt vaak, heeft haast.")
    assert "heeft haast" not in words(as_user(writer).get(where(asked)))
    assert [letter.to for letter in mail.outbox] == []


# --- Asking ----------------------------------------------------------------------------------------------------------


def test_a_question_is_kept_and_mailed_to_the_team(pilot, writer, theme, as_user, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = as_user(writer).post(where(more="nieuw/"), question(theme), follow=True)
    asked = SupportRequest.objects.get()
    assert (asked.pilot, asked.author, asked.state, asked.urgency) == (pilot, writer, State.NEW, "dringend")
    assert "Uw vraag is verstuurd." in words(response)
    assert "Het programmateam is aan zet" in words(response)
    [letter] = mail.outbox
    assert letter.to == [TEAM_MAIL]
    assert "Hoe maken wij een rooster?" in letter.body
    assert f"/admin/ondersteuning/{asked.pk}/" in letter.body


def test_each_urgency_says_what_it_means(pilot, writer, as_user):
    page = words(as_user(writer).get(where(more="nieuw/")))
    assert "Kan wachten: wij kunnen verder zonder antwoord." in page
    assert "Binnen twee weken: daarna kunnen wij niet verder." in page
    assert "Dringend: wij lopen nu vast" in page


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"title": " "}, "Vul in waar uw vraag over gaat."),
        ({"theme": ""}, "Kies een thema."),
        ({"theme": "999999"}, "Kies een thema uit de lijst."),
        ({"urgency": "gisteren"}, "gisteren"),
        ({"question": ""}, "Schrijf uw vraag op."),
        ({"question": "lang " * 1200}, "het zijn 5999 tekens en het mogen er 5000 zijn"),
    ],
)
def test_what_is_refused_keeps_every_word(changed, reason, pilot, writer, theme, as_user):
    typed = question(theme, **changed)
    response = as_user(writer).post(where(more="nieuw/"), typed)
    page = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 200
    assert reason in page.select_one(".error-summary").text
    assert page.select_one("[name=question]").text.strip() == typed["question"].strip()
    assert page.select_one("[name=title]")["value"].strip() == typed["title"].strip()
    assert page.select_one("[name=submission]")["value"] == typed["submission"]
    assert SupportRequest.objects.count() == 0


def test_personal_data_is_asked_about_and_may_stay_with_a_reason(pilot, writer, theme, as_user):
    typed = question(theme, question="Bel student Noor op 06-12345678.")
    page = BeautifulSoup(as_user(writer).post(where(more="nieuw/"), typed).content, "html.parser")
    assert "06-12345678 (telefoonnummer)" in page.select_one(".error-summary").text
    assert SupportRequest.objects.count() == 0
    shown = page.select_one("[name=privacy_shown]")["value"]
    as_user(writer).post(where(more="nieuw/"), {**typed, "privacy_shown": shown, "privacy_reason": "Zij wil dat."})
    assert SupportRequest.objects.get().privacy_reason == "Zij wil dat."


def test_a_second_click_asks_once(pilot, writer, theme, as_user, django_capture_on_commit_callbacks):
    typed = question(theme)
    with django_capture_on_commit_callbacks(execute=True):
        first, second = (as_user(writer).post(where(more="nieuw/"), typed) for _ in range(2))
    assert (first.url, SupportRequest.objects.count(), len(mail.outbox)) == (second.url, 1, 1)


def test_going_back_and_writing_something_else_asks_something_else(pilot, writer, theme, as_user):
    typed = question(theme)
    as_user(writer).post(where(more="nieuw/"), typed)
    as_user(writer).post(where(more="nieuw/"), {**typed, "question": "En wie betaalt dat?"})
    assert sorted(SupportRequest.objects.values_list("question", flat=True)) == [
        "En wie betaalt dat?",
        "Hoe maken wij een rooster?",
    ]


def test_a_form_of_somebody_else_cannot_be_sent_as_ones_own(pilot, writer, lead, theme):
    submission = uuid.uuid4()
    words_typed = {"theme": theme, "urgency": "dringend", "title": "Rooster", "question": "Hoe?"}
    ask_support(pilot=pilot, by=writer, request=SupportRequest(submission=submission, **words_typed))
    mine = ask_support(pilot=pilot, by=lead, request=SupportRequest(submission=submission, **words_typed))
    assert (mine.author, SupportRequest.objects.count()) == (lead, 2)


@pytest.mark.parametrize("submission", ["", "geen-uuid"])
def test_a_form_without_a_name_is_no_reason_to_lose_a_question(submission, pilot, writer, theme, as_user):
    assert as_user(writer).post(where(more="nieuw/"), question(theme, submission=submission)).status_code == 302
    assert SupportRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_ask_once(pilot, writer, theme, as_user, at_once):
    typed = question(theme)
    clients = [as_user(writer) for _ in range(4)]
    answers = at_once(*(lambda client=client: client.post(where(more="nieuw/"), typed).url for client in clients))
    assert len(set(answers)) == 1
    assert (SupportRequest.objects.count(), len(mail.outbox)) == (1, 1)


# --- Whose turn it is ------------------------------------------------------------------------------------------------


def test_the_turn_goes_to_and_fro(asked, moderator, writer):
    take_on(request=asked, by=moderator)
    assert (fresh(asked).state, fresh(asked).assignee) == (State.TAKEN, moderator)
    answer_pilot(request=asked, by=moderator, text="Wat deed u al?", version=fresh(asked).version)
    assert fresh(asked).state == State.ASKED
    answer_team(request=asked, by=writer, text="Wij belden tien bedrijven.")
    assert fresh(asked).state == State.TAKEN
    close_support(request=asked, by=writer, version=fresh(asked).version)
    assert fresh(asked).state == State.CLOSED
    assert [(m.author, m.deed, m.text) for m in asked.messages.all()] == [
        (moderator, "opgepakt", ""),
        (moderator, "", "Wat deed u al?"),
        (writer, "", "Wij belden tien bedrijven."),
        (writer, "afgerond", ""),
    ]


def test_a_word_in_between_leaves_the_turn_with_the_team_and_its_age_as_it_was(asked, moderator):
    since = asked.turn_since
    answer_pilot(request=asked, by=moderator, text="Volgende week hoort u meer.", version=asked.version, goes_on=True)
    assert (fresh(asked).state, fresh(asked).turn_since, fresh(asked).assignee) == (State.TAKEN, since, moderator)


def test_the_page_says_whose_turn_it_is(asked, answered, writer, as_user):
    assert "Uw pilot is aan zet" in words(as_user(writer).get(where(asked)))
    assert "Uw pilot is aan zet" in words(as_user(writer).get(where()))
    answer_team(request=asked, by=writer, text="Dank.")
    assert "Het programmateam is aan zet" in words(as_user(writer).get(where(asked)))
    closed_days_ago(asked, 3)
    assert "Afgerond" in words(as_user(writer).get(where()))


def test_an_answer_of_the_team_is_mailed_to_who_asked(
    asked, moderator, writer, lead, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer_pilot(request=asked, by=moderator, text="Begin bij de branche.", version=asked.version)
    [letter] = mail.outbox
    assert letter.to == [writer.email]
    assert "Begin bij de branche." in letter.body
    assert where(asked) in letter.body


def test_when_who_asked_left_the_pilot_a_penvoerder_is_told(
    asked, moderator, writer, lead, django_capture_on_commit_callbacks
):
    Membership.objects.filter(user=writer).delete()
    with django_capture_on_commit_callbacks(execute=True):
        answer_pilot(request=asked, by=moderator, text="Begin bij de branche.", version=asked.version)
    assert [letter.to for letter in mail.outbox] == [[lead.email]]


def test_without_anybody_left_the_answer_is_kept_and_nobody_is_mailed(asked, moderator, writer):
    Membership.objects.all().delete()
    answer_pilot(request=asked, by=moderator, text="Begin bij de branche.", version=asked.version)
    assert (asked.messages.count(), Mail.objects.count()) == (1, 0)


def test_an_answer_of_the_pilot_is_mailed_to_who_of_the_team_has_it(
    answered, moderator, writer, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer_team(request=answered, by=writer, text="Dat hielp.")
    assert mail.outbox[-1].to == [moderator.email]


@pytest.mark.parametrize("gone", ["switched off", "left the team"])
def test_when_that_person_is_gone_the_whole_team_is_mailed(
    gone, answered, moderator, writer, django_capture_on_commit_callbacks
):
    if gone == "switched off":
        moderator.is_active = False
        moderator.save()
    else:
        moderator.groups.clear()
    with django_capture_on_commit_callbacks(execute=True):
        answer_team(request=answered, by=writer, text="Dat hielp.")
    assert mail.outbox[-1].to == [TEAM_MAIL]


def test_a_second_click_on_an_answer_says_it_once(answered, writer, as_user, django_capture_on_commit_callbacks):
    typed = answer()
    with django_capture_on_commit_callbacks(execute=True):
        statuses = [as_user(writer).post(where(answered), typed).status_code for _ in range(2)]
    assert statuses == [302, 302]
    assert answered.messages.filter(author=writer).count() == 1
    assert len([letter for letter in mail.outbox if "Dat deden wij al." in letter.body]) == 1


def test_an_empty_answer_is_asked_for(answered, writer, as_user):
    response = as_user(writer).post(where(answered), answer(text="  "))
    assert response.status_code == 200
    assert "Schrijf eerst een tekst." in words(response)
    assert answered.messages.count() == 1


# --- Closing and opening again ---------------------------------------------------------------------------------------


def test_who_closes_needs_to_write_nothing(answered, writer, as_user):
    version = answered.version
    response = as_user(writer).post(where(answered), answer(text="", doe="oplossen", version=version), follow=True)
    assert "Uw vraag is afgerond." in words(response)
    assert fresh(answered).state == State.CLOSED


def test_an_answer_not_yet_read_keeps_the_question_open(asked, moderator, writer, as_user):
    version = asked.version
    answer_pilot(request=asked, by=moderator, text="Wacht, nog iets.", version=version)
    response = as_user(writer).post(where(asked), answer(text="Dank!", doe="oplossen", version=version))
    assert fresh(asked).state == State.ASKED
    page = BeautifulSoup(response.content, "html.parser")
    assert "Er is intussen iets gebeurd" in page.select_one(".error-summary").text
    assert "Wacht, nog iets." in words(response)
    assert page.select_one("[name=text]").text.strip() == "Dank!"
    assert page.select_one("[name=version]")["value"] == str(fresh(asked).version)


def test_an_answer_to_a_question_that_was_closed_meanwhile_is_kept_and_can_be_sent_after_all(
    answered, writer, lead, as_user
):
    close_support(request=answered, by=lead, version=answered.version)
    typed = answer(text="Nog een ding.")
    response = as_user(writer).post(where(answered), typed)
    page = BeautifulSoup(response.content, "html.parser")
    assert "Deze vraag is intussen afgerond." in page.select_one(".error-summary").text
    assert page.select_one("[name=text]").text.strip() == "Nog een ding."
    assert [button["value"] for button in page.select("main button")] == ["heropenen"]
    assert fresh(answered).state == State.CLOSED
    as_user(writer).post(where(answered), {**typed, "doe": "heropenen"})
    assert fresh(answered).state == State.TAKEN
    assert answered.messages.last().text == "Nog een ding."


def test_a_question_closed_twice_is_closed_once(answered, writer, lead, as_user):
    typed = answer(text="", doe="oplossen", version=answered.version)
    assert [as_user(writer).post(where(answered), typed).status_code for _ in range(2)] == [302, 302]
    assert answered.messages.filter(deed="afgerond").count() == 1
    assert "al afgerond" in words(as_user(lead).post(where(answered), answer(doe="oplossen")))


@pytest.mark.parametrize(("days", "possible"), [(0, True), (29, True), (30, True), (31, False), (400, False)])
def test_a_question_can_be_opened_again_until_the_thirtieth_day(days, possible, asked, writer, as_user):
    closed_days_ago(asked, days)
    response = as_user(writer).post(where(asked), answer(text="Toch niet.", doe="heropenen"))
    assert response.status_code == (302 if possible else 200)
    assert fresh(asked).state == (State.NEW if possible else State.CLOSED)
    if not possible:
        assert "Stel een nieuwe vraag" in words(response)
        assert "Toch niet." in words(response)


def test_after_that_a_new_question_starts_with_the_old_one(asked, writer, as_user):
    closed_days_ago(asked, 31)
    page = BeautifulSoup(as_user(writer).get(where(asked)).content, "html.parser")
    address = next(link["href"] for link in page.select("main a") if "?vorige=" in link["href"])
    form = BeautifulSoup(as_user(writer).get(address).content, "html.parser")
    assert form.select_one("[name=title]")["value"] == "Bedrijven vinden"
    assert "Hoe vinden wij bedrijven?" in form.select_one("[name=question]").text
    as_user(writer).post(address, question(asked.theme))
    assert SupportRequest.objects.exclude(pk=asked.pk).get().follows == asked


def test_a_question_of_another_pilot_cannot_be_gone_on_from(asked, other_pilot, colleague, theme, as_user):
    address = f"/partner/pilots/andere-pilot/ondersteuning/nieuw/?vorige={asked.pk}"
    assert "Hoe vinden wij bedrijven?" not in as_user(colleague).get(address).content.decode()
    as_user(colleague).post(address, question(theme))
    assert SupportRequest.objects.get(pilot=other_pilot).follows is None


@pytest.mark.parametrize("number", ["", "x", "-1", "99999999999999999999", "0"])
def test_a_number_that_makes_no_sense_starts_an_empty_question(number, pilot, writer, as_user):
    assert as_user(writer).get(where(more=f"nieuw/?vorige={number}")).status_code == 200


def test_opening_again_what_is_open_is_an_answer(answered, writer):
    reopen_support(request=answered, by=writer, text="Nog iets.")
    assert (fresh(answered).state, answered.messages.last().deed) == (State.TAKEN, "")


# --- The team --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_on_at_once_one_is_told_of_the_other(asked, at_once):
    first, second = (factories.UserFactory(first_name=name) for name in ("Eerste", "Tweede"))
    results = at_once(lambda: take_on(request=asked, by=first), lambda: take_on(request=asked, by=second))
    [error] = [result for result in results if result is not None]
    assert error.messages == [f"{fresh(asked).assignee} heeft deze vraag al opgepakt."]
    assert asked.messages.filter(deed="opgepakt").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_pilot_and_the_team_close_at_once_and_it_is_closed_once(asked, writer, at_once):
    version, of_team = asked.version, factories.UserFactory()
    results = at_once(
        lambda: close_support(request=asked, by=writer, version=version),
        lambda: close_for_pilot(request=asked, by=of_team, text="Klaar.", version=version),
    )
    assert sum(isinstance(result, ValidationError) for result in results) == 1
    assert asked.messages.filter(deed="afgerond").count() == 1


@pytest.mark.django_db(transaction=True)
def test_closing_and_answering_at_once_loses_nothing(asked, writer, lead, at_once):
    """Either the answer came first and the closing is refused, or the other way round: who was late still has the text."""
    version = asked.version
    results = at_once(
        lambda: close_support(request=asked, by=lead, version=version),
        lambda: answer_team(request=asked, by=writer, text="Nog iets."),
    )
    assert sum(isinstance(result, ValidationError) for result in results) == 1
    said = list(asked.messages.filter(is_from_team=False).values_list("deed", "text"))
    assert said == ([("afgerond", "")] if fresh(asked).is_closed else [("", "Nog iets.")])


def test_who_answers_over_a_newer_answer_is_told_to_read_it_first(asked, moderator, writer):
    version = asked.version
    answer_team(request=asked, by=writer, text="Al opgelost, denk ik.")
    with pytest.raises(ValidationError, match="Er is intussen iets gebeurd"):
        answer_pilot(request=asked, by=moderator, text="Begin bij de branche.", version=version)
    assert asked.messages.count() == 1


def test_closing_as_the_team_is_a_decision_with_its_mail(asked, moderator, writer, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        close_for_pilot(request=asked, by=moderator, text="Zie het goede voorbeeld.", version=asked.version)
    assert [(d.verb, d.by, d.reason) for d in Decision.objects.on(asked)] == [
        ("afgerond", moderator, "Zie het goede voorbeeld.")
    ]
    assert AuditEntry.objects.filter(by=moderator, action="besluit").count() == 1
    assert [letter.to for letter in mail.outbox] == [[writer.email]]


def test_a_long_last_answer_is_read_in_the_portal(asked, moderator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        close_for_pilot(request=asked, by=moderator, text="lang " * 900, version=asked.version)
    assert len(Decision.objects.get().reason) < 200
    assert len(asked.messages.get().text) > 4000


def test_the_team_opens_again_whenever_it_likes(asked, moderator, writer):
    closed_days_ago(asked, 100)
    reopen_for_pilot(request=asked, by=moderator)
    assert (fresh(asked).state, fresh(asked).closed_at, fresh(asked).assignee) == (State.TAKEN, None, moderator)
    with pytest.raises(ValidationError, match="al open"):
        reopen_for_pilot(request=asked, by=moderator)


def test_handing_over_tells_the_colleague_and_no_partner(asked, moderator, writer, django_capture_on_commit_callbacks):
    other = factories.UserFactory(email="ander@voorbeeld.nl", is_staff=True)
    other.groups.set(moderator.groups.all())
    with django_capture_on_commit_callbacks(execute=True):
        reassign(request=asked, to=other, by=moderator, note="Jij kent deze pilot.")
    assert (fresh(asked).assignee, fresh(asked).state) == (other, State.TAKEN)
    assert [letter.to for letter in mail.outbox] == [[other.email]]
    assert [message.is_internal for message in asked.messages.all()] == [True]
    with pytest.raises(ValidationError, match="behandelt deze vraag al"):
        reassign(request=asked, to=other, by=moderator)


# --- What the database holds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong", [{"state": "weg"}, {"urgency": "ooit"}, {"state": "afgerond"}, {"closed_at": timezone.now()}]
)
def test_the_database_refuses_a_question_that_makes_no_sense(wrong, asked):
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportRequest.objects.filter(pk=asked.pk).update(**wrong)


@pytest.mark.parametrize("wrong", [{"text": ""}, {"deed": "weg"}, {"is_internal": True}])
def test_the_database_refuses_a_message_that_makes_no_sense(wrong, db):
    message = factories.SupportMessageFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportMessage.objects.filter(pk=message.pk).update(**wrong)


def test_what_somebody_wrote_stays_when_the_account_goes(asked, answered, writer, moderator, reader, as_user):
    answer_team(request=asked, by=writer, text="Dank.")
    writer.delete()
    moderator.delete()
    page = words(as_user(reader).get(where(asked)))
    assert "voormalig lid vroeg op" in page
    assert "het programmateam schreef op" in page
    assert writer.email not in page


# --- What is asked of whom -------------------------------------------------------------------------------------------


def test_an_answer_waits_for_who_asked(asked, answered, writer, lead, reader, colleague):
    def of(user):
        return list(SupportRequest.objects.asked_of(user))

    assert [of(user) for user in (writer, lead, reader, colleague)] == [[answered], [], [], []]
    SupportRequest.objects.update(author=None)
    assert [of(user) for user in (writer, lead, reader, colleague)] == [[answered], [answered], [], []]


def test_a_question_is_sent_in_by_who_asked_and_is_never_a_draft(asked, writer, lead):
    assert list(SupportRequest.objects.sent_in_by(writer)) == [asked]
    assert list(SupportRequest.objects.sent_in_by(lead)) == []
    assert list(SupportRequest.objects.drafts_of(writer)) == []


def test_what_somebody_wrote_in_a_question_of_a_colleague_goes_when_they_want_that(asked, lead, writer, moderator):
    answer_team(request=asked, by=lead, text="Ik weet er nog een.")
    answer_team(request=asked, by=writer, text="Dank.")
    contributions.forget(lead, keeps=True)
    assert asked.messages.count() == 2
    contributions.forget(lead, keeps=False)
    assert [message.author for message in asked.messages.all()] == [writer]


def test_an_answer_is_news_for_everybody_of_the_pilot_and_a_note_for_nobody(
    asked, moderator, writer, reader, colleague
):
    before = timezone.now()
    note_for_team(request=asked, by=moderator, text="Even bellen.")
    assert list(SupportRequest.objects.news_for(writer, before)) == []
    answer_pilot(request=asked, by=moderator, text="Begin bij de branche.", version=fresh(asked).version)
    assert list(SupportRequest.objects.news_for(reader, before)) == [asked]
    assert list(SupportRequest.objects.news_for(colleague, before)) == []
    assert list(SupportRequest.objects.news_for(reader, timezone.now())) == []


# --- What it costs ---------------------------------------------------------------------------------------------------


def test_the_list_costs_the_same_for_one_question_and_for_three(asked, pilot, writer, as_user, queries):
    factories.ContactMomentFactory(pilot=pilot, is_shared=True)
    client = as_user(writer)
    at_one = queries(client, where())
    for _ in range(2):
        factories.SupportRequestFactory(pilot=pilot)
        factories.ContactMomentFactory(pilot=pilot, is_shared=True)
    assert queries(client, where()) == at_one
    assert at_one <= 13  # seven of them know who is signed in


def test_a_conversation_costs_the_same_for_one_message_and_for_three(asked, pilot, writer, moderator, as_user, queries):
    factories.SupportMessageFactory(request=asked, author=moderator)
    client = as_user(writer)
    at_one = queries(client, where(asked))
    for _ in range(2):
        factories.SupportMessageFactory(request=asked, author=factories.UserFactory())
    assert queries(client, where(asked)) == at_one
    assert at_one <= 12


def test_nobody_reads_a_mail_address_in_place_of_a_name(as_user, pilot, reader):
    nameless = factories.MembershipFactory(pilot=pilot, user__email="zonder.naam@voorbeeld.nl").user
    asked = factories.SupportRequestFactory(pilot=pilot, author=nameless)
    factories.SupportMessageFactory(request=asked, author=nameless)
    page = as_user(reader).get(asked.portal_url).content.decode()
    assert ("zonder.naam@" in page, "een lid zonder naam" in page) == (False, True)
