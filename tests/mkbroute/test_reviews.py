"""Asking owner and deputy to look again, once per date; and saying that all is still correct."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.utils import timezone

from mkbroute import reviews
from mkbroute.core.mail import send_waiting
from mkbroute.models import ReviewReminder
from pilots.models import Pilot
from tests import factories

YESTERDAY = timezone.localdate() - timedelta(days=1)


@pytest.fixture
def owner(editor):
    editor.first_name = "Roos"
    editor.save()
    return editor


def letters() -> dict[str, str]:
    """What everybody got, once the clock has sent what waits."""
    send_waiting()
    return {letter.to[0]: letter.body for letter in mail.outbox}


def sent() -> list:
    send_waiting()
    return mail.outbox


def test_owner_and_deputy_get_one_mail_with_all_their_pages(owner, moderator):
    factories.PilotFactory(title="Metaal", owner=owner, deputy=moderator, review_on=YESTERDAY)
    factories.PersonFactory(title="Noor", owner=owner, review_on=timezone.localdate())
    factories.ContentPageFactory(title="Over ons", owner=owner, review_on=YESTERDAY)
    factories.PilotFactory(title="Later", owner=owner, review_on=timezone.localdate() + timedelta(days=1))
    factories.PilotFactory(title="Nooit", owner=owner, review_on=None)
    factories.PilotFactory(title="Van niemand", review_on=YESTERDAY)
    assert reviews.remind_reviewers() == "2 mails klaargezet."
    found = {
        to: [title for title in ("Metaal", "Noor", "Over ons", "Later", "Nooit", "Van niemand") if title in body]
        for to, body in letters().items()
    }
    assert found == {owner.email: ["Metaal", "Noor", "Over ons"], moderator.email: ["Metaal"]}


def test_the_mail_leads_to_editing_and_to_the_list(owner, as_user, settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = False
    factories.PilotFactory(owner=owner, review_on=date(2026, 9, 1))
    reviews.remind_reviewers()
    body = letters()[owner.email]
    addresses = [line.split(settings.SITE_URL)[1] for line in body.splitlines() if f"{settings.SITE_URL}/" in line]
    assert [as_user(owner).get(address).status_code for address in addresses] == [200, 200]
    assert "Beste Roos," in body
    assert "Nakijken op 1 september 2026" in body


def test_one_date_is_told_once_and_the_next_date_again(owner):
    pilot = factories.PilotFactory(owner=owner, review_on=YESTERDAY)
    reviews.remind_reviewers()
    reviews.remind_reviewers()
    assert len(sent()) == 1
    Pilot.objects.filter(pk=pilot.pk).update(review_on=timezone.localdate())
    reviews.remind_reviewers()
    assert len(sent()) == 2


def test_who_left_is_not_mailed(owner):
    owner.is_active = False
    owner.save()
    factories.PilotFactory(owner=owner, review_on=YESTERDAY)
    assert reviews.remind_reviewers() == "0 mails klaargezet."


def test_who_left_the_team_or_lost_the_right_is_not_mailed(owner, moderator):
    owner.is_staff = False
    owner.save()
    moderator.groups.set(Group.objects.filter(name="Niemand"))
    factories.PilotFactory(owner=owner, deputy=moderator, review_on=YESTERDAY)
    factories.ContentPageFactory(owner=owner, review_on=YESTERDAY)
    assert reviews.remind_reviewers() == "0 mails klaargezet."


def test_owner_and_deputy_in_one_person_is_one_mail(owner):
    factories.PilotFactory(owner=owner, deputy=owner, review_on=YESTERDAY)
    assert reviews.remind_reviewers() == "1 mail klaargezet."
    assert len(sent()) == 1


def test_who_cannot_be_told_stops_no_other_and_is_told_next_time(owner, moderator, monkeypatch):
    factories.PilotFactory(owner=owner, deputy=moderator, review_on=YESTERDAY)
    post, tried = reviews.post, []

    def fail_for_the_owner(*, to, key, **mail):
        tried.append((to, key))
        if to == owner.email and len(tried) < 3:
            raise OSError("the disk is full")
        return post(to=to, key=key, **mail)

    monkeypatch.setattr(reviews, "post", fail_for_the_owner)
    with pytest.raises(ExceptionGroup):
        reviews.remind_reviewers()
    assert list(letters()) == [moderator.email]
    assert list(ReviewReminder.objects.values_list("person", flat=True)) == [moderator.pk]
    reviews.remind_reviewers()
    assert sorted(letters()) == sorted([owner.email, moderator.email])
    assert len({key for to, key in tried if to == owner.email}) == 1  # the same mail, however often it is tried


# --- Nog steeds juist -------------------------------------------------------------------------------------

NEXT_YEAR = timezone.localdate() + timedelta(days=365)


@pytest.mark.parametrize("make", [factories.PilotFactory, factories.ContentPageFactory])
def test_what_is_still_correct_is_asked_again_in_a_year_and_the_draft_stays_a_draft(make, moderator):
    thing = make(title="Live", review_on=YESTERDAY)
    thing.save_revision().publish()
    thing.title = "Concept"
    thing.save_revision(user=moderator)
    thing = type(thing).objects.get()
    versions = thing.revisions.count()
    reviews.confirm_still_correct(target=thing, by=moderator)
    thing = type(thing).objects.get()
    draft = thing.get_latest_revision_as_object()
    assert (thing.title, thing.review_on, thing.has_unpublished_changes) == ("Live", NEXT_YEAR, True)
    assert (draft.title, draft.review_on) == ("Concept", NEXT_YEAR)
    assert thing.live_revision.as_object().review_on == NEXT_YEAR
    assert thing.revisions.count() == versions + 1  # so that who has the form open is told


def test_what_is_planned_gets_the_new_date_too(moderator):
    pilot = factories.PilotFactory(review_on=YESTERDAY)
    pilot.go_live_at = timezone.now() + timedelta(days=2)
    pilot.save_revision().publish()
    pilot.go_live_at = None
    pilot.save_revision()
    pilot.refresh_from_db()
    reviews.confirm_still_correct(target=pilot, by=moderator)
    assert pilot.scheduled_revision.as_object().review_on == NEXT_YEAR
