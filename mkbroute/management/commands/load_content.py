from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from mkbroute.content_files import ContentError
from mkbroute.loading import CONTENT, load_content


class Command(BaseCommand):
    help = "Laadt de inhoud van de site uit de bestanden. Wat een redacteur wijzigde, blijft zoals het is."

    def add_arguments(self, parser):
        parser.add_argument(
            "directory",
            nargs="?",
            type=Path,
            default=CONTENT,
            help="De map met inhoud, standaard: %(default)s.",
        )

    def handle(self, *, directory, **options):
        try:
            report = load_content(directory)
        except ContentError as error:
            raise CommandError(f"Er is niets geladen. {error}") from error
        self.stdout.write(
            f"Inhoud: {report.created} nieuw, {report.updated} bijgewerkt, {report.unchanged} ongewijzigd, "
            f"{len(report.left_alone)} met rust gelaten."
        )
        for line in report.left_alone:
            self.stdout.write(f"  {line}")
