#!/usr/bin/env python
"""Django's command line. Without DATABASE_URL a PostgreSQL of our own is up while the command runs."""

import os
import signal
import sys
from contextlib import nullcontext


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mkbroute.settings")
    from django.core.management import execute_from_command_line

    from mkbroute import postgres

    # Ctrl-C unwinds a command, and so stops what it started. Make a polite kill and a closed terminal do the
    # same, unless the signal is ignored on purpose, as nohup does.
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda number, frame: sys.exit(128 + number))
    try:
        with nullcontext() if os.environ.get("DATABASE_URL") else postgres.running():
            execute_from_command_line(sys.argv)
    except postgres.PostgresError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
