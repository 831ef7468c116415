"""What happens on a clock: the jobs, when each is due, and how its last run went."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from zlib import crc32

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import Revision

from mkbroute.accounts.notify import send_daily_digests, send_weekly_digests
from mkbroute.core.mail import send_waiting
from mkbroute.links import check_links
from mkbroute.models import JobRun
from mkbroute.retention import apply_retention
from mkbroute.reviews import remind_reviewers
from mkbroute.search import rebuild_search

logger = logging.getLogger(__name__)

LOCK = 720
"""The first of the two numbers by which PostgreSQL knows the lock of a job; the second follows from its name."""
RETRY = timedelta(hours=1)
"""How long we wait before a daily or weekly job that failed, or was cut off, is tried again."""

SEE_LOG = "Zie het logboek van de server."
"""What the team reads of a job that failed. Only the log has the error itself, which is in English."""


class Rhythm(Enum):
    """How often a job runs: its words, and how long after its last start it counts as late."""

    MINUTE = "elke minuut", timedelta(minutes=15)
    DAY = "elke dag", timedelta(hours=26)
    WEEK = "elke week", timedelta(days=8)

    def __init__(self, label: str, patience: timedelta):
        self.label, self.patience = label, patience

    def period(self, moment: datetime) -> tuple:
        """The day or the week of a moment: a job runs once in each."""
        local = timezone.localtime(moment)
        return (local.date(),) if self is Rhythm.DAY else tuple(local.isocalendar())[:2]


@dataclass(frozen=True)
class Job:
    """Work with a rhythm. ``work`` may return a sentence about what it did; when it fails, it raises.

    The team reads the message of an ExceptionGroup, so that is a Dutch sentence; of other errors it reads nothing.
    """

    work: Callable[[], str | None]
    rhythm: Rhythm
    title: str
    hour: int = 0
    """Not before this hour of the day: a mail in the morning is read, one of midnight wakes somebody."""

    @property
    def name(self) -> str:
        return self.work.__name__

    def is_due(self, run: JobRun | None, now: datetime) -> bool:
        """Whether it is time again, after this last run."""
        if timezone.localtime(now).hour < self.hour:
            return False
        if run is None or self.rhythm is Rhythm.MINUTE:
            return True
        if run.outcome != JobRun.Outcome.DONE:
            return run.started_at < now - RETRY
        return self.rhythm.period(run.started_at) != self.rhythm.period(now)


def publish_scheduled() -> None:
    """Publish what was planned for now, and take off the site what ends now.

    Wagtail's command stops at a version that cannot be published; here the others are published before it gets there.
    Raises ExceptionGroup with why the others could not be published, and their names.
    """
    stuck = {}
    for revision in Revision.objects.filter(approved_go_live_at__lte=timezone.now()).order_by("approved_go_live_at"):
        try:
            with transaction.atomic():
                revision.publish(log_action="wagtail.publish.scheduled")
        except Exception as error:
            logger.exception("What was planned could not be published: %s", revision.object_str)
            stuck[revision.object_str] = error
    try:
        call_command("publish_scheduled")
    except Exception as error:
        if not stuck:
            raise
        names = ", ".join(f"‘{name}’" for name in stuck)
        raise ExceptionGroup(f"Niet gepubliceerd: {names}.", [*stuck.values()]) from error


def empty_the_cache_of_what_is_over() -> None:
    """Delete counters whose time is over; those of sign-in attempts name an internet address."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cache WHERE expires < now()")


def refresh_search() -> str:
    """Write the entries of the search anew, for what changed without being published: themes, the manual, old words."""
    return f"{rebuild_search()} onderdelen zijn te vinden."


JOBS = [
    Job(publish_scheduled, Rhythm.MINUTE, "Publiceren wat gepland is"),
    Job(send_waiting, Rhythm.MINUTE, "Mails versturen die wachten"),
    Job(apply_retention, Rhythm.DAY, "Verwijderen wat lang genoeg bewaard is"),
    Job(empty_the_cache_of_what_is_over, Rhythm.DAY, "Verlopen tellers verwijderen"),
    Job(remind_reviewers, Rhythm.DAY, "Eigenaren vragen om na te kijken"),
    Job(refresh_search, Rhythm.DAY, "Zoeken bijwerken"),
    Job(send_daily_digests, Rhythm.DAY, "Meldingen van de dag mailen", hour=7),
    Job(send_weekly_digests, Rhythm.WEEK, "Meldingen van de week mailen", hour=7),
    Job(check_links, Rhythm.WEEK, "Kapotte links zoeken"),
]


# --- Running ------------------------------------------------------------------------------------------------


def run_due() -> list[str]:
    """Run every job that is due; one that fails does not stop the next.

    Returns the names of the jobs that failed. Raises a database error when there is no database at all.
    """
    return [job.name for job in JOBS if not run(job)]


def run(job: Job, *, now: bool = False) -> bool:
    """Run one job if it is due, or ``now`` in any case, unless another process is at it. Returns whether it went well."""
    with _lock(job) as ours:
        last = JobRun.objects.filter(name=job.name).first()
        if not ours or not (now or job.is_due(last, timezone.now())):
            return True
        started = {"started_at": timezone.now(), "finished_at": None, "outcome": "", "message": ""}
        current, _ = JobRun.objects.update_or_create(name=job.name, defaults=started)
        try:
            current.message = job.work() or ""
            current.outcome = JobRun.Outcome.DONE
        except Exception as error:
            logger.exception("Job %s failed", job.name)
            current.message = (
                f"{error.message} {SEE_LOG}" if isinstance(error, ExceptionGroup) else f"Mislukt. {SEE_LOG}"
            )
            current.outcome = JobRun.Outcome.FAILED
        current.finished_at = timezone.now()
        current.save()
    return current.outcome == JobRun.Outcome.DONE


@contextmanager
def _lock(job: Job) -> Iterator[bool]:
    """Hold the lock of a job inside the block; yields whether we got it. It goes with the connection."""
    key = [LOCK, lock_number(job)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        (ours,) = cursor.fetchone()
    if not ours:
        logger.info("Another process is doing %s", job.name)
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def lock_number(job: Job) -> int:
    """The second number of the lock, of 31 bits, as PostgreSQL wants it."""
    return crc32(job.name.encode()) & 0x7FFFFFFF


# --- Watching -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """A job with its last run, and in words what is the matter; ``trouble`` is empty when all is well."""

    job: Job
    run: JobRun | None
    trouble: str


def standings() -> list[Standing]:
    """How every job stands, in one query."""
    runs = {run.name: run for run in JobRun.objects.all()}
    now = timezone.now()
    return [Standing(job, runs.get(job.name), _trouble(job, runs.get(job.name), now)) for job in JOBS]


def _trouble(job: Job, run: JobRun | None, now: datetime) -> str:
    if run is None:
        return "heeft nog nooit gedraaid"
    started = date_format(timezone.localtime(run.started_at), "j F Y, H:i")
    if run.outcome == JobRun.Outcome.FAILED:
        return f"mislukt op {started}"
    return f"te laat, voor het laatst begonnen op {started}" if run.started_at < now - job.rhythm.patience else ""
