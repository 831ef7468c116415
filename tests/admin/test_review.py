"""From writing to publishing: the editor sends in, the team looks and answers, with a mail at every step."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from wagtail.models import TaskState

from pilots.models import Pilot
from tests import factories
from tests.admin.conftest import edit_url, messages


@pytest.fixture
def submitted(desk, editor, moderator, read_form):
    """A pilot with a draft that the editor sent in."""
    pilot = factories.PilotFactory(title="Ad ICT", summary="Oud")
    data = {**read_form(desk, edit_url(pilot)), "summary": "Nieuw", "action-submit": "1"}
    desk.post(edit_url(pilot), data)
    return Pilot.objects.get()


def act(client, pilot, action: str, comment: str):
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    url = reverse(type(pilot).snippet_viewset.get_url_name("workflow_action"), args=[pilot.pk, action, state.pk])
    return client.post(url, {"comment": comment})


def test_sending_in_publishes_nothing_and_mails_the_team(submitted, moderator):
    assert (submitted.live, submitted.summary, submitted.workflow_in_progress) == (True, "Oud", True)
    assert {tuple(message.to) for message in mail.outbox} == {(moderator.email,)}
    assert all("Ad ICT" in message.subject for message in mail.outbox)


def test_an_editor_who_asks_to_publish_gets_a_draft(desk, read_form):
    pilot = factories.PilotFactory(summary="Oud")
    desk.post(edit_url(pilot), {**read_form(desk, edit_url(pilot)), "summary": "Nieuw", "action-publish": "1"})
    pilot.refresh_from_db()
    assert (pilot.summary, pilot.has_unpublished_changes) == ("Oud", True)


def test_an_editor_takes_nothing_off_the_site(desk):
    pilot = factories.PilotFactory()
    desk.post(reverse(Pilot.snippet_viewset.get_url_name("unpublish"), args=[pilot.pk]))
    assert Pilot.objects.get().live is True


def test_while_it_waits_the_editor_cannot_change_it(submitted, desk, read_form):
    data = {**read_form(desk, edit_url(submitted)), "summary": "Stiekem anders"}
    response = desk.post(edit_url(submitted), data)
    assert messages(response) == ["Pilot is vergrendeld en kan niet worden opgeslagen"]
    assert Pilot.objects.get().latest_revision.content["summary"] == "Nieuw"


def test_approving_publishes_the_text_and_its_rows(desk, team, moderator, read_form):
    pilot = factories.ProgrammeFactory(title="Ad ICT").pilot
    data = read_form(desk, edit_url(pilot))
    data |= {"summary": "Nieuw", "programmes-0-title": "Ad Cybersecurity", "action-submit": "1"}
    desk.post(edit_url(pilot), data)
    act(team, pilot, "approve", "")
    pilot = Pilot.objects.get()
    assert (pilot.summary, pilot.has_unpublished_changes) == ("Nieuw", False)
    assert [programme.title for programme in pilot.programmes.all()] == ["Ad Cybersecurity"]


def test_the_editor_gets_the_remark_by_mail(submitted, editor, team):
    mail.outbox.clear()
    act(team, submitted, "reject", "Noem de bron van het aantal studenten.")
    assert [message.to for message in mail.outbox] == [[editor.email]]
    assert "Noem de bron van het aantal studenten." in mail.outbox[0].body
    assert Pilot.objects.get().summary == "Oud"


def test_the_mails_are_in_dutch_and_lead_to_the_site(submitted, team, settings):
    act(team, submitted, "reject", "Graag korter.")
    words = " ".join(f"{message.subject} {message.body}" for message in mail.outbox)
    addresses = re.findall(rf"{settings.SITE_URL}(\S*)", words)
    assert addresses.count(edit_url(submitted)) == len(mail.outbox)
    assert {team.get(address).status_code for address in addresses} == {200}
    assert [word for word in ("You can", "has been", "was rejected", "Hello") if word in words] == []


def test_an_editor_cannot_approve_own_work(submitted, desk):
    act(desk, submitted, "approve", "")
    assert Pilot.objects.get().summary == "Oud"


def test_a_page_of_the_tree_is_reviewed_too(desk, team, moderator, read_form):
    page = factories.ContentPageFactory(title="Over ons", lead="Oud")
    where = reverse("wagtailadmin_pages:edit", args=[page.pk])
    desk.post(where, {**read_form(desk, where), "lead": "Nieuw", "action-submit": "1"})
    page.refresh_from_db()
    assert page.lead == "Oud"
    assert "‘Over ons’ is ingediend voor controle." in mail.outbox[0].body
    assert where in mail.outbox[0].body
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    approve = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    team.post(approve, {"comment": ""})
    page.refresh_from_db()
    assert page.lead == "Nieuw"
