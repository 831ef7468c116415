"""Support as the team sees it: the screen on which a question is answered, its list, and its kind in the queue."""

import uuid
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse

from pilots.actions.support import answer_pilot, answer_team
from pilots.models import SupportMessage, SupportRequest
from pilots.queue.support import SupportKind
from tests import factories

State = SupportRequest.State


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False


@pytest.fixture
def team(moderator, as_user):
    return as_user(moderator)


@pytest.fixture
def asked(pilot, writer):
    return factories.SupportRequestFactory(
        pilot=pilot, author=writer, title="Bedrijven vinden", question="Bel mij: 06-12345678.\n\n<b>Dank</b>"
    )


def where(asked) -> str:
    return f"/admin/ondersteuning/{asked.pk}/"


def fresh(asked) -> SupportRequest:
    return SupportRequest.objects.get(pk=asked.pk)


def answer(asked, **changed) -> dict:
    return {
        "doe": "antwoorden",
        "antwoorden-text": "Begin bij de branche.",
        "antwoorden-then": "pilot",
        "antwoorden-version": asked.version,
        "antwoorden-submission": str(uuid.uuid4()),
        **{f"antwoorden-{name}": value for name, value in changed.items()},
    }


def listed(response) -> list[str]:
    page = BeautifulSoup(response.content, "html.parser")
    return sorted(" ".join(cell.text.split()) for cell in page.select("td.title .title-wrapper"))


# --- Who -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["lead", "writer", "reader", "colleague", "outsider"])
def test_for_partners_the_screen_does_not_exist(who, request, asked, as_user):
    client = as_user(request.getfixturevalue(who))
    assert [client.get(where(asked)).status_code, client.post(where(asked), answer(asked)).status_code] == [404, 404]
    assert SupportMessage.objects.count() == 0


def test_an_editor_is_sent_away_and_a_visitor_signs_in(asked, editor, as_user, client):
    assert as_user(editor).post(where(asked), answer(asked)).status_code == 302
    assert urlsplit(client.get(where(asked)).url).path == "/account/login/"
    assert SupportMessage.objects.count() == 0


def test_a_question_that_is_not_there_is_not_found(team):
    assert team.get("/admin/ondersteuning/99999/").status_code == 404


def test_who_opens_a_question_in_the_list_comes_where_it_is_answered(asked, team):
    edit = reverse(SupportRequest.snippet_viewset.get_url_name("edit"), args=[asked.pk])
    assert team.get(edit).url == team.post(edit, {"title": "Anders"}).url == where(asked)
    assert fresh(asked).title == "Bedrijven vinden"


# --- Answering -------------------------------------------------------------------------------------------------------


def test_the_screen_marks_personal_data_and_shows_html_as_text(asked, team):
    page = BeautifulSoup(team.get(where(asked)).content, "html.parser")
    assert [mark.text for mark in page.select(".talk mark")] == ["06-12345678"]
    assert "<b>Dank</b>" in page.select_one(".talk").text
    assert page.select(".talk b") == []


@pytest.mark.parametrize(("then", "state"), [("pilot", State.ASKED), ("team", State.TAKEN), ("afgerond", State.CLOSED)])
def test_an_answer_says_how_it_goes_on(then, state, asked, moderator, team):
    assert team.post(where(asked), answer(asked, then=then)).status_code == 302
    assert (fresh(asked).state, fresh(asked).assignee) == (state, moderator)
    assert asked.messages.get().text == "Begin bij de branche."


def test_a_second_click_answers_once(asked, team):
    typed = answer(asked)
    assert [team.post(where(asked), typed).status_code for _ in range(2)] == [302, 302]
    assert asked.messages.count() == 1


def test_an_answer_over_a_newer_message_stays_in_the_form_and_can_then_be_sent(asked, writer, team):
    typed = answer(asked)
    answer_team(request=asked, by=writer, text="Het is al gelukt.")
    response = team.post(where(asked), typed)
    page = BeautifulSoup(response.content, "html.parser")
    assert "Er is intussen iets gebeurd" in response.content.decode()
    assert "Het is al gelukt." in page.select_one(".talk").text
    assert page.select_one("[name=antwoorden-text]").text.strip() == "Begin bij de branche."
    version = page.select_one("[name=antwoorden-version]")["value"]
    team.post(where(asked), {**typed, "antwoorden-version": version})
    assert [message.text for message in asked.messages.all()] == ["Het is al gelukt.", "Begin bij de branche."]


@pytest.mark.parametrize("changed", [{"text": " "}, {"then": "nooit"}, {"text": "x" * 5001}])
def test_an_answer_that_is_not_right_keeps_its_words(changed, asked, team):
    typed = answer(asked, **changed)
    page = BeautifulSoup(team.post(where(asked), typed).content, "html.parser")
    assert page.select_one("[name=antwoorden-text]").text.strip() == typed["antwoorden-text"].strip()
    assert asked.messages.count() == 0


@pytest.mark.parametrize("button", ["", "weggooien"])
def test_a_button_nobody_knows_does_nothing(button, asked, team):
    assert team.post(where(asked), {"doe": button}).status_code == 200
    assert fresh(asked).version == asked.version


def test_taking_on_noting_and_handing_over(asked, moderator, team):
    other = factories.UserFactory(first_name="Ander", is_staff=True)
    other.groups.set(moderator.groups.all())
    team.post(where(asked), {"doe": "oppakken"})
    assert fresh(asked).assignee == moderator
    team.post(where(asked), {"doe": "noteren", "noteren-text": "Even bellen.", "noteren-submission": uuid.uuid4()})
    assert asked.messages.filter(is_internal=True).get().text == "Even bellen."
    team.post(where(asked), {"doe": "overdragen", "overdragen-to": other.pk, "overdragen-note": ""})
    assert fresh(asked).assignee == other


def test_it_cannot_be_handed_to_who_may_not_answer(asked, editor, writer, team):
    for user in (editor, writer):
        team.post(where(asked), {"doe": "overdragen", "overdragen-to": user.pk, "overdragen-note": ""})
    assert fresh(asked).assignee is None


def test_a_closed_question_can_be_opened_again(asked, team):
    team.post(where(asked), answer(asked, then="afgerond"))
    response = team.post(where(asked), answer(asked, text="Nog iets."))
    assert "Nog iets." in response.content.decode()  # what was written stays in view
    team.post(where(asked), {"doe": "heropenen"})
    assert fresh(asked).state == State.TAKEN


# --- The list --------------------------------------------------------------------------------------------------------


def test_the_list_is_filtered_by_theme_urgency_state_assignee_and_turn(asked, moderator, team):
    other = factories.SupportRequestFactory(title="Rooster", urgency="dringend")
    answer_pilot(request=other, by=moderator, text="Zo.", version=other.version)
    address = reverse(SupportRequest.snippet_viewset.get_url_name("list"))
    expected = {
        ("theme", asked.theme_id): ["Bedrijven vinden"],
        ("urgency", "dringend"): ["Rooster"],
        ("state", "nieuw"): ["Bedrijven vinden"],
        ("assignee", moderator.pk): ["Rooster"],
        ("waits", "team"): ["Bedrijven vinden"],
        ("waits", "pilot"): ["Rooster"],
        ("pilot", other.pilot_id): ["Rooster"],
    }
    assert {pair: listed(team.get(address, dict([pair]))) for pair in expected} == expected


def test_searching_in_what_was_said_names_a_question_once(asked, team):
    factories.SupportMessageFactory(request=asked, text="Het rooster knelt.")
    factories.SupportMessageFactory(request=asked, text="Dat rooster weer.")
    address = reverse(SupportRequest.snippet_viewset.get_url_name("list"))
    assert listed(team.get(address, {"q": "rooster"})) == ["Bedrijven vinden"]


# --- The queue -------------------------------------------------------------------------------------------------------


def test_what_waits_for_the_team_is_in_the_queue_in_one_query(asked, moderator, django_assert_num_queries):
    urgent = factories.SupportRequestFactory(title="Rooster", urgency="dringend", author=None)
    waits_for_pilot = factories.SupportRequestFactory()
    answer_pilot(request=waits_for_pilot, by=moderator, text="Zo.", version=1)
    with django_assert_num_queries(1):
        waiting = {one.title: (one.pk, one.who, one.pilot, one.since) for one in SupportKind().waiting()}
    assert waiting == {
        "Bedrijven vinden": (asked.pk, "Sam", "Bouwkunde", asked.turn_since),
        "Dringend: Rooster": (urgent.pk, "voormalig lid", str(urgent.pilot), urgent.turn_since),
    }


def test_an_answer_of_the_pilot_puts_it_back_in_the_queue_as_of_then(asked, moderator, writer):
    answer_pilot(request=asked, by=moderator, text="Zo.", version=1)
    assert list(SupportKind().waiting()) == []
    answer_team(request=asked, by=writer, text="Dank.")
    [one] = SupportKind().waiting()
    assert one.since > asked.turn_since


def test_the_team_handles_support_and_an_editor_does_not(moderator, editor, writer):
    assert [SupportKind().may_see(user) for user in (moderator, editor, writer)] == [True, False, False]


def test_the_choices_are_those_of_the_state(asked, moderator):
    kind = SupportKind()
    assert [choice.name for choice in kind.choices(asked)] == ["oppakken", "antwoorden", "afronden"]
    choices = {choice.name: choice for choice in kind.choices(asked)}
    choices["oppakken"].run(asked, by=moderator, reason="", version=kind.version(asked))
    assert [choice.name for choice in kind.choices(fresh(asked))] == ["antwoorden", "afronden"]
    with pytest.raises(ValidationError, match="Er is intussen iets gebeurd"):
        choices["antwoorden"].run(asked, by=moderator, reason="Zo.", version=kind.version(asked))
    choices["antwoorden"].run(asked, by=moderator, reason="Zo.", version=kind.version(fresh(asked)))
    choices["afronden"].run(asked, by=moderator, reason="Klaar.", version=kind.version(fresh(asked)))
    assert fresh(asked).is_closed
    [reopen] = kind.choices(fresh(asked))
    reopen.run(asked, by=moderator, reason="", version="")
    assert fresh(asked).state == State.TAKEN


def test_the_queue_shows_the_conversation_and_what_may_be_personal(asked, writer, moderator):
    factories.SupportMessageFactory(request=asked, author=writer, text="Mail naar noor@voorbeeld.nl.")
    kind = SupportKind()
    html = render_to_string(kind.template, {"item": asked, **kind.context(asked, moderator)})
    page = BeautifulSoup(html, "html.parser")
    assert [mark.text for mark in page.select("mark")] == ["06-12345678", "noor@voorbeeld.nl"]
    assert where(asked) in [link["href"] for link in page.select("a")]
    assert [label for label, _text in kind.texts(asked)] == ["Onderwerp", "Vraag", "Antwoord van Sam"]
    assert kind.author(asked) == writer


def test_reading_costs_the_same_for_one_message_and_for_three(asked, moderator, team, queries):
    factories.SupportMessageFactory(request=asked, author=moderator, is_from_team=True)
    at_one = queries(team, where(asked))
    for _ in range(2):
        factories.SupportMessageFactory(request=asked, author=factories.UserFactory())
    assert queries(team, where(asked)) == at_one
