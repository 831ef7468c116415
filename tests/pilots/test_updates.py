"""What a partner does with an update, what the team decides about it, and who never comes between."""

import threading

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from mkbroute.accounts.models import Notification, User
from mkbroute.core.models import AuditEntry, Decision, SearchEntry
from pilots.actions.members import end_membership
from pilots.actions.moderation import (
    allow_direct_posting,
    approve_update,
    dismiss_reports,
    hide_update,
    restore_update,
    return_update,
)
from pilots.actions.updates import (
    delete_draft,
    discard_changes,
    report_update,
    save_draft,
    send_in,
    withdraw,
)
from pilots.models import Membership, Update, UpdateReport, UpdateState
from tests import factories

pytestmark = pytest.mark.django_db


def row(update: Update) -> Update:
    return Update.objects.get(pk=update.pk)


def approved(update: Update, by) -> Update:
    return approve_update(update=update, version=row(update).version, by=by)


# --- From draft to readers -------------------------------------------------------------------------------------------


def test_a_draft_is_seen_by_its_author_alone(written, writer, lead, reader, colleague, outsider, moderator):
    draft = written(writer)
    assert list(Update.objects.drafts_of(writer)) == [draft]
    for user in (lead, reader, colleague, outsider, moderator):
        assert not Update.objects.readable_by(user).exists()
        assert not Update.objects.editable_by(user).exists()


@pytest.mark.parametrize("audience", ["netwerk", "pilot"])
def test_what_is_not_public_appears_at_once(sent, writer, audience):
    update = sent(writer, audience=audience)
    assert (update.state, update.is_shown) == (UpdateState.POSTED, True)
    assert update.published_at is not None


def test_what_is_public_waits_for_the_team_and_is_mailed_when_approved(
    sent, writer, moderator, django_capture_on_commit_callbacks
):
    update = sent(writer)
    assert (update.state, update.is_shown) == (UpdateState.WAITING, False)
    assert not Update.objects.public().exists()
    with django_capture_on_commit_callbacks(execute=True):
        approved(update, moderator)
    assert list(Update.objects.public()) == [update]
    assert [message.to for message in mail.outbox] == [[writer.email]]
    decision = Decision.objects.on(update).get()
    assert (decision.by, decision.version) == (moderator, update.version)


def test_after_two_approved_ones_the_team_may_let_somebody_post_directly(sent, writer, pilot, moderator):
    place = Membership.objects.get(user=writer, pilot=pilot)
    for _ in range(2):
        with pytest.raises(ValidationError, match="pas als het programmateam twee berichten"):
            allow_direct_posting(membership=place, by=moderator, allowed=True)
        approved(sent(writer), moderator)
    allow_direct_posting(membership=place, by=moderator, allowed=True)
    assert sent(writer).state == UpdateState.POSTED
    allow_direct_posting(membership=place, by=moderator, allowed=False)
    assert sent(writer).state == UpdateState.WAITING
    assert AuditEntry.objects.filter(action=AuditEntry.Action.RIGHTS, by=moderator).count() == 2


def test_approvals_of_somebody_else_or_in_another_pilot_do_not_count(sent, writer, lead, pilot, other_pilot, moderator):
    factories.MembershipFactory(pilot=other_pilot, user=writer)
    for author, where in ((lead, pilot), (writer, other_pilot), (writer, pilot)):
        approved(sent(author, pilot=where), moderator)
    with pytest.raises(ValidationError):
        allow_direct_posting(membership=Membership.objects.get(user=writer, pilot=pilot), by=moderator, allowed=True)


def test_what_is_not_finished_is_not_sent_in(written, writer):
    draft = written(writer, title="", text=" ")
    with pytest.raises(ValidationError) as refused:
        send_in(update=draft, by=writer, version=draft.version)
    assert set(refused.value.error_dict) == {"title", "text"}
    assert row(draft).state == UpdateState.DRAFT


# --- A change to what is posted --------------------------------------------------------------------------------------


def test_what_was_approved_stays_until_the_change_is(sent, edited, writer, moderator):
    update = approved(sent(writer), moderator)
    changed = edited(update, writer, title="Twaalf studenten", text="Nieuw.")
    send_in(update=changed, by=writer, version=changed.version)
    assert (row(update).title, row(update).is_shown, row(update).state) == ("Eerste studenten", True, "wacht")
    assert Update.objects.public().get().title == "Eerste studenten"
    approved(update, moderator)
    assert Update.objects.public().get().title == "Twaalf studenten"
    assert row(update).published_at == update.published_at


def test_a_later_edit_is_not_slipped_through(sent, edited, writer, moderator):
    update = sent(writer)
    read = update.version
    changed = edited(update, writer, text="Koop nu!")
    send_in(update=changed, by=writer, version=changed.version)
    with pytest.raises(ValidationError, match="intussen gewijzigd"):
        approve_update(update=update, version=read, by=moderator)
    assert not Update.objects.public().exists()


def test_an_edit_after_sending_in_takes_the_update_out_of_the_queue(sent, edited, writer, moderator):
    update = sent(writer)
    edited(update, writer, text="Nog niet af")
    with pytest.raises(ValidationError):
        approved(update, moderator)
    assert list(Update.objects.waiting()) == []


def test_from_network_to_public_is_read_first_and_the_network_keeps_what_it_had(sent, edited, writer, colleague):
    update = sent(writer, audience="netwerk")
    changed = edited(update, writer, audience="publiek")
    send_in(update=changed, by=writer, version=changed.version)
    assert not Update.objects.public().exists()
    assert list(Update.objects.visible_to(colleague)) == [update]


def test_from_public_to_pilot_goes_at_once(sent, edited, writer, moderator, colleague):
    update = approved(sent(writer), moderator)
    changed = edited(update, writer, audience="pilot")
    send_in(update=changed, by=writer, version=changed.version)
    assert not Update.objects.public().exists()
    assert not Update.objects.visible_to(colleague).exists()
    assert not SearchEntry.objects.filter(kind="update").exists()


def test_a_returned_change_leaves_what_readers_see_and_asks_something_of_its_author(sent, edited, writer, moderator):
    update = approved(sent(writer), moderator)
    changed = edited(update, writer, text="Bel 06-12345678")
    send_in(update=changed, by=writer, version=changed.version)
    return_update(update=update, by=moderator, reason="Haal het nummer weg.", version=row(update).version)
    assert list(Update.objects.asked_of(writer)) == [update]
    assert Update.objects.public().get().text == "Vandaag **begonnen** er twaalf."
    edited(update, writer, text="Bel ons.")
    assert list(Update.objects.asked_of(writer)) == [update]


def test_a_change_can_be_given_up(sent, edited, writer):
    update = sent(writer, audience="netwerk")
    edited(update, writer, title="Anders")
    discarded = discard_changes(update=update, by=writer)
    assert (discarded.state, discarded.newest.title) == (UpdateState.POSTED, "Eerste studenten")
    with pytest.raises(ValidationError):
        discard_changes(update=update, by=writer)


# --- Taking away -----------------------------------------------------------------------------------------------------


def test_what_is_withdrawn_is_gone_and_can_be_sent_in_again(sent, writer, moderator, colleague):
    update = approved(sent(writer), moderator)
    gone = withdraw(update=update, by=writer)
    assert (gone.state, Update.objects.visible_to(colleague).exists()) == (UpdateState.WITHDRAWN, False)
    with pytest.raises(ValidationError):
        withdraw(update=update, by=writer)
    send_in(update=gone, by=writer, version=gone.version)
    assert list(Update.objects.waiting()) == [update]


def test_only_what_nobody_read_can_be_deleted(written, sent, writer, moderator):
    draft, waiting, posted = written(writer), sent(writer), sent(writer, audience="pilot")
    delete_draft(update=draft, by=writer)
    for update in (waiting, posted, withdraw(update=posted, by=writer)):
        with pytest.raises(ValidationError):
            delete_draft(update=update, by=writer)
    back = return_update(update=waiting, by=moderator, reason="Nee", version=waiting.version)
    delete_draft(update=back, by=writer)
    assert list(Update.objects.all()) == [posted]
    assert not Decision.objects.exists()


def test_what_was_hidden_is_read_first_whatever_its_author_makes_of_it(sent, edited, writer, moderator, colleague):
    update = sent(writer, audience="netwerk")
    hide_update(update=update, by=moderator, reason="Reclame")
    assert not Update.objects.visible_to(colleague).exists()
    assert not Update.objects.visible_to(moderator).exists()
    changed = edited(update, writer, text="Zonder reclame", audience="pilot")
    assert changed.state == UpdateState.HIDDEN
    sent_again = send_in(update=changed, by=writer, version=changed.version)
    assert sent_again.state == UpdateState.WAITING
    again = withdraw(update=update, by=writer)
    assert send_in(update=again, by=writer, version=again.version).state == UpdateState.WAITING
    assert approved(update, moderator).is_shown
    assert edited(update, writer, text="Kort").state == UpdateState.DRAFT


def test_what_was_hidden_can_be_shown_again_as_it_was(sent, edited, writer, moderator, colleague):
    update = sent(writer, audience="netwerk")
    hide_update(update=update, by=moderator, reason="Vergissing")
    edited(update, writer, title="Boos antwoord")
    restored = restore_update(update=update, by=moderator)
    assert (restored.title, restored.state, restored.newest.title) == (
        *("Eerste studenten", UpdateState.DRAFT, "Boos antwoord"),
    )
    assert list(Update.objects.visible_to(colleague)) == [update]


@pytest.mark.parametrize("reason", ["", "  "])
def test_the_author_always_reads_why(sent, writer, moderator, reason):
    waiting, posted = sent(writer), sent(writer, audience="netwerk")
    with pytest.raises(ValidationError):
        return_update(update=waiting, by=moderator, reason=reason, version=waiting.version)
    with pytest.raises(ValidationError):
        hide_update(update=posted, by=moderator, reason=reason)
    assert not Decision.objects.exists()


# --- Reports ---------------------------------------------------------------------------------------------------------


def test_a_report_is_closed_with_an_answer_to_who_made_it(
    sent, writer, colleague, moderator, django_capture_on_commit_callbacks
):
    update = sent(writer, audience="netwerk")
    for _ in range(2):
        report_update(update=update, by=colleague, reason="Klopt niet")
    assert UpdateReport.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        dismiss_reports(update=update, by=moderator)
    assert [message.to for message in mail.outbox] == [[colleague.email]]
    assert "laat het bericht staan" in mail.outbox[0].body
    with pytest.raises(ValidationError):
        dismiss_reports(update=update, by=moderator)
    report_update(update=update, by=colleague, reason="Nog steeds niet")
    hide_update(update=update, by=moderator, reason="Klopt niet")
    assert not UpdateReport.objects.open().exists()


def test_one_reports_what_one_can_read_and_not_ones_own(sent, writer, colleague, outsider):
    update = sent(writer, audience="pilot")
    for user in (colleague, outsider):
        with pytest.raises(PermissionDenied):
            report_update(update=update, by=user, reason="x")
    with pytest.raises(ValidationError):
        report_update(update=update, by=writer, reason="x")


# --- Nobody where they do not belong ---------------------------------------------------------------------------------


def test_nobody_but_the_author_and_the_penvoerder_touches_an_update(
    sent, edited, writer, lead, reader, colleague, outsider, moderator, editor
):
    update = sent(writer, audience="netwerk")
    stranger = factories.MembershipFactory(pilot=update.pilot).user
    for user in (reader, colleague, outsider, moderator, editor, stranger):
        with pytest.raises(PermissionDenied):
            edited(update, user, title="Van mij")
        for action in (withdraw, discard_changes, delete_draft):
            with pytest.raises(PermissionDenied):
                action(update=update, by=user)
        with pytest.raises(PermissionDenied):
            send_in(update=update, by=user, version=update.version)
    assert row(update).title == "Eerste studenten"
    assert withdraw(update=update, by=lead).state == UpdateState.WITHDRAWN


def test_only_the_team_decides(sent, writer, lead, reader, colleague, outsider, editor, pilot):
    waiting, posted = sent(writer), sent(writer, audience="netwerk")
    place = Membership.objects.get(user=writer, pilot=pilot)
    for user in (writer, lead, reader, colleague, outsider, editor):
        for action, arguments in (
            (approve_update, {"update": waiting, "version": waiting.version}),
            (return_update, {"update": waiting, "version": waiting.version, "reason": "x"}),
            (hide_update, {"update": posted, "reason": "x"}),
            (restore_update, {"update": posted}),
            (dismiss_reports, {"update": posted}),
            (allow_direct_posting, {"membership": place, "allowed": True}),
        ):
            with pytest.raises(PermissionDenied):
                action(by=user, **arguments)


def test_nobody_begins_an_update_in_a_pilot_they_do_not_write_in(pilot, reader, colleague, outsider, moderator):
    for user in (reader, colleague, outsider, moderator):
        with pytest.raises(PermissionDenied):
            save_draft(update=Update(pilot=pilot, title="Van buiten"), by=user)
    assert not Update.objects.exists()


def test_who_lost_a_role_no_longer_changes_what_they_wrote(written, writer, pilot):
    draft = written(writer)
    Membership.objects.filter(user=writer, pilot=pilot).update(role="lezer")
    with pytest.raises(PermissionDenied):
        send_in(update=draft, by=writer, version=draft.version)
    assert not Update.objects.drafts_of(writer).exists()


def test_everybody_reads_what_is_meant_for_them(
    sent, writer, lead, reader, colleague, outsider, moderator, editor, django_user_model
):
    from django.contrib.auth.models import AnonymousUser

    audiences = ("publiek", "netwerk", "pilot")
    public, *_rest = [sent(writer, audience=audience, title=audience) for audience in audiences]
    approved(public, moderator)
    sent(writer, title="wacht nog")

    def seen(user):
        return sorted(Update.objects.visible_to(user).values_list("title", flat=True))

    for user in (writer, lead, reader, moderator):
        assert seen(user) == ["netwerk", "pilot", "publiek"]
    assert seen(colleague) == ["netwerk", "publiek"]
    for user in (outsider, editor, AnonymousUser()):
        assert seen(user) == ["publiek"]


def test_those_for_whom_an_update_is_are_told_of_it(sent, written, writer, lead, reader, colleague, outsider):
    inside, network = sent(writer, audience="pilot"), sent(writer, audience="netwerk")
    told = {(one.person, one.url) for one in Notification.objects.all()}
    assert told == {
        *((person, update.portal_url) for person in (lead, reader) for update in (inside, network)),
        (colleague, network.network_url),
    }


def test_news_is_what_others_posted_for_somebody_since_then(sent, writer, lead, colleague):
    before, after = sent(writer, audience="netwerk"), sent(writer, audience="pilot")
    assert list(Update.objects.news_for(lead)) == [after, before]
    assert list(Update.objects.news_for(lead, since=before.published_at)) == [after]
    assert list(Update.objects.news_for(colleague)) == [before]
    assert list(Update.objects.news_for(writer)) == []


# --- Twice, and at the same time -------------------------------------------------------------------------------------


def test_a_second_click_makes_nothing_double(pilot, writer):
    fields = {"pilot": pilot, "title": "Een keer", "text": "x", "submission": "0b0f7a4e-5c70-4f0b-9d5e-3a8f1f0f9d11"}
    first = save_draft(update=Update(**fields), by=writer)
    assert save_draft(update=Update(**fields), by=writer) == first
    with pytest.raises(ValidationError, match="intussen gewijzigd"):
        save_draft(update=Update(**{**fields, "text": "Na de terugknop anders"}), by=writer)
    sent_in = send_in(update=first, by=writer, version=first.version)
    assert send_in(update=first, by=writer, version=first.version) == sent_in
    assert Update.objects.count() == 1


def test_two_windows_do_not_write_over_each_other(written, edited, writer):
    draft = written(writer)
    stale = draft.newest
    edited(draft, writer, text="Uit het eerste venster")
    stale.text = "Uit het tweede venster"
    with pytest.raises(ValidationError, match="intussen gewijzigd"):
        save_draft(update=stale, by=writer, version=draft.version)
    assert row(draft).text == "Uit het eerste venster"


def at_once(*calls) -> list:
    """Run these at the same moment, each in a transaction of its own; returns what they gave or raised."""
    start, answers = threading.Barrier(len(calls)), []

    def run(call):
        start.wait()
        try:
            answers.append(call())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.fixture
def chief():
    """Somebody who may decide, where a transactional test has emptied the tables that the groups need."""
    return factories.UserFactory(is_staff=True, is_superuser=True)


@pytest.mark.django_db(transaction=True)
def test_two_of_the_team_at_once_decide_once(sent, writer, chief):
    update = sent(writer)
    approve = lambda: approve_update(update=update, version=update.version, by=chief)  # noqa: E731
    refuse = lambda: return_update(update=update, version=update.version, by=chief, reason="Nee")  # noqa: E731
    answers = at_once(approve, refuse)
    assert sum(isinstance(answer, ValidationError) for answer in answers) == 1
    assert Decision.objects.on(update).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_change_at_the_moment_of_approval_is_never_shown_unread(sent, writer, chief):
    update = sent(writer)
    newest = row(update).newest
    newest.text = "Koop nu!"
    at_once(
        lambda: approve_update(update=update, version=update.version, by=chief),
        lambda: save_draft(update=newest, by=writer, version=update.version),
    )
    assert row(update).text != "Koop nu!" or not row(update).is_shown


@pytest.mark.django_db(transaction=True)
def test_four_clicks_at_once_make_one_update(pilot, writer):
    fields = {"pilot": pilot, "title": "Een keer", "text": "x", "submission": "0b0f7a4e-5c70-4f0b-9d5e-3a8f1f0f9d11"}
    answers = at_once(*(lambda: save_draft(update=Update(**fields), by=writer) for _ in range(4)))
    assert len({answer.pk for answer in answers}) == Update.objects.count() == 1


def test_what_went_away_is_told_to_nobody_any_more(sent, writer, reader, colleague, lead, moderator):
    User.objects.update(notify="wekelijks")
    withdrawn, hidden, kept = (sent(writer, audience="netwerk", title=title) for title in ("Terug", "Weg", "Blijft"))
    inside = sent(writer, audience="pilot", title="Binnen")
    withdraw(update=withdrawn, by=writer)
    hide_update(update=hidden, by=moderator, reason="Er staat een naam in.")
    end_membership(membership=Membership.objects.get(user=reader), by=lead)
    waiting = Notification.objects.filter(mailed_at=None).values_list("person", "title")
    assert set(waiting) == {(colleague.pk, kept.title), (lead.pk, kept.title), (lead.pk, inside.title)}
