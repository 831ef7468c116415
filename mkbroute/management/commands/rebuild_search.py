from django.core.management.base import BaseCommand

from mkbroute.search import rebuild_search


class Command(BaseCommand):
    help = "Bouwt opnieuw op waar de zoekfunctie in zoekt. Bezoekers merken er niets van."

    def handle(self, **options):
        self.stdout.write(f"Zoeken: {rebuild_search()} onderdelen.")
