import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from unittest import mock
from urllib.parse import quote, urlencode

import psycopg2
import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from mkbroute import jobs
from mkbroute.accounts.models import User
from mkbroute.core.models import PreviewLink
from mkbroute.jobs import Job, Rhythm
from mkbroute.models import ContactMessage, JobRun
from tests import factories
from tests.factories import ContactMessageFactory, JobRunFactory, MailFactory, PilotFactory

MINUTE, YEAR = timedelta(minutes=1), timedelta(days=365)


@pytest.fixture
def elsewhere(db):
    """A second connection to the database of the tests, as another process has."""
    settings = connection.get_connection_params()
    for name in ("cursor_factory", "context"):
        settings.pop(name, None)
    other = psycopg2.connect(**settings)
    yield other
    other.close()


def planned(pilot, at):
    """Plan a new title for a pilot."""
    pilot.title, pilot.go_live_at = "Nieuwe titel", at
    revision = pilot.save_revision()
    revision.approved_go_live_at = at
    revision.save()


def test_what_is_planned_is_published_when_its_time_has_come(db):
    due, early = PilotFactory(title="Oud"), PilotFactory(title="Oud")
    planned(due, timezone.now() - MINUTE)
    planned(early, timezone.now() + MINUTE)
    call_command("run_jobs")
    due.refresh_from_db()
    early.refresh_from_db()
    assert (due.title, early.title) == ("Nieuwe titel", "Oud")


def test_what_is_stuck_is_named_in_dutch(db, monkeypatch):
    planned(PilotFactory(), timezone.now() - MINUTE)

    def fail(*args, **options):
        raise ValueError("no such thing")

    monkeypatch.setattr("wagtail.models.Revision.publish", fail)
    with pytest.raises(CommandError):
        call_command("run_jobs", "publish_scheduled")
    assert JobRun.objects.get().message == "Niet gepubliceerd: ‘Nieuwe titel’. Zie het logboek van de server."


def test_what_ends_now_leaves_the_site(db):
    pilot = PilotFactory(expire_at=timezone.now() - MINUTE)
    call_command("run_jobs")
    pilot.refresh_from_db()
    assert pilot.live is False


def test_a_mail_that_waits_is_sent_once(db):
    MailFactory(subject="Wacht nog")
    MailFactory(subject="Ging al", state="verzonden", sent_at=timezone.now())
    call_command("run_jobs")
    call_command("run_jobs")
    assert [letter.subject for letter in mail.outbox] == ["Wacht nog"]


def test_messages_are_forgotten_a_year_after_they_came_when_dealt_with(db):
    new, done = ContactMessage.State.NEW, ContactMessage.State.DONE
    for subject, state, age in [
        ("oud en afgehandeld", done, YEAR + MINUTE),
        ("net geen jaar oud", done, YEAR - MINUTE),
        ("oud en nog open", new, 2 * YEAR),
    ]:
        message = ContactMessageFactory(subject=subject, state=state)
        ContactMessage.objects.filter(pk=message.pk).update(received_at=timezone.now() - age)
    call_command("run_jobs")
    assert {message.subject for message in ContactMessage.objects.all()} == {
        "net geen jaar oud",
        "oud en nog open",
    }


def test_expired_preview_links_are_deleted(db):
    pilot = PilotFactory()
    kept = PreviewLink.objects.create(target=pilot)
    PreviewLink.objects.create(target=pilot, expires_at=timezone.now() - MINUTE)
    call_command("run_jobs")
    assert list(PreviewLink.objects.all()) == [kept]


def test_ended_sessions_are_forgotten_with_where_they_were_from(db):
    user = User.objects.create_user("noor@voorbeeld.nl")
    for age in (-MINUTE, MINUTE):
        session = SessionStore()
        session.create()
        Session.objects.filter(pk=session.session_key).update(expire_date=timezone.now() + age)
        UserSession.objects.create(user=user, ip="192.0.2.7", user_agent="x", session_key=session.session_key)
    call_command("run_jobs")
    assert Session.objects.count() == 1
    assert [entry.session_key for entry in UserSession.objects.all()] == [Session.objects.get().pk]


# --- When a job runs, and how it went ---------------------------------------------------------------------


@pytest.fixture
def work() -> mock.Mock:
    """What a job does, if it is done at all."""
    return mock.Mock(__name__="work", return_value="Gedaan.")


def only(monkeypatch, work, rhythm=Rhythm.MINUTE) -> Job:
    """Let this be the one job there is."""
    job = Job(work, rhythm, "Een taak")
    monkeypatch.setattr(jobs, "JOBS", [job])
    return job


def test_a_job_that_fails_is_named_and_does_not_stop_the_others(db, monkeypatch, caplog, work):
    def broken():
        raise ValueError("broken on purpose")

    monkeypatch.setattr(jobs, "JOBS", [Job(function, Rhythm.MINUTE, "x") for function in (broken, work)])
    with pytest.raises(CommandError, match=r"^Failed: broken\."):
        call_command("run_jobs")
    assert work.call_count == 1
    assert "broken on purpose" in caplog.text
    assert list(JobRun.objects.values_list("name", "outcome", "message")) == [
        ("broken", "mislukt", "Mislukt. Zie het logboek van de server."),
        ("work", "gelukt", "Gedaan."),
    ]


@pytest.mark.parametrize(
    ("rhythm", "pause", "times"),
    [
        (Rhythm.MINUTE, timedelta(seconds=1), 2),
        (Rhythm.DAY, timedelta(hours=3), 1),
        (Rhythm.DAY, timedelta(hours=13), 2),
        (Rhythm.WEEK, timedelta(days=3), 1),
        (Rhythm.WEEK, timedelta(days=7), 2),
    ],
)
def test_a_job_runs_once_in_its_day_or_week(rhythm, pause, times, db, monkeypatch, work):
    only(monkeypatch, work, rhythm)
    monday_noon = datetime(2026, 9, 7, 12, tzinfo=UTC)
    for moment in (monday_noon, monday_noon + pause):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        call_command("run_jobs")
    assert work.call_count == times


def test_a_daily_job_that_failed_is_tried_again_after_an_hour(db, monkeypatch):
    work = mock.Mock(__name__="work", side_effect=OSError("no network"))
    job = only(monkeypatch, work, Rhythm.DAY)
    assert [jobs.run(job), jobs.run(job)] == [False, True]
    JobRun.objects.update(started_at=timezone.now() - timedelta(minutes=61))
    assert jobs.run(job) is False
    assert work.call_count == 2


def test_one_job_can_be_run_by_its_name_and_then_runs_at_once(db, monkeypatch, work):
    other = mock.Mock(__name__="other", return_value=None)
    monkeypatch.setattr(jobs, "JOBS", [Job(work, Rhythm.WEEK, "x"), Job(other, Rhythm.MINUTE, "x")])
    call_command("run_jobs", "work")
    call_command("run_jobs", "work")
    assert (work.call_count, other.call_count) == (2, 0)


def test_a_job_nobody_knows_is_refused_and_those_there_are_are_named(db):
    with pytest.raises(CommandError, match=r"^No job is called koffie\. Known are: publish_scheduled, "):
        call_command("run_jobs", "koffie")


def test_two_schedulers_do_not_do_the_same_job_at_the_same_time(elsewhere, monkeypatch, work):
    job = only(monkeypatch, work)
    key = [jobs.LOCK, jobs.lock_number(job)]
    with elsewhere.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", key)
        call_command("run_jobs")
        assert work.call_count == 0
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)
    call_command("run_jobs")
    assert work.call_count == 1


def test_the_locks_are_given_back(elsewhere):
    call_command("run_jobs")
    with elsewhere.cursor() as cursor:
        for job in jobs.JOBS:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [jobs.LOCK, jobs.lock_number(job)])
            assert cursor.fetchone() == (True,)


def test_every_job_has_a_lock_of_its_own():
    assert len({jobs.lock_number(job) for job in jobs.JOBS}) == len(jobs.JOBS)


@pytest.mark.parametrize(
    ("run", "trouble"),
    [
        (None, "heeft nog nooit gedraaid"),
        ({"outcome": "gelukt"}, ""),
        ({"outcome": "mislukt"}, "mislukt op 7 september 2026, 14:00"),
        ({"outcome": "gelukt", "hours": 27}, "te laat, voor het laatst begonnen op 6 september 2026, 11:00"),
    ],
)
def test_what_is_late_or_failed_is_said_in_words(run, trouble, db, monkeypatch, work):
    now = datetime(2026, 9, 7, 12, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    only(monkeypatch, work, Rhythm.DAY)
    if run:
        JobRunFactory(name="work", outcome=run["outcome"], started_at=now - timedelta(hours=run.get("hours", 0)))
    [standing] = jobs.standings()
    assert standing.trouble == trouble


def test_a_pause_of_nothing_is_refused():
    with pytest.raises(CommandError, match="at least 1"):
        call_command("run_jobs", every=0)


def keep_running(**environment) -> subprocess.Popen:
    command = [sys.executable, "-m", "django", "run_jobs", "--every", "1"]
    return subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def url_of_the_test_database() -> str:
    settings = connection.settings_dict
    user, password, name = (quote(settings[key]) for key in ("USER", "PASSWORD", "NAME"))
    options = {"host": settings["HOST"], "port": settings["PORT"], **settings["OPTIONS"]}
    return f"postgresql://{user}:{password}@/{name}?{urlencode({k: v for k, v in options.items() if v})}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_keeps_working_until_it_is_told_to_stop(number):
    process = keep_running(DATABASE_URL=url_of_the_test_database())
    try:
        for _ in range(2):  # two rounds: what comes in later is mailed too
            letter = MailFactory()
            deadline = time.monotonic() + 30
            while letter.sent_at is None and time.monotonic() < deadline:
                time.sleep(0.1)
                letter.refresh_from_db()
            assert letter.sent_at is not None
        process.send_signal(number)
        assert process.wait(10) == 0
    finally:
        process.kill()


def test_without_a_database_it_says_so_and_tries_again():
    process = keep_running(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    try:
        tries = (line for line in process.stdout if "No database: trying again in 1 seconds" in line)
        assert next(tries) and next(tries)
        process.terminate()
        assert process.wait(10) == 0
    finally:
        process.kill()


@pytest.mark.django_db(transaction=True)
def test_a_version_that_cannot_be_published_does_not_hold_up_the_others():
    taken = factories.PilotFactory(slug="bezet")
    stuck, fine = factories.PilotFactory(), factories.OrganisationFactory(title="Oud")
    stuck.slug, fine.title = taken.slug, "Nieuw"
    past = timezone.now() - timedelta(minutes=1)
    for thing in (stuck, fine):
        revision = thing.save_revision(clean=False)
        revision.approved_go_live_at = past
        revision.save()
    with pytest.raises(CommandError):
        call_command("run_jobs")
    fine.refresh_from_db()
    assert fine.title == "Nieuw"
