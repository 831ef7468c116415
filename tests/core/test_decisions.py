"""Deciding: kept, noted in the trail and mailed, all three or none; and what an author reads of it."""

from unittest import mock

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template import Context, Template

from mkbroute.core.decisions import LONGEST_REASON, NEXT, Verb, decide
from mkbroute.core.models import AuditEntry, Decision, Mail
from network.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(monkeypatch):
    """Something a partner sent in; any model with a ``portal_url`` will do."""
    monkeypatch.setattr(Organisation, "portal_url", "/partner/pilots/bouwkunde/berichten/7/", raising=False)
    return factories.OrganisationFactory(title="Een dag op de werkplek")


@pytest.fixture
def author():
    return factories.UserFactory(email="sam@voorbeeld.nl", first_name="Sam")


def kept() -> tuple[int, int, int]:
    return Decision.objects.count(), AuditEntry.objects.count(), Mail.objects.count()


def test_a_decision_is_kept_noted_and_mailed(item, author, moderator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        decision = decide(
            Verb.RETURNED, item, by=moderator, author=author, reason="  Wie is dit?\nEn hoe vaak? ", version=3
        )
    assert (decision.target, decision.by, decision.verb) == (item, moderator, "teruggestuurd")
    assert (decision.reason, decision.version) == ("Wie is dit?\nEn hoe vaak?", "3")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.summary, entry.by, entry.subject) == (
        "besluit",
        "organisatie teruggestuurd",
        moderator,
        item,
    )
    assert entry.details == {"version": "3"}
    assert len(mail.outbox) == 1


def test_the_mail_says_what_was_decided_why_where_and_how_to_go_on(
    item, author, moderator, settings, django_capture_on_commit_callbacks
):
    settings.SITE_URL, settings.CONTACT_EMAIL = "https://mkbroute.example", "team@mkbroute.example"
    with django_capture_on_commit_callbacks(execute=True):
        decide(Verb.RETURNED, item, by=moderator, author=author, reason="Wie is dit?\n\nEn <hoe> vaak?")
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["sam@voorbeeld.nl"], "Uw organisatie is teruggestuurd: Een dag op de werkplek")
    assert sent.message()["Reply-To"] == "team@mkbroute.example"
    assert sent.body == (
        "Beste Sam,\n\n"
        "Uw organisatie ‘Een dag op de werkplek’ is teruggestuurd.\n\n"
        "Het programmateam schrijft erbij:\n\n"
        "> Wie is dit?\n>\n> En <hoe> vaak?\n\n"
        "Wat u schreef, staat er nog. Pas het aan en stuur het opnieuw in.\n\n"
        "Bekijk het hier: https://mkbroute.example/partner/pilots/bouwkunde/berichten/7/\n\n"
        "Met vriendelijke groet,\nhet programmateam van de Mkb-route in het hbo\n"
    )
    assert moderator.email not in sent.body


@pytest.mark.parametrize("verb", Verb)
def test_every_decision_tells_how_to_go_on(verb, item, author, moderator):
    decide(verb, item, by=moderator, author=author, reason="Daarom.")
    assert NEXT[verb] in Mail.objects.get().text
    assert "\n\n\n" not in Mail.objects.get().text


def test_without_a_reason_the_mail_quotes_nothing(item, author, moderator):
    decide(Verb.APPROVED, item, by=moderator, author=author)
    text = Mail.objects.get().text
    assert ["schrijft erbij" in text, ">" in text, "\n\n\n" in text] == [False, False, False]


@pytest.mark.parametrize("verb", [Verb.RETURNED, Verb.HIDDEN])
@pytest.mark.parametrize("reason", ["", " \n "])
def test_a_refusal_needs_a_reason(verb, reason, item, author, moderator):
    with pytest.raises(ValidationError, match="Schrijf erbij waarom"):
        decide(verb, item, by=moderator, author=author, reason=reason)
    assert kept() == (0, 0, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.DecisionFactory(verb=verb, reason="")


def test_a_reason_has_a_longest_length(item, author, moderator):
    decide(Verb.RETURNED, item, by=moderator, author=author, reason="é" * LONGEST_REASON)
    with pytest.raises(ValidationError, match="2001 tekens"):
        decide(Verb.RETURNED, item, by=moderator, author=author, reason="é" * (LONGEST_REASON + 1))
    assert kept() == (1, 1, 1)


@pytest.mark.parametrize("broken", ["mkbroute.core.decisions.mail.post", "mkbroute.core.decisions.audit.record"])
def test_decision_trail_and_mail_fall_together(broken, item, author, moderator):
    with mock.patch(broken, side_effect=RuntimeError), pytest.raises(RuntimeError):
        decide(Verb.APPROVED, item, by=moderator, author=author)
    assert kept() == (0, 0, 0)


def test_what_is_decided_in_an_action_that_fails_was_never_decided(
    item, author, moderator, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError), transaction.atomic():
        decide(Verb.APPROVED, item, by=moderator, author=author)
        raise RuntimeError
    assert (kept(), mail.outbox) == ((0, 0, 0), [])


@pytest.mark.parametrize("leave", ["gone", "switched off"])
def test_who_left_is_not_mailed_but_the_decision_stays(leave, item, author, moderator):
    author.is_active = False
    decide(Verb.APPROVED, item, by=moderator, author=None if leave == "gone" else author)
    assert kept() == (1, 1, 0)


def test_an_author_sees_the_decisions_and_remarks_newest_first_without_the_name_of_who_decided(item, moderator):
    other = factories.OrganisationFactory()
    factories.DecisionFactory(target=other, verb=Verb.HIDDEN, reason="Van iets anders.")
    factories.DecisionFactory(target=item, by=moderator, verb=Verb.RETURNED, reason="Wie is <dit>?")
    factories.DecisionFactory(target=item, by=moderator, verb=Verb.APPROVED)
    html = Template("{% decisions_on item %}").render(Context({"item": item}))
    assert html.index("Goedgekeurd") < html.index("Teruggestuurd")
    assert "Wie is &lt;dit&gt;?" in html
    assert [words in html for words in ("Van iets anders", moderator.email, "Petra")] == [False, False, False]


def test_without_decisions_nothing_is_shown(item):
    assert Template("{% decisions_on item %}").render(Context({"item": item})).strip() == ""
