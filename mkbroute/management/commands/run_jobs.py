"""``manage.py run_jobs``: what happens on a clock. Run it every minute, or keep it going with ``--every 60``."""

import logging
import signal
import time
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import Error, connection

from mkbroute import jobs

logger = logging.getLogger(__name__)

NAP = 0.5
"""A signal does not end a sleep, so while waiting we look this often, in seconds, whether one came."""


class Command(BaseCommand):
    help = (
        "Do what has to happen on a clock: publish what is planned, mail what waits, check links, delete what is over."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", help="Only this job, now, also when it is not due.")
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="Keep running, with this pause, until told to stop."
        )

    def handle(self, *args: Any, name: str | None, every: int | None, **options: Any) -> None:
        if every is not None and (name or every < 1):
            raise CommandError("--every needs a number of seconds, at least 1, and no name of a job.")
        if every is not None:
            self._keep_running(every)
        elif failed := _run_one(name) if name else jobs.run_due():
            raise CommandError(f"Failed: {', '.join(failed)}. The log says why.")

    def _keep_running(self, every: int) -> None:
        """Do the jobs with a pause in between. On SIGTERM or SIGINT the jobs at hand are finished first."""
        self.stopping = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopping:
            try:
                jobs.run_due()
            except Error:
                logger.exception("No database: trying again in %s seconds", every)
            finally:
                connection.close()  # none is held while waiting, so the database may restart meanwhile
            until = time.monotonic() + every
            while not self.stopping and time.monotonic() < until:
                time.sleep(NAP)

    def _stop(self, number: int, frame: Any) -> None:
        self.stopping = True


def _run_one(name: str) -> list[str]:
    job = next((job for job in jobs.JOBS if job.name == name), None)
    if job is None:
        raise CommandError(f"No job is called {name}. Known are: {', '.join(job.name for job in jobs.JOBS)}.")
    return [] if jobs.run(job, now=True) else [name]
