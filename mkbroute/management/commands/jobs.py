"""``manage.py jobs``: what happens on a clock. Run it every minute, or keep it going with ``--every 60``."""

import logging
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import Error, connection, transaction
from django.utils import timezone
from wagtail.models import Revision

from mkbroute.actions import forget_contact_messages, mail_contact_messages
from mkbroute.core.models import PreviewLink

logger = logging.getLogger(__name__)

LOCK = 720
"""The number by which PostgreSQL knows the lock of the scheduler at work."""
NAP = 0.5
"""A signal does not end a sleep, so while waiting we look this often, in seconds, whether one came."""


def publish_scheduled() -> None:
    """Publish what was planned for now, and take off the site what ends now.

    Wagtail's command stops at a version that cannot be published; here the others are published before it gets there.
    """
    for revision in Revision.objects.filter(approved_go_live_at__lte=timezone.now()).order_by("approved_go_live_at"):
        try:
            with transaction.atomic():
                revision.publish(log_action="wagtail.publish.scheduled")
        except Exception:
            logger.exception("What was planned could not be published: %s", revision.object_str)
    call_command("publish_scheduled")


def empty_the_cache_of_what_is_over() -> None:
    """Delete counters whose time is over; those of sign-in attempts name an internet address."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cache WHERE expires < now()")


def delete_expired_preview_links() -> None:
    """Delete the preview links that no longer open because their time is over."""
    PreviewLink.objects.filter(expires_at__lt=timezone.now()).delete()


def forget_ended_sessions() -> None:
    """Delete sessions that are over, and with them from which address and browser somebody was signed in."""
    call_command("clearsessions")
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


JOBS = [
    publish_scheduled,
    mail_contact_messages,
    forget_contact_messages,
    delete_expired_preview_links,
    forget_ended_sessions,
    empty_the_cache_of_what_is_over,
]


class Command(BaseCommand):
    help = "Do what has to happen on a clock: publish what is planned, mail what waits, delete what is over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="Keep running, with this pause, until told to stop."
        )

    def handle(self, *args: Any, every: int | None, **options: Any) -> None:
        if every is None:
            if failed := run_jobs():
                raise CommandError(f"Failed: {', '.join(failed)}. The log says why.")
        elif every < 1:
            raise CommandError("--every needs a number of seconds, at least 1.")
        else:
            self._keep_running(every)

    def _keep_running(self, every: int) -> None:
        """Do the jobs with a pause in between. On SIGTERM or SIGINT the jobs at hand are finished first."""
        self.stopping = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopping:
            try:
                run_jobs()
            except Error:
                logger.exception("No database: trying again in %s seconds", every)
            finally:
                connection.close()  # none is held while waiting, so the database may restart meanwhile
            until = time.monotonic() + every
            while not self.stopping and time.monotonic() < until:
                time.sleep(NAP)

    def _stop(self, number: int, frame: Any) -> None:
        self.stopping = True


def run_jobs() -> list[str]:
    """Do every job once, unless another process is doing them; one that fails does not stop the next.

    Returns the names of the jobs that failed. Raises a database error when there is no database at all.
    """
    failed = []
    with _lock() as ours:
        for job in JOBS if ours else []:
            try:
                job()
            except Exception:
                logger.exception("Job %s failed", job.__name__)
                failed.append(job.__name__)
    return failed


@contextmanager
def _lock() -> Iterator[bool]:
    """Hold the scheduler's lock inside the block; yields whether we got it. It goes with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (ours,) = cursor.fetchone()
    if not ours:
        logger.info("Another process is doing the jobs")
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
