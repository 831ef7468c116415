"""``manage.py retention``: remove what we have kept long enough, or with ``--dry-run`` only count it."""

from typing import Any

from django.core.management import BaseCommand, CommandParser

from mkbroute.retention import RULES


class Command(BaseCommand):
    help = "Remove or wipe what was kept long enough, rule by rule. The clock does so every day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say how many rows each rule would take.")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        for rule in RULES:
            count = rule.rows().count() if dry_run else rule.apply()
            self.stdout.write(f"{count:>6}  {rule.name}: {rule.model}, {rule.keep.days} days after {rule.since}")
        if dry_run:
            self.stdout.write("Nothing was changed.")
