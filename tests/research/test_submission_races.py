"""Two people at the same moment, with real transactions: nobody's words are lost and nothing slips through."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from mkbroute.core.proofreading import NotReady
from research import actions
from research.guide import BY_NAME, fingerprint
from research.models import PracticeSubmission, SubmissionState
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds) -> list:
    """Do all of these at the same moment, each in a transaction of its own; what each gave, or the error it raised."""
    start = threading.Barrier(len(deeds))
    results = [None] * len(deeds)

    def run(number, deed):
        start.wait()
        try:
            results[number] = deed()
        except ValidationError as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def errors(results) -> list[str]:
    return [result.messages[0] for result in results if isinstance(result, ValidationError)]


@pytest.fixture
def moderator(db):
    """Somebody who may publish; the groups are not there, for every table was emptied."""
    return factories.UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def submission(pilot, writer):
    submission = factories.PracticeSubmissionFactory(pilot=pilot, author=writer)
    submission.themes.add(factories.ThemeFactory())
    return submission


@pytest.fixture
def judged(submission, writer, moderator):
    actions.send_in(submission=submission, by=writer, version=1)
    actions.pass_completeness(submission=submission, by=moderator, version=1)
    return fresh(submission)


def fresh(submission) -> PracticeSubmission:
    return PracticeSubmission.objects.get(pk=submission.pk)


def edit(submission, by, **fields) -> None:
    draft = fresh(submission).draft
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision(user=by)


def test_of_two_colleagues_who_save_one_step_the_second_is_told(submission, lead, writer):
    step = BY_NAME["lastig"]
    opened_as = fingerprint(step.values(submission))

    def save(user, lesson):
        answers = {"difficulties": "", "lesson": lesson}
        return lambda: actions.save_step(
            submission=submission, by=user, step=step, answers=answers, opened_as=opened_as
        )

    results = at_once(save(lead, "Van Petra"), save(writer, "Van Sam"))
    (stale,) = [result for result in results if result is not None]
    assert isinstance(stale, actions.Stale)
    assert stale.submission.lesson == fresh(submission).lesson
    assert fresh(submission).version == 2


def test_two_clicks_start_one_submission(pilot, writer, submission):
    again = [lambda: actions.start_submission(pilot=pilot, by=writer, submission=submission.submission)] * 3
    assert at_once(*again) == [submission] * 3
    assert fresh(submission).events.count() == 1


def test_what_is_changed_while_it_is_sent_in_is_either_in_it_or_refused(submission, lead, writer):
    step = BY_NAME["lastig"]
    answers = {"difficulties": "Veel", "lesson": "Van Petra"}
    results = at_once(
        lambda: actions.save_step(
            submission=submission,
            by=lead,
            step=step,
            answers=answers,
            opened_as=fingerprint(step.values(submission)),
        ),
        lambda: actions.send_in(submission=submission, by=writer, version=1),
    )
    now = fresh(submission)
    outcome = (now.state, now.lesson, len(errors(results)))
    assert outcome in [
        (SubmissionState.CONCEPT, "Van Petra", 1),
        (SubmissionState.SENT, "Begin dicht bij huis.", 1),
    ]


def test_one_stage_is_passed_once(submission, writer, moderator):
    actions.send_in(submission=submission, by=writer, version=1)
    deeds = [lambda: actions.pass_completeness(submission=submission, by=moderator, version=1)] * 2
    assert errors(at_once(*deeds)) == ["Dat kan niet meer: dit voorbeeld is bij een expert."]
    assert fresh(submission).practice.revisions.count() == 1


def test_an_edit_during_consent_never_appears_unread(judged, writer, moderator):
    edit(judged, moderator, lesson="Gevraagd.")
    actions.ask_consent(submission=judged, by=moderator)
    version = fresh(judged).asked_seal
    at_once(
        lambda: actions.consent(submission=judged, by=writer, version=version),
        lambda: edit(judged, moderator, lesson="Ongezien."),
    )
    with pytest.raises(ValidationError):
        actions.publish_submission(submission=judged, by=moderator)
    assert fresh(judged).practice.live is False


def test_a_publication_during_an_edit_is_of_the_version_agreed_to(judged, writer, moderator):
    edit(judged, moderator, lesson="Gevraagd.")
    actions.ask_consent(submission=judged, by=moderator)
    actions.consent(submission=judged, by=writer, version=fresh(judged).asked_seal)
    results = at_once(
        lambda: actions.publish_submission(submission=judged, by=moderator),
        lambda: edit(judged, moderator, lesson="Ongezien."),
    )
    practice = fresh(judged).practice
    assert (practice.live, practice.lesson) in [(True, "Gevraagd."), (False, "Begin dicht bij huis.")]
    assert len(errors(results)) == (0 if practice.live else 1)


def test_a_practice_is_placed_once(judged, moderator):
    deeds = [lambda: actions.publish_submission(submission=judged, by=moderator)] * 3
    assert errors(at_once(*deeds)) == ["Dat kan nu niet: dit voorbeeld is geplaatst."] * 2
    assert fresh(judged).events.filter(state=SubmissionState.PLACED).count() == 1


def test_a_publication_in_the_admin_and_a_withdrawal_do_not_both_happen(judged, writer, moderator):
    def publish():
        try:
            fresh(judged).practice.latest_revision.publish(user=moderator)
        except NotReady as error:
            raise ValidationError(str(error)) from error

    results = at_once(publish, lambda: actions.withdraw_submission(submission=judged, by=writer))
    now = fresh(judged)
    assert len(errors(results)) == 1
    assert (now.state, now.practice.live) in [(SubmissionState.PLACED, True), (SubmissionState.WITHDRAWN, False)]
    assert now.moved_at <= timezone.now()
