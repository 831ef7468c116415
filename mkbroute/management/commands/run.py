"""``make run``: bring a checkout up to date and serve it, in one process because that is quick."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV

ADDRESS = "127.0.0.1"


class Command(BaseCommand):
    help = "Prepare the database, the content and the static files, and serve the portal on this machine."
    requires_system_checks = ()  # runserver does them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("port", nargs="?", type=int, default=8000)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        # At every change of the code the reloader starts this command again, as a child that only serves.
        if os.environ.get(DJANGO_AUTORELOAD_ENV) != "true":
            _check_port(port)
            self._prepare()
            if settings.DEBUG:
                self.stdout.write(f"Mail, such as a code to sign in with, is written to {settings.EMAIL_FILE_PATH}.")
            self.stdout.write(f"The portal is at http://{ADDRESS}:{port}/ and its admin at /admin/.")
            with _clock():
                call_command("runserver", f"{ADDRESS}:{port}")
        else:
            call_command("runserver", f"{ADDRESS}:{port}")

    def _prepare(self) -> None:
        """Do all that is needed before serving; what is already there is left as it is."""
        self.stdout.write("Preparing the database, the content and the static files ...")
        call_command("migrate", verbosity=0)
        call_command("load_content")
        call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEBUG:
            call_command("demo_accounts")


@contextmanager
def _clock() -> Iterator[None]:
    """Keep ``manage.py run_jobs`` going meanwhile, so that what is planned is published here too."""
    jobs = subprocess.Popen([sys.executable, sys.argv[0], "run_jobs", "--every", "60"])
    try:
        yield
    finally:
        jobs.terminate()
        jobs.wait()


def _check_port(port: int) -> None:
    """Raise CommandError when we cannot listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as runserver will
        try:
            probe.bind((ADDRESS, port))
        except (OSError, OverflowError) as error:
            raise CommandError(f"Port {port} cannot be used ({error}); choose another with PORT=.") from error
