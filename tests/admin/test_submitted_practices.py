"""A practice that a pilot sent in, in its editing screen: where it came from, and that nobody publishes past the pilot."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from research import actions
from research.models import Practice, PracticeSubmission, SubmissionState
from tests import factories
from tests.admin.conftest import edit_url, messages


@pytest.fixture
def submission(pilot, writer, moderator):
    submission = factories.PracticeSubmissionFactory(pilot=pilot, author=writer, themes=[factories.ThemeFactory()])
    actions.send_in(submission=submission, by=writer, version=1)
    actions.pass_completeness(submission=submission, by=moderator, version=1)
    return PracticeSubmission.objects.get()


def panel(response) -> str:
    found = BeautifulSoup(response.content, "html.parser").select_one(".evidence__strength")
    return " ".join(found.parent.get_text(" ").split())


def test_the_screen_says_who_sent_it_in_and_how_they_know(submission, team):
    text = panel(team.get(edit_url(submission.practice)))
    assert "Ingestuurd door de pilot Bouwkunde" in text
    assert "bij een expert" in text
    assert "Wij vroegen het alle bedrijven." in text


def test_another_practice_has_no_such_panel(team):
    assert "Ingestuurd door" not in team.get(edit_url(factories.PracticeFactory())).content.decode()


@pytest.mark.parametrize("action", ["action-publish", "action-submit"])
def test_changed_words_are_kept_as_a_draft_and_not_published(action, submission, team, read_form):
    url = edit_url(submission.practice)
    response = team.post(url, {**read_form(team, url), "lesson": "Anders.", action: "1"}, follow=True)
    assert "Akkoord van de pilot: u hebt de tekst van de pilot veranderd." in messages(response)[0]
    practice = Practice.objects.get()
    assert (practice.live, practice.get_latest_revision_as_object().lesson) == (False, "Anders.")


def test_saving_the_form_unchanged_leaves_consent_as_it_was(submission, team, read_form, moderator, writer):
    url = edit_url(submission.practice)
    team.post(url, {**read_form(team, url), "lesson": "Anders."})
    actions.ask_consent(submission=submission, by=moderator)
    asked = PracticeSubmission.objects.get()
    actions.consent(submission=asked, by=writer, version=asked.asked_seal)
    team.post(url, {**read_form(team, url), "action-publish": "1"})
    assert PracticeSubmission.objects.get().state == SubmissionState.PLACED
    assert Practice.objects.get().lesson == "Anders."


def test_a_draft_made_by_the_site_is_the_same_once_a_form_has_saved_it(submission, team, read_form):
    url = edit_url(submission.practice)
    team.post(url, {**read_form(team, url), "action-publish": "1"})
    assert PracticeSubmission.objects.get().state == SubmissionState.PLACED


def chosen(team, url: str, choice: str, **typed):
    """Press a button on the screen of the queue."""
    form = BeautifulSoup(team.get(url).content, "html.parser").select_one("form:has([name=choice])")
    data = {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}
    return team.post(url, {**data, **typed, "choice": choice}, follow=True)


def test_the_team_walks_the_whole_road_on_the_screens_of_the_queue(pilot, writer, team, read_form, client):
    submission = factories.PracticeSubmissionFactory(pilot=pilot, author=writer, themes=[factories.ThemeFactory()])
    actions.send_in(submission=submission, by=writer, version=1)
    assert str(submission) in team.get(reverse("queue")).content.decode()
    chosen(team, reverse("queue_item", args=["voorbeeld", submission.pk]), "volledig")
    edit = edit_url(Practice.objects.get())
    team.post(edit, {**read_form(team, edit), "lesson": "Begin met twee bedrijven."})
    screen = reverse("queue_item", args=["voorbeeld-oordeel", submission.pk])
    shown = team.get(screen).content.decode()
    assert ("Begin met twee bedrijven." in shown, edit in shown) == (True, True)
    assert screen in team.get(edit).content.decode()
    chosen(team, screen, "akkoord")
    asked = PracticeSubmission.objects.get()
    actions.consent(submission=asked, by=writer, version=asked.asked_seal)
    chosen(team, screen, "plaatsen")
    assert PracticeSubmission.objects.get().state == SubmissionState.PLACED
    assert "Begin met twee bedrijven." in client.get(Practice.objects.get().get_absolute_url()).content.decode()
