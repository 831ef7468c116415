"""The team's queue: what waits for whom, and that an item is decided on once, in the version that was read."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import Http404
from django.utils import timezone

from mkbroute import queue
from mkbroute.core.models import AuditEntry, Decision, Mail
from mkbroute.core.queue import QueueKind
from mkbroute.models import ContactMessage
from network.models import Organisation
from tests import factories
from tests.mkbroute.queue_kinds import TextKind

CONTACT = queue.ContactKind()
TEXT = TextKind()


@pytest.fixture(autouse=True)
def _two_kinds(monkeypatch):
    monkeypatch.setattr(queue, "KINDS", [TEXT, CONTACT])
    monkeypatch.setattr(Organisation, "portal_url", "/partner/", raising=False)


@pytest.fixture
def text(writer):
    """A text of a member, waiting."""
    return factories.OrganisationFactory(title="Een dag", summary="Op de werkplek.", owner=writer, live=False)


ALL_KINDS = list(queue.KINDS)


def choose(item, choice: str, by, *, kind: QueueKind = TEXT, reason: str = "", version=None, seen: str = ""):
    version = kind.version(item) if version is None else version
    return queue.choose(kind=kind, pk=item.pk, choice=choice, by=by, reason=reason, version=version, seen=seen)


# --- What waits -----------------------------------------------------------------------------------------------------


def test_all_kinds_of_all_apps_are_collected_and_have_what_the_screens_need():
    kinds = ALL_KINDS
    assert len({kind.name for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert isinstance(kind, QueueKind)
        assert kind.name == kind.name.lower() and " " not in kind.name
        assert kind.label and kind.template


def test_what_waits_comes_oldest_first_whatever_its_kind(text, moderator):
    old = factories.ContactMessageFactory(subject="Oud")
    ContactMessage.objects.update(received_at=timezone.now() - timedelta(days=9))
    factories.ContactMessageFactory(subject="Nieuw")
    factories.ContactMessageFactory(subject="Klaar", state="afgehandeld")
    factories.OrganisationFactory(title="Al openbaar")
    Organisation.objects.filter(pk=text.pk).update(last_published_at=timezone.now() - timedelta(days=2))
    found = queue.waiting_for(moderator)
    assert [(one.kind.name, one.title) for one in found] == [
        ("contactbericht", "Oud"),
        ("stukje", "Een dag"),
        ("contactbericht", "Nieuw"),
    ]
    assert found[0].url == f"/admin/wachtrij/contactbericht/{old.pk}/"


def test_everybody_sees_only_the_kinds_they_handle(text, moderator, editor, writer):
    factories.ContactMessageFactory()
    only_contact = factories.UserFactory()
    only_contact.user_permissions.add(
        *factories.Permission.objects.filter(codename="change_contactmessage", content_type__app_label="mkbroute")
    )
    counts = [len(queue.waiting_for(user)) for user in (moderator, only_contact, editor, writer)]
    assert counts == [2, 1, 0, 0]


def test_a_kind_is_found_by_name_for_who_handles_it(moderator, editor):
    assert queue.kind_for(moderator, "contactbericht") is CONTACT
    with pytest.raises(PermissionDenied):
        queue.kind_for(editor, "contactbericht")
    for user in (moderator, editor):
        with pytest.raises(Http404):
            queue.kind_for(user, "onbekend")


def test_the_queue_costs_one_query_per_kind(text, moderator, django_assert_num_queries):
    factories.ContactMessageFactory()
    queue.waiting_for(moderator)  # which reads the rights of the user
    with django_assert_num_queries(2):
        queue.waiting_for(moderator)
    for _ in range(2):
        factories.ContactMessageFactory(), factories.OrganisationFactory(live=False, owner=text.owner)
    with django_assert_num_queries(2):
        assert len(queue.waiting_for(moderator)) == 6


@pytest.mark.parametrize(("days", "words"), [(0, "vandaag"), (1, "gisteren"), (2, "2 dagen"), (40, "40 dagen")])
def test_age_is_told_in_words(days, words):
    assert queue.age_in_words(timezone.now() - timedelta(days=days)) == words


# --- Contact messages -----------------------------------------------------------------------------------------------


def test_a_contact_message_is_closed_with_a_note_and_nobody_is_mailed(moderator):
    message = factories.ContactMessageFactory()
    choose(message, "afhandelen", moderator, kind=CONTACT, reason=" Gebeld met Noor. ")
    message.refresh_from_db()
    assert (message.state, message.note) == ("afgehandeld", "Gebeld met Noor.")
    decision = Decision.objects.get()
    assert (decision.target, decision.verb, decision.by, decision.reason) == (
        message,
        "afgerond",
        moderator,
        "Gebeld met Noor.",
    )
    assert AuditEntry.objects.get().summary == "contactbericht afgerond"
    assert Mail.objects.count() == 0


def test_a_contact_message_goes_back_in_the_queue_and_keeps_its_note(moderator):
    message = factories.ContactMessageFactory(state="afgehandeld", note="Gebeld.")
    choose(message, "heropenen", moderator, kind=CONTACT)
    message.refresh_from_db()
    assert (message.state, message.note) == ("nieuw", "Gebeld.")


def test_what_is_noted_about_a_message_goes_when_the_message_goes(text, moderator):
    message = factories.ContactMessageFactory()
    choose(message, "afhandelen", moderator, kind=CONTACT, reason="Noor belt terug.")
    choose(text, "goedkeuren", moderator)
    ContactMessage.objects.all().delete()
    assert [decision.target for decision in Decision.objects.all()] == [text]


def test_who_is_answered_gets_a_mail_with_the_subject_filled_in():
    message = factories.ContactMessageFactory.build(email="noor+x@voorbeeld.nl", subject="Loon & werk?")
    url = CONTACT.context(message, None)["reply_url"]
    assert url == "mailto:noor%2Bx@voorbeeld.nl?subject=Re%3A%20Loon%20%26%20werk%3F"


# --- Deciding -------------------------------------------------------------------------------------------------------


def test_a_choice_is_carried_out_by_its_kind(text, moderator):
    choose(text, "goedkeuren", moderator, reason="Mooi.")
    text.refresh_from_db()
    decision = Decision.objects.get()
    assert (text.live, decision.verb, decision.by, decision.reason, decision.version) == (
        True,
        "goedgekeurd",
        moderator,
        "Mooi.",
        "Op de werkplek.",
    )


def test_the_second_of_the_team_reads_who_was_first(text, moderator):
    first = factories.UserFactory(first_name="Petra", last_name="de Wit")
    choose(text, "goedkeuren", first)
    with pytest.raises(ValidationError) as refusal:
        choose(text, "terugsturen", moderator, reason="Nog niet klaar.")
    assert refusal.value.messages[0].startswith("Al afgehandeld door Petra de Wit op ")
    assert refusal.value.messages[0].endswith(": goedgekeurd.")
    assert Decision.objects.count() == 1


def test_who_clicks_twice_reads_that_it_was_done(text, moderator):
    choose(text, "goedkeuren", moderator)
    with pytest.raises(ValidationError, match="Al afgehandeld door u op"):
        choose(text, "goedkeuren", moderator)
    assert Decision.objects.count() == 1


def test_a_colleague_who_left_is_a_colleague(text, moderator):
    first = factories.UserFactory()
    choose(text, "goedkeuren", first)
    first.delete()
    with pytest.raises(ValidationError, match="Al afgehandeld door een collega op"):
        choose(text, "goedkeuren", moderator)


def test_what_was_decided_before_the_page_was_opened_is_no_obstacle(text, moderator):
    old = factories.DecisionFactory(target=text, verb="teruggestuurd", reason="Nog niet klaar.")
    choose(text, "goedkeuren", moderator, seen=str(old.pk))
    assert Decision.objects.count() == 2


def test_a_newer_version_is_not_slipped_through(text, moderator):
    with pytest.raises(ValidationError, match="een nieuwere versie"):
        choose(text, "goedkeuren", moderator, version="Wat er eerst stond.")
    assert Decision.objects.count() == 0


@pytest.mark.parametrize("choice", ["verbergen", "onzin", ""])
def test_what_is_not_offered_cannot_be_chosen(choice, text, moderator):
    with pytest.raises(ValidationError, match="Dit kan niet meer"):
        choose(text, choice, moderator, reason="Daarom.")


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_reason_is_obligatory_where_the_kind_says_so(reason, text, moderator):
    with pytest.raises(ValidationError) as refusal:
        choose(text, "terugsturen", moderator, reason=reason)
    assert list(refusal.value.message_dict) == ["reason"]
    choose(text, "goedkeuren", moderator, reason=reason)


def test_a_reason_that_is_too_long_is_refused_before_anything_happens(text, moderator):
    with pytest.raises(ValidationError, match="2001 tekens"):
        choose(text, "goedkeuren", moderator, reason="x" * 2001)
    text.refresh_from_db()
    assert text.live is False


def test_what_is_withdrawn_meanwhile_is_not_decided_on(text, moderator):
    pk, version = text.pk, text.summary
    text.delete()
    with pytest.raises(ValidationError, match="Dit is er niet meer"):
        queue.choose(kind=TEXT, pk=pk, choice="goedkeuren", by=moderator, reason="", version=version, seen="")


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_decides_and_the_other_reads_so(monkeypatch):
    author = factories.UserFactory()
    item = factories.OrganisationFactory(summary="Tekst", owner=author, live=False)
    people = [factories.UserFactory(first_name=name) for name in ("Petra", "Roos")]
    start, refusals = threading.Barrier(2), []

    def decide(person, choice):
        start.wait(10)
        try:
            choose(item, choice, person, reason="Daarom.")
        except ValidationError as refusal:
            refusals.extend(refusal.messages)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=pair) for pair in zip(people, ("goedkeuren", "terugsturen"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    decision = Decision.objects.get()
    assert len(refusals) == 1
    assert refusals[0].startswith(f"Al afgehandeld door {decision.by} op ")
    assert Mail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_one_contact_message_one_does():
    message, person = factories.ContactMessageFactory(), factories.UserFactory()
    start, refusals = threading.Barrier(2), []

    def close():
        start.wait(10)
        try:
            queue.close_contact_message(message=message, by=person)
        except ValidationError as refusal:
            refusals.extend(refusal.messages)
        finally:
            connection.close()

    threads = [threading.Thread(target=close) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert refusals == ["Dit bericht staat al op afgehandeld."]
    assert Decision.objects.count() == 1
